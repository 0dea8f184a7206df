"""Cards, figures and pages of goods that the shipped tables do not have, and of goods by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.worlds.compare import Comparison, compare
from coercivity.experiments.worlds.goods_in_focus import (
    goods_in_question,
    own_goods,
    rows_of_goods,
    share_of_exporter,
)
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.results.result import Result
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario
from coercivity.viz.figures.by_name import OF_GOODS, run_figure
from coercivity.viz.words.compare_summary import compare_summary
from coercivity.viz.words.summary import headlines_of, run_summary
from tests.fake_result import FakeResult, fake_scenario
from tests.viz.test_cards import read

LABELS = ("Gallium metal, low purity", "Gallium metal, high purity", "Germanium metal and oxide")
CALM = {"name": "none", "start": "2023-01", "months": 12, "events": []}


@pytest.fixture(scope="module")
def gallium() -> Result:
    """A run of another process, which works with other facts."""
    return run("gallium-germanium-2023", months=12, data="gallium-germanium")


@pytest.fixture(scope="module")
def twins() -> Comparison:
    return compare(CALM, "gallium-germanium-2023", [1, 2], months=12, data="gallium-germanium")


def chief(card: str) -> list[str]:
    """Texts of a card before what is folded away."""
    return read(card[: card.index("<details")] + "</div>").texts


def test_a_card_tells_of_the_goods_under_the_measure(gallium: Result) -> None:
    texts = chief(gallium._repr_html_())
    for label in LABELS:
        value = texts[texts.index(f"{label}: price multiple in Japan") + 1]
        assert value.endswith(" times")
        assert f"{label}: dependence on China by where it was shipped from, at the end" in texts
    assert not any("NdPr" in text or "Dy oxide" in text for text in texts)
    assert "NdPr oxide: price multiple in Japan" in read(gallium._repr_html_()).texts  # folded


def test_a_comparison_tells_of_both_worlds_and_their_difference(twins: Comparison) -> None:
    texts = chief(twins._repr_html_())
    at = texts.index(f"{LABELS[0]}: price multiple in Japan")
    base, mine, apart, signs = texts[at + 1 : at + 5]
    assert float(base.split()[0]) < float(mine.split()[0])
    assert apart.startswith("+")
    assert signs == "2 of 2 pairs"


@pytest.mark.parametrize("name", OF_GOODS)
def test_figures_are_of_the_goods_under_the_measure(gallium: Result, name: str) -> None:
    assert set(LABELS) == drawn_labels(gallium.plot(name), name)


def test_goods_are_asked_for_by_name_in_any_facts(gallium: Result) -> None:
    figure = gallium.plot("prices", good=["ndpr_oxide", "gallium_refined"])
    assert drawn_labels(figure, "prices") == {"NdPr oxide", LABELS[1]}
    with pytest.raises(InputError, match=r"^good 'galium' is not known; did you mean 'gallium'\?$"):
        gallium.plot("prices", good="galium")


def drawn_labels(figure: Any, name: str) -> set[str]:
    """The goods that a figure shows: in titles of its parts, or in its legend."""
    if name == "prices":
        return {
            ax.get_title(loc="left") or ax.get_title() for ax in figure.axes if ax.get_visible()
        }
    return {text.get_text() for text in figure.legends[0].get_texts()}


def test_the_shipped_facts_are_told_of_as_before() -> None:
    assert own_goods(Facts.default()) == ()
    for name in list_scenarios():
        assert goods_in_question(load_scenario(name)) == ()
        assert rows_of_goods(load_scenario(name)) == ()


def test_who_a_good_comes_from_by_hand() -> None:
    keys = ["month", "origin", "separated_in", "destination", "good", "tonnes"]
    rows = [
        ("2024-01", "China", "China", "Japan", "ndpr_oxide", 30.0),
        ("2024-01", "Vietnam", "China", "Japan", "ndpr_oxide", 10.0),
        ("2024-01", "Vietnam", "Vietnam", "Japan", "ndpr_oxide", 20.0),
        ("2024-01", "Japan", "Japan", "Japan", "ndpr_oxide", 99.0),  # at home
        ("2024-01", "China", "China", "Germany", "ndpr_oxide", 99.0),
        ("2024-02", "China", "China", "Japan", "terbium_oxide", 99.0),
        ("2024-03", "Vietnam", "Vietnam", "Japan", "ndpr_oxide", 5.0),
    ]

    class Told:
        months = ("2024-01", "2024-02", "2024-03")

        def table(self, name: str) -> pd.DataFrame:
            assert name == "trade"
            return pd.DataFrame(rows, columns=keys)

    told: Any = Told()
    shipped, separated = (
        share_of_exporter(told, "Japan", "ndpr_oxide", by) for by in ("origin", "separated_in")
    )
    np.testing.assert_allclose(shipped, [0.5, np.nan, 0.0])
    np.testing.assert_allclose(separated, [40 / 60, np.nan, 0.0])


def test_what_a_terminal_prints_tells_of_the_goods_under_the_measure(
    gallium: Result, twins: Comparison
) -> None:
    (section,) = [
        one
        for one in run_summary([gallium], headlines_of([gallium])).sections
        if one.title.startswith("The goods under the measure")
    ]
    assert [row[0] for row in section.rows if "price multiple" in row[0]] == [
        f"{label}: price multiple in Japan" for label in LABELS
    ]
    base, mine = twins.base, twins.scenario
    beside = compare_summary(base, mine, headlines_of(base), headlines_of(mine))
    told = [row[0] for section in beside.sections for row in section.rows]
    assert f"{LABELS[0]}: price multiple in Japan" in told
    assert "NdPr oxide: price multiple in Japan" not in told


def test_a_figure_that_is_not_of_single_goods_is_refused_with_those_that_are() -> None:
    result: Any = FakeResult(fake_scenario())
    with pytest.raises(InputError) as refused:
        run_figure(result, "loss", good="ndpr_oxide")
    assert str(refused.value) == (
        "good: the figure 'loss' is not of single goods; give it for one of: prices, dependence, "
        "cover"
    )
    figure: Any = run_figure(result, "prices", good=["terbium_oxide", "magnets"])
    assert [ax.get_visible() for ax in figure.axes] == [True] * 4 + [False] * 2
