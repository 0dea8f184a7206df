"""A brake: so many tries of one visitor in so many seconds, and no more.

Pure: its clock is given, and it remembers a bounded number of visitors.

    brake = Brake(5, 60.0, what="rooms")
    brake.ask(address)  # raises InputError, one line, that says how long to wait

A refused try does not count, so that waiting helps.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from coercivity import InputError
from coercivity.model.basis.errors import Phrase


class Brake:
    """At most *most* tries of a key in any *seconds*. Several threads may use it."""

    def __init__(
        self,
        most: int,
        seconds: float,
        now: Callable[[], float] = time.monotonic,
        *,
        what: str = "tries",
        keys: int = 10_000,
    ) -> None:
        self.most, self.seconds, self.now, self.what, self.keys = most, seconds, now, what, keys
        self._tries: OrderedDict[str, tuple[float, ...]] = (
            OrderedDict()
        )  # the key that tried last stands last
        self._lock = threading.Lock()

    def ask(self, key: str) -> None:
        """Count one try of *key*. Raises InputError if there were too many of late."""
        with self._lock:
            moment = self.now()
            recent = self._check(key, moment)
            self._tries[key] = (*recent, moment)
            self._tries.move_to_end(key)
            while len(self._tries) > self.keys:  # whoever tried longest ago is forgotten
                self._tries.popitem(last=False)

    def check(self, key: str) -> None:
        """Raise InputError if *key* has tried too often of late; count nothing."""
        with self._lock:
            self._check(key, self.now())

    def __len__(self) -> int:
        return len(self._tries)

    def _check(self, key: str, moment: float) -> tuple[float, ...]:
        """The tries of *key* that still count.

        Those after *moment* were made before the clock was turned back, and do not.
        """
        recent = tuple(
            tried for tried in self._tries.get(key, ()) if 0.0 <= moment - tried < self.seconds
        )
        if len(recent) >= self.most:
            wait = max(1, math.ceil(self.seconds - (moment - recent[-self.most])))
            raise InputError(
                "{what}: {count} in {span} are enough",
                "wait {wait} and try again",
                what=Phrase(self.what),
                count=self.most,
                span=_wait_phrase(self.seconds),
                wait=_wait_phrase(wait),
            )
        return recent


def _wait_phrase(seconds: float) -> Phrase:
    """A length of time in words."""
    if seconds == 60:
        return Phrase("a minute")
    if seconds < 120:
        return Phrase.of("{count} seconds", count=f"{seconds:g}")
    if seconds == 3600:
        return Phrase("an hour")
    return Phrase.of("{count} minutes", count=math.ceil(seconds / 60))
