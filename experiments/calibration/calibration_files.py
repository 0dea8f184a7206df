"""What a calibration leaves on disk: `calibration.json` (everything learned) and `collection.csv`
(the vectors that are kept).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.calibration.licence_targets import licence_code
from coercivity.experiments.calibration.recheck import recheck_record
from coercivity.experiments.sweep.sweep_folder import model_code
from coercivity.experiments.worlds.draws import COLLECTION
from coercivity.experiments.worlds.output_tables import package_versions
from coercivity.model.basis.inputs import path_of
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.results.result import model_version

if TYPE_CHECKING:
    from coercivity.experiments.calibration.study import Study

PARAMETERS: Final = "parameters.csv"
DIGITS: Final = 5


def write_study(study: Study, out: str | Path) -> dict[str, Any]:
    """Write both files into the folder of the calibration; return what `calibration.json` holds."""
    folder, document = path_of(out, "--out"), study_document(study)
    (folder / "calibration.json").write_text(
        json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (folder / "collection.csv").write_text(collection_text(study), encoding="utf-8")
    return document


def study_document(study: Study) -> dict[str, Any]:
    """What `calibration.json` holds: everything learned, with version, code and packages, numbers
    with five digits.
    """
    return {
        "version": model_version(),
        "code": fitted_code(study.found.space.names),
        "packages": package_versions(),
        "shipped_values": _shipped_values(study),
        **round_digits(study.to_dict()),
        "again": recheck_record(members_of(*study.collection()), study.setting.seeds),
    }


def calibrated_names(study: Study) -> tuple[str, ...]:
    """The parameters that move the targets most: of these the shipped value is a member's."""
    space = study.found.space
    return space.names[: space.calibrated]


def fitted_code(fitted: Iterable[str]) -> str:
    """Fingerprint of the model and the targets that are fitted: without what a fit writes, the
    collection and the values, sources and status of these parameters.
    """
    names = set(fitted)
    rows = [
        (row.name, row.low, row.high, *(() if row.name in names else (row.value, row.status)))
        for row in load_parameters()
    ]
    code = f"{model_code(COLLECTION, PARAMETERS)} {licence_code()}"
    return hashlib.sha256(f"{code} {rows}".encode()).hexdigest()[:16]


def collection_text(study: Study) -> str:
    """The collection as CSV."""
    return vectors_text(*study.collection())


def vectors_text(names: Sequence[str], values: FloatArray) -> str:
    """Members as CSV: id, then one column a parameter."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", *sorted(names)])
    for member, vector in members_of(names, values).items():
        writer.writerow([member, *(f"{value:.{DIGITS}g}" for value in vector.values())])
    return text.getvalue()


def members_of(names: Sequence[str], values: FloatArray) -> dict[str, dict[str, float]]:
    """Values by member, as they are written: parameters in order of their names, inside the
    documented ranges.
    """
    columns, table = sorted(names), load_parameters()
    order = [list(names).index(name) for name in columns]
    return {
        f"v{number:03d}": {
            name: min(max(float(f"{vector[at]:.{DIGITS}g}"), table[name].low), table[name].high)
            for at, name in zip(order, columns, strict=True)
        }
        for number, vector in enumerate(values, start=1)
    }


def _shipped_values(study: Study) -> dict[str, float]:
    shipped = study.found.space.shipped.tolist()
    return dict(zip(calibrated_names(study), shipped, strict=False))


def round_digits(value: Any) -> Any:
    """Plain values with as many digits as are written."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: round_digits(item) for key, item in value.items()}
    return [round_digits(item) for item in value] if isinstance(value, (list, tuple)) else value
