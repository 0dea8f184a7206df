"""The recipes for conda and Apptainer say what pyproject.toml says, in their own form."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.test_contracts import PYPROJECT, ROOM_FOLDERS, ROOT
from tests.test_dependencies import EXTRAS, PROJECT, pins

CONDA: Final = {"matplotlib-base": "matplotlib"}  # what conda calls otherwise
RECIPE: Final[dict[str, Any]] = yaml.safe_load(
    (ROOT / "packaging" / "conda" / "recipe.yaml").read_text(encoding="utf-8")
)
CONTEXT: Final[dict[str, str]] = RECIPE["context"]
PIN: Final = re.compile(r"\$\{\{ pin_subpackage\((name)(?: \+ \"-(\w+)\")?, exact=True\) \}\}")
APPTAINER: Final = ROOT / "packaging" / "coercivity.def"


def filled(text: str) -> str:
    """A text of the recipe with the names of its context filled in."""
    return re.sub(r"\$\{\{ (\w+) \}\}", lambda found: CONTEXT[found[1]], text)


OUTPUTS: Final = {filled(one["package"]["name"]): one for one in RECIPE["outputs"]}


def asked(output: str) -> tuple[set[str], dict[str, SpecifierSet]]:
    """What a package of the recipe needs: packages of ours, and those of others with bounds."""
    ours, others = set(), {}
    for line in OUTPUTS[output]["requirements"]["run"]:
        if pin := PIN.fullmatch(line):
            ours.add(f"coercivity-{pin[2]}" if pin[2] else "coercivity")
            continue
        name, _, bounds = filled(line).partition(" ")
        others[canonicalize_name(CONDA.get(name, name))] = SpecifierSet(bounds)
    return ours, others


def own(requirements: list[str]) -> tuple[set[str], dict[str, SpecifierSet]]:
    """The same of requirements of pyproject.toml."""
    ours, others = set(), {}
    for one in map(Requirement, requirements):
        if one.name == PROJECT["name"]:
            ours |= {f"coercivity-{extra}" for extra in one.extras}
        else:
            others[canonicalize_name(one.name)] = one.specifier
    return ours, others


def test_the_recipe_has_the_core_and_a_package_for_each_extra() -> None:
    assert list(OUTPUTS) == ["coercivity", *(f"coercivity-{extra}" for extra in EXTRAS)]
    assert RECIPE["schema_version"] == 1
    for one in (RECIPE["recipe"], *(output["package"] for output in OUTPUTS.values())):
        assert filled(one["version"]) == PROJECT["version"]
    assert PROJECT["requires-python"] == f">={CONTEXT['python_min']}"


def test_the_core_of_conda_is_that_of_pip() -> None:
    ours, others = asked("coercivity")
    assert others.pop("python") == SpecifierSet(PROJECT["requires-python"])
    assert (ours, others) == own(PROJECT["dependencies"])
    core = OUTPUTS["coercivity"]
    (script,) = PROJECT["scripts"].items()
    assert core["build"]["python"]["entry_points"] == [" = ".join(script)]
    (build,) = PYPROJECT["build-system"]["requires"]
    host = [line.replace(" ", "") for line in core["requirements"]["host"]]
    assert build in host
    assert RECIPE["about"]["license"] == PROJECT["license"]
    assert (ROOT / RECIPE["about"]["license_file"]).is_file()


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_of_conda_is_that_of_pip(extra: str) -> None:
    ours, others = asked(f"coercivity-{extra}")
    wanted = own(PROJECT["optional-dependencies"][extra])
    if not wanted[0]:  # an extra of pip comes on top of the core by itself
        ours.remove("coercivity")
    assert (ours, others) == wanted


def commands(output: dict[str, Any]) -> list[str]:
    """Commands of ours that a package of the recipe is tested with."""
    lines = [line for test in output.get("tests", ()) for line in test.get("script", ())]
    return [line for line in lines if line.startswith("coercivity ")]


@pytest.mark.parametrize(
    "line",
    [line for output in OUTPUTS.values() for line in commands(output)]
    + ["coercivity --version", "coercivity sweep designs"],
)
def test_recipes_call_commands_that_there_are(line: str) -> None:
    from typer.main import get_command

    from coercivity.cli import app

    command: Any = get_command(app)
    words = line.split()[1:]
    while words and hasattr(command, "commands"):
        if words[0].startswith("-"):
            break
        command = command.commands[words.pop(0)]
    known = {name for option in command.params for name in option.opts} | {"--help"}
    assert {word for word in words if word.startswith("-")} <= known


def sections() -> dict[str, list[str]]:
    """Section -> its lines; '' for the head."""
    found: dict[str, list[str]] = {"": []}
    at = ""
    for line in APPTAINER.read_text(encoding="utf-8").splitlines():
        if line.startswith("%"):
            at = line.removeprefix("%")
            found[at] = []
        elif line.strip() and not line.startswith("#"):
            found[at].append(line.strip())
    return found


def test_the_image_is_built_from_all_that_the_wheel_is() -> None:
    copied = {}
    for line in sections()["files"]:
        source, place = line.split()
        assert (ROOT / source).exists(), source
        assert place == f"/opt/coercivity/{source}"
        copied[source] = place
    needed = {"pyproject.toml", PROJECT["readme"], *PROJECT["license-files"], "constraints.txt"}
    assert set(copied) == needed | set(ROOM_FOLDERS.values())


def test_pins_of_the_image_hold_on_its_python() -> None:
    """A constraint that is for other Pythons alone would be no pin there."""
    head = dict(line.split(": ", 1) for line in sections()[""])
    version = re.match(r"python:(\d+\.\d+)", head["From"])
    assert version is not None
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    held = [Requirement(line) for line in lines]
    assert all(
        one.marker is None or one.marker.evaluate({"python_version": version[1]}) for one in held
    )
    assert {canonicalize_name(one.name) for one in held} == set(pins())
