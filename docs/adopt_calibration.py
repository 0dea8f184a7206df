"""Take a finished calibration into the project: python docs/adopt_calibration.py FOLDER [MEMBER]

Copies its collection to model/data/collection.csv and its record to docs/calibration.json; the page
follows with `make docs`. With MEMBER (an id of the collection, such as v012) that vector becomes
the shipped one: its values go into model/data/parameters.csv, with three digits and status
calibrated.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "model" / "data"
MATCHED = "history matching on outcomes to 2024 (docs/calibration.md)"


def main(folder: Path, member: str = "") -> None:
    """Copy both files, and ship a member."""
    shutil.copyfile(folder / "collection.csv", DATA / "collection.csv")
    record = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
    if member:
        record["adopted"] = member
        ship(member)
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    (ROOT / "docs" / "calibration.json").write_text(text, encoding="utf-8")


def ship(member: str) -> None:
    """Write the values of a member of the collection into the parameter table."""
    with (DATA / "collection.csv").open(encoding="utf-8", newline="") as file:
        members = {row.pop("id"): row for row in csv.DictReader(file)}
    if member not in members:
        sys.exit(f"MEMBER '{member}' is not in the collection; use one of {', '.join(members)}")
    path = DATA / "parameters.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    name, value, source, status = (
        rows[0].index(column) for column in ("name", "value", "source", "status")
    )
    for row in rows[1:]:
        if row[name] in members[member]:
            row[value] = f"{float(members[member][row[name]]):.3g}"
            row[status] = "calibrated"
            if MATCHED not in row[source]:
                row[source] += f"; {MATCHED}"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(
            "Use: python docs/adopt_calibration.py FOLDER [MEMBER] "
            "(of `coercivity calibrate --out FOLDER`)"
        )
    main(Path(sys.argv[1]), *sys.argv[2:])
