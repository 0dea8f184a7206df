"""What a mechanism is worth to the record is a difference of mean errors, draw by draw."""

from __future__ import annotations

import numpy as np
import pytest
from typer.testing import CliRunner

from coercivity.cli import app
from coercivity.experiments.backtest.run_backtest import Survey
from coercivity.experiments.questions import ablation_evidence
from coercivity.experiments.questions.ablation_evidence import (
    EvidenceWorth,
    errors_by_draw,
    evidence_of_mechanisms,
    samples_of_record,
)
from coercivity.experiments.worlds.draws import draws


def test_only_the_record_to_2025_is_read() -> None:
    found = samples_of_record()
    assert list(found) == ["in", "kept_back", "bounds"]
    assert max(one.last for some in found.values() for one in some) <= "2025-12"


def test_a_series_has_one_vote_in_each_draw() -> None:
    held = samples_of_record()["in"]
    first = held[0]
    row = [one for one in held if (one.episode, one.key) == (first.episode, first.key)]
    other = next(one for one in held if (one.episode, one.key) != (first.episode, first.key))
    values: dict[str, list[float | None]] = {one.id: [one.value, None] for one in row}
    values[other.id] = [None, other.value]
    targets = (*row, other)
    errors = errors_by_draw(Survey(targets, 2, values), targets)
    assert errors.tolist() == [5.0, 5.0]  # of one series as far as can be, of the other none


def test_a_mechanism_helps_or_harms_by_more_than_its_standard_error() -> None:
    def worth(difference: float) -> tuple[bool, bool]:
        row = EvidenceWorth("M3", "in", 20, 1.0, 1.0 + difference, difference, 0.1)
        return row.helps, row.harms

    assert [worth(0.2), worth(-0.2), worth(0.05)] == [(True, False), (False, True), (False, False)]


def test_without_prices_the_model_is_further_from_the_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the rows of the fit to 2012, one vote a series."""
    rows = [one for one in samples_of_record()["in"] if one.scenario == "embargo-2010"]
    held = {"in": [one for one in rows if one.last <= "2012-12"]}
    monkeypatch.setattr(ablation_evidence, "samples_of_record", lambda: held)
    (row,) = evidence_of_mechanisms(draws(2), ("M5",))
    assert row.helps
    assert (row.mechanism, row.sample) == ("M5", "in")
    assert 6 < row.series <= len(held["in"])
    assert np.isclose(row.difference, row.off - row.whole)


def test_a_mechanism_that_is_not_known_is_refused_before_anything_runs() -> None:
    done = CliRunner().invoke(app, ["ablation", "M99"])
    assert done.exit_code == 2
    assert "mechanism" in done.stderr
    assert "M99" in done.stderr
