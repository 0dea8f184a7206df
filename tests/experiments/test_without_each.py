"""A setting without each of its measures, and what one of several adds."""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.experiments.lab import without_each as module
from coercivity.experiments.lab.histories import SOON, Histories, paired_difference, run_history
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.experiments.lab.without_each import without_each
from coercivity.model.basis.calendar import month_index

STOCK, LOANS, MEASURE = {"firms_stock": 6.0}, {"japan_plants": 1000.0}, {"china_measure": 5.0}


def names(setting: LabSetting) -> list[list[str]]:
    return [[name for name, _ in part.levers] for part in without_each(setting)]


def test_each_lever_is_taken_away_and_the_others_stay() -> None:
    setting = check_setting(levers={**STOCK, **LOANS, **MEASURE})
    parts = without_each(setting)
    assert sorted(names(setting)) == [["china_measure"], ["firms_stock"], ["japan_plants"]]
    for part in parts:
        assert set(part.without.levers) | set(part.levers) == set(setting.levers)
        assert not set(part.without.levers) & set(part.levers)
        assert part.without.state == setting.state


@pytest.mark.parametrize(
    "what", [{}, {"levers": STOCK}, {"assumptions": {"licence_clock_months": 3.0}}]
)
def test_what_is_set_alone_has_no_parts(what: dict[str, Any]) -> None:
    assert without_each(check_setting(**what)) == ()


def test_a_measure_and_how_long_it_lasts_are_one_part_where_the_length_is_nothing_alone() -> None:
    setting = check_setting(
        state="Germany", levers={"germany_measure": 4.0, "germany_months": 12.0, **STOCK}
    )
    assert sorted(map(len, names(setting))) == [1, 2]


def test_later_changes_are_the_parts_where_there_are_any() -> None:
    setting = check_setting(
        levers=STOCK,
        changes=[("2027-01", "japan_plants", 1000.0), ("2028-01", "firms_switch", 50.0)],
    )
    parts = without_each(setting)
    assert [part.change and part.change[1] for part in parts] == ["japan_plants", "firms_switch"]
    assert all(part.without.levers == setting.levers for part in parts)


def test_no_more_are_asked_about_than_can_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    assert len(without_each(check_setting(levers={**STOCK, **LOANS, **MEASURE}))) == 2


def test_a_stock_adds_and_a_loan_whose_plants_open_later_adds_nothing_within_two_years() -> None:
    """Effects: under a ban on everything, six months of stock save output in every history; loans
    of the same year save none in two years, as no plant opens by then.
    """
    small = {"firms_per_sector": 2.0}
    setting = check_setting(levers={**MEASURE, **STOCK, **LOANS}, assumptions=small)
    since = story_day(setting.shipped)
    months = month_index(setting.shipped.start, since) + SOON + 1

    def lost(one: LabSetting) -> dict[int, float]:
        found = Histories(months - SOON - 1)
        for number in range(6):
            found.add(
                number,
                run_history(one.asked(), (), number, one.state, since, lambda lines: {}, months),
            )
        return found.values("output_lost_24m")

    whole = lost(setting)
    adds = {
        part.levers[0][0]: paired_difference(whole, lost(part.without))
        for part in without_each(setting)
    }
    stock, loans, ban = (adds[name] for name in ("firms_stock", "japan_plants", "china_measure"))
    assert stock is not None
    assert (stock.less, stock.stands_out) == (6, True)  # less is lost with it, each time
    assert ban is not None
    assert ban.more == 6
    assert loans is not None
    assert abs(loans.range.middle) < 0.2 * abs(stock.range.middle)
