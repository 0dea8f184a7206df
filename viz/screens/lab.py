"""The lab: ten levers, four charts, the numbers a minister would ask for, and what happened
in words.

A lever that is moved sends its id and value. Workers run many histories of the setting, draws of
vector and luck, and of its twin without the policy; the answer in words, the cards and the lines
are what these say together, from the first few on. One history, that of the seed, is there to be
watched.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, Final

import solara

from coercivity.experiments.lab.lever_emulator import single_lever_settings
from coercivity.experiments.lab.levers import (
    first_month,
    is_lever,
    lever_table,
    story_day,
)
from coercivity.experiments.lab.link import query_if_short
from coercivity.experiments.lab.link_reader import open_search
from coercivity.experiments.lab.setting import LabSetting, replace_checked
from coercivity.experiments.quantities.headlines import FOCUS
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.page_data.lab_charts_of_many_histories import many_json
from coercivity.viz.page_data.lab_charts_of_one_history import chart_labels, first_choices
from coercivity.viz.screens.acts import Acts
from coercivity.viz.screens.assumptions import Assumptions
from coercivity.viz.screens.choices import scenario_choices
from coercivity.viz.screens.each_adds import EachAdds
from coercivity.viz.screens.export import Take
from coercivity.viz.screens.histories import source_of, use_histories
from coercivity.viz.screens.hooks import Answer, use_job
from coercivity.viz.screens.own_tables import OwnTables
from coercivity.viz.screens.prefetch import use_guesses
from coercivity.viz.screens.session_state import (
    About,
    present_about,
    present_query,
    with_language,
    without_language,
)
from coercivity.viz.screens.template import call_with_reason, template
from coercivity.viz.server import lab_jobs
from coercivity.viz.server.worker_pool import BAND, LEVER
from coercivity.viz.words.briefing_title import briefing_subtitle, briefing_title, counted_changes
from coercivity.viz.words.lab_text import question_of, twin_leaves_out, twin_words
from coercivity.viz.words.language import language, noted, say
from coercivity.viz.words.lever_text import (
    heading,
    lever_in_words,
    levers_elsewhere,
    levers_notes,
    value_in_words,
)
from coercivity.viz.words.link_text import left_out_in_words, remark_in_words
from coercivity.viz.words.names import readable_text
from coercivity.viz.words.refusals import refusal_in_words

SPOKEN: Final = ("group", "label", "unit", "what", "example", "limits")  # columns of the levers
UNSAID: Final = ("role", "owner", "wording", "names")  # what the page does not need of a lever
KEPT_STEPS: Final = 50  # how far "undo" goes back
# the address of a setting that fits no link: without a query it is the door's
NO_LINK: Final = "lab"
UNLINKED: Final = noted(
    "The scenario that stood here fits no link, and this is the shipped one: load its file again."
)
NOT_TAKEN: Final = noted("Acts of your own were not taken along. Undo brings them back.")


@dataclass(frozen=True)
class AddressRequest:
    """What an address asks for: a setting of all that is good of it; what was left out, in
    sentences; and what else its visitor should know about the link.
    """

    setting: LabSetting
    left: tuple[str, ...] = ()
    remark: str = ""


def read_address(search: str | None) -> AddressRequest:
    """Read an address. Never raises."""
    setting, left = open_search(search)
    if left:
        return AddressRequest(setting, left_out_in_words(left))
    lost = without_language(search) == NO_LINK
    return AddressRequest(
        setting, remark=say(UNLINKED) if lost else remark_in_words(search, setting)
    )


@template("levers.vue")
def Levers(
    levers: str,
    values: dict[str, float],
    controls: dict[str, Any],
    event_move: Callable[[dict[str, Any]], None],
    event_rest: Callable[[str], None],
    event_undo: Callable[[Any], None],
    event_near: Callable[[str], None],
) -> None:
    """The levers in their groups."""


@template("lab.vue")
def Picture(
    page: str,
    part: str,
    twin: str,
    why: str,
    many: str,
    controls: dict[str, Any],
    scenarios: str,
    event_choose: Callable[[dict[str, Any]], None],
    event_pick: Callable[[dict[str, str]], None],
    event_settled: Callable[[str], None],
) -> None:
    """What is shown: choice of scenario, answer in words, headlines, charts, events."""


@solara.component
def Page() -> None:
    """One visitor's lab."""
    router = solara.use_router()
    search = router.search
    setting_asked = solara.use_memo(lambda: read_address(search), [search])
    (setting, past), set_shown = solara.use_state((setting_asked.setting, ()))
    newest = solara.use_ref((setting, past))  # set already, also where it is not drawn yet
    problem, set_problem = solara.use_state("")
    first = first_choices(setting.shipped)
    picks, set_picks = solara.use_state(tuple(sorted(first.items())))

    followed = solara.use_ref(search)  # the address that the setting is of, or came of

    def show(setting: LabSetting, past: tuple[LabSetting, ...]) -> None:
        newest.current = (setting, past)
        set_shown(newest.current)

    def follow_address() -> None:
        if search == followed.current:
            return  # asked for by this page: the hand may have gone on since
        followed.current = search
        wanted, (now, past) = setting_asked.setting, newest.current
        if wanted != now and search is not None:
            # the browser's "back"
            show(wanted, past[:-1] if past and past[-1] == wanted else ())
        set_problem("")

    def settled(query: str) -> None:
        """A new entry in the browser's history, so that "back" undoes what was moved."""
        address = query or with_language(NO_LINK)
        if query == with_language(query_if_short(setting)) and address != search:
            followed.current = address
            router.push(f"/?{address}")

    # a router is new with each move of the browser, also where "back" comes before the address
    # that was left was ever drawn; it is the old one where another thread draws meanwhile
    solara.use_effect(follow_address, [search, router])
    hand = SettingEditor(lambda: newest.current, show, tell=set_problem)
    near, set_near = solara.use_state("")
    main, twin, why = use_lines(setting)
    use_guesses(setting, near, ready=not main.busy)
    many = use_histories(
        source_of(setting, setting.asked()),
        source_of(setting, setting.base()),
        tuple(source_of(one, one.asked()) for one in single_lever_settings(setting)),
    )
    query = query_if_short(setting)
    solara.use_effect(lambda: present_query.set(query), [query])
    good = dict(picks).get("prices", first["prices"])
    about = About(good if good in Facts.default().goods else "", setting.state)
    solara.use_effect(lambda: present_about.set(about), [about])
    controls = {
        **setting_values(setting),
        "query": with_language(query),
        "busy": main.busy,
        "problem": problem or main.problem,
        "left": list(setting_asked.left) if setting_asked.setting == setting else [],
        "remark": setting_asked.remark if setting_asked.setting == setting else "",
        "undo": len(past),
    }
    solara.Title(say("Coercivity: the policy lab"))
    with solara.v.Html(tag="main", class_="cv-main lb-main", attributes={"id": "cv-main"}):
        with solara.Div(classes=["lb-columns"]):
            with solara.Div(classes=["lb-left"]):
                show_levers(setting, hand, controls, set_near)
                Acts(setting=setting, write=hand.write)
            Picture(
                page=main.value or "",
                part=main.part,
                twin=twin.value or "",
                why=why.settled if not main.busy else "",
                many=many_json(many, mark_of(setting), question_of(setting), picks),
                controls=controls,
                scenarios=scenarios_json(),
                event_choose=hand.choose,
                event_pick=lambda entries: set_picks(chart_labels(entries)),
                event_settled=settled,
            )
        Take(
            setting=setting,
            good=good,
            event_upload=hand.upload,
        )
        EachAdds(setting=setting)
        OwnTables(setting=setting, event_own=hand.take)
        Assumptions(setting=setting, event_assume=hand.assume)


