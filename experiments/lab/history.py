"""What the lab draws of a finished run: a few monthly series of one state and the headlines, asked
of the catalogue of quantities.

The same functions as behind the tables, without the frames (tests/experiments/test_lab_history.py
holds every number equal to its table): a lever that is moved has to be answered while the hand is
still on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.quantities.catalogue import RecordedQuantities
from coercivity.experiments.quantities.headlines import FOCUS, headlines_of, usual_prices
from coercivity.experiments.quantities.outcomes import RecordedSource
from coercivity.model.results.records import ratio

if TYPE_CHECKING:
    from coercivity.model.results.records import Records
    from coercivity.model.results.result import Result

BASES: Final = ("separated_in", "last_origin")
ALL: Final = "all"
STANDING: Final = "standing"  # id of the series of lines that stand


DRAWN: Final = (  # quantities of the series that get a band
    "home_price",
    "planned",
    "gdp_effect",
    "stock",
    "expected",
    "separated_in_by_element",
    "last_origin_by_element",
    "export_price",
)


class Lines:
    """Monthly series of what a world has recorded, each read once."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.recorded, self.facts = RecordedQuantities(records), records.facts

    @property
    def home(self) -> FloatArray:
        """Home price, USD/kg, months x states x goods; NaN where there is none."""
        return np.asarray(self.recorded["home_price"])

    def bought(self, basis: str) -> FloatArray:
        """Share of each state's purchases by tonnage that comes from the exporter, months x states
        x groups (`groups_of`); NaN where nothing is bought.
        """
        return np.asarray(self.recorded[f"{basis}_by_element"])

    def exported(self, state: str) -> FloatArray:
        """Price free on board of what a state exports, with premium, duty, non-refunded tax and
        rent: USD/kg, months x goods; NaN where it exports none.
        """
        return np.asarray(self.recorded["export_price"][:, self.facts.state_row[state]])

    def output(self, state: str) -> dict[str, FloatArray]:
        """Value added of what a state's end users make over what they plan (0-1), by month: of all
        sectors together and of each that it has.
        """
        planned = self.recorded["planned"][:, self.facts.state_row[state]]
        produced = planned + self.recorded["gdp_effect"][:, self.facts.state_row[state]]
        share = ratio(produced, planned)
        whole = {ALL: ratio(produced.sum(axis=1), planned.sum(axis=1))}
        return whole | _drop_undefined(share, self.facts.sectors)

    def standing(self, state: str) -> FloatArray:
        """Share of a state's end users whose line stands, by month; NaN where it has none."""
        who = self.recorded.structure
        users = np.flatnonzero(
            (who.firm_sector >= 0) & (who.firm_state == self.facts.state_row[state])
        )
        stood = np.asarray(self.recorded["stood"][:, users], dtype=float)
        return stood.mean(axis=1) if len(users) else np.full(len(stood), np.nan)

    def cover(self, state: str) -> dict[str, FloatArray]:
        """Months for which the stocks of a state's users of a good last: stock over expected
        monthly use, by good.
        """
        stock, expected = (
            self.recorded[name][:, self.facts.state_row[state]] for name in ("stock", "expected")
        )
        return _drop_undefined(ratio(stock, expected), self.facts.goods)


class History(Lines):
    """A finished run. Raises ValueError for one that kept no records."""

    def __init__(self, result: Result) -> None:
        if result.records is None:
            raise ValueError("this run did not record; make it with record=True")
        super().__init__(result.records)
        self.result, self.months = result, result.months

    def headlines(self, since: str, target: str = FOCUS) -> dict[str, float | None]:
        """Headlines of a target state counted from the day *since*, equal to those of the result's
        tables.
        """
        return headlines_of(self._source(target), since)

    def usual_prices(self, since: str, target: str = FOCUS) -> dict[str, float | None]:
        """What each price multiple of these headlines is over, by id. USD/kg."""
        return usual_prices(self._source(target), since)

    def _source(self, target: str) -> RecordedSource:
        recorded = self.recorded if target == FOCUS else RecordedQuantities(self.records, target)
        return RecordedSource(recorded, self.months)


def _drop_undefined(values: FloatArray, names: tuple[str, ...]) -> dict[str, FloatArray]:
    """The columns of months x names that have a number in some month, by name."""
    return {name: values[:, k] for k, name in enumerate(names) if np.isfinite(values[:, k]).any()}
