"""Histories of several levers reckoned from those of each: added, multiplied, or not at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coercivity.experiments.lab.histories import DrawnHistory, Histories
from coercivity.experiments.lab.lever_emulator import emulate_histories, single_lever_settings
from coercivity.experiments.lab.setting import LabSetting, check_setting


def histories(whole: bool = True, **of: Any) -> Histories:
    """One draw with these numbers."""
    found = Histories()
    series = {name: np.array(of.pop(name)) for name in list(of) if "/" in name}
    found.add(0, DrawnHistory(of, series, whole, 180))
    return found


def together(base: Histories, *singles: Histories) -> DrawnHistory:
    return emulate_histories(base, singles, "Japan").drawn[0]


@pytest.mark.parametrize(
    ("name", "base", "moved", "found"),
    [
        ("output_lost_24m", 10.0, (7.0, 9.0), 6.0),
        ("dependence_separated_end", 0.5, (0.4, 0.3), 0.2),
        ("price_multiple_dy_japan", 2.0, (1.0, 4.0), 2.0),
        ("output_lost_24m", 10.0, (None, 9.0), None),
        ("first_stop_days", 100.0, (200.0, 100.0), 200.0),
        ("first_stop_days", 100.0, (None, 100.0), None),  # one alone keeps all lines going
        ("first_stop_days", None, (100.0, None), 100.0),
    ],
)
def test_what_each_lever_does_alone_is_put_together(
    name: str, base: float | None, moved: tuple[float | None, ...], found: float | None
) -> None:
    got = together(histories(**{name: base}), *(histories(**{name: one}) for one in moved))
    assert got.headlines[name] == (None if found is None else pytest.approx(found))
    assert (got.whole, got.estimated) == (True, True)


def test_prices_are_multiplied_and_other_lines_added() -> None:
    base, one, other = (
        histories(**{"prices/dy": [1.0, 2.0, np.nan], "cover/dy": [1.0, 1.0, 1.0]}),
        histories(**{"prices/dy": [2.0, 2.0, 1.0], "cover/dy": [2.0, 0.5, 1.0]}),
        histories(**{"prices/dy": [3.0, 1.0, 1.0], "cover/dy": [2.0, 0.2, 1.0]}),
    )
    found = together(base, one, other).series
    assert np.array_equal(found["prices/dy"], [6.0, 1.0, np.nan], equal_nan=True)
    assert found["cover/dy"].tolist() == [3.0, 0.0, 1.0]


def test_only_draws_that_all_have_to_the_end_are_reckoned() -> None:
    base, short = histories(output_lost_24m=1.0), histories(whole=False, output_lost_24m=1.0)
    for one, other in ((base, short), (base, Histories()), (short, base)):
        assert not len(emulate_histories(one, [other], "Japan"))


def test_only_levers_moved_together_are_reckoned() -> None:
    assert single_lever_settings(LabSetting()) == ()
    assert single_lever_settings(check_setting(levers={"firms_stock": 2})) == ()
    both = {"firms_stock": 2, "japan_stockpile": 3}
    assert single_lever_settings(check_setting(levers=both, assumptions={"share_speed": 0.2})) == ()
    assert (
        single_lever_settings(check_setting(levers=both, changes=[("2027-03", "firms_switch", 50)]))
        == ()
    )
    assert single_lever_settings(check_setting(levers=both, state="Germany")) == (
        check_setting(state="Germany"),
        check_setting(levers={"firms_stock": 2}, state="Germany"),
        check_setting(levers={"japan_stockpile": 3}, state="Germany"),
    )


def test_the_models_own_takes_the_place_of_what_was_reckoned() -> None:
    """What its first years do not tell stays reckoned until a whole run is there."""
    reckoned = {"output_lost_24m": 1.0, "output_lost_total": 9.0, "first_stop_days": 900.0}
    line = {"a": np.array([1.0, 1.0, 1.0])}
    estimate = DrawnHistory(reckoned, line, whole=True, months=180, estimated=True)
    found = Histories()

    def counts() -> tuple[object, ...]:
        return (found.whole, found.estimated, found.is_whole(0), found.ran)

    found.add(0, estimate)
    assert counts() == (0, 1, False, set())
    first_years = {"output_lost_24m": 2.0, "first_stop_days": None}
    found.add(0, DrawnHistory(first_years, {"a": np.array([5.0])}, False, 25))
    assert found.drawn[0].headlines == reckoned | {"output_lost_24m": 2.0}
    assert found.drawn[0].series["a"].tolist() == [5.0, 1.0, 1.0]
    assert counts() == (0, 1, False, {0})
    whole = DrawnHistory({"output_lost_24m": 3.0}, {"a": np.array([6.0, 6.0, 6.0])}, True, 180)
    found.add(0, whole)
    found.add(0, estimate)
    assert found.drawn[0] is whole
    assert counts()[:3] == (1, 0, True)


def test_a_stop_that_was_reckoned_and_did_not_come_is_not_told() -> None:
    found = Histories(at=24)
    found.add(0, DrawnHistory({"first_stop_days": 300.0}, {}, True, 180, estimated=True))
    found.add(0, DrawnHistory({"first_stop_days": None}, {}, False, 49))
    assert found.drawn[0].headlines["first_stop_days"] is None
    assert found.first_stops(730) == {0: 731.0}
