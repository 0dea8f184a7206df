"""A curated table is read whole or not at all, and what is wrong with it is said in one line."""

import copy
from pathlib import Path

import pytest

from coercivity.model.basis.calendar import day_at, month_index, month_name, month_names
from coercivity.model.basis.csv_tables import read_table
from coercivity.model.basis.errors import InputError, Phrase, suggest
from coercivity.model.basis.facts import list_tables, load_table
from coercivity.model.basis.layers import OtherFacts, shipped_folder
from coercivity.model.basis.table_specs import Column, Spec
from tests import names
from tests.refusal import refusal

SPEC = Spec(
    (
        Column("state", options=("China", "Japan")),
        Column("share", "number", low=0, high=1),
        Column("year", "whole", low=2000, high=2030, blank=True),
        Column("day", "date", blank=True),
        Column("note", blank=True),
    ),
    key=("state",),
)
HEADER = "state,share,year,day,note\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "small.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_suggestion_names_the_nearest_or_all_or_says_how_many_more_there_are() -> None:
    many = [f"{letter}{letter}{letter}" for letter in "abcdefghijklmnopqrstuv"]
    for value, options, fix in (
        ("Jpan", names.STATES, "did you mean 'Japan'?"),
        ("japan", names.STATES, "did you mean 'Japan'?"),
        ("zzz", ("one", "two"), "use one of: one, two"),
        (7, ("one", "two"), "use one of: one, two"),
        ("1234567", many[:20], "ttt"),
        ("1234567", many[:21], "ttt, and 1 more"),
        ("1234567", many, "ttt, and 2 more"),
    ):
        assert str(suggest(value, options)).endswith(fix)


def test_a_place_is_put_before_that_of_an_error() -> None:
    cell = Phrase.of("column {field}", field="share")
    error = InputError("'{value}' is not a number", "write one", where=cell, value="x")
    place = error.within("mine.csv")
    assert str(place) == "mine.csv: column share: 'x' is not a number; write one"
    assert error.places == ("mine.csv", cell)


def test_an_error_that_was_pickled_says_the_same() -> None:
    for error in (InputError("{field} is empty", "fill it", field="end"), OtherFacts("x", "mine")):
        again = copy.deepcopy(error)  # by what pickle goes by
        told = (str(again), again.fields, again.places)
        assert told == (str(error), error.fields, error.places)


def test_targets_and_groups_expand_in_the_order_of_the_tables() -> None:
    assert names.states_of("EU") == ("Germany", "France", "Rest of EU")
    assert names.states_of("World", "China") == names.STATES[1:]
    assert len(names.states_of("World", "EU")) == 16
    found = names.expand_goods(["magnets", "terbium_oxide", "magnet_smco"])
    assert found == ("terbium_oxide", *names.GOOD_GROUPS["magnets"])
    assert names.expand_goods("all") == names.GOODS
    for call in (names.states_of, names.government_of):
        with pytest.raises(InputError, match="'Chnia' is not known; did you mean 'China'"):
            call("Chnia")
    with pytest.raises(InputError, match="good 'magnet' is not known; did you mean 'magnets'"):
        names.expand_goods(["magnet"])


def test_months_and_days_go_there_and_back() -> None:
    assert month_names("2024-11", 3) == ("2024-11", "2024-12", "2025-01")
    assert month_index("2024-01", "2026-01-06") == 24
    assert month_index("2009-01", "2008-01-01") == -12
    for index in range(-20, 400):
        assert month_index("2009-01", month_name("2009-01", index)) == index
    assert day_at("2024-02", 1.0) == "2024-02-29"


@pytest.mark.parametrize("month", ["2024", "2024-13"])
def test_a_wrong_month_is_refused(month: str) -> None:
    with pytest.raises(InputError, match=f"'{month}' is not a month; write YYYY-MM"):
        month_name(month, 0)


def test_a_table_is_typed_and_read_only(tmp_path: Path) -> None:
    text = HEADER + 'China,0.7,2024,2024-02-29,"one, two"\n\nJapan,1e-1,,,\n'
    table = read_table(written(tmp_path, text), SPEC)
    assert tuple(table.rows[0].values()) == ("China", 0.7, 2024, "2024-02-29", "one, two")
    assert table.rows[1]["year"] is None
    assert table.lines == (2, 4)
    assert table.column("share") == (0.7, 0.1)
    assert table.where(state="Japan") == (table.rows[1],)
    assert list(table.frame()["state"]) == ["China", "Japan"]
    with pytest.raises(TypeError):
        table.rows[0]["share"] = 1  # type: ignore[index]
    with pytest.raises(InputError, match="column 'stat' is not known; did you mean 'state'"):
        table.where(stat="Japan")
    with pytest.raises(InputError, match="column 'shares' is not known; did you mean 'share'"):
        table.column("shares")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (",0.7,,,\n", "2, column state: '' is empty; use one of: "),
        ("Chnia,0.7,,,\n", "2, column state: 'Chnia' is not known; did you mean 'China'?"),
        ("China,0.7,,,\nJapan,-0.1,,,\n", "3, column share: '-0.1' is out of range; use a number"),
        (
            "China,70%,,,\n",
            "2, column share: '70%' is not a number; use a number from 0 to 1 without unit",
        ),
        ("China,0.5,,2024-02-30,\n", "2, column day: '2024-02-30' is not a date; write a day"),
        (
            "China,0.5,,,one, two\n",
            "2, column note: 6 cells, last 'two', for 5 columns; quote or add a comma",
        ),
        ('China,0.5,,,"two\nlines"\nJapan,x,,,\n', "4, column share: 'x' is not a number"),
        (
            "China,0.5,,,\nChina,0.6,,,\n",
            "3, column state: state 'China' is already in row 2; keep one of the two",
        ),
    ],
)
def test_a_broken_row_names_file_row_column_value_and_fix(
    tmp_path: Path, rows: str, message: str
) -> None:
    assert f"small.csv row {message}" in refusal(read_table, written(tmp_path, HEADER + rows), SPEC)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ('state,"share\n', ": not a CSV row"),
        (
            "state,shrae,year,day,note\n",
            ", column share: 'share' is missing; the header has 'shrae', rename it",
        ),
        ("state,share,share,year,day,note\n", ", column share: 'share' stands 2 times; keep one"),
        ("", ": the file is empty; write the header state,share"),
    ],
)
def test_a_broken_header_names_the_column(tmp_path: Path, header: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_table(written(tmp_path, header), SPEC)
    assert f"small.csv row 1{message}" in str(caught.value)


def test_a_file_that_is_absent_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"table 'none\.csv' is not there"):
        read_table(tmp_path / "none.csv", SPEC)
    path = tmp_path / "small.csv"
    path.write_bytes(HEADER.encode() + b"China,0.5,,,caf\xe9\n")
    says = r"small\.csv row 2: byte 0xe9 is not UTF-8 text; save the file as UTF-8"
    with pytest.raises(InputError, match=says):
        read_table(path, SPEC)


def test_every_shipped_table_is_sound_and_has_a_specification() -> None:
    for name in list_tables():
        assert len(load_table(name)) > 0, name
        assert load_table(name) is load_table(name)
    assert {path.stem for path in shipped_folder().glob("*.csv")} <= set(names.SPECS)
    with pytest.raises(InputError, match="table 'headline' is not known; did you mean 'headlines'"):
        load_table("headline")
