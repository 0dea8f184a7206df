"""Two settings side by side with the same luck: many histories of each, the difference history by
history and in how many of them B is better; and one history of each to be watched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import solara

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.lab.link import query_if_short
from coercivity.experiments.lab.link_reader import LeftOut
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.viz.page_data.compare_choice import (
    SIDES,
    Pair,
    choose,
    counted_from,
    default_pair,
    luck_note,
    read_pair,
    story_side,
    to_address,
    words_of,
)
from coercivity.viz.page_data.lab_charts_of_many_histories import pair_json
from coercivity.viz.page_data.lab_charts_of_one_history import chart_labels, first_choices
from coercivity.viz.screens.choices import scenario_choices
from coercivity.viz.screens.histories import source_of, use_histories
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.screens.session_state import present_query, with_language
from coercivity.viz.screens.template import call_with_reason, template
from coercivity.viz.server import lab_jobs
from coercivity.viz.server.worker_pool import LEVER
from coercivity.viz.words.briefing_title import scenario_title
from coercivity.viz.words.lab_text import priced_good
from coercivity.viz.words.language import join_sentences, language, say
from coercivity.viz.words.link_text import left_out_in_words
from coercivity.viz.words.refusals import refusal_in_words


@template("compare.vue")
def ComparePicture(
    a: str,
    b: str,
    many: str,
    sides: list[dict[str, Any]],
    controls: dict[str, Any],
    scenarios: list[dict[str, str]],
    states: list[list[str]],
    event_choose: Callable[[dict[str, Any]], None],
    event_pick: Callable[[dict[str, str]], None],
) -> None:
    """Pickers, headline table, overlaid charts."""


@solara.component
def Page() -> None:
    """The compare page of one visitor."""
    search = solara.use_router().search
    asked, wrong, refused = solara.use_memo(lambda: pair_of_address(search), [search])
    pair, set_pair = solara.use_state(asked)
    problem, set_problem = solara.use_state(wrong)
    present = present_query.value

    def follow_address() -> None:
        if not refused:
            set_pair(asked)
        set_problem(wrong)

    solara.use_effect(follow_address, [search])

    def pick(entries: dict[str, Any]) -> None:
        try:
            left: list[tuple[str, LeftOut]] = []
            wanted = {str(name): value for name, value in entries.items()}
            set_pair(lambda newest: choose(newest, wanted, present, left))  # drawn yet or not
            set_problem(loss_in_words(left))
        except InputError as error:
            set_problem(refusal_in_words(error))

    days = solara.use_memo(lambda: counted_from(pair), [pair])
    drawn = use_both(pair, days)
    shipped = pair.a.shipped, pair.b.shipped
    picks, set_picks = solara.use_state(tuple(sorted(first_choices(*shipped).items())))
    question = FindingRequest(
        shipped[0].facts, pair.a.state, say("in A"), priced=priced_good(*shipped)
    )
    both = use_histories(
        source_of(pair.b, pair.b.asked(), days[1]), source_of(pair.a, pair.a.asked(), days[0])
    )
    mark = f"{pair.a.asked().fingerprint()}/{pair.b.asked().fingerprint()}/{pair.a.state}"
    controls = {
        "seed": pair.a.seed,
        "state": pair.a.state,
        "address": with_language(call_with_reason(lambda: to_address(pair))[0] or ""),
        "busy": drawn.busy,
        "present": bool(present),
        "problem": problem or drawn.problem,
        "luck": luck_note(pair),
        "since": list(days),
        "told": story_side(pair),
        "shown": mark,
    }
    solara.Title(say("Coercivity: two histories compared"))
    ComparePicture(
        a=drawn.a,
        b=drawn.b,
        many=pair_json(both, mark, question, picks),
        sides=sides_of(pair),
        controls=controls,
        scenarios=scenario_choices(),
        states=[[name, say(name)] for name in Facts.default().states],
        event_choose=pick,
        event_pick=lambda entries: set_picks(chart_labels(entries)),
    )


class HistoryPair(NamedTuple):
    """The two histories that are drawn, whether newer ones are awaited, and what went wrong."""

    a: str
    b: str
    busy: bool
    problem: str


def use_both(pair: Pair, days: tuple[str, str]) -> HistoryPair:
    """Both histories of a pair, each counted from its day.

    They change together: half of an old pair beside half of a new one would be no comparison.
    """
    first = use_job(
        lab_jobs.history,
        pair.a.asked(),
        pair.a.seed,
        pair.a.state,
        days[0],
        language(),
        priority=LEVER,
    )
    second = use_job(
        lab_jobs.history,
        pair.b.asked(),
        pair.a.seed,
        pair.a.state,
        days[1],
        language(),
        priority=LEVER,
    )
    fresh = all(side.value and not side.busy and not side.problem for side in (first, second))
    shown = solara.use_ref(("", ""))
    if fresh:
        shown.current = (first.value, second.value)
    a, b = shown.current
    return HistoryPair(a, b, not fresh, first.problem or second.problem)


def sides_of(pair: Pair) -> list[dict[str, Any]]:
    """What stands above each history: its scenario, its link, what was moved, and whether the other
    side has numbers of its own, so that this one may have the shipped ones.
    """
    return [
        {
            "name": name,
            "query": query_if_short(side),
            "scenario": side.scenario,
            "title": scenario_title(side),
            "moved": words_of(side),
            "shipped": bool(pair.side("b" if name == "a" else "a").shipped.tables),
        }
        for name, side in ((name, pair.side(name)) for name in SIDES)
    ]


def pair_of_address(search: str | None) -> tuple[Pair, str, bool]:
    """The pair of all that is good of an address, and what was left out and why; whether there was
    nothing good, as in what is no link.
    """
    left: list[tuple[str, LeftOut]] = []
    pair, problem = call_with_reason(lambda: read_pair(search, left))
    return pair or default_pair(), problem or loss_in_words(left), pair is None


def loss_in_words(left: Iterable[tuple[str, LeftOut]]) -> str:
    """What the link of a side lost, in words."""
    return join_sentences(
        say("{side}: {what}", side=side.upper(), what=words) if side else words
        for side, part in left
        for words in left_out_in_words([part])
    )
