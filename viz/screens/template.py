"""Components drawn by a template (.vue), in the language of the visitor, and what becomes of an
event that goes wrong: a line on the page, never silence and never a traceback.

Most handlers of events show an InputError beside what was asked. Whatever else a handler raises
ends here, and the frame shows it (viz/app.py).
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from functools import cache, partial, wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import solara
from ipyvue import Template
from ipyvuetify import VuetifyTemplate
from solara.components.component_vue import _widget_from_signature
from solara.widgets import Navigator
from traitlets import default

from coercivity.model.basis.errors import InputError
from coercivity.viz.words.language import language, languages, say, translate_text
from coercivity.viz.words.names import FAILED
from coercivity.viz.words.refusals import refusal_in_words
from coercivity.viz.words.template_text import translate_template

trouble: solara.Reactive[str] = solara.reactive(
    ""
)  # one value a session, as solara keeps module-level reactives by kernel
_log = logging.getLogger(__name__)


def template(path: str) -> Callable[[Callable[..., None]], Callable[..., Any]]:
    """A component that the template of this path draws, beside the module; its events (`event_...`)
    never end in silence.
    """

    def decorate(declared: Callable[..., None]) -> Callable[..., Any]:
        place = Path(inspect.getfile(declared)).parent / path
        drawn = {code: _widget(declared, place, code) for code in languages()}

        @wraps(declared)
        def element(**props: Any) -> Any:
            heard = {
                name.removeprefix("event_"): guard_handler(props.pop(name))
                for name in list(props)
                if name.startswith("event_")
            }
            return drawn[language()].element(**props, _event_callbacks=heard)

        return element

    return decorate


def _widget(declared: Callable[..., None], place: Path, code: str) -> Any:
    """The widget of a component in a language. Its text comes from memory: files that several
    pages write at once are taken from each other.
    """

    class Drawn(VuetifyTemplate):
        @default("template")
        def _in_language(self) -> Template:
            return _shared_template(f"{place}:{code}", in_language(place, code))

    return _widget_from_signature(declared.__name__, Drawn, declared, "vue_", {}, {}, {})


@cache
def in_language(place: Path, code: str) -> str:
    """The text of a template or script in a language."""
    return translate_template(place.read_text(encoding="utf-8"), partial(translate_text, code=code))


def _shared_template(key: str, text: str) -> Template:
    """A template that all widgets of a page share, so that its text is sent once."""
    held = import_module("ipyvue.Template").template_registry  # Solara keeps one for each page
    if key not in held:
        held[key] = Template(template=text)
    return held[key]


def mend_navigator() -> None:
    """Solara's own template of the navigator gives its script to `modules.export` (1.64.1), which
    no browser knows: each page would begin with a warning on its console.
    """
    text = Path(Navigator.template_file).read_text(encoding="utf-8")
    mended = text.replace("modules.export =", "module.exports =")
    Navigator.template_file = None
    Navigator._template_default = lambda _: _shared_template("navigator", mended)


def guard_handler(act: Callable[..., Any]) -> Callable[..., None]:
    """The handler of an event, with an answer for everything that it may raise."""

    def run(*given: Any) -> None:
        trouble.set(call_with_reason(lambda: act(*given))[1])

    return run


def call_with_reason(act: Callable[[], Any]) -> tuple[Any, str]:
    """What *act* returns, and '' or what a visitor may know of why it failed; the log knows the
    rest.
    """
    try:
        return act(), ""
    except InputError as error:
        return None, refusal_in_words(error)
    except Exception:
        _log.exception("a page failed")
        return None, say(FAILED)


@solara.component
def Barrier(children: list[Any] = [], place: str = "") -> None:  # noqa: B006  (solara calls so)
    """What cannot be drawn is said in a line, until the visitor goes to another *place*."""
    error, clear = solara.use_exception()
    solara.use_effect(lambda: clear() if error is not None else None, [place])
    solara.use_effect(lambda: _note(error), [error])
    if error is None:
        solara.Div(children=children, classes=["cv-body"])
    elif isinstance(error, InputError):
        with solara.v.Html(tag="main", class_="cv-main", attributes={"id": "cv-main"}):
            Alert(refusal_in_words(error))
    else:
        say_failed(say(FAILED))


@solara.component
def Alert(words: str) -> None:
    """A line that says what is wrong; nothing where there are no *words*.

    It keeps its place on the page either way.
    """
    with solara.Div():
        if words:
            solara.v.Html(
                tag="p", class_="cv-problem", attributes={"role": "alert"}, children=[words]
            )


def say_failed(words: str) -> None:
    """Say that a page cannot be drawn; its browser loads it again (viz/data/rejoin.js)."""
    solara.v.Html(
        tag="p", class_="cv-problem cv-failed", attributes={"role": "alert"}, children=[words]
    )


def _note(error: BaseException | None) -> None:
    if error is not None and not isinstance(error, InputError):
        _log.error("a page failed", exc_info=error)
