"""The mutation run itself (`make mutants`): what it changes and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import yaml

from tools.mutants.sites import mutants_of, sample
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
    assert ("size: int | None = 3", "size: int | None = 4") in found
    before, after = " ".join(one for one, _ in found), " ".join(other for _, other in found)
    for words in ("Both", "Alias", "in words", "Return", "@dataclass"):
        assert words not in before  # no test can tell
    assert "strict=False" not in after
    assert "int & float" not in after


def test_a_seed_names_a_sample() -> None:
    chosen, again, other = (sample(ROOT, ["agents/dealers"], 5, seed) for seed in (7, 7, 8))
    assert chosen == again != other
    assert len({(one.file, one.line, one.column) for one in chosen}) == 5


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
