"""Which tests run which line. Kept by test file, so that only what has changed is run again."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import coverage
import pytest

from tools.mutants.sites import ROOMS, Mutant
from tools.mutants.tree import ROOT, WORK, fork

KEPT: Final = WORK / "cover"
NOT_ASKED: Final = re.compile(r"tests/(cluster/|tools/test_(calls|mutants|speed|sweep_speed)\.py$)")
CHOICE: Final = (
    "-m",
    "not slow and not cluster and not browser",
    "--assert=plain",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:cov",
    "-q",
    "-x",
)
NET: Final = "test_golden"
QUICK: Final = 0.3  # seconds
ALLOWED: Final = 1800.0  # seconds for one test file


@dataclass
class Asked:
    """What is known of one test file: seconds of each test that passes, and the lines that each
    runs, by file.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    # test ("" while loading) -> file -> lines
    lines: dict[str, dict[str, frozenset[int]]] = field(default_factory=dict)


def test_files(root: Path) -> list[str]:
    """Files of tests, relative to the project."""
    found = (path.relative_to(root) for path in sorted((root / "tests").rglob("test_*.py")))
    return [name for path in found if not NOT_ASKED.match(name := path.as_posix())]


@cache
def code_key() -> str:
    """Changes with the code, the shipped data and what tests share."""
    found = hashlib.sha256()
    shared = [
        path
        for folder in ("tests", "tools")
        for path in (ROOT / folder).rglob("*.py")
        if not path.name.startswith("test_") and "mutants" not in path.relative_to(ROOT).parts
    ]
    for path in sorted(
        [
            path
            for room in (*ROOMS, "api")
            for path in (ROOT / room).rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        ]
        + shared
    ):
        found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


def kept_at(file: str) -> Path:
    """Where what is known of a test file is kept; the name changes with everything that can change
    it.
    """
    key = hashlib.sha256((code_key() + file).encode() + (ROOT / file).read_bytes()).hexdigest()[:16]
    return KEPT / f"{slug(file)}-{key}"


def slug(file: str) -> str:
    """A test file's path as one word."""
    return file.removesuffix(".py").replace("/", "-")


class Contexts:
    """A pytest plugin: tells coverage which test, or which fixture that several tests share, is
    running.
    """

    def __init__(self, cover: coverage.Coverage) -> None:
        self.cover = cover
        self.seconds: dict[str, float] = defaultdict(float)
        self.passed: dict[str, bool] = {}
        self.shared: dict[str, set[str]] = defaultdict(set)  # test -> fixtures
        self.now = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._enter(item.nodeid)
        result = yield
        self._enter("")
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Iterator[None]:
        before = self.now
        if fixturedef.scope != "function":
            self._enter(self._name(fixturedef))
        result = yield
        self._enter(before)
        return result

    @pytest.hookimpl
    def pytest_runtest_teardown(self, item: Any) -> None:
        for definitions in item._fixtureinfo.name2fixturedefs.values():
            self.shared[item.nodeid] |= {
                self._name(one) for one in definitions if one.scope != "function"
            }

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration
        if report.when == "call":
            self.passed[report.nodeid] = report.passed and not hasattr(report, "wasxfail")

    def _enter(self, name: str) -> None:
        self.now = name
        self.cover.switch_context(name)

    @staticmethod
    def _name(definition: Any) -> str:
        return f"fixture {definition.baseid}::{definition.argname}"


def look(file: str, tree: Path, at: Path) -> int:
    """Run one test file under coverage (in a forked process) and write down what its tests run."""
    cover = coverage.Coverage(
        data_file=None,
        include=[f"{tree}/{room}/*" for room in ROOMS],
        branch=False,
        config_file=False,
    )
    plugin = Contexts(cover)
    cover.start()
    code = pytest.main([*CHOICE[:-1], file], plugins=[plugin])
    cover.stop()
    if code not in (0, 1, 5):  # passed, some failed, none of the kind that is asked for
        return int(code)
    data = cover.get_data()
    found: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for path in data.measured_files():
        name = Path(path).relative_to(tree).as_posix()
        by_test: dict[str, list[int]] = defaultdict(list)
        for line, contexts in data.contexts_by_lineno(path).items():
            for context in contexts:
                by_test[context].append(line)
        for context, ran in by_test.items():
            found[context][name] = sorted(ran)
    seconds = {
        test: round(plugin.seconds[test], 4) for test, passed in plugin.passed.items() if passed
    }
    failed = [test for test, passed in plugin.passed.items() if not passed]
    lines = {
        context: found[context]
        for context in found
        if context in seconds or not context or context.startswith("fixture ")
    }
    shared = {
        test: sorted(names & found.keys())
        for test, names in plugin.shared.items()
        if names & found.keys()
    }
    partial = at.with_suffix(".new")
    partial.write_text(
        json.dumps({"seconds": seconds, "lines": lines, "shared": shared, "failed": failed}),
        encoding="utf-8",
    )
    partial.rename(at)
    return 0


