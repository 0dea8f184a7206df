"""A sweep in the results format of the EMA workbench (2.5 to 3.0): `experiments, outcomes =
ema_workbench.load_results(FILE)`.

A tar.gz of experiments.csv (one row a run: parameters, seed, and the workbench's own columns
scenario, policy, model), one headless csv an outcome, and metadata.json with the type of each
column. Bytes depend on the sweep alone. Names are identifiers, which the workbench asks for since
3.0: a target of the record is `evidence_ID`.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from coercivity.experiments.sensitivity.replications import settle
from coercivity.experiments.sensitivity.sample import Sample
from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.inputs import path_of, place_of

FORMAT_VERSION: Final = 0.1  # what the workbench writes
SUFFIX: Final = ".tar.gz"
POLICY: Final = "none"  # 'None', the workbench's own word, comes back from its file as nothing
Columns = dict[str, tuple[str, list[str]]]  # name -> type, values


def check_ema_path(path: str | Path) -> Path:
    """Return the path of a file that may be written. Raises InputError unless it ends in .tar.gz,
    is new, and lies in a folder that exists.
    """
    target_path = path_of(path, "--ema")
    if not target_path.name.endswith(SUFFIX):
        raise InputError(
            "--ema '{file}' does not end in {ending}",
            "write for example {example}{ending}",
            file=Phrase(shorten(path, 200)),
            ending=SUFFIX,
            example=target_path.name.split(".")[0] or "sweep",
        )
    place_of(target_path, "--ema")
    if target_path.exists():
        raise InputError(
            "--ema '{file}' is there already",
            "choose another name, nothing was overwritten",
            file=Phrase(shorten(path, 200)),
        )
    if not target_path.parent.is_dir():
        raise InputError(
            "--ema '{file}': folder '{folder}' is not there",
            "make it first",
            file=Phrase(shorten(path, 200)),
            folder=Phrase(shorten(target_path.parent, 200)),
        )
    return target_path


def export_ema(sample: Sample, path: str | Path) -> Path:
    """Write the runs that are done. A day of a stop that never comes is written as the length of
    the run; other undefined values as nan.
    """
    file = check_ema_path(path)
    columns = _columns(sample)
    outcomes, notes = _outcomes(sample)
    files = {
        "experiments.csv": _csv(columns),
        **outcomes,
        "metadata.json": json.dumps(_metadata(sample, columns, notes)),
    }
    try:
        _pack(file, files)
    except OSError as error:
        raise InputError(
            "--ema '{file}' cannot be written ({why})",
            "give a path where you may write",
            file=Phrase(shorten(path, 200)),
            why=error.strerror,
        ) from None
    return file


def _columns(sample: Sample) -> Columns:
    """Parameters, seed and the workbench's own columns of the runs that are done."""
    point, seed = np.nonzero(~sample.lost)
    columns: Columns = {
        name: ("float64", [repr(float(value)) for value in sample.points[point, index]])
        for index, name in enumerate(sample.names)
    }
    model = f"coercivity_{identifier(sample.scenario)}"
    return columns | {
        "seed": ("int64", [str(sample.seeds[at]) for at in seed]),
        "scenario": ("category", [str(index) for index in range(len(point))]),
        "policy": ("category", [POLICY] * len(point)),
        "model": ("category", [model] * len(point)),
    }


def identifier(name: str) -> str:
    """A name with _ for all that an identifier of Python may not hold."""
    return "".join(sign if sign.isalnum() and sign.isascii() else "_" for sign in name)


def _csv(columns: Columns) -> str:
    """Columns as lines, heads first."""
    rows = zip(*(values for _, values in columns.values()), strict=True)
    return "\n".join([",".join(columns), *(",".join(row) for row in rows)]) + "\n"


def _outcomes(sample: Sample) -> tuple[dict[str, str], dict[str, list[str]]]:
    """A headless csv of each outcome, and what was settled about it."""
    files, notes = {}, {}
    for outcome, values in sample.values.items():
        settled = settle(values, sample.unit(outcome), sample.days, sample.lost)
        runs = settled.runs[~sample.lost]
        name = identifier(outcome)
        files[f"{name}.cls"] = "".join(f"{float(value)!r}\n" for value in runs)
        notes[outcome] = list(settled.notes)
    return files, notes


def _metadata(sample: Sample, columns: Columns, notes: dict[str, list[str]]) -> dict[str, Any]:
    """Types of the columns, as the workbench reads them, and where the runs come from."""
    names = {outcome: identifier(outcome) for outcome in sample.values}
    return {
        "version": FORMAT_VERSION,
        "outcomes": [("ScalarOutcome", name, f"{name}.cls") for name in names.values()],
        "experiments": {name: kind for name, (kind, _) in columns.items()},
        "coercivity": {
            "scenario": sample.scenario,
            "version": sample.version,
            "fingerprint": sample.fingerprint,
            "outcomes": {name: outcome for outcome, name in names.items()},
            "notes": notes,
        },  # the workbench skips it
    }


def _pack(file: Path, files: dict[str, str]) -> None:
    """Write files into a new tar.gz that bears no time."""
    with (
        open(file, "xb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed,
        tarfile.open(mode="w", fileobj=packed) as archive,
    ):
        for name, text in files.items():
            data = text.encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
