"""The mutation run itself: what it changes, what it leaves alone, and that a seed names a sample.
(`make mutants` runs it; tools/mutants holds it.)
"""

from __future__ import annotations

from pathlib import Path

import yaml

from tools.mutants.cover import Known
from tools.mutants.sites import Mutant, mutants_of, sample
from tools.mutants.trial import changed_line

ROOT = Path(__file__).resolve().parents[2]
CODE = '''"""1 + 1 in words."""
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Both = int | float

Alias = int | None


@dataclass(frozen=True)
class Row:
    size: int | None = 3


def rule(x: int | float, y: float = 0.5) -> float | None:
    """Return 2 * x."""
    if x > 2 and not y:
        return x * y
    return sum(a - b for a, b in zip([x], [y], strict=True))
'''


def changes(code: str) -> set[tuple[str, str]]:
    return {
        changed_line(code, mutant.apply(code))
        for place in mutants_of("model/rule.py", code)
        for mutant in place
    }


def test_rules_are_changed_one_place_at_a_time() -> None:
    found = changes(CODE)
    assert ("return x * y", "return x / y") in found
    assert ("if x > 2 and not y:", "if x >= 2 and not y:") in found
    assert ("if x > 2 and not y:", "if x > 2 or not y:") in found
    assert ("if x > 2 and not y:", "if x > 2 and  y:") in found
    assert ("if x > 2 and not y:", "if not x > 2 and not y:") in found
    assert ("size: int | None = 3", "size: int | None = 4") in found
    assert (
        "def rule(x: int | float, y: float = 0.5) -> float | None:",
        "def rule(x: int | float, y: float = 1.5) -> float | None:",
    ) in found
    assert (
        "return sum(a - b for a, b in zip([x], [y], strict=True))",
        "return sum(a + b for a, b in zip([x], [y], strict=True))",
    ) in found


def test_what_no_test_can_tell_is_left_alone() -> None:
    """Texts, annotations, aliases of types, what only a type checker reads, guards."""
    changed = {before for before, _ in changes(CODE)}
    assert not {
        line
        for line in changed
        if "Both" in line
        or "Alias" in line
        or "words" in line
        or "Return" in line
        or "dataclass" in line
    }
    assert all(
        "strict=False" not in after and "int & float" not in after and "None & " not in after
        for _, after in changes(CODE)
    )


def test_a_seed_names_a_sample() -> None:
    chosen = sample(ROOT, ["agents"], 5, 7)
    assert chosen == sample(ROOT, ["agents"], 5, 7) != sample(ROOT, ["agents"], 5, 8)
    assert len({(one.file, one.line, one.column) for one in chosen}) == 5


def test_every_change_is_a_program() -> None:
    """Most of all where a star is no operator."""
    code = (
        "def f(*rows, **names):\n    x, *rest = {**names, 'a': 2}, *rows\n    x *= 3\n    return "
        "g(*rest, **names) ** -x\n"
    )
    made = [(one, one.apply(code)) for place in mutants_of("model/rule.py", code) for one in place]
    for _, changed in made:
        compile(changed, "rule.py", "exec")
    assert {one.line for one, _ in made if "BinaryOperator" in one.operator} == {4}


def test_the_nearest_tests_are_asked_first_and_a_line_that_none_runs_none() -> None:
    near, far, slow = (
        "tests/agents/test_buyer.py::a",
        "tests/model/test_money.py::b",
        "tests/agents/test_buyer.py::slow",
    )
    known = Known(
        {near: 0.2, far: 0.1, slow: 9.0},
        {"agents/firms/buyer.py": {18: {near, far}, 30: {slow}}},
        {"agents/firms/buyer.py": {3}},
        [],
    )

    def asked(line: int, most: float) -> list[str]:
        return known.asked(
            Mutant("agents/firms/buyer.py", line, 0, "NumberReplacer", 0, line), most
        )

    assert asked(18, 10.0) == [near, far, slow]
    assert asked(18, 5.0) == [near, far]
    assert asked(19, 10.0) == []
    assert asked(3, 10.0) == [
        near,
        slow,
        far,
    ]  # runs while the module is loaded: whoever runs anything of it


def test_every_change_that_is_called_equivalent_can_still_be_made() -> None:
    rows = yaml.safe_load(
        (ROOT / "tools" / "mutants" / "equivalent.yaml").read_text(encoding="utf-8")
    )
    for row in rows:
        code = (ROOT / row["file"]).read_text(encoding="utf-8")
        places = [
            one
            for place in mutants_of(row["file"], code)
            for one in place
            if code.splitlines()[one.line - 1].strip() in row["before"]
        ]
        made = {changed_line(code, mutant.apply(code)) for mutant in places}
        assert (row["before"], row["after"]) in made, f"{row['file']}: {row['before']}"
        assert row["reason"]
