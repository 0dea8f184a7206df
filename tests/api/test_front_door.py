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
        assert name in dir(coercivity)


def test_commands_have_a_function_of_the_same_name_but_for_those_that_are_named() -> None:
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    alike = commands & set(coercivity.__all__)
    assert alike == commands - set(OTHERWISE) - ALONE
    assert set(OTHERWISE.values()) <= set(coercivity.__all__)
    said = (coercivity.__doc__ or "").split("These commands have")[1].split("What the functions")[0]
    told = set(re.findall(r"`(\w+)`", said))
    assert told == alike | set(OTHERWISE) | set(OTHERWISE.values())


def test_what_is_listed_is_public() -> None:
    assert dir(coercivity) == sorted(coercivity.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'runn'"):
        coercivity.runn  # type: ignore[attr-defined]  # noqa: B018


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, coercivity; print(sorted({'mesa', 'pandas', 'numpy', 'matplotlib', 'solara', "
        "'scipy'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_python_m_coercivity_is_the_command_line() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "coercivity", "--help"], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stderr
    assert "scenarios" in shown.stdout


def test_every_way_of_showing_stands_where_the_front_door_says() -> None:
    from coercivity.model.basis.shown import shown_by

    for way in coercivity.SHOWN:
        assert callable(shown_by(way)), way


def test_a_run_loads_nothing_that_draws() -> None:
    code = (
        "import sys, coercivity; coercivity.run; coercivity.load; "
        "print(sorted({'matplotlib', 'pandas.plotting._matplotlib', 'xarray', 'solara', 'babel'} "
        "& set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
