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
from coercivity.viz.pages import episodes, policy, sensitivity
from coercivity.viz.pages.files import figures_of, pages_of, tables_of

DOCS = Path(__file__).parents[2] / "docs"
PARTS = ("backtest", "claims", "episodes", "policy", "questions", "sensitivity", "starts")


def stored(part: str) -> dict[str, Any]:
    return copy.deepcopy(dict(read_document(DOCS / "results" / f"{part}.json")))


@pytest.mark.parametrize("part", PARTS)
def test_every_table_is_whole(part: str) -> None:
    """As many rows as the results have, each with every column."""
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


def test_an_outcome_that_cannot_be_computed_and_a_corner_that_is_not_there_are_said() -> None:
    (sweep,) = [
        one for one in stored("sensitivity")["found"]["sweeps"] if one["name"] == "sensitivity-lhs"
    ]
    one = sweep["outcomes"][0]
    one |= {"refused": "the outcome is 3 in every point", "median": None}
    sweep |= {
        "corner": None,
        "corner_points": None,
        "no_corner": "it happens nowhere",
        "outcomes": [one],
    }
    text = sensitivity.part(sweep)
    assert "Not computed: the outcome is 3 in every point.\n" in text
    assert "No corner: it happens nowhere." in text
    assert "![" not in text
    assert sensitivity.corner(sweep | {"no_corner": ""}) == ""


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


def test_episodes_name_their_misses_and_say_where_there_is_nothing_to_say() -> None:
    found = stored("episodes")["found"]
    for row in found["embargo"]:
        row["values"] = {
            year: {
                "median": episodes.record(row["record"], year) if row["record"] else 1.0,
                "low": 0.0,
                "high": 2.0,
            }
            for year in found["years"]
        }
    assert episodes.misses(found) == "Every yearly median lies within 25% of the record."
    row = next(one for one in found["embargo"] if one["record"])
    year = next(year for year in found["years"] if episodes.record(row["record"], year))
    row["values"][year]["median"] *= 1.5
    assert f"{row['label']} {year} 1.50" in episodes.misses(found)
    assert episodes.cell({"median": None, "low": None, "high": None}, 0) == "–"
    assert episodes.ban_cell({"median": None, "low": None, "high": None}) == "never"
    assert episodes.ban_cell({"median": 12.0, "low": 10.0, "high": None}) == "12 (10 to never)"


def test_cover_says_no_more_than_was_found() -> None:
    told = {"worlds": 4, "firms": 30, "spearman": 0.5, "slope": 1.25, "pooled": 0.1}
    assert "Spearman 0.50, 1.2 months later per month of cover (30 firms, " in episodes.cover(told)
    assert "Pooled over sectors it is 0.10" in episodes.cover(told)
    assert "later per month" not in episodes.cover(told | {"slope": None})
    assert "Pooled" not in episodes.cover(told | {"pooled": None})
    assert "too few firms" in episodes.cover(told | {"spearman": None})


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


def test_the_twelve_largest_indices_stand_in_the_table() -> None:
    rows = [
        {"of": [f"p{k}"], "measure": measure, "value": k / 100, "low": None, "high": None}
        for k in range(14)
        for measure in ("total", "first")
    ]
    lines = sensitivity.indices({"method": "sobol", "indices": {"rows": rows}}).splitlines()
    assert lines[0] == "| parameter | total | first |"
    assert [line.split("`")[1] for line in lines[2:]] == [f"p{k}" for k in range(13, 1, -1)]
