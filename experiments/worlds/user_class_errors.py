"""A class of somebody's own that raises in a run: told in one line with its file and line, as
mechanisms of packages are; the error itself stays as the cause.
"""

from __future__ import annotations

import inspect
import linecache
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from coercivity.model.basis.code_fingerprint import is_ours
from coercivity.model.basis.errors import InputError, Phrase, shorten

if TYPE_CHECKING:
    from coercivity.model.world import World


@contextmanager
def own_faults(kind: type[World]) -> Iterator[None]:
    """While a world runs: raises InputError, one line, in place of what its class, or a class of
    its agents, raises. Errors of the shipped class stay, and so does what is no fault of a rule.
    """
    files = _files(kind)
    if not files:
        yield
        return
    try:
        yield
    except (InputError, MemoryError):  # told already, or of this machine, now
        raise
    except (Exception, SystemExit) as error:
        raise InputError(
            "world '{value}' fails in {line} with {error}: {why}",
            "mend the class, or run without it",
            value=kind.__qualname__,
            line=Phrase(_place(error, files)),
            error=type(error).__name__,
            why=Phrase(shorten(error, 300)),
        ) from error


def _files(kind: type[World]) -> frozenset[str]:
    """Where classes of somebody's own stand: of the world, and of the agents that it makes."""
    own = {
        base
        for one in (kind, *kind.kinds)
        for base in one.__mro__
        if not is_ours(base) and base.__module__.partition(".")[0] not in sys.stdlib_module_names
    }
    found = set()
    for one in own:
        try:
            found.add(inspect.getfile(one))
        except (OSError, TypeError):  # typed in, or built in
            found.add(f"<{one.__module__}>")
    return frozenset(found)


def _place(error: BaseException, files: frozenset[str]) -> str:
    """The last line of somebody's own on the way to an error, else the last of all: function, file,
    line and what stands there.
    """
    trace, last, own = error.__traceback__, None, None
    while trace is not None:
        last = (trace.tb_frame, trace.tb_lineno)
        own = last if _is_own(trace.tb_frame, files) else own
        trace = trace.tb_next
    found = own or last
    if found is None:
        return "its own lines"
    frame, number = found
    file = frame.f_code.co_filename
    text = shorten(linecache.getline(file, number).strip(), 80)
    return f"{frame.f_code.co_qualname} ({file}, line {number}{': ' * bool(text)}{text})"


def _is_own(frame: FrameType, files: frozenset[str]) -> bool:
    file = frame.f_code.co_filename
    return file in files or f"<{frame.f_globals.get('__name__')}>" in files
