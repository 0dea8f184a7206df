"""No page has a fault that axe finds: in light and dark colours, on a phone, in another language."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.viz.browser import LAB, PATIENCE, Server, visiting

pytestmark = pytest.mark.browser

PAGES = {  # address -> what says that it is there
    "/": "document.documentElement.dataset.drawn === 'door'",
    LAB: "(document.documentElement.dataset.many || '').endsWith('/20/20/20')",
    f"{LAB}&lang=ja": "(document.documentElement.dataset.many || '').endsWith('/20/20/20')",
    "/play": "document.documentElement.dataset.played !== undefined",
    "/chain": "(document.documentElement.dataset.drawn || '').startsWith('chain/')",
    "/compare": "(document.documentElement.dataset.drawn || '').startsWith('compare/')",
    "/class": "document.querySelector('.gm-door') !== null",
    "/claims": "document.documentElement.dataset.drawn === 'claims'",
    "/evidence": "document.documentElement.dataset.drawn === 'evidence'",
}
LOOKS = {"light": (1400, 1000, "light"), "dark": (1400, 1000, "dark"), "phone": (390, 844, "light")}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing(browser: Any, server: Server, address: str, look: str) -> None:
    width, height, scheme = LOOKS[look]
    with visiting(
        browser, server, viewport={"width": width, "height": height}, color_scheme=scheme
    ) as visit:
        visit.open(address)
        visit.page.wait_for_function(PAGES[address], timeout=PATIENCE)
        visit.page.wait_for_selector(".v-progress-linear", state="hidden", timeout=PATIENCE)
        visit.page.wait_for_selector(".lb-before", state="detached", timeout=PATIENCE)  # paler
        found = Axe().run(visit.page).response["violations"]
        told = [
            f"{one['id']}: {[(node['target'], node['any'][0]['message'] if node['any'] else '') for node in one['nodes']][:3]}"
            for one in found
        ]
        assert not told
