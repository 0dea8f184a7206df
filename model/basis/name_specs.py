"""What the tables must look like that give everything else its names. They are read before there
are names, so what refers to another name is checked later (facts.py, completeness.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from coercivity.model.basis.table_columns import (
    Spec,
    columns,
    month,
    number,
    one_of,
    share,
    spec,
    whole_number_column,
)

CONFIDENCE: Final = ("high", "medium", "low", "recall", "assumed")
TAIL: Final = columns("source url?", one_of("confidence", *CONFIDENCE), "note?")
STAGES: Final[tuple[str, ...]] = ("mining", "separation", "metal", "magnet", "assembly", "end_use")
MADE_AT: Final = STAGES[:-1]

NAME_SPECS: Final[Mapping[str, Spec]] = MappingProxyType(
    {
        "states": spec("state", "state government region", TAIL),
        "elements": spec("element", "element description", TAIL),
        "goods": spec(
            "good",
            "good label",
            one_of("stage", *MADE_AT),
            "description",
            whole_number_column("lead", 0, 1),
            one_of("pricing", "commodity", "manufactured", "concentrate"),
            number("shelf_months", 1.0, 6.0),
            share("floor"),
            whole_number_column("vat_wedge", 0, 1),
            whole_number_column("qualification_months", 0, 60),
            number("sensitivity", 0.0, 20.0),
            share("leak"),
            number("redesign", 0.0, 10.0),
            TAIL,
        ),
        # Short words that may stand wherever goods are listed.
        "groups": spec("group good", "group good", TAIL),
        # continuous: lines run round the clock and cannot catch up by longer hours
        "sectors": spec(
            "sector",
            "sector label description",
            whole_number_column("continuous", 0, 1, blank=True),
            TAIL,
        ),
        # mining_quota: mines of the exporter dig what its quota allows; controlled_technology:
        # plants abroad need what the exporter's technology bans name
        "processes": spec(
            "process",
            "process",
            one_of("stage", *MADE_AT),
            "description",
            whole_number_column("mining_quota controlled_technology", 0, 1),
            TAIL,
        ),
        # like: the start whose rows hold where this one has none of its own; vat: of the exporter,
        # not refunded on raw materials
        "starts": spec("start", month("start"), "like? description", share("vat"), TAIL),
    }
)
