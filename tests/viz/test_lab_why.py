"""Why a setting does what it does: sentences out of the records of a history and its twin."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from coercivity.viz.words.lab_why import reasons
from coercivity.viz.words.names import plain

MONTHS = tuple(f"{year}-{month:02d}" for year in (2025, 2026, 2027, 2028) for month in range(1, 13))
SINCE = "2026-01-06"
COLUMNS = {
    "spending": ["month", "payer", "payee", "kind", "usd_million"],
    "events": ["month", "actor", "kind", "text"],
    "stocks": ["month", "state", "stage", "good", "tonnes"],
    "stoppages": ["firm", "state", "sector", "stage", "first_day", "last_day", "missing"],
    "licences": ["month", "exporter", "importer", "good", "filed", "granted", "refused"],
    "decisions": ["month", "actor", "saw", "chose", "rejected"],
    "leaks": ["month", "route", "good", "tonnes", "via", "to"],
}


class Run:
    """A finished run of which only some rows are known."""

    scenario: Any = None
    seed = 1
    months = MONTHS
    tables = tuple(COLUMNS)

    def __init__(self, **rows: list[tuple[Any, ...]]) -> None:
        self.rows = rows

    def table(self, name: str) -> pd.DataFrame:
        frame = pd.DataFrame(self.rows.get(name, []), columns=COLUMNS[name])
        return frame.astype({"month": "category"}) if "month" in frame else frame


def told(mine: Run, twin: Run, **levers: float) -> dict[str, str]:
    """Sentences by the table that they come from."""
    return {one.table: one.text for one in reasons(mine, twin, "Japan", SINCE, levers)}


def grant(million: float) -> tuple[Any, ...]:
    return ("2027-01", "government of EU", "firms", "grant", million)


def begins(*plants: tuple[str, str]) -> list[tuple[Any, ...]]:
    return [(month, name, "project begins", "") for month, name in plants]


def test_money_that_is_called_on_is_told_and_money_that_nobody_wants_too() -> None:
    mine, twin = Run(spending=[grant(2531.7)]), Run(spending=[grant(31.0)])
    assert told(mine, twin, allies_money=5000)["spending"] == (
        "USD 2,501 million more are paid in grants than without it, of USD 5,000 million offered."
    )
    assert told(twin, twin, allies_money=5000)["spending"] == (
        "Nobody calls on it: no more is paid in grants than without it."
    )
    assert "spending" not in told(mine, twin, firms_stock=2)


def test_plants_are_those_that_only_it_brings_and_those_that_come_anyway() -> None:
    anyway = [("2026-03", "Longonjo"), ("2027-03", "Nolans")]
    new = [("2026-05", "MP 10X"), ("2026-06", "Entrant, Vietnam separation, heavy")]
    events = begins(*anyway, *new, ("2025-02", "before the count"))
    gone = ("2030-05", "MP 10X", "project cancelled", "")
    assert told(Run(events=[*events, gone]), Run(events=begins(*anyway)))["events"] == (
        "Begun only with it: MP 10X (May 2026), a new heavy separation plant in Vietnam (June 2026); "
        "1 of them is given up before opening. 2 are begun either way."
    )
    same = Run(events=begins(*anyway))
    assert (
        told(same, same)["events"] == "No plant is begun for it: the same 2 are begun without it."
    )
    assert told(Run(events=begins(anyway[0])), same)["events"] == (
        "One plant begun without it is not. 1 is begun either way."
    )
    assert "events" not in told(Run(), Run())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Entrant, India mining, light", "a new light mine in India"),
        ("Entrant, Malaysia metal", "a new metal works in Malaysia"),
        (
            "Entrant, Rest of EU magnets, heat resistant",
            "a new heat-resistant magnet plant in Rest of EU",
        ),
        ("Lynas Kalgoorlie", "Lynas Kalgoorlie"),
        (
            "Entrant, South Korea magnets, SmCo is given up before it opens",
            "a new SmCo magnet plant in South Korea is given up before it opens",
        ),
    ],
)
def test_a_plant_is_named_as_a_reader_would(name: str, words: str) -> None:
    assert plain(name) == words


def stock(*tonnes: float) -> list[tuple[Any, ...]]:
    return [
        (MONTHS[12 + at], "Japan", "assembly", "magnet_heat_resistant", value)
        for at, value in enumerate(tonnes)
    ]


def test_stocks_that_run_out_are_dated() -> None:
    early, late, never = (Run(stocks=stock(*of)) for of in ((90, 5, 4), (90, 50, 8), (90, 50, 40)))
    what = "Stocks of heat-resistant magnets in Japan are used up in"
    assert (
        told(late, early)["stocks"]
        == f"{what} March 2026; without it they are used up in February 2026."
    )
    assert told(early, never)["stocks"] == f"{what} February 2026; without it they are not used up."
    assert told(early, early)["stocks"] == f"{what} February 2026, as without it."
    assert "stocks" not in told(never, never)
    assert "stocks" not in told(Run(stocks=stock(0.0)), early)  # nothing was there
    held = [
        (*row[:2], stage, *row[3:]) for row in stock(500, 0, 0) for stage in ("magnet", "reserve")
    ]
    more = Run(stocks=[*stock(90, 50, 40), *held])  # makers and the state are no users
    assert told(early, more)["stocks"].endswith("without it they are not used up.")


def stop(good: str, day: str = "2026-05-04", stage: str = "end_use") -> tuple[Any, ...]:
    return ("a firm", "Japan", "wind", stage, day, f"{day[:5]}12-31", good)


def test_lines_stop_for_want_of_something() -> None:
    mine = Run(stoppages=[stop("dysprosium_oxide"), stop("dysprosium_oxide"), stop("magnet_smco")])
    others = [stop("magnet_smco", "2025-05-04"), stop("dysprosium_oxide", stage="magnet")]
    twin = Run(stoppages=[stop("magnet_smco"), *others])
    assert told(mine, twin)["stoppages"] == (
        "Makers' lines in Japan stop 3 times in two years, most for want of dysprosium oxide (2) and "
        "samarium-cobalt magnets (1); without it once."
    )
    assert told(mine, mine)["stoppages"].endswith("; as often without it.")
    assert (
        told(Run(), twin)["stoppages"]
        == "Makers' lines in Japan stop once without it, never with it."
    )
    assert (
        told(Run(), Run())["stoppages"]
        == "No maker's line in Japan stops in two years, with it or without."
    )


def test_lines_that_stood_already_are_told_beside_those_that_stop() -> None:
    """A stockpile that keeps lines running till the count begins has more of them to stop then."""
    early = ("a firm", "Japan", "wind", "end_use", "2025-06-01", "2026-02-28", "magnet_smco")
    mine, twin = Run(stoppages=[stop("magnet_smco")]), Run(stoppages=[early, stop("magnet_smco")])
    assert told(mine, twin)["stoppages"].endswith(
        "; as often without it; 0 stood already when the count begins, without it 1."
    )


def reserve(*tonnes: float) -> Run:
    return Run(stocks=[(*row[:2], "reserve", *row[3:]) for row in stock(*tonnes)])


def test_what_a_state_stockpile_held_and_when_it_was_given_out() -> None:
    served, kept = reserve(60, 90, 40, 8), reserve(60, 90, 60)
    assert told(served, Run())["stocks"] == (
        "The state stockpile of heat-resistant magnets in Japan holds 90 t at most and has given it "
        "out by April 2026."
    )
    assert told(kept, Run())["stocks"] == (
        "The state stockpile of heat-resistant magnets in Japan holds 90 t at most, 60 t two years "
        "after."
    )
    assert "stocks" not in told(kept, kept)  # what the twin has too is no effect
    (one,) = [r for r in reasons(served, Run(), "Japan", SINCE, {}) if r.table == "stocks"]
    assert one.records[0] == "February 2026: 90 t, without it 0 t"


def decision(month: str, actor: str, saw: str = "prices rise") -> tuple[Any, ...]:
    return (month, actor, saw, "builds a stockpile", "to wait")


def test_governments_that_act_where_they_would_not_are_told_with_what_they_saw() -> None:
    mine = Run(decisions=[decision("2027-01", "EU"), decision("2026-07", "India", "scripted act")])
    assert told(mine, Run())["decisions"] == (
        "Governments act once where they do not without it, first in January 2027: EU."
    )
    (one,) = [r for r in reasons(mine, Run(), "Japan", SINCE, {}) if r.table == "decisions"]
    assert one.records == (
        "January 2027, EU: saw prices rise; chose builds a stockpile; rejected: to wait",
    )
    assert "decisions" not in told(mine, mine)


def test_what_changes_first_stands_first_and_what_does_not_happen_last() -> None:
    mine = Run(
        events=begins(("2026-03", "Longonjo")),
        stoppages=[stop("magnet_smco", "2026-09-01")],
        leaks=[("2026-06", "third_country", "dysprosium_oxide", 90.0, "Thailand", "Japan")],
    )
    same_plants = Run(events=begins(("2026-03", "Longonjo")))
    found = [one.table for one in reasons(mine, same_plants, "Japan", SINCE, {})]
    assert found == ["leaks", "stoppages", "events"]


def licences(filed: float, granted: float) -> Run:
    return Run(licences=[("2026-04", "China", "Japan", "dysprosium_oxide", filed, granted, 0.0)])


def test_an_office_that_answers_otherwise_is_told() -> None:
    assert told(licences(400, 200), licences(350, 340))["licences"] == (
        "China's office grants 200 of 400 applications for goods to Japan in two years; without it "
        "340 of 350."
    )
    old = told(licences(49, 52), licences(172, 170))["licences"]
    assert old.endswith(
        "without it 170 of 172. Some of the applications granted were filed before."
    )
    assert "filed before" in told(licences(49, 20), licences(172, 173))["licences"]
    assert told(licences(400, 200), licences(0, 0))["licences"].endswith(
        "; without it none is needed."
    )
    assert told(licences(0, 0), licences(400, 200))["licences"] == (
        "China's office has nothing to answer: no licence is needed."
    )
    assert "licences" not in told(licences(400, 200), licences(395, 201))
    assert "licences" not in told(licences(12, 0), licences(12, 0))
    assert "licences" not in told(Run(), Run())


def test_what_third_countries_re_sell_is_told_where_it_differs() -> None:
    mine, twin = (
        Run(leaks=[("2026-09", "third_country", "dysprosium_oxide", tonnes, "Thailand", "Japan")])
        for tonnes in (388.0, 100.0)
    )
    assert told(mine, twin)["leaks"] == (
        "Third countries re-sell 388 t to Japan in two years; without it 100 t."
    )
    assert "leaks" not in told(twin, twin)
