"""Whatever goes wrong on a page ends in a line on it: never in silence, never in a traceback, and never at the cost of what the visitor had set."""

import logging
import threading
from pathlib import Path
from typing import Any

import pytest
import reacton
import solara

from coercivity.model.basis.errors import InputError
from coercivity.viz.screens import hooks
from coercivity.viz.screens.hooks import TELLERS
from coercivity.viz.screens.template import Barrier, guard_handler, trouble
from coercivity.viz.server.messages import _handle_event, _traceback_for_page
from coercivity.viz.words.names import FAILED


def raising(error: Exception) -> Any:
    def act(*_: Any) -> None:
        raise error

    return act


def test_an_event_that_fails_is_said_and_the_next_one_takes_it_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    guard_handler(raising(InputError("field x is wrong", "write y")))({})
    assert trouble.value == "Field x is wrong. Write y."
    guard_handler(raising(KeyError("/srv/secret/path")))({})
    assert trouble.value == FAILED
    assert "/srv/secret/path" in caplog.text
    guard_handler(lambda given: None)({})
    assert trouble.value == ""


def test_a_page_that_cannot_be_drawn_says_so_and_another_one_is_drawn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    what = solara.reactive("well")

    @solara.component
    def Part() -> None:
        if what.value == "input":
            raise InputError("months 7 do not fit", "write 12")
        if what.value == "bug":
            raise KeyError("/srv/secret/path")
        solara.v.Html(tag="p", class_="fine", children=[what.value])

    @solara.component
    def Page() -> None:
        Barrier(children=[Part()], place=what.value)

    box, context = reacton.render(Page(), handle_error=False)
    assert _texts(box) == ["well"]
    for value, words in (
        ("input", "Months 7 do not fit. Write 12."),
        ("well", "well"),
        ("bug", FAILED),
        ("well", "well"),
    ):
        what.value = value
        assert _texts(box) == [words]
    assert "/srv/secret/path" in caplog.text
    context.close()


def _texts(widget: Any) -> list[str]:
    """All text on a page, in order."""
    found: list[str] = []
    for child in getattr(widget, "children", ()):
        found += [child] if isinstance(child, str) else _texts(child)
    return found


def test_one_page_that_does_not_listen_keeps_no_other_waiting() -> None:
    stuck, free, heard = threading.Event(), threading.Event(), []
    for page in range(20):
        TELLERS.tell(f"deaf {page}", lambda: stuck.wait(30) and None)
    TELLERS.tell("deaf 0", lambda: heard.append("later"))
    TELLERS.tell("other", free.set)
    assert free.wait(10)
    assert heard == []  # one after the other on one page
    done = threading.Event()
    TELLERS.tell("deaf 0", done.set)
    stuck.set()
    assert done.wait(10)
    assert heard == ["later"]


def test_a_page_that_fails_while_it_is_told_stops_no_other(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, dropped = threading.Event(), []
    monkeypatch.setattr(hooks.Kernels, "drop", lambda _, page: dropped.append(page))
    with caplog.at_level(logging.ERROR):
        TELLERS.tell("page", raising(ValueError("on purpose")))
        TELLERS.tell("page", done.set)
        assert done.wait(10)
    assert "on purpose" in caplog.text
    assert dropped == ["page"]  # its browser loads it again


class Widget:
    events = ("move", "event_move")

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def vue_event_move(self, *given: Any) -> None:
        self.heard.append(given)

    def vue_hidden(self, *given: Any) -> None:
        raise AssertionError("not among its events")


def test_a_widget_hears_its_own_events_and_makes_nothing_of_a_visitors_choice(
    tmp_path: Path,
) -> None:
    widget, mark = Widget(), tmp_path / "ran"
    _handle_event(widget, None, {"event": "event_move", "data": 5}, [])
    _handle_event(widget, None, {"event": "event_move", "data": 6}, [b"x"])
    made = {"create_widget": ["pathlib", "Path.touch"], "props": {"self": str(mark)}, "id": "x"}
    for content in (
        {"event": "hidden"},
        {"event": None},
        {},
        made,
        {"update_ref": {"functionRef": "vue_hidden"}, "id": "x", "prop": "y"},
    ):
        _handle_event(widget, None, content, [])
    assert widget.heard == [(5,), (6, [b"x"])]
    assert not mark.exists()


def test_a_traceback_goes_to_the_log_and_a_sentence_to_the_page(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert _traceback_for_page(None, KeyError("/srv/secret/path"), None) == [FAILED]
    assert "/srv/secret/path" in caplog.text
