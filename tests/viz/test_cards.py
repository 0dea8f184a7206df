"""The cards that notebooks show: what they say, that nothing of a scenario's file is more than text
in them, and that they need nothing else.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.worlds.compare import Comparison
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import Scenario, load_scenario
from coercivity.viz.words.cards import comparison_card, ensemble_card, run_card, same_sign
from coercivity.viz.words.scenario_cards import scenario_card
from coercivity.viz.words.summary import label_of
from tests.fake_result import FakeResult, fake_scenario
from tests.viz.test_ensemble_figures import made_up

EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"
TAGS = {"div", "span", "table", "tr", "th", "td", "details", "summary", "code"}


class Reader(HTMLParser):
    """A card as a browser reads it: its tags and attributes, and cells and other texts."""

    def __init__(self, card: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.styles = ""
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(card)
        self.close()
        assert not self.open, "tags that nobody closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.styles += "".join(str(value) for name, value in attrs if name == "style")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data)

    def after(self, label: str) -> str:
        """The text that follows a label."""
        return self.texts[self.texts.index(label) + 1]


def read(card: str) -> Reader:
    """A card, held against what every card has to be."""
    found = Reader(card)
    assert set(found.tags) <= TAGS
    assert found.attributes <= {"style", "cellpadding"}
    assert "url" not in found.styles
    assert not re.search(r"(?<![-\w])(color|background)", found.styles)  # those of the notebook
    return found


def evil(scenario: Scenario) -> Scenario:
    """A scenario whose every text is one that a page must not run."""
    events = tuple(replace(event, text=EVIL) for event in scenario.events)
    return replace(scenario, name=EVIL[:60], title=EVIL, why=EVIL, events=events)


def all_cards(scenario: Scenario) -> list[str]:
    result: Any = FakeResult(scenario, world=EVIL, version=EVIL)
    base: Any = FakeResult(scenario, seed=1)
    many = replace(made_up(twin=True), scenario=scenario, base=scenario, version=EVIL)
    return [
        run_card(result),
        comparison_card(Comparison((base, base), (result, result))),
        ensemble_card(many),
        scenario_card(scenario),
    ]


def test_no_text_of_a_file_is_more_than_text() -> None:
    for card in all_cards(evil(fake_scenario())):
        assert any("<script>alert" in said for said in read(card).texts)
        assert "<script" not in card
        assert "<img" not in card


def test_a_run_tells_what_it_is_and_its_headlines() -> None:
    result: Any = FakeResult(fake_scenario())
    found = read(run_card(result))
    assert found.texts[:3] == [
        "Result",
        "A <made-up> ban",
        "fake-ban · 2024-01 to 2026-12 (36 months) · seed 1 · version 0.0.0 · parameters "
        "0123456789ab",
    ]
    assert found.after("First stop of any maker in Japan") == "30 days"
    assert found.after("Output lost for good in Japan, first 24 months, level, USD bn") == "24.0"
    assert found.after("Dependence on China by where it was separated, before") == "90%"
    assert '.explain("first_stop_days")' in found.texts
    assert any(said.startswith("Tables: prices, ") for said in found.texts)
    every = {label_of(row) for row in headline_table(Facts.default())}
    assert every <= set(found.texts)  # the others behind a line
    assert f"{len(headline_table(Facts.default())) - 11} more headlines" in found.texts


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ([1.0, 2.0, -1.0, 0.0], "2 of 4 pairs"),
        ([-1.0, None, -2.0], "2 of 3 pairs"),
        ([0.0, 0.0], "–"),
        ([None], "–"),
    ],
)
def test_the_sign_that_most_pairs_have(differences: list[float | None], said: str) -> None:
    assert same_sign(differences) == said


@pytest.mark.parametrize("name", list_scenarios())
def test_every_shipped_scenario_has_a_card(name: str) -> None:
    scenario = load_scenario(name)
    found = read(scenario_card(scenario))
    assert found.texts[1] == scenario.title
    assert f'coercivity.run("{name}", seed=1)' in found.texts
    for act in (*scenario.events, *scenario.choices):
        assert any(said.startswith(act.date) for said in found.texts)


def test_a_result_itself_shows_its_card() -> None:
    from coercivity.experiments.worlds.run import run

    result = run("japan-2026", 1, months=6, firms_per_sector=1)
    assert read(result._repr_html_()).texts[0] == "Result"
    assert read(result.scenario._repr_html_()).texts[0] == "Scenario"
    pair = Comparison((result,), (result,))
    assert read(pair._repr_html_()).texts[0] == "Comparison"
    assert read(made_up()._repr_html_()).texts[0] == "Ensemble"
    assert repr(pair) == f"Comparison(japan-2026 against japan-2026, 1 seed, {result.version})"
