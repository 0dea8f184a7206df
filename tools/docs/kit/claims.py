"""Part `claims`: every claim put to the model, with all values, and the tables that C3 and C5 have
besides.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from coercivity.experiments.claims import bans_on_japan, record_and_demand
from coercivity.experiments.claims.run_claims import SCANNED, run_claims
from coercivity.experiments.claims.verdict import ClaimVerdict
from coercivity.experiments.claims.written_claims import load_claims
from coercivity.experiments.worlds.draws import draws
from tools.docs.kit.documents import Order

SEEDS, SEVERITY_DRAWS = 4, 8  # of the tables besides
QUICK_SCAN = 2


def scenarios() -> tuple[str, ...]:
    """Scenarios of the claims; an experiment changes its own further."""
    return tuple(dict.fromkeys([*(claim.scenario for claim in load_claims()), "embargo-2010"]))


def build(order: Order) -> dict[str, Any]:
    """{claims: [...]}: findings in the order of their table."""
    findings = run_claims(
        draws_count=order.worlds,
        workers=order.workers,
        progress=order.progress,
        scanned=QUICK_SCAN if order.quick else SCANNED,
    )
    seeds, severity = (1, 1) if order.quick else (SEEDS, SEVERITY_DRAWS)
    tables = {
        "C3": {
            "worlds": seeds,
            "rows": record_and_demand.dependence_by_measure(range(1, seeds + 1)),
        },
        "C5": {
            "worlds": severity,
            "rows": bans_on_japan.split_by_severity(draws(severity), workers=order.workers),
        },
    }
    found = [one_finding(finding) for finding in findings]
    return {
        "claims": [
            {**one, "table": tables[one["id"]]} if one["id"] in tables else one for one in found
        ]
    }


def one_finding(finding: ClaimVerdict) -> dict[str, Any]:
    """A finding with all of its values."""
    evidence, claim = finding.evidence, finding.claim
    beside = {
        name: _band([v for v in values if v is not None])
        for name, values in evidence.details.items()
    }
    return {
        **finding.to_dict(),
        "low": claim.low,
        "high": claim.high,
        "flip_unit": claim.flip_unit,
        "beside": beside,
        "evidence": {
            "main": evidence.main,
            "placebo": evidence.placebo,
            "corner": evidence.corner,
            "scan": [[at, got] for at, got in evidence.scan.items()],
        },
    }


def _band(values: list[float]) -> list[float | None]:
    return (
        [float(v) for v in np.quantile(values, (0.5, 0.05, 0.95))] if values else [None, None, None]
    )
