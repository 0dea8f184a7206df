"""Pages, tables and figures of the paper kit from the stored results, and from results that say less than those do."""

from __future__ import annotations

import copy
import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.paper.documents import read_document
from coercivity.viz.pages import policy, sensitivity
from coercivity.viz.pages.files import figures_of, pages_of, tables_of

DOCS = Path(__file__).parents[2] / "docs"
PARTS = ("backtest", "claims", "episodes", "policy", "questions", "sensitivity", "starts")


def stored(part: str) -> dict[str, Any]:
    return copy.deepcopy(dict(read_document(DOCS / "results" / f"{part}.json")))


@pytest.mark.parametrize("part", PARTS)
def test_every_table_is_whole(part: str) -> None:
    made = tables_of(stored(part))
    assert made
    for name, text in made.items():
        head, *rows = csv.reader(io.StringIO(text))
        assert rows, name
        assert {len(row) for row in rows} == {len(head)}, name
        assert len(set(head)) == len(head), name


@pytest.mark.parametrize("part", [part for part in PARTS if part != "sensitivity"])
def test_every_figure_on_a_page_can_be_drawn(part: str) -> None:
    document, names = stored(part), list[str]()
    assert list(figures_of(document, lambda name: bool(names.append(name)))) == []  # type: ignore[func-returns-value]
    shown = [
        name
        for text in pages_of(document).values()
        for name in re.findall(r"\]\((?:\.\./)*images/([^)]+)\)", text)
    ]
    assert [name for name in shown if name not in names] == []
    assert len(set(names)) == len(names)


def test_a_sweep_draws_its_outcomes_and_the_corner_and_tells_luck_apart() -> None:
    document = stored("sensitivity")
    (sweep,) = [one for one in document["found"]["sweeps"] if one["name"] == "sensitivity-lhs"]
    sweep["outcomes"] = sweep["outcomes"][:1]
    document["found"]["sweeps"] = [sweep]
    names = list[str]()
    assert list(figures_of(document, lambda name: bool(names.append(name)))) == []  # type: ignore[func-returns-value]
    first = sweep["outcomes"][0]
    assert names[0].startswith(f"sensitivity/sensitivity-lhs-{first['outcome']}-")
    assert names[-1] == "sensitivity/sensitivity-lhs-corner.svg"
    held = sensitivity.tables(document)
    assert len(held["sensitivity"]) == len(first["indices"]["rows"])
    assert len(held["sensitivity-luck"]) == bool(first["luck"])


@pytest.mark.parametrize(
    ("gap", "equal", "says"),
    [
        (None, False, "nothing could be matched"),
        (0.05, True, "secures +5% against the grant: equal"),
        (-0.4, False, "**Not equal:** the floor nearest"),
    ],
)
def test_a_floor_is_compared_with_a_grant_only_where_it_buys_the_same(
    gap: float | None, equal: bool, says: str
) -> None:
    rows = [
        {"arm": "price_floor", "quantity": "gap", "median": gap},
        {"arm": "price_floor", "quantity": "equal", "median": equal},
        {"arm": "grant", "quantity": "gap", "median": 9.0},
    ]
    assert says in policy.matched(rows)


def test_a_page_of_carried_results_names_the_version_that_ran_them() -> None:
    document = stored("backtest")
    carried = {**document, "coercivity": "9.0.0", "carried": {"coercivity": "8.0.0", "code": "c"}}
    (page,) = (text for name, text in pages_of(carried).items() if name == "backtest.md")
    assert "coercivity 9.0.0, run with 8.0.0, which gives the same, 30 draws" in page
    assert "which gives the same" not in pages_of(document)["backtest.md"]


def test_the_page_of_what_changed_tells_the_verdicts_of_the_claims() -> None:
    text = (DOCS / "claims-before-after.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| [C")]
    told = {row[0].split("]")[0].removeprefix("| ["): row[2].strip("*") for row in rows}
    assert told == {
        one["id"]: one["verdict"].replace("_", " ") for one in stored("claims")["found"]["claims"]
    }
