"""`run --draws` and `compare --draws` on the command line: what they print, save and refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from coercivity.experiments.quantities.headlines import headline_table
from coercivity.model.basis.facts import Facts
from tests.terminal import call, in_one_line

SMALL = ("--months", "3", "--set", "firms_per_sector=1", "--workers", "1")


def test_out_holds_everything_that_makes_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_of_each = "coercivity.viz.figures.ensemble_figures.TITLES"
    monkeypatch.setattr(one_of_each, {"prices": "Prices"})
    out = tmp_path / "found"
    draws = ("--draws", "4", "--replications", "1", "--out", str(out), "--json")
    shown = call("compare", "licences-2026", "japan-2026", *draws, *SMALL)
    assert shown.exit_code == 0, shown.output
    document = json.loads(shown.stdout)
    assert (document["base"], document["scenario"]) == ("licences-2026", "japan-2026")
    assert (document["draws"], document["replications"]) == (4, 1)
    wanted = [row.id for row in headline_table(Facts.default())]
    assert [row["id"] for row in document["headlines"]] == wanted
    row = document["headlines"][0]
    assert {"median", "p05", "p95", "defined", "shares", "base", "difference"} <= set(row)
    assert "one seed a vector" in row["shares"]["why"]
    files = {Path(name).name for name in document["files"]}
    assert files == {path.name for path in out.iterdir()}
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["draws"], manifest["replications"], manifest["design_seed"]) == (4, 1, 0)
    assert manifest["base"]["name"] == "licences-2026"
    assert "price_dy_japan" in manifest["tables"]["series"]["units"]
    table, series = pd.read_parquet(out / "draws.parquet"), pd.read_parquet(out / "series.parquet")
    assert len(table) == 8
    assert len(series) == 24
    assert (out / "prices-difference.png").is_file()
    assert "prices-difference.png" in (out / "ro-crate-metadata.json").read_text(encoding="utf-8")


def test_draws_that_are_not_kept_are_told_of_the_state_that_is_asked() -> None:
    asked = ("--state", "United States", "--draws", "2", "--replications", "1")
    shown = call("run", "licensing-2025", *asked, *SMALL)
    assert shown.exit_code == 0, shown.output
    assert "2 draws of parameter vector and seed" in shown.stdout
    assert "Headlines are those of United States and count from" in shown.stdout
    assert "in Japan" not in shown.stdout


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (("--draws", "4", "--seed", "2"), "--seed '2'"),
        (("--draws", "4", "--worlds", "2"), "--worlds '2' and --draws '4'"),
        (("--draws", "4", "--design-seed", "-1"), "--design-seed '-1'"),
        (("--replications", "4"), "--replications '4' goes with --draws"),
    ],
)
def test_options_that_do_not_fit_cost_one_line(wrong: tuple[str, ...], named: str) -> None:
    assert named in in_one_line("run", "japan-2026", "--months", "2", *wrong)
