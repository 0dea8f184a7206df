"""What each of several measures adds, on the page of the lab: asked by a button, told as its histories come."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest

from coercivity.experiments.lab.histories import DRAWS, DrawnHistory
from coercivity.experiments.lab.setting import check_setting
from coercivity.experiments.lab.without_each import without_each
from coercivity.viz.screens import histories, lab
from coercivity.viz.server import lab_jobs
from coercivity.viz.words.each_adds import part_words
from tests.viz.rendered import Desk, Shown, Timer, shown

LEVERS = {"china_measure": 5.0, "firms_stock": 6.0}


@pytest.fixture
def page(desk: Desk, timers: list[Timer], monkeypatch: pytest.MonkeyPatch) -> Iterator[Shown]:
    monkeypatch.setattr(histories, "stored_histories", lambda part: None)
    with shown(lab.Page) as one:
        yield one


def moved(page: Shown) -> None:
    for lever, value in LEVERS.items():
        page.tell("move", {"lever": lever, "value": value})


def one(lost: float) -> bytes:
    """A history that loses so much in two years."""
    return DrawnHistory({"output_lost_24m": lost}, {"all": np.zeros(60)}, False, 60).packed()


def test_nothing_is_offered_where_one_thing_was_set(page: Shown) -> None:
    page.tell("move", {"lever": "firms_stock", "value": 6})
    assert page.parts("toggle") == []


def test_it_is_asked_by_the_button_alone(page: Shown, desk: Desk) -> None:
    moved(page)
    setting = check_setting(levers=LEVERS)
    others = {part.without.asked().fingerprint() for part in without_each(setting)}

    def asked() -> set[str]:
        return {
            question.args[0].fingerprint()
            for question in desk.waiting(lab_jobs.draw)
            if question.args[0].fingerprint() in others
        }

    assert asked() == set()
    page.tell("toggle")
    assert asked() == others
    page.tell("toggle")  # hidden again: taken back
    assert asked() == set()


def test_each_measure_is_told_with_its_difference(page: Shown, desk: Desk) -> None:
    moved(page)
    page.tell("toggle")
    setting = check_setting(levers=LEVERS)
    lost = {setting.asked().fingerprint(): 3.0}
    for part in without_each(setting):  # without the ban less is lost, without the stock more
        (name, _), *_ = part.levers
        lost[part.without.asked().fingerprint()] = 1.0 if name == "china_measure" else 5.0
    for question in desk.waiting(lab_jobs.draw):
        asked = lost.get(question.args[0].fingerprint())
        if asked is not None:
            question.future.set_result(one(asked + 0.01 * question.args[2]))
    told = {one.what: json.loads(one.found) for one in page.parts("what")}
    assert list(told) == [part_words(part, setting) for part in without_each(setting)]
    ban, stock = (
        told["Measure against Japan: ban on everything"],
        told["Extra stock that firms hold: 6 months of use"],
    )
    for found, better in ((ban, 0), (stock, DRAWS)):
        (row,) = [row for row in found["rows"] if row["id"] == "output_lost_24m"]
        assert (row["better"], row["of"], row["sure"]) == (better, DRAWS, True)
