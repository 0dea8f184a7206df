"""What `sensitivity` and `backtest` print of results that were made up."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from coercivity import analysis, evidence
from coercivity.cli import app
from coercivity.experiments.sensitivity.analysis import Finding
from coercivity.experiments.sensitivity.discovery import Bound, Corner
from coercivity.experiments.sensitivity.indices import Index, Indices
from coercivity.model.basis.errors import InputError
from tests.viz.test_backtest_figures import made_up

SAMPLE: Any = SimpleNamespace(
    scenario="japan-2026",
    months=24,
    points=[0] * 40,
    method="sobol",
    names=["a", "b"],
    seeds=[1, 2],
)


def finding(method: str, *rows: Index, refused: str = "", notes: tuple[str, ...] = ()) -> Finding:
    indices = Indices(method, 40, rows, None, 256) if rows else None
    return Finding(
        "firms_stopped",
        "Firms that stop",
        "",
        method,
        1.0,
        0.0,
        2.0,
        notes,
        None,
        indices,
        None,
        refused,
        ("A sentence.",),
    )


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


def test_a_screening_has_its_own_columns_and_a_refusal_its_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [
        Index(("a",), measure, value, 0.0, 1.0)
        for measure, value in (("mu_star", 0.5), ("mu", -0.5), ("sigma", 0.25))
    ]
    columns, cells = analysis._rows(finding("morris", *rows))
    assert (columns, cells) == (
        ("parameter", "mu_star", "low", "high", "mu", "sigma"),
        [("a", 0.5, 0.0, 1.0, -0.5, 0.25)],
    )
    assert analysis._rows(finding("delta", Index(("a",), "delta", 0.5, 0.0, 1.0)))[0] == (
        "parameter",
        "delta",
        "low",
        "high",
    )
    analysis._print([finding("sobol", refused="the outcome is 1 in every point")], None, SAMPLE)
    assert "not computed: the outcome is 1 in every point" in capsys.readouterr().out


@pytest.mark.parametrize("found", [True, False])
def test_a_corner_shows_its_bounds_only_where_it_is_found(
    found: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    bounds = (Bound("a", "low", 0.25, 0.01, 0.9),) if found else ()
    corner = Corner(
        "firms_stopped>3", 40, 10, bounds, 0.6, 0.8, 0.2, 0.5, 0.7, 0.05, ("a note on the corner",)
    )
    analysis._print([], corner, SAMPLE)
    shown = capsys.readouterr().out
    assert ("Corner: firms_stopped>3" in shown) is found
    assert "a note on the corner" in shown


def test_the_backtest_prints_targets_verdicts_benchmarks_and_figures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = made_up()
    evidence._print(found, ["figures/quotas.png"])
    shown = capsys.readouterr().out
    for word in (
        "level-in",
        "quotas: ",
        "Verdicts over 2 draws",
        "Nearer to the record",
        "Figure: figures/quotas.png",
    ):
        assert word in shown
    evidence._print(found | {"benchmarks": []}, [])
    assert "Nearer to the record" not in capsys.readouterr().out


def test_figures_go_into_a_new_or_empty_folder(tmp_path: Path) -> None:
    assert evidence._folder(str(tmp_path / "new" / "figures")).is_dir()
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"is in use \(it holds notes.txt\)"):
        evidence._folder(str(tmp_path / "used"))
    with pytest.raises(InputError, match="which is a file"):
        evidence._folder(str(tmp_path / "used" / "notes.txt" / "figures"))


def test_a_caller_in_python_gets_the_code_back() -> None:
    command = typer.main.get_command(app)
    assert command.main(["scenarios", "show", "nowhere"], standalone_mode=False) == 2
