"""The books of every element: what was mined, recycled, used, pressed, lost and left, and what is
held (M1).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.agents.base.part import Part
from coercivity.agents.tables import Firms, Needs, Offers
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.goods import goods

ACCOUNTS = ("mined", "recycled", "used", "pressed", "lost", "residue")


class Elements(Part):
    """Accounts of each element since the start (t of oxide), and the content of what firms take in
    and put out (t/t).
    """

    SHARED = ("content", "held_start")

    def __init__(self, facts: Facts, content: dict[str, FloatArray]) -> None:
        self.books = {name: np.zeros(len(facts.elements)) for name in ACCOUNTS}
        self.content = content
        self.held_start = np.zeros(len(facts.elements))

    def unaccounted(self, stocks: FloatArray) -> FloatArray:
        """Tonnes of each element that are unaccounted for since the start; zero to rounding
        (checked after every month in the tests).
        """
        books = self.books
        gained = self.held_start + books["mined"] + books["recycled"]
        return gained - stocks - books["used"] - books["pressed"] - books["lost"] - books["residue"]


def content_by_kind(firms: Firms, needs: Needs, offers: Offers) -> dict[str, FloatArray]:
    """Elements per tonne (t/t) of what end users, presses and other plants take in, by need; of
    what mines and other plants put out, by offer; else 0.

    What is pressed into magnets is booked there, so magnets and motors carry no content
    (goods.csv).
    """
    facts = firms.facts
    need = goods(facts).content[needs.good]
    offer = goods(facts).content[offers.good]
    press = firms.is_press[needs.firm]
    masks = {"end_use": needs.of_end, "pressed": press, "fed": ~(needs.of_end | press)}
    out = {name: need * mask[:, None] for name, mask in masks.items()}
    return out | {
        "mined": offer * offers.of_mine[:, None],
        "refined": offer * ~offers.of_mine[:, None],
    }


def book(elements: Elements, used: FloatArray, potential: FloatArray, output: FloatArray) -> None:
    """Element accounts (t of oxide equivalent): mined, lost, left as residue, pressed into magnets,
    used elsewhere.
    """
    books, content = elements.books, elements.content
    books["mined"] += output @ content["mined"]
    books["used"] += used @ content["end_use"]
    books["pressed"] += used @ content["pressed"]
    possible = potential @ content["refined"]
    books["lost"] += used @ content["fed"] - possible
    books["residue"] += possible - output @ content["refined"]


def tonnes_by_good(
    needs: Needs, offers: Offers, transit: FloatArray, reserve: FloatArray | float
) -> FloatArray:
    """Tonnes of each good in stocks, in transit, and in what states hold of it."""
    count = len(needs.facts.goods)
    tonnes = group_sum(needs.stock + transit.sum(axis=0), needs.good, count)
    tonnes += group_sum(offers.stock, offers.good, count)
    return tonnes + reserve


def element_tonnes(
    needs: Needs, offers: Offers, transit: FloatArray, reserve: FloatArray | float = 0.0
) -> FloatArray:
    """Element tonnes now in stocks, in transit and with states (t of oxide equivalent)."""
    rows = list(needs.facts.element_goods)
    tonnes = tonnes_by_good(needs, offers, transit, reserve)
    return tonnes[rows] @ goods(needs.facts).content[rows]
