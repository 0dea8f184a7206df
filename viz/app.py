"""The page: pick a scenario, a seed and a state, and see the whole history at once. Drawn from finished results only.

The server computes a history and sends it as one string; the browser (dash.vue) plays, pauses and scrubs it without asking again.
Run it with `coercivity app`: serve.py hands out data/custom.css, without which the page has no style.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import solara

from coercivity.model.errors import InputError
from coercivity.model.names import STATES
from coercivity.model.scenario import list_scenarios, load_scenario
from coercivity.viz.histories import page_json
from coercivity.viz.page_choice import Choice, check, read_query

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What came of computing a choice: the page's JSON, or one line that says what is wrong."""

    choice: Choice | None
    page: str = ""
    problem: str = ""


@solara.component_vue("controls.vue")
def Controls(
    choice: dict[str, Any],
    scenarios: list[dict[str, str]],
    states: list[str],
    busy: bool,
    problem: str,
    event_choose: Callable[[dict[str, Any]], None],
) -> None:
    """Title, pickers, seed, messages."""


@solara.component_vue("dash.vue")
def Dash(page: str) -> None:
    """Headlines, time scrubber, charts with their tables, events."""


@solara.component
def Layout(children: list[Any] = []) -> None:  # noqa: B006  (solara's calling convention)
    """Nothing around the page: it brings its own header and landmarks."""
    solara.Div(children=children, classes=["cv-page"])


@solara.component
def Page() -> None:
    """One visitor's page."""
    scenarios = scenario_list()
    names = tuple(item["id"] for item in scenarios)
    search = solara.use_router().search
    asked, asked_problem = solara.use_memo(lambda: _asked(search, names), [search])
    choice, set_choice = solara.use_state(asked)
    problem, set_problem = solara.use_state(asked_problem)
    last_page = solara.use_ref("")

    def choose(fields: dict[str, Any]) -> None:
        try:
            wanted = check(scenario=str(fields.get("scenario")), seed=str(fields.get("seed")), state=str(fields.get("state")), scenarios=names)
        except InputError as error:
            set_problem(str(error))
            return
        set_problem("")
        set_choice(wanted)

    answer = solara.use_thread(lambda: _answer(choice), dependencies=[choice], intrusive_cancel=False)
    current = answer.value if answer.value is not None and answer.value.choice == choice else None
    if current is not None and current.page:
        last_page.current = current.page  # a problem must not take away what is already drawn
    shown = choice or Choice()

    solara.Title("Coercivity: one possible history")
    Controls(
        choice=asdict(shown),
        scenarios=scenarios,
        states=list(STATES),
        busy=choice is not None and current is None,
        problem=problem or (current.problem if current is not None else ""),
        event_choose=choose,
    )
    Dash(page=last_page.current)


@cache
def scenario_list() -> list[dict[str, str]]:
    """Name and title of each scenario that the project ships, read once. Raises InputError if one cannot be read."""
    return [{"id": name, "title": load_scenario(name).title or name} for name in list_scenarios()]


def _asked(search: str | None, names: tuple[str, ...]) -> tuple[Choice | None, str]:
    """The choice that the address asks for, or none and the reason."""
    try:
        return read_query(search, names), ""
    except InputError as error:
        return None, str(error)


def _answer(choice: Choice | None) -> Answer:
    """Compute in a thread. Whatever goes wrong becomes a sentence on the page; what is not the visitor's fault goes to the log too."""
    if choice is None:
        return Answer(choice)
    try:
        return Answer(choice, page=page_json(choice))
    except InputError as error:
        return Answer(choice, problem=str(error))
    except Exception:
        _log.exception("the history of %s could not be computed", choice)
        return Answer(choice, problem="This history could not be computed: the model failed. The server's log says why.")
