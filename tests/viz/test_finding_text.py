"""Findings, links and words: each has its sentence."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

import pytest

from coercivity.experiments.claims.verdict import ClaimVerdict, Evidence, judge
from coercivity.experiments.claims.written_claims import choose_claims
from coercivity.experiments.lab.setting import check_setting
from coercivity.viz.page_data.link_code import LONGEST, code_json
from coercivity.viz.words import firm_text
from coercivity.viz.words.claim_rows import finding_lines
from coercivity.viz.words.finding_text import RENDERERS, SENTENCES
from coercivity.viz.words.lab_text import twin_leaves_out
from coercivity.viz.words.lever_text import levers_notes
from coercivity.viz.words.names import words
from tests.names import GOODS, SECTORS
from tests.source_tree import ROOT, tree

FINDERS = ("Finding.of", "difference_finding", "_typical_difference", "_shares", "Line.of")


def constants(node: ast.expr) -> Iterator[str]:
    """The ids that an expression gives, those that are put together as what they begin with."""
    if isinstance(node, ast.IfExp):
        yield from (*constants(node.body), *constants(node.orelse))
    elif isinstance(node, ast.Tuple):
        yield from (one for each in node.elts for one in constants(each))
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield f"{node.values[0].value!s}*"
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def ids(files: str) -> set[str]:
    """The ids that the makers of findings, or of lines of a firm, name."""
    found: set[str] = set()
    for path in sorted((ROOT / "experiments").glob(files)):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in FINDERS and node.args:
                found |= set(constants(node.args[0]))
            elif isinstance(node, ast.Assign) and "id" in ast.unparse(node.targets[0]):
                found |= set(constants(node.value))
    return found


@pytest.mark.parametrize(
    ("files", "known"),
    [
        ("findings/*.py", {*SENTENCES, *RENDERERS}),
        ("questions/firm_lines.py", {*firm_text.SENTENCES}),
    ],
)
def test_every_finding_has_a_sentence_and_every_sentence_a_finding(
    files: str, known: set[str]
) -> None:
    named = ids(files)
    begins = {one[:-1] for one in named if one.endswith("*")}
    wrong = [
        one
        for one in named
        if not one.endswith("*")
        and one not in known
        and not {f"{one}.more", f"{one}.less"} <= known
    ]
    assert not wrong, f"without a sentence in viz/words: {wrong}"
    unsaid = [
        one
        for one in sorted(known - named)
        if one.removesuffix(".more").removesuffix(".less") not in named
        and not any(one.startswith(begin) for begin in begins)
    ]
    assert not unsaid, f"no finding has this sentence: {unsaid}"


(CLAIM,) = choose_claims(["C5"])


def finding() -> ClaimVerdict:
    scan = {1.0: [0.1, 0.2], 12.0: [0.6, 0.7], 24.0: [0.8, None]}
    return judge(CLAIM, Evidence([0.7, 0.4], [0.0], [0.9], scan, {"beside, USD bn": [1.0, 3.0]}))


def test_the_lines_say_metric_threshold_placebo_and_flip() -> None:
    text = "\n".join(finding_lines(finding()))
    for word in (
        CLAIM.metric,
        CLAIM.threshold,
        CLAIM.placebo_words,
        "duration_months",
        "beside, USD bn: 2",
    ):
        assert word in text


@pytest.mark.parametrize(
    ("scenario", "against"),
    [("japan-2026", True), ("embargo-2010", True), ("licensing-2025", False)],
)
def test_a_measure_is_against_japan_only_where_it_names_japan(scenario: str, against: bool) -> None:
    setting = check_setting(scenario=scenario, state="Germany")
    assert ("against Japan" in twin_leaves_out(setting)) is against
    assert any("Look at Japan to move it" in note for note in levers_notes(setting)) is against


def test_two_names_never_read_alike() -> None:
    told = [words(name) for name in (*GOODS, *SECTORS)]
    assert len(told) == len(set(told))
    assert all("_" not in text and text[0].isupper() for text in told)


LINK = "https://example.org/?scenario=japan-2026&lever.firms_stock=3"


def test_the_code_has_the_three_marks_that_a_reader_looks_for() -> None:
    found = json.loads(code_json(LINK))
    size = found["size"]
    dark = {tuple(map(int, one)) for one in re.findall(r"M(\d+),(\d+)h1v1h-1z", found["path"])}
    assert len(dark) == found["path"].count("M")
    assert size % 4 == 1
    for left, top in ((0, 0), (size - 7, 0), (0, size - 7)):
        ring = {(left + k, top + j) for k in range(7) for j in range(7) if {k, j} & {0, 6}}
        assert ring <= dark
        assert (left + 1, top + 1) not in dark
        assert (left + 3, top + 3) in dark


def test_another_link_is_another_code_and_one_that_is_too_long_has_none() -> None:
    assert code_json(LINK) != code_json(LINK + "&seed=2")
    assert code_json(LINK + "&x=" + "a" * LONGEST) == ""
