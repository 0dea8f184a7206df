"""What the play page draws: one finished result as one JSON string, made from the records with the
functions that make the tables.

    {state, look_at: month to begin with, charts: [...], events: [...]: as
    lab_charts_of_one_history.py has them,
     map: {scenario, title, why, seed, version, months: [YYYY-MM ...], states: [19 names],
       chosen: the group shown first,
       groups: [{id, label, separated, covered, most, flows: [{from, to, other,
         tonnes: [t a month ...], china: % of them that China separated}]}],
       dependence: {separated_in: {state: [% from China, or null ...]}, last_origin: the same},
       firms: [[name, state, name in words, what it makes]],
       measure: month from which is counted, null before and without one, past: last past month,
       plants: [[month, firm, what, the plant in words]],
       stops: of makers [[first month, last or null, firm, what is missing, % of output lost]],
       plant_stops: of all other firms, likewise,
       building: {state: [plants under way ...]},
       acts: [[first month, last, kind, actor, targets, goods, text]],
       decisions: [[month, government, saw, chose, rejected]],
       offices: what became of applications for licences (licence_data.py)}}

States, firms and months are indices. A list of months that all say the same is sent as one value.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import numpy as np

from coercivity.experiments.findings.past_months import last_past_month
from coercivity.experiments.lab.history import History
from coercivity.experiments.quantities.flows import flows_by_separator
from coercivity.experiments.quantities.headlines import focal_event
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.facts import Facts
from coercivity.model.results.event_tables import Stop, maker_stops, stops
from coercivity.model.results.records import Records
from coercivity.model.results.separation_tracer import is_separated, separated_in
from coercivity.viz.page_data.lab_charts_of_one_history import charts_of, events
from coercivity.viz.page_data.licence_data import offices
from coercivity.viz.page_data.map_events import (
    BEGINS,
    OPENS,
    acts_in_force,
    building_by_state,
    decision_rows,
    plant_news,
)
from coercivity.viz.words.firm_names import kinds_of
from coercivity.viz.words.language import Name, noted, say
from coercivity.viz.words.names import named_in_sentence, plant, standalone_name, words

if TYPE_CHECKING:
    from coercivity.model.results.result import Result

MOST_FLOWS: Final = 18  # lines of one group: more cannot be told apart on a map
GROUPS: Final = (  # id, label, goods or a group of them
    ("concentrates", noted("Concentrates"), ("light_concentrate", "heavy_concentrate")),
    ("oxides", noted("Oxides, all"), "oxides"),
    ("heavy_oxides", noted("Heavy oxides"), "heavy_oxides"),
    ("metal", noted("NdPr metal"), "metals"),
    ("magnets", noted("Magnets"), "magnets"),
    ("motors", noted("Motors"), "motors"),
)
CHOSEN: Final = "magnets"
# Months before the story at which the player begins: its first months show what was usual.
AHEAD: Final = 12


def play_json(result: Result, state: str, since: str) -> str:
    """Return the string that the player parses: the map, the charts of *state*, the events.

    since: the day of the story, as `story_day` has it.
    """
    history = History(result)
    look_at = min(len(result.months) - 1, max(0, month_index(result.months[0], since) - AHEAD))
    page = {
        "state": state,
        "look_at": look_at,
        "map": map_data(history, since),
        "charts": charts_of(result.scenario, history, state),
        "events": events(result, state),
    }
    return json.dumps(page, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def map_data(history: History, since: str) -> dict[str, object]:
    """Return what the map draws of a finished run, as plain lists; since: as in `play_json`."""
    result, records = history.result, history.records
    traced, structure, facts = separated_in(records), records.structure, records.facts
    kinds = list(map(standalone_name, kinds_of(facts, structure)))
    past = sum(month <= last_past_month(facts) for month in result.months) - 1
    return {
        "scenario": result.scenario.name,
        "title": say(result.scenario.title) if result.scenario.title else result.scenario.name,
        "why": say(result.scenario.why) if result.scenario.why else "",
        "seed": result.seed,
        "version": result.version,
        "months": list(result.months),
        "states": list(facts.states),
        "chosen": chosen_group(result),
        "groups": [group_flows(records, traced, *group) for group in groups_of(facts)],
        "dependence": dependence_on_china(history),
        "firms": [
            [name, int(state), plant(name), kind]
            for name, state, kind in zip(structure.names, structure.firm_state, kinds, strict=True)
        ],
        "measure": measure_month(result, since),
        "past": past,
        "plants": [
            [month, firm, what, plant_words(records, firm, kinds[firm], month <= past, what)]
            for month, firm, what in plant_news(records)
        ],
        "stops": [stop_row(facts, stop) for stop in maker_stops(records)],
        "plant_stops": [
            stop_row(facts, stop) for stop in stops(records) if structure.firm_sector[stop.firm] < 0
        ],
        "building": building_by_state(records),
        "acts": acts_in_force(result),
        "decisions": decision_rows(result),
        "offices": offices(records),
    }


def stop_row(facts: Facts, stop: Stop) -> list[object]:
    """A spell in which a line stands, in words."""
    missing = named_in_sentence(facts.goods[stop.missing])
    return [stop.first, stop.last, stop.firm, missing, round(100.0 * stop.lost)]


def measure_month(result: Result, since: str) -> int | None:
    """The month of the measure that a run is about; None where it has none."""
    if focal_event(result.scenario, result.months) is None:
        return None
    return month_index(result.months[0], since)


def groups_of(facts: Facts) -> list[tuple[str, str, tuple[str, ...]]]:
    """Id, label and goods of the groups that the map shows, then those of a data folder."""
    shown = [(name, label, facts.expand_goods(of)) for name, label, of in GROUPS]
    return shown + [(name, words(name), goods) for name, goods in groups_of_folder(facts).items()]


def groups_of_folder(facts: Facts) -> dict[str, tuple[str, ...]]:
    """Groups whose goods are in none of GROUPS: those of a data folder (docs/own-facts.md)."""
    shown = {good for _, _, of in GROUPS for good in facts.expand_goods(of)}
    held = facts.good_groups.items()
    return {name: goods for name, goods in held if name != "all" and not shown & {*goods}}


def plant_words(records: Records, firm: int, kind: str, past: bool, what: str) -> str:
    """A plant to which something happens; in months that are past one that halts has no name."""
    structure = records.structure
    if not past or what in (BEGINS, OPENS):
        return plant(structure.names[firm])
    state = Name(records.facts.states[int(structure.firm_state[firm])])
    return say("a plant in {state} ({kind})", state=state, kind=kind)


def chosen_group(result: Result) -> str:
    """The group that the map begins with: of a data folder the largest that the acts name."""
    named = {good for event in result.scenario.events for good in event.goods}
    own = {k: len(of) for k, of in groups_of_folder(result.facts).items() if named >= {*of}}
    return max(own, key=lambda name: own[name], default=CHOSEN)


def group_flows(
    records: Records, traced: np.ndarray, name: str, label: str, goods: tuple[str, ...]
) -> dict[str, object]:
    """What moves of one group of goods over a whole run, in words."""
    facts, flow = records.facts, flows_by_separator(records, traced, goods)
    separated = is_separated(facts, facts.good_row[goods[0]])
    return {"id": name, "label": say(label), **largest_flows(facts, flow, separated)}


def largest_flows(facts: Facts, flow: np.ndarray, separated: bool) -> dict[str, object]:
    """The largest flows (months x from x to x separating state, t) over all of their months;
    `covered` is the part of all tonnes between states that they are, `most` the thickest month.

    other: the state besides China that separated most of a flow; -1 where China separated all of
    it, or nobody did yet.
    """
    tonnes, states, china_row = flow.sum(axis=-1), len(facts.states), facts.china
    total = tonnes.sum(axis=0)
    largest = [
        key
        for key in np.argsort(-total, axis=None, kind="stable")[:MOST_FLOWS].tolist()
        if total.flat[key] > 0
    ]
    lines = []
    for key in largest:
        here, there = divmod(key, states)
        by = flow[:, here, there]
        others = by.sum(axis=0)
        others[china_row] = 0.0
        month = tonnes[:, here, there]
        china = np.divide(by[:, china_row], month, out=np.full(len(month), np.nan), where=month > 0)
        lines.append(
            {
                "from": here,
                "to": there,
                "other": int(others.argmax()) if separated and others.max() > 0 else -1,
                "tonnes": _digits(month),
                "china": _collapse_constant(_percent(_fill_empty_months(china)))
                if separated
                else 0,
            }
        )
    most = max(
        (float(tonnes[:, key // states, key % states].max()) for key in largest), default=0.0
    )
    covered = (
        float(sum(total.flat[key] for key in largest) / total.sum()) if total.sum() > 0 else 1.0
    )
    return {
        "separated": separated,
        "covered": round(covered, 4),
        "most": _number(most),
        "flows": lines,
    }


def dependence_on_china(history: History) -> dict[str, dict[str, object]]:
    """Share of each state's imports that comes from China, whole % by month, null in a month
    without imports: as the table dependence, all, in tonnes.
    """
    return {
        basis: {
            state: _collapse_constant(_percent(history.bought(basis)[:, s, 0]))
            for s, state in enumerate(history.facts.states)
            if s != history.facts.china
        }
        for basis in ("separated_in", "last_origin")
    }


def _fill_empty_months(values: np.ndarray) -> np.ndarray:
    """A month in which nothing flows keeps the share of the month before; the first ones that of
    the first month with a flow.
    """
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return np.zeros_like(values)
    last = np.maximum(np.searchsorted(known, np.arange(len(values)), side="right") - 1, 0)
    return values[known[last]]


def _percent(values: np.ndarray) -> list[int | None]:
    return [None if np.isnan(value) else round(100.0 * value) for value in values.tolist()]


def _collapse_constant(values: list[int | None]) -> list[int | None] | int | None:
    return values[0] if values and all(value == values[0] for value in values) else values


def _number(value: float) -> float | int:
    """Three digits: more than the thickness of a line shows, as much as the table beside the map
    does.
    """
    rounded = float(f"{value:.3g}")
    return int(rounded) if rounded == int(rounded) else rounded


def _digits(values: np.ndarray) -> list[float | int]:
    return [_number(value) for value in values.tolist()]