@dataclass(frozen=True)
class SettingEditor:
    """What a visitor can do to the setting on the page; what does not fit is said there.

    newest: the setting and those before it, with every move so far. The page may not have drawn the
    last ones: moves also arrive while another thread draws it.
    """

    newest: Callable[[], tuple[LabSetting, tuple[LabSetting, ...]]]
    show: Callable[[LabSetting, tuple[LabSetting, ...]], None]
    tell: Callable[[str], None]

    @property
    def setting(self) -> LabSetting:
        """The newest setting."""
        return self.newest()[0]

    def change(self, make: Callable[[LabSetting], LabSetting]) -> None:
        """Show another setting, and keep this one for "undo"; what does not fit is told."""
        problem = self.attempt(make)
        if problem:
            self.tell(problem)

    def attempt(self, make: Callable[[LabSetting], LabSetting]) -> str:
        """Show another setting, and keep this one for "undo"; else what is wrong with it."""
        setting, past = self.newest()
        try:
            wanted = make(setting)
            wanted.asked()
            wanted.base()
        except InputError as error:
            return refusal_in_words(error)
        self.tell("")
        if wanted != setting:
            self.show(wanted, (*past, setting)[-KEPT_STEPS:])
        return ""

    def write(self, number: int, act: dict[str, Any] | None) -> str:
        """Write an act, in the place of that of this number where there is one; None takes that one
        back. What is wrong with it.
        """
        return self.attempt(
            lambda now: replace_checked(
                now,
                acts=[
                    *now.acts[: max(number - 1, 0)],
                    *([] if act is None else [act]),
                    *now.acts[number:],
                ]
                if number
                else [*now.acts, act],
            )
        )

    def move(self, entries: dict[str, Any]) -> None:
        """Move a lever."""
        lever, value = str(entries.get("lever"))[:60], entries.get("value")
        self.change(lambda now: replace_checked(now, levers={**dict(now.levers), lever: value}))

    def rest(self, name: str) -> None:
        """Put a lever, or all that was moved, back to rest."""
        if name == "all":
            self.change(lambda now: replace(now, levers=(), changes=(), assumptions=(), acts=()))
        else:
            self.change(
                lambda now: replace(
                    now,
                    levers=tuple(change for change in now.levers if change[0] != name),
                    changes=tuple(change for change in now.changes if change[1] != name),
                )
            )

    def undo(self, _: Any) -> None:
        """Show the setting before this one."""
        _, past = self.newest()
        if past:
            self.tell("")
            self.show(past[-1], past[:-1])

    def choose(self, entries: dict[str, Any]) -> None:
        """Choose scenario, seed or state; an uploaded scenario stays until another is picked."""
        own = self.setting.own if entries.get("scenario") == "" else None
        wanted = {
            name: str(entries[name])[:100]
            for name in ("scenario", "seed", "state")
            if entries.get(name) is not None
        }
        other = own is None and wanted.get("scenario") not in (None, self.setting.scenario)
        if not other:
            self.change(lambda now: replace_checked(now, own=own, **wanted))
        else:
            self._with_acts_that_fit(
                lambda **acts: replace_checked(self.setting, own=None, changes=(), **wanted, **acts)
            )

    def assume(self, entries: dict[str, Any]) -> None:
        """Assume another value of a parameter, or without one the shipped value again."""
        name, value = str(entries.get("name"))[:60], entries.get("value")
        others = {key: one for key, one in self.setting.assumptions if key != name}
        if value is not None:
            others[name] = value
        self.change(lambda now: replace_checked(now, assumptions=others))

    def take(self, wanted: LabSetting) -> None:
        """Take a setting as it is, with other rows of tables."""
        self.change(lambda _: wanted)

    def upload(self, entries: dict[str, str]) -> None:
        """Take a visitor's own scenario."""
        from coercivity.viz.server.uploads import uploaded_scenario

        name, text = str(entries.get("name")), entries.get("text")
        own, problem = call_with_reason(lambda: uploaded_scenario(name, text))
        if problem:
            self.tell(problem)
            return
        self._with_acts_that_fit(
            lambda **acts: replace_checked(self.setting, own=own, changes=(), **acts)
        )

    def _with_acts_that_fit(self, make: Callable[..., LabSetting]) -> None:
        """Go to another scenario with the visitor's acts, or without where it has no room for
        them, and say so.
        """
        fits, acts = call_with_reason(lambda: make().asked())[1] == "", self.setting.acts
        self.change(lambda _: make() if fits else make(acts=()))
        if not fits and acts:
            self.tell(say(NOT_TAKEN))


