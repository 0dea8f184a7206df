"""What the tables must look like that no run reads: what earlier licensing did to exports, how its
office works (every row has a page that was read), what the model is judged by, and the rules behind
assumed rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from coercivity.model.basis.table_columns import (
    ANY,
    Column,
    Spec,
    number,
    one_of,
    share,
    text,
    whole_number_column,
)

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

# Columns of evidence.csv and bounds.csv
_EVIDENCE = (
    text("id"),
    text("episode"),
    one_of("sample", "in", "kept_back", "out", "start", "bound"),
    share("fit_weight"),
    text("scenario"),
    text("quantity"),
    text("state", blank=True),
    text("partner", blank=True),
    text("good", blank=True),
    Column("from", "month"),
    Column("to", "month"),
    one_of(
        "statistic",
        "mean",
        "sum",
        "max",
        "min",
        "log_change",
        "ratio",
        "first_day",
        "sd_yearly_log",
    ),
    Column("base_from", "month", blank=True),
    Column("base_to", "month", blank=True),
    number("value", -ANY),
    number("tolerance"),
    one_of("tolerance_kind", "absolute", "relative", "log"),
    text("unit"),
    number("before", -ANY, blank=True),
    number("hit", 0.0, 1.0, blank=True),
    Column("event", "month", blank=True),
    text("source"),
    text("url"),
    one_of("confidence", "high", "medium", "low"),
    text("imposed", blank=True),  # what a script or a clock gives in every world; no test
    text("note"),
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
                whole_number_column("months", 1, 24),
                whole_number_column("since", -12, 24),
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
        # docs/evidence.md says how rows were chosen; before, hit and event serve the benchmarks
        "evidence": Spec(_EVIDENCE, ("id",)),
        "bounds": Spec(_EVIDENCE, ("id",)),
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
