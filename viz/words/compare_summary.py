"""The summary of a comparison of twins: each headline in both, and its difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coercivity.experiments.quantities.headlines import FOCUS, Headline, focal_date, headline_table
from coercivity.experiments.worlds.goods_in_focus import rows_of_goods, values_of_goods
from coercivity.experiments.worlds.headline_tables import FinishedRun
from coercivity.experiments.worlds.idle_at_start import IdleAtStart, find_idle_at_start
from coercivity.experiments.worlds.spreads import (
    Spread,
    differences,
    headline_spreads,
    spread,
)
from coercivity.viz.words.idle_at_start_text import FIRST_STOP, ONE_BASE, STOOD, not_compared
from coercivity.viz.words.summary import (
    LEVEL,
    Section,
    Summary,
    before_note,
    cell,
    label_of,
    measure_words,
    ranges_of,
    title_of,
)


def compare_summary(
    base: Sequence[FinishedRun],
    results: Sequence[FinishedRun],
    base_headlines: Sequence[Mapping[str, float | None]],
    headlines: Sequence[Mapping[str, float | None]],
    state: str = FOCUS,
) -> Summary:
    """Return the summary of a comparison of twins, seen from a state: each headline in the base, in
    the scenario, and the difference by seed.
    """
    since = focal_date(results[0].scenario, results[0].months, state)
    facts, asked, pairs = results[0].facts, results[0].scenario, zip(base, results, strict=True)
    goods_base = [values_of_goods(one, since, asked, state, other) for one, other in pairs]
    goods = [values_of_goods(one, since, asked, state) for one in results]
    first, second = (
        headline_spreads(facts, many, state) | _spreads(more)
        for many, more in ((base_headlines, goods_base), (headlines, goods))
    )
    apart = headline_spreads(facts, differences(base_headlines, headlines), state)
    apart |= _spreads(differences(goods_base, goods))
    worlds, rows = len(results), headline_table(facts, state)
    stood = find_idle_at_start(base, results, since, state)

    def of_row(row: Headline) -> tuple[str, ...]:
        stop = "never" if row.unit == "days" else "–"
        unit = "points" if row.unit == "share" else row.unit
        return (
            label_of(row),
            cell(first[row.id], row.unit, worlds, stop),
            cell(second[row.id], row.unit, worlds, stop),
            not_compared(row, stood, state) or cell(apart[row.id], unit, worlds, signed=True),
        )

    told = [
        row
        for row in rows
        if first[row.id].median not in (None, 0) or second[row.id].median not in (None, 0)
    ]
    columns = ("", base[0].scenario.name, results[0].scenario.name, "difference")
    if own := rows_of_goods(asked, state):
        told = [*(row for row in told if not row.id.startswith(("price_", "dependence_"))), *own]
    lines = [of_row(row) for row in told]
    if any(map(sum, stood.of())):
        lines.insert(int(told[0].id == FIRST_STOP) if told else 0, idle_row(stood, state))
    silent = len(rows) - len(told)
    note = (
        f"{silent} headlines that are zero or not defined in both are left out." if silent else ""
    )
    section = Section(
        "Both worlds have the same luck; only the scenario differs",
        columns,
        tuple(lines),
        " ".join(filter(None, (LEVEL, ONE_BASE, before_note(results[0], state), note))),
    )
    return Summary(
        f"{title_of(results[0])}, against {title_of(base[0])}",
        results[0].scenario.why,
        measure_words(results[0], state),
        ranges_of(results, of_difference=True),
        (section,),
    )


def _spreads(values: Sequence[Mapping[str, float | None]]) -> dict[str, Spread]:
    """The spread of each row over worlds."""
    return {name: spread([one[name] for one in values]) for name in values[0]}


def idle_row(stood: IdleAtStart, state: str = FOCUS) -> tuple[str, str, str, str]:
    """How many makers stood already when the count began: in the base, in the scenario, and how
    many more.
    """
    base, mine = (list(map(float, of)) for of in stood.of())
    more = [one - other for one, other in zip(mine, base, strict=True)]
    worlds = len(mine)
    return (
        STOOD.format(state=state),
        cell(spread(base), "firms", worlds),
        cell(spread(mine), "firms", worlds),
        cell(spread(more), "firms", worlds, signed=True),
    )
