"""The leverage gauge in words: what each of its numbers is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

LABELS: Final = {
    "first_stop_days": "First line stops after",
    "firms_stopped": "Makers with a line that stops within 12 months",
    "loss": "Cost to {target}, 36 months",
    "output_lost": "of this, output lost for good",
    "cost_paid": "of this, extra cost paid",
    "gdp_share": "GDP of {target}, worst 12 months",
    "sales_lost": "Sales to {target} lost in the 12 months",
    "exports_lost": "Exports lost, to all, 36 months",
    "share_separation": "Share of the world's separated oxides, after 36 months",
    "share_magnets": "Share of the world's magnets, after 36 months",
}


def labelled(gauge: Mapping[str, Any]) -> dict[str, Any]:
    """What `gauge_data` gives, each number with its label."""
    items = [
        {**item, "label": LABELS[item["id"]].format(target=gauge["target"])}
        for item in gauge["items"]
    ]
    return {**gauge, "items": items}
