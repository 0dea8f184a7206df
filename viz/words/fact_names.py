"""Names and numbers of the tables of facts as they stand in their sentences (fact_text.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from coercivity.viz.words.names import in_sentence
from coercivity.viz.words.record_text import the

Row = Mapping[str, Any]
Teller = Callable[[Row], str]
PROCESS: Final[Mapping[str, str]] = {  # a process as something that is done
    "mine_light": "mining of light ore",
    "mine_heavy": "leaching of ionic clay",
    "separate_light": "separation of light concentrate",
    "separate_heavy": "separation of heavy concentrate",
    "make_metal": "making of NdPr metal",
    "make_magnet_standard": "making of standard magnets",
    "make_magnet_heat_resistant": "making of heat-resistant magnets",
    "make_magnet_smco": "making of samarium-cobalt magnets",
    "make_motor_standard": "assembly of motors with standard magnets",
    "make_motor_heat_resistant": "assembly of motors with heat-resistant magnets",
}
SECTOR: Final[Mapping[str, str]] = {
    "automotive": "cars",
    "ev_drivetrains": "electric drivetrains",
    "wind": "wind turbines",
    "electronics": "electronics",
    "industrial": "industrial motors",
    "appliances": "appliances",
    "aerospace_defence": "aerospace and defence",
    "semiconductors_ceramics": "semiconductors and ceramics",
    "catalysts_glass": "catalysts and glass",
}
ELEMENTS: Final = ("La", "Ce", "NdPr", "SEG", "Dy", "Tb", "Y")
UNITS: Final[Mapping[str, str]] = {
    "t/y": "t a year",
    "t product/y": "t of product a year",
    "t REO/y": "t of oxide a year",
}
PRICED: Final[Mapping[str, str]] = {
    "concentrate": "a concentrate",
    "commodity": "a commodity",
    "manufactured": "something manufactured",
}


def number(value: float) -> str:
    """A number with at most four digits; thousands with commas."""
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.4g}"


def percent(share: float) -> str:
    """A share in per cent."""
    return f"{100.0 * share:.3g}%"


def between(row: Row, unit: str = "") -> str:
    """' (between 4,000 and 15,000)' of a row with a range, else nothing."""
    if row.get("low") is None or row.get("high") is None:
        return ""
    return f" (between {number(row['low'])} and {number(row['high'])}{unit})"


def does(name: str) -> str:
    """A process or a sector in words."""
    return PROCESS.get(name) or SECTOR.get(name) or ("any use" if name == "All" else words(name))


def words(name: str) -> str:
    """A name of a table without its underscores."""
    return name.replace("_", " ").strip()


def good(name: str) -> str:
    """A good in a sentence."""
    return "any good" if name == "All" else in_sentence(name)


def place(state: str) -> str:
    """Where something is, in words."""
    special = {"All": "everywhere", "Other": "elsewhere", "Outside China": "outside China"}
    return special.get(state, "in the world" if state == "World" else f"in {the(state)}")


def counted(value: float, noun: str) -> str:
    """'1 month', '0.5 months'."""
    return f"{number(value)} {noun}{'' if value == 1 else 's'}"


def joined(*parts: str) -> str:
    """What there is of some parts, with semicolons between."""
    return "; ".join(part for part in parts if part)
