"""The month of public support: what falls due is paid, reserves open, promises are written anew
(M10).
"""

from __future__ import annotations

from coercivity.agents.tables import Firms, Needs, Offers
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.freight import Freight
from coercivity.model.parts.market import Market
from coercivity.model.parts.money import Money
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.programme import CAPEX, SUPPORT, Programme
from coercivity.model.parts.supply import SupplyPolicy
from coercivity.model.parts.support import Support
from coercivity.model.parts.works import Works
from coercivity.model.support import payments_to_plants, reserves
from coercivity.model.support.promise_support import promise


def pay_support(
    needs: Needs,
    offers: Offers,
    politics: Politics,
    support: Support,
    money: Money,
    *,
    firms: Firms,
    freight: Freight,
    market: Market,
    border: Border,
    works: Works,
    supply: SupplyPolicy,
    clock: Clock,
    p: Parameters,
) -> None:
    """What falls due this month is paid, reserves open, and promises are written anew."""
    if not support.programmes:
        return
    support.still()
    payments_to_plants.commit(support, firms=firms, works=works, clock=clock)
    payments_to_plants.pay_capital(support, money, firms=firms, works=works, clock=clock)
    for programme in sorted(support.programmes.values(), key=lambda one: SUPPORT.index(one.kind)):
        if programme.kind not in CAPEX:
            pay_programme(
                offers,
                support,
                money,
                programme,
                firms=firms,
                needs=needs,
                market=market,
                border=border,
                supply=supply,
                p=p,
            )
    if support.reserve.any():
        reserves.open_reserves(
            needs, support, money, firms=firms, freight=freight, clock=clock, p=p
        )
    payments_to_plants.weigh_aid(support, firms=firms, offers=offers)
    promise(
        politics, support, firms=firms, offers=offers, market=market, works=works, clock=clock, p=p
    )


def pay_programme(
    offers: Offers,
    support: Support,
    money: Money,
    programme: Programme,
    *,
    firms: Firms,
    needs: Needs,
    market: Market,
    border: Border,
    supply: SupplyPolicy,
    p: Parameters,
) -> None:
    """One programme that does not meet capital cost pays as things arise: credits, floors, offtake,
    stockpiles."""
    if programme.kind == "tax_credit":
        payments_to_plants.pay_credit(support, money, programme, firms=firms)
    elif programme.kind == "price_floor":
        payments_to_plants.settle_floor(
            support, money, programme, firms=firms, offers=offers, market=market
        )
    elif programme.kind == "offtake":
        reserves.take_unsold(offers, support, money, programme, p=p)
    else:
        reserves.keep_stockpile(
            offers,
            support,
            money,
            programme,
            firms=firms,
            needs=needs,
            market=market,
            border=border,
            supply=supply,
            p=p,
        )
