"""Money: every payment has a payer and a payee, and a month's balances sum to zero (docs/sources.md D.10).

Accounts are the firms' rows, then per state a treasury (the EU's states share one), workers and suppliers, households, carriers, builders, financiers, and
traders with licence holders. Buyers pay what they were charged (links.cost); sellers, traders, treasuries and carriers get their parts from asking prices
and rates, worked out apart: if a charge had no payee the balances would not sum to zero. USD million; USD/kg x t = USD thousand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.columns import FloatArray, IntArray, group_sum
from coercivity.model.leakage import smuggled_value
from coercivity.model.macro import dependent_value_added
from coercivity.model.parts.money import BETWEEN_FIRMS, GROUPS, Money, S

if TYPE_CHECKING:
    from coercivity.model.world import World

BANKRUPT = 3  # firms.status


def start_money(world: World) -> None:
    """Firms begin with some months of costs in hand: cash = months x cost x run (USD million) and accounts are opened."""
    firms, p = world.firms, world.p
    world.money = Money(firms.state, world.ledger.record_columns)
    links = world.links
    links.crossing_rows = np.flatnonzero(links.exporter != links.importer)
    sector = np.maximum(firms.sector, 0)
    sold = group_sum(world.offers.sales * world.offers.ask, world.offers.firm, len(firms))  # by-products that nobody buys earn nothing
    value = np.where(world.firms.is_end, dependent_value_added()[firms.state, sector] * firms.size, 0.0) * p.dependent_scale
    firms.add_columns(
        value_added=value, funded=firms.base_run.copy(), cash=p.cash_buffer * (firms.base_cost * firms.base_run / 1000.0 + value * world.firms.is_end),
        carried=np.where(world.firms.is_end | (firms.base_run <= 0.0), 0.0, np.maximum(firms.base_cost - sold / np.maximum(firms.base_run, 1e-12), 0.0)),
    )  # fmt: skip


def settle(world: World) -> None:
    """All payments that follow from the month's trade and production, in USD million; then cash moves and owners take out what exceeds the buffer.

    A sale is at the asking price at which the order was placed. cash <- cash + received - paid;  dividend = share max(0, cash - months x cost x run).
    """
    money, firms = world.money, world.firms
    _pay_for_goods(world)
    count, own, near = money.firms, money.own, money.near
    parts = group_sum(world.needs.used * world.needs.paid * world.needs.of_end, world.needs.firm, count) / 1000.0
    added = firms.value_added * firms.run
    wages = np.where(world.firms.is_end, added, firms.conversion * firms.run / 1000.0)
    money.pay("final_sale", near["households"], own, parts + added)
    money.pay("production_cost", own, near["workers"], wages)
    capex = firms.outlay
    if capex.any():
        money.pay("capital", near["financiers"], own, np.maximum(capex - world.support.capital, 0.0))  # the rest is public
        money.pay("construction", own, near["builders"], capex)
    _owners(world)


def _owners(world: World) -> None:
    """Owners carry the loss per tonne that a plant made at the start, fund output beyond any before, and take out cash above the buffer.

    Cash never falls below zero: owners put in what is missing; of a bankrupt plant those who are owed write it off.
    """
    money, firms, p = world.money, world.firms, world.p
    own, financiers = money.own, money.near["financiers"]
    more = np.maximum(firms.run - firms.funded, 0.0)
    firms.funded = firms.funded + more
    money.pay("owners_in", financiers, own, (p.cash_buffer * firms.cost * more + firms.carried * firms.run) / 1000.0)
    needed = p.cash_buffer * (firms.cost * firms.run / 1000.0 + firms.value_added * firms.run)
    money.pay("dividend", own, financiers, p.dividend_share * np.maximum(firms.cash + money.month[: money.firms] - needed, 0.0))
    missing = np.maximum(-(firms.cash + money.month[: money.firms]), 0.0)
    if missing.any():
        bankrupt = firms.status == BANKRUPT
        money.pay("owners_in", financiers, own, np.where(bankrupt, 0.0, missing))
        money.pay("written_off", financiers, own, np.where(bankrupt, missing, 0.0))
    firms.cash = np.maximum(firms.cash + money.month[: money.firms], 0.0)


def _pay_for_goods(world: World) -> None:
    """Sales, border premium, quota rent, export tax and duty, tariff and freight of what was shipped, summed by channel (exporter, importer, good)."""
    money, links, offers, border = world.money, world.links, world.offers, world.border
    count, at = money.firms, money.at
    bill = group_sum(world.needs.bill, world.needs.firm, count) / 1000.0
    sales = group_sum(world.offers.sold * world.offers.listed, offers.firm, count) / 1000.0
    money.month[:count] += sales - bill
    money.by_kind["sale"] = float(sales.sum())
    rows = links.crossing_rows
    channel, offer = border.channel[rows], links.offer[rows]
    moved = world.links.shipped.take(rows)
    tonnes = group_sum(moved, channel, border.size) / 1000.0
    sale = group_sum(moved * world.offers.listed.take(offer), channel, border.size) / 1000.0
    exporter, importer = border.exporter, border.importer
    _receive(world, "freight", tonnes * border.freight, at["carriers"], importer)
    if not (border.premium_charged.any() or border.duty.any() or border.tariff.any() or border.rent):
        _receive(world, "export_tax_not_refunded", sale * border.vat, at["treasury"], exporter)
    else:
        priced = sale * np.exp(border.premium_charged)
        vat, duty = priced * border.vat, priced * border.duty
        _receive(world, "border_premium", priced - sale, at["traders"], exporter)
        _receive(world, "import_tariff", (priced + vat + duty) * border.tariff, at["treasury"], importer)
        evaded = np.minimum(smuggled_value(world, sale) / np.maximum(sale, 1e-300), 1.0)  # at the price of those who pay tax and duty
        _receive(world, "tax_evaded", (vat + duty) * evaded, at["traders"], exporter)
        _receive(world, "export_tax_not_refunded", vat * (1.0 - evaded), at["treasury"], exporter)
        _receive(world, "export_duty", duty * (1.0 - evaded), at["treasury"], exporter)
        _receive(world, "quota_rent", tonnes * border.quota * border.rent, at["traders"], exporter)
    if money.book:
        traded = group_sum(world.links.shipped * world.offers.listed.take(links.offer), links.pair, S * S) / 1000.0
        money.book.note("sale", BETWEEN_FIRMS, traded)


def _receive(world: World, kind: str, paid: FloatArray, account: IntArray, state: IntArray) -> None:
    """Parts of the bills, by channel, go to the accounts of states; the buyers paid them with the bill."""
    money = world.money
    total = float(paid.sum())
    if total == 0.0:
        return
    money.month += group_sum(paid, account[state], money.size)
    money.by_kind[kind] = total
    if money.book:
        money.book.note(kind, world.border.importer * GROUPS + money.group[account[state]], paid)
