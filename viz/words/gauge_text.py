"""The leverage gauge in words: what each of its numbers is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from coercivity.viz.words.language import Name, noted, say

LABELS: Final = {
    "first_stop_days": noted("First line stops after"),
    "firms_stopped": noted("Makers with a line that stops within 12 months"),
    "loss": noted("Cost to {target}, 36 months"),
    "output_lost": noted("of this, output lost for good"),
    "cost_paid": noted("of this, extra cost paid"),
    "gdp_share": noted("GDP of {target}, worst 12 months"),
    "sales_lost": noted("Sales to {target} lost in the 12 months"),
    "exports_lost": noted("Exports lost, to all, 36 months"),
    "share_separation": noted("Share of the world's separated oxides, after 36 months"),
    "share_magnets": noted("Share of the world's magnets, after 36 months"),
}


def labelled(gauge: Mapping[str, Any]) -> dict[str, Any]:
    """What `gauge_data` gives, each number with its label in the language that is spoken."""
    items = [
        {**item, "label": say(LABELS[item["id"]], target=Name(gauge["target"]))}
        for item in gauge["items"]
    ]
    return {**gauge, "items": items}
