"""Rows of a visitor's own over shipped tables, in words: what each is, what ships, what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from coercivity.experiments.lab.own_rows import own_rows
from coercivity.model.basis.facts import Row
from coercivity.model.basis.overlay import key_of
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.words.names import in_sentence

NOTHING: Final = "none"
_HOLDERS: Final = {  # who holds stocks of what it takes in, by process or sector
    "mine_light": "mines of light ore",
    "mine_heavy": "mines of ionic clay",
    "separate_light": "separators of light ore",
    "separate_heavy": "separators of heavy ore",
    "make_metal": "makers of metal",
    "make_magnet_standard": "makers of standard magnets",
    "make_magnet_heat_resistant": "makers of heat-resistant magnets",
    "make_magnet_smco": "makers of SmCo magnets",
    "make_motor_standard": "makers of motors with standard magnets",
    "make_motor_heat_resistant": "makers of motors with heat-resistant magnets",
    "automotive": "makers of cars",
    "ev_drivetrains": "makers of EV drivetrains",
    "wind": "makers of wind turbines",
    "electronics": "makers of electronics",
    "industrial": "makers of industrial motors and robots",
    "appliances": "makers of appliances",
    "aerospace_defence": "makers of aircraft and arms",
    "semiconductors_ceramics": "makers of chips and ceramics",
    "catalysts_glass": "makers of catalysts and glass",
}
_DOES: Final = {  # what a plant does, by process
    "mine_light": "mines light ore",
    "mine_heavy": "leaches ionic clay",
    "separate_light": "separates light ore",
    "separate_heavy": "separates heavy ore",
    "make_metal": "makes metal",
    "make_magnet_standard": "makes standard magnets",
    "make_magnet_heat_resistant": "makes heat-resistant magnets",
    "make_magnet_smco": "makes SmCo magnets",
    "make_motor_standard": "makes motors with standard magnets",
    "make_motor_heat_resistant": "makes motors with heat-resistant magnets",
}


@dataclass(frozen=True)
class OwnSaid:
    """An own row in words; table and key name it, for who takes it back."""

    table: str
    key: tuple[str, ...]
    what: str
    shipped: str
    here: str
    beside: str  # what ships, as it stands behind what holds here


def said_rows(scenario: Scenario) -> tuple[OwnSaid, ...]:
    """Own rows of a scenario in words, in its order."""
    return tuple(_said(*found) for found in own_rows(scenario))


def how_many(count: int) -> str:
    """How many rows differ from the shipped ones, as a sentence; none is said too."""
    if count == 0:
        return "All rows are the shipped ones."
    if count == 1:
        return "One row differs from the shipped ones."
    return f"{count} rows differ from the shipped ones."


def told_rows(rows: Sequence[OwnSaid], most: int) -> tuple[OwnSaid, ...]:
    """Of many rows the first few, and how many more there are as the last."""
    if len(rows) <= most:
        return tuple(rows)
    left = len(rows) - most + 1
    more = OwnSaid("", (), "Further rows of tables", "", f"{left} rows of your own", "")
    return (*rows[: most - 1], more)


def _said(name: str, row: Row, shipped: Row | None) -> OwnSaid:
    ships = NOTHING if shipped is None else _value(name, shipped)
    return OwnSaid(
        name,
        tuple(map(str, key_of(name, row))),
        _what(name, row),
        ships,
        _value(name, row),
        "not among the shipped rows" if shipped is None else f"ships as {ships}",
    )


def _what(name: str, row: Row) -> str:
    """What a row is about."""
    if name == "cover":
        place = "all states" if row["state"] == "All" else row["state"]
        return f"Months of stock, {_HOLDERS[row['kind']]} in {place}"
    if name == "trade_prior":
        return (
            f"Share of {row['origin']} in the {in_sentence(row['good'])} that "
            f"{row['destination']} buys"
        )
    if name == "projects":
        return f"Plant {row['name']}, {_DOES[row['process']]} in {row['state']}"
    return f"Table {name}, {', '.join(map(str, key_of(name, row)))}"


def _value(name: str, row: Row) -> str:
    """What a row says."""
    if name == "cover":
        low, median, high = (row[f"months_{part}"] for part in ("low", "median", "high"))
        if median == 1.0:
            return f"1 month ({low:.3g} to {high:.3g})"
        return f"{median:.3g} months ({low:.3g} to {high:.3g})"
    if name == "trade_prior":
        return f"{100.0 * row['share']:.3g}% at the start"
    if name == "projects":
        lent = ", a state lends to it" if row["patient"] else ""
        return f"{row['tonnes_per_year']:,.0f} t a year from {row['first_month']}{lent}"
    return ", ".join(
        f"{column} {value}" for column, value in row.items() if value not in ("", None)
    )
