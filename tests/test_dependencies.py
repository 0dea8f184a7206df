"""What is installed with the package: lower bounds for everything that faces a network, and no
import of what is not declared.
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
DECLARED: Final = {
    canonicalize_name(one.name): one
    for one in map(
        Requirement, tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    )
}


def pins() -> dict[str, str]:
    """Versions in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return {
        canonicalize_name(name): version
        for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", "\n".join(lines), re.MULTILINE)
    }


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


def test_whatever_the_pages_import_is_declared() -> None:
    known = packages_distributions()
    missing = []
    for path, module in sorted(imported(ROOT / "viz")):
        holders = (
            ["solara-server"] if module == "solara.server" else known.get(module.split(".")[0], [])
        )
        if not {canonicalize_name(one) for one in holders} & set(DECLARED) and not (
            module.startswith("solara") and "solara" in DECLARED and holders != ["solara-server"]
        ):
            missing.append(f"{path}: {module} of {holders}")
    assert missing == []
