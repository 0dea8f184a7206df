"""The example on Mesa's SolaraViz, opened as its users open it: `solara run`, and a browser."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.viz.browser import Visit, visiting
from tools.check.patience import patient
from tools.check.server_process import serving

PAGE = Path(__file__).parents[2] / "examples" / "mesa" / "page.py"

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Visit]:
    pytest.importorskip("altair")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ("-m", "solara", "run", str(PAGE), "--host", "127.0.0.1", "--port", str(port))
    with serving(*command, "--no-open", home=tmp_path) as server:
        until = time.monotonic() + patient(60.0)
        while True:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.process.poll() is None, server.output
            assert time.monotonic() < until, server.output
        with visiting(browser, server) as one:
            yield one


DRAWN = """() => Promise.all([...document.images].map(image => fetch(image.src)
    .then(answer => answer.arrayBuffer()).then(bytes => new Uint8Array(bytes).join())))"""
NEW = """before => document.images.length === 2 &&
    [...document.images].every(image => !before.includes(image.src))"""


def press(page: Any, button: str, month: str) -> list[str]:
    """Press a button, wait until the page shows the month and new plots, and return their bytes."""
    before = page.evaluate("[...document.images].map(image => image.src)")
    page.get_by_role("button", name=button).click()
    wait_for_month(page, month)
    page.wait_for_function(NEW, arg=before)
    return list(page.evaluate(DRAWN))


def wait_for_month(page: Any, month: str) -> None:
    """Wait for a count of months: Mesa 3.3 shows steps, 3.5 its time."""
    page.get_by_text(re.compile(rf"^(Step: {month}|Time: {month}\.0)$")).wait_for()


def test_it_steps_plays_resets_and_follows_its_sliders(visit: Visit) -> None:
    page = visit.page
    visit.open()
    wait_for_month(page, "0")
    page.wait_for_function(NEW, arg=[])
    interval, at_once, seed, clock, refusals = page.get_by_role("slider").all()
    empty = page.evaluate(DRAWN)
    assert press(page, "Step", "1") != empty
    interval.press("End")  # half a second a month, so that it still plays when it is stopped
    page.get_by_role("button", name="▶").click()
    wait_for_month(page, "[2-9]")
    page.get_by_role("button", name="❚❚").click()
    page.get_by_role("button", name="▶").wait_for()
    visit.open()  # Mesa ends the month that was under way, on whatever world a reset puts there
    wait_for_month(page, r"\d+")
    page.wait_for_function(NEW, arg=[])
    interval, at_once, seed, clock, refusals = page.get_by_role("slider").all()
    assert press(page, "Reset", "0") == empty

    at_once.press("End")  # a press of the button lives about a hundred months
    run = press(page, "Step", r"\d\d+")
    for slider in (seed, clock, refusals):
        slider.press("ArrowRight")
    press(page, "Reset", "0")
    assert press(page, "Step", r"\d\d+") != run
