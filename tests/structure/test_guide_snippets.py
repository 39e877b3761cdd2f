"""Every piece of code in the integrator's guide stands, word for word, in a file that a test runs."""

import pathlib
import re
import textwrap

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/guide/integrator.md"
# A comment names the file and the snippet; the block of code follows it.
PIECE = re.compile(r"<!-- (?P<path>[\w./-]+)#(?P<name>[\w-]+) -->\n```\w+\n(?P<code>.*?)```", re.DOTALL)
BLOCK = re.compile(r"^ *```(\w+)", re.MULTILINE)
# Which test runs a file.
RUN_BY = {
    "examples/tutorial/": "tests/functional/test_tutorial.py",
    "examples/bank-demo/bank/": "tests/functional/test_bank_demo.py",
}


def snippet_of(text, name):
    """What stands between `snippet: name` and the next `snippet: end`, without the margin."""
    found = re.search(rf"^[^\n]*snippet: {re.escape(name)}\n(.*?)^[^\n]*snippet: end", text, re.DOTALL | re.MULTILINE)
    return textwrap.dedent(found.group(1)) if found else None


def pieces():
    return [(m["path"], m["name"], m["code"]) for m in PIECE.finditer(GUIDE.read_text(encoding="utf-8"))]


def test_the_check_itself_sees_a_changed_snippet():
    assert snippet_of("  # snippet: a\n  x = 1\n  # snippet: end\n", "a") == "x = 1\n"
    assert snippet_of("# snippet: a\n# snippet: end\n", "b") is None


@pytest.mark.parametrize("path,name,code", pieces(), ids=lambda value: value if len(value) < 60 else "code")
def test_a_snippet_is_what_the_file_says(path, name, code):
    assert snippet_of((ROOT / path).read_text(encoding="utf-8"), name) == code
    (test,) = [test for folder, test in RUN_BY.items() if path.startswith(folder)]
    assert (ROOT / test).is_file()


def test_no_code_stands_in_the_guide_by_itself():
    languages = [language for language in BLOCK.findall(GUIDE.read_text(encoding="utf-8")) if language != "text"]
    assert len(languages) == len(pieces()) >= 8
