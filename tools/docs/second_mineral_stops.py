"""Counts for docs/second-mineral.md whose lines stand under the licences of 2023: in eight worlds,
each beside its twin without them, and what in the worlds makes it so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

SEEDS, MONTHS = 8, 36
STATES: Final = ("Japan", "United States", "South Korea", "Germany")
SECTORS: Final = (
    "gallium_additives",
    "compound_semiconductors",
    "fibre_optics",
    "infrared_optics",
    "polymer_catalysts",
    "germanium_electronics",
)
GALLIUM: Final = ("gallium_primary", "gallium_refined")
BEFORE, FIRST, LAST = "2023-07", "2023-08", "2024-07"
RECORD = 0.85  # by how much Japan's imports from China fell in that year: ga-japan-first-year


def stops(mineral: str, scenario: str) -> dict[str, str]:
    """The texts of the page that say who stops and why: table, twin, why, against."""
    import pandas as pd

    import coercivity

    coercivity.use_data(mineral)
    base = {"name": "none", "start": "2023-01", "months": MONTHS}
    found = coercivity.compare(base, scenario, range(SEEDS), months=MONTHS)
    named = ("stoppages", "firms", "stocks", "trade", "licences")
    worlds = {
        side: {
            name: pd.concat([run.table(name).assign(seed=run.seed) for run in runs])
            for name in named
        }
        for side, runs in (("with", found.scenario), ("without", found.base))
    }
    twin = users(worlds["without"]["stoppages"])
    return {
        "stops": table(worlds["with"]),
        "twin": "no line of theirs stands in any seed" if twin.empty else f"{len(twin)} stops",
        **why(worlds["with"]),
        **against(worlds["with"], worlds["without"]),
    }


def users(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows about users of the two metals in the states of the page."""
    rows: pd.DataFrame = frame[frame.sector.isin(SECTORS) & frame.state.isin(STATES)]
    return rows


def table(world: dict[str, pd.DataFrame]) -> str:
    """A line a sector: users that stop and when, by state; what Japan's hold and lose."""
    stood, firms = users(world["stoppages"]), users(world["firms"])
    heads = ["users", *STATES, "Japan's stock before, months", "Japan's output lost in a stop"]
    lines = ["| " + " | ".join(heads) + " |", "|---|" + "---:|" * (len(heads) - 1)]
    held = firms[firms.state == "Japan"].groupby("sector").cover_months.median()
    lost = stood[stood.state == "Japan"].groupby("sector").output_lost_share.median()
    for sector in SECTORS:
        cells = [
            _cell(stood[stood.sector == sector], firms[firms.sector == sector], state)
            for state in STATES
        ]
        ends = [f"{held[sector]:.1f}", f"{lost[sector]:.0%}" if sector in lost else "–"]
        lines.append(f"| {sector.replace('_', ' ')} | " + " | ".join([*cells, *ends]) + " |")
    cells = [_cell(stood, firms, state) for state in STATES]
    lines.append("| all | " + " | ".join(cells) + " | | |")
    return "\n".join(lines)


def _cell(stood: pd.DataFrame, firms: pd.DataFrame, state: str) -> str:
    """How many of a state's users stop, over the seeds, and the months of the first stop."""
    asked = firms[firms.state == state]
    seeds = sorted(asked.seed.unique())
    rows = stood[stood.state == state]
    count = rows.groupby("seed").firm.nunique().reindex(seeds, fill_value=0)
    of = asked.groupby("seed").firm.nunique().max()
    if rows.empty:
        return f"0 of {of}"
    first = rows.groupby("seed").first_day.min().astype(str).str[:7]
    return f"{_span(count.min(), count.max())} of {of}, {_span(first.min(), first.max())}"


def _span(low: Any, high: Any) -> str:
    return f"{low}" if low == high else f"{low} to {high}"


def why(world: dict[str, pd.DataFrame]) -> dict[str, str]:
    """What the office grants Japan of gallium by the end of 2023, mean of the seeds."""
    rows = world["licences"]
    asked = rows[(rows.importer == "Japan") & (rows.good == "gallium_primary")]
    august = asked[asked.month == FIRST]
    granted = asked[(asked.month >= FIRST) & (asked.month <= "2023-12")]
    return {
        "filed": f"{august.filed.sum() / SEEDS:.0f}",
        "filed_tonnes": f"{august.applied.sum() / SEEDS:.0f}",
        "granted": f"{granted.granted.sum() / SEEDS:.0f}",
        "granted_tonnes": f"{granted.approved.sum() / SEEDS:.0f}",
    }


def against(world: dict[str, pd.DataFrame], twin: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Japan's gallium: what its firms hold before the licences, what the record's fall of imports
    would take away in a year, and what still comes in the model.
    """
    held = _of(world["stocks"], "state")
    held = held[held.month == BEFORE]
    used = held[held.stage == "end_use"]
    use = float((used.tonnes / used.cover_months).sum()) / SEEDS
    stock = float(held.tonnes.sum()) / SEEDS
    bought, kept = (_from_china(side["trade"]) for side in (twin, world))
    return {
        "stock": f"{stock:.0f}",
        "stock_months": f"{stock / use:.0f}",
        "missing": f"{RECORD * bought:.0f}",
        "missing_months": f"{RECORD * bought / use:.0f}",
        "arrives": f"{kept / bought:.0%}",
        "record": f"{1.0 - RECORD:.0%}",
    }


def _of(frame: pd.DataFrame, state: str) -> pd.DataFrame:
    """Rows about gallium in Japan."""
    rows: pd.DataFrame = frame[(frame[state] == "Japan") & frame.good.isin(GALLIUM)]
    return rows


def _from_china(trade: pd.DataFrame) -> float:
    """Tonnes of gallium that China sends to Japan in the first year of licences, mean of seeds."""
    rows = _of(trade, "destination")
    rows = rows[(rows.origin == "China") & (rows.month >= FIRST) & (rows.month <= LAST)]
    return float(rows.tonnes.sum()) / SEEDS
