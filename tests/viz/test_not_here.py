"""An address that leads to no page is answered with the navigation, a sentence and the ways on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal

from coercivity.viz.screens.door import THROUGH
from coercivity.viz.server.not_found import not_found_page
from coercivity.viz.server.request_checks import Doors, Names

PAGES = [("/", "Lab"), ("play", "Play"), ("claims", "Claims")]


def links(page: bytes) -> dict[str, str]:
    return dict(
        reversed(one) for one in re.findall(r'<a href="([^"]*)">([^<]*)</a>', page.decode())
    )


def test_it_leads_to_every_page_to_the_lab_and_to_the_door() -> None:
    page = not_found_page(PAGES, THROUGH, "")
    assert links(page) == {
        "Lab": f"/?{THROUGH}",
        "Play": "/play",
        "Claims": "/claims",
        "Go to the lab": f"/?{THROUGH}",
        "Begin at the door": "/",
    }
    assert "This address leads to no page." in page.decode()
    assert b"<nav" in page
    assert b'lang="en"' in page


def test_it_speaks_the_language_of_the_address_and_passes_it_on() -> None:
    page = not_found_page(PAGES, THROUGH, "de")
    assert b'lang="de"' in page
    assert "This address leads to no page." not in page.decode()
    assert all("lang=de" in href for href in links(page).values())
    assert not_found_page(PAGES, THROUGH, "<script>") == not_found_page(PAGES, THROUGH, "")


Answer = tuple[int, dict[bytes, bytes], bytes]


def answer(path: str, accept: str, query: bytes = b"") -> Answer:
    """A loop of its own in a thread: this one may hold a browser's."""
    with start_blocking_portal() as portal:
        return portal.call(answered, path, accept, query)


async def answered(path: str, accept: str, query: bytes) -> Answer:
    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    async def receive() -> Any:
        raise AssertionError("nobody reads")

    async def app(*_: Any) -> None:
        raise AssertionError("not let in")

    def lost(code: str) -> bytes:
        return not_found_page(PAGES, THROUGH, code)

    doors = Doors(app, app, None, None, Names(), {"/", "/play"}, lost)  # type: ignore[arg-type]
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query,
        "headers": [(b"host", b"localhost"), (b"accept", accept.encode())],
    }
    await doors(scope, receive, send)
    return said[0]["status"], dict(said[0]["headers"]), said[1]["body"]


@pytest.mark.parametrize("path", ["/lab", "/play/on", "/nowhere", "//", "/.env", "/a\\b"])
def test_a_browser_gets_the_page_and_a_program_the_line(path: str) -> None:
    status, headers, body = answer(path, "text/html,*/*")
    assert (status, headers[b"content-type"]) == (404, b"text/html; charset=utf-8")
    assert headers[b"cache-control"] == b"no-store"
    assert b"content-security-policy" in headers
    assert b"Go to the lab" in body
    status, headers, body = answer(path, "*/*")
    assert (status, body) == (404, b"not here")
