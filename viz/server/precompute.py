"""What visitors will ask is computed while nobody asks anything: the many histories of each lever
at each of its stops, and of no lever moved. They are kept on disk (`cached_answer`), so that this
is done once a version, and a lever moved alone is answered at once from then on.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from itertools import zip_longest
from typing import Any, Final

from coercivity.experiments.lab.histories import DRAWS
from coercivity.experiments.lab.levers import lever_table, stops_near, story_day
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.model.basis.errors import InputError
from coercivity.viz.server import answer_cache, lab_jobs
from coercivity.viz.server.worker_pool import GUESS, WorkerPool

# "off": nothing is computed ahead; "all": the moved levers of OTHERS too, three times as much
SWITCH: Final = "COERCIVITY_AHEAD"
OTHERS: Final = ("Germany", "United States", "South Korea")  # states whose turn comes after
QUIET: Final = 15.0  # seconds for which nobody has to have asked anything
LOOK: Final = 3.0  # seconds between two looks

_log = logging.getLogger(__name__)

Question = tuple[Any, ...]


def questions(every: bool = False) -> Iterator[Question]:
    """Every history that is computed ahead, what is likeliest to be asked first: those of the state
    that the lab opens with, then no lever moved of the states of OTHERS; with *every* then their
    levers moved.
    """
    yield from _at_rest(LabSetting())
    yield from _lever_questions(LabSetting())
    others = [LabSetting(state=state) for state in OTHERS]
    for at_rest in others:
        yield from _at_rest(at_rest)
    for at_rest in others if every else ():
        yield from _lever_questions(at_rest)


def _at_rest(setting: LabSetting) -> Iterator[Question]:
    yield from _histories(setting, setting.base())
    yield from _histories(setting, setting.asked())


def _lever_questions(at_rest: LabSetting) -> Iterator[Question]:
    """Each lever of the state at the stops beside its rest, then at those further off."""
    levers, met = lever_table(at_rest.state), {at_rest.asked()}
    by_distance = zip_longest(
        *([(lever.id, stop) for stop in stops_near(lever, lever.rest)] for lever in levers)
    )
    for moved in (one for stops in by_distance for one in stops if one is not None):
        try:
            setting = check_setting(levers=dict([moved]), state=at_rest.state)
            scenario = setting.asked()
        except InputError:
            continue  # a lever that the scenario has no room for
        if scenario in met:
            continue  # how long a measure lasts that is not there, or ends by itself
        met.add(scenario)
        yield from _histories(setting, scenario)


def _histories(setting: LabSetting, scenario: Any) -> Iterator[Question]:
    day = story_day(setting.shipped)
    for number in range(DRAWS):
        yield (scenario, (), number, setting.state, day, False)


class Precompute:
    """Asks one question after the other at the lowest priority, while nobody else asks."""

    def __init__(
        self,
        engine: WorkerPool,
        wait: Callable[[float], bool] | None = None,
        in_use: Callable[[], bool] = lambda: False,
    ) -> None:
        """wait: lets so many seconds pass and says whether to end; tests give their own. in_use:
        whether a class plays: it asks for nothing while its teams talk, and then all at once.
        """
        self._engine, self._end, self._in_use = engine, threading.Event(), in_use
        self._wait = wait or self._end.wait

    def start(self) -> None:
        """Begin, in a thread that ends with the process. Does nothing where nothing is kept, or
        where it is switched off.
        """
        if answer_cache.place() is not None and os.environ.get(SWITCH) != "off":
            _started.append(self)
            threading.Thread(target=self.run, name="ahead", daemon=True).start()

    def stop(self) -> None:
        """Ask no more."""
        self._end.set()

    def run(self) -> None:
        """Until every question is answered, or the server ends. Whoever asks meanwhile gets the
        workers, and it goes on when he has been quiet for a while.
        """
        try:
            answer_cache.clear_old()
            every = os.environ.get(SWITCH) == "all"
            left = deque(one for one in questions(every) if not lab_jobs.is_stored(*one))
            while left and self._quiet() and self._while_quiet(left):
                pass
        except Exception:  # a convenience: the pages do without
            _log.exception("nothing more is computed ahead")

    def _while_quiet(self, left: deque[Question]) -> bool:
        """Ask one after the other, one more than there are workers at a time, until somebody else
        asks (True) or the server ends (False). What was not answered is left.
        """
        running: dict[Future[Any], Question] = {}
        mine = self._engine.asked
        while left or running:
            while left and len(running) <= self._engine.workers:
                question = left.popleft()
                try:
                    asked = self._engine.ask(lab_jobs.draw, *question, priority=GUESS)
                except InputError:  # visitors have filled the queue
                    left.appendleft(question)
                    break
                running[asked] = question
                mine += 1
            if self._wait(LOOK / 10):
                return False
            for future in [one for one in running if one.done()]:
                question = running.pop(future)
                if not future.cancelled() and (error := future.exception()) is not None:
                    _log.error("not computed ahead: %s", question[1:], exc_info=error)
            if self._engine.asked != mine or self._in_use():
                for future, question in running.items():
                    future.cancel()
                    left.appendleft(question)
                return True
        return True

    def _quiet(self) -> bool:
        """Wait until nobody has asked anything for a while; False when the server ends."""
        seen, since = -1, 0.0
        while since < QUIET:
            if self._wait(LOOK):
                return False
            asked = self._engine.asked
            rests = asked == seen and self._engine.at_rest and not self._in_use()
            since = since + LOOK if rests else 0.0
            seen = asked
        return True


_started: list[Precompute] = []


def stop_all() -> None:
    """Ask no more in this process."""
    while _started:
        _started.pop().stop()
