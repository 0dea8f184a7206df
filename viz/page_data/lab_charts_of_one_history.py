"""What the lab draws of one history: four charts, events and headlines of one state, as plain JSON.

    {scenario, title, why, seed, version, fingerprint, parameter_hash, state, words: {state}, since,
     months: [YYYY-MM ...], look_at,
     charts: [{id, title, unit, format: number|share, note, ceiling, record, choice_label,
               choices: [{id, label}], chosen, series: [{id, label, choice, main, colour, dash,
                 values: [number or null, one a month]}]}],
     events: [{at, measure, here, text}] (lab_events.py),
     headlines: [{id, label, unit, words, value, main, usual: USD/kg that a multiple is over}],
     peak: as a headline, the highest price in two years; answer: in words}

Words are in the language that is spoken; `words` of a headline are those of its unit.

A series marked `main` gets a ghost line from its twin and a band from further draws, found by its
id; the others are there to be read beside it. Of prices `record` has the highest on record by good,
{value, label, words}: a chart that goes above it says so (viz/words/beyond_record.py).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coercivity.experiments.findings.finding_request import PRICED
from coercivity.experiments.lab.histories import SOON
from coercivity.experiments.lab.history import ALL, STANDING, History, Lines
from coercivity.experiments.quantities.headlines import EXPORTER, headline_table, name_in_id
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.facts import Facts
from coercivity.model.results.dependence_table import groups_of
from coercivity.viz.page_data.lab_events import events
from coercivity.viz.words.beyond_record import record_lines
from coercivity.viz.words.lab_cards import one_history, peak_label
from coercivity.viz.words.lab_text import priced_good
from coercivity.viz.words.language import Name, noted, say
from coercivity.viz.words.names import (
    dependence_title,
    group_name,
    headline_label,
    sector_in_sentence,
    standalone_name,
)

if TYPE_CHECKING:
    from coercivity.model.results.result import Result
    from coercivity.model.scenario.scenario import Scenario

DIGITS: Final = 5  # significant digits sent: more than a screen shows
COVER_SHOWN: Final = 12.0  # months; whoever cannot work uses nothing, and his cover has no end
AHEAD: Final = 6  # months into the story at which the page first looks
CHOSEN: Final[dict[str, str]] = {
    "prices": "dysprosium_oxide",
    "output": ALL,
    "cover": "magnet_heat_resistant",
    "dependence": ALL,
}
SHOWN_FIRST: Final = (
    "first_stop_days",
    "firms_stopped_share",
    "output_lost_24m",
    "cost_paid_24m",
    "dependence_separated_end",
)
LABELS: Final = {
    "separated_in": noted("by where it was separated"),
    "last_origin": noted("by the last port"),
}


def history_json(result: Result, state: str, since: str) -> str:
    """Everything that the lab draws of *result* for *state*, as one string; headlines are counted
    from the day *since*.
    """
    return json.dumps(history_data(result, state, since), separators=(",", ":"), allow_nan=False)


def history_data(result: Result, state: str, since: str) -> dict[str, Any]:
    """The same as a dictionary of plain lists."""
    history = History(result)
    scenario, values = result.scenario, history.headlines(since, state)
    return {
        "scenario": scenario.name,
        "title": say(scenario.title) if scenario.title else scenario.name,
        "why": say(scenario.why) if scenario.why else "",
        "seed": result.seed,
        "version": result.version,
        "fingerprint": scenario.fingerprint(),
        "parameter_hash": result.parameter_hash,
        "state": state,
        "words": {"state": f"{Name(state)}"},
        "since": since,
        "months": list(result.months),
        "look_at": min(
            len(result.months) - 1, max(0, month_index(result.months[0], since) + AHEAD)
        ),
        "charts": charts_of(scenario, history, state),
        "events": events(result, state),
        "headlines": headlines(result.facts, values, state, history.usual_prices(since, state)),
        "peak": peak(history, since, state, priced_good(scenario)),
        "answer": one_history(values, since, state, priced_good(scenario)),
    }


def begun_json(result: Result, state: str) -> str:
    """The lines of all charts for the months that have been run so far: {fingerprint, seed, state,
    months, series: {id: values}}.
    """
    found = {
        "fingerprint": result.scenario.fingerprint(),
        "seed": result.seed,
        "state": state,
        "months": list(result.months),
        "series": {
            line["id"]: line["values"]
            for chart in charts(History(result), state)
            for line in chart["series"]
        },
    }
    return json.dumps(found, separators=(",", ":"), allow_nan=False)


def charts(history: History, state: str) -> list[dict[str, Any]]:
    """The four charts: prices, output, cover, dependence."""
    return [
        prices(history, state),
        output(history, state),
        cover(history, state),
        dependence(history, state),
    ]


def charts_of(scenario: Scenario, history: History, state: str) -> list[dict[str, Any]]:
    """The four charts, as a page about a scenario begins."""
    first, found = first_choices(scenario), charts(history, state)
    for chart in found:
        if first[chart["id"]] in [one["id"] for one in chart["choices"]]:
            chart["chosen"] = first[chart["id"]]
    return found


def first_choices(*scenarios: Scenario) -> dict[str, str]:
    """What the charts show at first: price and stocks of what the scenarios' acts are about."""
    good = priced_good(*scenarios)
    return CHOSEN if good == PRICED else {**CHOSEN, "prices": good, "cover": good}


