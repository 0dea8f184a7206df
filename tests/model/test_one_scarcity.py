"""A shortage is counted once in a price: what is lacked of an input by the plants that want it, and
what a border holds back by those who buy across it (decision 0097).
"""

from tools.docs.believed.core import CHINA, NDPR, abroad, lived
from tools.docs.believed.measures import prices, year
from tools.docs.believed.money_and_stops import stopped

MAGNET = "magnet_heat_resistant"


def test_magnets_in_japan_cost_some_times_chinas_price_under_the_licences_of_2025() -> None:
    """A practitioner expects 1.5 to 4 times from April to December, and no month near the thirty
    that the spot across the border shows.
    """
    result = lived("licensing-2025", 1, 84, own=True)
    ratio = prices(result, MAGNET, "Japan", "quoted") / prices(result, MAGNET, CHINA, "home")
    of_2025 = ratio["2025-04":"2025-12"]
    assert 1.5 < of_2025.mean() < 4.0
    assert of_2025.max() < 8.0


def test_three_years_after_a_stop_oxide_costs_what_it_does_without() -> None:
    """Nothing is scarce by then: at home no more than a third above the calm twin."""
    mine, twin = (year(abroad(result, NDPR), 2030).mean() for result in stopped(1))
    assert 0.75 < mine / twin < 1.33
