"""What a result says of itself to pandas and to a notebook: months that pandas orders, and the one
place where methods find what shows a result.
"""

from __future__ import annotations

import re

import pandas as pd
import pytest

from coercivity.experiments.worlds.run import run
from coercivity.model.basis import display
from coercivity.model.basis.errors import InputError
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World

BAN = {
    "name": "ban",
    "start": "2024-01",
    "title": "A ban <script>alert('title')</script>",
    "months": 14,
    "parameters": {"firms_per_sector": 1},
    "events": [
        {
            "date": "2024-03-10",
            "kind": "blanket_ban",
            "actor": "China",
            "targets": ["Japan"],
            "goods": "all",
        }
    ],
}


@pytest.fixture(scope="module")
def ban() -> Result:
    return run(BAN, 3)


def test_months_are_text_until_somebody_asks(ban: Result) -> None:
    plain = ban.table("prices")
    assert list(plain["month"].cat.categories) == list(ban.months)
    assert plain["month"].cat.ordered  # so that one compares them with a text
    pd.testing.assert_frame_equal(plain, ban.table("prices", dates="text"))
    late = plain[plain["month"] >= "2025-01"]
    assert set(late["month"]) == {one for one in ban.months if one >= "2025-01"}


def test_days_follow_and_null_stays_null(ban: Result) -> None:
    plain, stops = ban.table("stoppages"), ban.table("stoppages", dates="timestamp")
    assert len(plain) > 0
    assert plain["last_day"].isna().any()
    for column in ("first_day", "last_day"):
        assert (stops[column].isna() == plain[column].isna()).all()
        assert stops[column].dt.strftime("%Y-%m-%d").dropna().tolist() == list(
            plain[column].dropna()
        )


def test_another_form_costs_one_line(ban: Result) -> None:
    with pytest.raises(
        InputError, match="dates 'weeks' is not known; use one of: text, period, ti"
    ):
        ban.table("prices", dates="weeks")


@pytest.fixture
def homes(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The registered homes, which a test may change."""
    held = dict(display._homes)
    monkeypatch.setattr(display, "_homes", held)
    return held


def test_a_world_shows_its_month_and_its_agents_without_making_them() -> None:
    world = World(load_scenario(BAN), 3, collect=False)
    assert "not begun: 14 months from 2024-01" in world._repr_html_()
    world.step()
    world.step()
    card = str(world._repr_html_())
    assert world.actors.agents is None
    assert "2 of 14 months are over, the last 2024-02" in card
    assert "<script" not in card
    assert "A ban &lt;script&gt;alert(" in card
    counted = {kind.__name__: len(agents) for kind, agents in world.agents_by_type.items()}
    for name, count in counted.items():
        assert re.search(rf"{name}<[^0-9]*{count:,}<", card), name
    assert world._repr_html_() == card  # now that they are made


def test_a_run_that_did_not_record_says_so() -> None:
    quick = run(BAN, 3, months=6, record=False)
    assert "did not record" in quick._repr_html_()
    assert quick.plots == ()
    for ask in (quick.plot, quick.explain, quick.to_xarray):
        with pytest.raises(InputError, match="did not record"):
            ask()


def broken_card(result: Result) -> str:
    raise ValueError("no <b>card</b> today")


def test_a_card_never_raises_and_says_why_it_is_short(homes: dict[str, str], ban: Result) -> None:
    display.register({"card of a run": "tests.model.test_shown:broken_card"})
    card = ban._repr_html_()
    assert "Result(" in card
    assert "its card cannot be shown: ValueError: no &lt;b&gt;card&lt;/b&gt; today" in card
