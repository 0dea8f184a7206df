"""Some firms with all that is theirs: what decides, whether it is one firm or all."""

from __future__ import annotations

from typing import Any, ClassVar, Self, cast

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, run_first
from coercivity.agents.base.rows import Rows
from coercivity.agents.information import Support
from coercivity.agents.tables import Firms, Links, Needs, Offers

# Relations that lead out of a set, and what to write instead.
OF_ALL_FIRMS = {"mine_of": "mines_of(rows) gives rows of all firms"}
OF_ALL_LINKS = {
    "offer": "tables[3].offer[link_rows] gives rows of all offers",
    "user": "tables[3].user[link_rows] gives rows of all firms",
    "due": "tables[3].due[link_rows] gives places of all needs",
}


class FirmSet:
    """Firms by row, with their offers, needs and links, in the order of the tables.

    A decision is a method: it reads and stores columns of `firms`, `offers`, `needs` and `links`,
    which are the tables themselves for all firms and the set's own rows otherwise. What it reads of
    the world stands behind the star, by the name of the world's part. A set of one row is what a
    Mesa agent is, and decides with the same bits as the whole.
    """

    DECISIONS: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, firms: Firms, offers: Offers, needs: Needs, links: Links, rows: IntArray | None = None
    ) -> None:
        self.tables = firms, offers, needs, links
        self.whole = rows is None
        self.firms, self.offers, self.needs, self.links = self.tables
        if rows is None:
            self.rows = np.arange(len(firms))
            return
        self.rows = rows
        self.offer_rows = np.flatnonzero(np.isin(offers.firm, rows))
        self.need_rows = np.flatnonzero(np.isin(needs.firm, rows))
        self.link_rows = np.flatnonzero(np.isin(links.need, self.need_rows))
        # firms and needs are named by their places in the set
        firm = np.searchsorted(rows, offers.firm[self.offer_rows])
        user = np.searchsorted(rows, needs.firm[self.need_rows])
        need = np.searchsorted(self.need_rows, links.need[self.link_rows])
        new = links.qualify[self.link_rows] > 0  # without base trade
        first: Any = {"link_first": run_first(need), "user_first": run_first(user)}
        first["users"] = user[first["user_first"]]
        untried: Any = {"new_rows": np.flatnonzero(new), "new_needs": need[new]}
        own_links = Rows(links, self.link_rows, OF_ALL_LINKS, need=need, **untried)
        self.firms = cast(Firms, Rows(firms, rows, OF_ALL_FIRMS))
        self.offers = cast(Offers, Rows(offers, self.offer_rows, firm=firm))
        self.needs = cast(Needs, Rows(needs, self.need_rows, firm=user, **first))
        self.links = cast(Links, own_links)

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, rows: IntArray) -> Self:
        """The same kind of set with other rows."""
        return type(self)(*self.tables, rows)

    def mines_of(self, rows: IntArray | slice) -> IntArray:
        """The mine of the same owner, as a row of the table of all firms; -1 for none. rows: of
        this set.
        """
        return self.tables[0].mine_of[self.rows[rows]]

    def of_firms(self, values: Any) -> Any:
        """Values by firm, for the firms of this set; a single number stays one."""
        return values if self.whole or not isinstance(values, np.ndarray) else values[self.rows]

    def of_needs(self, values: Any) -> Any:
        """Values by need, for the needs of this set."""
        return (
            values if self.whole or not isinstance(values, np.ndarray) else values[self.need_rows]
        )

    def of_offers(self, values: Any) -> Any:
        """Values by offer, for the offers of this set."""
        return (
            values if self.whole or not isinstance(values, np.ndarray) else values[self.offer_rows]
        )

    def of_links(self, values: Any) -> Any:
        """Values by link, for the links of this set."""
        return (
            values if self.whole or not isinstance(values, np.ndarray) else values[self.link_rows]
        )

    def margin(self, *, support: Support) -> FloatArray:
        """Margin with public money, by which plants run, close and fail: m + a, a what floors and
        credits pay per t of run (share of cost).
        """
        if not support.programmes:
            return self.firms.margin
        return self.firms.margin + cast(FloatArray, self.of_firms(support.aid))
