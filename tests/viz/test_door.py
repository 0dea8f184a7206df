"""The door without a browser: its numbers are those of tables and histories, and the address chooses between it and the lab."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.lab.histories import SOON, DrawnHistory, Histories
from coercivity.experiments.lab.levers import find_lever
from coercivity.experiments.lab.link import to_query
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import load_shipped
from coercivity.viz.page_data import chain_data, door_data
from coercivity.viz.page_data.lab_charts_of_many_histories import HistoryPairs
from coercivity.viz.screens import door
from coercivity.viz.screens.session_state import present_query
from coercivity.viz.server import lab_jobs
from coercivity.viz.words import door_text
from coercivity.viz.words.lab_text import question_of
from tests.names import STATES
from tests.viz.rendered import Desk, Shown, Timer, shown

ROOT = Path(__file__).resolve().parents[2]
ASKED = FindingRequest(Facts.default(), "Japan", "without it")


def rows(table: str) -> list[dict[str, str]]:
    """A table as it lies on the disk."""
    with (ROOT / "model" / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def made(prefix: str, state: str = "") -> float:
    """Tonnes that a state, or all of them, make at the start."""
    return sum(
        float(row["tonnes_per_year"])
        for row in rows("stage_output")
        if row["start"] == "2024-01"
        and row["process"].startswith(prefix)
        and state in ("", row["state"])
    )


@pytest.mark.parametrize(
    ("step", "prefix"),
    [("mines", "mine_"), ("separation", "separate_"), ("magnets", "make_magnet_")],
)
def test_the_circles_are_the_shares_of_the_table_of_outputs(step: str, prefix: str) -> None:
    (one,) = [one for one in door_data.facts_data()["steps"] if one["id"] == step]
    shares = {state: made(prefix, state) / made(prefix) for state in STATES}
    assert one["china"] == f"{100 * shares['China']:.0f}%"
    assert one["share"] == f"{100 * shares['China']:.0f}% in China"
    assert {place["state"]: place["share"] for place in one["places"]} == pytest.approx(
        {state: share for state, share in shares.items() if share > 0 and state != "Rest of world"},
        rel=1e-4,
    )
    named = {place["state"]: place["label"] for place in one["places"] if place["label"]}
    assert set(named) == {state for state, share in shares.items() if share >= 0.04}
    for state, label in named.items():
        assert label.endswith(f" {100 * shares[state]:.0f}%")
        assert f"{state} {100 * shares[state]:.0f}%" in one["words"]
    assert one["source"]["url"] in {row["url"] for row in rows("stage_output")}


def test_one_share_of_mining_is_told() -> None:
    """By tonnes of oxide at the start of 2024, on the door and beside the chain; no claim has another."""
    mined, separated, magnets = (one["china"] for one in door_data.facts_data()["steps"])
    assert chain_data.facts_in_words(Facts.default()) == (
        "These are shares of what each stage sends on in one quarter of one history. On record, at "
        f"the start of 2024, China mined {mined} of the world's tonnes, separated {separated} and "
        f"made {magnets} of the magnets (the project's reckoning)."
    )
    told = " ".join(row["words"] + row["other_words"] for row in rows("claims"))
    assert not re.search(r"mines \d+%", told)


def test_the_acts_are_those_of_the_timeline_and_of_the_scenario() -> None:
    acts = door_data.facts_data()["acts"]
    timeline = {row["id"]: row for row in rows("timeline")}
    events = {event.id: event for event in load_shipped("japan-2026").events}
    for act, name, date in zip(
        acts, ("T041", "T059"), ("4 April 2025", "6 January 2026"), strict=True
    ):
        assert act["date"] == date == door_text.day(timeline[name]["date"])
        assert events[name].date == timeline[name]["date"]
        assert act["url"] == events[name].source == timeline[name]["url"]
    assert "7 rare earths" in acts[0]["words"]
    assert "military" in events["T059"].text
    assert timeline["T059"]["official_framing"].endswith("civilian users will not be affected")
    marked = [door_data.facts_data()["months"][at] for at, _ in door_data.facts_data()["marks"]]
    assert marked == ["2026-01"]


def test_the_lever_has_every_option_of_the_lab_and_goes_from_the_mildest_to_the_hardest() -> None:
    """No option costs less than a milder one by more than luck (refuted by two standard errors)."""
    lever = find_lever(door_data.LEVER)
    assert sorted(door_data.STOPS) == [float(k) for k in range(len(lever.options))]
    words = dict(map(tuple, door_data.stops_of_lever()))
    assert words[lever.rest] == door_text.TURN_REST
    assert {words[k] for k in words if k != lever.rest} == set(lever.options[1:])
    levers = json.loads((ROOT / "docs" / "results" / "monotone.json").read_text(encoding="utf-8"))
    of_lever = levers["levers"][door_data.LEVER]
    measured = of_lever["measures"]["lost"]
    lost = dict(zip(of_lever["settings"], measured["gaps"], strict=True))
    in_order = np.array([lost[value] for value in door_data.STOPS])
    fallen = np.maximum.accumulate(in_order) - in_order
    assert (fallen <= 2.0 * measured["error"]).all()


def some(count: int, stops: int, lost: float, dip: float = 0.5, at: int = 24) -> Histories:
    """Histories of which the first so many stop a line after half a year."""
    found = Histories(at)
    for number in range(count):
        line = np.concatenate([np.ones(at), np.full(SOON + 1, dip + 0.01 * number)])
        day = 180.0 if number < stops else None
        headlines = {"first_stop_days": day, "output_lost_24m": lost * (1 + 0.01 * number)}
        found.add(number, DrawnHistory(headlines, {door_data.SERIES: line}, False, at + SOON + 1))
    return found


def test_the_answer_waits_for_both_sides_and_says_so() -> None:
    for twin in (Histories(24), some(8, 0, 0.0)):
        assert door_text.stop_sentence(some(20, 19, 10.0), twin, ASKED) == ""
        assert door_text.lost_sentence(some(20, 19, 60.0), twin, ASKED) == ""
    held = HistoryPairs(some(20, 19, 60.0), some(8, 0, 10.0))
    for told in (
        json.loads(door_data.story_json(held, "mark", ASKED)),
        json.loads(door_data.turn_json(held, held, "mark", ASKED)),
    ):
        assert told["sentence"] == ""
        assert told["waits"] == (
            f"20 of 20 histories so far, and 8 of the same {ASKED.twin}. The answer comes with both."
        )
    assert door_text.stop_sentence(some(3, 3, 10.0), some(3, 0, 0.0), ASKED) == ""
    assert door_text.lost_sentence(some(3, 3, 10.0), some(3, 0, 0.0), ASKED) == ""


@pytest.fixture
def page(desk: Desk, timers: list[Timer]) -> Iterator[Shown]:
    with shown(door.Page) as one:
        yield one


def answer(desk: Desk, scenario: Any, drawn: Histories) -> None:
    """Answer what waits for draws of a scenario."""
    for one in desk.waiting(lab_jobs.draw):
        if one.args[0] == scenario:
            one.future.set_result(drawn.drawn[one.args[2]].packed())


@pytest.mark.parametrize(
    ("path", "search", "is_door"),
    [
        ("/", None, True),
        ("/", "", True),
        ("", None, True),
        (None, None, True),
        ("/", "lang=de", True),
        ("/", "scenario=japan-2026", False),
        ("/", "lang=de&scenario=japan-2026", False),
        ("/", "seed=3", False),
        ("/", "nonsense", False),
    ],
)
def test_the_door_is_shown_to_whom_the_address_names_nothing(
    path: str | None, search: str | None, is_door: bool
) -> None:
    assert door.is_door(path, search) == is_door


def test_an_address_that_asks_shows_the_lab_and_the_door_asks_for_no_single_history(
    desk: Desk, timers: list[Timer]
) -> None:
    with shown(door.Page, "/?lever.firms_stock=2&seed=3") as page:
        assert not page.parts("story")
        assert page.part("pick").controls["seed"] == 3
        assert desk.waiting(lab_jobs.history)
    with shown(door.Page) as page:
        assert page.part("story").controls["value"] == 0.0
        assert not page.parts("pick")
        assert not desk.waiting(lab_jobs.history)
        page.go("/?seed=3")
        assert page.part("pick").controls["seed"] == 3
        page.go("/")
        assert page.part("story")


def test_the_histories_come_in_and_are_told(page: Shown, desk: Desk) -> None:
    first = LabSetting()
    assert json.loads(page.part("story").story)["sentence"] == ""
    answer(desk, first.asked(), some(20, 19, 10.0))
    answer(desk, first.base(), some(20, 1, 0.0))
    story = json.loads(page.part("story").story)
    twin = question_of(first).twin
    assert story["sentence"] == (
        f"In 19 of 20 histories a maker in Japan has to stop a running line within two years; {twin}, in 1."
    )
    assert story["twin_words"] == twin
    turn = json.loads(page.part("story").turn)
    assert turn["sentence"].startswith("Makers in Japan lose output worth USD 10.2 to 11.7 bn")
    assert turn["mine"] == turn["rest"]


def test_the_lever_is_answered_with_its_own_setting_and_what_happened_stays(
    page: Shown, desk: Desk
) -> None:
    first, moved = LabSetting(), check_setting(levers={door_data.LEVER: 5})
    answer(desk, first.asked(), some(20, 19, 10.0))
    answer(desk, first.base(), some(20, 1, 0.0))
    before = page.part("story").story
    page.tell("move", 5.0)
    assert json.loads(page.part("story").turn)["sentence"] == ""  # none of another setting
    answer(desk, moved.asked(), some(20, 20, 60.0))
    answer(desk, moved.base(), some(20, 19, 10.0))
    turn = json.loads(page.part("story").turn)
    assert turn["sentence"] == door_text.lost_sentence(
        some(20, 20, 60.0), some(20, 19, 10.0), question_of(moved)
    )
    assert question_of(moved).twin in turn["sentence"]
    assert page.part("story").story == before
    assert page.part("story").controls["value"] == 5.0
    assert page.part("story").controls["query"] == to_query(moved) == present_query.value
