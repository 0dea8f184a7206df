"""Names and numbers of the tables of facts as they stand in their sentences (fact_text.py), in the
language that is spoken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from coercivity.model.basis.facts import Facts
from coercivity.viz.words.language import Name, noted, numeral, say, says, semicolons
from coercivity.viz.words.money import millions
from coercivity.viz.words.names import in_sentence, place_names

Row = Mapping[str, Any]
Teller = Callable[[Row], str]
PROCESS: Final[Mapping[str, str]] = {  # a process as something that is done
    "mine_light": noted("mining of light ore"),
    "mine_heavy": noted("leaching of ionic clay"),
    "separate_light": noted("separation of light concentrate"),
    "separate_heavy": noted("separation of heavy concentrate"),
    "make_metal": noted("making of NdPr metal"),
    "make_magnet_standard": noted("making of standard magnets"),
    "make_magnet_heat_resistant": noted("making of heat-resistant magnets"),
    "make_magnet_smco": noted("making of samarium-cobalt magnets"),
    "make_motor_standard": noted("assembly of motors with standard magnets"),
    "make_motor_heat_resistant": noted("assembly of motors with heat-resistant magnets"),
}
SECTOR: Final[Mapping[str, str]] = {
    "automotive": noted("cars"),
    "ev_drivetrains": noted("electric drivetrains"),
    "wind": noted("wind turbines"),
    "electronics": noted("electronics"),
    "industrial": noted("industrial motors"),
    "appliances": noted("appliances"),
    "aerospace_defence": noted("aerospace and defence"),
    "semiconductors_ceramics": noted("semiconductors and ceramics"),
    "catalysts_glass": noted("catalysts and glass"),
}
ELEMENTS: Final = ("La", "Ce", "NdPr", "SEG", "Dy", "Tb", "Y")
UNITS: Final[Mapping[str, str]] = {  # as they stand after a number
    "t/y": noted("t a year"),
    "t product/y": noted("t of product a year"),
    "t REO/y": noted("t of oxide a year"),
    "t REO": noted("t of oxide"),
    "t": noted("t"),
    "kg": noted("kg"),
    "months": noted("months"),
    "months of base": noted("months of base"),
    "buyers": noted("buyers"),
    "days": noted("days"),
    "documents": noted("documents"),
    "firms": noted("firms"),
    "licences a year": noted("licences a year"),
    "share of a year before, by value": noted("share of a year before, by value"),
    "share of firms": noted("share of firms"),
    "shipments": noted("shipments"),
    "working days": noted("working days"),
    "share": noted("share"),
}
PRICED: Final[Mapping[str, str]] = {
    "concentrate": noted("a concentrate"),
    "commodity": noted("a commodity"),
    "manufactured": noted("something manufactured"),
}


def number(value: float) -> str:
    """A number with at most four digits; thousands in groups."""
    return numeral(f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.4g}")


def figure(value: float) -> str:
    """A number as a table has it."""
    return numeral(f"{value:g}")


def percent(share: float) -> str:
    """A share in per cent."""
    return say("{number}%", number=numeral(f"{100.0 * share:.3g}"))


def range_in_brackets(row: Row) -> str:
    """' (between 4,000 and 15,000)' of a row with a range, else nothing."""
    if row.get("low") is None or row.get("high") is None:
        return ""
    return say(" (between {low} and {high})", low=number(row["low"]), high=number(row["high"]))


def process_name(name: str) -> str:
    """A process or a sector in words."""
    if name == "All":
        return say("any use")
    return say(PROCESS.get(name) or SECTOR.get(name) or words(name))


def words(name: str) -> str:
    """A name of a table without its underscores."""
    return name.replace("_", " ").strip()


def good_in_sentence(name: str) -> str:
    """A good in a sentence."""
    return say("any good") if name == "All" else say(in_sentence(name))


def place(state: str) -> Name:
    """Where something is: {place:in} is the whole of it, 'in Japan' or 'everywhere'."""
    return Name(state)


def actor_name(actor: str) -> str:
    """Somebody who acts: a state as it is called, anybody else as the table writes him."""
    return say(actor) if actor in place_names(Facts.default()) else actor


def number_with_unit(value: float, unit: str) -> str:
    """A number with its unit."""
    if unit == "%":
        return say("{number}%", number=number(value))
    return say("{number} {unit}", number=number(value), unit=say(UNITS.get(unit, unit)))


def sum_of(value: float) -> str:
    """A sum of USD million as a table has it, with at most four digits."""
    return millions(value, 0 if value >= 1000.0 else 4)


def months(value: float) -> str:
    """'1 month', '0.5 months'."""
    if value == 1:
        return says("{count} month", "{count} months", 1)
    return say("{number} months", number=number(value))


def join_parts(*parts: str) -> str:
    """What there is of some parts, with semicolons between."""
    return semicolons(part for part in parts if part)
