"""The office against the record of 2023 and 2024: predicted and recorded share of usual trade that
was let through, by metal, destination and months since the rule (decision 0048; the measure stands
in `experiments/calibration/licence_record.py`). Thresholds were written before it was run; in
brackets what was found, eight worlds.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from coercivity.experiments.calibration.licence_record import (
    Row,
    all_destination_rows,
    miss,
    simulate_exports,
    single_destination_rows,
)
from coercivity.experiments.calibration.licence_record import predicted_share as told_by

SEEDS = tuple(range(1, 5))
CLOCK = 2  # 45 working days


@cache
def histories(case: str) -> tuple[np.ndarray, ...]:
    return tuple(simulate_exports(case, seed, {}) for seed in SEEDS)


def told(row: Row) -> float:
    return told_by(row, histories(row.case))


def after_the_legal_time(row: Row, part: float) -> float:
    return part * sum(row.since + k >= CLOCK for k in range(row.months)) / row.months


def test_the_office_is_nearer_than_rules_of_one_line() -> None:
    """[0.20; 0.47, 0.26 and 0.39]"""
    assert (len(all_destination_rows()), len(single_destination_rows())) == (37, 19)
    found = miss(all_destination_rows(), [told(row) for row in all_destination_rows()])
    for part in (0.0, 0.5, 1.0):
        assert found < miss(
            all_destination_rows(),
            [after_the_legal_time(row, part) for row in all_destination_rows()],
        )


def test_the_first_year_of_gallium_and_germanium() -> None:
    """Twelve months of gallium and germanium: 5.1 and 5.5 months of usual trade. [4.9]"""
    year = {"gallium": 0.0, "germanium": 0.0}
    for row in all_destination_rows():
        inside = min(max(12 - row.since, 0), row.months)
        if row.good in year:
            year[row.good] += row.share * inside
    recorded = np.mean(list(year.values()))
    case = "gallium-germanium-2023"
    found = 12.0 * told(Row(case, "gallium", "all", 0, 12, 0.0))
    assert found == pytest.approx(recorded, rel=0.25)


def test_destinations_are_told_better_than_by_what_all_get() -> None:
    """[0.30; 0.44]"""
    own = miss(single_destination_rows(), [told(row) for row in single_destination_rows()])
    alike = miss(
        single_destination_rows(),
        [told(row._replace(to="all")) for row in single_destination_rows()],
    )
    assert own < alike


@pytest.mark.xfail(
    strict=True,
    reason="0.39 of 0.66 (0.37 of 0.79 with half of the staff): an office that comes to the end of "
    "its queue serves the last in rank as well; refusing the United States, which got nothing, "
    "would mend it (decision 0112)",
)
def test_the_united_states_get_less_than_half_of_the_share_of_all() -> None:
    """[0.37 of 0.79]"""
    row = Row("gallium-germanium-2023", "gallium", "United States", 5, 12, 0.0)
    assert told(row) < 0.5 * told(row._replace(to="all"))
