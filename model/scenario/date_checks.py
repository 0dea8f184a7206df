"""Whether the acts of a scenario stand where its months are, or where its start remembers them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from coercivity.model.basis.calendar import month_index, month_name
from coercivity.model.basis.errors import InputError, Phrase, wrong_field
from coercivity.model.scenario.event import Event, event_place

# what the tables of a start hold already: output, use, stocks and sellers of its first month
IN_THE_START: Final = ("mine_closure", "plant_fire", "demand_case", "firm_stock", "firm_supplier")


def check_dates(acts: Iterable[Event], start: str, months: int, where: str | Phrase) -> None:
    """Refuse an act that begins after the last month, and one from before the first that holds on
    and that the start's tables count already.
    """
    last = month_name(start, months - 1)
    for event in acts:
        here = event_place(where, event.id)
        if event.date[:7] > last:
            raise InputError(
                "{field} '{value}' is after the last month {high}",
                "use an earlier date or more months",
                **wrong_field(here, "date", event.date),
                high=last,
            )
        holds_on = not event.end or month_index(start, event.end[:7]) >= 0
        if event.kind in IN_THE_START and month_index(start, event.date[:7]) < 0 and holds_on:
            raise InputError(
                "{field} '{value}' is before the first month {low}, whose tables count it already",
                "use a later date, or an earlier start",
                **wrong_field(here, "date", event.date),
                low=start,
            )
