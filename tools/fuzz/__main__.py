"""`python -m tools.fuzz`: random legal scenarios through all checks, and malformed inputs through
every door. Exit code 1 where there is a fault.

python -m tools.fuzz [--scenarios 2000] [--inputs 8000] [--seed S] [--first N] [--workers 2]
"""

from __future__ import annotations

import argparse
import sys
import time

from tools.fuzz.legal import try_legal
from tools.fuzz.malformed import try_malformed
from tools.fuzz.verdict import spread


def main() -> int:
    """Try, and print counts and every fault with the command that repeats it."""
    asked = argparse.ArgumentParser(
        prog="python -m tools.fuzz", description="Random legal scenarios, and malformed inputs."
    )
    asked.add_argument("--scenarios", type=int, default=2000, help="how many legal scenarios")
    asked.add_argument("--inputs", type=int, default=8000, help="how many malformed inputs")
    asked.add_argument("--seed", type=int, default=1, help="another seed, other tries")
    asked.add_argument("--first", type=int, default=0, help="number of the first try")
    asked.add_argument("--workers", type=int, default=2, help="processes")
    given = asked.parse_args()
    faults = 0
    for what, one, count in (
        ("malformed inputs", try_malformed, given.inputs),
        ("legal scenarios", try_legal, given.scenarios),
    ):
        if not count:
            continue
        began = time.monotonic()
        tally = spread(one, count, given.seed, min(given.workers, -(-count // 10)), given.first)
        print(f"\n{tally.words(what)}, seed {given.seed}, {time.monotonic() - began:.0f} s")
        for number, fault in tally.faults:
            print(f"  {what} {number}: {fault}")
        faults += len(tally.faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
