"""What commands write beside tables: a JSON document on standard output and what stands in it, a
line on standard error.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from coercivity.model.basis.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coercivity.experiments.worlds.spreads import Spread


def print_json(document: Any) -> None:
    """One JSON document on standard output, and nothing else."""
    import json

    sys.stdout.write(
        json.dumps(document, indent=2, ensure_ascii=not speaks_unicode(), allow_nan=False) + "\n"
    )


def speaks_unicode() -> bool:
    """Whether standard output has a letter for everything; else YAML and JSON write codes."""
    return str(sys.stdout.encoding or "").lower().startswith("utf")


def print_message(line: str) -> None:
    """Say a line on standard error at once."""
    print(line, file=sys.stderr, flush=True)


def provenance(results: Sequence[Any]) -> dict[str, Any]:
    """What a document says of the runs behind it."""
    first = results[0]
    return {
        "scenario": first.scenario.name,
        "version": first.version,
        "parameter_hash": first.parameter_hash,
        "seeds": [result.seed for result in results],
        "months": len(first.months),
    }


def headline_list(
    facts: Facts,
    state: str,
    found: Mapping[str, Spread],
    apart: Mapping[str, str] | None = None,
    /,
    **others: Mapping[str, Spread],
) -> list[dict[str, Any]]:
    """The headlines of a state with their ranges, and with *others* by name beside them. apart:
    why the twins of a headline are not compared; its difference is null then, beside a note.
    """
    from dataclasses import asdict

    from coercivity.experiments.quantities.headlines import headline_table

    return [
        {
            "id": row.id,
            "unit": row.unit,
            **asdict(found[row.id]),
            **{name: asdict(spreads[row.id]) for name, spreads in others.items()},
            **({"difference": None, "note": apart[row.id]} if apart and row.id in apart else {}),
        }
        for row in headline_table(facts, state)
    ]
