"""Pages of results from documents of a few rows: each cell, each sentence and each limit worked out by hand."""

from __future__ import annotations

import re
from typing import Any

import pytest

from coercivity.viz.pages import claims, episodes, policy, sensitivity, text
from coercivity.viz.words import findings

MADE = {"coercivity": "1.2.3", "collection": "", "worlds": 4, "quick": False}

# ---------------------------------------------------------------- words and cells


def test_numbers_to_twelve_are_words_and_more_are_figures() -> None:
    assert [text.number_word(count) for count in (0, 1, 12, 13)] == ["no", "one", "twelve", "13"]
    assert [text.counted(count, "seed") for count in (0, 1, 2, 13)] == [
        "no seeds",
        "one seed",
        "two seeds",
        "13 seeds",
    ]


def test_tables_have_a_line_of_dashes_and_three_digits() -> None:
    rows = [
        {"a": "x", "b": 1234.5, "c": 12_345, "d": None},
        {"a": "y", "b": 0.012345, "c": 0, "d": 2.5},
    ]
    assert text.table_of(rows) == (
        "| a | b | c | d |\n|---|---|---|---|\n| x | 1,234 | 12345 | – |\n| y | 0.0123 | 0 | 2.5 |"
    )
    assert text.band({"median": 2.0, "p05": 1.0, "p95": 3.0}) == "2 (1 to 3)"
    assert text.band({"median": None, "p05": None, "p95": None}) == "–"
    assert [findings.short(value) for value in (None, 999.4, 1000.0, -1000.0)] == [
        "–",
        "999",
        "1,000",
        "-1,000",
    ]


def test_a_page_says_what_made_it_and_in_how_much_of_a_hurry() -> None:
    document = {**MADE, "part": "claims"}
    assert text.made_by(document) == (
        "Made by `coercivity paper --parts claims` (coercivity 1.2.3, 4 draws)."
    )
    assert "vectors of collection" not in text.made_by(document)
    assert "vectors of collection c1" in text.made_by({**document, "collection": "c1"})
    assert "vectors of collection" not in text.made_by(
        {**document, "collection": "c1", "worlds": 0}
    )
    assert text.marked("# T\n\nmore", document) == "# T\n\nmore"
    hurried = text.marked("# T\n\nmore", {**document, "quick": True})
    assert hurried.startswith("# T\n\n> **")
    assert hurried.endswith("\n\nmore")


# ---------------------------------------------------------------- sensitivity


def row(of: list[str], measure: str, value: float, reach: float | None = 0.1) -> dict[str, Any]:
    low, high = (None, None) if reach is None else (value - reach, value + reach)
    return {"of": of, "measure": measure, "value": value, "low": low, "high": high}


def outcome(method: str, *rows: dict[str, Any], **fields: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "outcome": "evidence:x",
        "label": "Stops",
        "unit": "days",
        "method": method,
        "median": 30.0,
        "p05": 10.0,
        "p95": 50.0,
        "refused": "",
        "notes": ["a note", "another"],
        "sentences": ["One.", "Two."],
        "luck": {"share": 0.5},
        "tornado": None,
        "indices": {"rows": list(rows), "floor": None},
    }
    return given | fields


def test_an_outcome_has_its_sentences_its_median_its_notes_its_figure_and_its_table() -> None:
    one = outcome("morris", row(["a"], "mu_star", 2.0), row(["a"], "sigma", 1.0, None))
    assert sensitivity.outcome("screen", one) == (
        "### Stops, days\n\nOne. Two. Median 30, 5th to 95th percentile 10 to 50."
        "\n\nNote: a note.\n\nNote: another."
        "\n\n![Stops](images/sensitivity/screen-evidence-x-morris.svg)"
        "\n\n| parameter | mu* | sigma |\n|---|---|---|\n| `a` | 2 (1.9 to 2.1) | 1 |\n\n"
    )
    plain = outcome("pawn", row(["a"], "pawn", 0.5), unit="", median=None, notes=[])
    assert sensitivity.outcome("s", plain).startswith("### Stops\n\nOne. Two.\n\n![Stops]")


def test_an_outcome_without_indices_says_why() -> None:
    assert sensitivity.outcome("s", outcome("pawn", indices=None)) == (
        "### Stops, days\n\nNot computed: nothing varies. Median 30, 5th to 95th percentile 10 to 50.\n\n"
    )
    refused = outcome("pawn", refused="too few points", median=None)
    assert (
        sensitivity.outcome("s", refused) == "### Stops, days\n\nNot computed: too few points.\n\n"
    )


