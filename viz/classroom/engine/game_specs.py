"""What the tables of the class game must look like, which lie beside this file.

A card has at most two choices, their options by "|", and an option of each that a sheet begins
with; its cost is cost + cost_rate x the choice that cost_by names. A phone shows cards of low
priority first, and before them those that answer (cards by "|") what others have done to their
seat.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from coercivity.model.basis.name_specs import TAIL
from coercivity.model.basis.table_columns import Column, Spec, number


def _texts(*names: str, blank: bool = False) -> tuple[Column, ...]:
    return tuple(Column(name, blank=blank) for name in names)


_EXAMPLE: Final = (*_texts("example"), Column("example_date", "date"))
_SECOND: Final = _texts("choice_2", "options_2", "default_2", blank=True)
GAME_SPECS: Final[Mapping[str, Spec]] = MappingProxyType(
    {
        "game_seats": Spec(
            (*_texts("seat", "actor", "name", "who", "aims"), *number("budget"), *TAIL), ("seat",)
        ),
        "game_goals": Spec(
            (
                *_texts("seat", "goal", "label", "formula", "unit"),
                Column("none", "number"),
                Column("full", "number"),
                *number("weight", 0.0, 1.0),
                *TAIL,
            ),
            ("seat", "goal"),
        ),
        "game_cards": Spec(
            (
                *_texts("seat", "card", "label", "short", "does"),
                *_texts("choice_1", "options_1", "default_1", blank=True),
                *_SECOND,
                Column("priority", "whole", low=1, high=9),
                *_texts("answers", blank=True),
                *number("cost"),
                *_texts("cost_by", blank=True),
                *number("cost_rate"),
                *_texts("limits"),
                *_EXAMPLE,
                *TAIL,
            ),
            ("seat", "card"),
        ),
        "game_deals": Spec(
            (
                *_texts("deal", "label", "first", "other", "does", "first_must", "other_must"),
                *_texts("choice_1", "options_1", "default_1"),
                *_SECOND,
                *_EXAMPLE,
                *TAIL,
            ),
            ("deal",),
        ),
    }
)
