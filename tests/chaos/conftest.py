"""The real binary, driven with what the functional tests drive it with, while things go wrong around it."""

import importlib.util
import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FUNCTIONAL = ROOT / "tests/functional"
sys.path.insert(0, str(FUNCTIONAL))
_spec = importlib.util.spec_from_file_location("functional_conftest", FUNCTIONAL / "conftest.py")
functional = importlib.util.module_from_spec(_spec)
sys.modules["functional_conftest"] = functional
_spec.loader.exec_module(functional)

binary = functional.binary
make_server = functional.make_server
Server = functional.Server
wait_until = functional.wait_until

LOAD = pathlib.Path(os.environ.get("TELEWITNESS_LOAD", ROOT / "build/release/bench/telewitness-load"))


@pytest.fixture(scope="session")
def load_binary():
    assert LOAD.exists(), "build the load client first: make build"
    return LOAD
