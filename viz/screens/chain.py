"""The second screen: the chain from mine to product as a flow diagram, and the leverage gauge of a
cut-off in the month on screen.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import solara

from coercivity.experiments.lab.link import query_if_short
from coercivity.experiments.lab.link_reader import open_search
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.experiments.questions.gauge import SENDER, gauge_data
from coercivity.experiments.questions.leverage import CutOff
from coercivity.model.basis.errors import InputError, unknown_value_error
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.page_data.chain_data import VIEWS, element_labels
from coercivity.viz.screens.choices import scenario_choices
from coercivity.viz.screens.ensemble_position import use_among
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.screens.session_state import present_query
from coercivity.viz.screens.streamed_answers import use_many
from coercivity.viz.screens.template import call_with_reason, template
from coercivity.viz.server.chain_jobs import chain_json, cut_off_job
from coercivity.viz.server.lab_jobs import mark_of
from coercivity.viz.words.gauge_text import labelled_gauge
from coercivity.viz.words.language import Name, join_sentences, language, list_names, say, says
from coercivity.viz.words.link_text import left_out_in_words
from coercivity.viz.words.own_rows import own_rows_in_words
from coercivity.viz.words.refusals import refusal_in_words

HISTORIES: Final = 20


@dataclass(frozen=True)
class View:
    """What the chain page shows: a setting of the lab, an element, and the whole world or what ends
    in the state.
    """

    setting: LabSetting
    element: str = "all"
    view: str = "world"


@template("chain.vue")
def ChainPicture(
    page: str,
    among: str,
    choice: dict[str, Any],
    scenarios: list[dict[str, str]],
    states: list[list[str]],
    elements: list[dict[str, str]],
    busy: bool,
    shown: str,
    problem: str,
    lab: str,
    moved: str,
    event_choose: Callable[[dict[str, Any]], None],
    event_look: Callable[[str], None],
) -> None:
    """The line of one history among many, pickers, time, flow diagram, its tables."""


@template("gauge.vue")
def GaugePicture(
    gauge: str,
    at: str,
    state: str,
    sender: str,
    names: dict[str, str],
    seed: int,
    asked: int,
    busy: bool,
    problem: str,
    event_more: Callable[[Any], None],
) -> None:
    """Days to the first stop and cost to each side, numbers first."""


@solara.component
def Page() -> None:
    """The chain page of one visitor."""
    search = solara.use_router().search
    asked, asked_problem = solara.use_memo(lambda: view_of_address(search), [search])
    view, set_view = solara.use_state(asked)
    problem, set_problem = solara.use_state(asked_problem)
    month, set_month = solara.use_state("")

    def follow_address() -> None:
        set_view(asked)
        set_problem(asked_problem)

    solara.use_effect(follow_address, [search])

    def choose(fields: dict[str, Any]) -> None:
        try:
            set_view(view_after_choice(view, fields))
            set_problem("")
        except InputError as error:
            set_problem(refusal_in_words(error))

    setting = view.setting
    scenario, broken = solara.use_memo(lambda: scenario_of(setting), [setting])
    what = (scenario, setting.seed, setting.state, view.element, view.view)
    answer = use_job(chain_json, *what, language(), wanted=not broken)
    at_rest = bool(answer.value) and not (answer.busy or answer.problem)
    among = use_among(None if broken else setting, at_rest)
    solara.use_effect(
        lambda: None if broken else present_query.set(query_if_short(setting)), [setting, broken]
    )
    solara.Title(say("Coercivity: from mine to product"))
    with solara.v.Html(tag="main", class_="cv-main ch-page", attributes={"id": "cv-main"}):
        ChainPicture(
            page=answer.value or "",
            among=among,
            choice=choice_of(view),
            scenarios=scenario_choices(),
            states=[[name, say(name)] for name in Facts.default().states],
            elements=element_choices(),
            busy=answer.busy,
            shown=mark_of(scenario, *what[1:]) if scenario is not None else "",
            problem=problem or broken or answer.problem,
            lab="" if broken else query_if_short(setting),
            moved=moved_words(setting),
            event_choose=choose,
            event_look=set_month,
        )
        if month and scenario is not None:
            Gauge(scenario, setting.seed, setting.state, month).key("gauge")


@solara.component
def Gauge(scenario: Scenario, seed: int, state: str, at: str) -> None:
    """What a cut-off in the month on screen would do: one history at once, twenty when asked."""
    many, set_many = solara.use_state(False)
    possible = state not in Facts.default().states_of(SENDER)
    solara.use_effect(lambda: set_many(False), [scenario.fingerprint(), seed, state, at])
    count = HISTORIES if many else 1
    seeds = tuple((seed + k) % 2**32 for k in range(count)) if possible else ()
    answer = use_many(cut_off_job, [(scenario, one, at, state) for one in seeds])
    cut_offs: list[CutOff] = [answer.values[k] for k in sorted(answer.values)]
    complete = bool(cut_offs) and 0 in answer.values  # the first is the history on screen
    GaugePicture(
        gauge=json.dumps(
            labelled_gauge(gauge_data(cut_offs)), separators=(",", ":"), allow_nan=False
        )
        if complete
        else "",
        at=at,
        state=state,
        sender=SENDER,
        names={"state": f"{Name(state)}", "sender": f"{Name(SENDER)}"},
        seed=seed,
        asked=count,
        busy=answer.busy,
        problem=answer.problem
        if possible
        else say("{state} cannot cut off itself; look at another state.", state=Name(state)),
        event_more=lambda _: set_many(True),
    )


def view_of_address(search: str | None) -> tuple[View, str]:
    """All that is good of what the address asks for, and what was left out and why."""
    setting, left = open_search(search)
    view, problem = call_with_reason(lambda: view_after_choice(View(setting), extra_fields(search)))
    return view or View(setting), join_sentences(filter(None, (*left_out_in_words(left), problem)))


def extra_fields(search: str | None) -> dict[str, str]:
    """The fields of the address that are the chain page's own."""
    from urllib.parse import parse_qsl

    return {
        name: value
        for name, value in parse_qsl((search or "").lstrip("?"))
        if name in ("element", "view")
    }


