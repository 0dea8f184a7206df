"""From which state a run is told."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.experiments.quantities.headlines import EXPORTER, focal_date, headline_table
from coercivity.experiments.quantities.series import series_table
from coercivity.experiments.worlds.bare_runs import run_headlines, run_series
from coercivity.experiments.worlds.ensemble import ensemble
from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.experiments.worlds.run import run_scenario
from coercivity.experiments.worlds.viewpoint import state_of, viewpoint_state
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import (
    Scenario,
    load_shipped,
    scenario_from_dict,
    with_changes,
)


def small(name: str, months: int = 6) -> Scenario:
    return with_changes(load_shipped(name), months=months, parameters={"firms_per_sector": 1})


def against(*targets: str, kind: str = "blanket_ban", **more: object) -> Scenario:
    """A short scenario in which China lays one measure on some states."""
    act = {"date": "2024-03-01", "id": "act", "kind": kind, "actor": "China"}
    raw = {"name": "of", "title": "", "why": "", "start": "2024-01", "months": 6}
    act |= {"targets": list(targets), **more}
    return scenario_from_dict({**raw, "events": [act]}, "of")


def test_shipped_scenarios_are_told_from_japan() -> None:
    assert {state_of(load_shipped(name)) for name in list_scenarios()} == {"Japan"}


def test_a_measure_on_one_state_is_told_from_there() -> None:
    assert state_of(against("South Korea")) == "South Korea"
    assert state_of(against("Japan")) == "Japan"
    assert state_of(against("World")) == "Japan"
    assert state_of(against("South Korea", "Taiwan")) == "Japan"
    assert state_of(against("EU")) == "Japan"
    words = against("South Korea", kind="threat", severity=0.5)
    assert state_of(words) == "Japan"  # words are no measure
    assert viewpoint_state("Taiwan", against("South Korea")) == "Taiwan"
    assert viewpoint_state(None, against("South Korea")) == "South Korea"


def test_an_unknown_state_costs_one_line_with_a_suggestion() -> None:
    with pytest.raises(InputError, match=r"^--state 'japan' is not .* did you mean 'Japan'\?$"):
        viewpoint_state("japan", against("Japan"))
    with pytest.raises(InputError, match=r"^state 'Atlantis' is not a state that exists; use one"):
        ensemble(small("licensing-2025"), draws=2, state="Atlantis")


def test_headlines_without_tables_are_those_of_the_tables() -> None:
    scenario, state = small("licensing-2025", 18), "Germany"
    assert run_headlines(scenario, 3, target=state) == compute_headlines(
        run_scenario(scenario, 3), None, state
    )


def test_series_are_those_of_the_state_and_a_price_stands_once() -> None:
    scenario = small("licensing-2025")
    since = focal_date(scenario, month_names(scenario.start, scenario.months), "Germany")
    values, lines = run_series(scenario, 2, since, "Germany")
    names = [row.id for row in series_table(Facts.default(), "Germany")]
    assert lines.shape == (6, len(names))
    assert set(values) == {row.id for row in headline_table(Facts.default(), "Germany")}
    prices = run_scenario(scenario, 2).table("prices")
    of = (prices["state"] == "Germany") & (prices["good"] == "dysprosium_oxide")
    np.testing.assert_allclose(lines[:, names.index("price_dy_germany")], prices[of]["home"])
    assert [name for name in names if name.startswith("price_dy")] == [
        "price_dy_germany",
        "price_dy_china",
    ]
    own = [row.id for row in series_table(Facts.default(), EXPORTER)]
    assert own.count("price_dy_china") == 1
    assert run_series(scenario, 2, since, EXPORTER)[1].shape == (6, len(own))