def main_series(history: Lines, state: str) -> dict[str, np.ndarray]:
    """The series that get bands, by id: values by month, NaN where undefined.

    The ids are those of the charts.
    """
    here = history.facts.state_row[state]
    home_prices, goods = history.home[:, here], history.facts.goods
    series = {f"prices/{good}": home_prices[:, k] for k, good in enumerate(goods)}
    series |= {f"output/{sector}": values for sector, values in history.output(state).items()}
    series |= {f"cover/{good}": values for good, values in history.cover(state).items()}
    share = history.bought("separated_in")[:, here]
    return series | {
        f"dependence/{group}": share[:, g] for g, group in enumerate(groups_of(history.facts))
    }


def drawn_series(history: Lines, state: str) -> dict[str, np.ndarray]:
    """Every series of the charts that has a number in some month, by id: those that get bands and
    those that are read beside them; and the share of makers whose line stands.
    """
    facts = history.facts
    abroad, export = history.home[:, facts.state_row[EXPORTER]], history.exported(EXPORTER)
    series = main_series(history, state)
    for k, good in enumerate(facts.goods):
        if state != EXPORTER:
            series[f"prices/{good}/home"] = abroad[:, k]
        series[f"prices/{good}/export"] = export[:, k]
    series[STANDING] = history.standing(state)
    share = history.bought("last_origin")[:, facts.state_row[state]]
    series |= {
        f"dependence/{group}/last_origin": share[:, g] for g, group in enumerate(groups_of(facts))
    }
    return {name: values for name, values in series.items() if np.isfinite(values).any()}


def prices(history: History, state: str) -> dict[str, Any]:
    """What a good costs in the state, and what China asks for it at home and for export. USD/kg."""
    export, facts = history.exported(EXPORTER), history.facts
    series = []
    for k, good in enumerate(facts.goods):
        series.append(
            _line(
                f"prices/{good}",
                say("in {state}", state=Name(state)),
                history.home[:, facts.state_row[state], k],
                0,
                good,
                main=True,
            )
        )
        if state != EXPORTER:
            series.append(
                _line(
                    f"prices/{good}/home",
                    say("in {state}", state=Name(EXPORTER)),
                    history.home[:, facts.state_row[EXPORTER], k],
                    1,
                    good,
                )
            )
        label = say("{exporter}, for export", exporter=Name(EXPORTER))
        series.append(_line(f"prices/{good}/export", label, export[:, k], 2, good))
    choices = [(good, standalone_name(good)) for good in facts.goods]
    chart = _chart(
        "prices",
        say("Price"),
        say("USD/kg"),
        "number",
        series,
        say("Good"),
        choices,
        say("before import tax; prices part when a border binds"),
    )
    return chart | {"record": record_lines(facts)}


def output(history: History, state: str) -> dict[str, Any]:
    """Value added that the state's end users make, over what they plan."""
    found, here = history.output(state), Name(state)
    labels = {
        sector: say("{state}, all sectors", state=here)
        if sector == ALL
        else say("{state}, {sector}", state=here, sector=sector_in_sentence(sector))
        for sector in found
    }
    series = [
        _line(f"output/{sector}", labels[sector], values, 0, sector, main=True)
        for sector, values in found.items()
    ]
    choices = [
        (sector, say("All sectors") if sector == ALL else standalone_name(sector))
        for sector in found
    ]
    return _chart(
        "output",
        say("Output of makers in {state}", state=here),
        say("of what they plan"),
        "share",
        series,
        say("Sector"),
        choices,
        say("100%: nothing is missing; above it, lost output is made up"),
    )


