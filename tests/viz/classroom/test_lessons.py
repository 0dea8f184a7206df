"""The lessons say what the scripts gave: pages are made from the results file, and the results file
is what the model answers today.
"""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.scenario import parse_scenario
from coercivity.viz.classroom.engine.example_games import SCRIPTS, run_script, script
from coercivity.viz.classroom.engine.game_scenario import to_scenario_yaml
from coercivity.viz.classroom.engine.game_tables import SEATS, cards, deal_kinds, goals
from coercivity.viz.classroom.engine.market import MARKETS
from coercivity.viz.classroom.engine.press import CLAIMS
from coercivity.viz.classroom.lessons.texts import load_results, texts

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    return importlib.import_module("tools.docs.lessons")


def results() -> dict:
    return json.loads((DOCS / "results" / "lessons.json").read_text(encoding="utf-8"))


def test_lessons_and_sheets_are_what_the_script_writes(writer: ModuleType) -> None:
    pages = writer.pages(results())
    assert set(pages) == {
        "index.md",
        "30-minutes.md",
        "90-minutes.md",
        "180-minutes.md",
        "sheets.md",
    }
    for name, text in pages.items():
        assert (DOCS / "lessons" / name).read_text(encoding="utf-8") == text, (
            f"{name}: run `python -m tools.docs.lessons`"
        )
        assert not re.search(r"[{}]", text), f"{name} has a name that nobody filled"
    assert load_results() == writer.shown(results()), "run `python -m tools.docs.lessons`"


def test_a_figure_comes_from_the_results_and_not_from_a_hand(writer: ModuleType) -> None:
    changed = results()
    changed["scripts"]["ban"]["numbers"]["lost_target"] = [111.0] * 5
    assert "USD 111 (111 to 111) bn" in writer.pages(changed)["30-minutes.md"]
    by_hand = [text for text in texts() if re.search(r"USD \d[\d.,]* bn|\d%", text)]
    assert not by_hand


@pytest.mark.parametrize("name", ["ban", "truce"])
def test_the_results_are_what_the_model_answers_today(name: str) -> None:
    told, seed = results()["scripts"][name], results()["seeds"][0]
    assert {key: values[0] for key, values in told["numbers"].items()} == pytest.approx(
        {key: values[0] for key, values in run_script(script(name), (seed,))["numbers"].items()},
        rel=1e-3,
        abs=1e-3,
    ), "run `python -m tools.docs.lessons --run`"


def test_every_script_can_be_played_and_is_in_a_lesson_with_all_results() -> None:
    assert {one.lesson for one in SCRIPTS} == {"30", "90", "180"}
    assert set(results()["scripts"]) == {one.id for one in SCRIPTS}
    for one in SCRIPTS:
        game = one.game(1)
        assert game.over
        assert to_scenario_yaml(game)
    assert parse_scenario(to_scenario_yaml(script("pool8").game(1)))
    with pytest.raises(InputError, match="script 'bann' is not known; did you mean 'ban'"):
        script("bann")


def test_sheets_hold_every_card_with_choices_limits_and_example(writer: ModuleType) -> None:
    text = writer.all_sheets(results())
    printed, behind = text.split("## Limits and examples of the cards")
    for at, seat in enumerate(SEATS):
        own = printed.split("\n## ")[1 + at].splitlines()
        for card in cards()[seat].values():
            line = next(line for line in own if line.startswith(f"| □ {card.label} |"))
            assert card.short in line
            assert line.count("□") == 1 + sum(len(options) for _, options in card.choices)
            assert card.limits in behind
            assert card.example_date in behind
        for goal in goals()[seat]:
            line = next(line for line in own if line.startswith(f"| {goal.label} |"))
            assert f"{goal.weight:.0%}" in line
    assert all(f"| {kind.label} |" in text for kind in deal_kinds().values())
    assert all(f"□ {claim.label} |" in printed for claim in CLAIMS.values())
    assert all(f"□ {market.label} |" in printed for market in MARKETS.values())


def test_links_of_the_lessons_lead_somewhere() -> None:
    for path in (DOCS / "lessons").glob("*.md"):
        for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).is_file(), f"{path.name} links to {link}"
