"""Why a headline is what it is: the line, the stock and the month behind it, told of runs whose
tables are a few rows, and of a run of the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.findings import past_months, twin_run
from coercivity.experiments.findings.headline_steps import find_steps
from coercivity.experiments.quantities.headlines import formulas
from coercivity.experiments.worlds.compare import compare
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.results.provenance import provenance_hashes
from coercivity.model.results.result import Result
from coercivity.viz.words.explanation_text import Explanation, explain
from coercivity.viz.words.why_text import Reason, reasons_in_words
from tests.facts import FACTS
from tests.fake_result import FakeResult, fake_scenario
from tests.model.test_shown import BAN as BAN_WITH_MARKUP
from tests.names import GOODS, SECTORS
from tests.viz.test_cards import read

BAN = {
    **BAN_WITH_MARKUP,
    "months": 12,
    "events": [{**BAN_WITH_MARKUP["events"][0], "text": "China bans <b>all</b> of it."}],
}
SINCE = "2025-01-11"


@pytest.fixture(scope="module")
def ban() -> Result:
    return run(BAN, 3)


@pytest.fixture(scope="module")
def why(ban: Result) -> Explanation:
    told: Explanation = ban.explain("first_stop_days")
    return told


class Rows:
    """A finished run of the fake scenario of which a test says some tables; the others are
    empty.
    """

    seed = 1
    scenario = fake_scenario()
    facts = scenario.facts
    months = FakeResult(scenario).months
    COLUMNS = {
        "stoppages": [
            "firm",
            "state",
            "sector",
            "stage",
            "first_day",
            "last_day",
            "missing",
            "output_lost_share",
        ],
        "stocks": ["month", "state", "stage", "good", "tonnes"],
        "events": ["month", "actor", "kind", "text"],
        "spending": ["month", "payer", "payee", "kind", "usd_million"],
        "licences": ["month", "exporter", "importer", "good", "filed", "granted", "refused"],
        "decisions": ["month", "actor", "saw", "chose", "rejected"],
        "leaks": ["month", "route", "good", "tonnes", "via", "to"],
        "macro": ["month", "state", "sector", "output_lost", "cost_paid", "made_up", "gdp_effect"],
        "prices": ["month", "state", "good", "home"],
        "dependence": ["month", "state", "supplier", "basis", "measure", "group", "share"],
        "output": ["month", "state", "stage", "good", "tonnes"],
    }
    tables = tuple(COLUMNS)
    records: Any = None

    def __init__(self, **rows: list[tuple[Any, ...]]) -> None:
        self.rows = rows

    def table(self, name: str) -> pd.DataFrame:
        frame = pd.DataFrame(self.rows.get(name, []), columns=self.COLUMNS[name])
        return frame.astype({"month": "category"}) if "month" in frame else frame


def steps(
    mine: Rows,
    twin: Rows,
    headline: str,
    value: float | None = None,
    pairs: Sequence[tuple[Rows, Rows]] = (),
) -> tuple[Reason, ...]:
    return reasons_in_words(find_steps(mine, twin, "Japan", SINCE, headline, value, pairs))


class Kept(dict[str, np.ndarray]):
    """As much of records as is read of what a firm holds."""

    structure: Any = None
    facts = Facts.default()
    script: tuple[Any, ...] = ()
    decisions: tuple[Any, ...] = ()
    events: tuple[Any, ...] = ()


def stock_of_one_firm(end: float) -> Kept:
    """A firm with two inputs: of dysprosium oxide it holds 90 t, and from March 2025 on `end`."""
    kept = Kept(
        need_stock=np.array([[7.0, 90.0]] * 14 + [[7.0, end]] * 22), expected=np.full((36, 2), 20.0)
    )
    kept.structure = SimpleNamespace(
        names=("China light 1", "Japan automotive 1"),
        need_firm=np.array([1, 1]),
        need_good=np.array([GOODS.index("terbium_oxide"), GOODS.index("dysprosium_oxide")]),
    )
    return kept


def stop(firm: str, day: str, missing: str = "dysprosium_oxide") -> tuple[Any, ...]:
    return (firm, "Japan", "automotive", "end_use", day, None, missing, 0.75)


def test_the_line_behind_the_number_is_named_with_what_it_lacks_and_the_twin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(past_months, "last_past_month", lambda facts: "2024-11")
    mine = Rows(
        stoppages=[
            stop("Japan automotive 2", "2025-04-20"),
            stop("Japan automotive 1", "2025-03-12"),
            stop("Japan automotive 1", "2025-09-01"),
            stop("Japan automotive 3", "2024-12-30"),  # before the count
        ]
    )
    mine.records, twin_records = (stock_of_one_firm(end) for end in (4.0, 88.0))
    twin = Rows(stoppages=[stop("Japan automotive 1", "2026-01-02")])
    twin.records = twin_records
    told = steps(mine, twin, "first_stop_days", 60.0)
    texts = [one.text for one in told]
    assert (
        "Car maker 1 in Japan stops a line on 12 March 2025 for want of dysprosium oxide, 60 days "
        "after the measure, the first of 2 makers that stop, 75% of its output stands still; "
        "without it on 2 January 2026."
    ) in texts
    assert (
        "What car maker 1 in Japan holds of dysprosium oxide goes from 90 t (4.5 months of its use) "
        "in December 2024 to 4 t (0.2 months of its use) in March 2025; without it to 88 t (4.4 "
        "months of its use)."
    ) in texts
    months = [one.first for one in told]
    assert months == sorted(months)
    later = [one.text for one in steps(mine, twin, "median_stop_days", 99.0)]
    assert any("Car maker 2 in Japan" in one and "number 2 of 2" in one for one in later)
    assert any(one.endswith("of its output stands still; without it never.") for one in later)


def test_lines_of_a_month_that_is_past_are_told_by_sector_and_state() -> None:
    mine = Rows(
        stoppages=[
            stop("Japan automotive 1", "2025-03-12"),
            stop("Japan automotive 2", "2025-03-12"),
            stop("Japan automotive 3", "2024-12-30"),  # stood already
        ]
    )
    mine.records = stock_of_one_firm(4.0)
    twin = Rows()
    twin.records = stock_of_one_firm(88.0)
    trail = steps(mine, twin, "first_stop_days", 60.0)
    said = "\n".join(text for one in trail for text in (one.text, *one.records))
    assert "ar maker" not in said
    assert "Japan automotive" not in said
    assert "A maker in Japan (Automotive) stops a line on 12 March 2025" in said
    assert "What a maker in Japan (Automotive) holds of dysprosium oxide goes from" in said
    assert "12 March 2025: 2 makers in Japan (Automotive) for want of dysprosium oxide" in said
    assert "30 December 2024: a maker in Japan (Automotive) for want of dysprosium oxide" in said
    later = Rows(stoppages=[stop("Japan automotive 1", "2027-03-12")])
    (one,) = (one for one in steps(later, mine, "first_stop_days") if "stops a line" in one.text)
    assert one.text.startswith("A maker in Japan (Automotive) stops a line on 12 March 2027")
    (one,) = (one for one in steps(later, Rows(), "first_stop_days") if "stops a line" in one.text)
    assert one.text.startswith("Car maker 1 in Japan stops a line on 12 March 2027")


def test_a_sum_is_told_by_sector_above_the_twin() -> None:
    def lost(sector: str, million: float) -> tuple[Any, ...]:
        return ("2025-05", "Japan", sector, million, 0.0, 0.0, -million)

    mine = Rows(macro=[lost("automotive", 900.0), lost("wind", 40.0), lost("electronics", 5.0)])
    twin = Rows(macro=[lost("automotive", 100.0), lost("electronics", 5.0)])
    for headline, sign in (("output_lost_24m", "+"), ("gdp_effect_worst", "-")):
        (one,) = (one for one in steps(mine, twin, headline) if one.table == "macro")
        assert one.text == (
            f"Most of it, against the twin, lies in cars (USD {sign}800 million) and wind turbines "
            f"(USD {sign}40 million)."
        )
        assert one.first == "2025-05"
    late = [("2027-05", *row[1:]) for row in mine.rows["macro"]]
    assert any(
        one.text == "In no sector is it more or less than without it."
        for one in steps(Rows(macro=late), Rows(), "output_lost_24m")
    )


def test_every_headline_has_steps() -> None:
    for headline in formulas(Facts.default()):
        if not headline.endswith(tuple(SECTORS)):  # which are alike
            assert steps(Rows(), Rows(), headline)


def test_a_run_is_explained_against_its_twin_without_the_measure(
    ban: Result, why: Explanation
) -> None:
    assert why.value == ban.headlines()["first_stop_days"]
    assert why.without == "without the blanket ban of 10 March 2024 of China against Japan"
    assert why.trail[0].text == "China bans <b>all</b> of it."
    stops = ban.table("stoppages", dates="timestamp").query(
        "state == 'Japan' and stage == 'end_use'"
    )
    first = stops[stops["first_day"] >= "2024-03-10"]["first_day"].min()
    assert why.value == (first - pd.Timestamp("2024-03-10")).days
    assert any("stops a line on" in one.text for one in why.trail)


def test_the_twin_is_run_once_for_several_headlines(
    ban: Result, why: Explanation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_again(*_: object, **__: object) -> None:
        raise AssertionError("the twin is there")

    monkeypatch.setattr(twin_run, "run", not_again)
    told = ban.explain("output_lost_total")
    assert told.value == ban.headlines()["output_lost_total"]
    assert told.difference == pytest.approx(told.value - told.twin_value)


def test_a_comparison_explains_a_pair() -> None:
    pairs = compare({**BAN, "name": "calm", "events": []}, BAN, [3, 4])
    told = pairs.explain("first_stop_days", seed=4)
    assert told.seed == 4
    assert told.without == "in calm"
    assert told.twin_value is None
    assert pairs.explain().seed == 3
    with pytest.raises(InputError, match="seed '5' is of no pair; use one of: 3, 4"):
        pairs.explain(seed=5)


def test_what_cannot_be_explained_costs_one_line(ban: Result) -> None:
    with pytest.raises(InputError, match="headline 'first_stop' is not known"):
        explain(ban, "first_stop")
    with pytest.raises(InputError, match="state 'Jpan' is not a state"):
        explain(ban, "first_stop_days", state="Jpan")
    calm = run({**BAN, "name": "calm", "events": []}, 3, months=6)
    with pytest.raises(InputError, match="has no measure against Japan to be without; give twin="):
        explain(calm, "first_stop_days")
    with pytest.raises(InputError, match="twin 'calm' has 6 months from 2024-01 and seed 3; this"):
        explain(ban, "first_stop_days", twin=calm)
    own = replace(ban, world="MyWorld 0123456789ab")
    with pytest.raises(InputError, match="this is a run of MyWorld 0123456789ab, and its twin has"):
        explain(own, "first_stop_days")


def test_no_twin_is_made_of_a_run_that_something_else_made(ban: Result) -> None:
    for name in ("facts", "code"):
        made = tuple((provenance_hashes(FACTS) | {name: "1" * 12}).items())
        with pytest.raises(
            InputError, match=rf"\({name} 111111111111\), and its twin.*run it anew"
        ):
            replace(ban, made=made).explain()


@pytest.mark.parametrize(
    ("twin", "said"),
    [
        ({"version": "0.1.0"}, r"twin 'ban' was made by coercivity 0\.1\.0, and this run by "),
        ({"world": "World with a 1"}, r"\(class World with a 1\), and this run by .*with a 0\)"),
    ],
)
def test_a_twin_that_something_else_made_is_refused(
    ban: Result, twin: dict[str, Any], said: str
) -> None:
    mine = replace(ban, world="World with a 0")
    with pytest.raises(InputError, match=said):
        mine.explain(twin=replace(mine, **twin))


def test_an_explanation_in_a_notebook_is_a_card_with_its_records_folded_away(
    why: Explanation,
) -> None:
    texts = read(why._repr_html_()).texts
    assert why.answer() in texts
    assert f"counted from {why.since}" in " ".join(texts)
    bare, told = (
        next(one for one in why.trail if bool(one.records) is had) for had in (False, True)
    )
    assert bare.text in texts
    assert f"{len(told.records)} records of the table {told.table}" in texts
    assert told.records[0] in texts
    apart = replace(why, apart="of other lines")
    assert apart.answer().endswith("(of other lines)")
