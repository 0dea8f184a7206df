"""What a government weighs beside what it sees: the rules of its time, and how a decision is
written down (M12).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.base.phrase import Phrase
from coercivity.agents.governments.ally import Terms
from coercivity.agents.governments.government_view import Choice
from coercivity.agents.governments.sender import Instrument, Temper

QUARTER, YEAR = 3, 12


class Record(Protocol):
    """What the politics of a run keeps in mind: who answered what when, and cases at the WTO. A
    government writes to it what it answers.
    """

    bound_since: int
    answered: dict[tuple[str, str], int]
    struck: dict[tuple[str, str], int]
    disputes: list[tuple[int, str, str, str]]
    ended: dict[tuple[str, str], int]
    lost: dict[tuple[str, str, str], int]


@dataclass(frozen=True)
class Rules:
    """What is the same for all governments of a run.

    names: governments in their order; rows: indices of the states of each; mean: governments x
    states, weights of a mean over the states of each; exporter: index and name of the state that
    others depend on; ladder: instruments of a sender, lowest rung first; economic: kinds of act
    that count from the month in which they bind; authors: who stands behind an act, by its id.
    """

    names: tuple[str, ...]
    rows: Mapping[str, tuple[int, ...]]
    mean: FloatArray
    exporter: tuple[int, str]
    ladder: tuple[Instrument, ...]
    economic: tuple[str, ...]
    temper: Temper
    terms: Terms
    dispute_odds: float
    authors: Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Deliberation:
    """One decision: what was seen, the options, the best first, and what follows from the
    first.
    """

    saw: Phrase
    options: tuple[Choice, ...]
    chosen: tuple[Choice, ...] = ()
