"""Cells of files that a spreadsheet may open: a text that it would take for a formula is written so
that it is read as the text it is.

A spreadsheet computes a cell that begins with = + - @ (or their full-width twins, a tab or a line
end), and what it computes may call programs. Such a text gets an apostrophe in front, which
spreadsheets take as the sign of a text. Numbers stay numbers, negative ones too. `as_written` takes
the apostrophe away again: in pandas, after `frame = pd.read_csv(FILE, comment="#")`, it is
`frame[column].map(as_written)` for a column of texts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_STARTS: Final = "=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20"
_FORMULA: Final = re.compile(
    rf"'*[{_STARTS}]"
)  # an apostrophe in front of one too, so that each text is read back as itself
_WRITTEN: Final = re.compile(rf"'+[{_STARTS}]")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def cell(value: Any) -> Any:
    """Return *value* as it may stand in a file for spreadsheets: a text that is neither a number
    nor harmless gets an apostrophe in front.
    """
    return value if isinstance(value, str) and _NUMBER.fullmatch(value) else text_cell(value)


def text_cell(value: Any) -> Any:
    """Return *value* as it may stand in a column of texts. There '+1' is somebody's text too, and
    gets an apostrophe: without it, it is read back as the number 1.
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def as_written(text: Any) -> Any:
    """Return the value that `cell` or `text_cell` was given for what stands in the file."""
    return text[1:] if isinstance(text, str) and _WRITTEN.match(text) else text


def comment(text: str) -> str:
    """Return *text* as it may stand in the line of comment above a table: nothing in it can begin a
    cell of its own.
    """
    return re.sub(r'[,;"\t]+', " ", text)


def frame_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with its texts as `text_cell` writes them, and the names of its columns as
    `cell` does; columns of numbers are left as they are.
    """
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    texts = [
        name
        for name in frame.columns
        if not (is_numeric_dtype(frame[name].dtype) or is_bool_dtype(frame[name].dtype))
    ]
    strange = [
        name for name in texts if any(map(_is_formula, frame[name].unique()))
    ]  # few words stand in many rows
    return frame.assign(
        **{name: frame[name].astype(object).map(text_cell) for name in strange}
    ).rename(columns=cell)


def table_cells(table: pa.Table) -> pa.Table:
    """Return the Arrow table with its texts as `text_cell` writes them; columns of numbers are left
    as they are.
    """
    import pyarrow as pa

    for at, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            column = table.column(at)
            if any(map(_is_formula, column.unique().to_pylist())):
                table = table.set_column(
                    at,
                    field,
                    pa.array([text_cell(value) for value in column.to_pylist()], type=field.type),
                )
    return table


def _is_formula(value: Any) -> bool:
    return isinstance(value, str) and text_cell(value) is not value
