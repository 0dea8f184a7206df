"""A world of one's own: found by name from any process, refused in one line, seen in a result."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from coercivity.cli import app
from coercivity.experiments.sensitivity.sample import read_sample
from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.export import export, outcome_spreads
from coercivity.experiments.sweep.finished_parts import read_sweep
from coercivity.experiments.sweep.run_sweep import run_sweep
from coercivity.experiments.sweep.status import sweep_status
from coercivity.experiments.sweep.sweep_folder import open_sweep
from coercivity.experiments.worlds.compare import compare
from coercivity.experiments.worlds.ensemble import Ensemble, ensemble, with_vector
from coercivity.experiments.worlds.processes import helpers
from coercivity.experiments.worlds.result_archive import load
from coercivity.experiments.worlds.run import run, run_worlds
from coercivity.experiments.worlds.world_class import class_named, name_of
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.layers import shipped_folder
from coercivity.model.results import provenance
from coercivity.model.world import World
from tests.refusal import refusal

OWN = '''
from coercivity import EndUser, Maker, Miner, Processor, World

class Mine(World):
    def sense(self):
        """Nobody is ever alarmed."""

class Deaf(World):
    def __init__(self, scenario):
        pass

class Wrong(Processor):
    def plan_run(self):
        super().plan_run()
        self.whish = 0.7 * self.capacity

class Misspelt(World):
    kinds = (Miner, Wrong, Maker, EndUser)

class Zero(World):
    def sense(self):
        super().sense()
        return 1 / (self.month - self.month)

class Unborn(World):
    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        raise KeyError("no")

class Spoilt(World):
    def order(self):
        self.firms.wish[:] = None
        self.needs.stock = self.needs.stock[1:]

class Idle(World):
    def __init__(self, *arguments, **keywords):
        pass

number = 3
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(OWN, encoding="utf-8")
    return path


class Near(World):
    """A world of this file."""


def test_a_class_has_a_name_by_which_it_is_found(file: Path) -> None:
    assert name_of(None) == name_of("") == name_of(World) == ""
    assert class_named("") is World
    assert name_of(Near).endswith(":Near")
    mine = class_named(f"{file}:Mine")
    assert mine.__name__ == "Mine"
    assert name_of(f"{file}:Mine") == f"{file}:Mine"
    assert class_named(name_of(Near)) is Near


@pytest.mark.parametrize(
    ("world", "message"),
    [
        ("nowhere", "write module:Class or path/of/file.py:Class"),
        ("no/such/file.py:Mine", "does not exist"),
        ("FILE:Yours", "has no class 'Yours'"),
        ("FILE:number", "is not a class of worlds"),
        ("FILE:Deaf", "__init__ does not take 'seed'"),
        ("FILE:Idle", "does not call super"),
        (int, "is not a class of worlds"),
    ],
)
def test_what_is_no_world_costs_one_line(file: Path, world: Any, message: str) -> None:
    asked = world.replace("FILE", str(file)) if isinstance(world, str) else world
    refusal(run, "japan-2026-from-2024", match=message, months=2, world=asked)
    if "super" not in message:  # which shows when a world begins
        with pytest.raises(InputError, match=message):
            load_design({"scenario": "japan-2026-from-2024", "world": asked})


@pytest.mark.parametrize(
    ("name", "place", "cause"),
    [
        ("Misspelt", "Wrong.plan_run", AttributeError),
        ("Zero", "Zero.sense", ZeroDivisionError),
        ("Unborn", "Unborn.__init__", KeyError),
        ("Spoilt", "Spoilt.order", ValueError),
    ],
)
def test_a_class_that_raises_costs_one_line_with_its_place(
    file: Path, name: str, place: str, cause: type[Exception]
) -> None:
    with pytest.raises(InputError) as told:
        run("japan-2026-from-2024", months=2, world=f"{file}:{name}")
    said = str(told.value)
    assert said.startswith(f"world '{name}' fails in {place} ({file}, line ")
    assert f") with {cause.__name__}: " in said
    assert "\n" not in said
    assert type(told.value.__cause__) is cause


def test_an_ensemble_of_a_class_of_ones_own(file: Path, tmp_path: Path) -> None:
    asked: dict[str, Any] = {"base": "business-as-usual", "months": 25, "firms_per_sector": 1}
    shipped = ensemble("japan-2026-from-2024", 2, workers=1, **asked)
    mine = ensemble("japan-2026-from-2024", 2, workers=1, world=f"{file}:Mine", **asked)
    assert not np.array_equal(mine.series["scenario"], shipped.series["scenario"], equal_nan=True)
    many = ensemble(
        "japan-2026-from-2024", 2, workers=2, world=class_named(f"{file}:Mine"), **asked
    )
    for kind in ("scenario", "base"):
        assert np.array_equal(many.headlines[kind], mine.headlines[kind], equal_nan=True)
        assert np.array_equal(many.series[kind], mine.series[kind], equal_nan=True)
    draw = mine.draws[1]
    alone = run(with_vector(mine.scenario, draw), draw.seed, world=f"{file}:Mine")
    same = np.array([alone.headlines()[row.id] for row in mine.rows], dtype=float)
    assert np.array_equal(mine.headlines["scenario"][1, 0], same, equal_nan=True)
    assert mine.world == alone.world != shipped.world == "World"
    assert mine.world in repr(mine)
    read = load(mine.save(tmp_path / "mine.zip"))
    assert isinstance(read, Ensemble)
    assert read.world == mine.world
    assert f"class {mine.world}" in read._repr_html_()


def test_a_class_that_raises_is_a_wrong_input_of_the_terminal(file: Path) -> None:
    asked = ["run", "japan-2026-from-2024", "--months", "2", "--world", f"{file}:Zero"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 2
    (line,) = done.stderr.strip().splitlines()
    assert "world 'Zero' fails in Zero.sense" in line
    assert "1 / (self.month - self.month)" in line


def test_what_the_shipped_world_raises_is_nobody_elses_fault(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: World) -> None:
        raise ZeroDivisionError("of ours")

    monkeypatch.setattr(World, "settle", broken)
    with pytest.raises(ZeroDivisionError, match="of ours"):
        run("japan-2026-from-2024", months=2)
    with pytest.raises(InputError, match=r"world 'Mine' fails in .*broken .*of ours"):
        run("japan-2026-from-2024", months=2, world=f"{file}:Mine")


def test_a_class_inside_a_function_runs_in_this_process_and_no_other_finds_it() -> None:
    class Hidden(World):
        """Nobody else finds it."""

        months_lived = 0

        def step(self) -> None:
            super().step()
            Hidden.months_lived += 1

    result = run("japan-2026-from-2024", months=2, world=Hidden)
    assert Hidden.months_lived == 2, "the class that was given is the class that runs"
    assert "Hidden" in result.provenance()["world"]
    assert result.provenance()["world"] in repr(result)
    compare("business-as-usual", "japan-2026-from-2024", [1], months=2, world=Hidden)
    assert Hidden.months_lived == 6
    with pytest.raises(InputError, match=r"stands inside a function, .* run with workers=1"):
        name_of(Hidden)
    with pytest.raises(InputError, match="stands inside a function"):
        run_worlds("japan-2026-from-2024", [1, 2], months=2, workers=2, world=Hidden)


SCRIPT = """
from coercivity import World, compare, run
from coercivity.experiments.sweep.evaluate import observe
from coercivity.experiments.worlds.world_class import name_of
from coercivity.model.scenario.scenario import load_scenario, with_changes

