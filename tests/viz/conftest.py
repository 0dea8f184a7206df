"""What the browser tests share: the pages with the real model, a Chromium, and a visit that asked nobody else and complained of nothing."""

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
