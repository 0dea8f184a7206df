"""A data folder laid over the shipped tables: what it changes, and what of it costs one line."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

import coercivity
from coercivity.experiments.sweep.design import load_design
from coercivity.model.basis.csv_tables import read_table
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts, load_table, use_data
from coercivity.model.basis.layers import OtherFacts, name_of_data, shipped_folder
from coercivity.model.basis.table_merging import merge_tables
from coercivity.model.scenario.scenario import load_scenario, parse_scenario
from tests.data_folders import columns_of, with_facts, write_rows
from tests.names import SPECS
from tests.refusal import refusal

CALM, GALLIUM = "business-as-usual", "gallium-germanium"
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


def firms_of(result: coercivity.Result) -> set[str]:
    return set(result.table("firms")["firm"])


def test_a_row_takes_the_place_of_the_one_with_its_key_and_a_new_one_stands_behind(
    folder: Path,
) -> None:
    write_rows(folder, "projects", {**PLANT, "name": "Another plant"})
    shipped, spec = load_table("projects"), SPECS["projects"]
    old = dict(shipped.rows[0], tonnes_per_year=1.0)
    path = write_rows(folder, "projects", {column: old[column] for column in shipped.columns})
    laid = merge_tables(shipped, read_table(path, spec), spec)
    assert len(laid) == len(shipped) + 2
    assert laid.rows[0]["tonnes_per_year"] == 1.0
    assert laid.rows[1 : len(shipped)] == shipped.rows[1:]
    assert [row["name"] for row in laid.rows[-2:]] == ["My plant", "Another plant"]
    assert str(laid.place(0)) == "projects.csv row 4"  # of the folder
    assert str(laid.place(1)) == f"projects.csv row {shipped.lines[1]}"


def test_the_facts_of_a_process_are_chosen_once(folder: Path) -> None:
    use_data("")  # as it is
    with pytest.raises(OtherFacts, match="this process works with the shipped tables"):
        use_data(folder)
    chosen = f"import coercivity; coercivity.use_data({str(folder)!r}); {FIRMS}"
    done = with_facts("", chosen)
    assert json.loads(done.stdout) == [True, str(folder)], done.stderr


IMPORT_ALL = """
import importlib, pkgutil
import coercivity

def import_all(package):
    for one in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if not one.name.endswith(".__main__"):
            module = importlib.import_module(one.name)
            if one.ispkg:
                import_all(module)

import_all(coercivity)
for room in ("agents", "model", "experiments", "viz"):
    import_all(importlib.import_module(f"coercivity.{room}"))
coercivity.use_data("gallium-germanium")
print(coercivity.load_scenario("gallium-germanium-2023").facts.data)
"""


def test_no_module_reads_facts_when_it_is_imported() -> None:
    """So that `use_data` may still choose when everything has been imported."""
    done = with_facts("", IMPORT_ALL)
    assert done.stdout.strip() == "gallium-germanium", done.stderr


def test_a_run_of_other_facts_is_told_by_them(folder: Path) -> None:
    """Its tables come along; the facts stand in the fingerprint and in what the result rests on."""
    ours = coercivity.run(CALM, months=3)
    theirs = coercivity.run(CALM, months=3, data=folder)
    told, own = theirs.provenance(), ours.provenance()
    assert told["facts"] == f"{own['facts']}+{told['facts'][-12:]}"
    assert told["fingerprint"] != own["fingerprint"]
    assert told["code"] == own["code"]
    made = theirs.table("firms")
    assert "My plant" in firms_of(theirs)
    assert "My plant" not in firms_of(ours)
    assert coercivity.run(CALM, months=3, data=str(folder)).table("firms").equals(made)
    back = coercivity.load(theirs.save(folder.parent / "saved"))
    assert back.provenance() == told
    assert back.table("firms").equals(made)
    assert back.headlines() == theirs.headlines()


def test_what_a_plant_of_ones_own_changes(folder: Path) -> None:
    """The shipped facts stand beside one's own: the same world until the plant is there."""
    pair = coercivity.compare(CALM, CALM, [1], months=6, data=folder, base_data="")
    ours = coercivity.run(CALM, months=6)
    theirs = coercivity.run(CALM, months=6, data=folder)
    assert pair.base[0].provenance() == ours.provenance()
    assert pair.scenario[0].provenance() == theirs.provenance()
    price = pair.headlines()["world_price_dy_end"]
    assert price["base"] == [ours.headlines()["world_price_dy_end"]]
    made = pair.table("output").query("month >= '2024-03' and difference != 0")
    assert ("dysprosium_oxide", "Japan") in set(zip(made["good"], made["state"], strict=True))
    with pytest.raises(InputError, match="run with different facts"):
        pair.save(folder.parent / "pair")