def cover(history: History, state: str) -> dict[str, Any]:
    """Months for which the stocks of the state's users last."""
    found, here = history.cover(state), Name(state)
    series = [
        _line(f"cover/{good}", say("users in {state}", state=here), values, 0, good, main=True)
        for good, values in found.items()
    ]
    chart = _chart(
        "cover",
        say("Stocks of users in {state}", state=here),
        say("months of use"),
        "number",
        series,
        say("Good"),
        [(good, standalone_name(good)) for good in found],
        say(
            "what is left at the end of a month over a month's expected use: near 0 where all that "
            "arrives is used at once; magnets lie at makers of motors, motors at makers of cars; "
            "more than {most} is not drawn",
            most=f"{COVER_SHOWN:g}",
        ),
    )
    return chart | {"ceiling": COVER_SHOWN}


def dependence(history: History, state: str) -> dict[str, Any]:
    """Share of the state's purchases that comes from China, by where it was separated and by the
    last port.
    """
    series = []
    for g, group in enumerate(groups_of(history.facts)):
        for k, (basis, label) in enumerate(LABELS.items()):
            name = f"dependence/{group}" + ("" if k == 0 else f"/{basis}")
            series.append(
                _line(
                    name,
                    say(label),
                    history.bought(basis)[:, history.facts.state_row[state], g],
                    k,
                    group,
                    main=k == 0,
                )
            )
    return _chart(
        "dependence",
        dependence_title(state),
        say("of purchases by weight"),
        "share",
        series,
        say("Element"),
        [(group, group_name(group)) for group in groups_of(history.facts)],
        say(
            "oxides, metal and magnets, in oxide equivalent; by the last port, oxides and metal "
            "only"
        ),
    )


def chart_labels(entries: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """What each chart shows, as a page says it; what is no chart is left out."""
    return tuple(sorted((str(k)[:40], str(v)[:60]) for k, v in entries.items() if k in CHOSEN))


def peak(history: History, since: str, state: str, good: str) -> dict[str, Any]:
    """The highest price of a good in two years from the day on, as the headlines are."""
    at, facts = month_index(history.months[0], since), history.facts
    prices = history.home[at : at + SOON, facts.state_row[state], facts.good_row[good]]
    known = prices[np.isfinite(prices)]
    return {
        "id": "peak",
        "label": peak_label(good),
        "unit": "USD/kg",
        "words": say("USD/kg"),
        "value": number(float(known.max())) if len(known) else None,
        "main": True,
    }


def headlines(
    facts: Facts, values: Mapping[str, float | None], state: str, usual: Mapping[str, float | None]
) -> list[dict[str, Any]]:
    """The headline numbers of a state in the order of their table; usual: what price multiples are
    over, by id.
    """
    shown_first = [name.format(target=name_in_id(state)) for name in SHOWN_FIRST]
    return [
        {
            "id": row.id,
            "label": headline_label(row.id, state, facts),
            "unit": row.unit,
            "words": say(row.unit),
            "value": number(values[row.id]),
            "main": row.id in shown_first,
            **({"usual": number(usual[row.id])} if row.id in usual else {}),
        }
        for row in headline_table(facts, state)
    ]


def number(value: float | None) -> float | None:
    """Round to the digits that are sent; null for what is undefined."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{DIGITS}g}")


def numbers(values: np.ndarray) -> list[float | None]:
    """A series as JSON has it."""
    return [number(value) for value in values.tolist()]


def _line(
    name: str, label: str, values: np.ndarray, style: int, choice: str, main: bool = False
) -> dict[str, Any]:
    return {
        "id": name,
        "label": label,
        "choice": choice,
        "main": main,
        "colour": style,
        "dash": style % 3,
        "values": numbers(values),
    }


def _chart(
    name: str,
    title: str,
    unit: str,
    form: str,
    series: list[dict[str, Any]],
    choice_label: str,
    choices: list[tuple[str, str]],
    note: str,
) -> dict[str, Any]:
    """A chart without the lines that hold nothing, and without the choices that have no line."""
    drawn = [line for line in series if any(value is not None for value in line["values"])]
    have = {line["choice"] for line in drawn}
    offered = [{"id": key, "label": label} for key, label in choices if key in have]
    chosen = CHOSEN[name] if CHOSEN[name] in have else offered[0]["id"] if offered else ""
    return {
        "id": name,
        "title": title,
        "unit": unit,
        "format": form,
        "note": note,
        "ceiling": None,
        "record": {},
        "choice_label": choice_label,
        "choices": offered,
        "chosen": chosen,
        "series": drawn,
    }