def missing_looks(
    trees: list[Path],
) -> Iterator[tuple[float, Callable[[int], int], Callable[[int | None, float], None]]]:
    """Tasks for `tree.run_all`: every test file of which nothing is known for the present code."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for file in test_files(ROOT):
        at = kept_at(file)
        if at.is_file():
            continue
        for old in KEPT.glob(f"{slug(file)}-" + "?" * 16):
            old.unlink()

        def start(place: int, file: str = file, at: Path = at) -> int:
            return fork(
                trees[place], KEPT / f"{slug(file)}.log", lambda: look(file, trees[place], at)
            )

        def done(code: int | None, taken: float, file: str = file) -> None:
            print(
                f"  {taken:6.1f} s  {file}" + ("" if code == 0 else f"  ended with {code}"),
                flush=True,
            )

        yield ALLOWED, start, done


@dataclass
class Known:
    """What is known of all test files, turned round: the tests that run a line."""

    seconds: dict[str, float]
    tests: dict[str, dict[int, set[str]]]  # file -> line -> tests
    loaded: dict[str, set[int]]  # file -> lines that run while it is loaded or tests are collected
    failed: list[str]

    def asked(self, mutant: Mutant, most: float) -> list[str]:
        """The tests to ask, nearest and quickest first, at most *most* seconds of them; [] where no
        test runs the line.

        First those that run the line; then, for results may be kept from an earlier test, the
        others that run anything in the module. A line that runs while modules are loaded can be
        seen by those whose file imports the module, that run anything in it, or in a module that
        imports it.
        """
        in_file = self.tests.get(mutant.file, {})
        first = in_file.get(mutant.line) or in_file.get(mutant.statement) or set()
        at_load = self.loaded.get(mutant.file, set())
        loaded = mutant.line in at_load or (not first and mutant.statement in at_load)
        if not first and not loaded:
            return []
        steps = [first, set().union(*in_file.values())]
        if loaded:
            files = {test.split("::")[0] for test in self.seconds}
            readers = {file for file in files if module_name(mutant.file) in imported(ROOT / file)}
            steps.insert(0, {test for test in self.seconds if test.split("::")[0] in readers})
            steps.append(
                {
                    test
                    for file in importers(mutant.file)
                    for tests in self.tests.get(file, {}).values()
                    for test in tests
                }
            )
        chosen: dict[str, None] = {}
        spent = 0.0
        for step in steps:
            for test in sorted(
                step - chosen.keys(), key=lambda test: self._rank(test, mutant.file)
            ):
                if spent and spent + self.seconds[test] > most:
                    break
                chosen[test] = None
                spent += self.seconds[test]
        return list(chosen)

    def _rank(self, test: str, file: str) -> tuple[int, float, str]:
        """Nearest first, then quickest; a net counts as quick, for it sees much in its second or
        two.
        """
        of, seconds = test.split("::")[0], self.seconds[test]
        return (
            distance(of, file),
            min(seconds, QUICK) if Path(of).stem.startswith(NET) else seconds,
            test,
        )


@cache
def importers(file: str) -> list[str]:
    """Files that import a module of the project."""
    paths = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return [
        path.relative_to(ROOT).as_posix() for path in paths if module_name(file) in imported(path)
    ]


@cache
def imported(path: Path) -> frozenset[str]:
    """Full names of all that a file imports, wherever it stands: modules, and what is taken from
    them.
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


@cache
def distance(test_file: str, file: str) -> int:
    """0 for a test file named after the module, 1 for one that imports it and for the room's net, 2
    for others of its room and other nets, 3 for the rest.
    """
    test, room = Path(test_file), Path(file).parts[0]
    if test.stem == f"test_{Path(file).stem}" and room == test.parts[1]:
        return 0
    net = test.stem.startswith(NET)
    # the rules of agents are seen at work in the model
    own = test.parts[1] == ("model" if net and room == "agents" else room)
    if module_name(file) in imported(ROOT / test_file) or (net and own):
        return 1
    return 2 if net or own else 3


def module_name(file: str) -> str:
    """Name under which a file of a room is imported."""
    return "coercivity." + file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def load() -> Known:
    """All that is known of the present code."""
    known = Known({}, defaultdict(lambda: defaultdict(set)), defaultdict(set), [])
    for file in test_files(ROOT):
        at = kept_at(file)
        if not at.is_file():
            continue
        found = json.loads(at.read_text(encoding="utf-8"))
        known.seconds |= found["seconds"]
        known.failed += found["failed"]
        users: dict[str, set[str]] = defaultdict(set)
        for test, names in found["shared"].items():
            for name in names:
                users[name].add(test)
        for context, files in found["lines"].items():
            tests = (
                {context}
                if context in found["seconds"]
                else users.get(context, set()) & found["seconds"].keys()
            )
            for path, lines in files.items():
                if not context:
                    known.loaded[path] |= set(lines)
                for line in lines if tests else ():
                    known.tests[path][line] |= tests
    return known
