"""Parts of a sweep: `parts/part-00012.parquet` holds the rows of one chunk, `parts/part-00012.json` beside it says what was written.

A part counts when its sidecar is there and size, sha256 and number of rows agree with it; whatever else lies there is computed again.
The Parquet file holds nothing that depends on who wrote it and when; the sidecar holds that.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.sweep.atomic import write_text, write_whole
from coercivity.experiments.sweep.folder import PARTS, TABLES, Sweep, model_code, open_sweep
from coercivity.model.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_NAME: Final = re.compile(r"^part-(\d{5,})\.(parquet|json)$")
# fixed, so that the same rows make the same bytes
WRITING: Final[dict[str, Any]] = {"compression": "zstd", "compression_level": 3, "version": "2.6", "data_page_version": "1.0", "write_statistics": True}
FEWEST_BYTES: Final = 12  # of a Parquet file: mark, length of the footer, mark


@dataclass(frozen=True)
class PartNote:
    """What the sidecar of a part says."""

    chunk: int
    first: int  # index of its first run
    runs: int
    failed: int
    sha256: str
    bytes: int
    seconds: float
    started: float  # seconds since 1970
    finished: float
    host: str
    process: int
    version: str
    fingerprint: str
    packages: dict[str, str]
    tables: dict[str, str] = field(default_factory=dict)  # kept table: sha256 of its file


def part_path(folder: Path, chunk: int) -> Path:
    """Path of the part of one chunk."""
    return folder / PARTS / f"part-{chunk:05d}.parquet"


def note_path(folder: Path, chunk: int) -> Path:
    """Path of the sidecar of one chunk."""
    return folder / PARTS / f"part-{chunk:05d}.json"


def table_path(folder: Path, table: str, chunk: int) -> Path:
    """Path of a kept table of one chunk."""
    return folder / TABLES / table / f"part-{chunk:05d}.parquet"


def part_number(name: str) -> int | None:
    """Number of the chunk in the name of a part or a sidecar; None for any other name."""
    found = _NAME.match(name)
    number = int(found[1]) if found else None
    return number if found and f"{number:05d}" == found[1] else None


def part_schema(sweep: Sweep) -> pa.Schema:
    """Columns of a part: run, scenario, seed, point, one a parameter, one an outcome (float64, null where undefined), status, message."""
    import pyarrow as pa

    whole, number, text = pa.int64(), pa.float64(), pa.string()
    head = [pa.field("run", whole, False), pa.field("scenario", text, False), pa.field("seed", whole, False), pa.field("point", whole, False)]
    middle = [*(pa.field(name, number, False) for name in sweep.parameters), *(pa.field(name, number, True) for name in sweep.outcomes)]
    return pa.schema([*head, *middle, pa.field("status", text, False), pa.field("message", text, False)])


def written_schema(sweep: Sweep) -> pa.Schema:
    """Columns of the parts that are there, as they were written: another model may name other parameters now. Those to come where there is none."""
    first = next(written_parts(sweep), None)
    return part_schema(sweep) if first is None else next(read_tables([first])).schema


def write_part(sweep: Sweep, chunk: int, rows: Sequence[dict[str, Any]], note: PartNote) -> PartNote:
    """Write the part of a chunk and then its sidecar, each whole or not at all; return the sidecar with sha256 and size filled in."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = part_schema(sweep)
    table = pa.table({name: [row[name] for row in rows] for name in schema.names}, schema=schema)
    path = part_path(sweep.folder, chunk)
    found: list[tuple[str, int]] = []

    def write(hidden: Path) -> None:
        parquet.write_table(table, hidden, use_dictionary=["scenario", "status", "message"], row_group_size=len(rows), **WRITING)
        found.append((file_sha256(hidden), hidden.stat().st_size))

    write_whole(path, write)
    sha, size = found[-1]
    note = PartNote(**{**asdict(note), "sha256": sha, "bytes": size})
    write_text(note_path(sweep.folder, chunk), json.dumps(asdict(note), indent=1) + "\n")
    return note


