"""python -m tools.docs.kit [OUT] [--parts claims questions ...] [--draws N] [--quick]"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from coercivity.experiments.worlds.atomic import SweepStopped
from coercivity.interchange import leave_crate
from coercivity.model.basis.errors import InputError
from tools.docs.kit.build import OUT, PARTS, Plan, make_paper


def main(arguments: list[str]) -> int:
    """Build what is asked; return the exit code."""
    parser = ArgumentParser("python -m tools.docs.kit")
    parser.add_argument("out", nargs="?", default=OUT, help=f"folder, {OUT} without one")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=[*PARTS], metavar="PART")
    parser.add_argument("--draws", type=int, help="draws or seeds; else each part's own number")
    parser.add_argument("--quick", action="store_true", help="in minutes, not for citation")
    parser.add_argument("--workers", type=int, default=0, help="processes; 0: one a core")
    asked = parser.parse_args(arguments)
    parts = tuple(part for name, part in PARTS.items() if name in asked.parts)
    try:
        make_paper(Path(asked.out), Plan(parts, asked.draws, asked.quick, asked.workers))
    except InputError as error:
        print(f"tools.docs.kit: {error}", file=sys.stderr)
        return 2
    except (SweepStopped, KeyboardInterrupt, OSError) as error:
        said = str(error) or "stopped"
        print(f"tools.docs.kit: {said}; finished parts are safe, run it again", file=sys.stderr)
        return 1
    leave_crate(asked.out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
