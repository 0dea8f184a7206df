"""The page that says where things are decided names functions that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.source_tree import ROOMS, ROOT, python_files, text, tree, where_said

PAGE = ROOT / "docs" / "where.md"
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::([\w.]+)`", text(PAGE))))


def defined(path: Path) -> set[str]:
    """Functions and classes of a file, methods with the name of their class."""
    found = set()
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}.{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)
            }
    return found


def test_what_is_named_is_there() -> None:
    wrong = [
        where_said(PAGE, f"`{file}::{name}`", f"there is no {name} in {file}")
        for file, name in NAMED
        if not (ROOT / file).is_file() or name not in defined(ROOT / file)
    ]
    assert not wrong, "\n".join(wrong)


def test_files_that_the_map_names_are_there() -> None:
    """Of the architecture's map: every path with a folder, and every file named beside one."""
    page = ROOT / "docs" / "architecture.md"
    names = {path.name for path in python_files(*ROOMS, "docs", "tests", "tools")}
    paths = re.findall(r"`((?:agents|model|experiments|viz|api)/[\w/]+\.py)`", text(page))
    wrong = [path for path in paths if not (ROOT / path).is_file()]
    wrong += [name for name in re.findall(r"`(\w+\.py)`", text(page)) if name not in names]
    told = [where_said(page, f"`{name}`", f"there is no {name}") for name in wrong]
    assert not told, "\n".join(told)


def test_files_that_code_and_pages_name_are_there() -> None:
    """Every `folder/file.py` that a docstring, a comment, a template or a page of docs/ names."""
    spoken = [*python_files(*ROOMS, "tools"), *(ROOT / "viz").rglob("*.vue")]
    spoken += [*(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md"]
    files = [*python_files(*ROOMS, "docs", "tests", "tools"), *(ROOT / "examples").rglob("*.py")]
    held = {f"/{path.relative_to(ROOT).as_posix()}" for path in files}
    to_write = {
        "of/file.py",
        "use/sharing.py",
        "model/test_sharing.py",
        "tests/test_effect.py",
    }  # by who follows a guide
    wrong = [
        where_said(path, name, "there is no such file")
        for path in spoken
        for name in set(re.findall(r"\b[a-z_]+/[a-z_]+\.py\b", text(path))) - to_write
        if not any(one.endswith(f"/{name}") for one in held)
    ]
    assert not wrong, "\n".join(wrong)
