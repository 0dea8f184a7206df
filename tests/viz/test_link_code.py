"""A link as a code for a telephone."""

from __future__ import annotations

import json
import re

from coercivity.viz.drawn.link_code import LONGEST, code_json

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
