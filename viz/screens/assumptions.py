"""All other parameters: each with its unit, range, status and source, from the one parameter table,
and what this visitor has changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import solara

from coercivity.experiments.lab.setting import LabSetting
from coercivity.model.basis.parameters import load_parameters
from coercivity.viz.screens.template import template
from coercivity.viz.words.language import language, say
from coercivity.viz.words.names import readable_text


@template("assumptions.vue")
def Table(
    rows: str,
    values: dict[str, float],
    changed: list[str],
    event_assume: Callable[[dict[str, Any]], None],
) -> None:
    """The parameter table as fields."""


@solara.component
def Assumptions(setting: LabSetting, event_assume: Callable[[dict[str, Any]], None]) -> None:
    """The parameter table with this setting's values."""
    values = {**dict(setting.shipped.parameters), **dict(setting.assumptions)}
    Table(
        rows=rows_json(),
        values=values,
        changed=[name for name, _ in setting.assumptions],
        event_assume=event_assume,
    )


def rows_json() -> str:
    """The rows of the parameter table as the template reads them, in the visitor's language; their
    sources in English.
    """
    return _rows(language())


@cache
def _rows(code: str) -> str:
    rows = [
        {name: getattr(row, name) for name in ("name", "value", "low", "high", "status")}
        | {name: say(getattr(row, name)) for name in ("unit", "group")}
        | {"words": say(row.status), "source": readable_text(row.source)}
        | {"description": say(readable_text(row.description))}
        for row in load_parameters()
    ]
    return json.dumps(rows, separators=(",", ":"))
