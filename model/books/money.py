"""Money: every payment has a payer and a payee, and a month's balances sum to zero (docs/sources.md
D.10).

Accounts are the firms' rows, then per state a treasury (the EU's states share one), workers and
suppliers, households, carriers, builders, financiers, and traders with licence holders. Buyers pay
what they were charged (links.cost); sellers, traders, treasuries and carriers get their parts from
asking prices and rates, worked out apart: if a charge had no payee the balances would not sum to
zero. USD million; USD/kg x t = USD thousand.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.agents.tables import BANKRUPT, Firms, Links, Needs, Offers
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.leaks import Leaks
from coercivity.model.parts.money import Money, between_firms, group_count
from coercivity.model.parts.support import Support
from coercivity.model.trade.leakage import smuggled_value
from coercivity.model.use.macro import dependent_value_added

# months of costs that firms hold in cash at the start and before owners take money out (assumed, 1
# to 12)
CASH_BUFFER = 3.0
# part of the cash above the buffer that owners take out in a month (assumed, 0.05 to 1)
DIVIDEND = 0.2


def start_money(firms: Firms, *, offers: Offers, clock: Clock, p: Parameters) -> None:
    """Firms begin with some months of costs in hand: cash = months x cost x run (USD million) and
    accounts are opened.
    """
    sector = np.maximum(firms.sector, 0)
    # by-products that nobody buys earn nothing
    sold = group_sum(offers.sales * offers.ask, offers.firm, len(firms))
    worth = dependent_value_added(p.facts, clock.start, p.dependent_scale)
    value = np.where(firms.is_end, worth[firms.state, sector] * firms.size, 0.0)
    firms.add_columns(
        value_added=value,
        funded=firms.base_run.copy(),
        cash=CASH_BUFFER * (firms.base_cost * firms.base_run / 1000.0 + value * firms.is_end),
        carried=np.where(
            firms.is_end | (firms.base_run <= 0.0),
            0.0,
            np.maximum(firms.base_cost - sold / np.maximum(firms.base_run, 1e-12), 0.0),
        ),
    )


def settle(
    firms: Firms,
    money: Money,
    *,
    needs: Needs,
    offers: Offers,
    links: Links,
    border: Border,
    leaks: Leaks,
    support: Support,
) -> None:
    """All payments that follow from the month's trade and production, in USD million; then cash
    moves and owners take out what exceeds the buffer.

    A sale is at the asking price at which the order was placed. cash <- cash + received - paid;
    dividend = share max(0, cash - months x cost x run).
    """
    _pay_for_goods(money, needs=needs, offers=offers, links=links, border=border, leaks=leaks)
    count, own, near = money.firms, money.own, money.near
    parts = group_sum(needs.used * needs.paid * needs.of_end, needs.firm, count) / 1000.0
    added = firms.value_added * firms.run
    wages = np.where(firms.is_end, added, firms.conversion * firms.run / 1000.0)
    money.pay("final_sale", near["households"], own, parts + added)
    money.pay("production_cost", own, near["workers"], wages)
    capex = firms.outlay
    if capex.any():
        # the rest is public
        money.pay("capital", near["financiers"], own, np.maximum(capex - support.capital, 0.0))
        money.pay("construction", own, near["builders"], capex)
    _owners(firms, money, added)


def _owners(firms: Firms, money: Money, added: FloatArray) -> None:
    """Owners carry the loss per tonne that a plant made at the start, fund output beyond any
    before, and take out cash above the buffer.

    Cash never falls below zero: owners put in what is missing; of a bankrupt plant those who are
    owed write it off. added: value added of the month (USD million).
    """
    own, financiers, month = money.own, money.near["financiers"], money.month[: money.firms]
    more = np.maximum(firms.run - firms.funded, 0.0)
    firms.funded = firms.funded + more
    money.pay(
        "owners_in",
        financiers,
        own,
        (CASH_BUFFER * firms.cost * more + firms.carried * firms.run) / 1000.0,
    )
    needed = CASH_BUFFER * (firms.cost * firms.run / 1000.0 + added)
    money.pay(
        "dividend",
        own,
        financiers,
        DIVIDEND * np.maximum(firms.cash + month - needed, 0.0),
    )
    balance = firms.cash + month
    if balance.min(initial=0.0) < 0.0:
        missing = np.maximum(-balance, 0.0)
        bankrupt = firms.status == BANKRUPT
        money.pay("owners_in", financiers, own, np.where(bankrupt, 0.0, missing))
        money.pay("written_off", financiers, own, np.where(bankrupt, missing, 0.0))
        balance = firms.cash + month
    firms.cash = np.maximum(balance, 0.0)


def _pay_for_goods(
    money: Money, *, needs: Needs, offers: Offers, links: Links, border: Border, leaks: Leaks
) -> None:
    """Sales and freight of what was shipped, and what is paid at the border, summed by channel
    (exporter, importer, good)."""
    count = money.firms
    bill = group_sum(needs.bill, needs.firm, count) / 1000.0
    sales = group_sum(offers.sold * offers.listed, offers.firm, count) / 1000.0
    money.month[:count] += sales - bill
    money.by_kind["sale"] = float(sales.sum())
    crossing = border.crossing
    shipped = links.shipped.take(crossing.rows)
    value = offers.listed.take(links.offer.take(crossing.rows))
    value *= shipped
    tonnes = group_sum(shipped, crossing.channel, border.size) / 1000.0
    sale = group_sum(value, crossing.channel, border.size) / 1000.0
    if money.book:
        states = len(needs.facts.states)
        value = offers.listed.take(links.offer) * links.shipped
        money.book.note(
            "sale", between_firms(needs.facts), group_sum(value, links.pair, states**2) / 1000.0
        )
    parts = {"freight": tonnes * border.freight}
    smuggled = smuggled_value(sale, offers=offers, links=links, border=border, leaks=leaks)
    parts |= _paid_at_border(sale, tonnes, smuggled, border=border)
    _receive(money, parts, border=border)


def _paid_at_border(
    sale: FloatArray, tonnes: FloatArray, smuggled: FloatArray | None, *, border: Border
) -> dict[str, FloatArray]:
    """What measures make of a sale, by channel (USD million): premium, tariff, tax, duty and rent,
    as far as there are any.

    priced = sale e^m; tax = v priced, duty = d priced, tariff on all three; m premium (log), v tax
    not refunded, d duty. Who evades pays neither tax nor duty, and traders keep it. tonnes in 1000.
    """
    parts: dict[str, FloatArray] = {}
    priced = sale
    if border.premium_charged.any():
        priced = sale * np.exp(border.premium_charged)
        parts["border_premium"] = priced - sale
    taxes = {"export_tax_not_refunded": priced * border.vat}
    if border.duty.any():
        taxes["export_duty"] = priced * border.duty
    if border.tariff.any():
        parts["import_tariff"] = sum(taxes.values(), priced) * border.tariff
    if smuggled is not None:  # at the price of those who pay tax and duty
        evaded = np.minimum(smuggled / (sale + 1e-300), 1.0)
        parts["tax_evaded"], paid = sum(taxes.values()) * evaded, 1.0 - evaded
        taxes = {kind: tax * paid for kind, tax in taxes.items()}
    parts |= taxes
    if border.rent.any():
        parts["quota_rent"] = tonnes * border.rent
    return parts


RECEIVERS = {  # of parts of a bill: accounts of the importing or the exporting state
    "freight": ("carriers", "importer"),
    "border_premium": ("traders", "exporter"),
    "import_tariff": ("treasury", "importer"),
    "tax_evaded": ("traders", "exporter"),
    "export_tax_not_refunded": ("treasury", "exporter"),
    "export_duty": ("treasury", "exporter"),
    "quota_rent": ("traders", "exporter"),
}


def _receive(money: Money, parts: dict[str, FloatArray], *, border: Border) -> None:
    """Parts of the bills, by kind and channel, go to accounts of states; buyers have paid them."""
    kinds, count = tuple(parts), len(parts)
    if kinds not in money.tills:
        of = [RECEIVERS[kind] for kind in kinds]
        accounts = [money.at[role][getattr(border, side)] for role, side in of]
        places = [account + k * money.size for k, account in enumerate(accounts)]
        money.tills[kinds] = np.concatenate(places)
    paid, account = np.array(tuple(parts.values())), money.tills[kinds]
    totals = paid.sum(axis=1).tolist()
    received = group_sum(paid.ravel(), account, count * money.size).reshape(count, -1)
    money.month = np.vstack((money.month, received)).sum(axis=0)  # one kind after the other
    money.by_kind |= {kind: total for kind, total in zip(kinds, totals, strict=True) if total}
    if money.book:
        groups = money.group[account.reshape(count, -1) % money.size]
        for kind, group, amount, total in zip(kinds, groups, paid, totals, strict=True):
            if total:
                money.book.note(kind, border.importer * group_count(border.facts) + group, amount)
