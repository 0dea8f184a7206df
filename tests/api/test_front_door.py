"""The public names of the package, and that looking at it costs nothing."""

import subprocess
import sys

import pytest

import coercivity


def test_every_public_name_can_be_had() -> None:
    for name in coercivity.__all__:
        assert getattr(coercivity, name) is not None
        assert name in dir(coercivity)


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
    from coercivity.model.results.shown import shown_by

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
