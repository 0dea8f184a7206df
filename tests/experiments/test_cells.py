"""A text in a file for spreadsheets is a text: nothing in it is computed, numbers stay numbers, and
each text is read back as itself.
"""

from __future__ import annotations

import io

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.experiments.worlds.spreadsheet_cells import (
    as_written,
    cell,
    comment,
    frame_cells,
    table_cells,
)

FORMULAS = ["=1+1", "+cmd|x", "-x", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "＠x", "+"]


def test_a_formula_becomes_a_text() -> None:
    for text in (*FORMULAS, "-1+cmd|' /C calc'!A0"):
        assert cell(text) == f"'{text}"
        assert as_written(cell(text)) == text


@pytest.mark.parametrize(
    "value", ["-5", "+1.5e-3", "-.5", "a=b", "", "'", "it's", "Japan", -5, -0.5, None, True, 1e300]
)
def test_numbers_and_other_texts_are_left_alone(value: object) -> None:
    assert cell(value) is value
    assert as_written(cell(value)) == value


@given(st.text(alphabet="'=+-@\t\r\n1aé＝", max_size=6))
def test_every_text_is_read_back_as_itself_and_none_begins_a_formula(text: str) -> None:
    written = cell(text)
    assert as_written(written) == text
    if not written.lstrip("+-").replace(".", "").isdigit():
        assert not written.startswith(tuple("=+-@\t\r\n＝＋－＠"))


def test_a_frame_keeps_its_numbers_and_is_read_back() -> None:
    frame = pd.DataFrame({"who": ["=cmd()", "Japan", None], "value": [-1.5, 2.0, None]})
    frame["kind"], frame["on"] = pd.Categorical(["-x", "a", "a"]), [True, False, True]
    kept = frame.copy()
    text = frame_cells(frame).to_csv(index=False)
    assert "'=cmd(),-1.5,'-x,True" in text
    again = pd.read_csv(io.StringIO(text))
    assert [as_written(one) for one in again["who"][:2]] == ["=cmd()", "Japan"]
    assert list(again["value"][:2]) == [-1.5, 2.0]
    pd.testing.assert_frame_equal(frame, kept)
    assert list(frame_cells(pd.DataFrame({"=1": [1]})).columns) == ["'=1"]


def test_a_text_that_is_a_number_with_a_sign_is_read_back_as_it_was_written() -> None:
    """Beside it a number with a sign stays a number."""
    texts = ["+1", "-5", "+1.5e-3", "=1"]
    numbers = [-float(place) for place in range(len(texts))]
    frame = pd.DataFrame({"text": texts, "number": numbers})
    stream = io.BytesIO()
    pacsv.write_csv(table_cells(pa.Table.from_pandas(frame)), stream)
    for text in (frame_cells(frame).to_csv(index=False), stream.getvalue().decode()):
        again = pd.read_csv(io.StringIO(text))
        assert [as_written(one) for one in again["text"]] == texts
        assert list(again["number"]) == numbers


def test_an_arrow_table_keeps_its_schema() -> None:
    table = pa.table({"scenario": ["=x", None, "b"], "value": [-1.0, 2.0, 3.0]})
    found = table_cells(table)
    assert found.schema == table.schema
    assert found.to_pydict() == {"scenario": ["'=x", None, "b"], "value": [-1.0, 2.0, 3.0]}
    assert table_cells(table.slice(1)).to_pydict() == table.slice(1).to_pydict()


def test_a_comment_begins_no_cell() -> None:
    assert comment('name,=cmd;+x\t"@y"') == "name =cmd +x @y "
