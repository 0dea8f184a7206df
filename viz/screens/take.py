"""Share and take away: the link that shows the same again, and files of what is on the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.link import query_if_short
from coercivity.experiments.lab.setting import LabSetting
from coercivity.model.results.result import TABLES
from coercivity.viz.drawn import take_away
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.screens.template import template


@template("take.vue")
def Panel(
    query: str,
    citation: str,
    tables: list[str],
    file: str,
    busy: bool,
    problem: str,
    shown: int,
    state: str,
    event_take: Callable[[dict[str, Any]], None],
    event_upload: Callable[[dict[str, Any]], None],
) -> None:
    """Buttons, the link, the words to cite."""


@solara.component
def Take(setting: LabSetting, event_upload: Callable[[dict[str, Any]], None]) -> None:
    """What can be taken away of this setting."""
    wanted, set_wanted = solara.use_state(("", "", 0))
    kind, table, number = wanted
    scenario, seed, since = setting.asked(), setting.seed, story_day(setting.shipped)
    query = query_if_short(setting)
    stem = f"{scenario.name}-seed-{seed}"
    asks: dict[str, tuple[Callable[..., str], tuple[Any, ...], str, str]] = {
        "table": (
            take_away.table_csv,
            (scenario, seed, setting.state, table),
            f"{stem}-{table}.csv",
            "text/csv",
        ),
        "headlines": (
            take_away.headlines_csv,
            (scenario, seed, since),
            f"{stem}-headlines.csv",
            "text/csv",
        ),
        "report": (
            take_away.report,
            (scenario, setting.base(), seed, since),
            f"{stem}.html",
            "text/html",
        ),
        "scenario": (take_away.scenario_yaml, (scenario, seed, since), f"{stem}.yaml", "text/yaml"),
    }
    function, arguments, name, mime = asks.get(kind, asks["scenario"])
    answer = use_job(function, *arguments, wanted=bool(kind))
    ready = (
        bool(kind)
        and not answer.busy
        and not answer.problem
        and answer.key == (function, *arguments)
    )
    file = solara.use_memo(
        lambda: take_away.packed(name, mime, answer.value) if ready else "",
        [answer.key, number, ready],
    )

    def take(given: dict[str, Any]) -> None:
        kind, table = str(given.get("kind"))[:20], str(given.get("table", ""))[:20]
        if kind in asks and (kind != "table" or table in TABLES):
            set_wanted((kind, table if kind == "table" else "", number + 1))

    Panel(
        query=query,
        citation=take_away.citation(scenario, seed, query),
        tables=list(TABLES),
        file=file,
        busy=answer.busy,
        problem=answer.problem,
        shown=number if ready else 0,
        state=setting.state,
        event_take=take,
        event_upload=event_upload,
    )
