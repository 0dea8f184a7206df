"""Who paid whom, kept for the tables: each month's payments summed by kind and pair of account
groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.agents.base.part import Part


@dataclass(frozen=True, eq=False)
class Payments:
    """Kinds of payment, and for each kind and pair of groups that ever occurs a column of USD
    million by month.
    """

    kinds: tuple[str, ...]
    kind: IntArray
    code: IntArray
    paid: FloatArray


NO_PAYMENTS = Payments((), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 0)))


class PaymentBook(Part):
    """This month's payments (USD million), a column for each kind and pair of groups; columns are
    added as pairs turn up and keep their places.
    """

    def __init__(self, pairs: int) -> None:
        self.pairs = pairs  # codes run from 0 to pairs - 1
        # by kind: the column of each code, -1 where it has not turned up
        self.columns: dict[str, IntArray] = {}
        self.known: list[tuple[str, IntArray]] = []  # kind and codes, in the order of the columns
        self.month = np.zeros(0)

    def open(self) -> None:
        """A new month: nothing has been paid."""
        self.month = np.zeros(len(self.month))

    def note(self, kind: str, code: IntArray, paid: FloatArray) -> None:
        """Add payments (USD million) between pairs of groups."""
        if kind not in self.columns:
            self.columns[kind] = np.full(self.pairs, -1)
        column = self.columns[kind].take(code)
        if column.min(initial=0) < 0:
            fresh = np.unique(code[column < 0])
            self.columns[kind][fresh] = len(self.month) + np.arange(len(fresh))
            self.known.append((kind, fresh))
            self.month = np.concatenate([self.month, np.zeros(len(fresh))])
            column = self.columns[kind].take(code)
        self.month += group_sum(paid, column, len(self.month))

    def gather(self, months: list[FloatArray]) -> Payments:
        """The months' payments, by kind and code; a month has as many columns as had turned up by
        then. Columns in which nothing was paid are left out.
        """
        kinds = tuple(sorted(self.columns))
        paid = np.zeros((len(months), len(self.month)))
        for row, values in enumerate(months):
            paid[row, : len(values)] = values
        key = np.concatenate(
            [
                np.zeros(0, np.int64),
                *(kinds.index(kind) * self.pairs + code for kind, code in self.known),
            ]
        )
        used = np.flatnonzero(paid.any(axis=0))
        used = used[np.argsort(key[used])]
        here = np.unique(key[used] // self.pairs)  # kinds in which something was paid
        return Payments(
            tuple(kinds[k] for k in here),
            np.searchsorted(here, key[used] // self.pairs),
            key[used] % self.pairs,
            paid[:, used],
        )
