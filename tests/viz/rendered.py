"""For tests of pages without a browser: a page drawn in this process, its parts found by what they hear, and a desk where it asks for worlds.

The desk stands in for the engine: what a page asks waits there until the test answers, so nothing here depends on time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import ipyvue
import ipyvuetify
import pytest
import solara
from solara import routing

from coercivity.model.basis.errors import InputError
from coercivity.viz.screens import histories, hooks, prefetch, streamed_answers
from coercivity.viz.screens.session_state import About, present_about, present_query
from coercivity.viz.server.worker_pool import PAGE

BUSY = ("the server has too much to do just now", "try again in a minute")
BUSY_SAID = "The server has too much to do just now. Try again in a minute."


OF_A_ROUND = ("seal", "unseal", "propose", "vote", "withdraw", "ready", "offer", "answer")


class Timer:
    """A hand that rests exactly when the test says so."""

    started: list[Timer] = []

    def __init__(self, rest: float, act: Any) -> None:
        self.rest, self.act, self.daemon, self.live = rest, act, False, True

    def start(self) -> None:
        Timer.started.append(self)

    def cancel(self) -> None:
        self.live = False


@dataclass
class Question:
    """What a page asked, and the answer that it waits for."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    priority: int
    heard: Callable[[str], None] | None = None
    future: Future[Any] = field(default_factory=Future)

    @property
    def waits(self) -> bool:
        return not self.future.done()  # a question that was taken back is done too


class Desk:
    """Keeps questions; with a *refusal* it takes none, as a server does that has too much to do. What is *known* is answered at once."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.known: dict[Callable[..., Any], Any] = {}
        self.refusal: tuple[str, ...] = ()

    def ask(
        self,
        function: Callable[..., Any],
        *args: Any,
        priority: int = PAGE,
        heard: Callable[[str], None] | None = None,
    ) -> Future[Any]:
        if self.refusal:
            raise InputError(*self.refusal)
        one = Question(function, args, priority, heard)
        self.asked.append(one)
        if function in self.known:
            one.future.set_result(self.known[function])
        return one.future

    def waiting(self, function: Callable[..., Any]) -> list[Question]:
        return [one for one in self.asked if one.function is function and one.waits]

    def answer(self, function: Callable[..., Any], *values: Any) -> None:
        """Answer what waits for a function: each question with the next value, all with the same where there is one."""
        waiting = self.waiting(function)
        assert waiting, f"nobody waits for {function.__name__}"
        for one, value in zip(
            waiting, values * (len(waiting) if len(values) == 1 else 1), strict=True
        ):
            if isinstance(value, BaseException):
                one.future.set_exception(value)
            else:
                one.future.set_result(value)


class _AtOnce:
    """Tells where the real one leaves it to a thread."""

    def tell(self, page: str, act: Callable[[], None]) -> None:
        act()


@contextmanager
def a_desk() -> Iterator[Desk]:
    """A desk in place of the engine, for all pages; answers reach their page at once."""
    desk = Desk()
    with pytest.MonkeyPatch.context() as patch:
        for module in (hooks, streamed_answers, histories, prefetch):
            patch.setattr(module, "ask_engine", desk.ask)
        patch.setattr(hooks, "TELLERS", _AtOnce())
        present_query.set("")
        present_about.set(About())
        yield desk
    present_query.set("")
    present_about.set(About())


class Shown:
    """A page on the screen of one visitor."""

    def __init__(self, page: Callable[[], Any], path: str) -> None:
        self.places = [path]  # addresses, the last one is where the visitor is
        self.move: Callable[[str], None] = self.places.append  # until the page is drawn
        _, self._rendering = solara.render(_At(page, path, self), handle_error=False)

    def go(self, where: str) -> None:
        """Follow a link to another address, as the browser does or the page itself."""
        self.places.append(where)
        self.move(where)

    def at_once(self) -> Any:
        """What happens within is drawn once, at its end."""
        return self._rendering

    def close(self) -> None:
        self._rendering.close()

    def parts(self, hears: str) -> list[Any]:
        """Every part of the page that hears this event, or has this prop."""
        found = self._rendering.find(ipyvue.VueTemplate).widgets
        return [one for one in found if hasattr(one, f"vue_{hears}") or one.has_trait(hears)]

    def part(self, hears: str) -> Any:
        (found,) = self.parts(hears)
        return found

    def tell(self, event: str, given: Any = None, round: int | None = None) -> None:
        """What the browser sends when somebody does something: in a class with the round that the part shows, or another."""
        part = self.part(event)
        if event in OF_A_ROUND:
            shows = json.loads(getattr(part, "own", "") or part.page)["round"]
            given = {"round": shows if round is None else round, "given": given}
        getattr(part, f"vue_{event}")(given)

    def texts(self) -> list[str]:
        """Plain texts on the page that stand in no template."""
        return [
            child
            for one in self._rendering.find(ipyvuetify.Html).widgets
            for child in one.children
            if isinstance(child, str)
        ]

    def press(self, words: str) -> None:
        """Press the button with these words."""
        (button,) = [
            one
            for one in self._rendering.find(ipyvuetify.Btn).widgets
            if words in map(str, one.children)
        ]
        button.click()


@solara.component
def _At(page: Callable[[], Any], path: str, one: Shown) -> None:
    here, one.move = solara.use_state(path)
    routing.router_context.provide(routing.Router(here, [], set_path=one.go))
    page()


@contextmanager
def shown(page: Callable[[], Any], path: str = "/") -> Iterator[Shown]:
    """Draw a page at an address, and close it afterwards. Errors while drawing are the test's."""
    one = Shown(page, path)
    try:
        yield one
    finally:
        one.close()
