"""The month of public support: what falls due is paid, reserves open, promises are written anew
(M10).
"""

from __future__ import annotations

from coercivity.agents.tables import Needs, Offers
from coercivity.model.parts.money import Money
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.programme import SUPPORT
from coercivity.model.parts.support import Support
from coercivity.model.parts.world_view import WorldView
from coercivity.model.support import payments_to_plants, reserves
from coercivity.model.support.promise_support import promise


def pay_support(
    needs: Needs,
    offers: Offers,
    politics: Politics,
    support: Support,
    money: Money,
    *,
    seen: WorldView,
) -> None:
    """What falls due this month is paid, reserves open, and promises are written anew."""
    if not support.programmes:
        return
    firms, works, clock = seen.firms, seen.works, seen.clock
    support.still()
    payments_to_plants.commit(support, firms=firms, works=works, clock=clock)
    payments_to_plants.pay_capital(support, money, firms=firms, works=works, clock=clock)
    for programme in sorted(support.programmes.values(), key=lambda one: SUPPORT.index(one.kind)):
        if programme.kind == "tax_credit":
            payments_to_plants.pay_credit(support, money, programme, firms=firms)
        elif programme.kind == "price_floor":
            payments_to_plants.settle_floor(support, money, programme, seen=seen)
        elif programme.kind == "offtake":
            reserves.take_unsold(offers, support, money, programme)
        elif programme.kind == "stockpile":
            reserves.keep_stockpile(offers, support, money, programme, seen=seen)
    if support.reserve.any():
        reserves.open_reserves(needs, support, money, seen=seen)
    payments_to_plants.weigh_aid(support, firms=firms, offers=offers)
    promise(politics, support, seen=seen)
