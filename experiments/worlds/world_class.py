"""A world of somebody's own in place of the shipped one: the class itself in this process, a name
where another process has to find it too.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
from functools import lru_cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coercivity.experiments.worlds.processes import reading
from coercivity.model.basis.code_fingerprint import (
    TYPED_IN,
    class_made_of,
    code_changed_error,
    is_ours,
)
from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.basis.installed import entry, names

if TYPE_CHECKING:
    from coercivity.model.world import World

SHIPPED = ""
FROM_FILE = "coercivity_worlds_"  # how modules are called that were read from a file
NEEDED = ("scenario", "seed", "record", "collect")
_GIVEN: dict[str, type[World]] = {}  # classes that somebody gave in this process, by their names


class ClassName(str):
    """The name of a class, with the mark of the one that it was asked for: another process finds
    the same or refuses.
    """

    mark: str = TYPED_IN


def class_for(world: type[World] | str | None) -> type[World]:
    """The class that runs in this process: the one that was given, wherever it stands; the one of
    a name; the shipped one for nothing.

    Raises InputError, one line, for what is no world or lacks what a run needs.
    """
    if world is None or isinstance(world, str):
        return class_named(world or SHIPPED)
    return check_class(world)


def name_of(world: type[World] | str | None) -> str:
    """The name by which any process finds a class: 'module:Class', 'path/of/file.py:Class' or that
    of an entry point; empty for the shipped world. A file is named by its whole path, and the name
    knows the mark of the class (`ClassName`).

    Raises InputError, one line, for what is no world, cannot be found by name, or lacks what a run
    needs.
    """
    if world is None or world == SHIPPED:
        return SHIPPED
    if isinstance(world, str):
        return _mark_class_name(_absolute_class_name(world), class_named(world))
    check_class(world)
    if world.__module__ == "coercivity.model.world":
        return SHIPPED
    if "<locals>" in world.__qualname__:
        raise InputError(
            "world '{value}' stands inside a function, where no other process finds it",
            "put the class at the top of a file, or run with workers=1",
            value=world.__qualname__,
        )
    name = _place_of(world)
    _GIVEN[name] = world
    return _mark_class_name(name, world)


def _mark_class_name(name: str, kind: type[World]) -> ClassName:
    found = ClassName(name)
    found.mark = TYPED_IN if is_ours(kind) else class_made_of(kind).mark
    return found


def _absolute_class_name(name: str) -> str:
    """A name in which a file is meant from wherever one stands."""
    place, colon, wanted = name.rpartition(":")
    return f"{Path(place).resolve()}:{wanted}" if colon and place.endswith(".py") else name


def _place_of(world: type[World]) -> str:
    if world.__module__ != "__main__" and not world.__module__.startswith(FROM_FILE):
        return f"{world.__module__}:{world.__qualname__}"
    try:
        file = inspect.getfile(world)
    except (OSError, TypeError):
        raise InputError(
            "world '{value}' was typed in and stands in no file, where no other process finds it",
            "put the class into a file and import it, or run with workers=1",
            value=world.__qualname__,
        ) from None
    return f"{Path(file).resolve()}:{world.__qualname__}"


def class_named(name: str) -> type[World]:
    """The class of a name; the shipped world for the empty one, and the class itself where this
    process was given it. Raises InputError, one line, where there is none, and where it is another
    than whoever named it has.
    """
    from coercivity.model.world import World

    if name == SHIPPED:
        return World
    kind = _GIVEN.get(whole := _absolute_class_name(name)) or _find_class(whole)
    wanted = name.mark if isinstance(name, ClassName) else TYPED_IN
    if TYPED_IN != wanted != class_made_of(kind).mark:
        raise code_changed_error(f"world '{shorten(name, 200)}'")
    return kind


@lru_cache(maxsize=16)
def _find_class(name: str) -> type[World]:
    place, colon, wanted = name.rpartition(":")
    if not colon and name in names("world"):
        return check_class(entry("world", name).load())
    if not (colon and place and wanted):
        there = tuple(names("world"))
        raise InputError(
            "world '{value}' is not a class by name",
            "write module:Class or path/of/file.py:Class, or one that is installed: {names}"
            if there
            else "write module:Class or path/of/file.py:Class",
            value=name,
            names=there,
        )
    try:
        module = _from_file(Path(place)) if place.endswith(".py") else import_module(place)
    except ImportError as error:
        raise InputError(
            "world '{value}' cannot be imported ({why})",
            "check the name, or write path/of/file.py:{type}",
            value=name,
            why=error,
            type=wanted,
        ) from None
    attribute: Any = getattr(module, wanted, None)
    if attribute is None:
        raise InputError(
            "world '{value}': {place} has no class '{type}'", value=name, place=place, type=wanted
        )
    return check_class(attribute)


def _from_file(path: Path) -> Any:
    if not path.is_file():
        raise InputError(
            "file '{value}' does not exist", "check the path", where="world", value=path
        )
    place = hashlib.sha256(str(path).encode()).hexdigest()[:8]  # files of one name are several
    name = f"{FROM_FILE}{path.stem}_{place}"
    spec = spec_from_file_location(name, path.resolve())
    if spec is None or spec.loader is None:
        raise InputError("file '{value}' is no Python file", where="world", value=path)
    module = module_from_spec(spec)
    sys.modules[name] = module
    with reading(path):
        spec.loader.exec_module(module)
    return module


def check_class(world: Any) -> type[World]:
    """The class, if a run can use it. Raises InputError, one line, for what is no World or cannot
    be made as one.
    """
    from coercivity.model.world import World

    if not (isinstance(world, type) and issubclass(world, World)):
        raise InputError(
            "world '{value}' is not a class of worlds", "write class MyWorld(World)", value=world
        )
    parameters = inspect.signature(world.__init__).parameters
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    missing = [name for name in NEEDED if name not in parameters]
    if missing and not takes_all:
        raise InputError(
            "world '{value}': __init__ does not take '{argument}'",
            "write def __init__(self, *args, **kwargs) and pass them to super().__init__",
            value=world.__qualname__,
            argument=missing[0],
        )
    return world


def make_world(which: type[World] | str, *args: Any, **kwargs: Any) -> World:
    """A world of a class, or of a class by name. Raises InputError for a class that does not let
    World begin it.
    """
    kind = class_for(which)
    world = kind(*args, **kwargs)
    if not hasattr(world, "clock"):
        raise InputError(
            "world '{value}': __init__ does not call super().__init__, so there is no world to run",
            value=kind.__qualname__,
        )
    return world
