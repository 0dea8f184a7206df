"""Take a finished calibration into the project.

    python -m tools.docs.adopt_calibration FOLDER [MEMBER]
        copies its collection to model/data/collection.csv and its record to docs/calibration.json,
        and ships one of its members
    python -m tools.docs.adopt_calibration
        judges the shipped vector again, after a value was changed by hand, and whether the
        calibration holds for the code that runs now

The member that is shipped (such as v012) is the most central one that is believed
(tools/docs/choose_shipped_vector.py, half an hour) where none is named: its values go into
model/data/parameters.csv, with three digits. `none` leaves the shipped
values as they are. Code that gives ten members of the collection the values of all targets which
they had when they were kept is code that they were fitted with, and is stamped so
(experiments/calibration/recheck.py). The page follows with `make docs`.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

from coercivity.experiments.backtest.evidence_targets import LINE
from coercivity.experiments.calibration.recheck import differing_members, recheck_fingerprint

ROOT = Path(__file__).resolve().parents[2]
DATA, RECORD = ROOT / "model" / "data", ROOT / "docs" / "calibration.json"
NONE = "none"
PARTS = {"members_likely", "again", "line"}  # of a record that can be taken in
MOST = 10  # members that are looked at, the most central first
MATCHED = "; a member of the collection, by outcomes to "  # and the year, in the source of a value


def main(folder: Path | None, member: str = "") -> None:
    """Read everything, then write it; then judge what is shipped."""
    values: dict[str, float] = {}
    if folder is not None:
        try:
            collection = (folder / "collection.csv").read_text(encoding="utf-8")
            record = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
        except OSError as error:
            sys.exit(f"FOLDER '{folder}' has no finished calibration ({error.strerror})")
        except ValueError as error:
            sys.exit(f"FOLDER '{folder}': calibration.json is damaged ({error}); calibrate anew")
        if missing := sorted(PARTS - record.keys()):
            sys.exit(
                f"FOLDER '{folder}' is of older code, without {', '.join(missing)}; calibrate anew"
            )
        if record["line"] != LINE or record["again"]["asked"] != recheck_fingerprint():
            sys.exit(
                f"FOLDER '{folder}' was asked other targets or ranges, to {record['line']}; "
                "calibrate anew"
            )
        members = members_of(collection)
        if member not in ("", NONE, *members):
            sys.exit(f"MEMBER '{member}' is not one; use one of {', '.join(members)}")
        central = put_in(DATA / "collection.csv", collection, {} if member else members)
        member = member or str(central["member"])
        if member != NONE:
            calibrated = {row["name"] for row in record["parameters"]}
            parameters = shipped(members[member], calibrated)
            (DATA / "parameters.csv").write_text(parameters, encoding="utf-8")
            values = values_of(parameters, list(members[member]))  # read before, perhaps
        write(record | {"adopted": member, "central": central})
    judge(json.loads(RECORD.read_text(encoding="utf-8")), values)


def members_of(collection: str) -> dict[str, dict[str, float]]:
    """Values of parameters by member, of the text of a collection."""
    rows = csv.DictReader(io.StringIO(collection))
    return {row.pop("id"): {name: float(value) for name, value in row.items()} for row in rows}


def put_in(path: Path, collection: str, members: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Write the collection and choose a member of it, where they are given; the old one comes back
    where that is broken off.
    """
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    path.write_text(collection, encoding="utf-8")
    try:
        return choose(members) if members else {}
    except BaseException:
        path.write_text(before, encoding="utf-8")
        raise


def judge(record: dict[str, Any], values: dict[str, float]) -> None:
    """The shipped vector by the measure of the record; and whether the record is of this code."""
    from coercivity.experiments.calibration.calibration_files import fitted_code
    from coercivity.experiments.calibration.shipped import judge_shipped
    from coercivity.experiments.worlds.draws import load_collection
    from coercivity.model.results.result import model_version

    record["now"] = judge_shipped(record, values) | {"bulk": bulk(values)}
    known, code = load_collection(), fitted_code(record["screening"])
    members = {
        name: dict(zip(known.names, row, strict=True))
        for name, row in zip(known.ids, known.values.tolist(), strict=True)
    }
    if (record["code"], record["version"]) != (code, model_version()):
        others = differing_members(record, members)
        if others:
            record.pop("carried", None)  # what held for older code
            print(f"other values of targets: {', '.join(others)}; calibrate anew")
        else:
            first = record.get("carried", {}).get("from", record["code"])
            again = len(record["again"]["targets"])
            record |= {"code": code, "version": model_version()}
            record["carried"] = {"from": first, "members": again}
    write(record)


def bulk(values: dict[str, float]) -> dict[str, Any]:
    """How often the shipped vector's worlds lie below and above the band of the draws, by scenario
    and series.
    """
    from tools.docs.choose_shipped_vector import (
        DRAWS,
        SCENARIOS,
        SEEDS,
        SERIES,
        most_central,
    )

    found = most_central({"shipped": values})
    return {
        "draws": DRAWS,
        "seeds": list(SEEDS),
        "outside": {
            scenario: {
                series: [round(float(side[0, row, at]), 3) for side in (found.below, found.above)]
                for at, series in enumerate(SERIES)
            }
            for row, scenario in enumerate(SCENARIOS)
        },
    }


def values_of(table: str, names: list[str]) -> dict[str, float]:
    """The values that a text of the parameter table has for these parameters."""
    rows = {row["name"]: row["value"] for row in csv.DictReader(io.StringIO(table))}
    return {name: float(rows[name]) for name in names}


def choose(members: dict[str, dict[str, float]]) -> dict[str, Any]:
    """The most central member that is believed, distance by member, and what those that were looked
    at miss.
    """
    from tools.docs.believed.judge import newly_missed
    from tools.docs.choose_shipped_vector import most_central

    found = most_central(members)
    missed: dict[str, dict[str, float]] = {}
    for member in found.order[:MOST]:
        missed[member] = newly_missed(members[member])
        print(f"{member} misses {missed[member] or 'nothing'}", flush=True)
        if not missed[member]:
            break
    member = min(missed, key=lambda name: len(missed[name]))  # of equals the most central
    distance = dict(zip(found.ids, found.distance.round(4).tolist(), strict=True))
    return {"member": member, "missed": missed, "distance": distance}


def write(record: dict[str, Any]) -> None:
    """The record of the calibration that the project holds."""
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    RECORD.write_text(text, encoding="utf-8")


def shipped(values: dict[str, float], calibrated: set[str]) -> str:
    """The parameter table with the values of a member; status calibrated for what moves the targets
    most.
    """
    with (DATA / "parameters.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    name, value, source, status = (
        rows[0].index(column) for column in ("name", "value", "source", "status")
    )
    for row in rows[1:]:
        if row[name] in values:
            row[value] = f"{values[row[name]]:.3g}"
            row[status] = "calibrated" if row[name] in calibrated else row[status]
            before = row[source].split(MATCHED)[0]
            row[source] = f"{before}{MATCHED}{LINE[:4]} (docs/calibration.md)"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    if len(sys.argv) > 3:
        sys.exit("Use: python -m tools.docs.adopt_calibration [FOLDER [MEMBER]]")
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None, *sys.argv[2:])
