"""The leverage gauge in words: what each of its numbers is called, as a loss or as a gain."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from coercivity.viz.words.language import Name, noted, say
from coercivity.viz.words.range_text import round_outward

LABELS: Final = {
    "first_stop_days": noted("First line stops after"),
    "firms_stopped": noted("Makers with a line that stops within 12 months"),
    "loss": noted("Cost to {target}, 36 months"),
    "output_lost": noted("output lost for good"),
    "cost_paid": noted("extra cost paid"),
    "gdp_share": noted("GDP of {target}, worst 12 months"),
    "sales_lost": noted("Sales to {target} lost in the 12 months"),
    "exports_lost": noted("Exports lost, to all, 36 months"),
    "share_separation": noted("Share of the world's separated oxides, after 36 months"),
    "share_magnets": noted("Share of the world's magnets, after 36 months"),
}
GAINS: Final = {  # the same where the loss is below nothing
    "loss": noted("Gain of {target}, 36 months"),
    "output_lost": noted("output gained"),
    "cost_paid": noted("cost saved"),
    "sales_lost": noted("Sales to {target} gained in the 12 months"),
    "exports_lost": noted("Exports gained, to all, 36 months"),
}
PARTS: Final = ("output_lost", "cost_paid")  # of the loss
FINEST: Final = {  # step of what is shown, by unit
    "days": 1.0,
    "share": 0.001,
    "USD million": 0.1,
    "points": 0.1,
    "% of the same months' GDP": 0.01,
}
ALL: Final = 0.995  # of a whole: a larger part is all of it


def labelled_gauge(gauge: Mapping[str, Any]) -> dict[str, Any]:
    """What `gauge_data` gives, each number with its label in the language that is spoken; gain:
    whether that tells of a gain; part: words for a part that is all of the loss, else ''; ends:
    5th and 95th percentile, rounded outward.
    """
    shown = "median" if len(gauge["seeds"]) > 1 else "value"
    (whole,) = (item[shown] for item in gauge["items"] if item["id"] == "loss")
    return {
        **gauge,
        "items": [_labelled_number(gauge, one, one[shown], whole) for one in gauge["items"]],
    }


def _labelled_number(
    gauge: Mapping[str, Any], item: Mapping[str, Any], value: float | None, whole: float
) -> dict[str, Any]:
    gain = item["id"] in GAINS and value is not None and value < 0.0
    labels = GAINS if gain else LABELS
    label, part = say(labels[item["id"]], target=Name(gauge["target"])), ""
    if value is not None and item["id"] in PARTS:
        same = value * whole >= 0.0
        label = say("of this, {part}", part=label) if same else say("less this, {part}", part=label)
        part = say("all of it") if same and 0.0 < ALL * abs(whole) <= abs(value) else ""
    return {**item, "label": label, "gain": gain, "part": part, "ends": _outward_ends(item)}


def _outward_ends(item: Mapping[str, Any]) -> list[float | None]:
    """Round the ends of a range outward; what never comes is later than anything."""
    low, high = (math.inf if item[name] is None else item[name] for name in ("p05", "p95"))
    rounded = round_outward(low, high, FINEST[item["unit"]])
    return [end if math.isfinite(end) else None for end in rounded]
