"""A finding: something worth telling, as values. What is a cause, a difference, or no difference
beyond luck is decided where findings are made; `viz/words/finding_text.py` has a sentence for each
id, in any language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, Union

from coercivity.agents.base.phrase import Phrase
from coercivity.experiments.lab.histories import PairedDifference

Value: TypeAlias = Union[str, float, "Finding", Phrase, tuple[Union["Finding", Phrase], ...], None]
NEVER: Final = "9999-12"  # of what does not happen
STEPS: Final[Mapping[str, float]] = {  # between two numbers that are told apart, by unit
    "share": 0.01,
    "months of use": 0.1,
}


@dataclass(frozen=True)
class Finding:
    """Something worth telling: which sentence it is (`id`) and what that names by field: `state`,
    `good` and other subjects, numbers, `times` in `of` histories, `beside` for the typical values
    with it and without.

    `table` and `records` are where it stands in the results, `first` the month of its first record,
    NEVER for what does not happen.
    """

    id: str
    fields: Mapping[str, Value]
    table: str = ""
    records: tuple[Finding, ...] = ()
    first: str = NEVER

    @classmethod
    def of(cls, id: str, /, **fields: Value) -> Finding:
        """Return the finding with this id and these fields."""
        return cls(id, fields)

    def sourced(self, table: str, records: tuple[Finding, ...] = (), first: str = NEVER) -> Finding:
        """Return it with the table, the records and the month that it comes from."""
        return replace(self, table=table, records=records, first=first)


def difference_finding(id: str, found: PairedDifference, /, **fields: Value) -> Finding:
    """Return a difference that stands out as a finding: in how many of how many histories it is
    more, or less.
    """
    way = "more" if found.more > found.less else "less"
    times = max(found.more, found.less)
    return Finding.of(f"{id}.{way}", times=times, of=found.range.of, **fields)


def find_typical_pair(here: float, there: float, unit: str, more: bool) -> Finding | None:
    """Return the middles of both sides; None where they are told alike or lie the other way round,
    as those of differences need not be the differences.
    """
    if (here > there) is not more or reads_alike(here, there, unit):
        return None
    return Finding.of("typically", here=here, there=there, unit=unit)


def reads_alike(here: float, there: float, unit: str) -> bool:
    """Return whether two numbers are the same once they are written with their unit."""
    step = STEPS.get(unit, 1.0)
    return round(here / step) == round(there / step)
