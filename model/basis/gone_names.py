"""What is gone of parameters and mechanisms of earlier versions, and what took their place: a
scenario that still sets one is refused with that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_INSTEAD: Final[Mapping[str, tuple[str, ...]]] = {
    "scarcity_elasticity": ("price_eta", "price_steep"),
    "delay_months": ("premium_gain",),
    "swap_elasticity": ("choke_steep", "choke_slack"),
    "redesign_elasticity": (
        "thrift_rate_heavy",
        "thrift_rate_bulk",
        "thrift_rate_light",
        "innovation_rate",
    ),
    "redesign_months": ("innovation_months",),
    "": (  # nothing
        "price_speed",
        "price_step",
        "anchor_to_price",
        "anchor_to_base",
        "parity_margin",
        "precaution_months",
        "trend_cover_gain",
        "trend_band",
        "reference_months",
        "thrift_band",
        "innovation_alarm",
        "innovation_alarm_band",
        "innovation_floor",
        "hoard_gain",
        "hoard_finance",
        "hoard_rate",
        "state_purchase",
        "band_price",
        "band_width",
        "quota_growth_gain",
        "quota_cut_limit",
        "quota_slack",
        "quota_noise",
        "even_ration",
    ),
}
# by name of a parameter that is gone: the one that took its place, or nothing
GONE_PARAMETERS: Final[Mapping[str, str]] = {
    name: instead for instead, names in _INSTEAD.items() for name in names
}
# by name of a parameter that is a constant of the model now, at the place of its rule: its value
NOW_CONSTANTS: Final[Mapping[str, float]] = {
    "credibility_step": 0.25,
    "licence_watched": 1.0,
    "floor_cover": 0.7,
    "plant_life": 20.0,
    "quote_weight": 0.3,
    "quote_noise": 0.15,
    "technology_delay": 0.2,
    "brownfield_cost": 0.4,
    "price_memory": 18.0,
    "learning_rate": 0.15,
    "cancel_hazard": 0.05,
    "cancel_hopeless": 0.4,
    "restart_margin": 0.05,
    "restart_quarters": 2.0,
    "revival_months": 21.0,
    "mothball_quarters": 3.0,
    "place_cost_gain": 6.0,
    "place_threat_gain": 4.0,
    "renewal_rate": 0.1,
    "lead_china": 18.0,
    "recycling_share": 0.01,
    "recycling_elasticity": 1.0,
    "recycling_months": 36.0,
    "magnet_life": 12.0,
    "magnet_growth_before": 0.08,
    "support_most": 0.8,
    "stockpile_speed": 1.0,
    "stockpile_spare": 0.5,
    "release_fill": 0.9,
    "memory_half_life": 42.0,
    "trader_build_months": 4.0,
    "trader_fade_months": 12.0,
    "trader_fear": 0.5,
    "debt_share": 0.6,
    "illegal_mining_share": 0.0869,
    "licence_shown_up": 6.0,
    "licence_shown_down": 120.0,
    "habit_speed": 0.0537,
    "trend_memory": 5.0,
    "growth_fade": 6.0,
    "fringe_elasticity": 0.1,
    "fringe_utilisation": 0.85,
    "licence_memory": 18.0,
    "bearable_loss": 0.15,
    "licence_clearing": 12.0,
    "demand_persistence": 0.874,
}
GONE_MECHANISMS: Final[tuple[str, ...]] = ("M2", "M4")
