"""Accounts, the month's balances and who paid whom: each month's payments summed by kind and pair
of account groups.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import iadd, isub
from typing import Any, TypeAlias

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.agents.base.part import Part
from coercivity.model.basis.facts import Facts, cached_by_facts

ROLES = ("treasury", "workers", "households", "carriers", "builders", "financiers", "traders")
LABELS = (
    "firms in",
    "government of",
    "workers and suppliers in",
    "households in",
    "carriers in",
    "builders in",
    "financiers in",
    "traders and licence holders in",
)
Account: TypeAlias = IntArray | int


def group_count(facts: Facts) -> int:
    """Kinds of accounts by state: what a table tells apart."""
    return len(LABELS) * len(facts.states)


@cached_by_facts
def first_of_government(facts: Facts) -> IntArray:
    """By state, the first state of its government."""
    governments = facts.government_by_state
    return np.array([governments.index(name) for name in governments])


@cached_by_facts
def between_firms(facts: Facts) -> IntArray:
    """Pairs of the firms of two states, as links.pair numbers them."""
    S = len(facts.states)
    return (np.arange(S)[:, None] * group_count(facts) + np.arange(S)).ravel()


def group_name(facts: Facts, group: int) -> str:
    """An account group in words: 'firms in Japan', 'government of EU'."""
    S = len(facts.states)
    kind, state = LABELS[group // S], facts.states[group % S]
    return f"{kind} {facts.government_of(state) if kind == LABELS[1] else state}"


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


class Money(Part):
    """Balances of the month by account (USD million, summing to zero), totals by kind of payment,
    and, when recording, who paid whom.
    """

    SHARED = ("group", "at", "treasury", "own", "near", "tills")

    def __init__(self, facts: Facts, state: IntArray, record: bool) -> None:
        self.facts = facts
        S = len(facts.states)
        self.firms = len(state)
        self.group = np.concatenate([state, np.arange(S, group_count(facts))])  # of each account
        # account of each state
        self.at = {role: self.firms + k * S + np.arange(S) for k, role in enumerate(ROLES)}
        self.at["treasury"] = self.at["treasury"][first_of_government(facts)]
        self.treasury: list[int] = self.at["treasury"].tolist()
        self.size = self.firms + len(ROLES) * S
        self.own = np.arange(self.firms)  # each firm's account
        self.near = {role: self.at[role][state] for role in ROLES}  # account of its state, by firm
        # account of each channel, by kinds of payment at the border
        self.tills: dict[tuple[str, ...], IntArray] = {}
        self.month = np.zeros(self.size)
        self.by_kind: dict[str, float] = {}
        # pairs: payer group x groups + payee group
        self.book = PaymentBook(group_count(facts) * group_count(facts)) if record else None

    def open(self) -> None:
        """A new month: nothing has been paid."""
        self.month = np.zeros(self.size)
        self.by_kind = {}
        if self.book:
            self.book.open()

    def pay(self, kind: str, payer: Account, payee: Account, amount: FloatArray | float) -> None:
        """Move amounts (USD million, none negative) from payers to payees; account indices and
        amounts broadcast.
        """
        paid = amount if isinstance(amount, np.ndarray) else np.asarray(amount)
        if not (_fits_accounts(payer, paid.shape) and _fits_accounts(payee, paid.shape)):
            paid = np.broadcast_to(
                paid, np.broadcast_shapes(np.shape(payer), np.shape(payee), paid.shape)
            )
        total = float(paid.sum())
        if total == 0.0:
            return
        self._book(iadd, payee, paid, total)
        self._book(isub, payer, paid, total)
        self.by_kind[kind] = self.by_kind.get(kind, 0.0) + total
        if self.book:
            code = self.group[payer] * group_count(self.facts) + self.group[payee]
            if code.shape != paid.shape:
                code = np.broadcast_to(code, paid.shape)
            self.book.note(kind, code.ravel(), paid.ravel())

    def _book(
        self, move: Callable[[Any, Any], Any], account: Account, paid: FloatArray, total: float
    ) -> None:
        """Add amounts to accounts or subtract them (`move`, in place); an account that stands for a
        whole row or column gets its sum, one that stands for all the total.
        """
        if account is self.own:
            move(self.month[: self.firms], paid)
            return
        if isinstance(account, (int, np.integer)):
            self.month[account] = move(self.month[account], total)
            return
        if account.shape != paid.shape:
            account = account.reshape((1,) * (paid.ndim - account.ndim) + account.shape)
            paid = paid.sum(axis=tuple(k for k, size in enumerate(account.shape) if size == 1))
        move(self.month, group_sum(paid.ravel(), account.ravel(), self.size))


def _fits_accounts(account: Account, amounts: tuple[int, ...]) -> bool:
    """Whether every account has its amount: where one account stands for a whole row or column of
    amounts, or for all, nothing has to be spread.
    """
    shape = getattr(account, "shape", ())
    if shape in ((), amounts):
        return True
    own = amounts[len(amounts) - len(shape) :]
    return len(shape) <= len(amounts) and all(
        n in (1, size) for n, size in zip(shape, own, strict=True)
    )
