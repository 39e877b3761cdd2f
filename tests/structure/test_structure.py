"""Promises about the shape of the source: which room may include which, file lengths, words that do not belong here."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# A room may include rooms of lower tiers and itself.
TIERS = [
    ["base"],
    ["crypto"],
    ["media", "vision", "speech", "place", "domain"],
    ["recording", "store", "evidence"],
    ["processing", "service"],
    ["api"],
    ["app"],
]
TIER_OF = {room: tier for tier, rooms in enumerate(TIERS) for room in rooms}
MOST_LINES = 600
MOST_LINES_OF_A_COMPONENT = 300
CODE = {".hpp", ".cpp", ".ts", ".vue", ".py", ".mjs", ".css", ".sql", ".cmake"}
BEAST_FILES_AT_MOST = 3


def tracked(*patterns):
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def server_sources():
    return [p for p in tracked("server") if p.suffix in {".hpp", ".cpp"}]


def includes_of(path):
    return re.findall(r'^\s*#\s*include\s+"([^"]+)"', path.read_text(encoding="utf-8"), re.MULTILINE)


def arrows_that_run_back(room, includes):
    wrong = []
    for include in includes:
        target = include.split("/")[0]
        if target == "embedded" or target == room:
            continue
        if target not in TIER_OF or TIER_OF[target] >= TIER_OF[room]:
            wrong.append(include)
    return wrong


def test_the_check_itself_sees_an_arrow_that_runs_back():
    assert arrows_that_run_back("media", ["store/database.hpp"]) == ["store/database.hpp"]
    assert arrows_that_run_back("domain", ["media/media_types.hpp"]) == ["media/media_types.hpp"]
    assert arrows_that_run_back("api", ["service/ports.hpp", "base/result.hpp"]) == []


def test_includes_run_one_way():
    wrong = []
    for path in server_sources():
        room = path.relative_to(ROOT / "server").parts[0]
        if room not in TIER_OF:
            wrong.append(f"{path.relative_to(ROOT)}: unknown room {room}")
            continue
        wrong += [f"{path.relative_to(ROOT)} includes {i}" for i in arrows_that_run_back(room, includes_of(path))]
    assert not wrong, "\n".join(wrong)


def test_beast_stays_in_few_files():
    users = [p for p in server_sources() if re.search(r"#\s*include\s+<boost/beast", p.read_text(encoding="utf-8"))]
    compiled = [p for p in users if p.suffix == ".cpp" and not p.name.endswith("_test.cpp")]
    headers = [p for p in users if p.suffix == ".hpp"]
    assert len(compiled) <= BEAST_FILES_AT_MOST, compiled
    assert not headers, headers


def too_long(name, count):
    limit = MOST_LINES_OF_A_COMPONENT if name.endswith(".vue") else MOST_LINES
    return [f"{name}: {count} lines, at most {limit}"] if count > limit else []


def test_the_check_itself_sees_one_line_too_many():
    assert too_long("server/base/a.cpp", 600) == [] and too_long("server/base/a.cpp", 601)
    assert too_long("web/apps/a/A.vue", 300) == [] and too_long("web/apps/a/A.vue", 301)


def test_files_stay_short():
    long = []
    for path in tracked("server", "web", "tools", "tests", "fuzz", "bench", "cmake", "migrations"):
        if path.suffix in CODE:
            long += too_long(str(path.relative_to(ROOT)), len(path.read_text(encoding="utf-8").splitlines()))
    assert not long, "\n".join(long)


def test_headers_guard_themselves():
    missing = [p for p in server_sources() if p.suffix == ".hpp" and "#pragma once" not in p.read_text(encoding="utf-8")]
    assert not missing, missing


@pytest.mark.parametrize("pattern", [r"sleep_for\s*\(", r"\busleep\s*\("])
def test_nothing_waits_by_sleeping(pattern):
    users = [str(p.relative_to(ROOT)) for p in server_sources() if re.search(pattern, p.read_text(encoding="utf-8"))]
    assert not users, users


def test_no_large_files():
    large = [f"{p.relative_to(ROOT)}: {p.stat().st_size}" for p in tracked() if p.stat().st_size > 1_000_000]
    assert not large, large


def test_every_room_says_what_it_is_for():
    readme = (ROOT / "server" / "README.md").read_text(encoding="utf-8")
    rooms = {p.relative_to(ROOT / "server").parts[0] for p in server_sources()}
    missing = [room for room in sorted(rooms) if f"`{room}/`" not in readme]
    assert not missing, missing


IMPORTED = re.compile(r"""(?:from|import\(|import)\s*['"](\.{1,2}/[^'"?]+)""")


def missing_imports(path, text, exists):
    found = []
    for name in IMPORTED.findall(text):
        target = path.parent / name
        if not any(exists(candidate) for candidate in (target, *(target.with_name(target.name + e) for e in (".ts", ".js", ".mjs")), target / "index.ts")):
            found.append(f"{path}: {name}")
    return found


def test_the_check_itself_sees_an_import_of_nothing():
    text = "import A from './A.vue';\nconst b = import('../b');\nimport './c.css';"
    assert missing_imports(pathlib.Path("web/x.ts"), text, lambda p: p.name in ("A.vue", "b.ts", "c.css")) == []
    assert missing_imports(pathlib.Path("web/x.ts"), text, lambda p: False) == ["web/x.ts: ./A.vue", "web/x.ts: ../b", "web/x.ts: ./c.css"]


def test_pages_import_what_is_there():
    """A component that was moved while somebody else used it merges without a conflict and builds no more."""
    missing = []
    for path in tracked("web"):
        if path.suffix in (".ts", ".vue"):
            missing += missing_imports(path, path.read_text(encoding="utf-8"), lambda p: p.exists() or "generated" in p.parts)
    assert not missing, "\n".join(missing)
