"""The front end as a whole in a headless Chromium: every page, the way between them, a model that fails, and a server that asks nobody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.lab.setting import checked
from coercivity.viz.app import CARRIES, PAGES
from coercivity.viz.screens.hooks import FAILED
from tests.viz.browser import PATIENCE, REAL, Server, Visit, launched, new_visit, serving, visiting

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent


def drawn(seed: int, **changed: Any) -> str:
    """What the lab says of itself when it has drawn this."""
    return f"{checked(**changed).asked().fingerprint()}/{seed}/Japan"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The pages with a model that fails or dawdles for certain seeds (page_server.py)."""
    with serving(
        str(HERE / "page_server.py"), "0", home=tmp_path_factory.mktemp("server")
    ) as running:
        yield running


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    with launched(chromium) as chrome:
        yield chrome


@pytest.fixture
def visit(browser: Any, server: Server) -> Iterator[Visit]:
    with visiting(browser, server) as one:
        yield one


def test_every_page_opens_from_the_navigation_and_takes_the_setting_along(visit: Visit) -> None:
    page = visit.page
    visit.open("/?lever.firms_stock=2&seed=3")
    visit.wait_for(drawn(3, levers={"firms_stock": 2}))
    navigation = page.get_by_role("navigation", name="Pages")
    assert navigation.get_by_role("link").all_inner_texts() == [label for _, label, _ in PAGES]
    for path, label, _ in PAGES[1:]:
        navigation.get_by_role("link", name=label, exact=True).click()
        page.wait_for_function(
            f"document.querySelector('.cv-nav [aria-current=page]')?.innerText === {label!r}",
            timeout=PATIENCE,
        )
        page.locator("main h2").first.wait_for(timeout=PATIENCE)
        assert page.locator("main").count() == 1, label
        assert page.locator("h1").inner_text() == "Coercivity"
        assert ("lever.firms_stock=2" in page.url and "seed=3" in page.url) == (path in CARRIES), (
            label
        )
        for (other, name, _), link in zip(PAGES, navigation.get_by_role("link").all(), strict=True):
            assert ("lever.firms_stock=2" in link.get_attribute("href")) == (other in CARRIES), (
                f"{name} from {label}"
            )
    navigation.get_by_role("link", name="Lab", exact=True).click()
    visit.wait_for(drawn(3, levers={"firms_stock": 2}))
    assert page.locator("input[type=range][name=firms_stock]").input_value() == "2"
    page.go_back()
    page.wait_for_function(
        "document.querySelector('.cv-nav [aria-current=page]')?.innerText === 'Evidence'",
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("path", ["/" + path.strip("/") for path, *_ in PAGES])
def test_every_page_can_be_opened_by_its_address(visit: Visit, path: str) -> None:
    visit.open(path)
    visit.page.locator("main h2").first.wait_for(timeout=PATIENCE)
    assert visit.page.locator("main").count() == 1
    assert visit.page.title().startswith("Coercivity")


def test_a_failing_model_takes_nothing_away(visit: Visit) -> None:
    visit.open()
    visit.wait_for(drawn(1))
    page, seed = visit.page, visit.page.get_by_label("Seed", exact=True)
    seed.fill("13")
    seed.press("Enter")
    page.get_by_role("alert").filter(has_text=FAILED).wait_for(timeout=PATIENCE)
    assert page.locator(".cv-plot canvas").count() == 4
    assert "seed 1" in page.locator(".cv-badge").inner_text()
    assert "failed on purpose" not in page.content()  # why is for the server's log
    seed.fill("2")
    seed.press("Enter")
    visit.wait_for(drawn(2))
    assert page.get_by_role("alert").count() == 0


def test_a_slow_history_says_that_it_is_being_computed(visit: Visit) -> None:
    visit.open()
    visit.wait_for(drawn(1))
    seed = visit.page.get_by_label("Seed", exact=True)
    seed.fill("12")
    seed.press("Enter")
    visit.page.get_by_role("status").filter(has_text="Computing fifteen years").wait_for(
        timeout=PATIENCE
    )
    visit.wait_for(drawn(12))
    visit.page.wait_for_function("!document.querySelector('.cv-status').innerText.trim()")


def test_the_server_asks_nobody_and_ends_cleanly_with_ctrl_c(browser: Any, tmp_path: Path) -> None:
    """As `coercivity app` serves it, worker processes included."""
    from solara.server import settings

    cache = Path(settings.assets.proxy_cache_dir)
    before = sorted(path for path in cache.rglob("*") if path.is_file())
    with serving("-c", REAL, home=tmp_path) as server:
        visit = new_visit(browser, server)
        visit.open()
        visit.wait_for(drawn(1))
        missing = visit.page.request.get(
            f"{server.address}/_solara/cdn/katex@0.16.9/dist/katex.min.js"
        )
        answer = visit.page.request.get(server.address)
        assert missing.status == 404  # solara itself would ask a CDN for it
        assert visit.page.request.get(f"{server.address}/resourcez").status == 404
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert server.stop() == 0  # with draws of the band still to come
        assert server.output == []  # a failed request to elsewhere would have left a complaint
        assert sorted(path for path in cache.rglob("*") if path.is_file()) == before
        visit.page.context.close()
        assert visit.elsewhere() == []
