"""The parts of a world that only keep: capacity under way, payments by pair, books of elements,
magnets in use, lanes; and frames, by hand.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.parts.elements import Elements, book, content_by_kind, element_tonnes
from coercivity.model.parts.lanes import Lanes
from coercivity.model.parts.money import Money, PaymentBook
from coercivity.model.parts.pipeline import LONGEST, Pipeline
from tests.facts import FACTS
from tests.helpers import floats as a
from tests.names import CHINA, ELEMENTS, GOOD, PROCESS, STATE

JAPAN, GERMANY, INDIA = STATE["Japan"], STATE["Germany"], STATE["India"]
OXIDE, METAL, MAGNET = (GOOD[n] for n in ("ndpr_oxide", "ndpr_metal", "magnet_standard"))
NDPR = ELEMENTS.index("NdPr")


def test_a_plant_opens_in_equal_steps_or_slowly_and_slower() -> None:
    """12 t over three months; 12 t by 1 - e^(-t / 2) over six, and none is lost at the cut."""
    pipe = Pipeline(3, 10)
    pipe.add(
        np.array([0, 2]), np.array([4, 5]), a(12.0, 12.0), a(3.0, 2.0), np.array([False, True])
    )
    assert pipe.arrivals[:, 0].nonzero()[0].tolist() == [4, 5, 6]
    assert pipe.arrivals[4:7, 0].tolist() == [4.0, 4.0, 4.0]
    slow = pipe.arrivals[5:11, 2]
    assert slow[1:] / slow[:-1] == pytest.approx([np.exp(-0.5)] * 5)
    assert pipe.arrivals[:, 2].sum() == slow.sum() == pytest.approx(12.0)
    assert pipe.building.tolist() == [12.0, 0.0, 12.0]
    pipe.add(np.array([0]), 4, a(2.0), 0.2)  # a ramp of less than a month is a month
    assert pipe.arrivals[4, 0] == 6.0
    assert pipe.building[0] == 14.0


def test_what_opens_is_no_longer_under_way_and_what_was_announced_beyond_it_lapses() -> None:
    pipe = Pipeline(2, 10)
    pipe.begin(np.array([0, 1]), np.array([[0.0, 1.0], [3.0, 0.0], [2.0, 0.0]]))
    assert pipe.building.tolist() == [5.0, 1.0]
    pipe.lapse[0], pipe.building[0] = 4.0, 9.0
    assert pipe.open(0).tolist() == [0.0, 1.0]
    assert (pipe.building.tolist(), pipe.cancelled.tolist()) == ([9.0, 0.0], [0.0, 0.0])
    assert pipe.open(1).tolist() == [3.0, 0.0]
    assert (pipe.building.tolist(), pipe.cancelled.tolist()) == ([2.0, 0.0], [4.0, 0.0])
    assert pipe.open(2).tolist() == [2.0, 0.0]
    assert pipe.cancelled.tolist() == [4.0, 0.0]
    assert not pipe.open(10 + LONGEST).any()


def test_a_project_that_is_dropped_opens_what_is_due_and_nothing_more() -> None:
    pipe = Pipeline(2, 10)
    pipe.add(np.array([0, 1]), 2, a(9.0, 9.0), 3.0)
    pipe.pay(np.array([0, 1]), 2, np.array([3, 3]), a(9.0, 9.0))
    pipe.lapse[0] = 1.0
    pipe.drop(np.array([0]), 2)
    assert pipe.arrivals[2:5, 0].tolist() == [3.0, 0.0, 0.0]
    assert pipe.spend[2:5, 0].tolist() == [3.0, 0.0, 0.0]
    assert pipe.arrivals[2:5, 1].tolist() == pipe.spend[2:5, 1].tolist() == [3.0, 3.0, 3.0]
    assert (pipe.building.tolist(), pipe.cancelled.tolist()) == ([0.0, 9.0], [9.0, 0.0])
    assert pipe.lapse[0] == 0.0


def test_payments_are_kept_by_kind_and_pair_month_by_month() -> None:
    books = PaymentBook(10)
    books.note("sale", np.array([7, 2, 7]), a(1.0, 2.0, 3.0))
    books.note("freight", np.array([5]), a(0.0))
    first = books.month.copy()
    books.open()
    books.note("grant", np.array([9]), a(4.0))
    books.note("sale", np.array([3, 7]), a(5.0, 6.0))
    found = books.gather([first, books.month])
    assert found.kinds == ("grant", "sale")
    assert found.kind.tolist() == [0, 1, 1, 1]
    assert found.code.tolist() == [9, 2, 3, 7]
    assert found.paid.tolist() == [[0.0, 2.0, 0.0, 4.0], [4.0, 0.0, 5.0, 6.0]]


def test_a_payment_moves_from_payers_to_payees_however_it_is_spread() -> None:
    money = Money(FACTS, np.array([JAPAN, GERMANY, INDIA]), False)
    money.pay("a", np.array([0, 1]), 2, a(3.0, 4.0))
    assert money.month[:3].tolist() == [-3.0, -4.0, 7.0]
    money.pay("a", money.own, money.near["workers"], a(1.0, 1.0, 1.0))
    assert money.month[:3].tolist() == [-4.0, -5.0, 6.0]
    assert money.month[money.at["workers"][[JAPAN, GERMANY, INDIA]]].tolist() == [1.0] * 3
    money.pay("b", np.array([0, 1])[:, None], np.array([2])[None, :], np.array([[2.0], [3.0]]))
    assert money.month[:3].tolist() == [-6.0, -8.0, 11.0]
    assert money.by_kind == {"a": 10.0, "b": 5.0}
    assert money.month.sum() == 0.0
    shared = money.at["treasury"]
    assert shared[GERMANY] == shared[STATE["France"]] != shared[JAPAN]
    money.open()
    assert not money.by_kind
    assert not money.month.any()


def works() -> tuple[Firms, Needs, Offers]:
    """A mine, a metal maker, a magnet maker and a user of oxide: 10 t of oxide-bearing goods
    each.
    """
    firms = Firms(
        state=np.array([CHINA, JAPAN, GERMANY, INDIA]),
        process=np.array(
            [
                PROCESS[p]
                for p in ("mine_light", "make_metal", "make_magnet_standard", "catalysts_glass")
            ]
        ),
        is_end=np.array([False, False, False, True]),
        is_press=np.array([False, False, True, False]),
        facts=FACTS,
    )
    needs = Needs(
        firm=np.array([1, 2, 3]),
        good=np.array([OXIDE, METAL, OXIDE]),
        of_end=np.array([False, False, True]),
        base_use=a(12.0, 10.0, 5.0),
        expected=a(12.0, 10.0, 5.0),
        stock=a(1.0, 2.0, 3.0),
        paid=a(50.0, 60.0, 70.0),
        facts=FACTS,
    )
    offers = Offers(
        firm=np.array([0, 1]),
        good=np.array([GOOD["light_concentrate"], METAL]),
        of_mine=np.array([True, False]),
        stock=a(4.0, 5.0),
        facts=FACTS,
    )
    return firms, needs, offers


def test_an_element_is_mined_refined_pressed_used_or_lost() -> None:
    firms, needs, offers = works()
    elements = Elements(FACTS, content_by_kind(firms, needs, offers))
    ore = elements.content["mined"][0, NDPR]
    assert 0.0 < ore < 1.0
    book(elements, used=a(12.0, 10.0, 5.0), potential=a(9.0, 10.0), output=a(9.0, 9.0))
    found = {name: values[NDPR] for name, values in elements.books.items()}
    assert found == pytest.approx(
        {
            "mined": 9.0 * ore,
            "recycled": 0.0,
            "used": 5.0,
            "pressed": 10.0 * 1.177,
            "lost": 12.0 - 10.0 * 1.177,
            "residue": 1.177,
        }
    )
    stocks = element_tonnes(needs, offers, np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))[NDPR]
    assert stocks == pytest.approx(2.0 + 3.0 * 1.177 + 3.0 + 4.0 * ore + 5.0 * 1.177)
    elements.held_start[NDPR] = 2.0
    gap = elements.unaccounted(np.zeros(7))[NDPR]
    assert gap == pytest.approx(2.0 + 9.0 * ore - 5.0 - 11.77 - (12.0 - 11.77) - 1.177)


def test_links_are_summed_by_exporter_importer_and_good() -> None:
    links = Links(
        exporter=np.array([CHINA, JAPAN, CHINA]),
        importer=np.array([JAPAN, JAPAN, JAPAN]),
        good=np.array([OXIDE, METAL, OXIDE]),
        need=np.array([0, 1, 0]),
        offer=np.array([0, 1, 2]),
        prior=a(0.5, 1.0, 0.3),
        qualify=a(0.0, 0.0, 3.0),
        shipped=a(4.0, 5.0, 1.0),
        cost=a(60.0, 80.0, 90.0),
        spot=a(65.0, 81.0, 95.0),
        pending=a(2.0, 0.0, 1.0),
        under_licence=a(1.5, 0.0, 0.5),
        facts=FACTS,
    )
    needs = Needs(base_use=a(10.0, 7.0), facts=FACTS)
    offers = Offers(listed=a(50.0, 70.0, 75.0), ask=a(55.0, 71.0, 99.0), facts=FACTS)
    lanes = Lanes(links, needs)
    assert lanes.exporter.tolist() == [CHINA, JAPAN]
    assert lanes.importer.tolist() == [JAPAN, JAPAN]
    assert lanes.good.tolist() == [OXIDE, METAL]
    assert lanes.normal.tolist() == [5.0, 7.0]
    assert lanes.link.tolist() == [0, 1]
    found = {name: values.tolist() for name, values in lanes.sums(links, offers).items()}
    assert found == {
        "lane_tonnes": [5.0, 5.0],
        "lane_value": [4 * 60.0 + 90.0, 400.0],
        "lane_listed": [4 * 50.0 + 75.0, 350.0],
        "lane_pending": [3.0, 0.0],
        "lane_under_licence": [2.0, 0.0],
        "lane_quoted": [5 * 65.0, 7 * 81.0],
        "lane_asked": [5 * 55.0, 7 * 71.0],
    }
