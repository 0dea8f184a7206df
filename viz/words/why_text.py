"""Why a setting does what it does, in words: findings with the records that they are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coercivity.experiments.findings.causes import find_causes
from coercivity.experiments.findings.finding import NEVER, Finding
from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.lab.histories import Histories
from coercivity.viz.words.finding_text import finding_in_words


@dataclass(frozen=True)
class Reason:
    """A finding in words, the table of its records, a few of these in words, and the month of the
    first of them; NEVER for what does not happen.
    """

    text: str
    table: str = ""
    records: tuple[str, ...] = ()
    first: str = NEVER


@dataclass(frozen=True)
class WhySentences:
    """Sentences on what differs, and one on what was looked at and does not; of how many pairs of
    histories they are, and in words how it was counted.
    """

    causes: tuple[Reason, ...] = ()
    alike: str = ""
    of: int = 0
    note: str = ""


def reasons_in_words(findings: Iterable[Finding]) -> tuple[Reason, ...]:
    """Findings in words, each with its records."""
    return tuple(
        Reason(
            finding_in_words(one), one.table, tuple(map(finding_in_words, one.records)), one.first
        )
        for one in findings
    )


def why_many(mine: Histories, twin: Histories, asked: FindingRequest) -> WhySentences:
    """What the histories that have come say, in words; nothing while the pairs are too few."""
    found = find_causes(mine, twin, asked)
    alike, note = (
        "" if one is None else finding_in_words(one) for one in (found.alike, found.note)
    )
    return WhySentences(reasons_in_words(found.causes), alike, found.of, note)
