"""Who stood already when the count began, and whether first stops may be compared.

The headlines of stops count lines that stop on or after the day of the measure. A line that stands
on that day cannot stop any more, so where other lines stood in the twin a first stop is that of
another line, and the difference is no effect. One rule says so for the lab, for comparisons, for
why a headline is what it is, and for the terminal.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coercivity.experiments.quantities.headlines import FOCUS, formulas
from coercivity.experiments.worlds.headline_tables import FinishedRun
from coercivity.model.basis.facts import Facts

if TYPE_CHECKING:
    import pandas as pd

FEWEST_PAIRS: Final = 6  # of fewer pairs coins part any as unevenly in one case of twenty
LUCK: Final = 0.05  # a difference stands out when luck alone gives it less often than this


def sign_test(more: int, less: int) -> float:
    """How often fair coins fall as unevenly, to either side; what is neither says nothing. 1 where
    all are.

    p = min(1, 2 sum_{i<=k} C(n, i) / 2^n), n: more + less, k: the smaller of them
    """
    n, k = more + less, min(more, less)
    return min(1.0, 2.0 * sum(math.comb(n, i) for i in range(k + 1)) / 2.0**n)


def same_lines(pairs: Iterable[tuple[float, float]]) -> bool:
    """Whether as many lines stood on the day of the count as in the twin, pair by pair: else their
    first stops are those of other lines. Of few pairs none may differ; of FEWEST_PAIRS or more not
    so that luck alone would seldom part them as unevenly.
    """
    differences = [mine - twin for mine, twin in pairs]
    more, less = (sum(sign * one > 0 for one in differences) for sign in (1, -1))
    if len(differences) < FEWEST_PAIRS:
        return not more and not less
    return sign_test(more, less) >= LUCK


def idle_at_start_rows(spells: pd.DataFrame, since: str) -> pd.DataFrame:
    """The rows of the table stoppages whose line stood already on a day and still stood then."""
    begins, ends = (spells[column].astype(str) for column in ("first_day", "last_day"))
    before = begins.str.match(r"\d{4}") & (begins < since)
    return spells[before & ~(ends < since)]


def idle_by_sector(result: FinishedRun, since: str, state: str = FOCUS) -> Counter[str]:
    """How many makers (end users) of a state stood already on the day from which is counted, by
    sector; of all under ''.
    """
    spells = result.table("stoppages")
    own = spells[(spells["state"] == state) & (spells["stage"] == "end_use")]
    found = Counter(map(str, idle_at_start_rows(own, since)["sector"]))
    found[""] = found.total()
    return found


def sector_of_stops(facts: Facts, headline: str, target: str = FOCUS) -> str | None:
    """The sector whose stops a headline counts, '' for all; None for a headline of anything
    else.
    """
    formula = formulas(facts, target).get(headline)
    return formula.of if formula is not None and formula.reads[0][0] == "stops" else None


@dataclass(frozen=True)
class IdleAtStart:
    """Makers that stood already when the count began, by sector: one count a world, twin by
    twin.
    """

    base: tuple[Mapping[str, int], ...]
    scenario: tuple[Mapping[str, int], ...]
    facts: Facts

    def of(self, sector: str = "") -> tuple[list[int], list[int]]:
        """Of one sector, or of all (''): in the base and in the scenario."""
        base, scenario = ([one[sector] for one in many] for many in (self.base, self.scenario))
        return base, scenario

    def same(self, sector: str = "") -> bool:
        """Whether first stops of a sector, or of all, are those of the same lines."""
        base, scenario = self.of(sector)
        return same_lines(zip(scenario, base, strict=True))


def find_idle_at_start(
    base: Sequence[FinishedRun], scenario: Sequence[FinishedRun], since: str, state: str = FOCUS
) -> IdleAtStart:
    """Who stood already on a day in the worlds of a comparison."""
    return IdleAtStart(
        tuple(idle_by_sector(one, since, state) for one in base),
        tuple(idle_by_sector(one, since, state) for one in scenario),
        scenario[0].facts,
    )
