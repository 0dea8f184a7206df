"""What the project says of itself where machines read it: the citation, CodeMeta, forms, hooks, and
what the source distribution holds.
"""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from packaging.version import Version

from coercivity.experiments.interchange import about
from tests.source_tree import in_git

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
CITED: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def made() -> ModuleType:
    return importlib.import_module("tools.docs.interchange")


def test_what_is_made_from_the_code_is_that_of_the_code(made: ModuleType) -> None:
    for path, text in made.files().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is older: run `make docs`"


def test_the_citation_is_of_the_last_release_and_its_day() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.search(r"^## \[([0-9.]+)\] - (\S+)$", changes, re.MULTILINE)
    assert released is not None, "CHANGELOG.md has no release"
    assert [CITED["version"], str(CITED["date-released"])] == [*released.groups()]
    version = Version(PROJECT["version"])
    assert version == Version(released[1]) or version.is_devrelease


def test_the_code_says_of_the_project_what_these_files_say() -> None:
    assert about.NAME.lower() == PROJECT["name"]
    assert PROJECT["description"] == about.WHAT
    assert PROJECT["license"] == about.LICENCE
    assert [author["name"] for author in PROJECT["authors"]] == [about.DEVELOPERS]
    assert CITED["title"].startswith(f"{about.NAME}: ")
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence.split()[:2] == ["Apache", "License"]


TAKEN = """
import json, sys
import setuptools  # before its distutils
from setuptools._distutils.filelist import FileList
files = FileList()
files.allfiles, lines = json.load(sys.stdin)  # else it would look at everything, environments too
for line in lines:
    files.process_template_line(line)
print(json.dumps(files.files))
"""  # in a process of its own: what was imported before decides which distutils is found


def test_the_source_distribution_holds_every_file_that_git_holds() -> None:
    if not (held := in_git()):
        pytest.skip("no git checkout")
    manifest = (ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines()
    lines = [line for line in manifest if line and not line.startswith("#")]
    told = subprocess.run(
        [sys.executable, "-c", TAKEN],
        cwd=ROOT,
        input=json.dumps([held, lines]),
        capture_output=True,
        text=True,
        check=True,
    )
    taken = set(json.loads(told.stdout))
    assert sorted(set(held) - taken) == [], "MANIFEST.in leaves these out"
    assert {"tests/conftest.py", "docs/index.md", "examples/mesa/page.py", "constraints.txt"} <= (
        taken
    )
