"""What comes out of a sweep folder: spreads of the outcomes, one tidy file, and one run computed
again beside what was stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.sweep.evaluate import compare_columns, evaluate, failure
from coercivity.experiments.sweep.finished_parts import (
    WRITING,
    Part,
    Trouble,
    part_schema,
    read_part,
    read_parts,
)
from coercivity.experiments.sweep.rows import outcome_units
from coercivity.experiments.sweep.sweep_folder import Sweep, open_sweep
from coercivity.experiments.worlds.atomic import SweepStopped, write_whole
from coercivity.experiments.worlds.output_path import check_new_file
from coercivity.experiments.worlds.spreads import Spread, spread
from coercivity.experiments.worlds.spreadsheet_cells import table_cells
from coercivity.model.basis.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE: Final = 4_000_000  # numbers that are held while spreads are taken: 32 MB


@dataclass(frozen=True)
class OutcomeSpread:
    """One outcome of one scenario over the runs that are done: median, 5th and 95th percentile (a
    stop that never comes is later than any), undefined.
    """

    scenario: str
    outcome: str
    unit: str
    spread: Spread
    runs: int
    undefined: int

    def cells(self) -> tuple[float | str | None, ...]:
        """Median, p05 and p95 for a table: `never` where a stop does not come in that many of the
        runs.
        """
        never = "never" if self.unit == "days" and self.runs else None
        return tuple(
            never if value is None else value
            for value in (self.spread.median, self.spread.p05, self.spread.p95)
        )


def outcome_spreads(folder: str | Path | Sweep) -> list[OutcomeSpread]:
    """Return the spread of every outcome, scenario by scenario, from the parts that are there; a
    few columns are held at a time.
    """
    sweep = folder if isinstance(folder, Sweep) else open_sweep(folder, reading=True)
    import pyarrow as pa
    import pyarrow.compute as pc

    units = outcome_units(sweep.design.facts, sweep.outcomes)
    each = max(1, AT_ONCE // max(1, sweep.total))
    by_scenario: dict[str, list[OutcomeSpread]] = {name: [] for name in sweep.design.scenarios}
    for first in range(0, len(sweep.outcomes), each):
        names = sweep.outcomes[first : first + each]
        tables = list(read_parts(sweep, ["scenario", "status", *names]))
        if not tables:
            return []
        table = pa.concat_tables(tables)
        table = table.filter(pc.equal(table["status"], "done"))
        for scenario in by_scenario:
            rows = table.filter(pc.equal(table["scenario"], scenario))
            for name in names:
                column = rows[name]
                by_scenario[scenario].append(
                    OutcomeSpread(
                        scenario,
                        name,
                        units[name],
                        spread(column.to_pylist(), units[name]),
                        len(column),
                        column.null_count,
                    )
                )
    return [one for several in by_scenario.values() for one in several]


def export(folder: str | Path, to: str | Path) -> tuple[Path, int, int]:
    """Write all runs that are there into one file, .csv or .parquet, a part at a time; return its
    path, the rows written and the runs still missing.

    Rows are in the order of the runs; what is undefined is an empty cell. Raises InputError for
    another ending, a file that is there already, a place that cannot be written, or a folder in
    which parts are damaged: then nothing is written.
    """
    path = check_new_file(to, "--to", (".csv", ".parquet"), "runs")
    sweep = open_sweep(folder, reading=True)
    rows = 0

    def tables() -> Iterator[pa.Table]:
        nonlocal rows
        for table in read_parts(sweep):
            rows += table.num_rows
            yield table

    try:
        write_whole(
            path, lambda hidden: _write(path.suffix.lower(), hidden, part_schema(sweep), tables())
        )
    except OSError as error:
        raise InputError(
            "--to '{value}' cannot be written ({why})",
            "give a place where you may write, with room",
            value=to,
            why=error.strerror,
        ) from None
    return path, rows, sweep.total - rows


def _write(ending: str, hidden: Path, schema: pa.Schema, tables: Iterator[pa.Table]) -> None:
    from pyarrow import csv, parquet

    first = next(tables, None)
    if first is not None:  # as the parts were written: another model may name other parameters now
        schema, tables = first.schema, chain([first], tables)
    writer = (
        csv.CSVWriter(hidden, schema)
        if ending == ".csv"
        else parquet.ParquetWriter(hidden, schema, **WRITING)
    )
    with writer:
        for table in tables:
            whole = table.cast(schema)
            writer.write_table(table_cells(whole) if ending == ".csv" else whole)


@dataclass(frozen=True)
class RecomputedRow:
    """One run computed alone, and the row that was stored; stored is None where its part is missing
    or damaged, and trouble says which.
    """

    run: int
    columns: tuple[str, ...]
    values: dict[str, Any]
    stored: dict[str, Any] | None
    equal: dict[str, bool]
    trouble: Trouble | None = None

    @property
    def all_equal(self) -> bool:
        """Whether there is a stored row and every value equals it."""
        return self.stored is not None and all(self.equal.values())


def recompute_row(folder: str | Path, run: int) -> RecomputedRow:
    """Compute one run of a sweep alone and compare it with the stored row, value by value, exactly.

    Raises InputError for a run that is none of it, SweepStopped where it cannot be computed here
    (no memory).
    """
    import pyarrow.compute as pc

    sweep = open_sweep(folder)
    if not 0 <= run < sweep.total:
        raise InputError(
            "run {run} is none of the {count} runs of this sweep",
            "use 0 to {high}",
            run=run,
            count=sweep.total,
            high=sweep.total - 1,
        )
    columns = tuple(part_schema(sweep).names)
    recomputed, stored = read_part(sweep, run // sweep.chunk), None
    if isinstance(recomputed, Part):
        table = recomputed.table()
        stored = table.filter(pc.equal(table["run"], run)).to_pylist()[0]
    try:
        values = evaluate(sweep.runs[run], sweep.design)
    except (MemoryError, OSError) as error:
        raise SweepStopped(
            f"run {run} cannot be computed ({failure(error)}); mend it and run the same "
            "command again"
        ) from error
    return RecomputedRow(
        run,
        columns,
        values,
        stored,
        compare_columns(values, stored or {}, columns),
        recomputed if isinstance(recomputed, Trouble) else None,
    )


@dataclass(frozen=True)
class Failure:
    """Runs that failed with the same message: how many, and the first of them with its seed."""

    message: str
    runs: int
    first: int
    seed: int


def failures(folder: str | Path | Sweep) -> list[Failure]:
    """Return the messages of the runs that failed, the most frequent first."""
    sweep = folder if isinstance(folder, Sweep) else open_sweep(folder, reading=True)
    import pyarrow.compute as pc

    by_message: dict[str, list[int]] = {}
    for table in read_parts(sweep, ["run", "seed", "status", "message"]):
        for row in table.filter(pc.not_equal(table["status"], "done")).to_pylist():
            by_message.setdefault(row["message"], [0, row["run"], row["seed"]])[0] += 1
    return sorted(
        (Failure(message, *runs_failed) for message, runs_failed in by_message.items()),
        key=lambda one: (-one.runs, one.first),
    )