def use_lines(setting: LabSetting) -> tuple[Answer, Answer, Answer]:
    """The history of a setting, that of its twin without the policy, and why the one differs from
    the other.
    """
    run, code = (setting.seed, setting.state, story_day(setting.shipped)), language()
    main = use_job(lab_jobs.history, setting.asked(), *run, code, priority=LEVER, parts=True)
    twin = use_job(
        lab_jobs.twin, setting.base(), *run, priority=BAND
    )  # for the full list of numbers
    of_both = (setting.asked(), setting.base(), *run, setting.set_last(), code)
    why = use_job(lab_jobs.explain_history, *of_both, priority=BAND, wanted=not main.busy)
    return main, twin, why


def setting_values(setting: LabSetting) -> dict[str, Any]:
    """What the page says of a setting, and what can be chosen instead."""
    return {
        "scenario": setting.scenario,
        "asked": briefing_title(setting),
        "beneath": briefing_subtitle(setting) if counted_changes(setting) else "",
        "own": setting.own is not None,
        "seed": setting.seed,
        "state": setting.state,
        "states": [[name, say(name)] for name in Facts.default().states],
        "twin": twin_words(setting),
        "nothing": twin_leaves_out(setting),
        "before": [
            lever.said("label", say) for lever in lever_table(setting.state) if lever.is_from_start
        ],
        "heading": heading(setting.state),
        "notes": levers_notes(setting),
        "elsewhere": levers_elsewhere(setting),
        "start": setting.shipped.start,
        "moved": len(setting.levers) + len(setting.changes) + len(setting.acts),
        "first": first_month(setting.shipped),
        "assumed": len(setting.assumptions),
        "later": [
            [month, lever_in_words(name, setting.state), value_in_words(name, value)]
            for month, name, value in setting.changes
        ],
        "runs": setting.asked().name,
        "shown": asdict_shown(setting),
    }


