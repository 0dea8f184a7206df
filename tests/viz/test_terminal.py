"""What a command prints below its heads: facts, tables, and the start of the model against the facts."""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.experiments.lab.histories import paired_difference
from coercivity.viz.words.summary import headlines_of, run_summary
from coercivity.viz.words.terminal import print_facts, print_starts, print_summary, print_table
from tests.fake_result import fake_result

STARTS: list[dict[str, Any]] = [
    {
        "id": "magnets",
        "quantity": "magnets",
        "model": 12345.6,
        "fact": 12000,
        "tolerance": 0.1,
        "unit": "t",
        "verdict": "ok",
        "after_24": None,
        "verdict_24": "MISS",
        "source": "a source with a long name that goes on and on",
    },
    {"id": "margin.mine", "quantity": "margin of mines of light ore", "model": -3.2},
]


def test_a_start_is_told_against_the_facts_and_margins_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_starts(STARTS, "Start 2024-01: the model against the facts")
    shown = capsys.readouterr().out
    for words in ("magnets", "12,346", "12000", "ok", "MISS", "a source"):
        assert words in shown
    assert "goes on and on" not in shown
    assert "Margins of the firms that run\n     -3%  mines of light ore\n" in shown
    print_starts(STARTS[:1], "Start")
    assert "Margins" not in capsys.readouterr().out


def test_rows_that_are_wider_than_the_screen_are_blocks_without_what_is_empty(
    capsys: pytest.CaptureFixture[str],
) -> None:
    columns, wide = ("id", "kept", "note", "more"), "x" * 100
    print_facts(columns, [("a", True, wide, wide), ("b", False, None, "-")])
    blocks = [block.splitlines() for block in capsys.readouterr().out.strip().split("\n\n")]
    assert blocks == [
        ["id: a", "kept: yes", f"note: {wide}", f"more: {wide}"],
        ["id: b", "kept: no", "more: -"],
    ]
    print_table(columns[:2], [("a", 1.5), ("b", None)])
    head, _, *rows = capsys.readouterr().out.strip().splitlines()
    assert [line.split() for line in (head, *rows)] == [["id", "kept"], ["a", "1.5"], ["b"]]


def test_summary_is_printed_whole_and_no_line_for_what_it_does_not_say(
    capsys: pytest.CaptureFixture[str],
) -> None:
    worlds = [fake_result(seed=seed, ban=False) for seed in (1, 2)]
    summary = run_summary(worlds, headlines_of(worlds))
    print_summary(summary)
    shown = capsys.readouterr().out
    for section in summary.sections:
        assert all(words in shown for words in (section.title, *(row[0] for row in section.rows)))
    assert max(map(len, shown.splitlines())) <= 120
    assert "No event; counted from the start, 2024-01" in shown


@pytest.mark.parametrize(
    ("apart", "told"),
    [
        ([1.0] * 7 + [-1.0], "none (-0.30 to +1.0)"),  # coins fall so in one case of fourteen
        ([3.0] * 18 + [-0.1] * 2, "+3.0 (-0.10 to +3.0)"),
        ([-0.5] * 8, "-0.50"),
        ([1.0, 2.0, -1.0], "+1.0 (-0.80 to +1.9)"),  # three pairs are too few to tell
        ([0.0] * 8, "none"),
    ],
)
def test_a_difference_to_the_twin_is_none_where_the_lab_says_that_it_is_luck(
    apart: list[float], told: str
) -> None:
    worlds = [fake_result(seed=seed) for seed in range(1, 1 + len(apart))]
    headlines = headlines_of(worlds)
    different = [dict.fromkeys(headlines[0], value) for value in apart]
    summary = run_summary(worlds, headlines, apart=different, twin="without the ban")
    (costs,) = (one for one in summary.sections if "above the twin" in one.title)
    assert {row[1] for row in costs.rows} == {told}
    between = paired_difference(dict(enumerate(apart)), dict.fromkeys(range(len(apart)), 0.0))
    assert told.startswith("none") is (between is not None and not between.stands_out)
