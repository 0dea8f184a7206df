"""`python -m tools.docs.carry_results`: a result is put under the stamp of younger code where the
quick kit and the golden net come out the same, and stays as it is where one of them does not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tools.docs import carry_results as carry
from tools.docs import release

OLD = {"claims": "c1", "starts": "c2"}
NEW = {"claims": "d1", "starts": "d2"}
SUMS = {"claims": "s1", "starts": "s2"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout whose results were made by version 1 and are remembered."""
    results = tmp_path / "docs" / "results"
    results.mkdir(parents=True)
    for part, code in OLD.items():
        found = {"part": part, "coercivity": "1.0.0", "code": code, "found": {"x": 1.0}}
        (results / f"{part}.json").write_text(json.dumps(found))
    by_model = {"coercivity": "1.0.0", "code": "m1"}
    (results / "lessons.json").write_text(json.dumps({"version": "1.0.0", "code": "m1", "n": 3}))
    (results / "monotone.json").write_text(json.dumps({"made_with": by_model, "seeds": 2}))
    (results / "scenarios.json").write_text(
        json.dumps({"calm": {"y": 2}, "made_with": {"calm": by_model}})
    )
    assert carry.remember(here("1.0.0", "m1", OLD), lambda parts: SUMS, "abc", tmp_path) == [
        "claims",
        "starts",
    ]
    return tmp_path


def here(version: str, model: str, parts: Mapping[str, str]) -> Any:
    return release.Here(version, model, "f1", parts, "v1", ("calm",))


def gives(sums: Mapping[str, str], net: str = "") -> Callable[..., Any]:
    def given(parts: Mapping[str, Mapping[str, str]]) -> Any:
        assert {then["commit"] for then in parts.values()} == {"abc"}
        return carry.Given({part: sums[part] for part in parts}, net)

    return given


def held(root: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (root / "docs" / "results" / f"{name}.json").read_text(encoding="utf-8")
    )
    return found


def test_results_that_come_out_the_same_take_the_new_stamp_and_name_the_old(root: Path) -> None:
    carry.carry(here("1.1.0", "m2", NEW), gives(SUMS), root)
    first = {"coercivity": "1.0.0", "code": "c1"}
    assert held(root, "claims") == {
        "part": "claims",
        "coercivity": "1.1.0",
        "code": "d1",
        "found": {"x": 1.0},
        "carried": first,
    }
    by_model = {"coercivity": "1.0.0", "code": "m1"}
    moved = {"coercivity": "1.1.0", "code": "m2", "carried": by_model}
    assert held(root, "lessons") == {"version": "1.1.0", "code": "m2", "n": 3, "carried": by_model}
    assert held(root, "monotone") == {"made_with": moved, "seeds": 2}
    assert held(root, "scenarios") == {"calm": {"y": 2}, "made_with": {"calm": moved}}
    # once more, to still younger code: the first stamp is the one that stays named
    later = {"claims": "e1", "starts": "e2"}
    carry.carry(here("1.2.0", "m3", later), gives(SUMS), root)
    assert held(root, "claims")["code"] == "e1"
    assert held(root, "claims")["carried"] == first
    assert held(root, "monotone")["made_with"]["carried"] == by_model


def test_a_part_that_comes_out_another_stays_and_so_do_results_of_the_model(root: Path) -> None:
    lines = carry.carry(here("1.1.0", "m2", NEW), gives({**SUMS, "claims": "other"}), root)
    assert lines == ["claims: the quick kit gives something else", "starts: carried"]
    assert held(root, "claims")["code"] == "c1"
    assert held(root, "starts")["code"] == "d2"
    assert held(root, "lessons")["code"] == "m1"


def test_nothing_is_carried_where_the_golden_net_tells_the_model_apart(root: Path) -> None:
    before = {name: held(root, name) for name in ("claims", "starts", "lessons", "quick")}
    (line,) = carry.carry(here("1.1.0", "m2", NEW), gives(SUMS, "runs are not as blessed"), root)
    assert "nothing is carried" in line
    assert {name: held(root, name) for name in before} == before


def test_carrying_that_was_broken_off_is_done_again_to_its_end(root: Path) -> None:
    note = root / "docs" / "results" / "quick.json"
    before = note.read_text(encoding="utf-8")
    now = here("1.1.0", "m2", NEW)
    carry.carry(now, gives(SUMS), root)
    whole = {name: held(root, name) for name in ("claims", "lessons", "scenarios", "quick")}
    note.write_text(before, encoding="utf-8")  # results were written, the note was not
    carry.carry(now, gives(SUMS), root)
    assert {name: held(root, name) for name in whole} == whole