def show_levers(
    setting: LabSetting, hand: SettingEditor, controls: dict[str, Any], near: Callable[[str], None]
) -> None:
    """The levers as they are set; *near* hears which one the hand is at."""
    Levers(
        levers=levers_json(setting.state),
        values=lever_values(setting),
        controls=controls,
        event_move=hand.move,
        event_rest=hand.rest,
        event_undo=hand.undo,
        event_near=lambda lever: near(lever if is_lever(lever) else ""),
    )


def lever_values(setting: LabSetting) -> dict[str, float]:
    """The value now of each lever of the state looked at."""
    moved = dict(setting.levers)
    return {lever.id: moved.get(lever.id, lever.rest) for lever in lever_table(setting.state)}


def levers_json(state: str = FOCUS) -> str:
    """The levers of a state as the template reads them, in the visitor's language."""
    return _levers(language(), state)


@cache
def _levers(code: str, state: str) -> str:
    rows = []
    for lever in lever_table(state):
        row = {name: value for name, value in asdict(lever).items() if name not in UNSAID}
        row |= {name: readable_text(lever.said(name, say)) for name in SPOKEN if row[name]}
        rows.append(row | {"options": [say(words) for words in lever.options]})
    return json.dumps(rows, separators=(",", ":"))


def scenarios_json() -> str:
    """Name and title of each shipped scenario, as the template reads them.

    Raises InputError if one cannot be read.
    """
    return json.dumps(scenario_choices(), separators=(",", ":"))


def mark_of(setting: LabSetting) -> str:
    """What marks the histories of a setting, whatever its seed."""
    return f"{setting.asked().fingerprint()}/{setting.state}"


def asdict_shown(setting: LabSetting) -> dict[str, str]:
    """What marks a picture as the one of this setting, for tests and measurements: fingerprint,
    seed, state.
    """
    scenario: Scenario = setting.asked()
    return {
        "fingerprint": scenario.fingerprint(),
        "seed": str(setting.seed),
        "state": setting.state,
    }
