"""What the shipped rule gives a kind of firms, reckoned once for all that ask for it one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from coercivity.agents.base.arrays import IntArray
from coercivity.agents.firms.roles import Everyone
from coercivity.agents.tables import Links, Needs, Offers


def rows_by_firm(owner: IntArray, count: int) -> list[IntArray]:
    """Rows of a table by firm. owner: the firm of each row; count: of firms."""
    order = np.argsort(owner, kind="stable")
    return np.split(order, np.searchsorted(owner[order], np.arange(1, count)))


def owned_rows(
    count: int, offers: Offers, needs: Needs, links: Links
) -> tuple[list[IntArray] | None, ...]:
    """Rows of firms (None: its own), offers, needs and links by the firm that they belong to; they
    never change.
    """
    owners = offers.firm, needs.firm, needs.firm[links.need]
    return None, *(rows_by_firm(owner, count) for owner in owners)


class SharedDecision:
    """A decision that firms make one by one, by a rule of their own that may call the shipped one.

    The first that calls it has it reckoned for all that are asked; each that calls it then gets its
    own rows. So a hundred calls cost one, and who does not call keeps what it had. A firm that
    somebody has written on since the first call decides by itself. What is written past a firm,
    into columns of other tables, counts for who has not called yet only from the next decision on.
    """

    def __init__(self, many: Everyone, decision: str, decide: Callable[[Everyone], None]) -> None:
        self.many, self.decision, self.decide = many, decision, decide
        self.written: set[int] = set()  # firms that somebody has written on since
        self.asked = frozenset(many.rows.tolist())
        # place of the table, its columns, name of one that the rule stores, and what it stores
        self.given: list[tuple[int, dict[str, Any], str, Any]] | None = None

    def give(self, row: int, decision: str, owned: tuple[list[IntArray] | None, ...]) -> bool:
        """Give a firm what the rule decides for it; False where it must decide by itself."""
        if decision != self.decision or row not in self.asked or row in self.written:
            return False
        if self.given is None:
            self.given = self._decided()
        for place, columns, name, decided in self.given:
            rows = owned[place]
            at: Any = row if rows is None else rows[row]
            columns[name][at] = decided[at]
        return True

    def _decided(self) -> list[tuple[int, dict[str, Any], str, Any]]:
        """Let all decide, and put the columns back as they were."""
        columns = [vars(table) for table in self.many.tables]
        before = [dict(own) for own in columns]
        self.decide(self.many)
        given = []
        for place, (own, old) in enumerate(zip(columns, before, strict=True)):
            stored = [name for name, values in own.items() if values is not old[name]]
            given += [(place, own, name, own[name]) for name in stored]
            own.update({name: old[name].copy() for name in stored})
        return given
