"""A chain small enough to reckon by hand: two mines, two separators, a metal maker, a user."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.parts.border import Border
from coercivity.model.parts.expectations import Expectations, chain_of
from coercivity.model.trade.expectations import TradeTables
from tests.facts import FACTS
from tests.helpers import floats as a
from tests.names import CHINA, FIRST_SECTOR, GOOD, GOODS, PROCESS, SECTOR, STATE

JAPAN, US = STATE["Japan"], STATE["United States"]
ORE, OXIDE, METAL = (GOOD[g] for g in ("light_concentrate", "ndpr_oxide", "ndpr_metal"))
CAPACITY = (18.0, 6.0, 18.0, 6.0, 10.0, 10.0)
G = len(GOODS)


class Chain:
    """Ore of a Chinese and an American mine goes to a separator at home, which makes half as much
    oxide of it. A Japanese maker of metal takes 1.2 t of oxide a tonne, three quarters of it from
    China, and sells to a Japanese car maker, which plans 10 and uses 0.8 t each, a fifth being left
    out. At usual prices 10 t of metal, 12 t of oxide, 18 and 6 t of ore are used,
    and stocks are as usual.
    """

    def __init__(self) -> None:
        car = FIRST_SECTOR + SECTOR["automotive"]
        made = [*["mine_light"] * 2, *["separate_light"] * 2, "make_metal"]
        state = np.array([CHINA, US, CHINA, US, JAPAN, JAPAN])
        self.firms = Firms(
            process=np.array([*(PROCESS[p] for p in made), car]),
            state=state,
            inside=state == CHINA,
            is_mine=np.arange(6) < 2,
            is_fringe=np.array([False, True, False, True, False, False]),
            plan=a(0.0, 0.0, 0.0, 0.0, 0.0, 10.0),
            run=a(18.0, 6.0, 18.0, 6.0, 10.0, 10.0),
            capacity=a(*CAPACITY),
            available=np.ones(6),
            facts=FACTS,
        )
        self.needs = Needs(
            firm=np.array([2, 3, 4, 5]),
            good=np.array([ORE, ORE, OXIDE, METAL]),
            coefficient=a(1.0, 1.0, 1.2, 0.8),
            swap=a(0.0, 0.0, 0.0, 0.2),
            usual_swap=np.zeros(4),
            base_use=a(18.0, 6.0, 12.0, 10.0),
            cover=a(0.5, 0.5, 1.5, 1.5),
            stock=a(9.0, 3.0, 12.0, 10.0),
            pipeline=a(0.0, 0.0, 6.0, 5.0),
            paid=a(5.0, 5.0, 60.0, 90.0),
            price_start=a(5.0, 5.0, 60.0, 90.0),
            facts=FACTS,
        )
        self.needs.link_first = np.array([0, 1, 2, 4])
        self.offers = Offers(
            firm=np.arange(5),
            good=np.array([ORE, ORE, OXIDE, OXIDE, METAL]),
            yields=a(1.0, 1.0, 0.5, 0.5, 1.0),
            lead=np.ones(5),
            base_price=a(5.0, 5.0, 50.0, 50.0, 80.0),
            ask=a(5.0, 5.0, 50.0, 50.0, 80.0),
            stock=a(18.0, 6.0, 9.0, 3.0, 10.0),
            sales=a(18.0, 6.0, 9.0, 3.0, 10.0),
            cover=np.ones(5),
            is_ore=np.array([True, True, False, False, False]),
            to_order=np.array([False, False, False, False, True]),
            facts=FACTS,
        )
        exporter = np.array([CHINA, US, CHINA, US, JAPAN])
        self.links = Links(
            need=np.array([0, 1, 2, 2, 3]),
            offer=np.arange(5),
            good=np.array([ORE, ORE, OXIDE, OXIDE, METAL]),
            exporter=exporter,
            importer=np.array([CHINA, US, JAPAN, JAPAN, JAPAN]),
            share=a(1.0, 1.0, 0.75, 0.25, 1.0),
            freight=np.zeros(5),
            travel=np.zeros(5),
            vat=np.zeros(5),
            orders=a(18.0, 6.0, 9.0, 3.0, 10.0),
            allowed=a(18.0, 6.0, 9.0, 3.0, 10.0),
            facts=FACTS,
        )
        self.border = Border(self.links, self.needs)
        self.oxide = int(self.border.channel[2])  # from China to Japan
        chain = chain_of(firms=self.firms, needs=self.needs, offers=self.offers, links=self.links)
        self.expected = Expectations(self.border, chain=chain, goods=G, runs=self.firms.run)
        self.market: Any = SimpleNamespace(
            ceiling=np.full(G, 1e6),
            quote=np.full(G, 50.0),
            scarcity=np.zeros(5),
            rise=1.0,
            worth=np.ones(G),
            led=np.ones(G, dtype=bool),
        )
        self.p: Any = SimpleNamespace(
            facts=FACTS,
            first_answer=0.6,
            belief_speed=0.5,
            look_ahead_months=10.0,
            scarcity_elasticity=0.5,
            swap_elasticity=0.2,
            redesign_elasticity=0.3,
            delay_months=6.0,
            licence_clock_months=2.0,
            share_speed=0.25,
            rent_at_home=0.5,
        )

    @property
    def tables(self) -> TradeTables:
        return TradeTables(self.firms, self.needs, self.offers, self.links, self.border)

    def lets_pass(self, part: float) -> None:
        """China's border holds oxide for Japan back, and lets a part of it pass."""
        self.border.licensed[self.oxide] = 1.0
        self.expected.passes[self.oxide] = part
        self.expected.since[self.oxide] = 0.0
        self.expected.held[OXIDE] = True
