"""The template of a package of one's own installs by pip and runs as its README says, tests and
all.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

TEMPLATE = Path(__file__).resolve().parents[1] / "examples" / "plugin"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("pip") is None, reason="needs pip"),
]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the template is installed; nothing is fetched and no file of the tree
    is touched.
    """
    folder = tmp_path_factory.mktemp("template")
    source = shutil.copytree(TEMPLATE, folder / "source")
    target = folder / "installed"
    pip = ["-m", "pip", "install", "-q", "--no-build-isolation", "--no-deps", "--no-index"]
    done = subprocess.run(
        [sys.executable, *pip, "--target", str(target), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    paths = [str(target), *filter(None, (os.environ.get("PYTHONPATH"),))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "TEMPLATE": str(target)}


def told(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=environment["TEMPLATE"],
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_is_listed_and_its_scenario_runs_with_its_own_data(environment: dict[str, str]) -> None:
    rows = json.loads(told(environment, "-m", "coercivity", "plugins", "--json"))
    assert {(row["kind"], row["name"], row["error"]) for row in rows} >= {
        ("mechanism", "sharing", ""),
        ("instrument", "shrinking_quota", ""),
        ("world", "coalition", ""),
    }
    scenario = "coercivity_sharing/data/scenarios/sharing-2026.yaml"
    run = ("-m", "coercivity", "run", scenario, "--months", "3", "--set", "lend_share=0.4")
    assert json.loads(told(environment, *run, "--json"))["scenario"] == "sharing-2026"


def test_it_says_with_which_versions_it_was_tried_and_leads_to_no_registry() -> None:
    about = (TEMPLATE / "pyproject.toml").read_text(encoding="utf-8")
    (wanted,) = tomllib.loads(about)["project"]["dependencies"]
    low, high = re.fullmatch(r"coercivity>=0\.(\d+),<0\.(\d+)", wanted).groups()  # type: ignore[union-attr]
    ours = tomllib.loads((TEMPLATE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert int(low) <= int(ours["project"]["version"].split(".")[1]) < int(high)
    assert "pypi" not in (TEMPLATE / "README.md").read_text(encoding="utf-8")


def test_what_a_result_says_of_the_world(environment: dict[str, str]) -> None:
    code = (
        "import coercivity, coercivity_sharing\n"
        "run = coercivity.run('sharing-2026', months=2, data=coercivity_sharing.DATA)\n"
        "print(run.provenance()['world'])\n"
        "print(coercivity.run('japan-2026', months=2, world='coalition').provenance()['world'])"
    )
    first, second = told(environment, "-c", code).splitlines()
    assert first.startswith("World with sharing ")
    assert second.startswith("Coalition ")


@pytest.mark.parametrize("name", ["test_contract.py", "test_effect.py"])
def test_its_own_tests_pass(environment: dict[str, str], name: str) -> None:
    file = str(TEMPLATE / "tests" / name)
    assert "passed" in told(environment, "-m", "pytest", "-q", "-p", "no:cacheprovider", file)
