#!/usr/bin/env python3
"""Writes an assembler file that includes a folder's files byte for byte, and a table that finds them by path."""
import argparse
import fnmatch
import pathlib

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--name", required=True)
parser.add_argument("--folder", required=True, type=pathlib.Path)
parser.add_argument("--glob", default="*")
parser.add_argument("--out", required=True, type=pathlib.Path)
args = parser.parse_args()

files = []
if args.folder.is_dir():
    files = sorted(p for p in args.folder.rglob("*") if p.is_file() and fnmatch.fnmatch(p.name, args.glob))

(args.out / "embedded").mkdir(parents=True, exist_ok=True)
name = args.name
(args.out / "embedded" / f"{name}.hpp").write_text(
    f"""#pragma once
#include <span>
#include "base/embedded_file.hpp"
namespace tw::embedded {{
std::span<const EmbeddedFile> {name}();
}}
"""
)

assembly = ['.section .rodata,"a",@progbits']
declarations, rows = [], []
for index, path in enumerate(files):
    symbol = f"tw_embedded_{name}_{index}"
    assembly += [f".balign 16", f".global {symbol}", f"{symbol}:", f'.incbin "{path.resolve()}"', ".byte 0"]
    declarations.append(f"extern const unsigned char {symbol}[];")
    relative = path.relative_to(args.folder).as_posix()
    rows.append(f'    {{"{relative}", {{{symbol}, {path.stat().st_size}}}}},')
assembly.append('.section .note.GNU-stack,"",@progbits')
(args.out / f"embedded_{name}.S").write_text("\n".join(assembly) + "\n")

newline = "\n"
(args.out / f"embedded_{name}.cpp").write_text(
    f"""#include "embedded/{name}.hpp"
#include <array>
extern "C" {{
{newline.join(declarations)}
}}
namespace tw::embedded {{
std::span<const EmbeddedFile> {name}() {{
  static const std::array<EmbeddedFile, {len(files)}> kFiles{{{{
{newline.join(rows)}
  }}}};
  return kFiles;
}}
}}  // namespace tw::embedded
"""
)
