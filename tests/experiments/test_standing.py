"""Who stood already when the count began, and whether first stops may be compared."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from coercivity import cli
from coercivity.experiments.findings.headline_steps import find_steps
from coercivity.experiments.quantities.headlines import formulas
from coercivity.experiments.worlds.compare import Comparison
from coercivity.experiments.worlds.idle_at_start import (
    idle_by_sector,
    same_lines,
)
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.viz.words.cards import comparison_card
from coercivity.viz.words.why_text import Reason, reasons_in_words
from tests.fake_result import FakeResult, fake_scenario
from tests.viz.test_cards import read

SINCE = "2025-01-11"  # the fake ban
COLUMNS = [
    *("firm", "state", "sector", "stage"),
    *("first_day", "last_day", "output_lost_share", "missing"),
]


def spell(
    number: int, first: str, last: str | None = None, sector: str = "wind"
) -> tuple[Any, ...]:
    name = f"Japan {sector} {number}"
    return (name, "Japan", sector, "end_use", first, last, 0.8, "dysprosium_oxide")


@dataclass(frozen=True, eq=False)
class Stopped(FakeResult):
    """The fake result with spells that a test says."""

    spells: tuple[tuple[Any, ...], ...] = field(default=())

    @cached_property
    def stoppages(self) -> pd.DataFrame:
        return pd.DataFrame(list(self.spells), columns=COLUMNS)

    def table(self, name: str) -> pd.DataFrame:
        if name != "stoppages":
            return super().table(name)
        return pd.DataFrame(list(self.spells), columns=COLUMNS)


EARLY = (spell(0, "2024-11-02"), spell(1, "2024-12-01", "2025-01-31"))
GONE = spell(2, "2024-12-01", "2025-01-10")  # runs again the day before
LATER = spell(3, "2025-03-12")
NOT_COMPARED = "not compared: 2 and 0 stood already"


def twins(pairs: int, *, unlike: int) -> Comparison:
    """Pairs of which in some two makers stood already in the base and none in the scenario."""
    base = [
        Stopped(fake_scenario(name="short"), seed, spells=(*(EARLY if seed < unlike else ()), GONE))
        for seed in range(pairs)
    ]
    mine = [Stopped(fake_scenario(), seed, spells=(LATER, GONE)) for seed in range(pairs)]
    return Comparison(tuple(base), tuple(mine))  # type: ignore[arg-type]


def test_who_stands_on_the_day_stood_already() -> None:
    run = Stopped(fake_scenario(), spells=(*EARLY, GONE, LATER, spell(4, "2025-01-11")))
    assert idle_by_sector(run, SINCE) == {"wind": 2, "": 2}
    assert idle_by_sector(run, SINCE, "China")[""] == 0


@pytest.mark.parametrize(
    ("differences", "same"),
    [
        ([0.0], True),
        ([2.0], False),  # of few pairs none may differ
        ([0.0] * 5 + [-1.0], True),
        ([1.0] * 5 + [0.0], True),  # coins fall so in one case of sixteen
        ([1.0] * 6, False),
    ],
)
def test_the_rule_by_hand(differences: list[float], same: bool) -> None:
    assert same_lines((one + 3.0, 3.0) for one in differences) is same


def test_a_comparison_counts_them_and_leaves_its_numbers_alone() -> None:
    pairs = twins(2, unlike=1)
    assert pairs.standing() == {"base": [2, 0], "scenario": [0, 0]}
    assert pairs.standing(sector="wind") == pairs.standing()
    assert pairs.standing("China") == {"base": [0, 0], "scenario": [0, 0]}
    assert pairs.headlines()["first_stop_days"]["scenario"] == [60.0, 60.0]
    assert set(pairs.headlines()) == set(formulas(Facts.default()))
    with pytest.raises(InputError, match="sector 'winds' is not known; did you mean 'wind'"):
        pairs.standing(sector="winds")
    with pytest.raises(InputError, match="state 'Jpan' is not a state that exists"):
        pairs.standing("Jpan")


def test_the_document_of_the_terminal_compares_no_other_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = twins(2, unlike=1)
    for name, of in (("calm", pairs.base), ("ban", pairs.scenario)):
        (tmp_path / f"{name}.yaml").write_text(of[0].scenario.to_yaml(), encoding="utf-8")
    given = iter((pairs.base, pairs.scenario))
    monkeypatch.setattr(cli, "_worlds", lambda *_: next(given))
    files = [str(tmp_path / f"{name}.yaml") for name in ("calm", "ban")]
    told = CliRunner().invoke(cli.app, ["compare", *files, "--worlds", "2", "--json"])
    assert told.exit_code == 0, told.output
    rows = {row["id"]: row for row in json.loads(told.stdout)["headlines"]}
    assert rows["first_stop_days"]["difference"] is None
    assert rows["first_stop_days"]["note"] == "not compared: 1 and 0 stood already"
    assert rows["first_stop_days"]["median"] == 60.0
    assert rows["output_lost_total"]["difference"] is not None
    assert "note" not in rows["output_lost_total"]


def test_the_card_compares_first_stops_of_the_same_lines_alone() -> None:
    found = read(comparison_card(twins(8, unlike=8)))
    at = found.texts.index("First stop of any maker in Japan")
    assert found.texts[at + 1 : at + 4] == ["never", "60 days", NOT_COMPARED]
    at = found.texts.index("Makers in Japan that stood already when the count began")
    assert found.texts[at + 1 : at + 4] == ["2", "0", "-2"]
    same = read(comparison_card(twins(8, unlike=1)))
    assert not any("not compared" in text for text in same.texts)
    at = same.texts.index("Share of firms in Japan that stop, level")
    assert same.texts[at + 3 : at + 5] == ["+3 points", "8 of 8 pairs"]


def told_of(mine: Any, base: Any, name: str, value: float | None) -> tuple[Reason, ...]:
    return reasons_in_words(find_steps(mine, base, "Japan", SINCE, name, value))


def test_why_a_first_stop_is_not_compared_stands_before_its_story() -> None:
    pairs = twins(1, unlike=1)
    mine, base = pairs.scenario[0], pairs.base[0]
    told = told_of(mine, base, "first_stop_days", 60.0)
    assert told[1].text.startswith("0 makers in Japan stood already when the count began, without")
    assert "are not compared" in told[1].text
    assert "stood already" in told_of(mine, base, "firms_stopped_share_wind", 1)[1].text
    cars = told_of(mine, base, "first_stop_days_automotive", None)
    assert not any("stood already when the count began, w" in one.text for one in cars)


@pytest.mark.parametrize(
    ("headline", "step", "words"),
    [
        ("price_multiple_ndpr_japan", "peak", "40"),
        ("china_separation_share_end", "separators", "China"),
        ("dependence_origin_before", "suppliers.last_origin", "China"),
    ],
)
def test_a_headline_has_the_steps_of_its_kind(headline: str, step: str, words: str) -> None:
    mine: Any = Stopped(fake_scenario(), spells=(LATER,))
    base: Any = Stopped(fake_scenario(name="short"), spells=(spell(3, "2024-11-02"),))
    steps = find_steps(mine, base, "Japan", SINCE, headline, None)
    assert {one.id for one in steps} >= {"as_told", step}
    assert words in " ".join(one.text for one in reasons_in_words(steps))


def test_a_line_that_stood_in_the_twin_is_no_line_that_never_stops() -> None:
    base: Any = Stopped(fake_scenario(name="short"), spells=(spell(3, "2024-11-02"),))
    mine: Any = Stopped(fake_scenario(), spells=(LATER,))
    told = told_of(mine, base, "first_stop_days", 60.0)
    (one,) = (one.text for one in told if "stops a line on" in one.text)
    assert one.endswith("stands still; without it it stood already when the count began.")
