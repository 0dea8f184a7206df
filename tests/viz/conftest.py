"""What tests of pages share: the pages with the real model, a Chromium, a visit that asked nobody else and complained of nothing; a desk without either."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.viz.browser import REAL, Server, Visit, new_visit, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving("-c", REAL, home=tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield chrome
        chrome.close()


@pytest.fixture
def visit(browser: Any, server: Server) -> Iterator[Visit]:
    one = new_visit(browser, server)
    yield one
    one.page.context.close()
    assert one.elsewhere() == []
    assert one.complaints == []


@pytest.fixture
def desk() -> Iterator[Any]:
    """Where pages ask in place of the engine, for tests without a browser."""
    from tests.viz.rendered import a_desk

    with a_desk() as one:
        yield one
