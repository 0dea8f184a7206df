"""What may lie in a data folder, when its tables are checked, and which rows a start borrows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.basis.layers import list_minerals, named, shipped_folder
from tests.data_folders import with_facts, write_rows

NOTES = ("README.md", "LICENSE", "notes.txt", "projects.md", "datapackage.json", ".DS_Store")
ROW = {"start": "2024-01", "good": "dysprosium_oxide", "market": "China home, ex VAT"}
PRICES = """
import json
from coercivity.model.basis.facts import load_table
found = {}
for row in load_table("prices_start"):
    found.setdefault(row["start"], {})[row["good"] + " " + row["market"]] = row["usd_per_kg"]
print(json.dumps(found))
"""
LIVED = """
import coercivity
result = coercivity.run({"name": "later", "start": "2025-02", "months": 2})
print(result.months)
"""
LATE = """
import coercivity
try:
    print(coercivity.load_scenario("business-as-usual").fingerprint())
except coercivity.InputError as error:
    print(error)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    place = tmp_path / "mine"
    place.mkdir()
    return place


def test_notes_and_scenarios_lie_beside_tables(folder: Path) -> None:
    write_rows(folder, "prices_start", {**ROW, "usd_per_kg": 500.0})
    for name in NOTES:
        (folder / name).write_text("told", encoding="utf-8")
    (folder / "scenarios").mkdir()
    (folder / "._prices_start.csv").write_bytes(b"\x00\x05\x16\x07")  # of macOS
    assert named(folder) == str(folder)
    done = with_facts(folder, PRICES)
    assert done.returncode == 0, done.stderr
    assert 500.0 in json.loads(done.stdout)["2024-01"].values()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", r"data '.*mine' holds no table; put one there .* such as projects\.csv"),
        ("README.md", r"data '.*mine' holds no table"),
        ("scenarios/my.yaml", r"data '.*mine' holds no table"),
        ("tables/growth.csv", r"mine' holds no table; tables/growth\.csv lies one folder down"),
        ("growth.tsv", r"mine/growth\.tsv: .* save it as text with commas under growth\.csv"),
        ("growth.csv.txt", r"mine/growth\.csv\.txt: .* under growth\.csv"),
        ("growth", r"mine/growth: .* under growth\.csv"),
        ("GROWTH.CSV", r"mine/GROWTH\.CSV: .*; rename it growth\.csv"),
        ("Growth.csv", r"mine/Growth\.csv: .*; rename it growth\.csv"),
        ("growht.csv", r"mine/growht\.csv: 'growht' is no table; did you mean 'growth'\?"),
        ("customs.xlsx", r"mine/customs\.xlsx: it is no table; save it as text with commas"),
        ("growth.csv/a", r"mine/growth\.csv: it is no file that can be read"),
    ],
)
@pytest.mark.parametrize("beside", [False, True])
def test_what_is_no_table_costs_one_line(folder: Path, name: str, said: str, beside: bool) -> None:
    """A file that looks like a table does also where another table is right."""
    if name:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("start,good\n", encoding="utf-8")
    if beside:
        write_rows(folder, "prices_start", {**ROW, "usd_per_kg": 500.0})
    if beside and "holds no table" in said:
        assert named(folder) == str(folder)
        return
    with pytest.raises(InputError, match=said) as refused:
        named(folder)
    assert "\n" not in str(refused.value)


def test_the_command_line_refuses_it_with_exit_code_2(folder: Path) -> None:
    (folder / "growth.tsv").write_text("sector\n", encoding="utf-8")
    for command in (["run", "business-as-usual"], ["scenarios", "list"], ["facts", "growth"]):
        done = with_facts("", "", "-m", "coercivity", "--data", str(folder), *command)
        assert done.returncode == 2, done.stderr
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1, done.stderr
        assert "mine/growth.tsv" in done.stderr


def test_the_folders_that_ship_pass() -> None:
    for mineral in list_minerals():
        copy = shipped_folder() / "minerals" / mineral
        assert named(copy) == mineral
    assert named(shipped_folder()) == str(shipped_folder().resolve())


def test_a_broken_table_is_refused_before_a_scenario_is_loaded(folder: Path) -> None:
    """Also one that nobody would have read."""
    write_rows(folder, "prices_start", {**ROW, "usd_per_kg": 500.0})
    write_rows(folder, "licence_practice", {"id": "mine", "case": "none"})
    for code in (LATE, LATE.replace("load_scenario", "World").replace(".fingerprint()", "")):
        done = with_facts(folder, code)
        assert done.returncode == 0, done.stderr
        assert "mine/licence_practice.csv row 2, column case: 'none' is not known" in done.stdout


def test_a_start_like_another_has_its_rows(folder: Path) -> None:
    """And its own where it has them."""
    add_starts(folder, {"2023-01": "2024-01"})
    dear = {**ROW, "start": "2023-01", "good": "ndpr_oxide"}
    write_rows(folder, "prices_start", {**dear, "usd_per_kg": 99.0})
    old, new = prices(folder, "2024-01", "2023-01")
    assert old.keys() == new.keys()
    assert [key.split()[0] for key in new if new[key] != old[key]] == ["ndpr_oxide"]


def test_it_has_the_rows_that_the_folder_lays_over_the_other(folder: Path) -> None:
    """In place of a shipped row, and beside them."""
    add_starts(folder, {"2025-01": "2024-01"})
    write_rows(folder, "prices_start", {**ROW, "usd_per_kg": 500.0})
    write_rows(folder, "prices_start", {**ROW, "market": "Atlantis", "usd_per_kg": 600.0})
    old, new = prices(folder, "2024-01", "2025-01")
    assert old == new
    assert new["dysprosium_oxide China home, ex VAT"] == 500.0
    assert new["dysprosium_oxide Atlantis"] == 600.0


def test_a_chain_of_starts_is_followed_to_its_end(folder: Path) -> None:
    """The nearest has the first word."""
    add_starts(folder, {"2025-02": "2025-01", "2025-01": "2024-01"})
    home, ndpr = {**ROW, "start": "2025-01"}, {**ROW, "good": "ndpr_oxide"}
    write_rows(folder, "prices_start", {**home, "usd_per_kg": 500.0})
    write_rows(folder, "prices_start", {**ndpr, "usd_per_kg": 70.0})
    first, second, third = prices(folder, "2024-01", "2025-01", "2025-02")
    changed = {key: second[key] for key in first if first[key] != second[key]}
    assert changed == {"dysprosium_oxide China home, ex VAT": 500.0}
    assert third == second
    assert third["ndpr_oxide China home, ex VAT"] == 70.0
    done = with_facts(folder, LIVED)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "('2025-02', '2025-03')"


def add_starts(folder: Path, likes: dict[str, str]) -> None:
    """Starts that are like others."""
    for start, like in likes.items():
        row = {"start": start, "like": like, "description": "mine", "vat": 0.13}
        write_rows(folder, "starts", row)


def prices(folder: Path, *starts: str) -> list[dict[str, float]]:
    """Prices at some starts, as a process with a data folder has them."""
    done = with_facts(folder, PRICES)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return [found[start] for start in starts]
