"""What tests of pages share: one server of the pages with a world that costs nothing, one Chromium, a visit that asked nobody else and complained of nothing;
a desk without either.
"""

import os
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest

from tests.viz.browser import STAND_IN, Visit, launched, visiting
from tools.check.server_process import Server, serving

os.environ["COERCIVITY_KEPT"] = "off"  # tests read and write no user's cache


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(STAND_IN, "0", home=tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    with launched(chromium) as chrome:
        yield chrome


@pytest.fixture
def visit(browser: Any, server: Server) -> Iterator[Visit]:
    with visiting(browser, server) as one:
        yield one


@pytest.fixture(scope="session", autouse=True)
def _widths_once() -> Iterator[None]:
    """How wide a line of a chart is, is reckoned once."""
    from coercivity.viz.documents import briefing_charts

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(briefing_charts, "width_of", cache(briefing_charts.width_of))
        yield


@pytest.fixture
def desk() -> Iterator[Any]:
    """Where pages ask in place of the engine, for tests without a browser."""
    from tests.viz.rendered import a_desk

    with a_desk() as one:
        yield one


@pytest.fixture
def timers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Clocks that pages set, which go off when the test says so."""
    from coercivity.viz.screens import histories, prefetch
    from tests.viz.rendered import Timer

    monkeypatch.setattr(Timer, "started", [])
    for module in (histories, prefetch):
        monkeypatch.setattr(module, "threading", SimpleNamespace(Timer=Timer))
    return Timer.started
