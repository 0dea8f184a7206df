"""What ships, as frames: the one parameter table, the scenarios, and the tables of facts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from coercivity.model.basis.facts import list_tables, load_table
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario

if TYPE_CHECKING:
    import pandas as pd

SCENARIO: Final = ("title", "why", "start", "months", "events", "choices", "parameters", "decide")


def parameters() -> pd.DataFrame:
    """The one parameter table, by name: value, low, high, unit, source, status (measured,
    estimated, calibrated, assumed, definition), group, description, url.

        >>> import coercivity
        >>> coercivity.parameters().loc["licence_clock_months", "unit"]
        'months'

    Pass any of them to `run` by keyword, within low and high.
    """
    import pandas as pd

    return pd.DataFrame([asdict(row) for row in load_parameters()]).set_index("name")


def scenarios() -> pd.DataFrame:
    """The shipped scenarios, by name: title, why, start (YYYY-MM), months, how many events, choices
    and parameters of its own it has, and which governments decide for themselves.

        >>> import coercivity
        >>> coercivity.scenarios().loc["japan-2026", "start"]
        '2026-01'

    `load_scenario(name)` has one whole.
    """
    import pandas as pd

    rows = {}
    for name in list_scenarios():
        scenario = load_scenario(name)
        decide = [who for who, how in scenario.governments if how != "scripted"]
        rows[name] = (
            scenario.title,
            scenario.why,
            scenario.start,
            scenario.months,
            len(scenario.events),
            len(scenario.choices),
            len(scenario.parameters),
            ", ".join(decide),
        )
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(SCENARIO))
    return frame.rename_axis("name")


def table(name: str | None = None) -> pd.DataFrame:
    """A shipped table as a new frame: one row a fact, with its source, address and confidence where
    the table has them. Without a name, the tables by name: rows, columns.

        >>> import coercivity
        >>> coercivity.table("states")["government"].nunique()
        17
        >>> int(coercivity.table().loc["evidence", "rows"]) == len(coercivity.table("evidence"))
        True

    Raises InputError for a name that is none.
    """
    import pandas as pd

    if name is not None:
        return load_table(name).frame()
    found = {one: load_table(one) for one in list_tables()}
    frame = pd.DataFrame(
        {
            "rows": {one: len(held) for one, held in found.items()},
            "columns": {one: ", ".join(held.columns) for one, held in found.items()},
        }
    )
    return frame.rename_axis("name")
