"""Plants in an explanation: in how many pairs they are begun with it alone, and which have nothing
to do with it.
"""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.experiments.findings import pair_plants
from coercivity.experiments.worlds.compare import compare
from coercivity.model.scenario.scenario import scenario_from_dict
from tests.viz.test_explained import Rows, steps

BEFORE = "2024-06"  # the count begins in January 2025


def world(*plants: tuple[str, str], ended: tuple[str, ...] = (), at: str = "2027-12") -> Rows:
    """A run in which plants are begun in their months, and some are given up."""
    rows: list[tuple[Any, ...]] = [(month, name, "project begins", "") for name, month in plants]
    rows += [(at, name, "project cancelled", "") for name in ended]
    return Rows(events=sorted(rows))


def told(pairs: list[tuple[Rows, Rows]]) -> Any:
    """What the first pair says of plants, of all pairs if there are several."""
    mine, twin = pairs[0]
    trail = steps(mine, twin, "first_stop_days", pairs=pairs)
    return next(one for one in trail if one.table == "events")


def test_of_one_pair_it_is_said_that_it_is_one_world() -> None:
    mine = world(("Narva", "2025-06"), ("Kuantan", "2025-03"), ("Both", "2025-02"))
    twin = world(("Both", "2025-04"), ("Lost", "2025-05"), ("Old", BEFORE))
    one = told([(mine, twin)])
    assert one.text == (
        "Begun in this history only with it: Kuantan (March 2025) and Narva (June 2025). One plant "
        "begun without it is not. 1 is begun either way."
    )
    assert one.first == "2025-03"


def test_of_several_pairs_it_is_said_in_how_many() -> None:
    both = (world(("Narva", "2025-06")), world(("Narva", "2025-06")))
    only = (world(("Narva", "2025-06"), ended=("Narva",)), world(("Lost", "2025-07")))
    other = (world(("Lost", "2025-07")), world(("Narva", "2025-09")))
    one = told([only, both, other, only])
    assert one.text == (
        "Begun only with it: Narva (June 2025; in 2 of 4 pairs, the other way in 1); it is given "
        "up before opening. One plant begun without it is not."
    )
    assert one.records == (
        "Narva: begun June 2025, given up December 2027; in 2 of 4 pairs, the other way in 1",
        "Lost: begun July 2025 without it, not with it; in 2 of 4 pairs, the other way in 1",
    )


def test_no_plant_is_told_to_be_given_up_in_a_month_that_is_past() -> None:
    one = told([(world(("Narva", "2025-06"), ended=("Narva",), at="2026-01"), Rows())])
    assert one.text == "Begun in this history only with it: Narva (June 2025)."
    assert one.records == ("Narva: begun June 2025",)


def test_plants_of_other_chains_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        pair_plants, "_plant_relevance_test", lambda _pair: lambda name: name == "Near"
    )
    away = world(("Far", "2025-02"), ("Near", "2025-03"))
    text = told([(away, world(("Away", "2025-02")))]).text
    assert text == (
        "Begun in this history only with it: Near (March 2025). 2 more plants differ in chains that "
        "it does not touch, by accident of the order in which investors decide."
    )
    mine, twin = world(("Far", "2025-02")), Rows()
    trail = steps(mine, twin, "first_stop_days")
    assert not any(one.table == "events" for one in trail)


def scenario(*events: dict[str, Any], **more: Any) -> Any:
    raw = {"name": "mine", "start": "2024-01", "months": 24, "events": list(events), **more}
    return scenario_from_dict(raw, "a test")


def test_licences_for_gallium_begin_no_magnet_plant() -> None:
    base, data = {"name": "none", "start": "2023-01", "months": 36}, "gallium-germanium"
    found = compare(base, "gallium-germanium-2023", [1, 2], months=36, data=data)
    for seed in found.seeds:
        told = found.explain("output_lost_total", seed=seed).steps
        told = told[told.table == "events"]
        line = " ".join(map(str, (*told.what, *told.records)))
        assert "refining of gallium" in line
        assert "magnet" not in line