def test_the_twelve_largest_indices_stand_in_the_table() -> None:
    rows = [
        row([f"p{k}"], measure, k / 100) for k in range(14) for measure in ("total", "first")
    ] + [row(["p1", "p2"], "second", 0.9)]
    lines = sensitivity.indices(outcome("sobol", *rows)).splitlines()
    assert lines[0] == "| parameter | total | first |"
    assert [line.split("`")[1] for line in lines[2:]] == [f"p{k}" for k in range(13, 1, -1)]


def corner(**fields: Any) -> dict[str, Any]:
    bound = {"parameter": "a", "side": "low", "value": 0.25, "quasi_p": 0.012, "again": 0.95}
    found = {"bounds": [bound], "sentences": ["One.", "Two."]}
    return {"name": "lhs", "corner": found, "corner_points": {"hit": []}, "no_corner": "", **fields}


def test_a_corner_has_its_sentences_its_figure_and_its_bounds() -> None:
    assert sensitivity.corner(corner()) == (
        "### In which corner does Japan stop?\n\nOne. Two.\n\n![The corner](images/sensitivity/lhs-corner.svg)"
        "\n\n| parameter | bound | value | quasi-p | found again |\n|---|---|---|---|---|\n| `a` | low | 0.25 | 0.012 | 95% |\n\n"
    )
    bare = corner(corner_points=None, corner={"bounds": [], "sentences": ["Nothing."]})
    assert sensitivity.corner(bare) == "### In which corner does Japan stop?\n\nNothing.\n\n"
    assert (
        sensitivity.corner(corner(corner=None, no_corner="too few hits"))
        == "No corner: too few hits.\n\n"
    )
    assert sensitivity.corner(corner(corner=None)) == ""


def sweep(seeds: int = 2, failed: int = 0, *outcomes: dict[str, Any]) -> dict[str, Any]:
    of = {
        "method": "morris",
        "scenario": "japan-2026",
        "points": 1200,
        "bounds": {"a": [0, 1], "b": [0, 1]},
        "seeds": list(range(seeds)),
        "months": 36,
        "runs": 2400,
        "failed": failed,
    }
    return corner(name="screen", design="f00d", sweep=of, corner=None, outcomes=list(outcomes))


def test_a_sweep_is_told_with_its_size() -> None:
    head = sensitivity.part(sweep())
    assert head.startswith("## A screen of every parameter that is not known\n\nElementary effects")
    assert (
        "`screen` (fingerprint f00d): 1,200 points, 2 parameters, 2 seeds each, 36 months: 2,400 runs.\n"
        in head
    )
    assert "1 seed each" in sensitivity.part(sweep(1))
    assert "2,400 runs, 1,003 failed." in sensitivity.part(sweep(2, 1003))


def test_the_page_names_what_the_screen_chose_and_tables_hold_every_index() -> None:
    rows = row(["a"], "total", 0.5), row(["a"], "first", 0.25), row(["a", "b"], "second", 0.1)
    one = outcome("sobol", *rows)
    silent = outcome("sobol", indices=None, luck=None, outcome="y")
    document = {
        **MADE,
        "part": "sensitivity",
        "found": {
            "chosen": [{"parameter": "a", "score": 0.987}, {"parameter": "b", "score": 0.5}],
            "sweeps": [sweep(2, 0, one, silent)],
        },
    }
    page = sensitivity.page(document)
    assert "From sweeps of `japan-2026` over" in page
    assert "the highest scores go on: `a` 0.99, `b` 0.50. A sentence" in page
    held = sensitivity.tables(document)
    start = {"sweep": "screen", "outcome": "evidence:x", "method": "sobol"}
    assert held["sensitivity"] == [
        {**start, "of": "a", "measure": "total", "value": 0.5, "low": 0.4, "high": 0.6},
        {**start, "of": "a", "measure": "first", "value": 0.25, "low": 0.15, "high": 0.35},
        {**start, "of": "a x b", "measure": "second", "value": 0.1, "low": 0.0, "high": 0.2},
    ]
    assert held["sensitivity-luck"] == [{**start, "share": 0.5}]


