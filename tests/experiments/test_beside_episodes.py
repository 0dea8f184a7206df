"""What stands beside the depths of an episode: the record, and what truces do.

Written before the first run: without truces and general licences the United States get less of
heavy oxides in the first year of the licences of 2025, by at least a fifth of what is usual; nobody
else moves by half as much.
"""

from __future__ import annotations

from coercivity.experiments.paper.beside import FAVOURS, favours, recorded, without_favours
from coercivity.experiments.paper.depths import EPISODES
from coercivity.model.scenario.scenario import load_scenario
from coercivity.viz.pages.episodes import favour_words
from coercivity.viz.pages.episodes import recorded as record_table

LICENCES = next(one for one in EPISODES if one.scenario == "licensing-2025")


def test_a_scenario_without_favours_keeps_all_other_acts() -> None:
    scenario = load_scenario("licensing-2025")
    plain = without_favours(scenario)
    assert plain is not None
    gone = {event.id for event in scenario.events} - {event.id for event in plain.events}
    assert {event.kind for event in scenario.events if event.id in gone} == set(FAVOURS)
    assert without_favours(plain) is None


def test_the_place_of_the_united_states_is_the_truces() -> None:
    rows = {row["destination"]: row for row in favours((1,), 1) if row["episode"] == LICENCES.name}
    moved = {state: row["with"] - row["without"] for state, row in rows.items()}
    assert moved["United States"] > 0.2
    assert (
        max(abs(moved[state]) for state in moved if state != "United States")
        < 0.5 * moved["United States"]
    )
    (words,) = favour_words(LICENCES.name, list(rows.values()))
    assert words.index("United States") < words.index("Japan")
    assert favour_words("another", list(rows.values())) == []


def test_the_record_on_an_episode_stands_beside_it() -> None:
    """Rows of its two years alone; a stop that a world never sees makes the highest unknown."""
    rows = {row["id"]: row for row in recorded(LICENCES, 1)}
    assert {"first-stop-japan-2025", "dy-exports-korea-2025", "magnets-us-2025-q3"} <= set(rows)
    assert all(LICENCES.since <= row["last"] < "2027-04" for row in rows.values())
    assert rows["first-stop-us-2025"]["high"] is None or rows["first-stop-us-2025"]["high"] > 0
    _, text = record_table(list(rows.values()))
    assert "| first-stop-japan-2025 | after 2024 |" in text
    assert record_table([]) == []
