"""The ODD protocol and the parameter reference say what the code says: made from it, complete, and
with a notation that a running world answers to.
"""

from __future__ import annotations

import importlib
import inspect
from itertools import zip_longest
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from coercivity.model.basis.goods import goods
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tests.facts import FACTS
from tests.names import MECHANISMS
from tests.source_tree import where_said

DOCS = Path(__file__).resolve().parents[1] / "docs"
REMAKE = "the code or the tables have changed: run `make docs`"


def script(name: str) -> ModuleType:
    """The program that writes a page."""
    return importlib.import_module(f"tools.docs.{name}")


ODD = script("odd")
NOTATION = ODD.notation()


@pytest.fixture(scope="module")
def world() -> World:
    """A world one month old."""
    made = World(load_scenario("japan-2026-from-2024"), 1, record=False)
    made.step()
    return made


def differs(name: str, made: str) -> str:
    """The first line of a page that is not what it is made from, empty where there is none."""
    held = (DOCS / name).read_text(encoding="utf-8")
    lines = zip_longest(held.splitlines(), made.splitlines())
    number = next((n for n, (old, new) in enumerate(lines, 1) if old != new), 0)
    return "" if held == made else f"docs/{name}:{number} is old"


def test_a_page_is_what_templates_code_and_tables_make() -> None:
    wrong = list(filter(None, (differs(name, ODD.page(name)) for name in ODD.PAGES)))
    assert not wrong, "\n".join([REMAKE, *wrong])


def test_the_parameter_reference_is_up_to_date() -> None:
    wrong = differs("parameters.md", script("parameters").page())
    assert not wrong, f"{REMAKE}\n{wrong}"


def test_every_mechanism_has_a_section_that_says_what_off_means() -> None:
    text = (DOCS / "odd/submodels.md").read_text(encoding="utf-8")
    sections = {part.split()[0]: part for part in text.split("\n## ")[1:]}
    for mechanism in MECHANISMS:
        assert "Off:" in sections.get(mechanism, ""), (
            f"{mechanism} has no section, or it does not say what is left when it is switched off"
        )


def look_up(world: World, attribute: str) -> Any:
    """What an attribute of the notation stands for in this world."""
    root, *path = attribute.split(".")
    places = {
        "world": world,
        "p": world.p,
        "government": world.politics.governments[0],
        "goods": goods(FACTS),
    }
    thing: Any = places.get(root) or getattr(world, root)
    for name in path:
        thing = thing[name] if isinstance(thing, dict) else getattr(thing, name)
    return thing


def test_an_attribute_of_the_notation_exists(world: World) -> None:
    wrong = []
    for row in NOTATION:
        place = where_said(DOCS / "notation.csv", row["attribute"], row["attribute"])
        try:
            value = look_up(world, row["attribute"])
        except (AttributeError, KeyError) as reason:
            wrong.append(f"{place} is not there: {reason}")
            continue
        if not isinstance(value, (int, float, np.ndarray, dict)):
            wrong.append(f"{place} is {type(value).__name__}, no number and no table")
        wrong += [f"{place} has no {column}" for column in ("meaning", "unit") if not row[column]]
    assert not wrong, "\n".join(wrong)


def test_every_column_has_a_row_of_the_notation(world: World) -> None:
    known = {row["attribute"] for row in NOTATION}
    missing = [
        f"{table}.{column}"
        for table in ("firms", "needs", "offers", "links")
        for column in getattr(world, table).columns
        if f"{table}.{column}" not in known
    ]
    assert not missing, (
        f"docs/notation.csv has no row (symbol, meaning, unit, attribute) for {', '.join(missing)}"
    )


def test_the_month_is_the_one_that_the_world_steps_through() -> None:
    """Each verb of World.step stands in the table of element 3, in its order."""
    source = inspect.getsource(World.step)
    verbs = [
        line.split("(")[0].strip().removeprefix("self.")
        for line in source.splitlines()
        if line.strip().startswith("self.") and "(" in line
    ]
    text = (DOCS / "odd.md").read_text(encoding="utf-8")
    places = [text.find(f"| `{verb}` |") for verb in verbs]
    assert len(verbs) >= 12
    assert places == sorted(places)
    assert min(places) > 0
