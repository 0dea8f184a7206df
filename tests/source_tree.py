"""The project's Python files, read and parsed once a process, for every test that holds a rule
against all of them.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("api", "viz", "experiments", "model", "agents")
PACKAGES = {  # room -> its package
    "agents": "coercivity.agents",
    "model": "coercivity.model",
    "experiments": "coercivity.experiments",
    "viz": "coercivity.viz",
    "api": "coercivity",
}


@cache
def python_files(*rooms: str) -> tuple[Path, ...]:
    """All Python files of these rooms, in order."""
    return tuple(sorted(path for room in rooms for path in (ROOT / room).rglob("*.py")))


@cache
def in_git() -> tuple[str, ...]:
    """Every file that git knows or would add, empty where this is no checkout."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    names = () if listing.returncode else listing.stdout.splitlines()
    return tuple(name for name in names if (ROOT / name).is_file())


def project_files() -> tuple[Path, ...]:
    """Every file that may be committed; without git, everything in the known folders."""
    return tuple(ROOT / name for name in in_git()) or tuple(
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    )


@cache
def modules() -> dict[str, Path]:
    """Modules of the five rooms by name, without the word coercivity in front."""
    found = {}
    for room, package in PACKAGES.items():
        for path in python_files(room):
            parts = (*package.split("."), *path.relative_to(ROOT / room).with_suffix("").parts)
            found[".".join(part for part in parts[1:] if part != "__init__")] = path
    return found


@cache
def text(path: Path) -> str:
    """What a file says."""
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(text(path))


def process_of(test: str) -> str:
    """What tests have in common that one process of several takes: their file, or that they look
    at all Python files.
    """
    file = test.partition("::")[0]
    said = text(ROOT / file)
    is_of_all = "from tests.source_tree import" in said and re.search(
        r"(?<![.\w])(modules|python_files)\(", said
    )
    return "all Python files" if is_of_all else file


@cache
def _by_kind(path: Path) -> dict[type[ast.AST], list[ast.AST]]:
    found: dict[type[ast.AST], list[ast.AST]] = {}
    for node in ast.walk(tree(path)):
        found.setdefault(type(node), []).append(node)
    return found


def nodes(path: Path, *kinds: type[Node]) -> Iterator[Node]:
    """Nodes of a file that are of one of these classes, wherever they stand."""
    for kind in kinds:
        yield from _by_kind(path).get(kind, ())  # type: ignore[misc]


def where(path: Path, line: int, what: str) -> str:
    """A fault and its place."""
    return f"{path.relative_to(ROOT)}:{line}: {what}"


def where_said(path: Path, said: str, fault: str) -> str:
    """A fault of what a page or a table says, and the first line that says it."""
    lines = text(path).splitlines()
    return where(path, next((n for n, line in enumerate(lines, 1) if said in line), 1), fault)
