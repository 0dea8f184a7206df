"""What a result rests on, as short hashes: the facts, the code, and the class of the world."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from coercivity.model.basis.code_fingerprint import class_made_of, is_ours
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.layers import mark_of, shipped_folder

ROOMS = ("coercivity.agents", "coercivity.model")
WITH, AND = " with ", " and "


@lru_cache(maxsize=2)
def facts_hash(facts: Facts, *without: str) -> str:
    """12 hex digits of all tables of facts and parameters, *without* some files; behind a plus
    those of a data folder that is laid over them.
    """
    tables = (path for path in shipped_folder().glob("*.csv") if path.name not in without)
    return "+".join(filter(None, (hash_of(shipped_folder(), tables), facts.mark)))


@lru_cache(maxsize=1)
def code_hash() -> str:
    """12 hex digits of the rules: every Python file of agents/ and model/."""
    digest = hashlib.sha256()
    for room in ROOMS:
        root = Path(str(files(room)))
        digest.update(f"{room} {hash_of(root, root.rglob('*.py'))}\n".encode())
    return digest.hexdigest()[:12]


def hash_of(root: Path, paths: Iterable[Path]) -> str:
    """12 hex digits of files with their places below *root*; line endings do not count. Raises
    FileNotFoundError where there are none.
    """
    contents = {
        path.relative_to(root).as_posix(): path.read_bytes().replace(b"\r\n", b"\n")
        for path in sorted(paths)
    }
    if not contents:
        raise FileNotFoundError(f"{root} lacks files of coercivity; install it again")
    return mark_of(contents)


def class_of(kind: type) -> str:
    """Which class of world ran: 'World' for the shipped one; a class of somebody else by name, with
    12 hex digits of what it is made of (basis/code_fingerprint.py); behind `with` the mechanisms of
    packages that are switched on, with theirs.
    """
    added = getattr(kind, "added", ())
    if added:
        return f"{class_of(kind.__bases__[0])}{WITH}{AND.join(one.mark for one in added)}"
    if is_ours(kind):
        return kind.__qualname__
    return f"{kind.__qualname__} {class_made_of(kind).mark}"


def split_class_of(said: str) -> tuple[str, dict[str, str]]:
    """What `class_of` says, taken apart: the class, and the marks of mechanisms by their names."""
    kind, _, added = said.partition(WITH)
    marks = (one.partition(" ") for one in added.split(AND) if one)
    return kind, {name: mark for name, _, mark in marks}


def provenance_hashes(facts: Facts) -> dict[str, str]:
    """These facts, and the code of this installation."""
    return {"facts": facts_hash(facts), "code": code_hash()}
