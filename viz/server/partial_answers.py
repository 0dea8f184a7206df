"""What a worker and the server say to each other while a question is being answered: parts of the
answer before it is whole, and that nobody waits for it any more.

A page draws the first year after a lever while the years that follow are still being computed, and
a hand that has moved on frees the worker within a month of the run. Each worker keeps a line to the
server, so that one that dies takes nothing with it but what it would have told. Whoever asks
without listening gets no parts, and where no line can be had the answer comes whole.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from multiprocessing import AuthenticationError, current_process
from multiprocessing.connection import Client, Connection, Listener
from typing import Any, Final

_log = logging.getLogger(__name__)

Heard = Callable[[str], None]
NUMBER: Final = 8  # bytes before a part that say which question it belongs to

_lines: list[Connection] = []  # in a worker: its line to the server
_dropped: set[int] = set()  # in a worker: questions that nobody waits for any more
_teller: ContextVar[Heard | None] = ContextVar("teller", default=None)
_question: ContextVar[int] = ContextVar("question", default=0)


class AnswerDropped(Exception):
    """Nobody waits for this answer any more."""


# ---------------------------------------------------------------- in a worker


def connect(address: str) -> None:
    """Open this worker's line to the server; without one, answers come whole."""
    try:
        line = Client(address, authkey=bytes(current_process().authkey))
    except OSError:
        _log.warning("answers come whole: no line to the server for their parts")
        return
    _lines.append(line)
    # read all the time, whatever the worker does: a server that cannot write would wait
    threading.Thread(target=_listen, args=(line,), name="dropped", daemon=True).start()


def _listen(line: Connection) -> None:
    """Note what nobody waits for any more, until the line ends."""
    while True:
        try:
            _dropped.add(int.from_bytes(line.recv_bytes(), "big"))
        except (EOFError, OSError):
            return


def answer(to: int | Heard, function: Callable[..., Any], *args: Any) -> Any:
    """What function(*args) gives; the parts that it tells go to whoever hears them here, or over
    the line to the question of this number.
    """
    told = _teller.set(to if callable(to) else lambda part: _send(to, part))
    asked = _question.set(0 if callable(to) else to)
    _dropped.difference_update(number for number in tuple(_dropped) if number < _question.get())
    try:
        return function(*args)
    finally:
        _teller.reset(told)
        _question.reset(asked)


def somebody_listens() -> bool:
    """Whether a part would be heard."""
    return _teller.get() is not None


def send_part(part: str) -> None:
    """Tell whoever listens a part of the answer that is being made."""
    teller = _teller.get()
    if teller is not None:
        teller(part)


def check_wanted() -> None:
    """Raise Dropped where nobody waits for the answer that is being made."""
    if _question.get() in _dropped:
        raise AnswerDropped


def _send(number: int, part: str) -> None:
    for line in _lines:
        try:
            line.send_bytes(number.to_bytes(NUMBER, "big") + part.encode())
        except OSError:  # the server has gone, or has closed this line
            _lines.clear()
            return


# ---------------------------------------------------------------- in the server


class PartListener:
    """Where the server hears parts. `address` is None where no line can be had."""

    def __init__(self) -> None:
        self._heard: dict[int, Heard] = {}
        self._lines: list[Connection] = []
        self._lock = threading.Lock()
        self._closed = False
        self._listener: Listener | None = None
        try:
            self._listener = Listener(authkey=bytes(current_process().authkey), backlog=64)
        except OSError:
            _log.warning("answers come whole: no line for their parts can be opened here")
        else:
            threading.Thread(target=self._accept, name="parts", daemon=True).start()

    @property
    def address(self) -> str | None:
        """What a worker connects to."""
        return None if self._listener is None else str(self._listener.address)

    def expect(self, number: int, heard: Heard) -> None:
        """Call *heard* with each part that is told for a question."""
        self._heard[number] = heard

    def forget(self, number: int) -> None:
        """The question is answered: what is still told of it is not heard."""
        self._heard.pop(number, None)

    def drop(self, number: int) -> None:
        """Tell the workers that nobody waits for the answer to a question."""
        with self._lock:
            for line in list(self._lines):
                try:
                    line.send_bytes(number.to_bytes(NUMBER, "big"))
                except OSError:
                    self._lines.remove(line)

    def close(self) -> None:
        """Hear nothing more."""
        self._heard.clear()
        self._closed = True
        if self.address is not None:  # wakes who waits at the door, and he closes it
            with contextlib.suppress(OSError, EOFError):
                Client(self.address, authkey=bytes(current_process().authkey)).close()

    def _accept(self) -> None:
        assert self._listener is not None
        while True:
            try:
                line = self._listener.accept()
            except (AuthenticationError, EOFError, ConnectionError):
                continue  # somebody who may not come in, or who left at the door
            except OSError:
                if self._closed:
                    return
                _log.exception("a worker's line could not be opened")
                time.sleep(0.1)  # out of files, for example: it may pass
                continue
            if self._closed:
                line.close()
                self._listener.close()
                return
            with self._lock:
                self._lines.append(line)
            threading.Thread(target=self._read, args=(line,), name="parts", daemon=True).start()

    def _read(self, line: Connection) -> None:
        """Hear one worker until its line ends."""
        while True:
            try:
                told = line.recv_bytes()
            except (EOFError, OSError):
                break
            heard = self._heard.get(int.from_bytes(told[:NUMBER], "big"))
            try:
                if heard is not None:
                    heard(told[NUMBER:].decode())
            except Exception:
                _log.exception("a part could not be told")
        with self._lock:
            if line in self._lines:
                self._lines.remove(line)
