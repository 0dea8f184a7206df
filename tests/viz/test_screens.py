"""The chain, compare and play pages without a browser: what they ask, what they show, and what a visitor reads when something is wrong."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
import reacton
import solara

from coercivity.experiments.lab.histories import DRAWS
from coercivity.experiments.questions.leverage import CutOff
from coercivity.model.basis.errors import InputError
from coercivity.viz.screens import chain, compare, hooks, play, streamed_answers
from coercivity.viz.screens.session_state import present_query
from coercivity.viz.server import chain_jobs, lab_jobs, play_jobs
from coercivity.viz.server.worker_pool import BAND, PAGE
from tests.viz.rendered import BUSY, BUSY_SAID, Desk, Shown, Timer, shown

PAGES_OF_ONE = ((play.Page, play_jobs.play, "wish"), (chain.Page, chain_jobs.chain_json, "choose"))


def cut_off() -> CutOff:
    return CutOff(
        seed=1,
        month="2026-01",
        sender="China",
        target="Japan",
        output_lost=3.0,
        cost_paid=2.0,
        made_up=1.0,
        gdp_share=0.1,
        exports_lost=4.0,
        sales_lost=2.0,
        share_separation=-1.0,
        share_magnets=-2.0,
    )


def gauge_part(page: Shown) -> Any:
    return page.part("more")


def test_the_chain_shows_what_was_chosen_and_refuses_the_rest(desk: Desk) -> None:
    with shown(chain.Page, "/chain?scenario=business-as-usual&element=Dy&view=into") as page:
        part = page.part("choose")
        assert part.choice == {
            "scenario": "business-as-usual",
            "seed": 1,
            "state": "Japan",
            "element": "Dy",
            "view": "into",
        }
        desk.answer(chain_jobs.chain_json, "flows")
        page.tell("choose", {"element": "gold"})
        assert "gold" in part.problem
        page.tell("choose", {"element": "Tb", "state": "Germany"})
        assert (part.problem, part.choice["element"], part.choice["state"]) == ("", "Tb", "Germany")
        assert desk.waiting(chain_jobs.chain_json)[-1].args[2:5] == ("Germany", "Tb", "into")
        page.tell("choose", {"scenario": "japan-2026"})
        assert part.choice["scenario"] == "japan-2026"


def test_the_gauge_asks_one_history_then_twenty_and_drops_what_nobody_wants(desk: Desk) -> None:
    with shown(chain.Page, "/chain") as page:
        page.tell("look", "2026-01")
        (one,) = desk.waiting(chain_jobs.cut_off_job)
        assert one.priority == PAGE
        one.future.set_result(cut_off())
        first = gauge_part(page).gauge
        assert json.loads(first)["seeds"] == [1]
        page.tell("more")
        asked = desk.waiting(chain_jobs.cut_off_job)
        assert len(asked) == chain.HISTORIES - 1  # the first is there already, and stays
        assert {one.priority for one in asked} == {BAND}
        assert gauge_part(page).gauge == first
        assert gauge_part(page).asked == chain.HISTORIES
        assert gauge_part(page).busy
        page.tell("look", "2026-02")
        assert all(one.future.cancelled() for one in asked)
        assert gauge_part(page).asked == 1


def test_both_sides_change_together_or_not_at_all(desk: Desk) -> None:
    with shown(compare.Page, "/compare") as page:
        part = page.part("choose")
        one, two = desk.waiting(lab_jobs.history)
        one.future.set_result("a1")
        assert (part.a, part.b, part.controls["busy"]) == ("", "", True)
        two.future.set_result("b1")
        assert (part.a, part.b, part.controls["busy"]) == ("a1", "b1", False)
        page.tell("choose", {"seed": "9"})
        assert (part.a, part.b, part.controls["busy"]) == (
            "a1",
            "b1",
            True,
        )  # half of an old pair beside half of a new one would be no comparison
        desk.answer(lab_jobs.history, "a2", RuntimeError("b fails"))
        assert (part.a, part.b, part.controls["problem"]) == ("a1", "b1", hooks.FAILED)


def test_of_a_wrong_side_all_that_is_good_is_compared(desk: Desk) -> None:
    b = quote("scenario=japan-2026&lever.firms_stock=2&lever.japan_stockpile=99")
    with shown(compare.Page) as page:
        page.go(f"/compare?b={b}")
        part = page.part("choose")
        assert part.controls["problem"] == (
            "B: State stockpile “99” does not fit. Use a number from 0 to 6 (months of use). It "
            "stands at 0."
        )
        assert part.sides[1]["moved"] == ["Extra stock that firms hold: 2 months of use"]
        page.tell("choose", {"side": "a", "link": "?seed=7&state=Germany&lever.stock=99"})
        assert part.controls["problem"].startswith("A: Extra stock that firms hold “99”")
        assert (part.controls["seed"], part.controls["state"]) == (7, "Germany")


def test_a_wish_becomes_an_address_and_a_wrong_one_a_message(desk: Desk) -> None:
    with shown(play.Page, "/play") as page:
        controls = page.part("wish").controls
        assert controls["problem"] == ""
        for given, says in (
            ({"changes": "all"}, "Reload"),
            ({"changes": [["2026-01", 3]]}, "Reload"),
            ({"changes": [["2026-01", "gold", 1]]}, "gold"),
            ({"seed": "x"}, "Seed “x”"),
        ):
            page.tell("wish", given)
            assert says in page.part("wish").controls["problem"]
            assert len(page.places) == 1
        page.tell("wish", {"changes": [["2027-01", "firms_stock", 6]]})
        assert page.part("wish").controls["problem"] == ""
        assert "firms_stock" in page.places[-1]
        assert page.places[-1] == "/play?" + present_query.value
        assert json.loads(page.part("wish").setting)["changes"] == [["2027-01", "firms_stock", 6.0]]
        page.tell("wish", {"scenario": "business-as-usual"})
        assert json.loads(page.part("wish").setting)["changes"] == []
        places = len(page.places)
        page.tell("wish", {"scenario": "business-as-usual"})  # it is shown already
        assert len(page.places) == places


@pytest.mark.parametrize(("page", "job", "event"), PAGES_OF_ONE)
def test_other_histories_are_asked_for_once_the_page_is_at_rest(
    desk: Desk, timers: list[Timer], page: Any, job: Any, event: str
) -> None:
    with shown(page, "/play?seed=5") as here:
        assert not desk.waiting(lab_jobs.single_history)
        assert not timers  # nothing of what the page shows waits for them
        desk.answer(job, "a history")
        (own,) = desk.waiting(lab_jobs.single_history)
        assert (own.priority, own.args[1]) == (BAND, 5)
        assert not desk.waiting(lab_jobs.draw)
        timers[-1].act()
        draws = desk.waiting(lab_jobs.draw)
        assert len(draws) == DRAWS
        assert {one.priority for one in draws} == {BAND}
        assert not any(one.args[-1] for one in draws)  # whole ones, as the lab keeps them
        told = json.loads(here.part(event).among)
        assert told["sentence"].startswith("One history, seed 5")
        assert "seed=5" in told["href"]


@pytest.mark.parametrize(("page", "job", "event"), PAGES_OF_ONE)
def test_a_busy_server_leaves_one_history_and_a_way_to_the_lab(
    desk: Desk, timers: list[Timer], page: Any, job: Any, event: str
) -> None:
    with shown(page, "/play?seed=5") as here:
        desk.refusal = BUSY
        desk.answer(job, "a history")
        timers[-1].act()
        told = json.loads(here.part(event).among)
        assert (told["sentence"], told["settled"]) == ("One history, seed 5.", True)
        assert told["link"] == "Many are told in the lab"
        desk.refusal = ()
        timers[-1].act()  # and they are asked again
        assert len(desk.waiting(lab_jobs.draw)) == DRAWS


def double(number: int) -> int:
    return 2 * number


def test_of_many_questions_the_first_comes_before_and_a_refusal_ends_the_asking(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[streamed_answers.Answers] = []

    @solara.component
    def Page() -> None:
        seen.append(streamed_answers.use_many(double, [(1,), (2,), (3,)]))
        solara.Div()

    refused: list[int] = []

    def ask(function: Any, number: int, priority: int) -> Any:
        if number >= 2:
            refused.append(number)
            raise InputError(*BUSY)
        return desk.ask(function, number, priority=priority)

    monkeypatch.setattr(streamed_answers, "ask_engine", ask)
    _, rendering = reacton.render(Page(), handle_error=False)
    assert refused == [2]  # whoever is refused once does not ask on
    assert (seen[-1].problem, seen[-1].busy, seen[-1].values) == (BUSY_SAID, False, {})
    desk.answer(double, 2)
    assert seen[-1].values == {0: 2}
    rendering.close()
    monkeypatch.setattr(streamed_answers, "ask_engine", desk.ask)
    desk.asked.clear()
    _, rendering = reacton.render(Page(), handle_error=False)
    assert [one.priority for one in desk.asked] == [PAGE, BAND, BAND]
    desk.waiting(double)[1].future.set_result(4)
    assert (seen[-1].values, seen[-1].busy) == ({1: 4}, True)
    desk.answer(double, 2, 6)
    assert (seen[-1].values, seen[-1].busy) == ({0: 2, 1: 4, 2: 6}, False)
    rendering.close()


def test_china_is_not_cut_off_by_itself(desk: Desk) -> None:
    with shown(chain.Page, "/chain?state=China") as page:
        page.tell("look", "2026-01")
        assert gauge_part(page).problem == "China cannot cut off itself; look at another state."
        assert not desk.waiting(chain_jobs.cut_off_job)
