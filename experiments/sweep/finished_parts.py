"""Parts of a sweep: `parts/part-00012.parquet` holds the rows of one chunk, `parts/part-00012.json`
beside it says what was written.

A part counts when its sidecar is there, fits its own seal, and size, sha256 and number of rows
agree with it; whatever else lies there is computed again. The Parquet file holds nothing that
depends on who wrote it and when; the sidecar holds that. There is one way to read a part,
`read_part`: the bytes are read once, compared with their sum, and only then understood. Nothing is
remembered between two readings: a disk that rots does not change the time of a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.sweep.layout import (
    note_path,
    part_path,
    read_sealed,
    seal_content,
    table_path,
)
from coercivity.experiments.sweep.sweep_folder import Sweep, model_code, open_sweep
from coercivity.experiments.worlds.atomic import write_text, write_whole
from coercivity.model.basis.errors import InputError, Phrase, shorten

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

# fixed, so that the same rows make the same bytes
WRITING: Final[dict[str, Any]] = {
    "compression": "zstd",
    "compression_level": 3,
    "version": "2.6",
    "data_page_version": "1.0",
    "write_statistics": True,
}
NAMED: Final = 5  # damaged parts that a message names


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
    code: str = (
        ""  # of the model, and runs in a chunk: with the design they are what `sweep.json` holds
    )
    size: int = 0


@dataclass(frozen=True)
class Trouble:
    """Why the part of a chunk does not count. damaged: something lies there that is not what was
    written; else nothing whole lies there, and all is well.
    """

    chunk: int
    why: str
    damaged: bool

    def line(self) -> str:
        """The name of the part and what is wrong with it."""
        return f"part-{self.chunk:05d} ({self.why})"


@dataclass(frozen=True, eq=False)
class Part:
    """A part that was read and fits its sidecar: the bytes that were compared, not yet
    understood.
    """

    note: PartNote
    data: bytes

    def table(self, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows, or only some columns of them."""
        import pyarrow as pa
        from pyarrow import parquet

        return parquet.read_table(
            pa.BufferReader(self.data),
            columns=list(columns) if columns else None,
            partitioning=None,
        )


def part_schema(sweep: Sweep) -> pa.Schema:
    """Columns of a part: run, scenario, seed, point, one a parameter, one an outcome (float64, null
    where undefined), status, message.
    """
    import pyarrow as pa

    whole, number, text = pa.int64(), pa.float64(), pa.string()
    head = [
        pa.field("run", whole, False),
        pa.field("scenario", text, False),
        pa.field("seed", whole, False),
        pa.field("point", whole, False),
    ]
    middle = [
        *(pa.field(name, number, False) for name in sweep.parameters),
        *(pa.field(name, number, True) for name in sweep.outcomes),
    ]
    return pa.schema(
        [*head, *middle, pa.field("status", text, False), pa.field("message", text, False)]
    )


def write_part(
    sweep: Sweep, chunk: int, rows: Sequence[dict[str, Any]], note: PartNote
) -> PartNote:
    """Write the part of a chunk and then its sidecar, each whole or not at all; return the sidecar
    with sha256 and size filled in.
    """
    import pyarrow as pa
    from pyarrow import parquet

    schema = part_schema(sweep)
    table = pa.table({name: [row[name] for row in rows] for name in schema.names}, schema=schema)
    path = part_path(sweep.folder, chunk)
    sums: list[tuple[str, int]] = []

    def write(hidden: Path) -> None:
        parquet.write_table(
            table,
            hidden,
            use_dictionary=["scenario", "status", "message"],
            row_group_size=len(rows),
            **WRITING,
        )
        sums.append((file_sha256(hidden), hidden.stat().st_size))

    write_whole(path, write)
    sha, size = sums[-1]
    note = PartNote(**{**asdict(note), "sha256": sha, "bytes": size})
    write_text(note_path(sweep.folder, chunk), seal_content(asdict(note), indent=1))
    return note


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_part(sweep: Sweep, chunk: int, tables: bool = False) -> Part | Trouble:
    """Return the part of a chunk, or why it does not count: the one way to read a part.

    The bytes are read once, and those that were compared with their sum are those that are
    understood. tables: compare the kept tables with their sums, too, which may be large; else only
    see that they are there.
    """
    try:
        note = PartNote(
            **read_sealed(note_path(sweep.folder, chunk).read_bytes(), strict=sweep.sealed)
        )
    except FileNotFoundError:
        return Trouble(chunk, "not written yet", False)
    except OSError as error:
        return Trouble(chunk, f"its sidecar cannot be read: {error.strerror}", True)
    except (ValueError, TypeError):
        return Trouble(chunk, "its sidecar is not what was written", True)
    rows = sweep.rows(chunk)
    if (note.fingerprint, note.version, note.chunk, note.first, note.runs) != (
        sweep.fingerprint,
        sweep.version,
        chunk,
        rows.start,
        len(rows),
    ):
        return Trouble(chunk, "it is of another sweep or place", True)
    try:
        data = part_path(sweep.folder, chunk).read_bytes()
    except FileNotFoundError:
        return Trouble(chunk, "taken away", False)
    except OSError as error:
        return Trouble(chunk, f"it cannot be read: {error.strerror}", True)
    if len(data) != note.bytes:
        return Trouble(
            chunk, "cut short" if len(data) < note.bytes else "longer than it was written", True
        )
    if hashlib.sha256(data).hexdigest() != note.sha256:
        return Trouble(chunk, "its bytes are not those that were written", True)
    return _table_trouble(sweep, note, tables) or Part(note, data)


