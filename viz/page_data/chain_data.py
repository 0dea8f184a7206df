"""The chain page's data: flows from mine to product between state groups, by quarter, as one JSON
document.

    {scenario, title, seed, version, state, words: {state}, element,
     elements: [{id, label}], view: world|into, periods: [{label, from, to}], look_at,
     groups: [{label, states, named}], stages: [{id, label, sends}], separators: [id],
     flows: [{from: [stage, group], to: [stage, group], separated: index of separators,
       tonnes: [one a period]}],
     balance: [{stage, bought: [...], used, made, sent}],
     left_out: largest share of any stage's flow that is not listed,
     facts: what the tables say of China's shares, in words}

Tonnes are t of rare-earth oxide (t REO) of the element, summed over the quarter. view `into`: only
the part of each flow that ends with firms of the state.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from coercivity.experiments.quantities.headlines import focal_date, focal_event
from coercivity.experiments.quantities.stage_shares import STEPS, shares
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.errors import InputError, unknown_value_error
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.results.chain import Chain, chain
from coercivity.model.results.result import Result
from coercivity.viz.words.language import Name, list_names, noted, say
from coercivity.viz.words.range_text import number_in_words

QUARTER: Final = 3
DIGITS: Final = 5
DUST: Final = 2e-4  # flows below this part of their stage's flow in every period are not listed
SUPPLIER: Final = "China"
# the start with the fullest facts: in that of 2026 ore that is piled up in the United States is not
# mined
FACTS: Final = "2024-01"
VIEWS: Final = ("world", "into")
GROUPS: Final[tuple[tuple[str, ...], ...]] = (  # of states; the EU is its states
    ("China",),
    ("Japan",),
    ("United States",),
    ("EU",),
    ("South Korea", "Taiwan"),
    ("Australia", "Malaysia"),
    ("Myanmar", "Thailand", "Vietnam"),
)
OTHERS: Final = noted("Others")  # all states that are in none of these
ELEMENT_LABELS: Final = {
    "all": noted("All rare earths"),
    "NdPr": noted("Neodymium, praseodymium"),
    "Dy": noted("Dysprosium"),
    "Tb": noted("Terbium"),
    "SEG": noted("Samarium, europium, gadolinium"),
    "Y": noted("Yttrium"),
    "La": noted("Lanthanum"),
    "Ce": noted("Cerium"),
}
STAGE_LABELS: Final = {
    "mining": (noted("Mining"), noted("concentrate")),
    "separation": (noted("Separation"), noted("oxides")),
    "metal": (noted("Metal"), noted("metal")),
    "magnet": (noted("Magnets"), noted("magnets")),
    "assembly": (noted("Assemblies"), noted("motors")),
    "end_use": (noted("End use"), ""),
}
NOT_YET: Final = "Not separated yet"


def chain_data(
    result: Result, state: str = "Japan", element: str = "all", view: str = "world"
) -> dict[str, Any]:
    """Everything that the chain page draws of one history, in the form above.

    Raises InputError for a choice that is not known.
    """
    facts = result.facts
    elements = element_labels(facts)
    for what, name, options in (
        ("state", state, facts.states),
        ("element", element, tuple(elements)),
        ("view", view, VIEWS),
    ):
        if name not in options:
            raise unknown_value_error(what, name, options)
    if result.records is None:
        raise InputError("this run did not record", "run it with record=True")
    groups = groups_for(facts, state)
    place = [next(k for k, group in enumerate(groups) if name in group) for name in facts.states]
    flows = chain(result.records, facts.elements if element == "all" else (element,), place)
    tonnes = flows.tonnes if view == "world" else flows.through(place[facts.state_row[state]])
    separators = list(dict.fromkeys((SUPPLIER, state, "Others", NOT_YET)))
    return {
        "scenario": result.scenario.name,
        "title": say(result.scenario.title) if result.scenario.title else result.scenario.name,
        "seed": int(result.seed),
        "version": result.version,
        "state": state,
        "words": {"state": f"{Name(state)}"},
        "element": element,
        "elements": [{"id": name, "label": say(label)} for name, label in elements.items()],
        "view": view,
        "periods": periods(result.months),
        "look_at": look_at(result),
        "groups": [
            {
                "label": label(facts, group),
                "states": list(group),
                "named": list_names(map(say, group)),
            }
            for group in groups
        ],
        "stages": [
            {"id": name, "label": say(here), "sends": say(sends) if sends else ""}
            for name, (here, sends) in STAGE_LABELS.items()
        ],
        "separators": separators,
        **_flows(
            flows,
            tonnes,
            [separator(group, state, separators) for group in groups],
            separators.index(NOT_YET),
        ),
        "balance": _balances(flows),
        "facts": facts_in_words(facts),
    }


def facts_in_words(facts: Facts) -> str:
    """What the tables say of China's shares, beside what a quarter of a history shows."""
    mined, separated, magnets = (
        number_in_words(dict(shares(facts, processes, FACTS))[SUPPLIER], "share")
        for processes in STEPS.values()
    )
    return say(
        "These are shares of what each stage sends on in one quarter of one history. On record, "
        "at the start of {year}, {exporter} mined {mined} of the world's tonnes, separated "
        "{separated} and made {magnets} of the magnets (the project's reckoning).",
        year=FACTS[:4],
        exporter=Name(SUPPLIER),
        mined=mined,
        separated=separated,
        magnets=magnets,
    )


