"""Speed as a person in a browser has it: first page, a lever moved to redrawn charts, play-mode
frames, bytes. By hand, on a quiet machine:

    python -m tools.benchmarks.measure_pages            # the lab and play mode, in headless
                                                        # Chromium
    python -m tools.benchmarks.measure_pages --moves 20 # fewer moves of each kind than 50
    python -m tools.benchmarks.measure_pages --stock    # and the same model in Mesa's stock page
                                                        # (pip install altair)

Times run from the hand's event, a drag included, to the charts that are drawn, both read in the
page itself. Bytes are those of the websocket's messages before compression, and after deflate as
the server sends them.
"""

from __future__ import annotations

import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tools.benchmarks.server import SERVE, chromium, start, stop
from tools.fuzz.page_client import LAB

ROOT = Path(__file__).resolve().parents[2]
LEVERS = (  # sliders and the stops that a hand goes through
    ("firms_stock", (0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5)),
    ("firms_switch", (10, 20, 30, 40, 50, 60, 70, 80, 90, 100)),
    ("allies_tariff", (5, 10, 15, 20, 25, 30, 35, 40, 45, 50)),
    ("japan_stockpile", (1, 2, 3, 4, 5, 6, 5, 4, 3, 2)),
    ("japan_plants", (250, 500, 750, 1000, 1250, 1500, 1750, 2000, 2250, 2500)),
)
LEAP = 7  # stops at once: nobody has guessed them
DRAG = 0.05  # seconds between the events of a hand that drags


@contextmanager
def server(*command: str) -> Iterator[str]:
    """A server process and its address."""
    with tempfile.TemporaryDirectory() as home:
        process, address = start(home, *command, log=subprocess.STDOUT)
        try:
            yield address
        finally:
            stop(process)


class Traffic:
    """Bytes that came over the websocket since the last look: as sent, and after deflate."""

    def __init__(self, page: Page) -> None:
        self.plain = self.packed = 0
        page.on("websocket", lambda socket: socket.on("framereceived", self._add))

    def _add(self, frame: Any) -> None:
        raw = frame.encode() if isinstance(frame, str) else frame
        self.plain += len(raw)
        self.packed += len(zlib.compress(raw, 6))

    def take(self) -> tuple[int, int]:
        """Bytes since the last look."""
        found, self.plain, self.packed = (self.plain, self.packed), 0, 0
        return found


def spread(values: list[float], unit: str = "ms") -> str:
    """Median, 95th percentile and number of values."""
    ordered = sorted(values)
    return (
        f"median {statistics.median(ordered):.0f} {unit}, p95 "
        f"{ordered[int(0.95 * (len(ordered) - 1))]:.0f} {unit} ({len(ordered)})"
    )


def measure_lab(browser: Any, address: str, most: int) -> None:
    """First page, levers, bytes, play mode."""
    first = []
    for _ in range(5):
        page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
        begun = time.perf_counter()
        page.goto(address + LAB)
        page.wait_for_function(
            "document.documentElement.dataset.drawn && document.querySelectorAll('.cv-plot "
            "canvas').length === 4",
            timeout=60_000,
        )
        first.append(1e3 * (time.perf_counter() - begun))
        page.context.close()
    print(
        f"first page, drawn                       {spread(first)}; the first of them "
        f"{first[0]:.0f} ms"
    )
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.add_init_script(HAND)
    traffic = Traffic(page)
    page.goto(address + LAB)
    page.wait_for_function("document.documentElement.dataset.drawn", timeout=60_000)
    page.wait_for_timeout(15_000)  # the band fills in and the workers come to rest
    measure_levers(page, traffic, address, most)
    page.goto(address + "/play")
    page.get_by_role("button", name="Play", exact=True).wait_for(timeout=60_000)
    page.wait_for_timeout(5_000)
    frames = """async () => { let count = 0; const until = performance.now() + 5000;
        const gaps = []; let last = performance.now();
        await new Promise((done) => {
          const tick = (now) => { count += 1; gaps.push(now - last); last = now;
            now < until ? requestAnimationFrame(tick) : done(); };
          requestAnimationFrame(tick); });
        gaps.sort((a, b) => a - b); return [count / 5, gaps[Math.floor(0.95 * gaps.length)]]; }"""
    page.get_by_role("button", name="Play", exact=True).click()
    rate, gap = page.evaluate(frames)
    print(
        f"play mode                               {rate:.0f} frames a second, p95 of the gaps "
        f"{gap:.0f} ms"
    )
    page.context.close()