def _table_trouble(sweep: Sweep, note: PartNote, thorough: bool) -> Trouble | None:
    if set(note.tables) != set(sweep.design.keep):
        return Trouble(note.chunk, "without its tables", True)
    for name, sha in note.tables.items():
        path = table_path(sweep.folder, name, note.chunk)
        try:
            if sha and not path.is_file():
                return Trouble(note.chunk, f"its table {name} was taken away", False)
            if sha and thorough and file_sha256(path) != sha:
                return Trouble(note.chunk, f"its table {name} is not what was written", True)
        except OSError as error:
            return Trouble(note.chunk, f"its table {name} cannot be read: {error.strerror}", True)
    return None


@dataclass(frozen=True)
class PartInventory:
    """What a folder holds: the sidecars of the parts that count, by chunk, and the troubles of all
    others, by chunk.
    """

    notes: dict[int, PartNote]
    troubles: dict[int, Trouble]

    @property
    def missing(self) -> list[int]:
        """Chunks without a part that counts, in order: those that are damaged are missing, too."""
        return sorted(self.troubles)

    @property
    def damaged(self) -> list[Trouble]:
        """The parts that are not what was written, in order."""
        return [self.troubles[chunk] for chunk in self.missing if self.troubles[chunk].damaged]


def part_trouble(sweep: Sweep, chunk: int) -> Trouble | None:
    """Return why the part of a chunk, with its kept tables, does not count; None when it does."""
    part = read_part(sweep, chunk, tables=True)
    return part if isinstance(part, Trouble) else None


def inspect_parts(sweep: Sweep) -> PartInventory:
    """Read every part with its sidecar and kept tables and say which count."""
    notes, troubles = {}, {}
    for chunk in range(sweep.chunks):
        part = read_part(sweep, chunk, tables=True)
        if isinstance(part, Part):
            notes[chunk] = part.note
        else:
            troubles[chunk] = part
    return PartInventory(notes, troubles)


def missing_chunks(folder: str | Path | Sweep) -> list[int]:
    """Return the chunks that have no part that counts, in order; every part is compared with its
    sums.
    """
    return inspect_parts(folder if isinstance(folder, Sweep) else open_sweep(folder)).missing


def read_parts(sweep: Sweep, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """Give the rows of every part that is there, in the order of the runs. Raises InputError, one
    line that names them, when parts are damaged.
    """
    for chunk in range(sweep.chunks):
        part = read_part(sweep, chunk)
        if isinstance(part, Part):
            yield part.table(columns)
        elif part.damaged:
            later = (read_part(sweep, number) for number in range(chunk + 1, sweep.chunks))
            raise damage_refused(
                sweep.folder,
                [
                    part,
                    *(
                        part_later
                        for part_later in later
                        if isinstance(part_later, Trouble) and part_later.damaged
                    ),
                ],
            )


def damage_refused(folder: Path, damaged: Sequence[Trouble]) -> InputError:
    """The one line for somebody who asks for the rows of a folder in which parts are damaged."""
    return InputError(
        damage_line(damaged),
        "run the same sweep again, which computes anew what is damaged (or move the "
        "part and its sidecar away: then its runs count as missing)",
        where=f"folder '{folder}'",
    )


def damage_line(damaged: Sequence[Trouble]) -> Phrase:
    """How many parts are damaged, and the first of them."""
    parts = tuple(Phrase(damage.line()) for damage in damaged[:NAMED])
    if len(damaged) == 1:
        return Phrase.of("1 part is damaged: {parts}", parts=parts)
    said = {"count": len(damaged), "parts": parts, "more": len(damaged) - NAMED}
    if len(damaged) <= NAMED:
        return Phrase.of("{count} parts are damaged: {parts}", **said)
    return Phrase.of("{count} parts are damaged: {parts} and {more} more", **said)


def read_sweep(
    folder: str | Path, columns: Sequence[str] | None = None, complete: bool = False
) -> pd.DataFrame:
    """Return the rows of a sweep as one pandas frame sorted by run; undefined outcomes are NaN.

    columns: only these. complete: raise InputError when runs are missing. `.attrs` holds design,
    fingerprint, version, the number of missing runs, and whether the model here is another one than
    that which made the rows (`other_model`). Raises InputError when parts are damaged.
    """
    sweep = open_sweep(folder, reading=True)
    import pyarrow as pa

    tables = list(read_parts(sweep, columns))
    absent = sweep.total - sum(table.num_rows for table in tables)
    if complete and absent:
        raise InputError(
            "{absent} of {count} runs are missing",
            "finish it with the command that began it, then ask again",
            where=f"folder '{shorten(folder)}'",
            absent=absent,
            count=sweep.total,
        )
    schema = part_schema(sweep)
    empty = schema.empty_table().select(list(columns) if columns else schema.names)
    frame = (pa.concat_tables(tables) if tables else empty).to_pandas()
    frame.attrs.update(
        design=sweep.design.to_dict(),
        fingerprint=sweep.fingerprint,
        version=sweep.version,
        missing=absent,
        other_model=sweep.code != model_code(facts=sweep.design.facts),
    )
    return frame
