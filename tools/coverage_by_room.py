"""Coverage of each room from the data that a run of the tests left: `python
tools/coverage_by_room.py`, or all of it with `make cover`.

One line a room: share of lines, share of branches and both together. Ends with exit code 1 where a
room has fewer than LEAST percent of its branches.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import coverage

ROOMS = ("agents", "model", "experiments", "viz", "api")
LEAST = 95.0  # percent of the branches of every room


def by_room(files: Mapping[str, Mapping[str, Any]]) -> dict[str, Counter[str]]:
    """Sums over the files of each room, from the `files` of coverage's JSON report; paths are
    relative to the checkout.
    """
    rooms: dict[str, Counter[str]] = {room: Counter() for room in ROOMS}
    for path, file in files.items():
        summary = file["summary"]
        rooms[Path(path).parts[0]].update(
            lines=summary["num_statements"],
            lines_run=summary["covered_lines"],
            branches=summary["num_branches"],
            branches_run=summary["covered_branches"],
        )
    return rooms


def percent(part: int, whole: int) -> float:
    """Share in percent; all of nothing is everything."""
    return 100.0 * part / whole if whole else 100.0


def table(rooms: Mapping[str, Counter[str]]) -> tuple[str, list[str]]:
    """The table, one line a room and one for all, and the rooms below LEAST."""
    total: Counter[str] = Counter()
    rows, below = [f"{'':12} {'lines':>16} {'branches':>16} {'both':>8}"], []
    for room, sums in rooms.items():
        total.update(sums)
        rows.append(_row(room, sums))
        if percent(sums["branches_run"], sums["branches"]) < LEAST:
            below.append(room)
    return "\n".join([*rows, _row("all", total)]), below


def _row(name: str, sums: Counter[str]) -> str:
    lines, branches = (
        percent(sums["lines_run"], sums["lines"]),
        percent(sums["branches_run"], sums["branches"]),
    )
    both = percent(sums["lines_run"] + sums["branches_run"], sums["lines"] + sums["branches"])
    return (
        f"{name:12} {sums['lines']:8,} {lines:6.1f}% {sums['branches']:8,} {branches:6.1f}% "
        f"{both:7.1f}%"
    )


def main() -> int:
    """Print the table and the worst files; 1 where a room has too few of its branches."""
    measured = coverage.Coverage()
    measured.load()
    with tempfile.TemporaryDirectory() as place:
        report = Path(place) / "report.json"
        measured.json_report(outfile=str(report))
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    measured.html_report(directory="htmlcov")
    text, below = table(by_room(files))
    print(text)
    print("Line by line: htmlcov/index.html")
    if below:
        print(f"Fewer than {LEAST:g}% of the branches: {', '.join(below)}")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
