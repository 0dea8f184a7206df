"""Any object can be quoted, any message printed; a single value from outside is a name, a number, a
text or a path, or costs one line.
"""

from __future__ import annotations

import errno
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.model.basis.errors import LONGEST_MESSAGE, InputError, printable, shorten, suggest
from coercivity.model.basis.inputs import (
    as_number,
    is_name,
    path_of,
    place_of,
    plain_text,
    read_number,
    read_whole,
    without_controls,
)
from coercivity.model.basis.parameters import load_parameters, parse_settings


class Wordless:
    """An object whose own words fail."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)
DEEP: list[Any] = []
for _ in range(100_000):
    DEEP = [DEEP]
STRANGE = [
    10**5000,
    -(10**5000),
    [10**5000],
    {"a": 10**5000},
    Wordless(),
    [Wordless()],
    ENDLESS,
    DEEP,
    "\ud800",
    "a\udcffb",
    b"\xff",
    "\x00",
    "\x1b[31m",
    None,
    math.nan,
]


@pytest.mark.parametrize("value", STRANGE, ids=range(len(STRANGE)))
def test_whatever_is_wrong_can_be_quoted_and_printed(value: object) -> None:
    for told in (
        shorten(value),
        str(suggest(value, ("a", "b"))),
        str(InputError("{field} '{value}' does not fit", field=value, value=value)),
    ):
        assert told.isprintable()
        told.encode("utf-8")
    assert len(shorten(value)) <= 60


def test_a_number_of_thousands_of_digits_is_said_by_its_length() -> None:
    assert shorten(-(10**5000)) == "a whole number of about 5,000 digits"
    assert shorten([10**5000]) == "a list that cannot be written out"
    assert shorten(Wordless()) == "a Wordless that cannot be written out"
    assert shorten(10**50) == str(10**50)


def test_what_nothing_can_show_is_written_as_a_code() -> None:
    assert printable("a\ud800b\x1b\u202e日本\xa0é") == r"a\ud800b\x1b\u202e日本\xa0é"
    assert printable("plain 日本 é") == "plain 日本 é"


def test_a_message_is_a_line_and_no_page() -> None:
    message = str(InputError("x\ny " * 5000))
    assert "\n" not in message
    assert len(message) == LONGEST_MESSAGE


def test_what_cannot_be_looked_up_is_no_name() -> None:
    assert is_name("a", {"a": 1})
    for value in (["a"], {"a": 1}, None, 1, ("a",), np.array(["a"])):
        assert not is_name(value, {"a": 1})
        assert value not in load_parameters()


@pytest.mark.parametrize(
    ("value", "number"),
    [(1, 1.0), (0.5, 0.5), (10**400, math.inf), (Fraction(1, 2), 0.5), (np.float64(2.0), 2.0)],
)
def test_numbers_are_numbers(value: object, number: float) -> None:
    assert as_number(value) == number


@pytest.mark.parametrize("value", [True, "1", b"1", [1], None, Wordless(), 1j, math.nan])
def test_other_things_are_no_numbers(value: object) -> None:
    assert math.isnan(as_number(value))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1.0),
        (" -1.5e3 ", -1500.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("+2", 2.0),
        ("1e400", math.inf),
        ("-inf", -math.inf),
        ("+Infinity", math.inf),
        ("2E3", 2000.0),
    ],
)
def test_a_text_that_is_a_number_is_read(text: str, number: float) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "--inf",
        "+-inf",
        "infin",
        "infi",
        "-",
        "",
        "1_000",
        "٣",
        "１２",
        "0x10",
        "1,5",
        "nan",
        "1e",
        "--1",
        "½",
        "1 2",
    ],
)
def test_a_text_with_other_digits_is_none(text: str) -> None:
    assert math.isnan(read_number(text))


@pytest.mark.parametrize(
    "text", ["9" * 5000, "٣", "１２", "²", "-1", "1.0", "1_0", "", "601", "0" * 30 + "1"]
)
def test_whole_numbers_are_short_and_within_their_range(text: str) -> None:
    with pytest.raises(
        InputError, match=r"^--months '.*' does not fit; use a whole number from 1 to 600$"
    ):
        read_whole(text, "--months", 1, 600)


def test_a_whole_number_is_read() -> None:
    assert read_whole(" 024 ", "--months", 1, 600) == 24


@given(st.text())
def test_a_text_is_kept_or_refused_and_can_be_written_either_way(text: str) -> None:
    try:
        kept = plain_text(text, "title", 80)
    except InputError as error:
        kept = str(error)
    kept.encode("utf-8")
    assert "\n" not in kept
    without_controls(text).encode("utf-8")


def test_lone_surrogates_and_control_characters_are_no_text() -> None:
    for text, code in (("a\ud800", r"\\ud800"), ("a\x1bb", r"\\x1b"), ("\x00", r"\\x00")):
        with pytest.raises(
            InputError, match=f"holds {code}, which is no character of a text; leave it out"
        ):
            plain_text(text, "title", 80)
    assert plain_text(" a\n b ", "title", 80) == "a b"
    with pytest.raises(
        InputError,
        match="title 'a whole number of about 5,000 digits' is not text; put it in quotes",
    ):
        plain_text(10**5000, "title", 80)
    assert without_controls("half an emoji \ud83d.") == "half an emoji ."


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a" * 300, "is longer than a file system takes (300 characters); give a shorter name"),
        ("a/" * 3000, "is longer than a file system takes"),
        ("é" * 200, "is longer than a file system takes (200 characters)"),
        ("a\udcff", "is no text in UTF-8; give another name"),
        ("a\x00b", "is no text in UTF-8"),
        ("~nobody-of-that-name/x", "begins with the home folder of somebody who is not known here"),
        (7, "is a int; give a path"),
        (b"a", "is a bytes; give a path"),
    ],
)
def test_what_no_file_system_holds_is_no_path(value: object, words: str) -> None:
    with pytest.raises(InputError) as error:
        path_of(value, "--out")
    assert words in str(error.value)
    assert str(error.value).startswith("--out '")


def test_a_path_is_a_path() -> None:
    assert path_of("a/b.yaml", "--out") == Path("a/b.yaml")
    assert path_of("~/b", "--out") == Path.home() / "b"


def test_a_place_is_absolute_whether_it_is_there_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    for name in ("", "none/x", "file", "file/x", "link"):
        assert place_of(name, "--out") == (tmp_path / name).resolve()


def deep_folder(top: Path, length: int) -> Path:
    """A folder whose path has about that many characters."""
    at = top
    while len(str(at)) < length:
        at = at / ("d" * min(200, max(1, length - len(str(at)) - 1)))
    at.mkdir(parents=True)
    return at


@pytest.mark.parametrize("length", [3950, 4050])
def test_a_path_that_grows_too_long_where_one_stands_is_refused(
    length: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(deep_folder(tmp_path, 3900))
    with pytest.raises(InputError, match=r"^--out '.*' is longer than a file system takes"):
        place_of("x" * 60 + "/" + "y" * (length - 3900), "--out")


def test_links_that_lead_round_in_a_circle_are_no_place(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(
        InputError, match=r"^--out '.*a' cannot be looked into \(.+\); give another"
    ):
        place_of(tmp_path / "a", "--out")


@pytest.mark.parametrize("asked", ["os.stat", "os.scandir"])
def test_a_place_that_may_not_be_looked_into_costs_one_line(
    asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What root is never told."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(f"coercivity.model.basis.inputs.{asked}", refuse)
    with pytest.raises(InputError, match=r"^--to '.*' cannot be looked into \(Permission denied\)"):
        place_of(tmp_path, "--to")


def test_a_parameter_set_twice_is_refused_with_both_values() -> None:
    with pytest.raises(
        InputError, match=r"^--set share_speed is given twice, '0.2' and '0.3'; keep one of them$"
    ):
        parse_settings(["share_speed=0.2", "firms_per_sector=3", "share_speed = 0.3"])
    for text in ("٠.٢", "0_2", "--inf", "9" * 5000):
        with pytest.raises(InputError, match=r"^--set: parameter share_speed "):
            parse_settings([f"share_speed={text}"])
