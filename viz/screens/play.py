"""Watch the months pass on a world map, scrub back, and change a lever at the month on screen: the
history goes on from there as a branch.

The server computes a history once; the browser (play.vue, data/worldmap.js) plays it from its own
buffer. Everything that was set stands in the address.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import solara

from coercivity.experiments.lab.levers import find_lever, lever_table, story_day
from coercivity.experiments.lab.link import query_if_short, to_query
from coercivity.experiments.lab.link_reader import open_search
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.experiments.lab.state_levers import Lever
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import WORLD
from coercivity.model.scenario.act_kinds import kinds_of
from coercivity.viz.screens.choices import scenario_choices
from coercivity.viz.screens.ensemble_position import use_among
from coercivity.viz.screens.hooks import Answer, use_job
from coercivity.viz.screens.session_state import present_query
from coercivity.viz.screens.template import template
from coercivity.viz.server import lab_jobs, play_jobs
from coercivity.viz.server.lab_jobs import mark_of
from coercivity.viz.server.worker_pool import LEVER
from coercivity.viz.words.lab_text import twin_words
from coercivity.viz.words.language import join_sentences, language, say
from coercivity.viz.words.lever_text import lever_in_words
from coercivity.viz.words.link_text import left_out_in_words, remark_in_words
from coercivity.viz.words.refusals import refusal_in_words

PATH = "/play"


@template("play.vue")
def Player(
    page: str,
    among: str,
    ghost: str,
    setting: str,
    choices: str,
    firm: str,
    controls: dict[str, Any],
    event_wish: Callable[[dict[str, Any]], None],
    event_trace: Callable[[str], None],
) -> None:
    """The line of one history among many, the map, the time, the charts, who decides, and the
    levers.
    """


@solara.component
def Page() -> None:
    """One visitor's player."""
    router = solara.use_router()
    search = router.search
    setting, left, warning = solara.use_memo(lambda: read_play_address(search), [search])
    problem, set_problem = solara.use_state("")
    name, set_name = solara.use_state("")
    solara.use_effect(lambda: set_problem(""), [search])

    def change(fields: dict[str, Any]) -> None:
        try:
            wanted = wanted_by(setting, fields)
            query = to_query(wanted)
        except InputError as error:
            set_problem(refusal_in_words(error))
            return
        set_problem("")
        present_query.value = query
        if wanted != setting:
            router.push(f"{PATH}?{query}")

    answer, ghost, firm = use_history(setting, name, wanted=True)
    at_rest = bool(answer.value) and not (answer.busy or answer.problem)
    among = use_among(setting, at_rest)
    solara.use_effect(lambda: show(setting), [setting])

    solara.Title(say("Coercivity: play"))
    Player(
        page=answer.value or "",
        among=among,
        ghost=ghost.settled,
        setting=setting_json(setting),
        choices=choices_json(setting),
        firm=firm.settled,
        controls={
            "busy": answer.busy,
            "shown": mark_of(setting.asked(), setting.seed, setting.state),
            "firm": name,
            "firm_busy": firm.busy,
            "problem": problem or left or answer.problem or firm.problem,
            "remark": warning,
            "ghost": twin_words(setting),
        },
        event_wish=change,
        event_trace=lambda who: set_name(str(who)[:120]),
    )


def use_history(setting: LabSetting, name: str, wanted: bool) -> tuple[Answer, Answer, Answer]:
    """The history of a setting, its twin without what was set, and that of the named firm."""
    scenario, base = solara.use_memo(lambda: (setting.asked(), setting.base()), [setting])
    since = solara.use_memo(lambda: story_day(setting.shipped), [setting.shipped])
    run = (setting.seed, setting.state, since)
    answer = use_job(play_jobs.play, scenario, *run, language(), priority=LEVER, wanted=wanted)
    ghost = use_job(lab_jobs.twin, base, *run, wanted=wanted)
    of_firm = (scenario, setting.seed, name, language())
    firm = use_job(play_jobs.firm, *of_firm, wanted=bool(name) and wanted)
    return answer, ghost, firm


def read_play_address(search: str | None) -> tuple[LabSetting, str, str]:
    """The setting of all that is good of an address; what was left out; and what else its visitor
    should know about the link. Never raises.
    """
    setting, left = open_search(search)
    return (
        setting,
        join_sentences(left_out_in_words(left)),
        "" if left else remark_in_words(search, setting),
    )


def wanted_by(now: LabSetting, fields: dict[str, Any]) -> LabSetting:
    """What the page asks for: another scenario, seed or state, or another list of later changes.

    Another scenario begins without any.

    Raises InputError for anything that does not fit.
    """
    scenario = str(fields.get("scenario", now.scenario))
    other = scenario != now.scenario
    changes = fields.get("changes", [] if other else now.changes)
    if not isinstance(changes, (list, tuple)) or not all(
        isinstance(change, (list, tuple)) and len(change) == 3 for change in changes
    ):
        raise InputError("changes are not a list of month, lever and value", "reload the page")
    wanted = check_setting(
        scenario=scenario,
        seed=str(fields.get("seed", now.seed)),
        state=str(fields.get("state", now.state)),
        levers=() if other else now.levers,
        assumptions=now.assumptions,
        changes=[(str(month), name, value) for month, name, value in changes],
        acts=() if other else now.acts,
    )
    wanted.asked()
    wanted.base()
    return wanted


def show(setting: LabSetting) -> None:
    """Let the other pages' links carry what is shown here."""
    present_query.value = query_if_short(setting)


def setting_json(setting: LabSetting) -> str:
    """What is set, for the page: {scenario, seed, state, levers: {id: value},
    changes: [[month, lever, value]]}.
    """
    told = {
        "scenario": setting.scenario,
        "seed": setting.seed,
        "state": setting.state,
        "levers": dict(setting.levers),
        "changes": setting.changes,
    }
    return json.dumps(told, separators=(",", ":"))


def choices_json(setting: LabSetting) -> str:
    """What can be chosen, in the visitor's language: {scenarios: [{id, title}],
    states: [[name, words]], names: {state or government: words}, kinds: {kind of act: words},
    levers: [{id, group, label, unit, low, high, step, rest, options, what}], of the state looked
    at, others: the same of other states' levers that were changed on the way}.
    """
    mine = {lever.id for lever in lever_table(setting.state)}
    others = (name for _, name, _ in setting.changes if name not in mine)
    return _choices(language(), setting.state, tuple(dict.fromkeys(others)))


@lru_cache(maxsize=128)
def _choices(code: str, state: str, others: tuple[str, ...]) -> str:
    facts = Facts.default()
    numbers, texts = ("id", "low", "high", "step", "rest"), ("group", "label", "unit", "what")

    def told_lever(lever: Lever) -> dict[str, Any]:
        return (
            {name: getattr(lever, name) for name in numbers}
            | {name: lever.said(name, say) for name in texts}
            | {"options": [say(words) for words in lever.options]}
        )

    return json.dumps(
        {
            "scenarios": scenario_choices(),
            "states": [[name, say(name)] for name in facts.states],
            "names": {name: say(name) for name in (*facts.states, *facts.governments, WORLD)},
            "kinds": {kind: say(kind.replace("_", " ")) for kind in kinds_of(facts)},
            "levers": [told_lever(lever) for lever in lever_table(state)],
            "others": [
                told_lever(find_lever(name)) | {"label": lever_in_words(name, state)}
                for name in others
            ],
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )
