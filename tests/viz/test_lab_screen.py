"""The lab without a browser: what it asks, what it shows of an answer, and what a visitor reads when something is wrong."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from threading import Event
from typing import Any

import pytest

from coercivity.experiments.lab.histories import DRAWS
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.model.basis.errors import InputError
from coercivity.viz.documents import download
from coercivity.viz.screens import hooks, lab, prefetch
from coercivity.viz.screens.session_state import present_query
from coercivity.viz.server import exports, lab_jobs
from coercivity.viz.server.worker_pool import GUESS, LEVER
from tests.viz.rendered import BUSY, BUSY_SAID, Desk, Shown, Timer, shown
from tools.check.patience import patient


@pytest.fixture
def page(desk: Desk, timers: list[Timer]) -> Iterator[Shown]:
    with shown(lab.Page) as one:
        yield one


def query(page: Shown) -> str:
    return str(page.part("move").controls["query"])


def problem(page: Shown) -> str:
    return str(page.part("move").controls["problem"])


class Visitor:
    """A visitor's kernel: *inside* while something happens in it."""

    def __init__(self) -> None:
        self.closed_event = Event()
        self.inside = False

    def __enter__(self) -> None:
        self.inside = True

    def __exit__(self, *_: object) -> None:
        self.inside = False


def test_an_answer_is_told_in_its_visitors_own_context_and_not_after_he_left(desk: Desk) -> None:
    stays, leaves = Visitor(), Visitor()
    told: list[tuple[str, bool]] = []
    answer: Future[str] = Future()
    for name, one in (("stays", stays), ("leaves", leaves)):
        hooks.when_done(
            answer,
            lambda done, name=name, one=one: told.append((name + " " + done.result(), one.inside)),
            one,
        )  # type: ignore[misc]
    leaves.closed_event.set()
    answer.set_result("an answer")
    assert told == [("stays an answer", True)]
    assert not stays.inside


def test_what_the_server_knows_already_is_shown_at_once(desk: Desk, timers: list[Timer]) -> None:
    desk.known = {lab_jobs.history: "a history", lab_jobs.twin: "its twin"}
    with shown(lab.Page) as page:
        part = page.part("pick")
        assert (part.page, part.twin, part.controls["busy"]) == ("a history", "its twin", False)
        assert len(timers) == 1  # and whole histories wait for a hand that rests, as ever


def test_the_newest_question_counts_and_the_older_one_is_taken_back(
    page: Shown, desk: Desk
) -> None:
    (first,) = desk.waiting(lab_jobs.history)
    assert first.priority == LEVER
    page.tell("move", {"lever": "firms_stock", "value": 6})
    assert first.future.cancelled()
    assert page.part("pick").controls["busy"]
    desk.answer(lab_jobs.history, "the new history")
    assert page.part("pick").page == "the new history"
    assert not page.part("pick").controls["busy"]


