"""Why a setting does what it does: sentences out of the records of a history and its twin."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pandas as pd
from pytest_regressions.data_regression import DataRegressionFixture

from coercivity.agents.base.phrase import Phrase
from coercivity.agents.governments.government_view import Decision
from coercivity.experiments.findings.pair_causes import find_pair_causes
from coercivity.model.basis.facts import Facts
from coercivity.model.parts.ledger import Happening
from coercivity.viz.words.why_text import Reason, reasons_in_words

MONTHS = tuple(f"{year}-{month:02d}" for year in (2025, 2026, 2027, 2028) for month in range(1, 13))
SINCE = "2026-01-06"
COLUMNS = {
    "spending": ["month", "payer", "payee", "kind", "usd_million"],
    "events": ["month", "actor", "kind", "text"],
    "stocks": ["month", "state", "stage", "good", "tonnes"],
    "stoppages": ["firm", "state", "sector", "stage", "first_day", "last_day", "missing"],
    "licences": ["month", "exporter", "importer", "good", "filed", "granted", "refused"],
    "leaks": ["month", "route", "good", "tonnes", "via", "to"],
}


class Run:
    """A finished run of which only some rows are known."""

    scenario: Any = None
    facts = Facts.default()
    seed = 1
    months = MONTHS
    tables = tuple(COLUMNS)

    def __init__(
        self,
        decisions: Iterable[Decision] = (),
        acts: Iterable[Happening] = (),
        **rows: list[tuple[Any, ...]],
    ) -> None:
        self.rows = rows
        told = {"facts": self.facts, "script": (), "decisions": decisions, "events": acts}
        self.records: Any = SimpleNamespace(**told)

    def table(self, name: str) -> pd.DataFrame:
        rows = [dict(zip(COLUMNS[name], row, strict=False)) for row in self.rows.get(name, [])]
        frame = pd.DataFrame(rows, columns=COLUMNS[name])
        return frame.astype({"month": "category"}) if "month" in frame else frame


def reasons(mine: Run, twin: Run, **levers: float) -> tuple[Reason, ...]:
    """What is said of a pair."""
    return reasons_in_words(find_pair_causes(mine, twin, "Japan", SINCE, levers))


def told(mine: Run, twin: Run, **levers: float) -> dict[str, str]:
    """Sentences by the table that they come from."""
    return {one.table: one.text for one in reasons(mine, twin, **levers)}


def grant(million: float) -> tuple[Any, ...]:
    return ("2027-01", "government of EU", "firms", "grant", million)


def begins(*plants: tuple[str, str]) -> list[tuple[Any, ...]]:
    return [(month, name, "project begins", "") for month, name in plants]


def stock(*tonnes: float) -> list[tuple[Any, ...]]:
    return [
        (MONTHS[12 + at], "Japan", "assembly", "magnet_heat_resistant", value)
        for at, value in enumerate(tonnes)
    ]


def stop(good: str, day: str = "2026-05-04", stage: str = "end_use") -> tuple[Any, ...]:
    return ("a firm", "Japan", "wind", stage, day, f"{day[:5]}12-31", good)


def reserve(*tonnes: float) -> Run:
    return Run(stocks=[(*row[:2], "reserve", *row[3:]) for row in stock(*tonnes)])


def decision(month: str, actor: str) -> Decision:
    said = map(Phrase, ("prices rise", "builds a stockpile"))
    return Decision(MONTHS.index(month), actor, *said, (Phrase("to wait"),))


def test_what_changes_first_stands_first_and_what_does_not_happen_last() -> None:
    mine = Run(
        events=begins(("2026-03", "Longonjo")),
        stoppages=[stop("magnet_smco", "2026-09-01")],
        leaks=[("2026-06", "third_country", "dysprosium_oxide", 90.0, "Thailand", "Japan")],
    )
    same_plants = Run(events=begins(("2026-03", "Longonjo")))
    found = [one.table for one in reasons(mine, same_plants)]
    assert found == ["leaks", "stoppages", "events"]


def licences(filed: float, granted: float) -> Run:
    return Run(licences=[("2026-04", "China", "Japan", "dysprosium_oxide", filed, granted, 0.0)])


def resold(tonnes: float) -> Run:
    return Run(
        leaks=[("2026-09", "third_country", "dysprosium_oxide", tonnes, "Thailand", "Japan")]
    )


DY, SMCO = "dysprosium_oxide", "magnet_smco"
PAID, UNPAID = Run(spending=[grant(2531.7)]), Run(spending=[grant(31.0)])
ANYWAY = begins(("2026-03", "Longonjo"), ("2027-03", "Nolans"))
NEW = begins(("2026-05", "MP 10X"), ("2026-06", "Entrant, Vietnam separation, heavy"))
GONE = ("2030-05", "MP 10X", "project cancelled", "")
SAME = Run(events=ANYWAY)
FEBRUARY, MARCH, NEVER = (Run(stocks=stock(*of)) for of in ((90, 5, 4), (90, 50, 8), (90, 50, 40)))
HELD = [(*row[:2], of, *row[3:]) for row in stock(500, 0, 0) for of in ("magnet", "reserve")]
THREE = Run(stoppages=[stop(DY), stop(DY), stop(SMCO)])
ONCE = Run(stoppages=[stop(SMCO), stop(SMCO, "2025-05-04"), stop(DY, stage="magnet")])
EARLY = ("a firm", "Japan", "wind", "end_use", "2025-06-01", "2026-02-28", "magnet_smco")
SERVED, KEPT = reserve(60, 90, 40, 8), reserve(60, 90, 60)
ACTS = Run(
    [decision("2027-01", "EU")],
    [(MONTHS.index("2026-07"), "India", "stockpile", Phrase.text("India fills a stockpile."))],
)
PAIRS: dict[str, tuple[Run, Run, dict[str, float]]] = {
    "money is called on": (PAID, UNPAID, {"allies_money": 5000}),
    "nobody wants the money": (UNPAID, UNPAID, {"allies_money": 5000}),
    "money was no lever": (PAID, UNPAID, {"firms_stock": 2}),
    "plants begun only with it": (
        Run(events=[*ANYWAY, *NEW, *begins(("2025-02", "before the count")), GONE]),
        SAME,
        {},
    ),
    "the same plants": (SAME, SAME, {}),
    "a plant less": (Run(events=ANYWAY[:1]), SAME, {}),
    "nothing at all": (Run(), Run(), {}),
    "stocks last longer": (MARCH, FEBRUARY, {}),
    "stocks run out": (FEBRUARY, NEVER, {}),
    "stocks run out as without it": (FEBRUARY, FEBRUARY, {}),
    "stocks never run out": (NEVER, NEVER, {}),
    "stocks that never were": (Run(stocks=stock(0.0)), FEBRUARY, {}),
    "makers and the state are no users": (FEBRUARY, Run(stocks=[*stock(90, 50, 40), *HELD]), {}),
    "lines stop more often": (THREE, ONCE, {}),
    "lines stop as often": (THREE, THREE, {}),
    "lines stop without it alone": (Run(), ONCE, {}),
    "a line stood already without it": (
        Run(stoppages=[stop(SMCO)]),
        Run(stoppages=[EARLY, stop(SMCO)]),
        {},
    ),
    "a stockpile is given out": (SERVED, Run(), {}),
    "a stockpile is kept": (KEPT, Run(), {}),
    "a stockpile of both": (KEPT, KEPT, {}),
    "governments act": (ACTS, Run(), {}),
    "governments act as without it": (ACTS, ACTS, {}),
    "the office grants less": (licences(400, 200), licences(350, 340), {}),
    "the office grants what was filed before": (licences(49, 52), licences(172, 170), {}),
    "without it what was filed before": (licences(49, 20), licences(172, 173), {}),
    "a licence is needed with it alone": (licences(400, 200), licences(0, 0), {}),
    "a licence is needed without it alone": (licences(0, 0), licences(400, 200), {}),
    "the office grants nearly as much": (licences(400, 200), licences(395, 201), {}),
    "the office grants nothing": (licences(12, 0), licences(12, 0), {}),
    "third countries re-sell more": (resold(388.0), resold(100.0), {}),
    "third countries re-sell the same": (resold(100.0), resold(100.0), {}),
}


def test_what_is_said_of_each_case(data_regression: DataRegressionFixture) -> None:
    data_regression.check(
        {
            name: {one.table: [one.text, *one.records] for one in reasons(mine, twin, **levers)}
            for name, (mine, twin, levers) in PAIRS.items()
        }
    )
