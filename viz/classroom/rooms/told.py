"""What a server tells its owner about the rooms: kept in memory, written to the log, and each
matter once.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from typing import Final

MOST_MESSAGES: Final = 1000
_log = logging.getLogger(__name__)


class Told:
    """The messages so far.

    A matter that is looked at again and again is told when it is another than before.
    """

    def __init__(self) -> None:
        self.messages: list[str] = []
        self._last: dict[str, str] = {}

    def say(self, message: str) -> None:
        """Tell the owner."""
        self.messages.append(message)
        del self.messages[:-MOST_MESSAGES]
        _log.warning("%s", message)

    def say_once(self, about: str, message: str) -> None:
        """Tell the owner, unless this is what was told of the matter last."""
        if self._new(about, message):
            self.say(message)

    def settled(self, about: str) -> None:
        """A matter is in order: if it comes up again, it is told again."""
        self._last.pop(about, None)

    @contextlib.contextmanager
    def alone(self, about: str) -> Iterator[None]:
        """Let one matter go wrong without the others; it is logged."""
        try:
            yield
        except Exception as error:
            if self._new(about, repr(error)):
                _log.exception("looking after the rooms: %s", about)
        else:
            self.settled(about)

    def _new(self, about: str, message: str) -> bool:
        before, self._last[about] = self._last.get(about), message
        return message != before
