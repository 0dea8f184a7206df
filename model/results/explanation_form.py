"""What an explanation of a headline is to whoever reads one: the words and steps of it are made in
a room above (`viz/words/explanation_text.py`), which a result finds by name (`display.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import pandas as pd


class ExplainedHeadline(Protocol):
    """The headline that is explained: its id, label and unit (`model/data/headlines.csv`)."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> str: ...


@runtime_checkable
class Explanation(Protocol):
    """Why a headline is what it is: what `Result.explain` and `Comparison.explain` give. Print it,
    show it in a notebook, or read `steps`.

    value, twin_value and difference are in the unit of the headline, None where not defined;
    without: what the twin goes without, or is, as the end of a sentence; since: the day from which
    the headline counts; state: who it is seen from.
    """

    @property
    def headline(self) -> ExplainedHeadline: ...
    @property
    def state(self) -> str: ...
    @property
    def scenario(self) -> str: ...
    @property
    def without(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def since(self) -> str: ...
    @property
    def value(self) -> float | None: ...
    @property
    def twin_value(self) -> float | None: ...
    @property
    def difference(self) -> float | None: ...
    @property
    def steps(self) -> pd.DataFrame:
        """One row a step: step (from 1), month (YYYY-MM of its first record; null for what does not
        happen), what (a sentence), table (where its records stand), records (a tuple of texts).
        """
        ...

    def answer(self) -> str:
        """The number beside the twin's, in one line."""
        ...
