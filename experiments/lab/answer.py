"""What happened, in the words that a visitor came for: a few sentences from the headline numbers of
one history.
"""

from __future__ import annotations

from collections.abc import Mapping

from coercivity.experiments.worlds.headlines import FOCUS


def answer(values: Mapping[str, float | None], since: str) -> str:
    """Sentences about the focus state; a number that is not defined in this run leaves its sentence
    out.
    """
    told = []
    first, stopped, share = (
        values.get("first_stop_days"),
        values.get("firms_stopped"),
        values.get("firms_stopped_share"),
    )
    if first is None:
        told.append(f"No maker in {FOCUS} has to stop a line.")
    else:
        many = f"{stopped or 0:.0f} stop in all, {share or 0:.0%} of them"
        told.append(
            f"The first maker in {FOCUS} stops after {first:.0f} days (counted from "
            f"{since}); {many}."
        )
    lost, paid, made_up = (
        values.get(name) for name in ("output_lost_24m", "cost_paid_24m", "made_up_24m")
    )
    if lost is not None and paid is not None:
        later = (
            f"; USD {made_up:.1f} bn is made up later"
            if made_up is not None and made_up >= 0.05
            else ""
        )
        told.append(
            f"In two years output worth USD {lost:.1f} bn is lost and dearer inputs cost "
            f"USD {paid:.1f} bn{later}."
        )
    price = values.get("price_multiple_dy_japan")
    if price is not None:
        told.append(f"Dysprosium in {FOCUS} peaks at {price:.1f} times its price before.")
    before, after, end = (
        values.get(f"dependence_separated_{when}") for when in ("before", "60m", "end")
    )
    if before is not None and end is not None:
        between = f"{after:.0%} after five years and " if after is not None else ""
        told.append(
            f"Of what {FOCUS} buys, {before:.0%} was separated in China before; "
            f"{between}{end:.0%} at the end."
        )
    return " ".join(told)
