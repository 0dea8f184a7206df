"""What `sensitivity` and `backtest` print of results that were made up."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coercivity import analysis, evidence
from coercivity.experiments.sensitivity.analysis import Finding
from coercivity.experiments.sensitivity.indices import Index, Indices
from coercivity.model.basis.errors import InputError

SAMPLE: Any = SimpleNamespace(
    **{"scenario": "japan-2026", "months": 24, "method": "sobol"},
    **{"points": [0] * 40, "names": ["a", "b"], "seeds": [1, 2]},
)


def finding(method: str, *rows: Index, refused: str = "", notes: tuple[str, ...] = ()) -> Finding:
    indices = Indices(method, 40, rows, None, 256) if rows else None
    numbers = ("firms_stopped", "Firms that stop", "", method, 1.0, 0.0, 2.0)
    return Finding(*numbers, notes, None, indices, None, refused, ("A sentence.",))


def sobol(count: int) -> list[Index]:
    return [
        Index((f"p{at}",), measure, 0.5 - 0.01 * at, 0.1, 0.9)
        for at in range(count)
        for measure in ("total", "first")
    ]


def test_the_largest_indices_are_shown_and_the_rest_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    analysis._print(
        [finding("sobol", *sobol(analysis.MOST_ROWS + 2), notes=("a note",))], None, SAMPLE
    )
    shown = capsys.readouterr().out
    assert "40 points (method sobol, 2 parameters) x 2 seeds" in shown
    assert shown.index("p0 ") < shown.index("p1 ")
    assert "p16" not in shown
    assert "2 more parameters: --json has them all" in shown
    assert "note: a note" in shown
    assert "A sentence." in shown


def test_figures_go_into_a_new_or_empty_folder(tmp_path: Path) -> None:
    assert evidence._folder(str(tmp_path / "new" / "figures")).is_dir()
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"is in use \(it holds notes.txt\)"):
        evidence._folder(str(tmp_path / "used"))
    with pytest.raises(InputError, match="which is a file"):
        evidence._folder(str(tmp_path / "used" / "notes.txt" / "figures"))
