"""What the tables must look like that no run reads: what earlier licensing did to exports, how its
office works (every row has a page that was read), and the rules behind assumed rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from coercivity.model.basis.table_columns import ANY, Column, Spec, number, one_of, text, whole

_LICENCE_CASES: Final = (
    "gallium-germanium-2023",
    "graphite-2023",
    "antimony-2024",
    "embargo-2010",
)
_SOURCED: Final = (
    text("source"),
    text("url"),
    one_of("confidence", "high", "medium", "low"),
    text("note", blank=True),
)

FACT_SPECS: Final[Mapping[str, Spec]] = MappingProxyType(
    {
        # How earlier licensing changed China's exports, by destination and month. since: months
        # after the month in which the licence came into force; base: quantity a month before.
        "licence_outcomes": Spec(
            (
                one_of("case", *_LICENCE_CASES),
                text("good"),
                one_of("flow", "exports", "imports"),
                text("destination"),
                Column("month", "month"),
                whole("months", 1, 24),
                whole("since", -12, 24),
                number("quantity"),
                one_of("unit", "kg", "t", "months of base"),
                number("base", 0.001, blank=True),
                text("base_what", blank=True),
                number("share_of_base", blank=True),
                *_SOURCED,
            ),
            ("case", "good", "flow", "destination", "month"),
        ),
        # How the office works: what acts prescribe, and to December 2024 what it did.
        "licence_practice": Spec(
            (
                text("id"),
                one_of("case", "all", *_LICENCE_CASES),
                one_of(
                    "subject",
                    "processing_time",
                    "first_grant",
                    "granted",
                    "pending",
                    "validity",
                    "documents",
                    "scope",
                    "holding",
                    "routing",
                ),
                one_of("kind", "act", "outcome"),
                Column("date", "date"),
                *(number(name, -ANY, blank=True) for name in ("value", "low", "high")),
                text("unit", blank=True),
                text("text"),
                *_SOURCED,
            ),
            ("id",),
        ),
        # The rules behind rows of confidence `assumed`; model/basis/assumed.py says how they match.
        "assumptions": Spec(
            (
                text("id"),
                text("table"),
                text("match", blank=True),
                text("rule"),
                text("basis"),
            ),
            ("id",),
        ),
    }
)
