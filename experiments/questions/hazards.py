"""When does a government tighten, and by which instrument? The rule of M12 against the record, with
only political triggers scripted.

The tests, their metrics and thresholds stand in model/data/hazard_test.csv, written before the
first run.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coercivity.agents.governments import sender
from coercivity.agents.governments.government_view import View
from coercivity.agents.governments.sender import SIGNALS
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.facts import Facts, load_table
from coercivity.model.basis.luck import read_seeds
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.politics.chancellery import observe_world, temper_of
from coercivity.model.politics.views import ladder, laws, own_states
from coercivity.model.scenario.scenario import Scenario, load_scenario, scenario_from_dict
from coercivity.model.world import World

SENDER = "China"


def trigger_events(first: str, last: str) -> list[dict[str, Any]]:
    """Events for a scenario: every political trigger of the record from *first* to *last*
    ('YYYY-MM'), and nothing that was done about it.
    """
    return [
        {
            "date": row["date"],
            "id": row["id"],
            "kind": "trigger",
            "actor": row["provoker"],
            "targets": [row["provoked"]],
            "severity": row["severity"],
            "issue": row["issue"],
            "text": row["text"],
            "source": row["url"] or row["source"],
        }
        for row in load_table("triggers")
        if first <= row["date"][:7] <= last
    ]


def decide_scenario(
    start: str, months: int, last: str, deciding: Iterable[str] = (SENDER,), name: str = ""
) -> Scenario:
    """A world in which only triggers are scripted, up to the month *last*, and the named
    governments decide by their rule.
    """
    raw = {
        "name": name or f"triggers-{start[:4]}",
        "start": start,
        "months": months,
        "governments": dict.fromkeys(deciding, "autonomous"),
        "events": trigger_events(start, last),
    }
    return scenario_from_dict(raw, "triggers")


WINDOW = 3  # months, that of the trigger among them
FREE = {
    "weight_future": (0.0, 0.05, 0.1, 0.2, 0.3),
    "weight_retaliation": (0.2, 0.3, 0.5, 0.8, 1.2),
    "ladder_inertia": (0.0, 0.01, 0.02, 0.05, 0.1),
}
NOISE = 0.05  # spread of the scores in the logit that the weights are fitted with; assumed
PRECEDENT = (
    ("2023-07", 3),
)  # from then on a licensing regime stood, on goods outside the model (T030)
STANDING = {
    "T038": ("licensing",)
}  # gallium, germanium and antimony had needed licences since T030 and T035


@dataclass(frozen=True)
class Case:
    """A trigger that a measure or a threat answered, with what the sender could see then."""

    id: str
    name: str
    instrument: str
    in_sample: bool
    view: View
    precedent: int
    standing: tuple[str, ...]


def panel(
    triggers: Sequence[tuple[int, str]], measures: Sequence[tuple[int, str]], months: int
) -> dict[str, float]:
    """Hazards by government-month: within WINDOW months after a trigger by that government, and
    without one. A measure towards '' answered nobody.
    """
    others = [name for name in Facts.default().governments if name != SENDER]
    after = np.zeros((months, len(others)), dtype=bool)
    for month, name in triggers:
        after[month : month + WINDOW, others.index(name)] = True
    hit = np.zeros((months, len(others)))
    untied = 0
    for month, name in measures:
        if name in others:
            hit[month, others.index(name)] = 1.0
        else:
            untied += 1
    counts = {
        "months_after": float(after.sum()),
        "months_without": float((~after).sum()),
        "after": float(hit[after].sum()),
        "without": float(hit[~after].sum()) + untied,
    }
    return counts


def ratio_of(counts: Mapping[str, float]) -> tuple[float, float, float]:
    """(hazard after a trigger, hazard without, their ratio; half a case is added to each count so
    that a ratio exists).
    """
    after = counts["after"] / counts["months_after"]
    without = counts["without"] / counts["months_without"]
    return (
        after,
        without,
        ((counts["after"] + 0.5) / (counts["months_after"] + 1.0))
        / ((counts["without"] + 0.5) / (counts["months_without"] + 1.0)),
    )


def record_panel(start: str, months: int) -> dict[str, float]:
    """The record: measures of the sender tied to a trigger (triggers.csv), and those that no source
    ties to one (UNTIED). Threats are not measures.
    """
    rows = [row for row in load_table("triggers") if 0 <= month_index(start, row["date"]) < months]
    triggers = [(month_index(start, row["date"]), row["provoker"]) for row in rows]
    dates = {row["id"]: row["date"] for row in load_table("timeline")}
    tied = {
        (month_index(start, dates[row["measure"]]), row["provoker"])
        for row in rows
        if row["measure"] and row["instrument"] != "threat"
    }
    untied = [
        (month_index(start, date), "") for date in UNTIED if 0 <= month_index(start, date) < months
    ]
    return panel(triggers, [m for m in sorted(tied) if m[0] < months] + untied, months)


UNTIED = ("2024-08-15",)  # antimony licensing (T035), announced that day


def model_panel(start: str, months: int, last: str, seeds: Sequence[int]) -> list[dict[str, float]]:
    """The same counts in the model, one per seed: only triggers are scripted, the sender
    decides.
    """
    scenario, binding = decide_scenario(start, months, last), binding_instruments()
    triggers = [(event.month_index(start), event.actor) for event in scenario.events]
    counts = []
    for seed in read_seeds(seeds):
        world = World(scenario, seed, record=False, collect=False)
        for _ in range(months):
            world.step()
        taken = [
            decision
            for decision in world.ledger.decisions
            if decision.government == SENDER and decision.chose.fields["kind"] in binding
        ]
        measures = [(decision.month, str(decision.saw.fields["who"])) for decision in taken]
        counts.append(panel(triggers, measures, months))
    return counts


def binding_instruments() -> tuple[str, ...]:
    """Instruments that are no mere signal."""
    return tuple(
        row["instrument"] for row in load_table("instruments") if row["instrument"] not in SIGNALS
    )


def cases() -> list[Case]:
    """Every documented case with the view of its month: the world is run with all triggers and the
    acts on rare earths scripted up to then.
    """
    answered = {
        row["measure"]: row
        for row in load_table("triggers")
        if row["measure"] and row["instrument"] != "quota"
    }  # one case a measure: the last trigger before it
    cases_seen = []
    for start, last in (("2009-01", "2023-12"), ("2024-01", "2026-06")):
        rows = [row for row in answered.values() if start <= row["date"][:7] <= last]
        scenario = _record_scenario(start, last)
        world = World(scenario, 1, record=False)
        for month in range(scenario.months):
            due = [row for row in rows if month_index(start, row["date"]) == month]
            if due:
                view = _view_before(world, {row["measure"] for row in due})
                cases_seen += [_case(row, view) for row in due]
            world.step()
    return sorted(cases_seen, key=lambda case: case.id)


def _record_scenario(start: str, last: str) -> Scenario:
    """The record as a scenario: all triggers, and what the sender did with rare earths."""
    if start == "2009-01":
        events = load_scenario("embargo-2010").events
        own = [event.to_dict() for event in events if event.kind == "customs_halt"]
    else:
        events = load_scenario("japan-2026-from-2024").events
        own = [event.to_dict() for event in events if event.actor == SENDER]
    raw = {
        "name": "cases",
        "start": start,
        "months": month_index(start, last) + 1,
        "events": [*trigger_events(start, last), *own],
    }
    return scenario_from_dict(raw, "cases")


def _view_before(world: World, measures: Set[str]) -> View:
    """What the sender sees this month, in a twin in which it has not answered by these measures."""
    twin = world.fork()
    twin.politics.script = tuple(
        event for event in twin.politics.script if event.id.split("-")[0] not in measures
    )
    twin.govern()
    sees = next(government for government in twin.politics.governments if government.name == SENDER)
    return observe_world(twin.politics, sees, clock=twin.clock, seen=twin.seen)


def _case(row: Mapping[str, Any], view: View) -> Case:
    """A trigger of the record as a case, with what stood already on other goods."""
    return Case(
        row["id"],
        row["provoker"],
        row["instrument"],
        row["in_sample"] == "yes",
        view,
        max([rung for since, rung in PRECEDENT if row["date"][:7] > since], default=0),
        STANDING.get(row["measure"], ()),
    )


def options_of(case: Case, mood: sender.Temper) -> list[sender.Choice]:
    """What the rule weighs in a case, given that it acts; best first."""
    options = sender.candidates(
        case.view,
        mood,
        ladder(Facts.default()),
        case.name,
        own_states(Facts.default(), case.name),
        case.precedent,
        case.standing,
    )
    return [option for option in options if option.kind != "nothing"]


def predicted_instrument(case: Case, mood: sender.Temper) -> str:
    """The instrument that the rule picks, given that it acts."""
    return options_of(case, mood)[0].kind


def likelihood(sample: Sequence[Case], mood: sender.Temper) -> float:
    """Log likelihood of the documented instruments: the rule chooses by logit with a spread of
    NOISE in its scores.
    """
    total = 0.0
    for case in sample:
        options = options_of(case, mood)
        score = np.array([option.score for option in options]) / NOISE
        right = np.array([option.kind == case.instrument for option in options])
        top = float(score.max())
        total += float(
            np.log(max(np.exp(score[right] - top).sum(), 1e-12)) - np.log(np.exp(score - top).sum())
        )
    return total


def fit(sample: Sequence[Case], base: sender.Temper) -> sender.Temper:
    """The free weights on the grid under which the documented instruments are likeliest."""
    moods = [
        replace(base, **dict(zip(FREE, values, strict=True)))
        for values in itertools.product(*FREE.values())
    ]
    return max(moods, key=lambda mood: likelihood(sample, mood))


def leave_one_out(found: Sequence[Case], base: sender.Temper) -> list[dict[str, Any]]:
    """For each case: the documented instrument, the rule's with weights from other episodes, and
    the constant guess; cases after 2024 use the whole sample.
    """
    sample = [case for case in found if case.in_sample]
    constant = Counter(case.instrument for case in sample).most_common(1)[0][0]
    whole = fit(sample, base)
    rows = []
    for case in found:
        mood = (
            fit([other for other in sample if other.id != case.id], base)
            if case.in_sample
            else whole
        )
        rows.append(
            {
                "case": case.id,
                "towards": case.name,
                "in_sample": case.in_sample,
                "documented": case.instrument,
                "rule": predicted_instrument(case, mood),
                "constant": constant,
                **{name: getattr(mood, name) for name in FREE},
            }
        )
    return rows


def estimate_hazard(
    weight_retaliation: float, weight_future: float, hazard_power: float, ridge: float = 0.1
) -> dict[str, tuple[float, float]]:
    """(estimate, standard error) of hazard_base, hazard_trigger and hazard_capability on
    government-months from 2009-01 to 2024-12.

    Logistic regression with a small ridge on the two slopes; the self cost and the power term (at a
    power of 0.35) enter as given. A matter counts as having come up in a month in which a measure
    or a threat was tied to that government's trigger; the untied one counts for the United States.
    """
    start, months = "2009-01", 192
    others = [name for name in Facts.default().governments if name != SENDER]
    severity, up = np.zeros((months + WINDOW, len(others))), np.zeros((months, len(others)))
    dates = {row["id"]: row["date"] for row in load_table("timeline")}
    for row in load_table("triggers").where(in_sample="yes"):
        column, first = others.index(row["provoker"]), month_index(start, row["date"])
        severity[first : first + WINDOW, column] = np.maximum(
            severity[first : first + WINDOW, column], row["severity"]
        )
        if row["measure"] and month_index(start, dates[row["measure"]]) < months:
            up[month_index(start, dates[row["measure"]]), column] = 1.0
    for date in UNTIED:
        up[month_index(start, date), others.index("United States")] = 1.0
    able = np.full(months, float(load_table("capability").rows[0]["level"]))
    for when, level in laws(Facts.default(), start):
        able[max(when, 0) :] = np.maximum(able[max(when, 0) :], level)
    strikes = {row["government"]: row["counter_leverage"] for row in load_table("counter_leverage")}
    scores = (
        np.array([-weight_retaliation * strikes[name] for name in others])
        - weight_future * 0.08
        + hazard_power * np.log(0.35)
    )
    x = np.stack(
        [np.ones_like(up), severity[:months], np.broadcast_to(able[:, None], up.shape)], axis=-1
    ).reshape(-1, 3)
    y, offset = up.reshape(-1), np.broadcast_to(scores, up.shape).reshape(-1)
    b, penalty = np.array([-5.0, 1.0, 1.0]), np.diag([0.0, ridge, ridge])
    for _ in range(100):
        chance = 1.0 / (1.0 + np.exp(-(x @ b + offset)))
        bend = x.T @ (x * (chance * (1.0 - chance))[:, None]) + penalty
        b = b + np.linalg.solve(bend, x.T @ (y - chance) - penalty @ b)
    error = np.sqrt(np.diag(np.linalg.inv(bend)))
    return {
        name: (float(b[i]), float(error[i]))
        for i, name in enumerate(("hazard_base", "hazard_trigger", "hazard_capability"))
    }


def report(seeds: Sequence[int] = tuple(range(1, 17))) -> list[dict[str, Any]]:
    """Every row of hazard_test.csv with its value, the record's beside it, the cases behind it, and
    whether it passes.
    """
    found = []
    for year, months, last in (("2009", 192, "2024-12"), ("2024", 30, "2026-06")):
        rows = model_panel(f"{year}-01", months, last, seeds)
        record = record_panel(f"{year}-01", months)
        found += [_ratio_test(year, rows, record), _level_test(year, rows, record)]
    guesses = leave_one_out(cases(), default_temper())
    for name, sample in (("instrument-loo", True), ("instrument-out", False)):
        chosen = [row for row in guesses if row["in_sample"] == sample]
        found.append(_instrument_test(name, chosen))
    return found


def _row(
    name: str, value: float, record: float, passes: bool, cases_behind: float
) -> dict[str, Any]:
    """A row of the report, with the threshold that was written down for it."""
    return {
        "id": name,
        "value": value,
        "record": record,
        "threshold": _threshold(name),
        "passes": passes,
        "cases": cases_behind,
    }


def _threshold(name: str) -> Any:
    """The threshold of a test: a number, or `inside`."""
    return next(row["threshold"] for row in load_table("hazard_test") if row["id"] == name)


def _ratio_test(
    year: str, rows: Sequence[Mapping[str, float]], record: Mapping[str, float]
) -> dict[str, Any]:
    """Whether the sender tightens more often after a trigger than without, over all seeds."""
    name = f"hazard-ratio-{year}"
    pooled = {count: sum(row[count] for row in rows) for count in rows[0]}
    ratio = ratio_of(pooled)[2]
    behind = pooled["after"] + pooled["without"]
    return _row(name, ratio, ratio_of(record)[2], ratio > float(_threshold(name)), behind)


def _level_test(
    year: str, rows: Sequence[Mapping[str, float]], record: Mapping[str, float]
) -> dict[str, Any]:
    """Whether the record's count of measures lies among those of the seeds."""
    counts = [row["after"] + row["without"] for row in rows]
    low, high = np.quantile(counts, (0.05, 0.95))
    happened = record["after"] + record["without"]
    inside = bool(low <= happened <= high)
    return _row(f"hazard-level-{year}", float(np.median(counts)), happened, inside, happened)


def _instrument_test(name: str, guesses: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How many instruments more the rule guesses right than the constant guess does."""
    hits = sum(row["rule"] == row["documented"] for row in guesses)
    gain = hits - sum(row["constant"] == row["documented"] for row in guesses)
    passes = gain >= float(_threshold(name))
    return _row(name, float(gain), float(hits), passes, float(len(guesses)))


def default_temper() -> sender.Temper:
    """The weights of the shipped parameters."""
    return temper_of(load_parameters().defaults())