print("begun")

class Counted(World):
    lived = 0

    def step(self):
        super().step()
        Counted.lived += 1

run("japan-2026-from-2024", months=2, world=Counted)
compare("business-as-usual", "japan-2026-from-2024", [1], months=2, world=Counted)
short = with_changes(load_scenario("japan-2026-from-2024"), months=1)
observe(short, 1, ["price_multiple_dy_japan"], kind=name_of(Counted))
print(Counted.lived)
"""


def test_a_script_without_a_guard_is_executed_once(tmp_path: Path) -> None:
    script = tmp_path / "plain.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["begun", "7"]


def test_a_result_says_which_class_facts_and_code_it_rests_on(file: Path, tmp_path: Path) -> None:
    shipped = run("japan-2026-from-2024", months=2).provenance()
    assert shipped["world"] == "World"
    own = run("japan-2026-from-2024", months=2, world=f"{file}:Mine").provenance()
    assert own["world"].startswith("Mine ")
    assert {**own, "world": ""} == {**shipped, "world": ""}
    other = tmp_path / "other" / file.name
    other.parent.mkdir()
    other.write_text(OWN + "\n# another line\n", encoding="utf-8")
    assert provenance.class_of(class_named(f"{other}:Mine")) != own["world"]
    place = tmp_path / "data"
    place.mkdir()
    for path in shipped_folder().glob("*.csv"):
        (place / path.name).write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert provenance.hash_of(place, place.glob("*.csv")) == shipped["facts"]
    covers = place / "cover.csv"
    covers.write_bytes(covers.read_bytes().replace(b"2", b"1", 1))
    assert provenance.hash_of(place, place.glob("*.csv")) != shipped["facts"]


def test_a_package_without_its_files_has_no_hash(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="lacks files of coercivity; install it again"):
        provenance.hash_of(tmp_path, tmp_path.rglob("*.py"))


def test_a_sweep_of_another_world_is_another_sweep(file: Path) -> None:
    asked = {
        "scenario": "japan-2026-from-2024",
        "months": 3,
        "outcomes": ["price_multiple_dy_japan"],
    }
    plain, own = load_design(asked), load_design({**asked, "world": f"{file}:Mine"})
    assert plain.fingerprint() != own.fingerprint()
    assert load_design(own.to_dict()) == own
    assert "world" not in plain.to_dict()


def test_a_sweep_names_the_file_of_its_world_by_its_place_from_the_folder(
    file: Path, tmp_path: Path
) -> None:
    home = tmp_path / "somebody"
    home.mkdir()
    (home / "rule.py").write_bytes(file.read_bytes())
    asked = {
        "scenario": "japan-2026-from-2024",
        "months": 3,
        "outcomes": ["firms_stopped"],
        "seeds": 2,
    }
    design = load_design({**asked, "world": f"{home / 'rule.py'}:Mine"})
    run_sweep(design, home / "out", 1, chunk=1)
    files = [one for one in (home / "out").rglob("*") if one.is_file()]
    assert not [one for one in files if b"somebody" in one.read_bytes()]
    assert open_sweep(home / "out").design == design
    moved = home.rename(tmp_path / "another")
    (moved / "out" / "parts" / "part-00001.parquet").unlink()
    again = load_design({**asked, "world": f"{moved / 'rule.py'}:Mine"})
    assert open_sweep(moved / "out").design == again
    run_sweep(again, moved / "out", 1)
    assert (moved / "out" / "parts" / "part-00001.parquet").is_file()


def test_a_sweep_that_is_moved_away_from_its_class_can_be_read(file: Path, tmp_path: Path) -> None:
    asked = {
        "scenario": "japan-2026-from-2024",
        "months": 2,
        "outcomes": ["firms_stopped"],
        "seeds": 2,
    }
    out = tmp_path / "deep" / "er" / "out"
    run_sweep(load_design({**asked, "world": f"{file}:Mine"}), out, 1, chunk=1)
    before = read_sweep(out)
    home = tmp_path / "other"
    (home / "place" / "of").mkdir(parents=True)
    moved = out.rename(home / "place" / "of" / "moved")
    after = read_sweep(moved)
    pd.testing.assert_frame_equal(after, before)
    assert after.attrs["fingerprint"] == before.attrs["fingerprint"]
    assert sweep_status(moved).done == 2
    assert export(moved, tmp_path / "runs.csv")[1:] == (2, 0)
    assert len(outcome_spreads(moved)) == 1
    assert read_sample(moved).there.all()
    with pytest.raises(InputError, match=r"of class Mine in '\.\./\.\./\.\./mine\.py' from there"):
        open_sweep(moved)
    (home / "mine.py").write_bytes(file.read_bytes())
    assert open_sweep(moved).total == 2


LESS = """
from coercivity import EndUser, Maker, Miner, Processor, World
from told_by import BY

