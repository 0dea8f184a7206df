"""Other facts than those of this process: names are read once in a process (basis/layers.py), so
whoever asks for another data folder is answered by a process that works with it.

One is kept for each folder that was asked for last; it ends with this one.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from coercivity.experiments.worlds.processes import end_with_parent, fresh
from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.basis.inputs import path_of
from coercivity.model.basis.layers import VARIABLE, OtherFacts, active, named, serve
from coercivity.model.basis.yaml_text import read_yaml
from coercivity.model.scenario.scenario import Scenario

Answer = TypeVar("Answer")
Asked = ParamSpec("Asked")
Data = str | os.PathLike[str] | None
SUFFIXES: Final = (".yaml", ".yml")
MOST: Final = 2  # folders at a time
_pools: OrderedDict[str, ProcessPoolExecutor] = OrderedDict()
_lock = threading.Lock()


def other_facts(data: Data, *sources: object) -> str | None:
    """The data folder that is asked for by keyword or by the file of a scenario, where it is not
    that of this process; else None. Raises InputError where they ask for different ones.
    """
    said = {where: of for where, of in map(_said, sources) if of is not None}
    if data is not None:
        said = {"keyword data": named(data), **said}
    (first, wanted), *others = said.items() or [("", active())]
    for where, of in others:
        if of != wanted:
            raise InputError(
                f"{first} asks for the data '{shorten(wanted)}' and {where} for '{shorten(of)}'; "
                "use one of them for all"
            )
    return None if wanted == active() else wanted


def _said(source: object) -> tuple[str, str | None]:
    """What a scenario, as somebody gives it, says of its data: where it is said, and what."""
    raw, beside, where = source, None, "scenario"
    if isinstance(source, Scenario):  # checked under the facts of this process, whatever it says
        return where, None if source.data == active() else source.data
    if isinstance(source, (str, os.PathLike)) and Path(source).suffix.lower() in SUFFIXES:
        path = path_of(source, "scenario")
        beside, where, raw = path.parent, path.name, read_yaml(path)
    data = raw.get("data") if isinstance(raw, Mapping) else None
    return where, named(data, beside) if isinstance(data, str) else None


def in_facts(
    data: str, function: Callable[..., Answer], *given: object, **named_: object
) -> Answer:
    """What a function answers in a process that works with this data folder.

    A Scenario is checked there anew, by the names that hold there. Errors are those of the
    function. Results that come back ask there again (told.py).
    """
    words = [_to_send(one) for one in given]
    keywords = {name: _to_send(one) for name, one in named_.items()}
    return _pool(data).submit(_at, os.getcwd(), function, words, keywords).result()


def _at(
    folder: str, function: Callable[..., Answer], words: list[Any], keywords: dict[str, Any]
) -> Answer:
    """The function where its paths mean what they mean to whoever asks."""
    os.chdir(folder)
    return function(*words, **keywords)


def in_its_facts(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """The same function, answered by another process where what it reads has other facts: the
    folder of a sweep says in its design which.
    """

    @wraps(function)
    def asked(*given: Asked.args, **by: Asked.kwargs) -> Answer:
        try:
            return function(*given, **by)
        except OtherFacts as other:
            return in_facts(other.data, asked, *given, **by)

    return asked


def _to_send(one: object) -> object:
    if not isinstance(one, Scenario):
        return one
    return {key: value for key, value in one.to_dict().items() if key != "data"}


def _pool(data: str) -> ProcessPoolExecutor:
    """The process of a data folder, begun where there is none."""
    with _lock:
        if data not in _pools:
            while len(_pools) >= MOST:
                _pools.popitem(last=False)[1].shutdown(wait=False)
            _pools[data] = _begun(data)
        _pools.move_to_end(data)
        return _pools[data]


def _begun(data: str) -> ProcessPoolExecutor:
    """A process that is up. It finds the folder in its environment before anything is imported."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = data
    try:
        pool = ProcessPoolExecutor(1, mp_context=fresh(), initializer=_begin)
        pool.submit(active).result()
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before
    return pool


def _begin() -> None:
    end_with_parent()
    serve()
