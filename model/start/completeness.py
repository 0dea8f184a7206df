"""Whether tables have a row for every name; else one line, before a world is built."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.model.basis.errors import InputError, Phrase
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.goods import processes

NEEDED = (  # table, column, names of which each needs a row, the table that has them
    ("governments", "government", "governments", "states"),
    ("counter_leverage", "government", "governments", "states"),
    ("headings", "good", "goods", "goods"),
    ("content", "element", "elements", "elements"),
    ("end_use", "sector", "sectors", "sectors"),
    ("value_added", "sector", "sectors", "sectors"),
)
COSTED = ("capex", "conversion_cost")  # each process needs a row of each for states at large
# what end users take of them, as magnets and in motors
MAGNETS = (
    ("magnet_standard", "motor_standard"),
    ("magnet_heat_resistant", "motor_heat_resistant"),
)
ANYWHERE = ("Other", "All")


@cached_by_facts
def check_names(facts: Facts) -> None:
    """Raises InputError, one line, for the first government, good, element or sector that a table
    does not know, a state whose economy nobody gives, a good that nothing makes, and a process that
    makes nothing, that nobody can build or whose cost nobody gives.
    """
    for table, column, kind, of in NEEDED:
        known = {row[column] for row in facts.table(table)}
        for name in getattr(facts, kind):
            if name not in known:
                raise _missing_row_error(table, column, name, of)
    linked = {(row["state"], row["sector"]) for row in facts.table("multipliers")}
    for state in facts.states:
        for sector in facts.sectors:
            if (state, sector) not in linked:
                raise InputError(
                    "table multipliers.csv has no row for state '{state}', sector '{sector}': add "
                    "one with its number in column multiplier (docs/add-a-state.md)",
                    state=state,
                    sector=sector,
                )
    sized = {row["state"] for table in ("gdp", "value_added") for row in facts.table(table)}
    for state in facts.states:
        if state not in sized:
            raise _missing_row_error("gdp", "state", state, "states")
    _check_recipes(facts)


def _check_recipes(facts: Facts) -> None:
    """Every good is made by a process; every process makes something and can be built."""
    outputs = processes(facts).outputs
    for place, good in enumerate(facts.goods):
        if not outputs[:, place].any():
            raise InputError(
                "'{value}' is made by no process",
                "add a row with role output to recipes.csv",
                where=place_of(facts, "goods", "good", good),
                value=good,
            )
    costed = {
        table: {row["process"] for row in facts.table(table) if row["state"] in ANYWHERE}
        for table in COSTED
    }
    for place, process in enumerate(facts.processes):
        if not outputs[place].any():
            raise InputError(
                "'{value}' makes nothing",
                "add a row with role output to recipes.csv",
                where=place_of(facts, "processes", "process", process),
                value=process,
            )
        for table, priced in costed.items():
            if process not in priced:
                raise _missing_row_error(table, "process", process, "processes", ", state Other")


def check_runs(facts: Facts, start: str, run: FloatArray) -> None:
    """Raises InputError, one line, where at a start nobody runs a mine whose ore holds several
    products, or a process that works it up; run: processes x states, t/month.
    """
    for process in (*facts.ore_mines, *facts.ore_mines.values()):
        if not run[facts.process_row[process]].sum() > 0.0:
            raise InputError(
                "table stage_output.csv has no row for process '{process}', start '{start}'",
                "add one with its tonnes_per_year",
                process=process,
                start=start,
            )


def check_magnets(start: str, used: Sequence[float]) -> None:
    """Raises InputError, one line, where no standard or no heat-resistant magnets are used at a
    start, of which all that is separated is made; used: t/month by kind (MAGNETS).
    """
    for goods, tonnes in zip(MAGNETS, used, strict=True):
        if not tonnes > 0.0:
            raise InputError(
                "table end_use.csv has no row for good '{good}', start '{start}'",
                "add one with its tonnes_per_year",
                good=goods[0],
                start=start,
            )


def check_made(facts: Facts, start: str, process: int, run: FloatArray, use: FloatArray) -> None:
    """Raises InputError, one line, where nobody runs a process whose product is used at a start.

    run: processes x states, use: goods x states, t/month.
    """
    for made in np.flatnonzero(processes(facts).outputs[process]).tolist():
        if use[made].sum() > 0.0 and not run[process].sum() > 0.0:
            raise InputError(
                "table stage_output.csv has no row for process '{process}', start '{start}', and "
                "'{good}' is used then",
                "add one with its tonnes_per_year",
                process=facts.processes[process],
                start=start,
                good=facts.goods[made],
            )


def check_prices(facts: Facts, start: str, price: FloatArray, use: FloatArray) -> None:
    """Raises InputError, one line, for a good that is used at a start and has no price (USD/kg)."""
    for place in np.flatnonzero((use.sum(axis=1) > 0.0) & (price <= 0.0)).tolist():
        raise InputError(
            "table prices_start.csv has no row for good '{good}', start '{start}', and it is used "
            "then",
            "add one with its usd_per_kg",
            good=facts.goods[place],
            start=start,
        )


def check_integrated(facts: Facts, start: str, names: Sequence[str]) -> None:
    """Raises InputError, one line, for the first plant or mine of one company that does not stand
    at a start among the firms of these names.
    """
    table, known = facts.table("integrated"), set(names)
    for number, row in enumerate(table):
        for column in ("plant", "mine"):
            if row["start"] == start and row[column] not in known:
                raise InputError(
                    "'{value}' is no firm at the start {low}",
                    "add it to firms.csv, projects.csv or options.csv",
                    where=table.place(number, column),
                    value=row[column],
                    low=start,
                )


def place_of(facts: Facts, table: str, column: str, name: str) -> Phrase:
    """File, row and column of a name, as messages begin."""
    found = facts.table(table)
    return found.place(found.column(column).index(name), column)


def _missing_row_error(table: str, column: str, name: str, of: str, beside: str = "") -> InputError:
    return InputError(
        "table {file} has no row for {column} '{value}'{beside}, which {of} names",
        "add one ({page})",
        file=f"{table}.csv",
        column=column,
        value=name,
        beside=beside,
        of=f"{of}.csv",
        page="docs/add-a-state.md" if of == "states" else "docs/own-facts.md",
    )
