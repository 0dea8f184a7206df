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
from concurrent.futures.process import BrokenProcessPool
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from coercivity.experiments.worlds.processes import begin_with, fresh, tell_results
from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.inputs import path_of
from coercivity.model.basis.layers import (
    OtherFacts,
    active,
    check_as_read,
    digest_of,
    named,
)
from coercivity.model.basis.yaml_text import read_yaml
from coercivity.model.scenario.scenario import Scenario

Answer = TypeVar("Answer")
Asked = ParamSpec("Asked")
Data = str | os.PathLike[str] | None
SUFFIXES: Final = (".yaml", ".yml")
MOST: Final = 3  # folders, or states of one, at a time
TRIES: Final = 2  # of a question whose process ends
_pools: OrderedDict[tuple[str, str], ProcessPoolExecutor] = OrderedDict()
_lock = threading.Lock()


def other_facts(data: Data, *sources: object) -> str | None:
    """The data folder that is asked for by keyword or by the file of a scenario, where it is not
    that of this process; else None. Raises InputError where they ask for different ones, or where
    that of this process has changed since it was read.
    """
    check_as_read()
    said = {where: of for where, of in map(_said, sources) if of is not None}
    if data is not None:
        said = {"keyword data": named(data), **said}
    (first, wanted), *others = said.items() or [("", active())]
    for where, of in others:
        if of != wanted:
            raise InputError(
                "{first} asks for the data '{value}' and {second} for '{other}'",
                "use one of them for all",
                first=first,
                value=wanted,
                second=where,
                other=of,
            )
    return None if wanted == active() else wanted


def check_one_set(fix: str = "give data={written} for both", **sides: object) -> None:
    """Raise InputError where one of several scenarios says other facts than those of this process
    and another says none: whose facts it means cannot be guessed. *fix* says what to do about the
    data {written}.
    """
    said = {name: _said(source)[1] for name, source in sides.items()}
    silent = [name for name, data in said.items() if data is None]
    asking = [name for name, data in said.items() if data not in (None, active())]
    if silent and asking:
        data = said[asking[0]]
        raise InputError(
            "{asking} asks for the data '{value}' and {silent} says none",
            fix,
            asking=asking[0],
            value=Phrase(shorten(data, 200)),
            silent=silent[0],
            written=Phrase(repr(data)),
        )


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
    """What a function answers in a process that works with this data folder as it is now.

    A Scenario is checked there anew, by the names that hold there. Errors are those of the
    function. Results that come back ask there again (told.py). Raises InputError where the process
    ends twice without an answer.
    """
    return in_facts_of(data, digest_of(data), function, *given, **named_)


def in_facts_of(
    data: str, mark: str, function: Callable[..., Answer], *given: object, **named_: object
) -> Answer:
    """The same for a data folder as it was when this was its mark. Raises InputError where that
    process is gone and the folder holds something else now.
    """
    words = [_to_send(one) for one in given]
    keywords = {name: _to_send(one) for name, one in named_.items()}
    for _ in range(TRIES):
        try:
            pool = _pool(data, mark)
            return pool.submit(_at, os.getcwd(), function, words, keywords).result()
        except BrokenProcessPool:
            _drop(data, mark)
        except KeyboardInterrupt:  # nobody waits for what it is at
            _drop(data, mark)
            raise
    raise InputError(
        "data '{value}': the process that works with it ended {count} times without an "
        "answer, perhaps for want of memory",
        "see what it printed, or begin with coercivity.use_data({written})",
        value=data,
        count=TRIES,
        written=Phrase(repr(data)),
    )


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


def _pool(data: str, mark: str) -> ProcessPoolExecutor:
    """The process of a data folder with this mark, begun where there is none."""
    with _lock:
        if (data, mark) not in _pools:
            if digest_of(data) != mark:
                raise InputError(
                    "data '{value}' has changed since this result was made, and the "
                    "process that made it is gone",
                    "run it again",
                    value=data,
                )
            while len(_pools) >= MOST:
                _pools.popitem(last=False)[1].shutdown(wait=False)
            _pools[data, mark] = _begun(data)
        _pools.move_to_end((data, mark))
        return _pools[data, mark]


def _drop(data: str, mark: str) -> None:
    """End the process of a data folder, whatever it is at."""
    with _lock:
        pool = _pools.pop((data, mark), None)
    if pool is not None:
        for process in list((pool._processes or {}).values()):
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def _begun(data: str) -> ProcessPoolExecutor:
    """A process that is up and tells its results. The environment of this one is not touched: who
    begins another process meanwhile begins it with the facts of here.
    """
    pool = ProcessPoolExecutor(1, mp_context=fresh(), initializer=begin_with, initargs=(data,))
    try:
        pool.submit(tell_results).result()
    except BaseException:  # a folder whose tables are wrong says so as it is read
        pool.shutdown(wait=False)
        raise
    return pool