def measure_levers(page: Page, traffic: Traffic, address: str, most: int) -> None:
    """From the hand to the first picture, to the first words of many histories (reckoned ones
    too), to the first two years of twenty of the model's own, and to the one history of the seed:
    to the next stop after a rest (guessed ahead), to one that is far away (not guessed), and at the
    end of a drag over five stops. Each with another seed, so that no history is known from before.
    """
    for seed, (words, rest, moves) in enumerate(
        (
            ("the next stop, after two seconds", 2_000, one_by_one()),
            ("a far stop, at once", 0, leaps()),
            ("the end of a drag over five stops", 500, drags()),
        ),
        start=2,
    ):
        page.goto(f"{address}/?seed={seed}")
        page.wait_for_function(
            f"(document.documentElement.dataset.drawn || '').includes('/{seed}/')", timeout=60_000
        )
        first, words_at, twenty, whole, plain, packed = [], [], [], [], [], []
        reckoned = 0
        for lever, values in moves[:: max(1, -(-len(moves) // most))]:
            page.hover(f"input[type=range][name={lever}]")
            page.wait_for_timeout(rest)
            traffic.take()
            before = page.evaluate("document.documentElement.dataset.drawn")
            page.evaluate(
                "window.coercivityDrawnAt = window.coercivityBegunAt = 0, window.told = []"
            )
            for value in values:
                page.locator(f"input[type=range][name={lever}]").evaluate(MOVE, value)
                if len(values) > 1:
                    page.wait_for_timeout(1e3 * DRAG)
            page.wait_for_function(SETTLED, arg=[before, lever, values[-1]], timeout=30_000)
            times = page.evaluate(
                "[window.coercivityBegunAt, window.coercivityDrawnAt, window.coercivityHandAt]"
            )
            whole.append(times[1] - times[2])
            told = [one for one in page.evaluate("window.told") if one[0] > times[2]]
            now = page.evaluate("window.coercivityMark()")
            of_now = [one for one in told if one[1].startswith(now)]
            words_at.append(of_now[0][0] - times[2])
            reckoned += int(of_now[0][2]) > 0
            own = [one for one in of_now if "/20/" in one[1] and one[2] == "0"]
            twenty.append(own[0][0] - times[2])
            first.append(times[0] - times[2] if times[0] > times[2] else whole[-1])
            first[-1] = min(first[-1], words_at[-1])
            came = traffic.take()
            plain.append(came[0] / 1e3)
            packed.append(came[1] / 1e3)
        print(f"{words:<40}first picture {spread(first)}")
        print(f"{'':<40}first words   {spread(words_at)}, {reckoned} of them reckoned")
        print(f"{'':<40}two years of 20 {spread(twenty)}")
        print(f"{'':<40}one history   {spread(whole)}")
        print(f"{'':<40}bytes         {spread(plain, 'kB')} plain; {spread(packed, 'kB')} deflated")


HAND = """window.coercivityBegunAt = 0; window.told = [];
    window.coercivityMark = () => document.querySelector('.lb-picture').__vue__.mark + '/';
    addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
        const { many, reckoned } = document.documentElement.dataset;
        if (many) window.told.push([performance.now(), many, reckoned || '0']);
    }).observe(document.documentElement, { attributes: true, attributeFilter: ['data-many'] }));
    addEventListener('input', () => { window.coercivityHandAt = performance.now(); }, true);"""
MOVE = """(slider, value) => { slider.value = value;
    slider.dispatchEvent(new Event('input', { bubbles: true })); }"""
SETTLED = """([before, lever, value]) => {
    const shown = document.querySelector('.lb-picture').__vue__;
    return document.documentElement.dataset.drawn !== before
        && window.coercivityDrawnAt > window.coercivityHandAt
        && Number(new URLSearchParams(location.search).get('lever.' + lever) || 0) === value
        && !shown.controls.busy && shown.run.fingerprint === shown.controls.shown.fingerprint
        && (document.documentElement.dataset.many || '').startsWith(shown.mark + '/20/')
        && document.documentElement.dataset.reckoned === '0'; }"""


def one_by_one() -> list[tuple[str, tuple[float, ...]]]:
    """Each lever through its stops, one at a time."""
    return [(lever, (value,)) for lever, values in LEVERS for value in values]


def leaps() -> list[tuple[str, tuple[float, ...]]]:
    """Each lever to and fro over many stops."""
    return [
        (lever, (values[k * LEAP % len(values)],)) for lever, values in LEVERS for k in range(10)
    ]


def drags() -> list[tuple[str, tuple[float, ...]]]:
    """Each lever dragged over five stops, and then over five more; those before it stay where they
    were left, so that no setting comes twice.
    """
    return [(lever, way) for lever, values in LEVERS for way in (values[:5], values[5:])]


def wait_for(address: str) -> None:
    """Until the server answers: this one tells its address before it listens."""
    for _ in range(100):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=5).read()
            return
        time.sleep(0.2)


def pictures(page: Page) -> str:
    """What tells one picture of the stock page from the next."""
    return str(
        page.evaluate(
            "[...document.querySelectorAll('img')].map(one => one.src.length + "
            "one.src.slice(-200)).join()"
        )
    )


def measure_stock(browser: Any, address: str) -> None:
    """The stock page: first page, reset by a slider, one step, and fifteen years as play mode gives
    them.
    """
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    traffic = Traffic(page)
    wait_for(address)
    begun = time.perf_counter()
    page.goto(address)
    step = page.get_by_role("button", name="Step", exact=True)
    step.wait_for(timeout=60_000)
    print(f"stock page, first page                  {1e3 * (time.perf_counter() - begun):.0f} ms")
    page.wait_for_timeout(2_000)
    times, plain = [], []
    for _ in range(12):
        before = pictures(page)
        traffic.take()
        begun = time.perf_counter()
        step.click()
        while pictures(page) == before and time.perf_counter() - begun < 20:
            page.wait_for_timeout(10)
        times.append(1e3 * (time.perf_counter() - begun))
        page.wait_for_timeout(400)
        plain.append(traffic.take()[0] / 1e3)
    print(f"stock page, one month redrawn           {spread(times)}, {spread(plain, 'kB')}")
    print(f"stock page, fifteen years at that pace  {180 * statistics.median(times) / 1e3:.0f} s")
    page.context.close()


def main(arguments: list[str]) -> None:
    """Measure and print."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        with server("-c", SERVE) as address:
            most = int(arguments[arguments.index("--moves") + 1]) if "--moves" in arguments else 50
            measure_lab(browser, address, most)
        if "--stock" in arguments:
            page = "tools/benchmarks/stock_page.py"
            how = ("--port", "8799", "--no-open", "--production")
            with server("-m", "solara", "run", page, *how) as address:
                measure_stock(browser, address)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