# ---------------------------------------------------------------- episodes


def series(label: str, record: str, **medians: float | None) -> dict[str, Any]:
    values = {
        year.removeprefix("y"): {
            "median": middle,
            "low": None if middle is None else middle - 1.0,
            "high": None if middle is None else middle + 1.0,
        }
        for year, middle in medians.items()
    }
    return {"label": label, "record": record, "values": values}


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> None:
    """The record knows 100 of the series x in 2010 and 2011, and nothing else."""
    monkeypatch.setattr(
        episodes,
        "record",
        lambda name, year: 100.0 if name == "x" and year in ("2010", "2011") else None,
    )


@pytest.mark.usefixtures("record")
def test_a_year_further_than_a_quarter_from_the_record_is_named() -> None:
    years = ["2009", "2010", "2011"]
    near = series("Prices", "x", y2009=999.0, y2010=125.0, y2011=75.0)
    assert episodes.misses({"embargo": [near], "years": years}) == (
        "Every yearly median lies within 25% of the record."
    )
    far = series("Prices", "x", y2009=999.0, y2010=126.0, y2011=74.0)
    other = series("Exports", "", y2009=1.0, y2010=1.0, y2011=None)
    assert episodes.misses({"embargo": [far, other], "years": years}) == (
        "Medians further than 25% from the record (model over record): Prices 2010 1.26, 2011 0.74. `coercivity backtest` scores the whole record."
    )


@pytest.mark.usefixtures("record")
def test_a_series_has_its_record_below_it_where_there_is_one() -> None:
    found = {
        "embargo": [
            series("Prices", "x", y2009=1234.4, y2010=5.0),
            series("Exports", "", y2009=None, y2010=2.0),
        ],
        "years": ["2009", "2010"],
    }
    assert episodes.embargo(found).splitlines()[2:] == [
        "| Prices: model | 1,234 (1,233 to 1,235) | 5 (4 to 6) |",
        "| record |  | 100 |",
        "| Exports: model | – | 2 (1 to 3) |",
    ]


# ---------------------------------------------------------------- policy


def money(
    arm: str, quantity: str, median: float | None, worlds: int = 4, unit: str = "t"
) -> dict[str, Any]:
    low, high = (None, None) if median is None else (median - 1.0, median + 1.0)
    return {
        "arm": arm,
        "quantity": quantity,
        "unit": unit,
        "p05": low,
        "median": median,
        "p95": high,
        "worlds": worlds,
    }


def test_arms_stand_side_by_side_and_say_in_how_many_worlds_they_are_defined() -> None:
    rows = [
        money("nothing", "tonnes_secured", 0.0),
        money("mines", "tonnes_secured", 5.0),
        money("mines", "cost_per_tonne", 7.0, worlds=3, unit="USD thousand"),
        money("nothing", "cost_per_tonne", None, worlds=0, unit="USD thousand"),
        money("mines", "paid", 9.0),
    ]
    assert policy.money_table(rows).splitlines() == [
        "|  | nothing | mines |",
        "|---|---|---|",
        "| tonnes secured, t | 0 (-1 to 1) | 5 (4 to 6) |",
        "| cost per tonne, USD thousand | –, in 0 of 4 worlds | 7 (6 to 8), in 3 of 4 worlds |",
        "| paid, t | – | 9 (8 to 10) |",
    ]
    together = next(iter(policy.TOGETHER))
    assert policy.cell(money("a", together, 3.0, worlds=1), 4) == "3"
    assert (policy.number(None), policy.number(2.0)) == ("–", "2")
    assert (policy.verdict(True), policy.verdict(False)) == ("pass", "**miss**")


def test_where_the_rule_of_governments_fails_is_counted_most_often_first() -> None:
    def case(name: str, rule: str, documented: str, in_sample: bool = True) -> dict[str, Any]:
        return {
            "case": name,
            "towards": "Japan",
            "in_sample": in_sample,
            "rule": rule,
            "documented": documented,
        }

    hazard = {
        "id": "hazard-ratio-2009",
        "value": 4.0,
        "record": 9.0,
        "threshold": "3",
        "cases": 12.0,
        "passes": True,
    }
    document = {
        **MADE,
        "part": "policy",
        "found": {
            "hazards": [hazard],
            "instruments": [
                case("T1", "entity_list", "dual_use_ban"),
                case("T2", "licensing", "licensing", False),
                case("T3", "threat", "licensing"),
                case("T4", "entity_list", "dual_use_ban"),
            ],
            "history": [{"month": "2025-01", "actor": "China", "chose": "a ban", "saw": "tension"}],
        },
    }
    page = policy.governments_page(document)
    assert "| T1 | Japan | yes | dual use ban | entity list |" in page
    assert "| T2 | Japan | no | licensing | **licensing** |" in page
    assert "**Where it fails:** entity list for dual use ban (2); threat for licensing (1)." in page
    assert re.search(r"\| 4 \| 9 \| 3 \| 12 \| pass \|", page)
    assert "| 2025-01 | China | a ban | tension |" in page


