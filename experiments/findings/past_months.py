"""Which months are past. The model's past is not the record: in months that are past no firm is
named as halted, but told by sector and state.
"""

from __future__ import annotations

from typing import Final

from coercivity.model.basis.facts import Facts, cached_by_facts

HALTS: Final = ("plant mothballed", "plant bankrupt", "plant restarts", "project cancelled")


@cached_by_facts
def last_past_month(facts: Facts) -> str:
    """Return the last month that counts as past, YYYY-MM: that of the timeline's newest act."""
    return max(str(row["date"])[:7] for row in facts.table("timeline"))


def is_past(facts: Facts, when: str) -> bool:
    """Return whether a month or day, YYYY-MM or YYYY-MM-DD, counts as past."""
    return when[:7] <= last_past_month(facts)
