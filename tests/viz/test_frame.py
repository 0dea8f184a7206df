"""The frame around the pages, without a browser: which pages there are, what their links carry, which one is marked, and where trouble is said."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import ipyvue
import pytest
import solara
from solara import routing

from coercivity.viz import app
from coercivity.viz.screens.session_state import (
    About,
    present_about,
    present_language,
    present_query,
)
from coercivity.viz.screens.template import trouble
from coercivity.viz.server import kernels
from coercivity.viz.words.language import SOURCE


class Framed:
    """The frame as one visitor sees it, with the addresses that its links lead to."""

    def __init__(self) -> None:
        self.places: list[str] = []
        self.rendering: Any = None

    @property
    def frame(self) -> Any:
        (found,) = (
            one for one in self.rendering.find(ipyvue.VueTemplate).widgets if one.has_trait("here")
        )
        return found

    def texts(self) -> list[str]:
        return _texts(self.rendering.container)


def _texts(widget: Any) -> list[str]:
    """All text below a widget, in order."""
    found: list[str] = []
    for child in getattr(widget, "children", ()):
        found += [child] if isinstance(child, str) else _texts(child)
    return found


@contextmanager
def framed(path: str) -> Iterator[Framed]:
    one = Framed()

    @solara.component
    def Page() -> None:
        routing.router_context.provide(routing.Router(path, [], set_path=one.places.append))
        app.Layout(children=[solara.v.Html(tag="p", children=["the page"])])

    _, one.rendering = solara.render(Page(), handle_error=False)
    try:
        yield one
    finally:
        one.rendering.close()
        present_query.set("")
        present_language.set(SOURCE)
        present_about.set(About())
        trouble.set("")


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/", ""),  # the door, which no link leads to
        ("/?lang=de", ""),
        ("/?seed=1", "/"),
        ("/play", "play"),
        ("/play?seed=1", "play"),
        ("/chain/more", "chain"),
    ],
)
def test_the_page_that_is_shown_is_marked(path: str, here: str) -> None:
    with framed(path) as one:
        assert one.frame.here == here
        assert "the page" in one.texts()


def test_links_take_along_what_is_set_to_pages_that_show_it() -> None:
    with framed("/") as one:
        # to the lab, and not to the door again
        pages = "/?scenario=japan-2026 /play /chain /compare /class /claims /evidence"
        assert {link["href"] for link in one.frame.pages} == set(pages.split())
        present_query.set("seed=3")
        pages = "/?seed=3 /play?seed=3 /chain?seed=3 /compare?seed=3 /class /claims /evidence"
        assert [link["href"] for link in one.frame.pages] == pages.split()
        present_about.set(About("dysprosium_oxide", "Japan"))
        assert [link["href"] for link in one.frame.pages][4:] == [
            "/class",
            "/claims?good=dysprosium_oxide&state=Japan",
            "/evidence?good=dysprosium_oxide&state=Japan",
        ]
        assert [(link["label"], link["path"]) for link in one.frame.pages] == [
            (label, path) for path, label, _ in app.PAGES
        ]


def test_a_link_leads_to_its_page_and_trouble_is_said_above_the_page() -> None:
    with framed("/") as one:
        one.frame.vue_go("/chain?seed=3")
        assert one.places == ["/chain?seed=3"]
        trouble.set("something is wrong")
        assert one.texts() == ["something is wrong", "the page"]
        trouble.set("")
        assert one.texts() == ["the page"]


class Context:
    """A page of a browser, as solara keeps it."""

    def __init__(self, session: str, *pages: str) -> None:
        self.session_id, self.page_status = session, dict.fromkeys(pages, "connected")
        self.closed: list[str] = []
        self.gone = threading.Event()

    def close(self, reason: str) -> None:
        self.closed.append(reason)
        self.gone.set()


@pytest.fixture
def open_pages(monkeypatch: pytest.MonkeyPatch) -> dict[str, Context]:
    held = {"k1": Context("mine", "p1"), "k2": Context("yours")}
    monkeypatch.setattr(kernels, "kernel_context", SimpleNamespace(contexts=held))
    return held


def test_a_kernel_is_its_sessions_alone_and_one_that_is_not_there_is_anybodys(
    open_pages: dict[str, Context],
) -> None:
    found = kernels.Kernels()
    assert sorted(found.live()) == ["k1", "k2"]
    assert found.is_of("k1", "mine")
    assert not found.is_of("k1", "yours")
    assert not found.is_of("k1", "")
    assert found.is_of("k3", "mine")
    assert found.is_of("k3", "")
    open_pages["k4"] = Context("")
    assert not found.is_of("k4", "")  # no cookie opens nothing


def test_a_kernel_is_closed_by_a_thread_and_one_that_has_gone_is_no_error(
    open_pages: dict[str, Context],
) -> None:
    kernels.Kernels().drop("k3")
    kernels.Kernels().drop("k1")
    assert open_pages["k1"].gone.wait(10)
    assert (open_pages["k1"].closed, open_pages["k2"].closed) == (["cull"], [])
