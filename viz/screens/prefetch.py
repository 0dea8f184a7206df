"""Guesses at what is asked next: the stops beside a lever that a hand is near are computed while
nobody needs the workers, so that the next move may be answered at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any, Final

import solara

from coercivity.experiments.lab.histories import DRAWS
from coercivity.experiments.lab.levers import find_lever, stops_near, story_day
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.model.basis.errors import InputError
from coercivity.viz.server import lab_jobs
from coercivity.viz.server.worker_pool import GUESS, ask_engine
from coercivity.viz.words.language import language

GUESSES: Final = 4  # stops that are asked ahead, the nearest first
NEAREST: Final = 2  # of them, of which many histories are asked too
REST: Final = 0.3  # seconds for which the page has to be at rest before


def use_guesses(setting: LabSetting, near: str, ready: bool) -> None:
    """Ask for the stops beside the lever *near* ('' for none) once the page is at rest (*ready*);
    a newer setting or another lever takes back what has not begun.
    """
    code = language()

    def start() -> Callable[[], None] | None:
        if not (ready and near):
            return None
        waiting: list[Future[Any]] = []
        live = {"on": True}

        def begin() -> None:
            for question in questions(tuple(settings_near(setting, near)), code):
                if live["on"]:
                    try:
                        waiting.append(ask_engine(*question, priority=GUESS))
                    except InputError:
                        return  # the server has more to do than guess
                if not live["on"]:  # the hand has moved on meanwhile
                    take_back()
                    return

        def take_back() -> None:
            for future in waiting:
                future.cancel()

        later = threading.Timer(REST, begin)
        later.daemon = True
        later.start()

        def stop() -> None:
            live["on"] = False
            later.cancel()
            take_back()

        return stop

    solara.use_effect(start, [setting, near, ready])


def questions(wanted: tuple[LabSetting, ...], code: str) -> Iterator[tuple[Any, ...]]:
    """What the page would ask of each setting: its one history of all of them, then many histories
    of the nearest. code: the language in which the page would ask.
    """
    for setting in wanted:
        run = (setting.seed, setting.state, story_day(setting.shipped))
        yield (lab_jobs.history, setting.asked(), *run, code)
    for setting in wanted[:NEAREST]:
        fixed = tuple(name for name, _ in setting.assumptions)
        for number in range(DRAWS):
            day = story_day(setting.shipped)
            yield (lab_jobs.draw, setting.asked(), fixed, number, setting.state, day, True)


def settings_near(setting: LabSetting, lever_id: str) -> Iterator[LabSetting]:
    """Settings in which one lever stands at a stop nearby, the nearest first; what contradicts the
    others is left out.
    """
    lever = find_lever(lever_id)
    levers = dict(setting.levers)
    for value in stops_near(lever, levers.get(lever.id, lever.rest))[:GUESSES]:
        try:
            wanted = check_setting(
                scenario=setting.scenario,
                seed=setting.seed,
                state=setting.state,
                levers={**levers, lever.id: value},
                assumptions=dict(setting.assumptions),
                changes=setting.changes,
                own=setting.own,
                acts=setting.acts,
            )
            wanted.asked()
        except InputError:
            continue
        yield wanted
