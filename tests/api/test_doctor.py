"""What doctor finds out about a browser, wherever the tests run."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable

import pytest

from coercivity import doctor


class Lynx:
    """A browser that the system names."""


def no_browser() -> None:
    raise webbrowser.Error("could not locate runnable browser")


@pytest.mark.parametrize(
    ("installed", "system", "says"),
    [
        ({"google-chrome": "/opt/chrome"}, no_browser, "/opt/chrome"),
        ({}, Lynx, "Lynx"),
        (
            {},
            no_browser,
            "none found; `coercivity app` serves all the same, open its address elsewhere",
        ),
    ],
)
def test_a_browser_is_looked_for_and_its_lack_is_no_failure(
    installed: dict[str, str],
    system: Callable[[], object],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doctor.shutil, "which", installed.get)
    monkeypatch.setattr(doctor.webbrowser, "get", system)
    monkeypatch.setattr(doctor, "_check_run", lambda: "works")
    monkeypatch.setattr(doctor, "is_installed", lambda package: package != "matplotlib")
    found = doctor.checks()
    assert dict(found)["browser"] == says
    assert dict(found)["extra plot"] == 'no matplotlib; pip install "coercivity[plot]"'
    assert found[-1] == ("3 months of business-as-usual", "works")
