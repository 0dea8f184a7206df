"""What is read off a run: every column of every table, its digest, and a weighted sum a month.

The digest says whether a column is the same to the last bit. The sums are floats, one a month,
and say within rounding whether it is the same on a processor whose exp and log round differently.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pandas as pd

from coercivity import run
from tests.golden.cases import SEED, Case

GOLDEN_ANGLE: Final = 0.6180339887498949  # its multiples, modulo 1, never repeat
Tables = Mapping[str, pd.DataFrame]


def tables_of(case: Case) -> Tables:
    """All tables of the run, and its headlines as one more."""
    result = run(case.source, seed=SEED, months=case.months)
    tables = {name: result.table(name) for name in result.tables}
    headlines = result.headlines()
    values = [np.nan if value is None else value for value in headlines.values()]
    tables["headlines"] = pd.DataFrame({"headline": list(headlines), "value": values})
    return tables


def columns(tables: Tables) -> Iterator[tuple[str, pd.Series, pd.DataFrame]]:
    """Each column under the name table.column, with the table that it stands in."""
    for name, table in tables.items():
        for column in table.columns:
            yield f"{name}.{column}", table[column], table


def digest(column: pd.Series) -> str:
    """Twelve hex digits of every value in the order of the rows, bit for bit."""
    made = hashlib.sha256(str(len(column)).encode())
    if pd.api.types.is_numeric_dtype(column):
        made.update(str(column.dtype).encode() + np.ascontiguousarray(column.to_numpy()).tobytes())
        return made.hexdigest()[:12]
    words = column.astype("category")  # hashed by what is written, not by how it is stored
    names = np.asarray(words.cat.categories.astype(str), dtype=object)
    codes = words.cat.codes.to_numpy()
    used = np.unique(codes[codes >= 0])
    order = np.argsort(names[used])
    rank = np.full(len(names) + 1, -1, dtype=np.int32)  # the last place serves what is missing
    rank[used[order]] = np.arange(len(used))
    made.update("\x1f".join(names[used[order]]).encode() + rank[codes].tobytes())
    return made.hexdigest()[:12]


def sums(column: pd.Series, table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """(months,) sums of the column, each row with a weight of its own, and the sums of sizes.

    A table without months counts as one month. Missing values count as nothing.
    """
    values = np.nan_to_num(column.to_numpy(dtype=np.float64))
    weighted = values * (0.5 + np.arange(len(values)) * GOLDEN_ANGLE % 1.0)
    if "month" not in table.columns:
        return weighted.sum(keepdims=True), np.abs(weighted).sum(keepdims=True)
    codes, count = table["month"].cat.codes.to_numpy(), len(table["month"].cat.categories)
    return np.bincount(codes, weighted, count), np.bincount(codes, np.abs(weighted), count)
