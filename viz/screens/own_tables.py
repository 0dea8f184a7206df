"""Own numbers of a visitor: stocks, trade and plants as a small table over the shipped ones, pasted
or uploaded; what is used, and how to take it back.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

import solara

from coercivity.experiments.lab.own_rows import (
    PASTED,
    state_csv,
    with_csv,
    with_tables,
    without_row,
)
from coercivity.experiments.lab.own_scenario import check_size
from coercivity.experiments.lab.setting import LabSetting
from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.basis.overlay import NO_ROWS, OWN_TABLES
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.page_data.compare_choice import to_address, with_shipped_numbers
from coercivity.viz.screens.session_state import with_language
from coercivity.viz.screens.template import template
from coercivity.viz.words.language import Name, language, noted, say
from coercivity.viz.words.own_rows import how_many, own_rows_in_words
from coercivity.viz.words.refusals import refusal_in_words

TITLES: Final = {
    "cover": noted("Stocks"),
    "trade_prior": noted("Trade"),
    "projects": noted("Plants"),
}
HELP: Final = {  # what a row says, and how its columns are to be read
    "cover": noted(
        "A row says how many months of its inputs a kind of firm in a state holds. Half of the "
        "firms hold less than months_median, one of twenty less than months_low, one of twenty "
        "more than months_high. Change the median alone, and low and high move along with it. The "
        "row of a state comes before that of all states."
    ),
    "trade_prior": noted(
        "A row says which part of what a state buys of a good comes from an origin. The shares of "
        "what a state buys of a good sum to 1: what one origin gains another has to lose. Your "
        "shares stand as written at the start, and all other trade is balanced around them; later "
        "buyers choose."
    ),
    "projects": noted(
        "A row is a plant that is under way. It takes in tonnes_per_year of ore or oxide, or makes "
        "so much metal, magnets or motors, from first_month on, and ramps up as any new plant; "
        "with patient 1 a state lends to it. A shipped plant with 0 tonnes is not built. For "
        "example: My plant,separate_heavy,Australia,5000,2026-01,0"
    ),
}


@template("own_tables.vue")
def Table(
    tables: str,
    texts: dict[str, str],
    rows: list[dict[str, Any]],
    count: str,
    problem: str,
    used: int,
    state: str,
    both: str,
    compare: str,
    event_use: Callable[[dict[str, Any]], None],
    event_back: Callable[[dict[str, Any]], None],
) -> None:
    """Which table, its rows as text, what is used."""


@solara.component
def OwnTables(setting: LabSetting, event_own: Callable[[LabSetting], None]) -> None:
    """The own rows of a setting; *event_own* hears the setting with others."""
    problem, set_problem = solara.use_state("")
    used, set_used = solara.use_state(0)
    solara.use_effect(lambda: set_problem(""), [setting])
    scenario = setting.shipped

    def show(make: Callable[[], Scenario]) -> bool:
        try:
            wanted = setting.with_own(check_size(make(), PASTED))
            wanted.asked()
            wanted.base()
        except InputError as error:
            set_problem(refusal_in_words(error))
            return False
        set_problem("")
        event_own(wanted)
        return True

    def use(entries: dict[str, Any]) -> None:
        name, text = shorten(entries.get("table")), entries.get("text")
        if show(lambda: with_csv(scenario, name, text)):
            set_used(used + 1)

    def back(entries: dict[str, Any]) -> None:
        name, key = shorten(entries.get("table")), entries.get("key")
        if name == "all":
            show(lambda: with_tables(scenario, NO_ROWS))
        elif isinstance(key, list):
            show(lambda: without_row(scenario, name, [str(part) for part in key]))

    place = [scenario, setting.state, language()]
    rows = solara.use_memo(lambda: own_rows_in_words(scenario), place)
    texts = solara.use_memo(
        lambda: {name: state_csv(scenario, name, setting.state) for name in OWN_TABLES}, place
    )
    Table(
        tables=tables_json(),
        texts=texts,
        rows=[asdict(row) for row in rows],
        count=how_many(len(rows)),
        problem=problem,
        used=used,
        both=own_rows_note(setting),
        compare=solara.use_memo(lambda: comparison_address(setting), [setting, language()]),
        state=f"{Name(setting.state)}",
        event_use=use,
        event_back=back,
    )


def own_rows_note(setting: LabSetting) -> str:
    """Whether a setting's own rows stand in its twin too."""
    if setting.base_without() == "tables":
        return say("The other side of every answer has the shipped numbers.")
    return say(
        "The other side of every answer has your numbers, too, as something else is set: what the "
        "numbers alone change, the comparison tells."
    )


def comparison_address(setting: LabSetting) -> str:
    """The address of the comparison of a setting with the same with the shipped numbers; '' where
    there is none to compare with, or where it is too long.
    """
    if not setting.shipped.tables:
        return ""
    try:
        return with_language(to_address(with_shipped_numbers(setting)))
    except InputError:
        return ""


def tables_json() -> str:
    """The tables that take own rows, as the template reads them."""
    return json.dumps(
        [{"id": name, "title": say(TITLES[name]), "help": say(HELP[name])} for name in OWN_TABLES],
        separators=(",", ":"),
    )
