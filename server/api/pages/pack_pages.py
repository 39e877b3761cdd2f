#!/usr/bin/env python3
"""Puts the built web applications into one folder, APP/path, with a compressed twin (path.gz) of what compresses."""
import argparse
import gzip
import pathlib
import shutil

COMPRESSED = {".html", ".js", ".css", ".svg", ".json", ".map", ".wasm", ".txt"}
LEAST_BYTES = 1024  # below it the header of the answer outweighs what is saved
LEFT_OUT = {".map"}  # sources are in the repository


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--app", action="append", default=[], help="name=folder")
    args = parser.parse_args()
    shutil.rmtree(args.out, ignore_errors=True)
    args.out.mkdir(parents=True)
    for entry in args.app:
        name, folder = entry.split("=", 1)
        folder = pathlib.Path(folder)
        for file in sorted(p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else []:
            if file.suffix in LEFT_OUT:
                continue
            target = args.out / name / file.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            content = file.read_bytes()
            target.write_bytes(content)
            if file.suffix in COMPRESSED and len(content) >= LEAST_BYTES:
                target.with_name(target.name + ".gz").write_bytes(gzip.compress(content, compresslevel=9, mtime=0))


main()
