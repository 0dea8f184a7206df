"""Asking for many histories of a setting and of the one it is compared with: they come one by one,
the first two years of each before the whole.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final

import solara

from coercivity.experiments.lab.histories import DRAWS, DrawnHistory, Histories
from coercivity.experiments.lab.lever_emulator import emulate_histories
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.setting import LabSetting
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.page_data.lab_charts_of_many_histories import HistoryPairs
from coercivity.viz.screens.hooks import current_context, outcome, tell_page, when_done
from coercivity.viz.server import lab_jobs
from coercivity.viz.server.worker_pool import BAND, PAGE, ask_engine

# Seconds for which a hand has to rest before the histories begin that run to the end: most settings
# on the way to another need none of these.
REST: Final = 0.8
AGAIN: Final = 10.0  # seconds after which a busy server is asked again
TOLD_EVERY: Final = 4  # histories between two answers


@dataclass(frozen=True)
class Source:
    """What histories are drawn of: a scenario, the parameters that stay as it has them, the state
    looked at, and the day from which is counted.
    """

    scenario: Scenario
    fixed: tuple[str, ...]
    state: str
    since: str

    @property
    def at(self) -> int:
        """The month at which the count begins."""
        return month_index(self.scenario.start, self.since)


def source_of(setting: LabSetting, scenario: Scenario, since: str | None = None) -> Source:
    """What is drawn of a setting's scenario, or of its twin's: what the visitor assumed stays."""
    fixed = tuple(name for name, _ in setting.assumptions)
    return Source(scenario, fixed, setting.state, since or story_day(setting.shipped))


def use_histories(
    mine: Source, twin: Source | None, parts: tuple[Source, ...] = (), wanted: bool = True
) -> HistoryPairs:
    """Histories of two sources, those that have come so far: the first two years of each asked at
    once, the whole of each when the hand rests; a newer question takes back what is not there yet.
    parts: what *mine* is reckoned from until then, where their histories are kept. Without a *twin*
    the histories stand beside another answer: only whole ones are asked, and only while they are
    *wanted*; those that are kept are there at once.
    """
    held = solara.use_memo(
        lambda: HistoryPairs.of(mine.at, twin.at if twin else None), [mine, twin]
    )
    told, set_told = solara.use_state((held, 0, False))
    sides = [(mine, held.mine)] + ([(twin, held.twin)] if twin else [])

    def start() -> Callable[[], None]:
        waiting: list[Future[Any]] = []
        live = {"on": True}
        context = current_context()
        for source, histories in sides:
            if not histories.whole and (known := stored_histories(source)) is not None:
                for number, drawn in known.drawn.items():
                    histories.add(number, drawn)
        if not len(held.mine):
            for number, reckoned in reckon(parts).items():
                held.mine.add(number, reckoned)

        def one(number: int, histories: Histories, future: Future[Any]) -> None:
            if not live["on"] or future.cancelled():
                return
            value, problem = outcome(future, "draw")
            if not problem:
                histories.add(number, DrawnHistory.unpacked(value))
                held.refused = False
                if held.count % TOLD_EVERY == 0 or held.settled:
                    tell()

        def tell() -> None:
            if live["on"]:
                set_told((held, held.count, held.refused))

        questions: set[tuple[Source, int, bool]] = set()
        timers: list[threading.Timer] = []

        def begin(soon: bool) -> None:
            for source, histories in sides:
                for number in range(DRAWS):
                    question = (source, number, soon)
                    if histories.is_whole(number) or question in questions:
                        continue  # it was kept, or is asked already
                    asked = ask_draw(*question) if live["on"] else None
                    if asked is None:  # a busy server takes the others later
                        held.refused = True
                        tell_page(tell, context)
                        in_a_while(AGAIN, soon)
                        return
                    questions.add(question)
                    waiting.append(asked)
                    when_done(asked, partial(one, number, histories), context)

        def in_a_while(seconds: float, soon: bool) -> None:
            if live["on"]:
                timers.append(threading.Timer(seconds, lambda: begin(soon=soon)))
                timers[-1].daemon = True
                timers[-1].start()

        if twin is not None:
            begin(soon=True)
        if len(held.mine):
            tell()
        if wanted and not held.settled:
            in_a_while(REST, soon=False)

        def stop() -> None:
            live["on"] = False
            for timer in timers:
                timer.cancel()
            for future in waiting:
                future.cancel()

        return stop

    solara.use_effect(start, [mine, twin, wanted])
    return held if told[0] is held else HistoryPairs()


def reckon(parts: tuple[Source, ...]) -> dict[int, DrawnHistory]:
    """Histories of several levers from those of each, where all of these are kept."""
    found = [stored_histories(part) for part in parts]
    known = [one for one in found if one is not None]
    if not parts or len(known) < len(parts):
        return {}
    return dict(emulate_histories(known[0], known[1:], parts[0].state).drawn)


@lru_cache(maxsize=64)
def _read_histories(part: Source) -> Histories:
    """All histories of a source, from the disk. Raises KeyError where one is not there."""
    found = Histories(part.at)
    for number in range(DRAWS):
        data = lab_jobs.stored_draw(part.scenario, part.fixed, number, part.state, part.since)
        if data is None:
            raise KeyError(number)  # and so nothing is remembered of it
        found.add(number, DrawnHistory.unpacked(data))
    return found


def stored_histories(part: Source) -> Histories | None:
    """All histories of a source, where all of them are kept."""
    try:
        return _read_histories(part)
    except KeyError:
        return None


def ask_draw(source: Source, number: int, soon: bool) -> Future[Any] | None:
    """Ask for one history; a busy server takes fewer (None), and the page says how many came."""
    asked = (source.scenario, source.fixed, number, source.state, source.since, soon)
    try:
        return ask_engine(lab_jobs.draw, *asked, priority=PAGE if soon else BAND)
    except InputError:
        return None
