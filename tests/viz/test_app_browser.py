"""The page in a headless Chromium, served by a process of its own: what it shows, what it asks for, what it does with bad input.

Every request of the browser is recorded. The server finds a dead proxy in its environment and is watched for files that it
might fetch into its cache: neither may ask for anything elsewhere.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from coercivity.viz.page_data import page_data
from tests.fake_result import fake_result

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
REAL = "from coercivity.viz.serve import serve; serve(0, open_browser=False)"
DEAD_PROXY = "http://127.0.0.1:9"
DRAWN = "document.documentElement.dataset.drawn === '{}' && document.querySelectorAll('.cv-plot canvas').length === 4"


@dataclass
class Server:
    """A server process and where it answers."""

    process: subprocess.Popen[str]
    address: str
    output: list[str] = field(default_factory=list)

    def stop(self) -> int:
        """End it as Ctrl-C does and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            rest, _ = self.process.communicate(timeout=30)
            self.output.append(rest)
        return self.process.returncode


@contextmanager
def serving(*arguments: str, home: Path) -> Iterator[Server]:
    """A server that is stopped whatever happens."""
    server = start_server(*arguments, home=home)
    try:
        yield server
    finally:
        server.stop()


def start_server(*arguments: str, home: Path) -> Server:
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), DEAD_PROXY)
    environment = os.environ | proxies | {"NO_PROXY": "", "no_proxy": "", "SOLARA_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, *arguments]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=home)
    assert process.stdout is not None
    heard = ""
    for heard in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+", heard):
            return Server(process, found[0])
    process.wait(timeout=10)
    raise AssertionError(f"the server did not start: {heard}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page with made-up results (page_server.py)."""
    with serving(str(HERE / "page_server.py"), "0", home=tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield chrome
        chrome.close()


@dataclass
class Visit:
    """One page, and all that it asked for and complained about."""

    page: Any
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    sent: list[Any] = field(default_factory=list)  # over the websocket

    def open(self, query: str = "") -> None:
        self.page.goto(self.address + query)

    def wait_for(self, drawn: str) -> None:
        self.page.wait_for_function(DRAWN.format(drawn), timeout=30_000)

    def cell(self, name: str) -> str:
        return str(self.page.locator(f'[data-cell="{name}"]').inner_text())

    def elsewhere(self) -> list[str]:
        own = (self.address + "/", self.address.replace("http:", "ws:") + "/", "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]


def new_visit(browser: Any, server: Server, **settings: Any) -> Visit:
    page = browser.new_context(**({"viewport": {"width": 1400, "height": 1000}} | settings)).new_page()
    visit = Visit(page, server.address)
    page.on("request", lambda request: visit.requests.append(request.url))
    page.on("websocket", lambda socket: (visit.requests.append(socket.url), socket.on("framesent", lambda frame: visit.sent.append(frame))))
    page.on("console", lambda message: visit.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("response", lambda answer: visit.complaints.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    return visit


@pytest.fixture
def visit(browser: Any, server: Server) -> Iterator[Visit]:
    one = new_visit(browser, server)
    yield one
    one.page.context.close()
    assert one.elsewhere() == []
    assert one.complaints == []


def test_the_default_history_is_drawn_at_once(visit: Visit) -> None:
    visit.open()
    visit.wait_for("japan-2026/1/Japan")
    page = visit.page
    assert page.title() == "Coercivity: one possible history"
    assert page.get_by_role("heading", level=1).inner_text() == "Coercivity"
    assert "One possible history · seed 1" in page.locator("main").inner_text()
    assert page.get_by_label("Seed").input_value() == "1"
    assert [heading.inner_text() for heading in page.locator(".cv-card h3").all()] == [chart["title"] for chart in page_data(fake_result())["charts"]]
    assert page.url.endswith("?scenario=japan-2026&seed=1&state=Japan")


def test_the_numbers_on_the_page_are_those_of_the_tables(visit: Visit) -> None:
    visit.open()
    visit.wait_for("japan-2026/1/Japan")
    result = fake_result()
    for at in (0, 14, 35):
        visit.page.get_by_role("slider", name="Month").fill(str(at))
        prices = result.table("prices").query(f"month == '{result.months[at]}' and good == 'dysprosium_oxide'").set_index("state")
        stocks = result.table("stocks").query(f"month == '{result.months[at]}' and state == 'Japan'").set_index("stage")
        assert float(visit.cell("prices/dysprosium_oxide/home_state")) == pytest.approx(prices.loc["Japan", "home"])
        assert float(visit.cell("prices/dysprosium_oxide/export")) == pytest.approx(prices.loc["China", "export"], rel=5e-3)
        assert float(visit.cell("cover/scarcest/magnet")) == stocks.loc["magnet", "cover_months"]
    assert visit.cell("output/ev_drivetrains") == f"{100 * 42 / 102:.1f}%"
    assert visit.cell("dependence/all/last_origin/tonnes") == "25.0%"


def test_scrubbing_tells_what_had_happened_and_asks_the_server_for_nothing(visit: Visit) -> None:
    visit.open()
    visit.wait_for("japan-2026/1/Japan")
    visit.page.wait_for_timeout(500)  # let the greetings end
    asked, sent = len(visit.requests), len(visit.sent)
    assert sent > 0
    slider, events = visit.page.get_by_role("slider", name="Month"), visit.page.locator(".cv-events li")
    slider.fill("11")
    assert events.all_inner_texts() == ["2024-01 A quota."]
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "January 2025"
    assert events.first.inner_text() == "2025-01 China bans heavy rare earths to Japan."
    marker = visit.page.locator('[data-marker="prices"]').bounding_box()["x"]
    slider.press("End")
    assert visit.page.locator('[data-marker="prices"]').bounding_box()["x"] > marker
    events.nth(1).get_by_role("button").click()  # an event leads to its month
    assert slider.get_attribute("aria-valuetext") == "January 2025"
    assert (len(visit.requests), len(visit.sent)) == (asked, sent)


def test_another_history_another_scenario_another_state(visit: Visit) -> None:
    visit.open("/?scenario=business-as-usual&seed=4&state=Japan")
    visit.wait_for("business-as-usual/4/Japan")
    visit.page.get_by_role("button", name="Another history").click()
    visit.wait_for("business-as-usual/5/Japan")
    visit.page.get_by_label("Scenario").select_option("japan-2026")
    visit.wait_for("japan-2026/5/Japan")
    visit.page.get_by_label("State to look at").select_option("United States")
    visit.wait_for("japan-2026/5/United States")
    assert "United States, at home" in visit.page.locator("main").inner_text()
    visit.page.get_by_label("Seed").fill("7")
    visit.page.get_by_label("Seed").press("Enter")
    visit.wait_for("japan-2026/7/United States")
    visit.page.locator("select[name=prices]").select_option("magnet_standard")
    assert visit.cell("prices/magnet_standard/home_state") == "12"
    assert visit.page.url.endswith("?scenario=japan-2026&seed=7&state=United+States")


def test_a_wrong_address_gets_a_message_and_a_way_on(visit: Visit) -> None:
    visit.open("/?scenario=japan-2062&seed=3")
    alert = visit.page.get_by_role("alert")
    alert.wait_for()
    assert "scenario 'japan-2062' is not known; did you mean 'japan-2026'?" in alert.inner_text()
    assert visit.page.locator("main h2").count() == 0  # nothing else is passed off as what was asked for
    alert.get_by_role("button", name="Show japan-2026, seed 1, Japan").click()
    visit.wait_for("japan-2026/1/Japan")
    assert alert.count() == 0


def test_a_wrong_seed_or_a_failing_model_takes_nothing_away(visit: Visit) -> None:
    visit.open()
    visit.wait_for("japan-2026/1/Japan")
    field_, alert = visit.page.get_by_label("Seed"), visit.page.get_by_role("alert")
    for value, message in (("minus one", "seed 'minus one' is not a whole number"), ("13", "This history could not be computed")):
        field_.fill(value)
        field_.press("Enter")
        visit.page.wait_for_function(f"document.querySelector('[role=alert]')?.innerText.includes({message!r})")
        assert visit.page.locator(".cv-plot canvas").count() == 4
        assert "seed 1" in visit.page.locator(".cv-badge").inner_text()
    field_.fill("2")
    field_.press("Enter")
    visit.wait_for("japan-2026/2/Japan")
    assert alert.count() == 0


def test_a_slow_history_says_that_it_is_being_computed(visit: Visit) -> None:
    visit.open()
    visit.wait_for("japan-2026/1/Japan")
    visit.page.get_by_label("Seed").fill("12")
    visit.page.get_by_label("Seed").press("Enter")
    visit.page.get_by_role("status").filter(has_text="Computing the whole history").wait_for(timeout=2000)
    visit.wait_for("japan-2026/12/Japan")
    assert visit.page.get_by_role("status").inner_text() == ""


def test_everything_has_a_name_and_a_language(visit: Visit) -> None:
    visit.open()
    visit.wait_for("japan-2026/1/Japan")
    page = visit.page
    assert page.evaluate("document.documentElement.lang") == "en"
    assert "user-scalable=no" not in page.evaluate("document.querySelector('meta[name=viewport]').content")
    assert page.get_by_role("main").count() == 1
    nameless = """[...document.querySelectorAll('button, select, input, [role=img]')].filter(item =>
        !(item.getAttribute('aria-label') || item.innerText.trim() || item.labels?.length)).map(item => item.outerHTML)"""
    assert page.evaluate(nameless) == []
    assert page.locator(".cv-card table caption").count() == 4
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(item => Number(item.tagName[1]))")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def background(page: Any) -> list[int]:
    colour = page.evaluate("getComputedStyle(document.querySelector('.cv-page')).backgroundColor")
    return [int(part) for part in re.findall(r"\d+", colour)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_follows_the_colour_scheme(browser: Any, server: Server, scheme: str) -> None:
    visit = new_visit(browser, server, viewport={"width": 390, "height": 844}, color_scheme=scheme, reduced_motion="reduce")
    visit.open()
    visit.wait_for("japan-2026/1/Japan")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
    before = background(visit.page)
    assert (max(before) < 60) if scheme == "dark" else (min(before) > 200)
    visit.page.get_by_role("button", name={"light": "Dark colours", "dark": "Light colours"}[scheme]).click()
    after = background(visit.page)
    assert (max(after) < 60) if scheme == "light" else (min(after) > 200)
    visit.page.context.close()
    assert visit.complaints == []


def test_the_server_asks_nobody_and_ends_cleanly_with_ctrl_c(browser: Any, tmp_path: Path) -> None:
    from solara.server import settings

    cache = Path(settings.assets.proxy_cache_dir)
    before = sorted(path for path in cache.rglob("*") if path.is_file())
    with serving(str(HERE / "page_server.py"), "0", home=tmp_path) as server:
        visit = new_visit(browser, server)
        visit.open()
        visit.wait_for("japan-2026/1/Japan")
        missing = visit.page.request.get(f"{server.address}/_solara/cdn/katex@0.16.9/dist/katex.min.js")
        answer = visit.page.request.get(server.address)
        assert missing.status == 404  # solara itself would ask a CDN for it
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert server.stop() == 0
        assert server.output == [""]  # a failed request to elsewhere would have left a complaint
        assert sorted(path for path in cache.rglob("*") if path.is_file()) == before
        visit.page.context.close()
        assert visit.elsewhere() == []


def test_the_model_itself_is_drawn(browser: Any, tmp_path: Path) -> None:
    """The default scenario as `coercivity app` serves it, against the tables of the same run made here."""
    from coercivity.experiments.run import run

    with serving("-c", REAL, home=tmp_path) as server:
        visit = new_visit(browser, server)
        visit.open("/?seed=3")
        result = run("japan-2026", 3)
        visit.wait_for("japan-2026/3/Japan")
        page = page_data(result)
        visit.page.get_by_role("slider", name="Month").fill("30")
        prices = result.table("prices").query(f"month == '{result.months[30]}' and good == 'dysprosium_oxide' and state == 'Japan'")
        assert float(visit.cell("prices/dysprosium_oxide/home_state").replace(",", "")) == pytest.approx(prices["home"].item(), rel=5e-3)
        for chart in page["charts"]:
            assert any(value is not None for line in chart["series"] for value in line["values"]), f"the chart {chart['id']} is empty"
        happened = sum(event["at"] <= 30 for event in page["events"])
        assert visit.page.locator(".cv-events li").count() == min(80, happened)
        visit.page.context.close()
        assert (visit.elsewhere(), visit.complaints) == ([], [])