def view_after_choice(view: View, fields: dict[str, Any]) -> View:
    """The view after a choice.

    Another scenario starts without what was moved in the old one. Raises InputError for what is not
    known.
    """
    setting = view.setting
    scenario, seed, state = (
        str(fields.get(name, getattr(setting, name))) for name in ("scenario", "seed", "state")
    )
    element, side = str(fields.get("element", view.element)), str(fields.get("view", view.view))
    for what, value, options in (
        ("element", element, tuple(element_labels(Facts.default()))),
        ("view", side, VIEWS),
    ):
        if value not in options:
            raise unknown_value_error(what, value, options)
    plain = check_setting(scenario=scenario, seed=seed, state=state)
    own_setting = (
        replace(setting, seed=plain.seed, state=state) if scenario == setting.scenario else plain
    )
    return View(own_setting, element, side)


def choice_of(view: View) -> dict[str, Any]:
    """What the pickers show as chosen."""
    return {
        "scenario": view.setting.scenario,
        "seed": view.setting.seed,
        "state": view.setting.state,
        "element": view.element,
        "view": view.view,
    }


def element_choices() -> list[dict[str, str]]:
    """What the picker of elements offers."""
    return [
        {"id": name, "label": say(label)} for name, label in element_labels(Facts.default()).items()
    ]


def scenario_of(setting: LabSetting) -> tuple[Scenario | None, str]:
    """The scenario that runs, or none and the reason."""
    return call_with_reason(setting.asked)


def moved_words(setting: LabSetting) -> str:
    """How much of the setting was moved in the lab."""
    rows = own_rows_in_words(setting.shipped)
    counts = (
        says("{count} lever", "{count} levers", len(setting.levers)),
        says("{count} act", "{count} acts", len(setting.acts)),
        says("{count} assumption", "{count} assumptions", len(setting.assumptions)),
        says("{count} later change", "{count} later changes", len(setting.changes)),
        says("{count} row of your own", "{count} rows of your own", len(rows)),
    )
    moved = (setting.levers, setting.acts, setting.assumptions, setting.changes, rows)
    return list_names(words for words, of in zip(counts, moved, strict=True) if of)