def test_moves_that_come_while_an_answer_is_being_drawn_are_all_heard(
    page: Shown, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.tell("move", {"lever": "japan_stockpile", "value": 3})
    begun, moved, values = Event(), Event(), lab.lever_values

    def slowly(setting: LabSetting) -> dict[str, float]:
        if threading.current_thread() is drawing:
            begun.set()
            assert moved.wait(patient(60.0))
        return values(setting)

    monkeypatch.setattr(lab, "lever_values", slowly)
    drawing = threading.Thread(target=lambda: desk.answer(lab_jobs.history, "a history"))
    drawing.start()
    assert begun.wait(patient(60.0))
    page.tell("move", {"lever": "firms_stock", "value": 2})
    for value in (4, 5, 3):
        page.tell("move", {"lever": "japan_stockpile", "value": value})
    moved.set()
    drawing.join()
    shown_values = page.part("move").values
    assert (shown_values["japan_stockpile"], shown_values["firms_stock"]) == (3, 2)
    page.tell("undo")
    assert page.part("move").values["japan_stockpile"] == 5


def test_the_first_year_is_shown_until_the_whole_is_there(page: Shown, desk: Desk) -> None:
    (first,) = desk.waiting(lab_jobs.history)
    assert first.heard is not None
    first.heard("its first year")
    assert page.part("pick").part == "its first year"
    desk.answer(lab_jobs.history, "a history")
    assert (page.part("pick").part, page.part("pick").page) == ("", "a history")
    first.heard("its first year, late")
    assert page.part("pick").part == ""
    page.tell("move", {"lever": "firms_stock", "value": 6})
    (second,) = desk.waiting(lab_jobs.history)
    first.heard("of the setting before")
    assert page.part("pick").part == ""
    assert second.heard is not None
    second.heard("of the setting now")
    assert (page.part("pick").part, page.part("pick").page) == ("of the setting now", "a history")


def test_stops_beside_the_hand_are_asked_ahead_by_a_page_at_rest(
    page: Shown, desk: Desk, timers: list[Timer]
) -> None:
    page.tell("near", "firms_stock")
    assert not [one for one in timers if one.rest == prefetch.REST]  # not before its line
    desk.answer(lab_jobs.history, "a history")
    (guess,) = [one for one in timers if one.rest == prefetch.REST and one.live]
    guess.act()
    asked = desk.waiting(lab_jobs.history)
    assert {one.priority for one in asked} == {GUESS}
    levers = [
        dict(setting.levers) for setting in prefetch.settings_near(LabSetting(), "firms_stock")
    ]
    assert levers == [{"firms_stock": value} for value in (0.5, 1.0, 1.5, 2.0)]
    assert [one.args[0] for one in asked] == [check_setting(levers=one).asked() for one in levers]
    draws = [one for one in desk.waiting(lab_jobs.draw) if one.priority == GUESS]
    assert [one.args[0] for one in draws[::DRAWS]] == [one.args[0] for one in asked[:2]]
    assert len(draws) == 2 * DRAWS
    page.tell("move", {"lever": "firms_stock", "value": 1})
    assert all(one.future.cancelled() for one in asked)
    (moved,) = desk.waiting(lab_jobs.history)
    assert (moved.args, moved.priority) == (asked[1].args, LEVER)  # the very question guessed


def test_a_model_that_fails_is_told_and_the_last_picture_stays(
    page: Shown, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.answer(lab_jobs.history, "a history")
    page.tell("move", {"lever": "firms_stock", "value": 6})
    desk.answer(lab_jobs.history, RuntimeError("a secret of the server"))
    assert problem(page) == hooks.FAILED
    assert page.part("pick").page == "a history"
    assert "a secret of the server" in caplog.text  # in the log, and nowhere else
    page.tell("undo")
    desk.answer(lab_jobs.history, "again")
    assert (problem(page), page.part("pick").page) == ("", "again")


def test_a_busy_server_is_told_and_the_page_works_again_later(
    desk: Desk, timers: list[Timer]
) -> None:
    desk.refusal = BUSY
    with shown(lab.Page) as page:
        assert problem(page) == BUSY_SAID
        assert not page.part("pick").controls["busy"]
        desk.refusal = ()
        page.tell("choose", {"seed": "7"})
        assert problem(page) == ""
        desk.answer(lab_jobs.history, "seven")
        assert page.part("pick").page == "seven"


def test_every_move_stands_in_the_address_and_can_be_taken_back(page: Shown) -> None:
    seen = [query(page)]
    for event, given in (
        ("move", {"lever": "firms_stock", "value": 6}),
        ("assume", {"name": "hurdle_weight", "value": 0.9}),
        ("choose", {"state": "Germany"}),
        ("rest", "firms_stock"),
    ):
        page.tell(event, given)
        assert problem(page) == ""
        seen.append(query(page))
    assert "firms_stock" in seen[1]
    assert "hurdle_weight" in seen[2]
    assert "Germany" in seen[3]
    assert "firms_stock" not in seen[4]
    assert "hurdle_weight" in seen[4]
    assert present_query.value == seen[-1]  # what the frame's links carry to the other pages
    for before in reversed(seen[:-1]):
        page.tell("undo")
        assert query(page) == before
    page.tell("undo")  # nothing is left to take back
    assert query(page) == seen[0]


def test_back_before_the_address_that_was_left_was_ever_drawn_undoes_what_was_moved(
    page: Shown,
) -> None:
    first = query(page)
    page.go(f"/?{first}")
    page.tell("move", {"lever": "firms_stock", "value": 6})
    with page.at_once():
        page.tell("settled", query(page))
        assert "firms_stock" in page.places[-1]
        page.go(f"/?{first}")
    assert query(page) == first


def test_what_is_drawn_while_the_address_is_on_its_way_undoes_nothing(
    page: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.go(f"/?{query(page)}")
    page.tell("move", {"lever": "firms_stock", "value": 6})
    draw, underway = page.move, list[str]()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(page, "move", underway.append)
        page.tell("settled", query(page))
        page.tell("near", "firms_stock")  # drawn with the old address
        page.tell("move", {"lever": "firms_stock", "value": 5})
    draw(underway[0])
    assert "firms_stock=5" in query(page)


@pytest.mark.parametrize(
    ("event", "given", "says"),
    [
        ("move", {"lever": "no_such", "value": 1}, "no_such"),
        ("move", {"lever": "firms_stock", "value": 1e9}, "Extra stock that firms hold “"),
        ("move", {}, "None"),
        ("choose", {"seed": "-1"}, "Seed “-1”"),
        ("choose", {"scenario": "nowhere"}, "nowhere"),
        ("choose", {"state": "Atlantis"}, "Atlantis"),
        ("assume", {"name": "hurdle_weight", "value": "x"}, " “x” is not a number"),
        ("upload", {"name": "a.yaml", "text": "months: [1"}, "“months: [1” is not YAML"),
        ("upload", {"name": "a.yaml"}, "a.yaml"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    page: Shown, event: str, given: dict[str, Any], says: str
) -> None:
    before = query(page)
    page.tell(event, given)
    assert says in problem(page)
    assert (query(page), page.part("move").controls["undo"]) == (before, 0)
    page.tell("move", {"lever": "firms_stock", "value": 6})
    assert problem(page) == ""


def test_an_uploaded_scenario_stays_until_another_is_picked(page: Shown) -> None:
    page.tell("upload", {"name": "mine.yaml", "text": "name: mine\nstart: 2024-01\nmonths: 24\n"})
    assert page.part("pick").controls["own"]
    page.tell("choose", {"scenario": "", "seed": "4"})
    assert (page.part("pick").controls["scenario"], page.part("pick").controls["seed"]) == (
        "mine",
        4,
    )
    page.tell("choose", {"scenario": "business-as-usual"})
    assert not page.part("pick").controls["own"]


def test_another_address_is_followed_and_a_wrong_one_is_told(page: Shown) -> None:
    page.tell("move", {"lever": "firms_stock", "value": 6})
    page.go("/?scenario=business-as-usual&seed=3")
    assert (page.part("pick").controls["scenario"], page.part("pick").controls["seed"]) == (
        "business-as-usual",
        3,
    )
    assert page.part("move").controls["undo"] == 0  # the moves before were made on another setting
    page.go("/?scenario=nowhere&seed=5&state=Germany&lever.germany_stock=3")
    (left,) = page.part("pick").controls["left"]
    assert left.startswith("Scenario “nowhere” is not known.")
    assert left.endswith("It stands at “The dual-use ban on Japan, 2026”.")
    assert page.part("move").values["germany_stock"] == 3.0  # what is good of it is shown
    assert query(page).startswith("scenario=japan-2026&seed=5&state=Germany&lever.germany_stock=3")
    page.tell("move", {"lever": "germany_stock", "value": 2})
    assert page.part("pick").controls["left"] == []  # it was about the link


def test_the_levers_are_those_of_the_state_looked_at(page: Shown) -> None:
    page.tell("move", {"lever": "japan_stockpile", "value": 3})
    page.tell("choose", {"state": "Germany"})
    shown = page.part("move")
    assert {one["id"] for one in json.loads(shown.levers)} == set(shown.values)
    assert {"germany_measure", "eu_stockpile", "germany_stock"} <= set(shown.values)
    assert shown.controls["elsewhere"] == [
        {
            "id": "japan_stockpile",
            "label": "Target: Japan, State stockpile",
            "value": "3 months of use",
        }
    ]
    assert "The EU acts and pays" not in shown.controls["notes"][0]
    assert shown.controls["notes"][0].endswith("the EU acts and pays.")
    assert any("Look at Japan to move it" in note for note in shown.controls["notes"])
    page.tell("move", {"lever": "eu_stockpile", "value": 2})
    assert "lever.eu_stockpile=2&lever.japan_stockpile=3" in query(page)
    page.tell("rest", "japan_stockpile")
    assert page.part("move").controls["elsewhere"] == []
    page.tell("choose", {"state": "China"})
    assert page.part("move").controls["heading"] == "The levers that there are: 2"
    assert page.part("move").controls["notes"][0].startswith("China is the exporter here")


def test_a_file_comes_when_it_is_made_and_unknown_ones_are_not_made(
    page: Shown, desk: Desk
) -> None:
    for given in ({"kind": "passwords"}, {"kind": "table", "table": "passwords"}, {}):
        page.tell("take", given)
    assert page.part("take").file == ""
    assert {one.function for one in desk.asked} <= {lab_jobs.history, lab_jobs.twin, lab_jobs.draw}
    page.tell("take", {"kind": "table", "table": "prices"})
    (asked,) = desk.waiting(exports.table_csv)
    assert asked.args[-1] == "prices"
    assert page.part("take").making == "Making japan-2026-seed-1-prices.csv …"
    desk.answer(exports.table_csv, "month,price\n")
    assert page.part("take").file == download.pack_file(
        "japan-2026-seed-1-prices.csv", "text/csv", "month,price\n"
    )
    assert page.part("take").shown == 1
    page.tell("take", {"kind": "pdf", "origin": "http://127.0.0.1:1"})
    (asked,) = desk.waiting(exports.briefing)
    setting, good, origin, form, day, code = asked.args
    assert code == "en"
    assert "some minutes: leave this page open" in page.part("take").making
    assert (setting, good, origin, form) == (
        LabSetting(),
        "dysprosium_oxide",
        "http://127.0.0.1:1",
        "pdf",
    )
    assert day == dt.date.today().isoformat()
    desk.answer(exports.briefing, b"%PDF")
    assert page.part("take").file == download.pack_file(
        "japan-2026-japan-briefing.pdf", "application/pdf", b"%PDF"
    )
    page.tell("take", {"kind": "headlines"})
    assert page.part("take").file == ""  # not the old one under a new name
    desk.answer(exports.headlines_csv, InputError("too large"))
    assert page.part("take").problem == "No file was made. Too large. What is set stays."
    assert page.part("take").shown == 0
