"""The facts that tests take where nothing else is said: those of this process."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from coercivity.model.basis.facts import Facts

FACTS: Final = Facts.default()


def with_rows(name: str, rows: Iterable[Mapping[str, Any]]) -> Facts:
    """The facts with other rows in one table."""
    held = tuple(rows)
    return FACTS.with_table(
        replace(FACTS.table(name), rows=held, lines=tuple(range(2, len(held) + 2)), files=())
    )
