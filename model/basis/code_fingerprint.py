"""What a rule of somebody's is made of, as a mark of 12 hex digits: its files as they were when
this process loaded it.

Of a package that is all that stands in it, code and data, with the version of its distribution; of
a file that stands alone, that file and what it imports from its own folder, and so on. A file that
is edited afterwards changes no mark: what runs is what was loaded. Who finds a rule again by its
name, in another process, compares the two (`experiments/worlds/class_loading.py`).
"""

from __future__ import annotations

import ast
import functools
import hashlib
import inspect
import json
import os
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from coercivity.model.basis.errors import InputError, Phrase
from coercivity.model.basis.installed import all_installed, file_of

TYPED_IN: Final = "(no file)"  # the mark of what stands in no file
OURS: Final = ("coercivity", "mesa")  # their versions and code are counted elsewhere
STDLIB: Final = Path(sysconfig.get_path("stdlib")).resolve()
PACKAGES: Final = ("site-packages", "dist-packages")  # may lie below it
INFO: Final = "*.dist-info"
LEFT_OUT: Final = (".pyc", ".pyo", "~")
LARGE: Final = 1_000_000  # bytes of a file that is not read again while it looks the same


class ClassDigest:
    """Digests of the files of which a rule was made when it was loaded, and what else counts."""

    def __init__(self, starts: Iterable[Path | None], said: object = None) -> None:
        found = list(starts)
        self.starts = sorted({start for start in found if start is not None})
        self.typed_in = not found or None in found
        self.said = said
        self.files = _digests(self.starts)
        self.versions = sorted({of for start in self.starts if (of := _distribution(start))})

    @cached_property
    def mark(self) -> str:
        """12 hex digits; TYPED_IN where a part of it stands in no file."""
        if self.typed_in:
            return TYPED_IN
        text = json.dumps([sorted(self.files.items()), self.versions, repr(self.said)])
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def changed(self) -> str:
        """The first file that is another one now than when it was loaded; empty where none is."""
        now = _digests(self.starts)
        names = sorted({*now, *self.files})
        return next((name for name in names if now.get(name) != self.files.get(name)), "")


def function_digest(rule: Callable[..., Any], said: object = None) -> ClassDigest:
    """What a function is made of, now: it was loaded a moment ago. *said*: what else counts."""
    return ClassDigest([_file(rule)], said)


_classes: WeakKeyDictionary[type, ClassDigest] = WeakKeyDictionary()


def class_made_of(kind: type) -> ClassDigest:
    """What a class of worlds is made of: the files of all classes of somebody's that it derives
    from, and of its kinds of agents. Taken when it is first asked for, which a class of worlds does
    when it is made.
    """
    if kind not in _classes:
        given = getattr(kind, "kinds", ())  # whatever stands there: a world refuses what is wrong
        many = given if isinstance(given, (tuple, list)) else ()
        kinds = [one for one in many if isinstance(one, type)]
        classes = dict.fromkeys(one for of in (kind, *kinds) for one in of.__mro__)
        own = [_file(one) for one in classes if not is_ours(one)]
        said = [one.__qualname__ for one in (kind, *kinds)]
        _classes[kind] = ClassDigest(
            [one for one in own if not _is_python(one)] or [_file(kind)], said
        )
    return _classes[kind]


def code_changed_error(what: str) -> InputError:
    """What is said where a rule, or a file of it, is another one than this process loaded."""
    return InputError(
        "{rule} has changed since this process loaded it",
        "begin anew (a new Python, or the notebook's kernel restarted), so that all processes run "
        "the same",
        rule=Phrase(what),
    )


def is_ours(kind: type) -> bool:
    """Whether a class ships, or comes with what ships."""
    return kind.__module__.partition(".")[0] in (*OURS, "builtins")


def _is_python(file: Path | None) -> bool:
    """Whether a file belongs to Python itself."""
    return file is not None and file.is_relative_to(STDLIB) and not set(file.parts) & set(PACKAGES)


def _file(rule: Any) -> Path | None:
    """The whole path of `file_of`, of the innermost function of wrappers and `partial`s."""
    rule = inspect.unwrap(rule)
    while isinstance(rule, functools.partial):
        rule = inspect.unwrap(rule.func)
    path = file_of(rule)
    return path.resolve() if path is not None and path.is_file() else None


