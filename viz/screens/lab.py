"""The first page: ten levers, four charts, the numbers a minister would ask for, and what happened in words.

A lever that is moved sends its id and value; a worker runs fifteen years; the page draws them over the twin without the policy, and a band from
further draws of vector and seed fills in behind the line until the next lever is moved.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, Final

import solara

from coercivity.experiments.lab.bands import DRAWS, FEWEST, Band
from coercivity.experiments.lab.levers import first_month, lever_table, story_day
from coercivity.experiments.lab.link import open_query, query_if_short, remark
from coercivity.experiments.lab.setting import LabSetting, checked
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.names import STATES
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.drawn.lab_charts import CHOSEN, numbers
from coercivity.viz.screens.assumptions import Assumptions
from coercivity.viz.screens.choices import scenario_choices
from coercivity.viz.screens.hooks import current_context, outcome, use_job, when_done
from coercivity.viz.screens.present import present_query
from coercivity.viz.screens.take import Take
from coercivity.viz.screens.template import template, told
from coercivity.viz.server import jobs
from coercivity.viz.server.engine import BAND, LEVER, ask

KEPT_STEPS: Final = 50  # how far "undo" goes back
REST: Final = 0.8  # seconds for which a hand has to rest before draws begin: most settings on the way to another need no band
TOLD_EVERY: Final = 4  # draws between two pictures of the band


@dataclass(frozen=True)
class Asked:
    """What an address asks for: a setting, or none and the reason; and what its visitor should know about the link."""

    setting: LabSetting | None
    problem: str = ""
    remark: str = ""


def asked_by(search: str | None) -> Asked:
    """Read an address. Never raises."""

    def read() -> Asked:
        setting = open_query(search)
        return Asked(setting, remark=remark(search, setting))

    found, problem = told(read)
    return found or Asked(None, problem)


@template("levers.vue")
def Levers(
    levers: str,
    values: dict[str, float],
    controls: dict[str, Any],
    event_move: Callable[[dict[str, Any]], None],
    event_rest: Callable[[str], None],
    event_undo: Callable[[Any], None],
) -> None:
    """The levers in their groups."""


@template("lab.vue")
def Picture(
    page: str,
    twin: str,
    band: str,
    controls: dict[str, Any],
    scenarios: str,
    event_choose: Callable[[dict[str, Any]], None],
    event_pick: Callable[[dict[str, str]], None],
) -> None:
    """What is shown: choice of scenario, answer in words, headlines, charts, events."""


@solara.component
def Page() -> None:
    """One visitor's lab."""
    search = solara.use_router().search
    asked = solara.use_memo(lambda: asked_by(search), [search])
    setting, set_setting = solara.use_state(asked.setting or LabSetting())
    past, set_past = solara.use_state(())
    problem, set_problem = solara.use_state(asked.problem)
    picks, set_picks = solara.use_state(tuple(sorted(CHOSEN.items())))

    def follow_address() -> None:
        if asked.setting is not None and asked.setting != setting and search is not None:
            set_setting(asked.setting)
            set_past(())
        set_problem(asked.problem)

    solara.use_effect(follow_address, [search])

    def change(make: Callable[[LabSetting], LabSetting]) -> None:
        try:
            wanted = make(setting)
            wanted.asked()
            wanted.base()
        except InputError as error:
            set_problem(str(error))
            return
        set_problem("")
        if wanted != setting:
            set_past((*past, setting)[-KEPT_STEPS:])
            set_setting(wanted)

    def move(given: dict[str, Any]) -> None:
        moved = {**dict(setting.levers), str(given.get("lever"))[:60]: given.get("value")}
        change(lambda now: again(now, levers=moved))

    def rest(name: str) -> None:
        if name == "all":
            change(lambda now: replace(now, levers=(), changes=(), assumptions=()))
        else:
            change(
                lambda now: replace(
                    now,
                    levers=tuple(one for one in now.levers if one[0] != name),
                    changes=tuple(c for c in now.changes if c[1] != name),
                )
            )

    def undo(_: Any) -> None:
        if past:
            set_problem("")
            set_setting(past[-1])
            set_past(past[:-1])

    def choose(given: dict[str, Any]) -> None:
        own = (
            setting.own if given.get("scenario") == "" else None
        )  # an uploaded scenario stays until another is picked
        wanted = {
            name: str(given[name])[:100]
            for name in ("scenario", "seed", "state")
            if given.get(name) is not None
        }
        change(
            lambda now: again(
                now,
                own=own,
                changes=()
                if own is None and wanted.get("scenario") not in (None, now.scenario)
                else now.changes,
                **wanted,
            )
        )

    def assume(given: dict[str, Any]) -> None:
        name = str(given.get("name"))[:60]
        kept = {key: value for key, value in setting.assumptions if key != name}
        change(
            lambda now: again(
                now,
                assumptions=kept if given.get("value") is None else {**kept, name: given["value"]},
            )
        )

    def upload(given: dict[str, str]) -> None:
        from coercivity.viz.server.uploads import uploaded_scenario

        change(
            lambda now: again(
                now, own=uploaded_scenario(str(given.get("name")), given.get("text")), changes=()
            )
        )

    since = story_day(setting.shipped)
    main = use_job(
        jobs.history, setting.asked(), setting.seed, setting.state, since, priority=LEVER
    )
    twin = use_job(jobs.twin, setting.base(), setting.seed, setting.state, since, priority=LEVER)
    band, came = use_band(setting, ready=not main.busy)
    query = query_if_short(setting)
    solara.use_effect(lambda: present_query.set(query), [query])
    first = first_month(setting.shipped)
    controls = {
        "scenario": setting.scenario,
        "own": setting.own is not None,
        "seed": setting.seed,
        "state": setting.state,
        "states": list(STATES),
        "query": query,
        "busy": main.busy,
        "problem": problem or main.problem,
        "remark": asked.remark if asked.setting == setting else "",
        "twin": setting.base_words(),
        "came": came,
        "draws": DRAWS,
        "fewest": FEWEST,
        "undo": len(past),
        "moved": len(setting.levers) + len(setting.changes),
        "first": first,
        "assumed": len(setting.assumptions),
        "later": [list(one) for one in setting.changes],
        "shown": asdict_shown(setting),
    }
    solara.Title("Coercivity: the policy lab")
    with solara.v.Html(tag="main", class_="cv-main lb-main", attributes={"id": "cv-main"}):
        with solara.Div(classes=["lb-columns"]):
            Levers(
                levers=levers_json(),
                values=lever_values(setting),
                controls=controls,
                event_move=move,
                event_rest=rest,
                event_undo=undo,
            )
            Picture(
                page=main.value or "",
                twin=twin.value or "",
                band=band_json(band, came, picks),
                controls=controls,
                scenarios=scenarios_json(),
                event_choose=choose,
                event_pick=lambda given: set_picks(
                    tuple(
                        sorted((str(k)[:40], str(v)[:60]) for k, v in given.items() if k in CHOSEN)
                    )
                ),
            )
        Take(setting=setting, event_upload=upload)
        Assumptions(setting=setting, event_assume=assume)


