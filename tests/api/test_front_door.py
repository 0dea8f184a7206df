"""The public names of the package, and that looking at it costs nothing."""

import re
import subprocess
import sys

import pytest
import typer

import coercivity
from coercivity.cli import app

OTHERWISE = {"licences": "licence_flows", "facts": "table"}  # functions of another name
ALONE = {  # commands without a function
    *("app", "crate", "datapackage", "doctor", "lesson"),
    *("plugins", "rooms", "schema", "starts", "trace", "why-not"),
}


def test_every_public_name_can_be_had() -> None:
    for name in coercivity.__all__:
        assert getattr(coercivity, name) is not None
    assert dir(coercivity) == sorted(coercivity.__all__)


def test_commands_have_a_function_of_the_same_name_but_for_those_that_are_named() -> None:
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    alike = commands & set(coercivity.__all__)
    assert alike == commands - set(OTHERWISE) - ALONE
    assert set(OTHERWISE.values()) <= set(coercivity.__all__)
    said = (coercivity.__doc__ or "").split("These commands have")[1].split("What the functions")[0]
    told = set(re.findall(r"`(\w+)`", said))
    assert told == alike | set(OTHERWISE) | set(OTHERWISE.values())


@pytest.mark.parametrize(
    ("asked", "heavy"),
    [
        ("coercivity", "mesa pandas numpy matplotlib solara scipy"),
        ("coercivity.run; coercivity.load", "matplotlib xarray solara babel"),
    ],
)
def test_looking_at_it_loads_nothing_heavy(asked: str, heavy: str) -> None:
    code = f"import sys, coercivity; {asked}; print({{*{heavy.split()}}} & {{*sys.modules}})"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"
