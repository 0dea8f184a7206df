"""The lessons say what the scripts gave: pages are made from the results file, and the results file
is what the model answers today.
"""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from coercivity.experiments.game.scripts import SCRIPTS, run_script, script
from coercivity.experiments.game.setting import to_scenario_yaml
from coercivity.experiments.game.table import SEATS, cards, deal_kinds
from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.scenario import parse_scenario

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lessons_script", DOCS / "lessons.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
            f"{name}: run `python docs/lessons.py`"
        )
        assert "{{" not in text


def test_a_figure_in_a_template_comes_from_the_results_and_not_from_a_hand(
    writer: ModuleType,
) -> None:
    changed = results()
    changed["scripts"]["ban"]["numbers"]["lost_target"] = [111.0] * 5
    assert "USD 111 (111 to 111) bn" in writer.pages(changed)["30-minutes.md"]
    for path in (DOCS / "lessons").glob("*_template.md"):
        by_hand = re.findall(r"USD \d[\d.,]* (?:bn|million)", path.read_text(encoding="utf-8"))
        assert not by_hand, f"{path.name} has figures of money written by hand: {by_hand}"


@pytest.mark.parametrize("name", ["ban", "truce", "firm_stock"])
def test_the_results_are_what_the_model_answers_today(name: str) -> None:
    told, seed = results()["scripts"][name], results()["seeds"][0]
    assert {key: values[0] for key, values in told["numbers"].items()} == pytest.approx(
        {key: values[0] for key, values in run_script(script(name), (seed,))["numbers"].items()},
        rel=1e-3,
        abs=1e-3,
    ), "run `python docs/lessons.py --run`"


def test_every_script_can_be_played_and_is_in_a_lesson_with_all_results() -> None:
    assert {one.lesson for one in SCRIPTS} == {"30", "90", "180"}
    assert set(results()["scripts"]) == {one.id for one in SCRIPTS}
    for one in SCRIPTS:
        game = one.game(1)
        assert game.over
        assert parse_scenario(to_scenario_yaml(game))
    with pytest.raises(InputError, match="script 'bann' is not known; did you mean 'ban'"):
        script("bann")


def test_sheets_hold_every_card_with_its_choices_price_limits_and_example(
    writer: ModuleType,
) -> None:
    text = writer.sheets()
    for seat in SEATS:
        for card in cards()[seat].values():
            line = next(
                line
                for line in text.split("\n## ")[1 + SEATS.index(seat)].splitlines()
                if f"**{card.label}**" in line
            )
            assert card.limits in line
            assert card.example_date in line
            assert line.count("☐") == 1 + sum(len(options) for _, options in card.choices)
    assert all(f"**{kind.label}**" in text for kind in deal_kinds().values())


def test_links_of_the_lessons_lead_somewhere() -> None:
    for path in (DOCS / "lessons").glob("*.md"):
        for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).is_file(), f"{path.name} links to {link}"
