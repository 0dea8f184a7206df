"""What the lab draws of a finished run: a few monthly series of one state and the headlines,
straight from the records.

The same functions as behind the tables, without the frames (tests/experiments/test_lab_history.py
holds every number equal to its table): a lever that is moved has to be answered while the hand is
still on it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.experiments.worlds.headlines import EXPORTER, FOCUS, headlines_of
from coercivity.model.basis.calendar import day_at
from coercivity.model.basis.goods import STATE
from coercivity.model.basis.names import ELEMENTS, GOOD_STAGE, GOODS, SECTORS, STATES
from coercivity.model.results.dependence import by_last_origin, by_separation, shares
from coercivity.model.results.events import spells, stopped
from coercivity.model.results.output import flow, made_and_possible
from coercivity.model.results.records import by_group, ratio
from coercivity.model.results.tracer import separated_in
from coercivity.model.results.trade import home_and_quoted
from coercivity.model.use.macro import dependent_value_added

if TYPE_CHECKING:
    from coercivity.model.results.result import Result

S, G, K = len(STATES), len(GOODS), len(SECTORS)
GROUPS: Final = ("all", *ELEMENTS)
BASES: Final = ("separated_in", "last_origin")
ALL: Final = "all"


class History:
    """A finished run, read once: arrays that series and headlines share. Raises ValueError for a
    run that kept no records.
    """

    def __init__(self, result: Result) -> None:
        if result.records is None:
            raise ValueError("this run did not record; make it with record=True")
        self.result, self.records, self.months = result, result.records, result.months

    @cached_property
    def home(self) -> FloatArray:
        """Home price, USD/kg, months x states x goods; NaN where there is none."""
        return home_and_quoted(self.records)[0].reshape(-1, S, G)

    @cached_property
    def dependence(self) -> dict[str, FloatArray]:
        """By basis: share of each state's purchases by tonnage that comes from the exporter, months
        x states x GROUPS; NaN where nothing is bought.
        """
        bought = {"last_origin": by_last_origin(self.records, "tonnes", GROUPS)}
        bought["separated_in"] = by_separation(self.records, "tonnes", separated_in(self.records))
        found = {}
        for basis, tonnes in bought.items():
            share, counts = shares(tonnes)
            found[basis] = np.where(
                counts[None, :, :, STATE[EXPORTER]], share[..., STATE[EXPORTER]], np.nan
            )
        return found

    @cached_property
    def stopped(self) -> list[tuple[int, int, str]]:
        """Firm, month and first day of every spell in which a line of an end user stood, anywhere."""
        of, lasts = self.records.structure, self.records["lasts"]
        down = stopped(self.records)[0] & (of.firm_sector >= 0)
        firm, first, _ = spells(down)
        return [
            (who, at, day_at(self.months[at], float(lasts[at, who])))
            for who, at in zip(firm.tolist(), first.tolist(), strict=True)
        ]

    def exported(self, state: str) -> FloatArray:
        """Price free on board of what a state exports, with premium, duty, non-refunded tax and
        rent: USD/kg, months x goods; NaN where it exports none.
        """
        of = self.records.structure
        abroad = of.normal * ((of.exporter != of.importer) & (of.exporter == STATE[state]))
        return ratio(
            by_group(np.nan_to_num(self.records.fob) * abroad, of.good, G),
            group_sum(abroad, of.good, G)[None, :],
        )

    def output(self, state: str) -> dict[str, FloatArray]:
        """Value added of what a state's end users make over what they plan (0-1), by month: of all
        sectors together and of each that it has.
        """
        of, at = self.records.structure, STATE[state]
        rows = np.flatnonzero((of.firm_state == at) & (of.firm_sector >= 0))
        value = (
            dependent_value_added()[of.firm_state[rows], of.firm_sector[rows]]
            * of.firm_size[rows]
            * self.records.parameters.dependent_scale
        )
        planned = by_group(self.records["plan"][:, rows] * value, of.firm_sector[rows], K)
        made = planned + flow(self.records, "gdp_effect")[:, at * K : (at + 1) * K]
        share = ratio(made, planned)
        found = {ALL: ratio(made.sum(axis=1), planned.sum(axis=1))}
        return found | {
            sector: share[:, k]
            for k, sector in enumerate(SECTORS)
            if np.isfinite(share[:, k]).any()
        }

    def cover(self, state: str) -> dict[str, FloatArray]:
        """Months for which the stocks of a state's users of a good last: stock over expected
        monthly use, by good.
        """
        of = self.records.structure
        rows = np.flatnonzero(of.firm_state[of.need_firm] == STATE[state])
        held, expected = (
            by_group(self.records[name][:, rows], of.need_good[rows], G)
            for name in ("need_stock", "expected")
        )
        share = ratio(held, expected)
        return {good: share[:, g] for g, good in enumerate(GOODS) if np.isfinite(share[:, g]).any()}

    def headlines(self, since: str) -> dict[str, float | None]:
        """Headlines counted from the day *since*, equal to those of the result's tables."""
        return headlines_of(_Source(self), since)


class _Source:
    """What the formulas of the headlines read (``headlines.Source``), seen from the focus state."""

    def __init__(self, history: History) -> None:
        self.history, self.records, self.months = history, history.records, history.months

    def stops(self, of: str) -> list[tuple[str, str, str]]:
        who = self.records.structure
        home = who.firm_state == STATE[FOCUS]
        return [
            (SECTORS[who.firm_sector[firm]], who.names[firm], day)
            for firm, _, day in self.history.stopped
            if home[firm]
        ]

    def firms(self, of: str) -> dict[str, int]:
        who = self.records.structure
        count = np.bincount(
            who.firm_sector[(who.firm_state == STATE[FOCUS]) & (who.firm_sector >= 0)], minlength=K
        )
        return {sector: int(count[k]) for k, sector in enumerate(SECTORS) if count[k]}

    def flow(self, of: str) -> FloatArray:
        return flow(self.records, of)[:, STATE[FOCUS] * K : (STATE[FOCUS] + 1) * K]

    def home_price(self, of: str) -> FloatArray:
        return self.history.home[:, :, GOODS.index(of)]

    def dependence(self, of: str) -> FloatArray:
        return self.history.dependence[of][:, STATE[FOCUS], 0]

    def separation(self, of: str) -> FloatArray:
        made, possible = made_and_possible(self.records)
        known = ((made > 0).any(axis=0) | (possible > 0).any(axis=0)) & np.tile(
            [GOOD_STAGE[good] == "separation" for good in GOODS], S
        )
        return np.where(known, made, np.nan).reshape(-1, S, G)