# ---------------------------------------------------------------- claims


def finding(**fields: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": "C1",
        "claim": "a claim",
        "verdict": "conditional",
        "support": 0.5,
        "placebo_support": 0.3,
        "placebo": 0.4,
        "p05": 0.4,
        "p95": 0.6,
        "low": 0.5,
        "high": None,
        "evidence": {"main": [0.6, 0.4], "corner": [None], "placebo": [], "scan": [[0.0, [0.9]]]},
    }
    return given | fields


def test_what_the_placebo_and_the_corners_say() -> None:
    carries = "With its mechanism off the answer changes, so it is this mechanism that carries it."
    about = "With its mechanism off the claim fares about the same, so C1 does not rest on that mechanism."
    assert claims.reading(finding()) == carries  # a fifth apart
    assert claims.reading(finding(placebo_support=0.31)) == about
    assert claims.reading(finding(placebo_support=0.69)) == about
    for outside in (0.39, 0.61):
        assert claims.reading(finding(placebo_support=0.31, placebo=outside)) == (
            "With its mechanism off the value leaves its band and the claim fares about the same: the mechanism moves C1, and not far enough to decide it."
        )
    assert claims.reading(finding(placebo_support=0.31, placebo=None)) == about
    same = {"main": [0.5, 0.9], "corner": [0.6], "placebo": [], "scan": [[0.0, [0.9]]]}
    assert claims.reading(finding(evidence=same)) == (
        "No draw, no corner and no value of the flip parameter gives another answer: only with its mechanism off can it come out otherwise. "
        + carries
    )
    never = {**same, "main": [0.1], "corner": [0.2], "scan": []}
    assert claims.reading(finding(evidence=never)).startswith("No draw, no corner")
    assert claims.reading(finding(verdict="built_in")).endswith("it is in the assumptions.")


def test_a_value_holds_between_its_thresholds_ends_included() -> None:
    between = finding(low=0.5, high=0.75)
    assert [claims._holds(between, value) for value in (0.49, 0.5, 0.75, 0.76, None)] == [
        False,
        True,
        True,
        False,
        None,
    ]
    assert claims._holds(finding(low=None), -9.0)


def test_every_value_of_a_claim_is_a_row() -> None:
    found = finding(
        evidence={"main": [1.0, None], "placebo": [2.0], "corner": [], "scan": [[6.0, [3.0, 4.0]]]},
        beside={"x": (2.0, 1.0, 3.0)},
        table=None,
    )
    held = claims.tables({"found": {"claims": [found]}})
    assert [tuple(row.values()) for row in held["claims-values"]] == [
        ("C1", "main", None, 0, 1.0),
        ("C1", "main", None, 1, None),
        ("C1", "placebo", None, 0, 2.0),
        ("C1", "scan", 6.0, 0, 3.0),
        ("C1", "scan", 6.0, 1, 4.0),
    ]
    assert held["claims-beside"] == [
        {"id": "C1", "quantity": "x", "median": 2.0, "p05": 1.0, "p95": 3.0}
    ]
    assert set(held) == {"claims", "claims-values", "claims-beside"}
    assert "evidence" not in held["claims"][0]


def test_a_source_is_a_link_where_it_has_an_address() -> None:
    assert claims.sourced("a book", "n/a") == "a book"
    assert claims.sourced("a page", "https://x.example") == "[a page](https://x.example)"
    assert claims.longer("C5", None) == ""
    told = claims.longer("C5", {"worlds": 1, "rows": [{"a": 1.0}]})
    assert told.startswith(
        "## The split by severity and duration: USD bn in 36 months above the twin, medians of one draw\n\n| a |"
    )
