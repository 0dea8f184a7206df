"""What is installed with the package, and by which extra: lower bounds for everything, ceilings
that the tested versions keep to, and no import of what is not declared.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT: Final = Path(__file__).parents[1]
WEB: Final = (
    "solara",
    "solara-server",
    "solara-assets",
    "starlette",
    "uvicorn",
    "h11",
    "websockets",
    "reacton",
    "ipyvue",
    "ipyvuetify",
    "jinja2",
)
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


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_everything_has_a_floor_and_the_floors_are_what_is_tested(name: str) -> None:
    """`make test-floors` installs constraints-low.txt."""
    assert floor(DECLARED[name]) is not None
    low = pins("constraints-low.txt")[name]
    assert Version(low) == Version(str(floor(DECLARED[name])))


def test_all_takes_everything() -> None:
    everything = {name for extra in EXTRAS for name in declared(extra)}
    assert set(declared("all")) == everything


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_nothing_is_pinned(name: str) -> None:
    """Whoever installs it beside other things has a choice."""
    assert all(one.operator != "==" for one in DECLARED[name].specifier)


@pytest.mark.parametrize("name", WEB)
def test_what_faces_a_network_has_a_lower_bound(name: str) -> None:
    assert any(
        one.operator in (">=", "==", "~=") for one in DECLARED[canonicalize_name(name)].specifier
    )


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_what_is_pinned_is_within_the_bounds(name: str) -> None:
    assert DECLARED[name].specifier.contains(pins()[name], prereleases=True), (
        f"{DECLARED[name]} against {pins()[name]}"
    )


def imported(folder: Path) -> set[tuple[str, str]]:
    """Modules of others that the files of a folder import: (file, module), with solara's two
    distributions told apart.
    """
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [one.name for one in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            found |= {
                (path.name, ".".join(name.split(".")[:2]))
                for name in names
                if name.split(".")[0] not in (*sys.stdlib_module_names, "coercivity")
            }
    return found


@pytest.mark.parametrize("room", ["agents", "api", "experiments", "model", "viz"])
def test_whatever_a_room_imports_is_declared(room: str) -> None:
    known = packages_distributions()
    missing = []
    for path, module in sorted(imported(ROOT / room)):
        holders = (
            ["solara-server"]
            if module == "solara.server"
            else known.get(module.split(".")[0], [module.split(".")[0]])  # absent: by its own name
        )
        if not {canonicalize_name(one) for one in holders} & set(DECLARED) and not (
            module.startswith("solara") and "solara" in DECLARED and holders != ["solara-server"]
        ):
            missing.append(f"{path}: {module} of {holders}")
    assert missing == []
