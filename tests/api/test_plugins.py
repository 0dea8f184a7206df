"""`coercivity plugins`, worlds by the name of an entry point, and wrong packages: one line each."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.worlds.run import run
from coercivity.model.basis import installed
from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.mechanism import mechanism_named
from coercivity.plugins import plugins
from tests.plug_ins import forget, install, mechanism, write_package

WORLD = '''
from coercivity import World

class Deaf(World):
    """A world in which nobody is ever alarmed."""

    def sense(self):
        pass
'''
SCENARIO = "name: tried\nstart: 2024-01\nmonths: 2\nmechanisms: {trying: true}\n"


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    yield
    forget()


def coercivity(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = [str(folder), *filter(None, (os.environ.get("PYTHONPATH"),))]
    return subprocess.run(
        [sys.executable, "-m", "coercivity", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )


def test_a_rule_that_is_wrong_costs_one_line_and_exit_code_2(tmp_path: Path) -> None:
    file = write_package(
        tmp_path, mechanism("needs.thrift = needs.thrift * 0.0"), "mechanism trying MADE"
    )
    scenario = tmp_path / "mine.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    told = coercivity(tmp_path, "run", str(scenario), "--out", str(tmp_path / "out"))
    assert told.returncode == 2
    assert told.stderr.splitlines()[-1] == (
        f"coercivity: mechanism 'trying' ({file.name}, rule), month 2024-01: stores to "
        "needs.thrift, which is not among its changes; name it there, or leave it"
    )
    assert "Traceback" not in told.stderr
    assert not (tmp_path / "out").exists()


def test_what_is_installed_is_listed_and_what_is_broken_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_package(tmp_path, mechanism("return"), "mechanism trying MADE", "world deaf MADE")
    write_package(tmp_path, WORLD, "world quiet Deaf", package="b-package")
    broken = "raise OSError('no disk\\nat all')"
    write_package(tmp_path, broken, "instrument lost X", package="c-package")
    act = 'from coercivity import Instrument\nMADE = Instrument("{}", "It.", {{}}, {})\n'
    for name, does, package in (("quota", "list", "d"), ("steps", "lambda act: [act]", "e")):
        text = act.format(name, does)
        write_package(tmp_path, text, f"instrument {name} MADE", package=f"{package}-package")
    install(monkeypatch, tmp_path)
    plugins(as_json=True)
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["trying"] == {
        "kind": "mechanism",
        "name": "trying",
        "says": "It does something.",
        "package": "a-package 1.2",
        "changes": "needs.stock before produce",
        "mark": mechanism_named("trying").mark,
        "error": "",
    }
    assert rows["quiet"]["says"] == "A world in which nobody is ever alarmed."
    assert rows["quiet"]["package"] == "b-package 1.2"
    assert re.fullmatch(r"trying [0-9a-f]{12}", rows["trying"]["mark"])
    assert re.fullmatch(r"Deaf [0-9a-f]{12}", rows["quiet"]["mark"])
    assert re.fullmatch(r"steps [0-9a-f]{12}", rows["steps"]["mark"])
    assert "is not a class of worlds" in rows["deaf"]["error"]
    assert rows["lost"]["error"].startswith("instrument 'lost' of c-package 1.2: ")
    assert "OSError: no disk at all" in rows["lost"]["error"]
    assert "a kind of act that ships has this name" in rows["quota"]["error"]
    plugins()
    assert capsys.readouterr().out.count("BROKEN") == 3
    told = coercivity(tmp_path, "plugins")  # nor does it disturb the command line
    assert told.returncode == 0, told.stderr


def test_nothing_installed_says_where_a_template_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(installed, "distributions", lambda: [])
    forget()
    plugins()
    assert "examples/plugin/ is a template" in capsys.readouterr().out


def test_a_world_is_found_by_the_name_of_its_entry_point(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_package(tmp_path, WORLD, "world quiet_one Deaf", "world number three")
    install(monkeypatch, tmp_path)
    result = run("japan-2026", months=1, world="quiet_one")
    assert result.provenance()["world"].startswith("Deaf ")
    design = load_design({"scenario": "japan-2026", "world": "quiet_one"})
    assert design.world == "quiet_one"
    assert design.fingerprint() != load_design({"scenario": "japan-2026"}).fingerprint()
    with pytest.raises(InputError, match="or one that is installed: number, quiet_one"):
        run("japan-2026", months=1, world="quiet_1")
    with pytest.raises(InputError, match=r"world 'number' of a-package 1\.2.*AttributeError"):
        run("japan-2026", months=1, world="number")
