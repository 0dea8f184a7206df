"""What ``--out DIR`` holds: one Parquet file a table, a manifest, and whatever a caller adds. All
of it or nothing.

Files are written into a hidden folder beside DIR and moved at the end, so that a failure leaves
nothing behind.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.extras import require_packages
from coercivity.model.basis.inputs import place_of
from coercivity.model.results.provenance import provenance_hashes
from coercivity.model.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

PACKAGES: Final = ("numpy", "pandas", "pyarrow", "mesa")  # those that can change a number or a file


class SavedRun(Protocol):
    """What is saved of a Result."""

    @property
    def scenario(self) -> Scenario: ...
    @property
    def seed(self) -> int: ...
    @property
    def version(self) -> str: ...
    @property
    def parameter_hash(self) -> str: ...
    @property
    def world(self) -> str: ...
    @property
    def months(self) -> tuple[str, ...]: ...
    @property
    def tables(self) -> Sequence[str]: ...
    def table(self, name: str) -> pd.DataFrame: ...


def check_new_folder(out: str | Path, option: str = "--out") -> Path:
    """Return *out* as an absolute path if a folder can be made there or an empty one is there.
    Raises InputError with *option* first otherwise.
    """
    said: dict[str, str | Phrase] = {"option": option, "folder": Phrase(shorten(out, 200))}
    path = place_of(out, option)
    if path.is_file():
        raise InputError(
            "{option} '{folder}' is a file", "give the name of a new or empty folder", **said
        )
    if path.is_dir() and (entry := next(path.iterdir(), None)):
        raise InputError(
            "{option} '{folder}' is in use (it holds {file})",
            "give a new or empty folder",
            file=Phrase(entry.name),
            **said,
        )
    nearest = next(folder for folder in (path, *path.parents) if folder.exists())
    if not nearest.is_dir():
        raise InputError(
            "{option} '{folder}' lies inside '{file}', which is a file",
            "give the name of a new or empty folder",
            file=Phrase(nearest.name),
            **said,
        )
    if not os.access(nearest, os.W_OK):
        raise InputError(
            "{option} '{folder}' cannot be written", "give a folder where you may write", **said
        )
    return path


@contextmanager
def new_folder(out: str | Path) -> Iterator[Path]:
    """Give a folder to write into, which becomes *out* when the block ends well and vanishes when
    it does not.
    """
    path = check_new_folder(out)
    parents = [folder for folder in path.parents if not folder.exists()]
    partial = path.parent / f".{path.name}.{os.getpid()}.partial"
    finished = False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir()
        yield partial
        check_new_folder(out)  # somebody may have used it meanwhile
        if path.is_dir():  # kept, because it may be where somebody stands
            for file in sorted(partial.iterdir()):
                shutil.move(file, path / file.name)
            partial.rmdir()
        else:
            partial.rename(path)
        finished = True
    except OSError as error:
        raise InputError(
            "--out '{folder}' cannot be written ({why})",
            "give a folder where you may write",
            folder=Phrase(shorten(out, 200)),
            why=error.strerror,
        ) from None
    finally:
        if not finished:
            shutil.rmtree(partial, ignore_errors=True)
            for folder in parents:  # nearest first
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()


def write_tables(
    results: Sequence[SavedRun], folder: Path, base: Sequence[SavedRun] = ()
) -> dict[str, dict[str, str]]:
    """Write ``<table>.parquet`` for every table and return {table: units of its columns}.

    Several worlds add a column ``seed``; twins add a column ``twin``, "base" or "scenario". One
    world at a time is held in memory.
    """
    worlds = [("base", result) for result in base] + [("scenario", result) for result in results]

    def frames(name: str) -> Iterator[pd.DataFrame]:
        for twin, result in worlds:
            frame = result.table(name)
            added = ({"twin": twin} if base else {}) | (
                {"seed": result.seed} if len(results) > 1 else {}
            )
            yield frame.assign(**added) if added else frame

    return {
        name: write_frames(frames(name), folder / f"{name}.parquet") for name in results[0].tables
    }


def write_frames(frames: Iterable[pd.DataFrame], path: Path) -> dict[str, str]:
    """Write frames below each other into one Parquet file and return the units of its columns.

    The first frame gives the columns and their types.
    """
    require_packages("pyarrow", "sweep", "saving tables as Parquet")
    import pyarrow as pa
    from pyarrow import parquet

    writer, units = None, {}
    try:
        for frame in frames:
            units = dict(frame.attrs.get("units", {}))
            table = plain_types(pa.Table.from_pandas(frame, preserve_index=False))
            if writer is None:
                writer = parquet.ParquetWriter(path, table.schema)
            writer.write_table(table.cast(writer.schema))
    finally:
        if writer is not None:
            writer.close()
    return units


def plain_types(table: pa.Table) -> pa.Table:
    """Text columns as plain text whatever pandas kept them as: worlds differ in what they name, and
    a column may be empty in one.
    """
    import pyarrow as pa

    def plain(field: pa.Field) -> pa.Field:
        kind = field.type
        textual = (
            pa.types.is_dictionary(kind) or pa.types.is_null(kind) or pa.types.is_large_string(kind)
        )
        return field.with_type(pa.string()) if textual else field

    return table.cast(
        pa.schema([plain(field) for field in table.schema], metadata=table.schema.metadata)
    )


def manifest(
    results: Sequence[SavedRun],
    units: Mapping[str, Mapping[str, str]],
    base: Sequence[SavedRun] = (),
) -> dict[str, Any]:
    """Return the provenance of a saved run or comparison as plain values: enough to make it again,
    and nothing that changes by itself.

    *units* are those of ``write_tables``.
    """
    first = results[0]
    content: dict[str, Any] = {
        "coercivity": first.version,
        "python": platform.python_version(),
        "packages": package_versions(),
        "scenario": scenario_record(first),
        "seeds": [result.seed for result in results],
        "months": len(first.months),
        "parameter_hash": first.parameter_hash,
        **provenance_hashes(results[0].scenario.facts),
        "world": first.world,
    }
    if base:
        content["base"] = scenario_record(base[0]) | {"parameter_hash": base[0].parameter_hash}
    content["tables"] = {
        name: {"file": f"{name}.parquet", "units": dict(unit)} for name, unit in units.items()
    }
    return content


def scenario_record(result: SavedRun) -> dict[str, Any]:
    """Return name, fingerprint and YAML of the scenario of a result."""
    scenario = result.scenario
    return {
        "name": scenario.name,
        "fingerprint": scenario.fingerprint(),
        "yaml": scenario.to_yaml(),
    }


def package_versions(names: Sequence[str] = PACKAGES) -> dict[str, str]:
    """Return {package: version}; "not installed" for one that is missing."""
    versions = {}
    for name in names:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def write_manifest(content: dict[str, Any], folder: Path) -> str:
    """Write ``manifest.json`` and return its name."""
    (folder / "manifest.json").write_text(
        json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return "manifest.json"
