"""What every test can use: which programs must be there, and Hypothesis made repeatable."""

import gc
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.source_tree import process_of
from tests.tenth import is_kept

# Several processes share the cores: threads of numerical libraries would wait for each other at
# full speed. They are read when NumPy is loaded, later.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")

# marker -> (name in COERCIVITY_REQUIRE, programs any of which will do)
PROGRAMS = {
    # the headless shell opens a page for a sixth of the processor time that a whole Chromium takes
    "browser": (
        "browser",
        ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"),
    ),
    "cluster": ("slurm", ("sbatch",)),
}


def find_program(marker: str) -> str | None:
    """Path of the program that tests with this marker need, or None."""
    return next((path for name in PROGRAMS[marker][1] if (path := shutil.which(name))), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--tenth",
        metavar="SEED",
        help="only the files that tests/tenth.py names, and a tenth of the others by this seed",
    )


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say how to repeat a run of a part."""
    seed = config.getoption("tenth")
    return f'a tenth of the files; again: make test TESTS="--tenth {seed}"' if seed else None


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the files that a seed does not keep, before they are imported."""
    seed = config.getoption("tenth")
    is_test = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    return True if seed and is_test and not is_kept(collection_path, seed) else None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a browser or cluster test where its program is absent, or fail it where
    COERCIVITY_REQUIRE asks for the program.
    """
    required = os.environ.get("COERCIVITY_REQUIRE", "").split(",")
    for marker, (name, programs) in PROGRAMS.items():
        if item.get_closest_marker(marker) and not find_program(marker):
            reason = f"no {programs[0]} on this machine"
            if name in required:
                pytest.fail(f"{reason}, and COERCIVITY_REQUIRE names {name}", pytrace=False)
            pytest.skip(reason)


# the dearest files come first, so that no process is left alone with one at the end
DEAREST = (
    "_browser.py",
    "test_sign_table.py",
    "test_levers.py",
    "test_game_by_hand.py",
    "test_snapshots.py",
    "test_golden.py",
    "test_determinism.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Dear files first; otherwise as collected."""

    def dear(item: pytest.Item) -> int:
        return next((k for k, end in enumerate(DEAREST) if item.path.name.endswith(end)), 99)

    items.sort(key=dear)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With several processes one takes all tests of a file, as these share runs and fixtures, and
    one takes the files that look at the whole tree, which it parses once. Each starts one browser
    and one server for the files in a browser that it takes.

    The marker of xdist for that, xdist_group, is lost where pytest is newer than it expects.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return process_of(nodeid)

    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.fixture(scope="module", autouse=True)
def _set_aside() -> None:
    """What lives between two files lives to the end: a collection of garbage, as after each run of
    a sweep, need not look through it.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium, for Playwright's executable_path; use together with
    @pytest.mark.browser.
    """
    path = find_program("browser")
    assert path, "mark the test with @pytest.mark.browser, so that it is skipped without a browser"
    return path


@pytest.fixture(autouse=True)
def _no_telemetry(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may tell anybody anything."""
    monkeypatch.setenv("SOLARA_TELEMETRY_MIXPANEL_ENABLE", "false")