def file_sha256(path: Path) -> str:
    """Return sha256 of a file, read in pieces."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_note(folder: Path, chunk: int) -> PartNote | None:
    """Return the sidecar of a chunk; None when it is missing or damaged."""
    try:
        return PartNote(**json.loads(note_path(folder, chunk).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def part_problem(sweep: Sweep, chunk: int, thorough: bool = True) -> str | None:
    """Return why the part of a chunk does not count, None when it does. thorough: read it whole, else compare its size alone."""
    note = read_note(sweep.folder, chunk)
    if note is None:
        return "not written yet"
    if note.fingerprint != sweep.fingerprint or note.version != sweep.version or note.runs != len(sweep.rows(chunk)):
        return "of another sweep"
    path = part_path(sweep.folder, chunk)
    try:
        if path.stat().st_size != note.bytes or note.bytes < FEWEST_BYTES:
            return "cut short"
        if set(note.tables) != set(sweep.design.keep) or not all(table_path(sweep.folder, name, chunk).is_file() for name, sha in note.tables.items() if sha):
            return "without its tables"
        if not thorough:
            return None
        if file_sha256(path) != note.sha256:
            return "damaged"
        if any(sha and file_sha256(table_path(sweep.folder, name, chunk)) != sha for name, sha in note.tables.items()):
            return "with a damaged table"
    except OSError:
        return "not there"
    return None


def missing_chunks(folder: str | Path | Sweep, thorough: bool = True) -> list[int]:
    """Return the chunks that have no part that counts, in order. thorough: verify sha256, else size alone."""
    sweep = folder if isinstance(folder, Sweep) else open_sweep(folder)
    written = {part_number(item.name) for item in (sweep.folder / PARTS).glob("*.json")}
    return [chunk for chunk in range(sweep.chunks) if chunk not in written or part_problem(sweep, chunk, thorough)]


def safe_chunks(sweep: Sweep) -> int:
    """Number of chunks that have a part that counts, by size."""
    return sweep.chunks - len(missing_chunks(sweep, thorough=False))


def written_parts(sweep: Sweep) -> Iterator[Path]:
    """Paths of the parts that count, in the order of the runs."""
    missing = set(missing_chunks(sweep, thorough=False))
    return (part_path(sweep.folder, chunk) for chunk in range(sweep.chunks) if chunk not in missing)


def read_tables(paths: Iterable[Path], columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """Read parts one after the other. Raises InputError for one that cannot be read."""
    import pyarrow as pa
    from pyarrow import parquet

    for path in paths:
        try:
            yield parquet.read_table(path, columns=list(columns) if columns else None, partitioning=None)
        except (OSError, pa.ArrowException):
            raise InputError(f"{path.parent.parent / PARTS}: {path.name} is damaged; run the same sweep again, it computes this part anew") from None


def read_sweep(folder: str | Path, columns: Sequence[str] | None = None, complete: bool = False) -> pd.DataFrame:
    """Return the rows of a sweep as one pandas frame sorted by run; undefined outcomes are NaN.

    columns: only these. complete: raise InputError when runs are missing. `.attrs` holds design, fingerprint, version, the number of missing runs, and
    whether the model here is another one than that which made the rows (`other_model`).
    """
    import pyarrow as pa

    sweep = open_sweep(folder, reading=True)
    missing = missing_chunks(sweep, thorough=False)
    absent = sum(len(sweep.rows(chunk)) for chunk in missing)
    if complete and absent:
        raise InputError(f"folder '{folder}': {absent} of {sweep.total} runs are missing; finish it with the command that began it, then ask again")
    tables = list(read_tables(written_parts(sweep), columns))
    schema = part_schema(sweep)
    empty = schema.empty_table().select(list(columns) if columns else schema.names)
    frame = (pa.concat_tables(tables) if tables else empty).to_pandas()
    frame.attrs.update(
        design=sweep.design.to_dict(), fingerprint=sweep.fingerprint, version=sweep.version, missing=absent, other_model=sweep.code != model_code()
    )  # fmt: skip
    return frame
