"""What commands write beside tables: a JSON document on standard output, a line on standard
error.
"""

from __future__ import annotations

import sys
from typing import Any


def print_json(document: Any) -> None:
    """One JSON document on standard output, and nothing else."""
    import json

    sys.stdout.write(
        json.dumps(document, indent=2, ensure_ascii=not speaks_unicode(), allow_nan=False) + "\n"
    )


def speaks_unicode() -> bool:
    """Whether standard output has a letter for everything; else YAML and JSON write codes."""
    return str(sys.stdout.encoding or "").lower().startswith("utf")


def say(line: str) -> None:
    """Say a line on standard error at once."""
    print(line, file=sys.stderr, flush=True)
