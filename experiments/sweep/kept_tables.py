"""Result tables that a design keeps: `tables/<table>/part-00012.parquet`, the tables of the runs of
a chunk below each other with a column `run`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coercivity.experiments.sweep.evaluate import Store
from coercivity.experiments.sweep.finished_parts import WRITING, file_sha256
from coercivity.experiments.sweep.layout import table_path
from coercivity.experiments.sweep.sweep_folder import Sweep
from coercivity.experiments.worlds.atomic import hidden_name, settle
from coercivity.experiments.worlds.output_tables import plain_types

if TYPE_CHECKING:
    import pandas as pd


class KeptTables:
    """Writes the kept tables of one chunk run by run, so that one run at a time is held; nothing
    shows until `close`.
    """

    def __init__(self, sweep: Sweep, chunk: int) -> None:
        self.names = tuple(sweep.design.keep)
        self.paths = {name: table_path(sweep.folder, name, chunk) for name in self.names}
        self.hidden: dict[str, Path] = {
            name: hidden_name(path, "tmp") for name, path in self.paths.items()
        }
        self.writers: dict[str, Any] = {}
        for path in self.paths.values():
            path.parent.mkdir(parents=True, exist_ok=True)

    def of(self, run: int) -> Store:
        """What takes the tables of a run."""

        def store(tables: Mapping[str, pd.DataFrame]) -> None:
            for name in self.names:
                self._add(name, run, tables[name])

        return store

    def _add(self, name: str, run: int, frame: pd.DataFrame) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        table = plain_types(
            pa.Table.from_pandas(frame, preserve_index=False)
        ).replace_schema_metadata(None)
        table = table.add_column(
            0, pa.field("run", pa.int64(), False), pa.array([run] * table.num_rows, pa.int64())
        )
        if name not in self.writers:
            self.writers[name] = parquet.ParquetWriter(self.hidden[name], table.schema, **WRITING)
        self.writers[name].write_table(table.cast(self.writers[name].schema))

    def close(self) -> dict[str, str]:
        """Finish the files, rename them, and return {table: sha256}; "" for a table that no run of
        the chunk had.
        """
        digests = dict.fromkeys(self.names, "")
        for name in list(self.writers):
            self.writers.pop(name).close()
            digests[name] = file_sha256(self.hidden[name])
            settle(self.hidden[name], self.paths[name])
        return digests

    def drop(self) -> None:
        """Take away what was not finished."""
        for name in list(self.writers):
            with contextlib.suppress(Exception):
                self.writers.pop(name).close()
        for hidden in self.hidden.values():
            with contextlib.suppress(OSError):
                hidden.unlink()
