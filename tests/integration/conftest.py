"""What all integration tests share: where the program is, where shared material is, and what to do without them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes more than half a minute; left out unless asked for with -m slow")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("-m"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run with -m slow"))


def program_path() -> Path | None:
    named = os.environ.get("STREAMFORGE_BIN")
    candidates = [Path(named)] if named else sorted(PROJECT.glob("build*/**/apps/streamforge/streamforge"))
    return next((p.resolve() for p in candidates if p.is_file() and os.access(p, os.X_OK)), None)


@pytest.fixture(scope="session")
def program() -> Path:
    found = program_path()
    if found is None:
        pytest.fail("the streamforge program is not built; set STREAMFORGE_BIN to it")
    return found


@pytest.fixture(scope="session")
def shared() -> Path:
    return Path(os.environ.get("STREAMFORGE_SHARED", PROJECT.parent / "shared"))


@pytest.fixture()
def out(tmp_path: Path):
    """A folder for results that does not outlive a passed test."""
    yield tmp_path
    shutil.rmtree(tmp_path, ignore_errors=True)
