"""Compare every case with what was blessed, and explain where they part: `python -m tests.golden
[CASE ...] [--bless REASON | --write DIR | --against REF]`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.golden.blessing import bless, read_blessed
from tests.golden.cases import CASES
from tests.golden.explain import blessed_commit, first_difference, tables_at, write_tables
from tests.golden.reading import tables_of


def main() -> int:
    """0 if all cases are as they were, 1 if one is not."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument(
        "cases", nargs="*", metavar="CASE", help="names such as japan-2026-24; all without any"
    )
    parser.add_argument(
        "--bless",
        metavar="REASON",
        help="write what the code gives now, and why it is another; commit both",
    )
    parser.add_argument(
        "--write", type=Path, metavar="DIR", help="write the tables of one case and compare nothing"
    )
    parser.add_argument(
        "--against",
        metavar="REF",
        help="the commit to compare with in full; that of the blessing without it",
    )
    given = parser.parse_args()
    if unknown := sorted(set(given.cases) - {case.name for case in CASES}):
        parser.error(
            f"CASE '{unknown[0]}' is not known; use one of {', '.join(case.name for case in CASES)}"
        )
    chosen = [case for case in CASES if not given.cases or case.name in given.cases]
    if given.write:
        if len(chosen) != 1:
            parser.error("--write takes one case")
        write_tables(tables_of(chosen[0]), given.write)
        return 0
    if given.bless is not None:
        if given.cases:
            parser.error("--bless takes all cases or none")
        if not given.bless.strip():
            parser.error("--bless wants a reason: what was changed, and why numbers move")
        bless(((case, tables_of(case)) for case in chosen), given.bless)
        return 0
    parted = 0
    for case in chosen:
        tables = tables_of(case)
        changed = read_blessed(case).differences(tables)
        parting = f"{len(changed)} columns differ: {', '.join(changed[:6])}"
        print(f"{case.name}: {parting if changed else 'as it was'}", flush=True)
        if changed or given.against:
            before = tables_at(given.against or blessed_commit(), case)
            print(f"  {first_difference(before, tables)}", flush=True)
        parted += bool(changed)
    return int(parted > 0)


if __name__ == "__main__":
    sys.exit(main())
