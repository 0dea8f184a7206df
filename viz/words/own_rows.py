"""Rows of a visitor's own over shipped tables, in words: what each is, what ships, what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Final, TypeAlias

from coercivity.experiments.lab.own_rows import own_rows
from coercivity.model.basis.csv_tables import Row
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.overlay import OWN_TABLES, key_of
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.language import Name, noted, numeral, say, says
from coercivity.viz.words.names import named_in_sentence

Found: TypeAlias = tuple[str, Row, Row | None]  # a table, an own row, the shipped one
NOTHING: Final = noted("none")
_HOLDERS: Final = {  # who holds stocks of what it takes in, by process or sector
    "mine_light": noted("mines of light ore"),
    "mine_heavy": noted("mines of ionic clay"),
    "separate_light": noted("separators of light ore"),
    "separate_heavy": noted("separators of heavy ore"),
    "make_metal": noted("makers of metal"),
    "make_magnet_standard": noted("makers of standard magnets"),
    "make_magnet_heat_resistant": noted("makers of heat-resistant magnets"),
    "make_magnet_smco": noted("makers of SmCo magnets"),
    "make_motor_standard": noted("makers of motors with standard magnets"),
    "make_motor_heat_resistant": noted("makers of motors with heat-resistant magnets"),
    "automotive": noted("makers of cars"),
    "ev_drivetrains": noted("makers of EV drivetrains"),
    "wind": noted("makers of wind turbines"),
    "electronics": noted("makers of electronics"),
    "industrial": noted("makers of industrial motors and robots"),
    "appliances": noted("makers of appliances"),
    "aerospace_defence": noted("makers of aircraft and arms"),
    "semiconductors_ceramics": noted("makers of chips and ceramics"),
    "catalysts_glass": noted("makers of catalysts and glass"),
}
_DOES: Final = {  # what a plant does, by process
    "mine_light": noted("mines light ore"),
    "mine_heavy": noted("leaches ionic clay"),
    "separate_light": noted("separates light ore"),
    "separate_heavy": noted("separates heavy ore"),
    "make_metal": noted("makes metal"),
    "make_magnet_standard": noted("makes standard magnets"),
    "make_magnet_heat_resistant": noted("makes heat-resistant magnets"),
    "make_magnet_smco": noted("makes SmCo magnets"),
    "make_motor_standard": noted("makes motors with standard magnets"),
    "make_motor_heat_resistant": noted("makes motors with heat-resistant magnets"),
}


@dataclass(frozen=True)
class OwnRowWords:
    """An own row in words; table and key name it, for who takes it back."""

    table: str
    key: tuple[str, ...]
    what: str
    shipped: str
    here: str
    beside: str  # what ships, as it stands behind what holds here


def own_rows_in_words(scenario: Scenario) -> tuple[OwnRowWords, ...]:
    """Own rows of a scenario in words, in its order."""
    return tuple(_own_row_in_words(*found) for found in own_rows(scenario))


def how_many(count: int) -> str:
    """How many rows differ from the shipped ones, as a sentence; none is said too."""
    if count == 0:
        return say("All rows are the shipped ones.")
    return says(
        "{count} row differs from the shipped ones.",
        "{count} rows differ from the shipped ones.",
        count,
    )


MOST_ROWS: Final = 6  # own rows that are told one by one


ALIKE: Final = 3  # stocks of a state that are set to the same and told as one
_DOWNWARDS: Final = {stage: -at for at, stage in enumerate(STAGES)}  # the last of the chain first
_NUMBERS: Final = {  # what a row sets
    "cover": "months_median",
    "trade_prior": "share",
    "projects": "tonnes_per_year",
}


def telling_rows(scenario: Scenario, state: str, most: int) -> tuple[OwnRowWords, ...]:
    """Own rows in words, the most telling first and at most so many: those of the state before
    others, downstream before upstream, the largest change first. Stocks of a state that are set to
    the same are one row; how many rows are left stands in the last.
    """
    found = sorted(own_rows(scenario), key=lambda one: _order(state, *one))
    alike: dict[tuple[Any, ...], list[Found]] = {}
    for one in found:
        alike.setdefault(_grouping_key(*one), []).append(one)
    groups = [
        held
        for group in alike.values()
        for held in ([group] if len(group) >= ALIKE else [[one] for one in group])
    ]
    shown = groups if len(groups) <= most else groups[: most - 1]
    told = [_merge_stocks(group) if group[1:] else _own_row_in_words(*group[0]) for group in shown]
    if left := len(found) - sum(map(len, shown)):
        what = says("and {count} more row", "and {count} more rows", left)
        told.append(OwnRowWords("", (), what, "", say("in the scenario file"), ""))
    return tuple(told)


def _order(state: str, name: str, row: Row, shipped: Row | None) -> tuple[bool, int, float]:
    """The state looked at first, then what stands last in the chain, then the largest change."""
    facts = Facts.default()
    stage = (
        facts.good_stage[row["good"]]
        if name == "trade_prior"
        else facts.process_stage.get(str(row.get("process") or row.get("kind")), STAGES[-1])
    )
    return (
        row[OWN_TABLES[name].of_state] != state,
        _DOWNWARDS[stage],
        -_relative_change(name, row, shipped),
    )


def _relative_change(name: str, row: Row, shipped: Row | None) -> float:
    """How far a row is from the shipped one, as a part of that."""
    column = _NUMBERS.get(name, "")
    if shipped is None or not shipped.get(column):
        return inf
    return float(abs(row[column] / shipped[column] - 1.0))


def _grouping_key(name: str, row: Row, shipped: Row | None) -> tuple[Any, ...]:
    """What stocks that are told as one have in common; a row of its own for all else."""
    if name == "cover" and shipped is not None:
        return name, row["state"], row["months_median"]
    return name, *key_of(Facts.default(), name, row)


def _merge_stocks(group: Sequence[Found]) -> OwnRowWords:
    """Stocks of a state that are set to the same, as one row."""
    _, first, _ = group[0]
    ships = sorted(shipped["months_median"] for _, _, shipped in group if shipped is not None)
    low, high = (numeral(f"{value:.3g}") for value in (ships[0], ships[-1]))
    who, others = say(_HOLDERS[first["kind"]]), len(group) - 1
    where = Name(first["state"])
    if first["state"] == "All":
        what = say(
            "Months of stock, {who} and {count} other industries in all states",
            who=who,
            count=others,
        )
    else:
        what = say(
            "Months of stock, {who} and {count} other industries in {state}",
            who=who,
            count=others,
            state=where,
        )
    shipped = _months(low if low == high else say("{low} to {high}", low=low, high=high))
    here = _months(numeral(f"{first['months_median']:.3g}"))
    return OwnRowWords("cover", (), what, shipped, here, say("ships as {value}", value=shipped))


def _months(number: str) -> str:
    """So many months, as a number or a span of numbers."""
    wording = noted("{number} month") if number == "1" else noted("{number} months")
    return say(wording, number=number)


def _own_row_in_words(name: str, row: Row, shipped: Row | None) -> OwnRowWords:
    ships = say(NOTHING) if shipped is None else _value(name, shipped)
    if shipped is None:
        beside = say("not among the shipped rows")
    else:
        beside = say("ships as {value}", value=ships)
    key = tuple(map(str, key_of(Facts.default(), name, row)))
    return OwnRowWords(name, key, _row_subject(name, row), ships, _value(name, row), beside)


def _row_subject(name: str, row: Row) -> str:
    """What a row is about."""
    if name == "cover":
        who = say(_HOLDERS[row["kind"]])
        if row["state"] == "All":
            return say("Months of stock, {who} in all states", who=who)
        return say("Months of stock, {who} in {state}", who=who, state=Name(row["state"]))
    if name == "trade_prior":
        return say(
            "Share of {origin} in the {good} that {state} buys",
            origin=Name(row["origin"]),
            good=named_in_sentence(row["good"]),
            state=Name(row["destination"]),
        )
    return say(
        "Plant {name}, {does} in {state}",
        name=row["name"],
        does=say(_DOES[row["process"]]),
        state=Name(row["state"]),
    )


def _value(name: str, row: Row) -> str:
    """What a row says."""
    if name == "cover":
        low, median, high = (
            numeral(f"{row[f'months_{part}']:.3g}") for part in ("low", "median", "high")
        )
        parts = {"low": low, "median": median, "high": high}
        if median == "1":
            return say("{median} month ({low} to {high})", **parts)
        return say("{median} months ({low} to {high})", **parts)
    if name == "trade_prior":
        return say("{share}% at the start", share=numeral(f"{100.0 * row['share']:.3g}"))
    tonnes, month = numeral(f"{row['tonnes_per_year']:,.0f}"), date_in_words(row["first_month"])
    if row["patient"]:
        return say(
            "{tonnes} t a year from {month}, a state lends to it", tonnes=tonnes, month=month
        )
    return say("{tonnes} t a year from {month}", tonnes=tonnes, month=month)
