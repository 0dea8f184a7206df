"""No sentence of a page is left out of the catalogue.

Every sentence that is found there is put in marks, and what pages draw is read for words outside of them: a sentence that is written beside the catalogue,
or a name put into one that nobody said. And what is said stands among the sentences that translators get.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import cache
from string import Formatter
from typing import Any

import pytest

from coercivity.experiments.findings.finding import Finding
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.experiments.questions.gauge import gauge_data
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.facts import load_table
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import Scenario, scenario_from_dict
from coercivity.viz.classroom.engine import debrief, game_tables, team_briefs
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.game_tables import SEATS
from coercivity.viz.classroom.engine.numbers import NUMBERS
from coercivity.viz.classroom.pages import class_page, game_jobs
from coercivity.viz.classroom.rooms import views
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.state import WORDS
from coercivity.viz.classroom.words import game_text
from coercivity.viz.page_data.chain_data import chain_data
from coercivity.viz.page_data.claims_data import claims_json
from coercivity.viz.page_data.compare_choice import choose, default_pair, luck_note, words_of
from coercivity.viz.page_data.door_data import facts_json as door_json
from coercivity.viz.page_data.evidence_data import fact_tables, facts_json, record_json
from coercivity.viz.page_data.lab_charts_of_many_histories import HistoryPairs, many_json, pair_json
from coercivity.viz.page_data.lab_charts_of_one_history import history_data
from coercivity.viz.page_data.map_data import play_json
from coercivity.viz.page_data.shown_results import STAMP, load_shown, origin_words
from coercivity.viz.screens import evidence
from coercivity.viz.screens.acts import as_listed, form_json, notes, start_json
from coercivity.viz.screens.assumptions import rows_json
from coercivity.viz.screens.chain import element_choices, moved_words
from coercivity.viz.screens.lab import levers_json, scenarios_json, setting_values
from coercivity.viz.screens.own_tables import tables_json
from coercivity.viz.screens.play import choices_json
from coercivity.viz.words import language
from coercivity.viz.words.fact_text import fact_sentence
from coercivity.viz.words.finding_text import PLANTS, SENTENCES, SUPPORT, finding_in_words
from coercivity.viz.words.gauge_text import labelled_gauge
from coercivity.viz.words.language import say
from coercivity.viz.words.names import name_planned_plants, new_plant
from coercivity.viz.words.own_rows import own_rows_in_words
from tests.names import PROCESSES, STATES
from tests.viz.classroom.after_game import after_a_game
from tests.viz.marks import MARKED, WORD, Marks, unsaid
from tests.viz.stand_in import one_cut_off
from tests.viz.test_acts_browser import GRANT, LICENCES, STOCK
from tests.viz.test_lab_answer import ASKED, histories
from tools.check.room_table import BAN, TRUCE, Watch, to_talk
from tools.docs import languages as tool

LOST_BN: dict[str, Any] = {"low": 0.1, "middle": 2.0, "high": 3.0, "unit": "USD bn"}
COUNTED: dict[str, Any] = {"times": 9, "of": 20, "beside": None}
ACTS = [STOCK, LICENCES, GRANT]
CODE = "yue"  # a language that nobody has written, with months in figures
DAY = "2026-01-06"
NOT_READ = {  # keys of what no reader sees
    *("id", "choice", "chosen", "of", "scenario", "seed", "version", "fingerprint", "format"),
    *("parameter_hash", "state", "since", "months", "table", "edges", "ghosts", "query", "runs"),
    *("shown", "levers", "check", "kind", "status", "values", "said", "start", "first", "later"),
    *("states", "target", "sender", "side", "at", "separators", "licence", "dependence"),
    *("element", "view", "stage", "verdict", "episode", "sample", "confidence", "turns_id", "good"),
    "number",  # of a class: which one it is; its label stands beside it
    # its options and places, whose words stand beside them
    *("numbers_first", "default", "role", "barred", "forbids", "whom"),
    *("sentence", "sentences", "change", "seat", "card", "code", "phase", "lesson", "goal"),
    *("other", "by"),
    *("plants", "offices"),  # of the map: the page puts words for them
    "unit",  # of a headline its code; its words stand beside it
}
ENGLISH = {  # keys of what stays English on purpose: the page says so
    "events": "acts and events are told by the model",
    "acts": "texts of acts",
    "decisions": "what governments saw and chose is told by the model",
    "firms": "names of firms",
    "source": "titles of sources stay as they are printed",
    "name": "names of parameters and firms, as files write them",
    "example": "a row of a table as its file has it",
    "url": "an address",
    "quote": "what a side says, in short",
    "command": "a command of a terminal",
    "assumptions": "rules behind what is assumed, as their table has them",
    "note": "notes of tables, as they stand there",
    "team": "names of teams",
    "why": "reasons that teams wrote down",
}


@pytest.fixture
def marks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Marks]:
    held = Marks()
    monkeypatch.setattr(language, "catalogue", lambda code: held)
    with language.speaking(CODE):
        yield held


def texts(found: Any, unit_is_read: bool = False) -> Iterator[str]:
    """Every text of a document that a visitor reads in his language."""
    if isinstance(found, dict):
        for name, value in found.items():
            if name == "states" and isinstance(value[0], list):
                yield from (words for _, words in value)  # beside the name that is sent back
            elif name not in ENGLISH and (
                name not in NOT_READ or (name == "unit" and unit_is_read)
            ):
                yield from texts(value, unit_is_read)
    elif isinstance(found, list | tuple):
        for one in found:
            yield from texts(one, unit_is_read)
    elif isinstance(found, str):
        yield found


def forgotten(found: Any, unit_is_read: bool = False) -> list[str]:
    """The texts with words outside of the marks."""
    said = list(texts(found, unit_is_read))
    assert said
    return [text for text in said if unsaid(text)]


@cache
def short() -> Result:
    return run("japan-2026", 1, months=30)


def settings() -> dict[str, LabSetting]:
    return {
        "still": LabSetting(),
        "quiet": LabSetting(scenario="business-as-usual"),
        "moved": check_setting(levers={"firms_stock": 3, "japan_plants": 500}, acts=ACTS),
        "later": check_setting(changes=[("2027-03", "japan_stockpile", 2)]),
        "assumed": check_setting(assumptions={"over_compliance": 0.2}),
    }


def many(state: str = "Japan") -> dict[str, Any]:
    mine = histories(20, stops=13, lost=10.0)
    others = [
        histories(20, stop=None, lost=0.0, paid=0.0, peak=1.0, end=0.7, stands=0.05),
        histories(20, stops=13, lost=10.0),
        histories(20, stood=0.0, whole=False),
    ]
    picks = (("prices", "dysprosium_oxide"),)
    asked = replace(ASKED, state=state, twin="")
    return {
        f"{reader.__name__} {k}": json.loads(reader(HistoryPairs(one, other), "mark", asked, picks))
        for k, other in enumerate(others)
        for one in (mine, other)
        for reader in (many_json, pair_json)
    }


def every_finding() -> list[str]:
    """What is said of each finding, its fields filled in."""
    of = Finding.of
    maker = of("maker", name="Japan wind 1", sector="wind", state="Japan", count=1, begins=1)
    several = of("maker", name="", sector="wind", state="Japan", count=3, begins=0)
    units = ("share", "months of use", "months of lines", "t", "plants")
    parts = [
        *(maker, several, of("names", names=(maker, several), count=0)),
        *(of("names", names=(maker,), count=2), of("stock", tonnes=12.0, months=3.0)),
        *(of("often", times=times) for times in (0, 1, 2, 3)),
        *(of("typically", here=0.9, there=0.3, unit=unit) for unit in units),
        *(of("sector.sum", label="Wind turbines", million=-40.0), of("tenth", number=0.5)),
        *(of("span", first="2026-03", last="2026-05"), of("actor", actor="EU")),
        of("sentences", parts=(of("plants.same", count=2),)),
        *(of(one, **LOST_BN) for one in ("range", "typical")),
        *(of("size", number=0.05, unit=unit) for unit in ("share", "USD/kg")),
        *(of("amount", number=0.05, unit="share"), of("good.begins", good="ndpr_oxide")),
        *(of("days", days=days) for days in (None, 9.0, 90.0)),
        of("exactly", billion=2.0),
        *(of("plant.moved_by", plant="Nolans", times=9, of=20, span=span) for span in (2.0, 30.0)),
        *(of("money.untouched", times=9, of=20, what=what) for what in SUPPORT),
        *(of("plants.abroad.more", plants=one, exporter="China", **COUNTED) for one in PLANTS),
    ]
    known: dict[str, Any] = {
        **{"state": "United States", "exporter": "China", "good": "dysprosium_oxide"},
        **{"day": "2026-03-04", "month": "2026-03", "start": "2026-03", "since": "2026-03-04"},
        **{"sector": "wind", "plant": "Entrant, India mining, light", "plants": "mining"},
        **{"what": "grant", "act": "import_tariff", "kind": "grant", "actor": "EU"},
        **{"saw": "prices rise", "chose": "builds a stockpile", "rejected": "to wait"},
        **{"text": "prices rise", "date": "2026-03-04", "maker": maker, "firm": several},
        **{"names": parts[2], "shares": (maker, several), "payee": "firms", "twin": ""},
        **{**COUNTED, "year": "2027"},
    }
    fields = {
        id: {name for text in of for _, name, *_ in Formatter().parse(text) if name}
        for id, of in SENTENCES.items()
    }
    whole = [
        of(id, **{name: known.get(name, 2.0) for name in (*names, "count")})
        for id, names in fields.items()
    ]
    return [finding_in_words(one) for one in (*parts, *whole)]


def written_acts() -> Any:
    scenario, acts = LabSetting().shipped, settings()["moved"].acts
    return [as_listed(scenario, act, number) for number, act in enumerate(acts, 1)]


def compared() -> list[Any]:
    pair = choose(default_pair(), {"side": "b", "scenario": "embargo-2010"})
    firms = choose(
        default_pair(), {"side": "b", "link": "?scenario=japan-2026&p.firms_per_sector=1"}
    )
    return [luck_note(pair), luck_note(firms), *(words_of(one) for one in settings().values())]


def with_rows() -> Scenario:
    """A scenario with own rows in each table that takes some."""
    plant = {"name": "X1", "process": "separate_heavy", "state": "Australia"}
    plant |= {"tonnes_per_year": 500, "first_month": "2026-01"}  # type: ignore[dict-item]
    hot = {"good": "magnet_heat_resistant", "destination": "Germany"}
    rows = {
        "cover": [{"kind": "automotive", "state": "Japan", "months_median": 4}],
        "trade_prior": [
            {**hot, "origin": "China", "share": 0.66094},
            {**hot, "origin": "Japan", "share": 0.25707},
        ],
        "projects": [plant],
    }
    return scenario_from_dict(LabSetting().shipped.to_dict() | {"tables": rows}, "own")


def without(document: Any, *names: str) -> Any:
    """A document without the values of some keys: what no visitor of it reads."""
    if isinstance(document, dict):
        return {
            name: without(value, *names) for name, value in document.items() if name not in names
        }
    return [without(one, *names) for one in document] if isinstance(document, list) else document


def origins() -> list[Any]:
    """Whether results are of the code that runs, in each of the ways in which it is said."""
    document = {**load_shown("claims"), "quick": False, "code": "12345678"}
    mine = {name: str(document[name]) for name in STAMP}
    here = [mine, {**mine, "collection": "other"}, {**mine, "code": "87654321"}]
    told = [origin_words(document, json.dumps(one), "") for one in here]
    return [*told, origin_words({**document, "quick": True}, json.dumps(mine), "")]


def the_class() -> list[Any]:
    """What a room of the class reads in its course."""
    room, _ = Rooms(None, Watch()).make(new_game(3, SEATS, length=4), "90")
    to_talk(room)
    room.do("deal", deal=TRUCE)
    room.do("seal", seat="exporter", moves=[BAN], paper=True)
    told = [views.common_view(room), *(views.seat_view(room, seat) for seat in SEATS)]
    told += [views.choices_of(room.game, seat) for seat in SEATS]
    told += [views.sheets_of(room), views.all_predictions(room)]
    room.do("close")
    room.do("reveal")
    told += [views.common_view(room), views.choices_of(room.game, "target")]
    keys = [key for key, _ in debrief.decisions(room.game)]
    told += [[game_text.decision(room.game, key) for key in keys]]
    return [
        *told,
        without(json.loads(class_page.choices_json("", CODE)), "seats"),
        [say(one) for one in WORDS.values()],
    ]


def told_of_a_round() -> list[Any]:
    """What workers tell of a game, with every number and every sentence that there is."""
    facts = [
        {
            **{"number": name, "state": "Japan", "good": "ndpr_metal"},
            **{"count": 27 * one.counts_makers, "value": 1.0, "before": None},
        }
        for name, one in NUMBERS.items()
    ]
    values: dict[str, Any] = {"count": 3, "month": "2026-03", "day": "2026-03-04", "who": "China"}
    values |= {"missing": "dysprosium oxide", "id": "D1", "deal": "Truce"}
    values |= {"name": "Entrant, India mining, light"}
    lines = [team_briefs.Line(wording, **values) for wording in team_briefs.SENTENCES.values()]
    sentences = [game_jobs.sentence_of(line) for line in lines]
    scores = [
        {"score": 1.0, "goals": [asdict(goal) for goal in goals]}
        for goals in game_tables.goals().values()
    ]
    briefs = [
        {"numbers": facts, "notes": lines, "sentences": sentences, "acts": [], "score": one}
        for one in scores
    ]
    news = [
        {"month": "2026-03", "text": str(line), "sentence": sentence, "told": None, "big": False}
        for line, sentence in zip(lines, sentences, strict=True)
    ]
    rows = [{"id": name, "label": label, "unit": unit} for name, label, unit in debrief.HEADLINES]
    told = [
        *(game_text.brief_in_words(json.dumps(one)) for one in briefs),
        game_text.news_in_words(json.dumps({"lines": news, "numbers": facts})),
        game_text.twin_in_words(json.dumps({"rows": rows, "months": [7.5, 1.0]})),
    ]
    return [
        {name: value for name, value in json.loads(one).items() if name != "sentences"}
        for one in told
    ]


DOCUMENTS: dict[str, Callable[[], Any]] = {
    "history": lambda: history_data(short(), "Japan", DAY),
    "history of the exporter": lambda: history_data(short(), "China", DAY),
    "many histories": many,
    "many histories of the exporter": lambda: many("China"),
    "findings": every_finding,
    "settings": lambda: [setting_values(one) for one in settings().values()],
    "scenarios": lambda: json.loads(scenarios_json()),
    "written acts": written_acts,
    "what an act can be about": lambda: json.loads(start_json(LabSetting().shipped, "Japan")),
    "notes of acts": lambda: [notes(LabSetting().shipped, state) for state in ("Japan", "France")],
    "tables": lambda: json.loads(tables_json()),
    "own rows": lambda: [
        asdict(row) | {"table": "", "key": ()} for row in own_rows_in_words(with_rows())
    ],
    "compared": compared,
    "door": lambda: json.loads(door_json()),
    "chain": lambda: chain_data(short(), "Germany"),
    "elements of the chain": element_choices,
    "gauge": lambda: labelled_gauge(
        gauge_data([one_cut_off(short().scenario, 1, "2026-01", "Japan")])
    ),
    "what was moved": lambda: [moved_words(one) for one in settings().values()],
    "map": lambda: json.loads(play_json(short(), "Japan", DAY)),
    "what Play offers": lambda: json.loads(choices_json(LabSetting())),
}
DOCUMENTS |= {
    "claims": lambda: json.loads(claims_json()),
    "tables of facts": lambda: [
        (one["title"] if name == "tables" else one[1])
        for name in ("tables", "confidences")
        for one in json.loads(facts_json())[name]
    ],
    "the record": lambda: without(json.loads(record_json("dysprosium_oxide", "Japan")), "group"),
    "the record of all": lambda: without(json.loads(record_json()), "group"),
    "facts to look at": lambda: [one[1:] for some in evidence.choices().values() for one in some],
    "where results come from": origins,
    "the class": lambda: without(
        the_class(), "partners", "value", "prices", "raw", "sheet", "from"
    ),
    "told of a round": told_of_a_round,
    "after a game": lambda: without(after_a_game(), "language", "band", "ghost"),
}
UNITS_READ: dict[str, Callable[[], Any]] = {  # documents whose units are words
    "levers": lambda: json.loads(levers_json()),
    "assumptions": lambda: json.loads(rows_json()),
    "form of acts": lambda: json.loads(form_json()),
}


@pytest.mark.parametrize("name", [*DOCUMENTS, *UNITS_READ])
def test_what_a_page_draws_is_said_and_given_to_the_translators(marks: Marks, name: str) -> None:
    document = {**DOCUMENTS, **UNITS_READ}[name]()
    assert forgotten(document, name in UNITS_READ) == []
    assert sorted(text for text in marks.asked - translated() if WORD.search(text)) == []


QUOTED = (  # columns of tables of facts whose words stand in sentences as they are
    *("action", "severity_stated", "scope", "trigger", "official_framing", "text", "actor"),
    *("targets", "name", "firm", "plant", "mine", "product", "owner", "status", "capacity_basis"),
    *("offtake_support", "first_year", "metric", "threshold", "why", "step", "base_what"),
    *("quantity", "maps_to"),
)


def as_quoted(text: str) -> tuple[str, ...]:
    """The forms in which what a table quotes stands in a sentence."""
    parts = [one.removeprefix("firm:") for one in text.split("|")]
    bare = text.replace("_", " ").replace("of World", "of the world")
    return (text, name_planned_plants(text), bare, text[:1].upper() + text[1:], *parts)


@pytest.mark.parametrize("name", fact_tables())
def test_a_fact_is_said_but_for_what_its_table_quotes(marks: Marks, name: str) -> None:
    left = []
    for row in load_table(name):
        said = MARKED.sub(" ", fact_sentence(name, row))
        quoted = [str(row[column]) for column in QUOTED if row.get(column)]
        forms = [form for text in quoted for form in as_quoted(text)]
        for form in sorted(forms, key=len, reverse=True):
            said = said.replace(form, " ")
        if unsaid(said):
            left.append(said)
    assert left == []
    assert sorted(text for text in marks.asked - translated() if WORD.search(text)) == []


@cache
def translated() -> frozenset[str]:
    """What translators get."""
    messages = [message for _, message in tool.every_sentence()]
    return frozenset(
        text for one in messages for text in ([one] if isinstance(one, str) else list(one))
    )


@pytest.mark.parametrize("name", [*DOCUMENTS, *UNITS_READ])
def test_german_has_the_names_in_the_forms_that_it_asks_for(name: str) -> None:
    with language.speaking("de"):
        assert {**DOCUMENTS, **UNITS_READ}[name]()


@pytest.mark.parametrize("code", [one for one in language.languages() if one != language.SOURCE])
def test_every_new_plant_is_said_in_every_language(code: str) -> None:
    with language.speaking(code):
        told = {new_plant(state, process) for state in STATES for process in PROCESSES}
    assert all(told)
    assert not any("{" in one for one in told)
