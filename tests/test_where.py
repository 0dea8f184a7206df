"""The page that says where things are decided names functions that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "where.md"
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::([\w.]+)`", PAGE.read_text(encoding="utf-8"))))


def defined(path: Path) -> set[str]:
    """Functions and classes of a file, methods with the name of their class."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}.{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)
            }
    return found


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_what_is_named_is_there(file: str, name: str) -> None:
    assert name in defined(ROOT / file)


def test_the_page_names_enough_to_be_worth_reading() -> None:
    assert len(NAMED) > 30


def test_files_that_the_map_names_are_there() -> None:
    """Of the architecture's map: every path with a folder, and every file named beside one."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = ("agents", "model", "experiments", "viz", "api", "docs", "tests", "tools")
    names = {path.name for room in rooms for path in (ROOT / room).rglob("*.py")}
    for path in re.findall(r"`((?:agents|model|experiments|viz|api)/[\w/]+\.py)`", text):
        assert (ROOT / path).is_file(), path
    for name in re.findall(r"`(\w+\.py)`", text):
        assert name in names, name
