"""Take a finished calibration into the project.

    python -m tools.docs.adopt_calibration FOLDER [CANDIDATE]
        copies its collection to model/data/collection.csv and its record to docs/calibration.json,
        and ships one of its candidates
    python -m tools.docs.adopt_calibration
        judges the shipped vector again, after a value was changed by hand, and whether the
        calibration holds for the code that runs now

The candidate that is shipped (such as t012) is the most central one that is believed
(tools/docs/choose_shipped_vector.py, half an hour) where none is named: its values go into
model/data/parameters.csv, with three digits and status calibrated. `none` leaves the shipped
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

ROOT = Path(__file__).resolve().parents[2]
DATA, RECORD = ROOT / "model" / "data", ROOT / "docs" / "calibration.json"
NONE = "none"
PARTS = {"candidates", "again", "line"}  # of a record that can be taken in
FEWEST = 10  # candidates that are looked at, where fewer are as near to the record as the kept ones
MATCHED = "; history matching on outcomes to "  # and the year, in the source of a value


def main(folder: Path | None, candidate: str = "") -> None:
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
        candidates = {row["id"]: row["values"] for row in record["candidates"]}
        if candidate not in ("", NONE, *candidates):
            sys.exit(f"CANDIDATE '{candidate}' is not one; use one of {', '.join(candidates)}")
        central = put_in(DATA / "collection.csv", collection, {} if candidate else record)
        candidate = candidate or str(central["candidate"])
        if candidate != NONE:
            parameters = shipped(candidates[candidate])
            (DATA / "parameters.csv").write_text(parameters, encoding="utf-8")
            values = values_of(parameters, list(candidates[candidate]))  # read before, perhaps
        write(record | {"adopted": candidate, "central": central})
    judge(json.loads(RECORD.read_text(encoding="utf-8")), values)


def put_in(path: Path, collection: str, record: dict[str, Any]) -> dict[str, Any]:
    """Write the collection and choose a candidate by it, where a record is given; the old one comes
    back where that is broken off.
    """
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    path.write_text(collection, encoding="utf-8")
    try:
        return choose(record) if record else {}
    except BaseException:
        path.write_text(before, encoding="utf-8")
        raise


def judge(record: dict[str, Any], values: dict[str, float]) -> None:
    """The shipped vector by the measure of the record; and whether the record is of this code."""
    from coercivity.experiments.calibration.calibration_files import fitted_code
    from coercivity.experiments.calibration.recheck import differing_members
    from coercivity.experiments.calibration.shipped import judge_shipped
    from coercivity.experiments.worlds.draws import load_collection
    from coercivity.model.results.result import model_version

    record["now"] = judge_shipped(record, values) | {"bulk": bulk(values)}
    known, code = load_collection(), fitted_code(row["name"] for row in record["parameters"])
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


def choose(record: dict[str, Any]) -> dict[str, Any]:
    """The most central candidate that is believed, distance by candidate, and what those that were
    looked at miss.
    """
    from tools.docs.believed.judge import newly_missed
    from tools.docs.choose_shipped_vector import most_central

    near = [row for row in record["candidates"] if row["worst"] <= record["level"]]
    if len(near) < FEWEST:  # they come with the least implausible first
        near = record["candidates"][:FEWEST]
    candidates = {row["id"]: row["values"] for row in near}
    found = most_central(candidates)
    missed: dict[str, dict[str, float]] = {}
    for candidate in found.order:
        missed[candidate] = newly_missed(candidates[candidate])
        print(f"{candidate} misses {missed[candidate] or 'nothing'}", flush=True)
        if not missed[candidate]:
            break
    candidate = min(missed, key=lambda name: len(missed[name]))  # of equals the most central
    distance = dict(zip(found.ids, found.distance.round(4).tolist(), strict=True))
    return {"candidate": candidate, "missed": missed, "distance": distance}


def write(record: dict[str, Any]) -> None:
    """The record of the calibration that the project holds."""
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    RECORD.write_text(text, encoding="utf-8")


def shipped(values: dict[str, float]) -> str:
    """The parameter table with these values of the calibrated parameters."""
    with (DATA / "parameters.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    name, value, source, status = (
        rows[0].index(column) for column in ("name", "value", "source", "status")
    )
    for row in rows[1:]:
        if row[name] in values:
            row[value] = f"{values[row[name]]:.3g}"
            row[status] = "calibrated"
            before = row[source].split(MATCHED)[0]
            row[source] = f"{before}{MATCHED}{LINE[:4]} (docs/calibration.md)"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    if len(sys.argv) > 3:
        sys.exit("Use: python -m tools.docs.adopt_calibration [FOLDER [CANDIDATE]]")
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None, *sys.argv[2:])
