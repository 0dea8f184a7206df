"""What a fuzzer says about one try, and how tries are spread over processes: the same number and
seed give the same try everywhere.
"""

from __future__ import annotations

import random
import signal
import sys
import threading
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context

CHUNK = 10  # tries that a process takes at once


@dataclass(frozen=True)
class Tried:
    """One try: what came of it, counted by this word, and, where it is a fault, all that is needed
    to see it again.
    """

    outcome: str
    fault: str = ""


@dataclass
class Tally:
    """Tries so far: how often each outcome, and every fault with the number of its try."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[int, str]] = field(default_factory=list)

    def add(self, number: int, tried: Tried) -> None:
        self.outcomes[tried.outcome] += 1
        if tried.fault:
            self.faults.append((number, tried.fault))

    def words(self, what: str) -> str:
        counts = ", ".join(f"{name} {count:,}" for name, count in sorted(self.outcomes.items()))
        return f"{what}: {self.outcomes.total():,} tried ({counts}), {len(self.faults):,} faults"


def luck(kind: str, seed: int, number: int) -> random.Random:
    """The luck of one try, whatever was tried before it and in whichever process."""
    return random.Random(f"{kind} {seed} {number}")


class TooLong(Exception):
    """A try that did not end in time."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop a try that hangs, and turn warnings into errors as the tests do."""

    def ring(*_: object) -> None:
        raise TooLong(f"no end within {seconds:g} s")

    able = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    before = signal.signal(signal.SIGALRM, ring) if able else None
    if able:
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.filterwarnings("ignore", category=ResourceWarning)
            yield
    finally:
        if able:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            signal.signal(signal.SIGALRM, before)


def where(error: BaseException) -> str:
    """The last lines of a traceback on one line: what failed and in which file."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return f"{type(error).__name__}: {str(error)[:200]!r} at " + " < ".join(
        f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}" for frame in reversed(frames)
    )


def spread(
    one: Callable[[int, int], Tried], count: int, seed: int, workers: int, first: int = 0
) -> Tally:
    """Try the numbers from *first* on, in this process or in several."""
    tally = Tally()
    if workers <= 1:
        for number in range(first, first + count):
            tally.add(number, one(seed, number))
        return tally
    chunks = [
        range(at, min(at + CHUNK, first + count)) for at in range(first, first + count, CHUNK)
    ]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for numbers, found in zip(
            chunks,
            pool.map(_several, [one] * len(chunks), [seed] * len(chunks), chunks),
            strict=True,
        ):
            for number, tried in zip(numbers, found, strict=True):
                tally.add(number, tried)
            if sys.stderr.isatty():
                print(
                    f"\r{numbers[-1] + 1 - first:,} of {count:,}",
                    end="",
                    file=sys.stderr,
                    flush=True,
                )
    return tally


def _several(one: Callable[[int, int], Tried], seed: int, numbers: range) -> list[Tried]:
    return [one(seed, number) for number in numbers]
