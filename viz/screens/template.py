"""Components drawn by a template (.vue), in the language of the visitor, and what becomes of an
event that goes wrong: a line on the page, never silence and never a traceback.

Most handlers of events show an InputError beside what was asked. Whatever else a handler raises
ends here, and the frame shows it (viz/app.py).
"""

from __future__ import annotations

import inspect
import logging
import tempfile
from collections.abc import Callable
from functools import cache, partial, wraps
from pathlib import Path
from typing import Any

import solara
from solara.widgets import Navigator

from coercivity.experiments.sweep.atomic import write_whole
from coercivity.model.basis.errors import InputError
from coercivity.viz.words.in_template import translated
from coercivity.viz.words.language import SOURCE, found, language, say
from coercivity.viz.words.names import FAILED
from coercivity.viz.words.refusals import in_words

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

        @cache
        def draw(code: str) -> Callable[..., Any]:
            drawn: Callable[..., Any] = solara.component_vue(in_language(place, code))(declared)
            return drawn

        @wraps(declared)
        def element(**props: Any) -> Any:
            code = language()
            in_language(place, code)  # who cleans temporary folders may have taken it
            return draw(code)(
                **{
                    name: answered(value) if name.startswith("event_") else value
                    for name, value in props.items()
                }
            )

        return element

    return decorate


@cache
def _written() -> tempfile.TemporaryDirectory[str]:
    """Where translated templates lie while the server runs."""
    return tempfile.TemporaryDirectory(prefix="coercivity-templates-")


def in_language(place: Path, code: str) -> str:
    """The path of a template in a language; that of the code is read where it is."""
    if code == SOURCE:
        return str(place)
    path = Path(_written().name) / code / place.name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        text = translated(place.read_text(encoding="utf-8"), partial(found, code=code))

        def write(part: Path) -> None:
            part.write_text(text, encoding="utf-8")

        write_whole(path, write)
    return str(path)


def mend_navigator() -> None:
    """Solara's own template of the navigator gives its script to `modules.export` (1.64.1), which
    no browser knows: each page would begin with a warning on its console.
    """
    place = Path(Navigator.template_file)
    path = Path(_written().name) / place.name
    text = place.read_text(encoding="utf-8")
    path.write_text(text.replace("modules.export =", "module.exports ="), encoding="utf-8")
    Navigator.template_file = str(path)


def answered(act: Callable[..., Any]) -> Callable[..., None]:
    """The handler of an event, with an answer for everything that it may raise."""

    def run(*given: Any) -> None:
        trouble.set(told(lambda: act(*given))[1])

    return run


def told(act: Callable[[], Any]) -> tuple[Any, str]:
    """What *act* returns, and '' or what a visitor may know of why it failed; the log knows the
    rest.
    """
    try:
        return act(), ""
    except InputError as error:
        return None, in_words(error)
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
    else:
        Alert(in_words(error) if isinstance(error, InputError) else say(FAILED))


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


def _note(error: BaseException | None) -> None:
    if error is not None and not isinstance(error, InputError):
        _log.error("a page failed", exc_info=error)
