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

import jsonschema
import pytest
import yaml

from coercivity.experiments.interchange import about
from coercivity.model.basis.table_specs import CONFIDENCE

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
CITED: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


@pytest.fixture(scope="module")
def made() -> ModuleType:
    return importlib.import_module("tools.docs.interchange")


def test_what_is_made_from_the_code_is_that_of_the_code(made: ModuleType) -> None:
    for path, text in made.files().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is older: run `make docs`"


# ---------------------------------------------------------------- citation


def test_the_citation_is_of_this_version_and_its_day() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    day = re.search(rf"^## \[{re.escape(CITED['version'])}\] - (\S+)$", changes, re.MULTILINE)
    assert CITED["version"] == PROJECT["version"]
    assert day is not None, "CHANGELOG.md has no day for this version"
    assert str(CITED["date-released"]) == day[1]


def test_the_citation_has_what_one_needs_and_names_no_person() -> None:
    assert {"cff-version", "message", "title", "abstract", "authors", "license", "type"} <= set(
        CITED
    )
    assert CITED["type"] == "software"
    assert [set(author) for author in CITED["authors"]] == [{"name"}]  # an entity, no person
    assert [author["name"] for author in CITED["authors"]] == [
        author["name"] for author in PROJECT["authors"]
    ]
    assert CITED["license"] == PROJECT["license"]
    assert CITED["keywords"] == PROJECT["keywords"]
    assert "preferred-citation" not in CITED


def test_the_code_says_of_the_project_what_these_files_say() -> None:
    assert about.NAME.lower() == PROJECT["name"]
    assert PROJECT["description"] == about.WHAT
    assert PROJECT["license"] == about.LICENCE
    assert [author["name"] for author in PROJECT["authors"]] == [about.DEVELOPERS]
    assert CITED["title"].startswith(f"{about.NAME}: ")
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence.split()[:2] == ["Apache", "License"]


def test_codemeta_says_what_pyproject_says(made: ModuleType) -> None:
    told = made.codemeta()
    assert told["@context"] == "https://w3id.org/codemeta/3.0"
    assert (told["name"], told["version"]) == (about.NAME, PROJECT["version"])
    assert [one["name"] for one in told["author"]] == [about.DEVELOPERS]
    names = {re.split(r"[^A-Za-z0-9._-]", line)[0] for line in PROJECT["dependencies"]}
    assert {one["name"] for one in told["softwareRequirements"]} == names
    assert all(url.startswith("https://") for url in PROJECT.get("urls", {}).values())


# ---------------------------------------------------------------- forms and hooks


ENTRY = {  # the parts of an issue form that GitHub asks for
    "type": "object",
    "required": ["type", "attributes"],
    "properties": {
        "type": {"enum": ["markdown", "textarea", "input", "dropdown", "checkboxes"]},
        "id": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
        "attributes": {"type": "object"},
        "validations": {"type": "object"},
    },
    "additionalProperties": False,
}
FORM = {
    "type": "object",
    "required": ["name", "description", "body"],
    "properties": {
        "name": {"type": "string", "minLength": 4},
        "description": {"type": "string", "minLength": 4},
        "labels": {"type": "array", "items": {"type": "string"}},
        "body": {"type": "array", "items": ENTRY, "minItems": 1},
    },
    "additionalProperties": False,
}


def test_there_is_a_form_for_each_of_three_reasons() -> None:
    assert [path.stem for path in FORMS] == ["bug", "config", "new-mechanism", "wrong-fact"]
    for path in FORMS:
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.stem == "config":
            assert form == {"blank_issues_enabled": True}
            continue
        jsonschema.validate(form, FORM)
        ids = [entry["id"] for entry in form["body"]]
        assert len(ids) == len(set(ids))


def test_the_form_of_a_fact_asks_for_what_a_row_needs() -> None:
    form = yaml.safe_load(
        (ROOT / ".github" / "ISSUE_TEMPLATE" / "wrong-fact.yml").read_text(encoding="utf-8")
    )
    entries = {entry["id"]: entry for entry in form["body"]}
    assert entries["source"]["validations"] == {"required": True}
    levels = [option.partition(":")[0] for option in entries["confidence"]["attributes"]["options"]]
    assert levels == [*CONFIDENCE[:3]]


def test_the_hooks_run_what_make_lint_runs() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"]  # nothing is fetched, nothing pinned twice
    entries = [hook["entry"] for hook in hooks[0]["hooks"]]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    lint = makefile.partition("\nlint:")[2].partition("\n\n")[0].replace("$(BIN)", ".venv/bin")
    steps = [line.strip().removeprefix("@") for line in lint.splitlines()[1:]]
    assert entries == [steps[0], "make lint"]


# ---------------------------------------------------------------- the source distribution


def in_git() -> list[str]:
    """Every file that git knows or would add."""
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode:
        pytest.skip("no git checkout")
    return [name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


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
    held = in_git()
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
