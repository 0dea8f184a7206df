"""The list of what happens in one history: acts, what happens here, and the rest told together; it reaches the last month."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from coercivity.experiments.worlds.run import run
from coercivity.model.results.events import happened
from coercivity.model.results.result import Result
from coercivity.model.scenario.kinds import KINDS
from coercivity.viz.drawn.lab_events import events
from coercivity.viz.words.event_text import elsewhere_words, here_words
from coercivity.viz.words.names import plain


@pytest.fixture(scope="module")
def banned() -> Result:
    return run("japan-blanket-ban", 2, months=48)


def test_lines_elsewhere_are_counted_in_one_sentence() -> None:
    one, many = Counter({"India": 1}), Counter(dict.fromkeys("ABCDE", 2))
    assert elsewhere_words(one, Counter()) == "Elsewhere a line stops (India)."
    assert elsewhere_words(Counter(), one) == "Elsewhere a line runs again (India)."
    assert elsewhere_words(many, one) == (
        "Elsewhere 10 lines stop (A 2, B 2, C 2, others 4) and a line runs again (India)."
    )


def test_lines_of_one_state_are_told_by_what_is_missing() -> None:
    stop = "a line at {} stops: no {}".format
    texts = [stop("TDK", "x"), stop("Japan wind 1", "x"), stop("Japan wind 2", "x"), stop("A", "y")]
    assert here_words([*texts, "B runs again", "something else"]) == [
        "lines at TDK, makers 1 and 2 of wind turbines in Japan stop: no x",
        "a line at A stops: no y",
        "B runs again",
        "something else",
    ]
    assert here_words(["Germany magnet smco 2 runs again"]) == [
        "SmCo magnet plant 2 in Germany runs again"
    ]
    assert here_words(f"Japan wind {k} runs again" for k in (1, 2, 3)) == [
        "makers 1, 2 and 3 of wind turbines in Japan run again"
    ]


def test_a_quota_that_does_not_move_has_no_sign() -> None:
    said = "China sets its light mining quota {} for the half-year"
    assert [plain(said.format(by)) for by in ("-0%", "+0%", "+10%")] == [
        said.format("as it was"),
        said.format("as it was"),
        said.format("+10%"),
    ]


def test_what_firms_expect_as_before_has_no_sign() -> None:
    said = "firms expect to use 10 t of NdPr oxide a month, {}"
    assert [plain(said.format(f"{by} on half a year before")) for by in ("-0%", "+0%", "-1%")] == [
        said.format("as half a year before"),
        said.format("as half a year before"),
        said.format("-1% on half a year before"),
    ]


@pytest.mark.parametrize("state", ["Japan", "Germany"])
def test_the_list_holds_every_act_all_that_happens_here_and_every_month(
    banned: Result, state: str
) -> None:
    assert banned.records is not None
    rows = [row for row in happened(banned.records) if row[0] < len(banned.months)]
    listed = events(banned, state)
    assert [one["at"] for one in listed] == sorted(one["at"] for one in listed)
    assert {one["at"] for one in listed} == {row[0] for row in rows}
    acts = [row for row in rows if row[2].removeprefix("end of ") in KINDS]
    assert sum(one["measure"] for one in listed) == len(acts)
    stops = [row for row in rows if row[2] in ("stop", "restart")]
    mine = [(row[0], plain(row[3])) for row in stops if row[1] == state]
    told = [(one["at"], one["text"]) for one in listed if one["here"]]
    for month in range(len(banned.months)):
        said = {text for at, text in told if at == month}
        assert said >= set(here_words(text for at, text in mine if at == month))
    assert sum(one["text"].startswith("Elsewhere") for one in listed) == len(
        {row[0] for row in stops if row[1] != state}
    )
    assert not any(one["measure"] and one["here"] for one in listed)


def test_the_list_is_shorter_than_one_of_every_line(banned: Result) -> None:
    assert banned.records is not None
    every = [
        {"at": month, "measure": kind in KINDS, "text": plain(text)}
        for month, _, kind, text in happened(banned.records)
    ]
    assert len(json.dumps(events(banned, "Germany"))) < 0.6 * len(json.dumps(every))