def use_band(setting: LabSetting, ready: bool) -> tuple[Band, int]:
    """Draws for the band of a setting, asked once its line is there; a newer setting cancels what has not begun. Returns the band and how many came."""
    band = solara.use_memo(Band, [setting])
    came, set_came = solara.use_state((band, 0))

    def start() -> Callable[[], None] | None:
        if not ready:
            return None
        fixed = tuple(name for name, _ in setting.assumptions)
        waiting: list[Future[Any]] = []
        live = {"on": True}

        def one(future: Future[Any]) -> None:
            if not live["on"] or future.cancelled():
                return
            value, problem = outcome(future, "draw")
            if not problem:
                band.add(value)
                if len(band) % TOLD_EVERY == 0 or len(band) == DRAWS:
                    set_came((band, len(band)))

        context = current_context()

        def begin() -> None:
            for number in range(DRAWS):
                if not live["on"]:
                    return
                try:
                    future = ask(
                        jobs.draw, setting.asked(), fixed, number, setting.state, priority=BAND
                    )
                except InputError:
                    return  # a busy server shows fewer draws, and the page says how many
                waiting.append(future)
                when_done(future, one, context)

        later = threading.Timer(REST, begin)
        later.daemon = True
        later.start()

        def stop() -> None:
            live["on"] = False
            later.cancel()
            for future in waiting:
                future.cancel()

        return stop

    solara.use_effect(start, [setting, ready])
    return band, came[1] if came[0] is band else 0


def again(setting: LabSetting, **changed: Any) -> LabSetting:
    """The setting with some of its parts changed, all of it checked anew. Raises InputError."""
    fields = {
        name: getattr(setting, name)
        for name in ("scenario", "seed", "state", "levers", "assumptions", "changes", "own")
    }
    return checked(**{**fields, **changed})


def lever_values(setting: LabSetting) -> dict[str, float]:
    """Each lever's value now."""
    return {lever.id: dict(setting.levers).get(lever.id, lever.rest) for lever in lever_table()}


@cache
def levers_json() -> str:
    """The lever table as the template reads it."""
    return json.dumps([asdict(lever) for lever in lever_table()], separators=(",", ":"))


@cache
def scenarios_json() -> str:
    """Name and title of each shipped scenario, as the template reads them. Raises InputError if one cannot be read."""
    return json.dumps(scenario_choices(), separators=(",", ":"))


def asdict_shown(setting: LabSetting) -> dict[str, str]:
    """What marks a picture as the one of this setting, for tests and measurements: fingerprint, seed, state."""
    scenario: Scenario = setting.asked()
    return {
        "fingerprint": scenario.fingerprint(),
        "seed": str(setting.seed),
        "state": setting.state,
    }


def band_json(band: Band, came: int, picks: tuple[tuple[str, str], ...]) -> str:
    """Edges of the bands of the lines that are shown, by series, and how many draws they come from."""
    edges: dict[str, list[list[float | None]]] = {}
    for chart, choice in picks:
        found = band.of(f"{chart}/{choice}") if came >= FEWEST else None
        if found is not None:
            edges[f"{chart}/{choice}"] = [numbers(found[0]), numbers(found[1])]
    return json.dumps({"came": came, "edges": edges}, separators=(",", ":"), allow_nan=False)
