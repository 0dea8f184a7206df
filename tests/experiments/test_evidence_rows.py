"""Rows of evidence stand on their side of the line at the end of 2024."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from coercivity.experiments.backtest.evidence import check_sample, load_evidence
from coercivity.model.basis.errors import InputError


@pytest.mark.parametrize(
    ("fields", "fix"),
    [
        ({"sample": "in", "last": "2025-03"}, "write out"),
        ({"sample": "kept_back", "base_last": "2025-01"}, "write out"),
        ({"sample": "out", "last": "2024-12"}, "write in or kept_back"),
    ],
)
def test_a_row_out_of_its_sample_is_refused_with_the_fix(fields: dict[str, Any], fix: str) -> None:
    given = {"first": "2024-01", "last": "2024-06", "fit_weight": 0.0} | fields
    with pytest.raises(InputError, match=fix) as caught:
        check_sample(replace(load_evidence()[0], **given))
    assert "\n" not in str(caught.value)