def element_labels(facts: Facts) -> dict[str, str]:
    """What each element is called, and all of them together; one of a data folder by its table."""
    told = {str(row["element"]): str(row["description"]) for row in facts.table("elements")}
    own = {name: words.capitalize() for name, words in told.items() if name not in ELEMENT_LABELS}
    return ELEMENT_LABELS | own


def named_groups(facts: Facts) -> dict[tuple[str, ...], str]:
    """States that are called together by a name: the EU's, and those in no group."""
    told = {state for group in GROUPS for name in group for state in facts.states_of(name)}
    return {
        facts.eu_states: "EU",
        tuple(state for state in facts.states if state not in told): OTHERS,
    }


def groups_for(facts: Facts, state: str) -> tuple[tuple[str, ...], ...]:
    """State groups in which the state that is looked at stands alone."""
    groups: list[tuple[str, ...]] = []
    eu, others = named_groups(facts)
    for group in (*(eu if one == ("EU",) else one for one in GROUPS), others):
        if state not in group or len(group) == 1:
            groups.append(group)
        else:
            groups += [(state,), tuple(name for name in group if name != state)]
    return tuple(groups)


def label(facts: Facts, group: Sequence[str]) -> str:
    """A group in words: its name, or its states."""
    for whole, name in named_groups(facts).items():
        if set(group) == set(whole):
            return say(name)
        if len(group) > 1 and set(group) < set(whole):
            if name != "EU":
                return say(name)
            (without,) = set(whole) - set(group)
            return say("{group} without {state}", group=say(name), state=say(without))
    *others, last = map(say, group)
    return say("{first} and {second}", first=list_names(others), second=last) if others else last


def separator(group: Sequence[str], state: str, separators: Sequence[str]) -> int:
    """Which of the separators a group counts under."""
    return separators.index(
        group[0] if len(group) == 1 and group[0] in (SUPPLIER, state) else "Others"
    )


def periods(months: Sequence[str]) -> list[dict[str, str]]:
    """Quarters of the run with first and last month; the last may be shorter."""
    starts = range(0, len(months), QUARTER)
    parts = [months[start : start + QUARTER] for start in starts]
    return [
        {"label": f"{part[0][:4]} Q{(int(part[0][5:]) + 2) // 3}", "from": part[0], "to": part[-1]}
        for part in parts
    ]


def look_at(result: Result) -> int:
    """Period that is marked at first: the focal measure's, or the last where nothing happens."""
    last = (len(result.months) - 1) // QUARTER
    if focal_event(result.scenario, result.months) is None:
        return last
    return min(
        last,
        max(
            0, month_index(result.months[0], focal_date(result.scenario, result.months)) // QUARTER
        ),
    )


def _flows(
    flows: Chain, tonnes: np.ndarray, counts_as: Sequence[int], not_yet: int
) -> dict[str, Any]:
    """Flows by separator that counts, by quarter, without dust."""
    source, target, n = flows.source, flows.target, flows.places
    by = np.array([*counts_as, not_yet])[flows.separated]
    keys, row_of = np.unique(np.column_stack([source, target, by]), axis=0, return_inverse=True)
    sums = by_quarter(_sum(tonnes, row_of.reshape(-1), len(keys)))
    stage = keys[:, 0] // n
    total = np.array([sums[:, stage == s].sum(axis=1) for s in range(len(STAGES))]).T
    share = np.divide(sums, total[:, stage], out=np.zeros_like(sums), where=total[:, stage] > 0)
    large = share.max(axis=0) >= DUST if len(keys) else np.zeros(0, dtype=bool)
    dropped = np.array([share[:, ~large & (stage == s)].sum(axis=1) for s in range(len(STAGES))])
    return {
        "flows": [
            {
                "from": [int(a) // n, int(a) % n],
                "to": [int(b) // n, int(b) % n],
                "separated": int(c),
                "tonnes": _round_values(sums[:, k]),
            }
            for k, (a, b, c) in enumerate(keys)
            if large[k]
        ],
        "left_out": float(f"{dropped.max():.2g}") if dropped.size else 0.0,
    }


def _balances(flows: Chain) -> list[dict[str, Any]]:
    """Of each stage, all places together: bought, used, made, sent, by quarter."""
    rows = []
    for stage, name in enumerate(STAGES):
        places = slice(stage * flows.places, (stage + 1) * flows.places)
        rows.append(
            {
                "stage": name,
                **{
                    what: _round_values(
                        by_quarter(values[:, places].sum(axis=1, keepdims=True))[:, 0]
                    )
                    for what, values in flows.balance.items()
                },
            }
        )
    return rows


def by_quarter(monthly: np.ndarray) -> np.ndarray:
    """Sums of three months in a row."""
    return np.add.reduceat(monthly, np.arange(0, len(monthly), QUARTER), axis=0)


def _sum(values: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Columns summed by group."""
    out = np.zeros((values.shape[0], groups))
    np.add.at(out.T, group, values.T)
    return out


def _round_values(values: np.ndarray) -> list[float]:
    return [float(f"{value:.{DIGITS}g}") for value in values]
