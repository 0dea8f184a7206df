"""The list of what happens in one history: acts, what happens here, and the rest told together; it reaches the last month."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from coercivity.experiments.findings.past_months import last_past_month
from coercivity.experiments.worlds.run import run
from coercivity.model.results.event_tables import stops
from coercivity.model.results.result import Result
from coercivity.viz.page_data import lab_events
from coercivity.viz.page_data.lab_events import events
from coercivity.viz.words.event_text import local_events_words, unnamed_words
from coercivity.viz.words.firm_names import has_own_name
from coercivity.viz.words.language import english
from coercivity.viz.words.names import in_sentence
from tests.facts import FACTS
from tests.names import GOODS, KINDS, STATES

HALTS = re.compile(r"\b(stops?|runs? again|mothballed|bankrupt|given up)\b")


@pytest.fixture(scope="module")
def banned() -> Result:
    return run("japan-blanket-ban", 2, months=48)


def test_lines_of_a_month_that_is_past_are_told_without_names() -> None:
    changes = [("TDK", "x"), ("Japan wind 1", "x"), ("Japan wind 2", "x"), ("A", "y"), ("TDK", "")]
    kinds = {"TDK": "magnets", "A": "metal"} | {f"Japan wind {k}": "wind" for k in (1, 2)}
    assert unnamed_words(changes, "Japan", kinds) == [
        "In Japan 3 lines stop (wind 2, magnets 1): no x",
        "In Japan a line stops (metal): no y",
        "In Japan a line runs again (magnets)",
    ]


def test_no_firm_is_named_as_halted_in_a_month_that_is_past(banned: Result) -> None:
    state = "Japan"
    assert banned.records is not None
    stopped = {
        banned.records.structure.names[stop.firm]: banned.months[stop.first]
        for stop in reversed(stops(banned.records))
    }
    halted = {name for name, month in stopped.items() if month <= last_past_month(FACTS)}
    assert {name for name in halted if has_own_name(name)}
    halts = [one["text"] for one in events(banned, state) if HALTS.search(one["text"])]
    assert [text for text in halts if any(name in text for name in halted)] == []


@pytest.mark.parametrize("past_until", [last_past_month(FACTS), "2023-12"])
@pytest.mark.parametrize("state", ["Japan", "Germany"])
def test_the_list_holds_every_act_each_stop_of_a_line_and_every_month(
    banned: Result, state: str, past_until: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab_events, "last_past_month", lambda facts: past_until)
    assert banned.records is not None
    rows = [row for row in banned.records.events if row[0] < len(banned.months)]
    listed = events(banned, state)
    assert [one["at"] for one in listed] == sorted(one["at"] for one in listed)
    changes = changes_of(banned)
    assert {one["at"] for one in listed} == {row[0] for row in [*rows, *changes]}
    acts = [row for row in rows if row[2].removeprefix("end of ") in KINDS]
    assert sum(one["measure"] for one in listed) == len(acts)
    mine = [(month, firm, missing) for month, home, firm, missing in changes if home == state]
    assert max(Counter(firm for _, _, firm, missing in changes if missing).values()) > 1
    past = sum(month <= past_until for month in banned.months)
    before = {firm for month, firm, _ in mine if month < past}
    named = [row for row in mine if row[1] not in before]
    unnamed = [row for row in mine if row[1] in before]
    for month in range(len(banned.months)):
        said = {one["text"] for one in listed if one["here"] and one["at"] == month}
        assert said >= {*local_events_words(row[1:] for row in named if row[0] == month)}
        told = " ".join(text for text in said if text.startswith(f"In {english(state, '')} "))
        count = sum(
            int(n) if n else 1 for n in re.findall(r"(?:a|(\d+)) lines? (?:stop|run)", told)
        )
        assert count == sum(row[0] == month for row in unnamed)
    assert sum(one["text"].startswith("Elsewhere") for one in listed) == len(
        {row[0] for row in changes if row[1] != state}
    )
    assert not any(one["measure"] and one["here"] for one in listed)


def changes_of(result: Result) -> list[tuple[int, str, str, str]]:
    """Month, state, firm and what is missing of each line that stops; '' where it runs again."""
    assert result.records is not None
    structure, found = result.records.structure, []
    for stop in stops(result.records):
        firm, state = structure.names[stop.firm], STATES[structure.firm_state[stop.firm]]
        found.append((stop.first, state, firm, in_sentence(GOODS[stop.missing])))
        if stop.last is not None:
            found.append((stop.last + 1, state, firm, ""))
    return found
