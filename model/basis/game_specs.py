"""What the tables of the class game must look like (viz/classroom/engine).

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
from coercivity.model.basis.table_columns import (
    ANY,
    Column,
    Spec,
    number,
    text,
    whole_number_column,
)

GAME_SPECS: Final[Mapping[str, Spec]] = MappingProxyType(
    {
        "game_seats": Spec(
            (
                text("seat"),
                text("actor"),
                text("name"),
                text("who"),
                text("aims"),
                number("budget"),
                *TAIL,
            ),
            ("seat",),
        ),
        "game_goals": Spec(
            (
                text("seat"),
                text("goal"),
                text("label"),
                text("formula"),
                text("unit"),
                number("none", -ANY),
                number("full", -ANY),
                number("weight", 0.0, 1.0),
                *TAIL,
            ),
            ("seat", "goal"),
        ),
        "game_cards": Spec(
            (
                *(text(name) for name in ("seat", "card", "label", "short", "does")),
                text("choice_1", blank=True),
                text("options_1", blank=True),
                text("default_1", blank=True),
                text("choice_2", blank=True),
                text("options_2", blank=True),
                text("default_2", blank=True),
                whole_number_column("priority", 1, 9),
                text("answers", blank=True),
                number("cost"),
                text("cost_by", blank=True),
                number("cost_rate"),
                text("limits"),
                text("example"),
                Column("example_date", "date"),
                *TAIL,
            ),
            ("seat", "card"),
        ),
        "game_deals": Spec(
            (
                *(
                    text(name)
                    for name in (
                        "deal",
                        "label",
                        "first",
                        "other",
                        "does",
                        "first_must",
                        "other_must",
                    )
                ),
                text("choice_1"),
                text("options_1"),
                text("default_1"),
                text("choice_2", blank=True),
                text("options_2", blank=True),
                text("default_2", blank=True),
                text("example"),
                Column("example_date", "date"),
                *TAIL,
            ),
            ("deal",),
        ),
    }
)