# ---------------------------------------------------------------- files


def _digests(starts: Iterable[Path]) -> dict[str, str]:
    """Digests of all files that belong to some, by their places; line endings do not count."""
    return {name: _digest(path) for start in starts for name, path in _package_files(start).items()}


def _digest(path: Path) -> str:
    try:
        about = path.stat()
        if about.st_size > LARGE:
            return _hash_large_file(path, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
        return _hash_file(path)
    except OSError:
        return "cannot be read"


def _hash_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:16]


@lru_cache(maxsize=1024)
def _hash_large_file(path: Path, *_: int) -> str:
    return _hash_file(path)


def _package_files(start: Path) -> dict[str, Path]:
    """The files of a file's package; of one that stands alone, those it imports from its folder."""
    if (package := _package(start)) is not None:
        files = [*_files_within(package), start]
        return {path.relative_to(package.parent).as_posix(): path for path in files}
    folder, mates = start.parent, _mates(start)
    found: dict[str, Path] = {}
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if found.get(name := path.relative_to(folder).as_posix()) is None:
            found[name] = path
            waiting += _imported_files(path, folder, mates) if path.suffix == ".py" else ()
    return found


def _package(file: Path) -> Path | None:
    """The outermost package that a file stands in."""
    found = None
    for folder in file.parents:
        if not (folder / "__init__.py").is_file():
            return found
        found = folder
    return found


def _files_within(package: Path) -> Iterator[Path]:
    """All files of a package, but what is hidden, compiled or left behind."""
    for place, folders, names in os.walk(package):
        folders[:] = [
            name for name in folders if name != "__pycache__" and not name.startswith(".")
        ]
        for name in names:
            if not name.startswith(".") and not name.endswith(LEFT_OUT):
                yield Path(place, name)


def _imported_files(path: Path, folder: Path, mates: frozenset[str] | None) -> Iterator[Path]:
    """What a file imports from a folder, or by a dot from its own. mates: the only names that
    count, if any.
    """
    for level, parts in _imports(path):
        if level == 0 and (parts[0] in OURS or (mates is not None and parts[0] not in mates)):
            continue
        yield from _find_module(path.parent if level else folder, parts)


def _imports(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Names that a file imports, each with how many dots stand before it, none or one."""
    try:
        nodes = list(ast.walk(ast.parse(path.read_bytes())))
    except (OSError, SyntaxError, ValueError, RecursionError):
        return
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((0, one.name.split(".")) for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level < 2:
            first = node.module.split(".") if node.module else []
            yield from ((node.level, [*first, one.name]) for one in node.names)


def _find_module(folder: Path, parts: list[str]) -> Iterator[Path]:
    """The module or the whole package of a dotted name below a folder."""
    for part in parts:
        if (folder / part / "__init__.py").is_file():
            yield from _files_within(folder / part)
            return
        if (file := folder / f"{part}.py").is_file():
            yield file
            return
        folder = folder / part


# ---------------------------------------------------------------- distributions


def _mates(start: Path) -> frozenset[str] | None:
    """The modules that came with one that stands alone where packages are installed: what else
    stands there is somebody else's. None where nothing is installed.
    """
    infos = sorted(start.parent.glob(INFO))
    if not infos:
        return None
    return next((names for info in infos if start.stem in (names := _tops(info))), frozenset())


def _tops(info: Path) -> frozenset[str]:
    """Names of modules and packages that a distribution brings, where it says so."""
    try:
        return frozenset((info / "top_level.txt").read_text(encoding="utf-8").split())
    except (OSError, ValueError):
        return frozenset()


def _distribution(start: Path) -> str:
    """name==version of the distribution that brought a file; empty where none did."""
    place = _package(start) or start
    infos = sorted(place.parent.glob(INFO))
    if place is start and not infos:
        return ""
    for info in infos:
        name, _, version = info.stem.rpartition("-")
        if place.stem == name or place.stem in _tops(info):
            return f"{name}=={version}"
    for one in all_installed():  # it may stand elsewhere, where it is worked at
        if one.value.partition(":")[0].partition(".")[0] == place.stem:
            return f"{one.package}=={one.version}"
    return ""
