"""Take a finished calibration into the project.

    python docs/adopt_calibration.py FOLDER [MEMBER]   copies its collection to
                                                       model/data/collection.csv and its record to
                                                       docs/calibration.json, and ships one member
    python docs/adopt_calibration.py                   judges the shipped vector again, after a
                                                       value was changed by hand

A calibration that was made before the office was matched (decision 0052) gets its offices now: they
are run in FOLDER/office, and the record and the collection of the folder are written anew.

The member that is shipped (an id of the collection, such as v012) is the most central one
(experiments/calibration/central.py, some minutes) where none is named: its values go into
model/data/parameters.csv, with three digits and status calibrated. `none` leaves the shipped
values as they are. The page follows with `make docs`.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
DATA, RECORD = ROOT / "model" / "data", ROOT / "docs" / "calibration.json"
NONE = "none"
MATCHED = "history matching on outcomes to 2024 (docs/calibration.md)"


def main(folder: Path | None, member: str = "") -> None:
    """Read everything, then write it; then judge what is shipped."""
    values: dict[str, float] = {}
    if folder is not None:
        try:
            collection = (folder / "collection.csv").read_text(encoding="utf-8")
            record = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
        except OSError as error:
            sys.exit(f"FOLDER '{folder}' has no finished calibration ({error.strerror})")
        if "office" not in record:
            collection, record = with_offices(folder, record)
        names = [row["name"] for row in record["parameters"]]
        if member not in ("", NONE):
            shipped(collection, member, names)  # refuse an unknown one before anything is written
        (DATA / "collection.csv").write_text(collection, encoding="utf-8")
        central = {} if member else choose(record)
        member = member or str(central["member"])
        if member != NONE:
            parameters = shipped(collection, member, names)
            (DATA / "parameters.csv").write_text(parameters, encoding="utf-8")
            values = values_of(parameters, names)  # the table may have been read before
        write(record | {"adopted": member, "central": central})
    from coercivity.experiments.calibration.shipped import judge_shipped

    record = json.loads(RECORD.read_text(encoding="utf-8"))
    write(record | {"now": judge_shipped(record, values)})


def with_offices(folder: Path, record: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The collection and the record of a folder, each member with an office that is kept; both are
    written.
    """
    from coercivity.experiments.calibration.office import fit_office, joined, judge_joined
    from coercivity.experiments.calibration.study import Setting, office_document
    from coercivity.experiments.calibration.written import rounded, vectors_text

    setting = Setting().of_office
    with (folder / "collection.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    values = np.array([row[1:] for row in rows], dtype=float)
    office = fit_office(folder / "office", setting, workers=0)
    names, values = joined(header[1:], values, office, setting.design_seed)
    together = judge_joined(office, folder / "office", names, values, setting.seeds, workers=0)
    collection = vectors_text(names, values)
    record = record | {"office": rounded(office_document(office, together, setting))}
    (folder / "collection.csv").write_text(collection, encoding="utf-8")
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    (folder / "calibration.json").write_text(text, encoding="utf-8")
    return collection, record


def values_of(table: str, names: list[str]) -> dict[str, float]:
    """The values that a text of the parameter table has for these parameters."""
    rows = {row["name"]: row["value"] for row in csv.DictReader(io.StringIO(table))}
    return {name: float(rows[name]) for name in names}


def choose(record: dict[str, Any]) -> dict[str, Any]:
    """The most central member of the collection that was just written which would be kept beside
    the values of the table, and all beside it: distance by member, who was passed over, months of
    the chosen one below and above the band.
    """
    from coercivity.experiments.calibration.central import (
        DRAWS,
        SCENARIOS,
        SEEDS,
        SERIES,
        calibrated_values,
        most_central,
    )
    from coercivity.experiments.calibration.shipped import judge_shipped
    from coercivity.experiments.worlds.draws import load_collection

    names = [row["name"] for row in record["parameters"]]
    found, passed = most_central(names=names), {}
    vectors = calibrated_values(load_collection(), names)
    for member in found.order:
        worst = judge_shipped(record, vectors[member])["worst"]
        if worst <= record["level"]:
            break
        passed[member] = worst
    else:
        sys.exit("no member would be kept beside the values of the table; name one as MEMBER")
    at = found.ids.index(member)
    return {
        "member": member,
        "passed_over": passed,
        "draws": DRAWS,
        "seeds": list(SEEDS),
        "distance": dict(zip(found.ids, found.distance.round(4).tolist(), strict=True)),
        "outside": {
            scenario: {
                series: [
                    round(float(side[at, row, column]), 3) for side in (found.below, found.above)
                ]
                for column, series in enumerate(SERIES)
            }
            for row, scenario in enumerate(SCENARIOS)
        },
    }


def write(record: dict[str, Any]) -> None:
    """The record of the calibration that the project holds."""
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    RECORD.write_text(text, encoding="utf-8")


def shipped(collection: str, member: str, names: list[str]) -> str:
    """The parameter table with the values that a member of a collection has for these parameters,
    the calibrated ones.
    """
    members = {row.pop("id"): row for row in csv.DictReader(io.StringIO(collection))}
    if member not in members:
        sys.exit(f"MEMBER '{member}' is not in the collection; use one of {', '.join(members)}")
    with (DATA / "parameters.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    name, value, source, status = (
        rows[0].index(column) for column in ("name", "value", "source", "status")
    )
    for row in rows[1:]:
        if row[name] in names:
            row[value] = f"{float(members[member][row[name]]):.3g}"
            row[status] = "calibrated"
            if MATCHED not in row[source]:
                row[source] += f"; {MATCHED}"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    if len(sys.argv) > 3:
        sys.exit("Use: python docs/adopt_calibration.py [FOLDER [MEMBER]]")
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None, *sys.argv[2:])