def test_what_has_other_goods_does_not_stand_beside() -> None:
    with pytest.raises(InputError, match=r"base_data: what is run with .* its .* are others"):
        coercivity.compare("gallium-germanium-2023", CALM, [1], months=2, base_data=GALLIUM)
    ours, theirs = (coercivity.run(CALM, months=1, data=data) for data in ("", GALLIUM))
    with pytest.raises(InputError, match="twin: what is run with 'gallium-germanium' cannot"):
        ours.explain("output_lost_24m", twin=theirs)


def test_a_row_that_is_changed_counts_at_once(folder: Path) -> None:
    """And what was made before is told by what it was made with."""
    row = {"start": "2024-01", "good": "dysprosium_oxide", "market": "China", "usd_per_kg": 500.0}
    file = write_rows(folder, "prices_start", row)
    before = coercivity.run(CALM, months=1, data=folder)
    file.write_text(file.read_text(encoding="utf-8").replace("500.0", "900.0"), encoding="utf-8")
    after = coercivity.run(CALM, months=1, data=folder)
    assert before.provenance()["facts"] != after.provenance()["facts"]
    assert before.scenario.fingerprint() != after.scenario.fingerprint()
    first, second = (
        one.table("prices").query("good == 'dysprosium_oxide' and state == 'Japan'")["home"].iloc[0]
        for one in (before, after)
    )
    assert second > 1.4 * first
    kept = coercivity.load(before.save(folder.parent / "before.zip"))  # its tables go along
    assert kept.provenance() == before.provenance()
    assert kept.table("prices").equals(before.table("prices"))


CHANGED = """
import coercivity, sys
from pathlib import Path
coercivity.run("business-as-usual", months=1)
table = Path(sys.argv[1], "projects.csv")
table.write_text(table.read_text(encoding="utf-8").replace("500", "900"), encoding="utf-8")
from coercivity.experiments.worlds.processes import map_tasks
calm = "business-as-usual"
for ask, *given in (
    (coercivity.run, calm), (coercivity.compare, calm, calm), (coercivity.ensemble, calm),
    (coercivity.run_worlds, calm, [1]), (map_tasks, abs, [1, 2], 2),
):
    try:
        ask(*given)
    except coercivity.InputError as error:
        print(error)
"""


def test_a_folder_that_changes_under_a_process_ends_its_runs(folder: Path) -> None:
    done = with_facts(folder, CHANGED, str(folder))
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert len(said) == 5
    assert all("has changed since this process read it" in line for line in said)


def test_what_is_saved_is_read_where_the_folder_has_moved(folder: Path) -> None:
    saved = coercivity.run(CALM, months=2, data=folder).save(folder.parent / "run")
    folder.rename(folder.parent / "moved")
    code = (
        "import coercivity, sys; run = coercivity.load(sys.argv[1]); "
        "print('My plant' in set(run.table('firms')['firm']), 'My plant' in "
        "coercivity.World(run.scenario, months=1).firms.names)"
    )
    done = with_facts(GALLIUM, code, str(saved))
    assert done.stdout.strip() == "True True", done.stderr


def test_whose_facts_a_base_has_is_not_guessed(folder: Path) -> None:
    file = folder.parent / "own.yaml"
    file.write_text("name: own\nstart: 2024-01\nmonths: 2\ndata: mine\n", encoding="utf-8")
    says = r"asks for the data .*mine' and base says none"
    with pytest.raises(InputError, match=says):
        coercivity.compare(CALM, file, [1], months=2)
    with pytest.raises(InputError, match=says):
        coercivity.ensemble(file, 1, base=CALM, months=2)
    pair = coercivity.compare(CALM, file, [1], months=2, base_data="")
    assert pair.base[0].scenario.data == ""
    assert pair.scenario[0].scenario.data == str(folder)