class Less(Processor):
    def plan_run(self):
        super().plan_run()
        self.wish = min(self.wish, self.capacity * BY)

class Mine(World):
    kinds = (Miner, Less, Maker, EndUser)
"""


def test_a_relative_path_is_that_of_where_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        source = LESS.replace("from told_by import BY", f"BY = {len(name) / 10}")
        (tmp_path / name / "rule.py").write_text(source, encoding="utf-8")
        monkeypatch.chdir(tmp_path / name)
        found.append(class_named("rule.py:Mine"))
        assert name_of("rule.py:Mine") == f"{tmp_path / name / 'rule.py'}:Mine"
    first, second = found
    assert first is not second
    assert provenance.class_of(first) != provenance.class_of(second)
    assert load_design({"scenario": "japan-2026-from-2024", "world": "rule.py:Mine"}).world == (
        f"{tmp_path / 'other' / 'rule.py'}:Mine"
    )


def test_a_module_beside_the_class_is_part_of_its_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = set()
    for share in (0.9, 0.3):
        place = tmp_path / str(share)
        place.mkdir()
        (place / "rule.py").write_text(LESS, encoding="utf-8")
        (place / "told_by.py").write_text(f"BY = {share}\n", encoding="utf-8")
        with monkeypatch.context() as patch:
            patch.syspath_prepend(str(place))
            marks.add(provenance.class_of(class_named(f"{place / 'rule.py'}:Mine")))
        sys.modules.pop("told_by")
    assert len(marks) == 2


def test_what_is_edited_in_a_session_is_neither_run_nor_mixed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "rule.py").write_text(LESS, encoding="utf-8")
    (tmp_path / "told_by.py").write_text("BY = 0.9\n", encoding="utf-8")
    mine = f"{tmp_path / 'rule.py'}:Mine"
    before = run("japan-2026-from-2024", months=2, world=mine)
    both = run_worlds("japan-2026-from-2024", [1, 2], months=2, world=mine, workers=2)
    assert {one.world for one in both} == {before.world}
    name = name_of(mine)
    (tmp_path / "told_by.py").write_text("BY = 0.3\n", encoding="utf-8")
    after = run("japan-2026-from-2024", months=2, world=mine)
    assert after.world == before.world, "what runs is what was loaded, and so is its mark"
    assert after.table("output").equals(before.table("output"))
    with pytest.raises(InputError, match=r"told_by\.py has changed since this process loaded it"):
        run_worlds("japan-2026-from-2024", [1, 2], months=2, world=mine, workers=2)
    with helpers(1) as pool, pytest.raises(InputError, match="has changed since this process"):
        pool.submit(class_named, name).result()  # edited after the look at it
    design = {"scenario": "japan-2026-from-2024", "world": mine, "months": 2, "seeds": 4}
    with pytest.raises(InputError, match=r"told_by\.py has changed since this process loaded it"):
        run_sweep(design, tmp_path / "o", 2, chunk=1)
