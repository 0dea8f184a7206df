"""What is installed with the package, and by which extra: lower bounds for everything, ceilings
that the tested versions keep to, and no import of what is not declared.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.source_tree import ROOMS, ROOT, nodes, python_files, where

FOR_US: Final = ("test", "lint", "docs")  # extras for whoever works on the project
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def declared(extra: str | None = None) -> dict[str, Requirement]:
    """Requirements of the core, or those that an extra adds, with what it takes over from others;
    by canonical name.
    """
    own = PROJECT["dependencies" if extra is None else "optional-dependencies"]
    found = {}
    for one in map(Requirement, own if extra is None else own[extra]):
        if one.name == PROJECT["name"]:
            for other in sorted(one.extras):
                found |= declared(other)
        else:
            found[canonicalize_name(one.name)] = one
    return found


EXTRAS: Final = tuple(one for one in PROJECT["optional-dependencies"] if one not in FOR_US)
DECLARED: Final = declared() | declared("all")


def pins(name: str = "constraints.txt") -> dict[str, str]:
    """Versions in a file of constraints."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {
        canonicalize_name(name): version
        for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", "\n".join(lines), re.MULTILINE)
    }


def floor(requirement: Requirement) -> str | None:
    """The lowest version that a requirement takes, None where it names none."""
    bounds = [one.version for one in requirement.specifier if one.operator in (">=", "==", "~=")]
    return bounds[0] if len(bounds) == 1 else None


def faults_of(names: Iterable[str], is_right: Callable[[Requirement], bool]) -> list[str]:
    """Requirements of pyproject.toml, of these names, that are not as they should be."""
    return [str(DECLARED[name]) for name in sorted(names) if not is_right(DECLARED[name])]


def test_everything_has_a_floor_and_the_floors_are_what_is_tested() -> None:
    """`make test-floors` installs constraints-low.txt."""
    low = pins("constraints-low.txt")

    def is_tested(one: Requirement) -> bool:
        name, lowest = canonicalize_name(one.name), floor(one)
        return lowest is not None and name in low and Version(low[name]) == Version(lowest)

    wrong = faults_of(DECLARED, is_tested)
    assert not wrong, "pyproject.toml and constraints-low.txt differ:\n" + "\n".join(wrong)


def test_all_takes_everything() -> None:
    everything = {name for extra in EXTRAS for name in declared(extra)}
    assert set(declared("all")) == everything


def test_nothing_is_pinned() -> None:
    """Whoever installs it beside other things has a choice."""
    wrong = faults_of(DECLARED, lambda one: all(two.operator != "==" for two in one.specifier))
    assert not wrong, "pyproject.toml pins:\n" + "\n".join(wrong)


def test_what_is_pinned_is_within_the_bounds() -> None:
    pinned = pins()
    wrong = [
        f"{one} against {pinned.get(name)}"
        for name, one in sorted(DECLARED.items())
        if name not in pinned or not one.specifier.contains(pinned[name], prereleases=True)
    ]
    assert not wrong, "pyproject.toml and constraints.txt differ:\n" + "\n".join(wrong)


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """(line, module) of every module of others that a file imports, with solara's two
    distributions told apart.
    """
    for node in nodes(path, ast.Import, ast.ImportFrom):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        yield from (
            (node.lineno, ".".join(name.split(".")[:2]))
            for name in names
            if name.split(".")[0] not in (*sys.stdlib_module_names, "coercivity")
        )


def test_whatever_a_room_imports_is_declared() -> None:
    known = packages_distributions()
    missing = []
    for path in python_files(*ROOMS):
        for line, module in imported(path):
            holders = (
                ["solara-server"]
                if module == "solara.server"
                else known.get(module.split(".")[0], [module.split(".")[0]])  # absent: its own name
            )
            if not {canonicalize_name(one) for one in holders} & set(DECLARED) and not (
                module.startswith("solara")
                and "solara" in DECLARED
                and holders != ["solara-server"]
            ):
                missing.append(where(path, line, f"{module} of {holders}"))
    assert not missing, "\n".join(missing)
