"""What a mechanism is worth to the record, in a cell."""

from __future__ import annotations

from coercivity.experiments.questions.ablation_evidence import EvidenceWorth


def evidence_cell(row: EvidenceWorth) -> str:
    """Mean error without it less that of the whole model with its standard error, in tolerances,
    and whether it helps or harms.
    """
    verdict = " helps" if row.helps else " harms" if row.harms else ""
    return f"{row.difference:+.2f} ± {row.standard_error:.2f}{verdict}"
