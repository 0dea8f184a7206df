"""Fingerprints of what a part of the paper kit rests on: its code, and the collection."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from coercivity.experiments.worlds.draws import COLLECTION
from coercivity.model.basis.layers import shipped_folder

ROOM: Final = "coercivity.experiments"


def collection_code() -> str:
    """Fingerprint of the shipped collection of parameter vectors; '' while none is shipped."""
    path = shipped_folder() / COLLECTION
    return sha256(path.read_bytes().replace(b"\r\n", b"\n"))[:16] if path.is_file() else ""


def room_code(module: str, room: str) -> str:
    """Fingerprint of a module and of all that it reaches within a room, without the model."""
    told = hashlib.sha256()
    for name, path in sorted(reached(module, room).items()):
        told.update(f"{name}\n".encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return told.hexdigest()[:16]


def reached(module: str, room: str = ROOM) -> dict[str, Path]:
    """Module name -> file, for *module* and all modules of its room that it imports, directly or
    not, wherever the import stands.
    """
    places: dict[str, Path] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        stem = Path(str(files(room))).joinpath(*name.removeprefix(room).strip(".").split("."))
        path = stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")
        if name not in places and path.is_file():
            places[name] = path
            waiting += [one for one in _imported(path) if one.startswith(room)]
    return places


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module  # and `from package import module`
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sha256(contents: str | bytes) -> str:
    """Sum of a file's contents."""
    return hashlib.sha256(contents.encode() if isinstance(contents, str) else contents).hexdigest()