ASKED_HERE = """
import coercivity, json, sys
pair = coercivity.compare(*json.loads(sys.argv[1]), [1], months=8)
many = coercivity.ensemble("gallium-germanium-2023", 2, months=2, workers=1)
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
    quiet, held = tmp_path / "quiet.yaml", "gallium-germanium-2023"
    calm = f"name: quiet\nbase: {held}\ndata: {GALLIUM}\nstart: 2023-01\nmonths: 8\nevents: []\n"
    quiet.write_text(calm, encoding="utf-8")
    asked = [str(quiet), held]
    own = with_facts(GALLIUM, ASKED_HERE, json.dumps(asked))
    assert own.returncode == 0, own.stderr
    wanted = json.loads(own.stdout)
    pair = coercivity.compare(*asked, [1], months=8, data=GALLIUM)
    many = coercivity.ensemble(asked[1], 2, months=2, data=GALLIUM)
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
    assert "My plant" in firms_of(result)
    done = with_facts(GALLIUM, "", "-m", "coercivity", "run", str(file))
    assert done.returncode == 2
    assert "own.yaml: " in done.stderr
    with pytest.raises(OtherFacts, match="is wanted"):  # an upload reads no folder
        parse_scenario(file.read_text(encoding="utf-8").replace("mine", str(folder)))


START = {"start": "2025-01", "like": "2025-02", "description": "x", "vat": 0.13}
BACK = {**START, "start": "2025-02", "like": "2025-01"}
TARGET = {"id": "mine", "episode": "x", "sample": "outt"}
MISSPELT = {**PLANT, "name": "Other", "process": "separate_heavvy"}


@pytest.mark.parametrize(
    ("table", "rows", "said"),
    [
        ("projects", [MISSPELT], "column process: .* did you mean 'separate_heavy'"),
        ("starts", [START, BACK], "column like: '2025-02' goes round in a circle"),
        # of a table that no run reads
        ("evidence", [TARGET], "column sample: 'outt' is not known"),
        ("project", [], "'project' is no table; did you mean 'projects'"),
    ],
)
def test_a_wrong_row_costs_one_line(
    tmp_path: Path, table: str, rows: list[dict[str, object]], said: str
) -> None:
    place = tmp_path / "mine"
    place.mkdir()
    if rows:
        write_rows(place, table, *rows)
    else:
        (place / f"{table}.csv").write_text(",".join(columns_of("projects")) + "\n")
    refusal(
        coercivity.run, CALM, match=rf"mine/{table}\.csv(:| row 2,) {said}", months=1, data=place
    )


def test_a_row_that_no_rule_reads_changes_no_shipped_one(folder: Path) -> None:
    """What is known of plants may be added to; to change a plant so would do nothing."""
    row = {"name": "My plant", "state": "Japan", "stage": "magnet", "stages": "magnet"}
    write_rows(folder, "plants", row)
    assert coercivity.run(CALM, months=1, data=folder).scenario.data == str(folder)
    lynas = next(one for one in load_table("plants") if "LAMP" in one["name"])
    write_rows(folder, "plants", {column: lynas[column] for column in row})
    with pytest.raises(
        InputError, match=r"mine/plants\.csv row 3: .* under 'stage_output' and 'firms'"
    ):
        coercivity.run(CALM, months=1, data=folder)


@pytest.mark.parametrize(
    ("table", "dropped", "says"),
    [
        ("content", "Ga", "table content.csv has no row for element 'Ga'"),
        ("value_added", "gallium_additives", "table value_added.csv has no row for sector 'gall"),
        ("recipes", "germanium_refined", "'germanium_refined' is made by no process; add a row"),
        ("capex", "recover_gallium", "table capex.csv has no row for process 'recover_gallium'"),
        ("stage_output", "refine_gallium", "stage_output.csv has no row for process 'refine_gall"),
        ("prices_start", "gallium_refined", "prices_start.csv has no row for good 'gallium_refin"),
        ("multipliers", "Japan", "table multipliers.csv has no row for state 'Japan', sector"),
    ],
)
def test_a_mineral_without_a_row_that_it_needs_does_not_run(
    tmp_path: Path, table: str, dropped: str, says: str
) -> None:
    """It would run with what is not there as zero, and answer."""
    mine = tmp_path / "mine"
    shutil.copytree(shipped_folder() / "minerals" / GALLIUM, mine)
    file = mine / f"{table}.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if dropped not in line.split(",")]
    assert len(kept) < len(lines)
    file.write_text("".join(kept), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(says)):
        coercivity.run("gallium-germanium-2023", months=1, data=mine)


def test_a_design_says_the_data_folder_of_its_runs(folder: Path) -> None:
    design = folder.parent / "design.yaml"
    design.write_text(
        "scenario: business-as-usual\ndata: mine\nmonths: 2\noutcomes: [price_multiple_dy_japan]\n"
    )
    assert load_design(design).facts == Facts.load(folder)
    command = ("-m", "coercivity", "sweep", "run", str(design), "--out", "x")
    done = with_facts(GALLIUM, "", *command)
    assert done.returncode == 2
    assert "design.yaml: " in done.stderr
    out = folder.parent / "swept"
    assert list(coercivity.sweep(design, out, workers=1).table()["status"]) == ["done"]
    kept = (out / "sweep.json").read_text(encoding="utf-8")
    assert json.loads(kept)["design"]["data"] == f"../{folder.name}"
    assert str(folder.parent) not in kept


ROW = {"start": "2024-01", "good": "dysprosium_oxide", "market": "China home, ex VAT"}
DEAR = "dysprosium_oxide China home, ex VAT"


@pytest.fixture
def priced(tmp_path: Path) -> Path:
    """A folder with one dear price."""
    place = tmp_path / "mine"
    place.mkdir()
    write_rows(place, "prices_start", {**ROW, "usd_per_kg": 500.0})
    return place


def add_starts(folder: Path, likes: dict[str, str]) -> None:
    """Starts that are like others."""
    for start, like in likes.items():
        row = {"start": start, "like": like, "description": "mine", "vat": 0.13}
        write_rows(folder, "starts", row)


def prices(priced: Path, *starts: str) -> list[dict[str, float]]:
    """Prices at some starts."""
    table = Facts.load(priced).table("prices_start")
    return [
        {f"{row['good']} {row['market']}": row["usd_per_kg"] for row in table.where(start=start)}
        for start in starts
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", r"data '.*mine' holds no table; put one there .* such as projects\.csv"),
        ("tables/growth.csv", r"mine' holds no table; tables/growth\.csv lies one folder down"),
        ("growth.tsv", r"mine/growth\.tsv: .* save it as text with commas under growth\.csv"),
        ("GROWTH.CSV", r"mine/GROWTH\.CSV: .*; rename it growth\.csv"),
        ("growht.csv", r"mine/growht\.csv: 'growht' is no table; did you mean 'growth'\?"),
        ("growth.csv/a", r"mine/growth\.csv: it is no file that can be read"),
    ],
)
def test_what_is_no_table_costs_one_line(priced: Path, name: str, said: str) -> None:
    """A file that looks like a table does also where another table is right."""
    if name:
        (priced / name).parent.mkdir(exist_ok=True)
        (priced / name).write_text("start,good\n", encoding="utf-8")
    if "holds no table" in said:
        assert name_of_data(priced) == str(priced)
        (priced / "prices_start.csv").unlink()
    refusal(name_of_data, priced, match=said)


def test_the_command_line_refuses_it_with_exit_code_2(priced: Path) -> None:
    (priced / "growth.tsv").write_text("sector\n", encoding="utf-8")
    done = with_facts("", "", "-m", "coercivity", "--data", str(priced), "facts", "growth")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1, done.stderr
    assert "mine/growth.tsv" in done.stderr


def test_a_start_like_another_has_its_rows_and_its_own_where_it_has_them(priced: Path) -> None:
    """Those that the folder lays over the other's too, in place of a shipped row and beside."""
    add_starts(priced, {"2023-01": "2024-01"})
    dear = {**ROW, "start": "2023-01", "good": "ndpr_oxide"}
    write_rows(priced, "prices_start", {**dear, "usd_per_kg": 99.0})
    write_rows(priced, "prices_start", {**ROW, "market": "Atlantis", "usd_per_kg": 600.0})
    old, new = prices(priced, "2024-01", "2023-01")
    assert old.keys() == new.keys()
    assert [key.split()[0] for key in new if new[key] != old[key]] == ["ndpr_oxide"]
    assert (new[DEAR], new["dysprosium_oxide Atlantis"]) == (500.0, 600.0)
