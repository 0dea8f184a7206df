"""docs/add-a-state.md, walked: a data folder in which Indonesia leaves the rest of the world."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from coercivity.model.basis.layers import shipped_folder
from coercivity.model.basis.names import SECTORS
from tests.data_folders import with_facts, write_rows

ROOT = Path(__file__).resolve().parents[2]
MONTHS = 3
LIVED = f"""
import json
from coercivity.model.world import World
from coercivity.viz.drawn.map_data import play_json
from coercivity.experiments.worlds.run import run
world = World("business-as-usual", 1, months={MONTHS}, record=False)
for _ in range({MONTHS}):
    world.step()
    assert abs(world.balance_error()).max() < 1e-6
place = world.state_names.index("Indonesia")
use = float(world.firms.run[world.firms.state == place].sum())
shown = "Indonesia" in play_json(run("japan-2026", months=26), "Indonesia", "2026-01")
print(json.dumps({{"last": world.state_names[-1], "use": use, "shown": shown}}))
"""


def name_the_state(folder: Path) -> None:
    write_rows(
        folder,
        "states",
        {"state": "Indonesia", "government": "Indonesia", "region": "South-East Asia"},
    )


def take_from_the_rest(folder: Path, table: str, column: str, amount: float, **key: str) -> None:
    """A part of what the rest of the world has becomes Indonesia's."""
    path = shipped_folder() / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["state"] == "Rest of world"
            and all(row[name] == value for name, value in key.items())
        ]
    (rest,) = rows
    assert float(rest[column]) > amount
    write_rows(
        folder,
        table,
        {**rest, column: float(rest[column]) - amount},
        {**rest, "state": "Indonesia", column: amount},
    )


@pytest.fixture
def indonesia(tmp_path: Path) -> Path:
    """All rows that the page asks for."""
    folder = tmp_path / "indonesia"
    folder.mkdir()
    name_the_state(folder)
    write_rows(
        folder,
        "governments",
        {
            "government": "Indonesia",
            "capability_2009": 0.05,
            "capability_2024": 0.1,
            "audience_trade": 0.004,
            "audience_sovereignty": 0.02,
        },
    )
    leverage = {"counter_leverage": 0.2, "low": 0.1, "high": 0.3}
    write_rows(folder, "counter_leverage", {"government": "Indonesia", **leverage})
    gdp = {"year": 2023, "price_year": 2023, "usd_bn": 1371.2}
    write_rows(folder, "gdp", {"state": "Indonesia", **gdp})
    for start, tonnes in (("2024-01", 60.0), ("2009-01", 40.0)):
        key = {"start": start, "sector": "appliances", "good": "motor_standard"}
        take_from_the_rest(folder, "end_use", "tonnes_per_year", tonnes, **key)
    take_from_the_rest(folder, "value_added", "usd_bn", 1.0, sector="appliances")
    spread = {"multiplier": 1.8, "low": 1.4, "high": 2.2}
    rows = ({"state": "Indonesia", "sector": sector, **spread} for sector in SECTORS)
    write_rows(folder, "multipliers", *rows)
    return folder


def test_a_state_of_which_the_tables_know_nothing_costs_one_line(tmp_path: Path) -> None:
    name_the_state(tmp_path)
    done = with_facts(tmp_path, "", "-m", "coercivity", "run", "business-as-usual", "--months", "2")
    assert done.returncode == 2, done.stderr
    assert "governments.csv has no row for government 'Indonesia'" in done.stderr
    assert "docs/add-a-state.md" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_state_is_added_by_rows_alone(indonesia: Path) -> None:
    """Every table of the page is written, the books balance, and the map shows the state."""
    page = (ROOT / "docs/add-a-state.md").read_text(encoding="utf-8")
    for path in indonesia.glob("*.csv"):
        assert f"`{path.name}`" in page, f"docs/add-a-state.md does not name {path.name}"
    done = with_facts(indonesia, LIVED)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told == {"last": "Indonesia", "use": told["use"], "shown": True}
    assert told["use"] > 0.0
