"""The lab without a browser: how its histories are asked, shown as they come, and taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.lab.histories import DRAWS, FEWEST, DrawnHistory, Histories
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.viz.screens import histories, lab
from coercivity.viz.server import lab_jobs
from coercivity.viz.server.worker_pool import BAND, PAGE
from tests.viz.rendered import Desk, Shown, Timer, shown


@pytest.fixture
def page(desk: Desk, timers: list[Timer]) -> Iterator[Shown]:
    with shown(lab.Page) as one:
        yield one


def told(page: Shown) -> dict[str, Any]:
    return dict(json.loads(page.part("pick").many))


def a_draw(number: int, whole: bool = False) -> bytes:
    lines = {"prices/dysprosium_oxide": np.array([float(number), np.nan])}
    return DrawnHistory({"first_stop_days": None}, lines, whole, 49).packed()


def asked_of(desk: Desk, twin: bool, soon: bool) -> list[Any]:
    """What waits of a setting or of its twin, the first two years or the whole."""
    scenario = LabSetting().base() if twin else LabSetting().asked()
    return [
        one
        for one in desk.waiting(lab_jobs.draw)
        if one.args[0] == scenario and one.args[-1] is soon
    ]


def test_two_years_of_each_history_are_asked_at_once_and_the_whole_when_the_hand_rests(
    page: Shown, desk: Desk, timers: list[Timer]
) -> None:
    for twin in (False, True):
        asked = asked_of(desk, twin, soon=True)
        assert [one.args[2] for one in asked] == list(range(DRAWS))
        assert {one.priority for one in asked} == {PAGE}
        assert asked_of(desk, twin, soon=False) == []
    (timer,) = timers
    timer.act()
    for twin in (False, True):
        asked = asked_of(desk, twin, soon=False)
        assert len(asked) == DRAWS
        assert {one.priority for one in asked} == {BAND}


def test_an_answer_is_told_from_four_histories_on_and_then_every_four(
    page: Shown, desk: Desk, timers: list[Timer]
) -> None:
    asked = asked_of(desk, twin=False, soon=True)
    for number, one in enumerate(asked[: FEWEST - 1]):
        one.future.set_result(a_draw(number))
    assert (told(page)["came"], told(page)["answer"]) == (0, "")
    asked[FEWEST - 1].future.set_result(a_draw(FEWEST - 1))
    found = told(page)
    assert (found["came"], found["whole"], found["draws"]) == (FEWEST, 0, DRAWS)
    assert found["answer"].startswith("In none of 4 histories")
    (edges,) = found["edges"].values()
    assert edges == [
        [0.0, None],
        [1.5, None],
        [3.0, None],
    ]  # of four none lies beyond an edge; where none is defined there is no band
    assert found["ranges"] == {"prices/dysprosium_oxide": ["0 – 3", ""]}
    asked[FEWEST].future.set_result(a_draw(9))
    assert told(page)["came"] == FEWEST
    for one in asked[FEWEST + 1 : 2 * FEWEST]:
        one.future.set_result(a_draw(9))
    assert told(page)["came"] == 2 * FEWEST
    timers[-1].act()
    for one in asked_of(desk, twin=False, soon=False)[:FEWEST]:
        one.future.set_result(a_draw(9, whole=True))
    assert (told(page)["came"], told(page)["whole"]) == (2 * FEWEST, FEWEST)


def test_several_levers_are_reckoned_until_the_models_own_histories_are_there(
    page: Shown, desk: Desk, timers: list[Timer], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    several = check_setting(levers={"firms_stock": 6, "japan_stockpile": 2}).asked()

    def kept(part: Any) -> Histories | None:
        asked.append(part.scenario)
        if part.scenario == several:
            return None
        found = Histories(part.at)
        for number in range(DRAWS):
            found.add(number, DrawnHistory.unpacked(a_draw(number, whole=True)))
        return found

    monkeypatch.setattr(histories, "stored_histories", kept)
    page.tell("move", {"lever": "firms_stock", "value": 6})
    found = told(page)  # one lever is nothing to be reckoned: it is kept, or not
    assert (found["came"], found["estimated"], found["whole"]) == (DRAWS, 0, DRAWS)
    assert not [one for one in desk.waiting(lab_jobs.draw) if one.priority != BAND]
    asked.clear()
    page.tell("move", {"lever": "japan_stockpile", "value": 2})
    alone = [{}, {"firms_stock": 6}, {"japan_stockpile": 2}]
    assert asked[2:] == [check_setting(levers=levers).asked() for levers in alone]
    found = told(page)
    assert (found["came"], found["estimated"], found["whole"]) == (DRAWS, DRAWS, 0)
    assert found["ran"] == 0
    assert found["answer"]
    setting = several
    timers[-1].act()
    own = [
        one for one in desk.waiting(lab_jobs.draw) if one.args[0] == setting and not one.args[-1]
    ]
    for one in own[:FEWEST]:
        one.future.set_result(a_draw(9, whole=True))
    found = told(page)
    assert (found["came"], found["estimated"], found["whole"]) == (DRAWS, DRAWS - FEWEST, FEWEST)
    assert found["ran"] == FEWEST


def test_a_new_setting_takes_the_draws_of_the_old_one_back(
    page: Shown, desk: Desk, timers: list[Timer]
) -> None:
    timers[0].act()
    asked = asked_of(desk, twin=False, soon=True)
    asked[0].future.set_running_or_notify_cancel()  # this one has begun, and nothing can stop it
    page.tell("move", {"lever": "firms_stock", "value": 6})
    assert not timers[0].live
    assert all(one.future.cancelled() for one in asked[1:])
    asked[0].future.set_result(a_draw(9))  # too late: it belongs to another setting
    assert told(page)["came"] == 0
    waiting = len(desk.waiting(lab_jobs.draw))
    timers[0].act()  # a timer that had gone off already
    assert len(desk.waiting(lab_jobs.draw)) == waiting


def test_a_history_that_fails_leaves_the_others(
    page: Shown, desk: Desk, timers: list[Timer], caplog: pytest.LogCaptureFixture
) -> None:
    desk.answer(lab_jobs.history, "a history")
    asked = asked_of(desk, twin=False, soon=True)
    asked[0].future.set_exception(RuntimeError("one draw"))
    for number, one in enumerate(asked[1:]):
        one.future.set_result(a_draw(number))
    assert told(page)["came"] == 4 * ((DRAWS - 1) // 4)
    assert "one draw" in caplog.text
    assert page.part("move").controls["problem"] == ""


def test_only_lines_of_the_charts_can_be_picked(
    page: Shown, desk: Desk, timers: list[Timer]
) -> None:
    page.tell("pick", {"prices": "terbium_oxide", "anything": "else"})
    lines = {f"prices/{good}": np.arange(3.0) for good in ("terbium_oxide", "dysprosium_oxide")}
    desk.answer(lab_jobs.draw, DrawnHistory({}, lines, whole=False, months=49).packed())
    assert list(told(page)["edges"]) == ["prices/terbium_oxide"]
    page.tell("pick", {"prices": "dysprosium_oxide"})
    assert list(told(page)["edges"]) == ["prices/dysprosium_oxide"]
