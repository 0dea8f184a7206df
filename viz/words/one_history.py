"""What the lab says of one history: sentences out of its numbers."""

from __future__ import annotations

from collections.abc import Mapping

from coercivity.experiments.findings.answers import LEAST
from coercivity.experiments.findings.question import PRICED
from coercivity.experiments.quantities.headlines import EXPORTER, name_in_id
from coercivity.viz.words.dates import date_said
from coercivity.viz.words.language import Name, billions, noted, numeral, say, together
from coercivity.viz.words.range_text import shown, with_unit


def one_history(
    values: Mapping[str, float | None], since: str, state: str, priced: str = PRICED
) -> str:
    """Sentences about one history; a number that is not defined in it leaves its sentence out, and
    so does a price that no headline tells.
    """
    told, here = [], Name(state)
    first, stopped, share = (
        values.get(name) for name in ("first_stop_days", "firms_stopped", "firms_stopped_share")
    )
    if first is None:
        told.append(say("No maker in {state} has to stop a line.", state=here))
    else:
        told.append(
            say(
                "The first maker in {state} stops after {days} days (counted from {since}); "
                "{stopped} stop in all, {share} of them.",
                state=here,
                days=f"{first:.0f}",
                since=date_said(since),
                stopped=f"{stopped or 0:.0f}",
                share=shown(share or 0.0, "share"),
            )
        )
    lost, paid, made_up = (
        values.get(name) for name in ("output_lost_24m", "cost_paid_24m", "made_up_24m")
    )
    if lost is not None and paid is not None:
        sums = {
            name: with_unit(_exact(billions(value)), "USD bn")
            for name, value in (("lost", lost), ("paid", paid), ("later", made_up or 0.0))
        }
        made = made_up is not None and made_up >= LEAST["USD bn"]
        wording = (
            noted(
                "In two years output worth {lost} is lost and dearer inputs cost {paid}; {later} "
                "is made up later."
            )
            if made
            else noted("In two years output worth {lost} is lost and dearer inputs cost {paid}.")
        )
        told.append(say(wording, **sums))
    price = values.get(f"price_multiple_dy_{name_in_id(state)}")
    if price is not None and priced == PRICED:
        wording = (
            noted("Dysprosium in {state} peaks at {times} times its price before.")
            if price >= 1.05
            else noted("Dysprosium in {state} does not rise above its price before.")
        )
        told.append(say(wording, state=here, times=_exact(price)))
    before, after, end = (
        values.get(f"dependence_separated_{when}") for when in ("before", "60m", "end")
    )
    if before is not None and end is not None and state != EXPORTER:
        shares = {
            name: shown(value or 0.0, "share")
            for name, value in (("before", before), ("after", after), ("end", end))
        }
        wording = (
            noted(
                "Of what {state} buys, {before} was separated in {exporter} before; {after} after "
                "five years and {end} at the end."
            )
            if after is not None
            else noted(
                "Of what {state} buys, {before} was separated in {exporter} before; {end} at the "
                "end."
            )
        )
        told.append(say(wording, state=here, exporter=Name(EXPORTER), **shares))
    return together(told)


def _exact(value: float) -> str:
    """A number of one history, to its tenth."""
    return numeral(f"{value:.1f}")
