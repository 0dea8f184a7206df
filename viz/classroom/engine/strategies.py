"""How simulated people are minded: for each seat a few written strategies of the kind that a class
comes up with, as urges to play a card and to make a deal. All numbers are assumed; they are there
for a rehearsal to look like a class, and are fitted to nothing.

appetite for a card = always + hit (China's measures bear on it) + struck (others struck back at
China in the round before) + early (first two rounds) + late (last two), each where it holds
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Inclination:
    """How much somebody is inclined to play a card (0-1 and above), by what the situation is."""

    always: float = 0.0
    hit: float = 0.0
    struck: float = 0.0
    early: float = 0.0
    late: float = 0.0


@dataclass(frozen=True)
class Mood:
    """A way to play a seat: urges by card, the chance of a round in which a deal is offered by its
    kind, and how easily a deal is broken (0-1).
    """

    name: str
    cards: Mapping[str, Inclination]
    deals: Mapping[str, float] = field(default_factory=dict)
    treachery: float = 0.05


_HAWK: Final = Mood(
    "hawkish",
    {
        "threat": Inclination(0.2, early=0.6),
        "wider_licensing": Inclination(0.5, struck=0.2),
        "dual_use_ban": Inclination(0.4, struck=0.4),
        "entity_list": Inclination(0.4, struck=0.4),
        "blanket_ban": Inclination(0.25, struck=0.7),
        "suspend": Inclination(0.05),
    },
    {"truce": 0.25, "licences": 0.5},
    0.5,
)
_CALM: Final = Mood(
    "calm",
    {
        "threat": Inclination(0.2, early=0.2),
        "general_licence": Inclination(0.5),
        "suspend": Inclination(0.4, late=0.2),
        "wider_licensing": Inclination(0.15, struck=0.5),
        "entity_list": Inclination(0.1, struck=0.4),
    },
    {"truce": 0.8, "licences": 0.4},
    0.1,
)
_TRADER: Final = Mood(
    "pressing, then selling",
    {
        "threat": Inclination(0.2, early=0.7),
        "wider_licensing": Inclination(0.2, early=0.5, struck=0.3),
        "dual_use_ban": Inclination(0.1, early=0.4, struck=0.5),
        "entity_list": Inclination(0.2, struck=0.3),
        "general_licence": Inclination(0.2, late=0.5),
        "suspend": Inclination(0.2, late=0.6),
    },
    {"truce": 0.5, "licences": 0.8},
    0.25,
)
_STORER: Final = Mood(
    "storing",
    {
        "stock": Inclination(0.7, hit=0.3, early=0.4),
        "loan": Inclination(0.35),
        "steer": Inclination(0.3, hit=0.3),
        "price_floor": Inclination(0.2),
        "dispute": Inclination(0.05, hit=0.3),
        "concession": Inclination(0.05, hit=0.1),
    },
    {"truce": 0.5, "cost_share": 0.4, "licences": 0.1},
)
_STEERER: Final = Mood(
    "steering away",
    {
        "steer": Inclination(0.8),
        "loan": Inclination(0.6),
        "coalition": Inclination(0.5, early=0.3),
        "price_floor": Inclination(0.4),
        "stock": Inclination(0.3, early=0.3),
        "strike_back": Inclination(0.05, hit=0.2),
    },
    {"cost_share": 0.6, "offtake": 0.5, "truce": 0.3},
)
_DEFIANT: Final = Mood(
    "defiant",
    {
        "strike_back": Inclination(0.15, hit=0.6),
        "dispute": Inclination(0.2, hit=0.6),
        "stock": Inclination(0.4, early=0.3),
        "coalition": Inclination(0.5),
        "steer": Inclination(0.4, hit=0.3),
    },
    {"cost_share": 0.5, "truce": 0.15},
    0.3,
)
_GIVER: Final = Mood(
    "giving way",
    {
        "concession": Inclination(0.15, hit=0.8),
        "stock": Inclination(0.6, early=0.2),
        "steer": Inclination(0.2),
        "loan": Inclination(0.2),
    },
    {"licences": 0.8, "truce": 0.8},
)
_BUILDER: Final = Mood(
    "building at home",
    {
        "grant": Inclination(0.8, early=0.3),
        "tax_credit": Inclination(0.5),
        "price_floor": Inclination(0.5),
        "stockpile": Inclination(0.25),
    },
    {"cost_share": 0.6, "offtake": 0.7},
)
_FRIEND: Final = Mood(
    "standing by Japan",
    {
        "remark": Inclination(0.3, hit=0.5),
        "dispute": Inclination(0.1, hit=0.5),
        "grant": Inclination(0.4),
        "stockpile": Inclination(0.3),
        "price_floor": Inclination(0.2),
    },
    {"cost_share": 0.7, "truce": 0.3, "offtake": 0.3},
    0.15,
)
_STRIKER: Final = Mood(
    "striking back",
    {
        "strike_back": Inclination(0.3, hit=0.5),
        "tax_credit": Inclination(0.5),
        "stockpile": Inclination(0.5, early=0.2),
        "remark": Inclination(0.2, hit=0.2),
        "grant": Inclination(0.3),
    },
    {"cost_share": 0.3, "truce": 0.15},
    0.35,
)
_STOCKER: Final = Mood(
    "stocking",
    {
        "stock": Inclination(0.9),
        "supplier": Inclination(0.4, hit=0.3),
        "build_metal": Inclination(0.3),
    },
    {"offtake": 0.3},
)
_MOVER: Final = Mood(
    "moving away",
    {
        "supplier": Inclination(0.9),
        "build_separation": Inclination(0.5),
        "build_metal": Inclination(0.5),
        "stock": Inclination(0.3, early=0.3),
    },
    {"offtake": 0.5},
)
_MAKER: Final = Mood(
    "building plants",
    {
        "build_magnets": Inclination(0.8),
        "build_metal": Inclination(0.6),
        "build_separation": Inclination(0.5),
        "stock": Inclination(0.3),
    },
    {"offtake": 0.8},
)
MOODS: Final[Mapping[str, tuple[Mood, ...]]] = {  # of each seat, as likely as each other
    "exporter": (_HAWK, _CALM, _TRADER),
    "target": (_STORER, _STEERER, _DEFIANT, _GIVER),
    "ally": (_BUILDER, _FRIEND, _STRIKER),
    "bloc": (_BUILDER, _FRIEND, _STRIKER),
    "firm": (_STOCKER, _MOVER, _MAKER),
}
LIKING: Final[Mapping[str, float]] = {  # options that a class prefers; others count 1
    "target": 3.0,
    "all": 0.6,
    "for_good": 0.5,
    "elsewhere": 1.5,
    "mines": 0.6,
}
