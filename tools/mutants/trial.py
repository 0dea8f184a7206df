"""Try one mutant: put it into a copy of the project and ask the tests that run its line."""

from __future__ import annotations

import difflib
import importlib.util
import json
import resource
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tools.mutants.cover import CHOICE
from tools.mutants.sites import Mutant

KILLED: Final = "killed"
SURVIVED: Final = "survived"
TIMEOUT: Final = "timeout"
NOT_COVERED: Final = "not covered"
EQUIVALENT: Final = "equivalent"


@dataclass
class Outcome:
    """What became of a mutant: by which test, how many were asked, and the seconds that it took."""

    mutant: Mutant
    before: str
    after: str
    end: str
    by: str = ""
    asked: int = 0
    seconds: float = 0.0


class Chosen:
    """A pytest plugin: runs only the chosen tests, in their order, and writes down which one failed
    first.
    """

    def __init__(self, tests: list[str], at: Path) -> None:
        self.place = {test: number for number, test in enumerate(tests)}
        self.at = at

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self.place),
            key=lambda item: self.place[item.nodeid],
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.at.exists():
            self.at.write_text(report.nodeid, encoding="utf-8")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.at.exists():
            self.at.write_text(f"loading {report.nodeid}", encoding="utf-8")


def ask(tests: list[str], at: Path, limit: float) -> int:
    """Run the chosen tests up to the first that fails (in a forked process): those of the nearest
    file first, for most mutants die there.

    limit: seconds of the processor, after which the process is ended (SIGXCPU): a busy machine
    makes nothing seem endless.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 5))
    first = tests[0].split("::")[0]
    near = [test for test in tests if test.startswith(f"{first}::")]
    code = 0
    for part in (near, [test for test in tests if not test.startswith(f"{first}::")]):
        files = list(dict.fromkeys(test.split("::")[0] for test in part))
        if files and code == 0:
            code = int(pytest.main([*CHOICE, *files], plugins=[Chosen(part, at)]))
    return code


def put(tree: Path, file: str, code: str) -> None:
    """Write a module in a copy of the project; what Python kept compiled of it goes, for two
    changes within a second look alike to it.
    """
    path = tree / file
    path.write_text(code, encoding="utf-8")
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


def changed_line(before: str, after: str) -> tuple[str, str]:
    """What one change makes of a file, as the lines that differ, before and after."""
    differ = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[
        3:
    ]
    old, new = ("\n".join(line[1:].strip() for line in differ if line[0] == sign) for sign in "-+")
    return old, new


def remember(at: Path, outcomes: list[Outcome]) -> None:
    """Keep the outcomes of a run."""
    rows = [
        {
            "file": one.mutant.file,
            "line": one.mutant.line,
            "operator": one.mutant.operator,
            "before": one.before,
            "after": one.after,
            "end": one.end,
            "by": one.by,
            "asked": one.asked,
            "seconds": round(one.seconds, 1),
        }
        for one in outcomes
    ]
    at.write_text(json.dumps(rows, indent=1), encoding="utf-8")
