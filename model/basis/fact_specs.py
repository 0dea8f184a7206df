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
    Spec,
    columns,
    date,
    month,
    number,
    one_of,
    share,
    spec,
    whole_number_column,
)

_LICENCE_CASES: Final = (
    "gallium-germanium-2023",
    "graphite-2023",
    "antimony-2024",
    "embargo-2010",
)
_SOURCED: Final = columns("source url", one_of("confidence", "high", "medium", "low"), "note?")

# Columns of evidence.csv and bounds.csv
_EVIDENCE = columns(
    "id episode",
    one_of("sample", "in", "kept_back", "out", "start", "bound"),
    share("fit_weight"),
    "scenario quantity state? partner? good?",
    month("from to"),
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
    month("base_from base_to", blank=True),
    number("value", -ANY),
    number("tolerance"),
    one_of("tolerance_kind", "absolute", "relative", "log"),
    "unit",
    number("before", -ANY, blank=True),
    number("hit", 0.0, 1.0, blank=True),
    month("event", blank=True),
    "source url",
    one_of("confidence", "high", "medium", "low"),
    "imposed? note",
)

FACT_SPECS: Final[Mapping[str, Spec]] = MappingProxyType(
    {
        # How earlier licensing changed China's exports, by destination and month. since: months
        # after the month in which the licence came into force; base: quantity a month before.
        "licence_outcomes": spec(
            "case good flow destination month",
            one_of("case", *_LICENCE_CASES),
            "good",
            one_of("flow", "exports", "imports"),
            "destination",
            month("month"),
            whole_number_column("months", 1, 24),
            whole_number_column("since", -12, 24),
            number("quantity"),
            one_of("unit", "kg", "t", "months of base"),
            number("base", 0.001, blank=True),
            "base_what?",
            number("share_of_base", blank=True),
            _SOURCED,
        ),
        # How the office works: what acts prescribe, and to December 2024 what it did.
        "licence_practice": spec(
            "id",
            "id",
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
            date("date"),
            number("value low high", -ANY, blank=True),
            "unit? text",
            _SOURCED,
        ),
        # docs/evidence.md says how rows were chosen; before, hit and event serve the benchmarks
        "evidence": spec("id", _EVIDENCE),
        "bounds": spec("id", _EVIDENCE),
        # The rules behind rows of confidence `assumed`; model/basis/assumed.py says how they match.
        "assumptions": spec("id", "id table match? rule basis"),
    }
)
