"""A data folder laid over the shipped tables: what it changes, and what of it costs one line."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import coercivity
from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.worlds.asked_facts import find_facts
from coercivity.model.basis import layers
from coercivity.model.basis.csv_tables import read_table
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts, list_tables, load_table, use_data
from coercivity.model.basis.laid import laid_over
from coercivity.model.basis.layers import OtherFacts, named, shipped_folder
from coercivity.model.basis.names import GOODS, SPECS, STATES
from coercivity.model.scenario.scenario import load_scenario, parse_scenario
from tests.data_folders import columns_of, with_facts, write_rows

PLANT = {
    "start": "2024-01",
    "name": "My plant",
    "process": "separate_heavy",
    "state": "Japan",
    "tonnes_per_year": 500.0,
    "first_month": "2024-02",
    "patient": 1,
}
FIRMS = """
import json
import re
from coercivity.model.world import World
world = World("business-as-usual", months=2, record=False)
for _ in range(2):
    world.step()
    assert abs(world.balance_error()).max() < 1e-6
print(json.dumps(["My plant" in world.firms.names, world.asked.data]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a plant of one's own."""
    place = tmp_path / "mine"
    place.mkdir()
    write_rows(place, "projects", PLANT)
    return place


def test_a_row_takes_the_place_of_the_one_with_its_key_and_a_new_one_stands_behind(
    folder: Path,
) -> None:
    write_rows(folder, "projects", {**PLANT, "name": "Another plant"})
    shipped, spec = load_table("projects"), SPECS["projects"]
    old = dict(shipped.rows[0], tonnes_per_year=1.0)
    path = write_rows(folder, "projects", {column: old[column] for column in shipped.columns})
    laid = laid_over(shipped, read_table(path, spec), spec)
    assert len(laid) == len(shipped) + 2
    assert laid.rows[0]["tonnes_per_year"] == 1.0
    assert laid.rows[1 : len(shipped)] == shipped.rows[1:]
    assert [row["name"] for row in laid.rows[-2:]] == ["My plant", "Another plant"]
    assert str(laid.place(0)) == "projects.csv row 4"  # of the folder
    assert str(laid.place(1)) == f"projects.csv row {shipped.lines[1]}"


def test_a_plant_of_ones_own_is_in_the_world(folder: Path) -> None:
    done = with_facts(folder, FIRMS)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True, str(folder)]
    assert "My plant" not in coercivity.World("business-as-usual", months=1).firms.names


def test_a_run_of_other_facts_is_told_by_them(folder: Path) -> None:
    """Its tables come along; the facts stand in the fingerprint and in what the result rests on."""
    ours = coercivity.run("business-as-usual", months=3)
    theirs = coercivity.run("business-as-usual", months=3, data=folder)
    told, own = theirs.provenance(), ours.provenance()
    assert told["facts"] == f"{own['facts']}+{told['facts'][-12:]}"
    assert told["fingerprint"] != own["fingerprint"]
    assert told["code"] == own["code"]
    assert theirs.tables == ours.tables
    prices = [set(one.table("prices")["good"]) for one in (ours, theirs)]
    assert prices[0] == prices[1]
    made = theirs.table("firms")
    assert "My plant" in set(made["firm"])
    assert "My plant" not in set(ours.table("firms")["firm"])
    assert theirs.headlines().keys() == ours.headlines().keys()
    assert theirs.plot("prices") is not None
    assert "business-as-usual" in theirs._repr_html_()
    assert repr(theirs).startswith("Result(business-as-usual, seed 1")
    again = coercivity.run("business-as-usual", months=3, data=str(folder))
    assert again.provenance() == told
    assert again.table("firms").equals(made)
    back = coercivity.load(theirs.save(folder.parent / "saved"))
    assert back.provenance() == told
    assert back.table("firms").equals(made)
    assert back.headlines() == theirs.headlines()


def test_what_a_plant_of_ones_own_changes(folder: Path) -> None:
    """The shipped facts stand beside one's own: the same world until the plant is there."""
    asked = ("business-as-usual", "business-as-usual", [1])
    pair = coercivity.compare(*asked, months=12, data=folder, base_data="")
    ours = coercivity.run("business-as-usual", months=12)
    theirs = coercivity.run("business-as-usual", months=12, data=folder)
    assert pair.base[0].provenance() == ours.provenance()
    assert pair.scenario[0].provenance() == theirs.provenance()
    price = pair.headlines()["world_price_dy_end"]
    assert price["base"] == [ours.headlines()["world_price_dy_end"]]
    made = pair.table("output").query("month >= '2024-03' and difference != 0")
    assert {("dysprosium_oxide", "Japan")} <= set(zip(made["good"], made["state"], strict=True))
    assert "World" not in str(pair.explain("world_price_dy_end").steps)
    assert pair.plot("prices") is not None
    with pytest.raises(InputError, match="run with different facts"):
        pair.save(folder.parent / "pair")
    turned = coercivity.compare(*asked, months=12, base_data=folder)
    assert turned.base[0].provenance() == theirs.provenance()
    dearer = turned.headlines()["world_price_dy_end"]["difference"][0]
    assert dearer == pytest.approx(-price["difference"][0])


def test_what_has_other_goods_does_not_stand_beside(folder: Path) -> None:
    with pytest.raises(InputError, match=r"base_data: what is run with .* its .* are others"):
        coercivity.compare(
            "gallium-germanium-2023",
            "business-as-usual",
            [1],
            months=2,
            base_data="gallium-germanium",
        )
    ours, theirs = (
        coercivity.run("business-as-usual", months=1, data=data)
        for data in ("", "gallium-germanium")
    )
    with pytest.raises(InputError, match="twin: what is run with 'gallium-germanium' cannot"):
        ours.explain("output_lost_24m", twin=theirs)


def test_a_row_that_is_changed_counts_at_once(folder: Path) -> None:
    """And what was made before is told by what it was made with."""
    row = {"start": "2024-01", "good": "dysprosium_oxide", "market": "China", "usd_per_kg": 500.0}
    file = write_rows(folder, "prices_start", row)
    before = coercivity.run("business-as-usual", months=1, data=folder)
    file.write_text(file.read_text(encoding="utf-8").replace("500.0", "900.0"), encoding="utf-8")
    after = coercivity.run("business-as-usual", months=1, data=folder)
    assert before.provenance()["facts"] != after.provenance()["facts"]
    assert before.scenario.fingerprint() != after.scenario.fingerprint()
    prices = [
        one.table("prices").query("good == 'dysprosium_oxide' and state == 'Japan'")["home"].iloc[0]
        for one in (before, after)
    ]
    assert prices[1] > 1.4 * prices[0]
    kept = coercivity.load(before.save(folder.parent / "before.zip"))  # its tables go along
    assert kept.provenance() == before.provenance()
    assert kept.table("prices").equals(before.table("prices"))


CHANGED = """
import coercivity, sys
from pathlib import Path
asked = dict(months=1)
coercivity.run("business-as-usual", **asked)
table = Path(sys.argv[1], "projects.csv")
table.write_text(table.read_text(encoding="utf-8").replace("500", "900"), encoding="utf-8")
from coercivity.experiments.worlds.processes import each
try:
    each(abs, [1, 2], 2)
except coercivity.InputError as error:
    print(error)
for ask in (coercivity.run, coercivity.compare, coercivity.ensemble, coercivity.run_worlds):
    given = ("business-as-usual", "business-as-usual") if ask is coercivity.compare else (
        ("business-as-usual", [1]) if ask is coercivity.run_worlds else ("business-as-usual",))
    try:
        ask(*given, **asked)
    except coercivity.InputError as error:
        print(error)
"""


def test_a_folder_that_changes_under_a_process_ends_its_runs(folder: Path) -> None:
    done = with_facts(folder, CHANGED, str(folder))
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert len(said) == 5
    assert all("has changed since this process read it" in line for line in said)


def test_what_is_saved_is_read_where_the_folder_has_moved_or_is_gone(folder: Path) -> None:
    saved = coercivity.run("business-as-usual", months=2, data=folder).save(folder.parent / "run")
    wanted = coercivity.load(saved).table("firms")
    assert "My plant" in set(wanted["firm"])
    moved = folder.rename(folder.parent / "moved")
    code = (
        "import coercivity, sys; run = coercivity.load(sys.argv[1]); "
        "print('My plant' in set(run.table('firms')['firm']), 'My plant' in "
        "coercivity.World(run.scenario, months=1).firms.names)"
    )
    asked = [with_facts(where, code, str(saved)) for where in (moved, "", "gallium-germanium")]
    assert [one.stdout.strip() for one in asked] == ["True True"] * 3, [one.stderr for one in asked]


def test_a_scenario_of_other_facts_makes_a_world_of_them(folder: Path) -> None:
    theirs = coercivity.run("business-as-usual", months=2, data=folder).scenario
    assert "My plant" in coercivity.World(theirs).firms.names
    ours = coercivity.load_scenario("business-as-usual")
    assert replace(theirs).fingerprint() == theirs.fingerprint() != ours.fingerprint()
    assert coercivity.load_scenario(theirs) is theirs
    with pytest.raises(InputError, match="and scenario business-as-usual for '"):
        coercivity.run(theirs, data="gallium-germanium")
    assert "My plant" in set(coercivity.run(theirs).table("firms")["firm"])


def test_whose_facts_a_base_has_is_not_guessed(folder: Path) -> None:
    file = folder.parent / "own.yaml"
    file.write_text("name: own\nstart: 2024-01\nmonths: 2\ndata: mine\n", encoding="utf-8")
    for asked in (
        lambda: coercivity.compare("business-as-usual", file, [1], months=2),
        lambda: coercivity.ensemble(file, 1, base="business-as-usual", months=2),
    ):
        with pytest.raises(InputError, match=r"asks for the data .*mine' and base says none"):
            asked()
    pair = coercivity.compare("business-as-usual", file, [1], months=2, base_data="")
    assert pair.base[0].scenario.data == ""
    assert pair.scenario[0].scenario.data == str(folder)


ASKED_HERE = """
import coercivity, json, sys
pair = coercivity.compare(*json.loads(sys.argv[1]), [1], months=12)
many = coercivity.ensemble("gallium-germanium-2023", 2, months=6)
told = {
    "run": pair.scenario[0].headlines(),
    "pair": pair.headlines(),
    "why": str(pair.explain("firms_stopped")),
    "alone": str(pair.scenario[0].explain("first_stop_days")),
    "rows": [row.id for row in many.rows],
    "many": many.spread("firms_stopped").__dict__,
}
print(json.dumps(told))
"""


def test_results_of_other_facts_tell_what_they_tell_where_the_facts_hold(tmp_path: Path) -> None:
    """Sectors and headlines of gallium are others: nothing is counted by those of this process."""
    quiet = tmp_path / "quiet.yaml"
    quiet.write_text(
        "name: quiet\nbase: gallium-germanium-2023\ndata: gallium-germanium\n"
        "start: 2023-01\nmonths: 12\nevents: []\n",
        encoding="utf-8",
    )
    asked = [str(quiet), "gallium-germanium-2023"]
    data = "gallium-germanium"
    own = with_facts(data, ASKED_HERE, json.dumps(asked))
    assert own.returncode == 0, own.stderr
    wanted = json.loads(own.stdout)
    pair = coercivity.compare(*asked, [1], months=12, data=data)
    many = coercivity.ensemble(asked[1], 2, months=6, data=data)
    assert pair.scenario[0].headlines() == wanted["run"]
    assert pair.headlines() == wanted["pair"]
    assert str(pair.explain("firms_stopped")) == wanted["why"]
    assert str(pair.scenario[0].explain("first_stop_days")) == wanted["alone"]
    assert [row.id for row in many.rows] == wanted["rows"]
    assert many.spread("firms_stopped").__dict__ == wanted["many"]
    assert any("gallium" in name for name in pair.headlines())
    saved = pair.save(tmp_path / "pair.zip")
    assert coercivity.load(saved).headlines() == wanted["pair"]
    assert coercivity.load(many.save(tmp_path / "many")).table().equals(many.table())


def test_a_scenario_file_says_its_data_folder(folder: Path) -> None:
    """By a path beside the file; what was chosen for a process is not overruled by it."""
    file = folder.parent / "own.yaml"
    file.write_text("name: own\nbase: business-as-usual\nstart: 2024-01\nmonths: 2\ndata: mine\n")
    result = coercivity.run(file)
    assert result.scenario.data == load_scenario(file).data == str(folder)
    assert "My plant" in set(result.table("firms")["firm"])
    done = with_facts("", "", "-m", "coercivity", "run", str(file), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["scenario"] == "own"
    done = with_facts("gallium-germanium", "", "-m", "coercivity", "run", str(file))
    assert done.returncode == 2
    assert "own.yaml: " in done.stderr
    with pytest.raises(OtherFacts, match="is wanted"):  # an upload reads no folder
        parse_scenario(file.read_text(encoding="utf-8").replace("mine", str(folder)))


def test_what_is_asked_has_one_data_folder(folder: Path) -> None:
    raw = {"name": "own", "start": "2024-01", "data": str(folder)}
    assert find_facts(None, "japan-2026") is Facts.default()
    assert find_facts(None, raw) == find_facts(folder, "japan-2026") == Facts.load(folder)
    write_rows(folder.parent, "projects", PLANT)
    with pytest.raises(InputError, match="use one of them for all"):
        find_facts(folder.parent, raw)


def test_the_facts_of_a_process_are_chosen_once(folder: Path) -> None:
    use_data("")  # as it is
    with pytest.raises(OtherFacts, match="this process works with the shipped tables"):
        use_data(folder)
    done = with_facts("", f"import coercivity; coercivity.use_data({str(folder)!r}); {FIRMS}")
    assert json.loads(done.stdout) == [True, str(folder)]


def test_a_name_means_a_folder_that_ships_and_a_path_any_other(folder: Path) -> None:
    assert named("") == named(None) == ""
    assert named(folder) == str(folder)
    for mineral in layers.list_minerals():
        assert named(mineral) == mineral
        assert named(shipped_folder() / "minerals" / mineral) == mineral
    with pytest.raises(InputError, match="data 'nowhere' is no folder"):
        named("nowhere")


@pytest.mark.parametrize(
    ("table", "rows", "said"),
    [
        ("goods", [{"good": "tin"}], r"mine/goods\.csv row 2, column label: '' is empty"),
        (
            "groups",
            [{"group": "soft", "good": "tin"}],
            r"mine/groups\.csv row 2, column good: 'tin' is not known",
        ),
        (
            "states",
            [{"state": "Atlantis", "region": "Europe"}],
            r"mine/states\.csv row 2, column government: '' is empty",
        ),
        (
            "projects",
            [{**PLANT, "process": "separate_heavvy"}],
            r"mine/projects\.csv row 2, column process: .* did you mean 'separate_heavy'",
        ),
        (
            "starts",
            [{"start": "2023-01", "like": "2022-01", "description": "x", "vat": 0.13}],
            r"mine/starts\.csv row 2, column like: '2022-01' is no other start",
        ),
        (
            "starts",
            [
                {"start": start, "like": like, "description": "x", "vat": 0.13}
                for start, like in (("2025-01", "2025-02"), ("2025-02", "2025-01"))
            ],
            r"mine/starts\.csv row 2, column like: '2025-02' goes round in a circle",
        ),
        (  # of a table that no run reads
            "evidence",
            [{"id": "mine", "episode": "x", "sample": "outt"}],
            r"mine/evidence\.csv row 2, column sample: 'outt' is not known",
        ),
    ],
)
def test_a_wrong_row_costs_one_line(
    tmp_path: Path, table: str, rows: list[dict[str, object]], said: str
) -> None:
    refused(tmp_path, table, rows, said)


def refused(tmp_path: Path, table: str, rows: list[dict[str, object]], said: str) -> None:
    place = tmp_path / "mine"
    place.mkdir()
    write_rows(place, table, *rows)
    done = with_facts(place, "", "-m", "coercivity", "run", "business-as-usual", "--months", "1")
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert re.search(said, done.stderr), done.stderr


GOOD = {
    "good": "tin",
    "label": "tin",
    "stage": "mining",
    "description": "refined tin",
    "lead": 1,
    "pricing": "commodity",
    "shelf_months": 2,
    "floor": 0.3,
    "vat_wedge": 1,
    "qualification_months": 3,
    "sensitivity": 4,
    "leak": 1,
}


def test_a_good_without_a_process_costs_one_line(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    write_rows(tmp_path / "mine", "headings", {"good": "tin", "heading": "8001.10"})
    (tmp_path / "mine").rename(tmp_path / "kept")
    place = tmp_path / "kept"
    write_rows(place, "goods", GOOD)
    done = with_facts(place, "", "-m", "coercivity", "run", "business-as-usual", "--months", "1")
    assert done.returncode == 2
    assert "kept/goods.csv row 2, column good: 'tin' is made by no process" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_row_that_no_rule_reads_changes_no_shipped_one(tmp_path: Path) -> None:
    """What is known of plants may be added to; to change a plant so would do nothing."""
    mine = tmp_path / "mine"
    mine.mkdir()
    row = {"name": "My plant", "state": "Japan", "stage": "magnet", "stages": "magnet"}
    file = write_rows(mine, "plants", row)
    assert coercivity.run("business-as-usual", months=1, data=mine).scenario.data == str(mine)
    lynas = next(one for one in load_table("plants") if "LAMP" in one["name"])
    known = {column: lynas[column] for column in ("name", "state", "stage", "stages")}
    write_rows(mine, "plants", known)
    with pytest.raises(
        InputError, match=r"mine/plants\.csv row 3: .* under 'stage_output' and 'firms'"
    ):
        coercivity.run("business-as-usual", months=1, data=mine)
    assert file.is_file()


@pytest.mark.parametrize(
    ("table", "column", "name"),
    [
        ("content", "element", "Ga"),
        ("conversion_cost", "process", "refine_gallium"),
        ("end_use", "sector", "gallium_additives"),
        ("value_added", "sector", "gallium_additives"),
    ],
)
def test_a_mineral_without_a_table_does_not_run(
    tmp_path: Path, table: str, column: str, name: str
) -> None:
    """It would run with what is not there as zero, and answer."""
    mine = tmp_path / "mine"
    shutil.copytree(shipped_folder() / "minerals" / "gallium-germanium", mine)
    file = mine / f"{table}.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if name not in line.split(",")]
    assert len(kept) < len(lines)
    file.write_text("".join(kept), encoding="utf-8")
    with pytest.raises(InputError, match=rf"table {table}\.csv has no row for {column} '{name}'"):
        coercivity.run("gallium-germanium-2023", months=1, data=mine)


def test_a_column_that_is_missing_and_a_table_that_is_none_cost_one_line(tmp_path: Path) -> None:
    columns = [column for column in columns_of("projects") if column != "patient"]
    (tmp_path / "projects.csv").write_text(",".join(columns) + "\n")
    done = with_facts(tmp_path, "", "-m", "coercivity", "facts", "projects")
    assert done.returncode == 2
    assert "projects.csv row 1, column patient: 'patient' is missing" in done.stderr
    (tmp_path / "projects.csv").rename(tmp_path / "project.csv")
    done = with_facts(tmp_path, "", "-m", "coercivity", "facts", "projects")
    assert done.returncode == 2
    assert "project.csv: 'project' is no table; did you mean 'projects'?" in done.stderr


def test_every_table_of_names_is_one_of_facts() -> None:
    tables = {"states", "elements", "goods", "content", "groups", "sectors", "processes", "starts"}
    assert tables <= set(list_tables())
    assert load_table("states").column("state") == STATES
    assert set(load_table("goods").column("good")) == set(GOODS)


def test_a_design_says_the_data_folder_of_its_runs(folder: Path) -> None:
    design = folder.parent / "design.yaml"
    design.write_text(
        "scenario: business-as-usual\ndata: mine\nmonths: 2\noutcomes: [price_multiple_dy_japan]\n"
    )
    assert load_design(design).facts == Facts.load(folder)
    out = folder.parent / "swept"
    done = with_facts("", "", "-m", "coercivity", "sweep", "run", str(design), "--out", str(out))
    assert done.returncode == 0, done.stderr
    done = with_facts(
        "gallium-germanium", "", "-m", "coercivity", "sweep", "run", str(design), "--out", "x"
    )
    assert done.returncode == 2
    assert "design.yaml: " in done.stderr
    rows = coercivity.sweep(design, out, workers=1).table()
    assert list(rows["status"]) == ["done"]
    kept = (out / "sweep.json").read_text(encoding="utf-8")
    assert json.loads(kept)["design"]["data"] == f"../{folder.name}"
    assert str(folder.parent) not in kept
