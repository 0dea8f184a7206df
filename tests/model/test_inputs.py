"""Any object can be quoted, any message printed; a single value from outside is a name, a number, a
text or a path, or costs one line.
"""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coercivity.model.basis.errors import (
    InputError,
    shorten,
    suggest,
)
from coercivity.model.basis.inputs import (
    as_number,
    path_of,
    plain_text,
    read_number,
    read_whole,
    without_controls,
)
from coercivity.model.basis.parameters import parse_settings


class Wordless:
    """An object whose own words fail."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)
DEEP: list[Any] = []
for _ in range(5_000):
    DEEP = [DEEP]
HUGE = 10**5000
STRANGE = [HUGE, -HUGE, [HUGE], {"a": HUGE}, Wordless(), [Wordless()], ENDLESS, DEEP]
STRANGE += ["\ud800", "a\udcffb", b"\xff", "\x00", "\x1b[31m", None, math.nan]


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


def test_numbers_are_numbers() -> None:
    for value, number in (
        (1, 1.0),
        (10**400, math.inf),
        (Fraction(1, 2), 0.5),
        (np.float64(2.0), 2.0),
    ):
        assert as_number(value) == number
    for none in (True, "1", b"1", [1], None, Wordless(), 1j, math.nan):
        assert math.isnan(as_number(none)), none


def test_a_text_that_is_a_number_is_read_and_one_with_other_digits_is_none() -> None:
    texts = ("1", " -1.5e3 ", ".5", "5.", "+2", "1e400", "-inf", "+Infinity", "2E3")
    for text in texts:
        assert read_number(text) == float(text)
    for text in (*"-٣½", "", "--inf", "infi", "1_000", "１２", "0x10", "1,5", "nan", "1e", "1 2"):
        assert math.isnan(read_number(text)), text


def test_whole_numbers_are_short_and_within_their_range() -> None:
    says = r"^--months '.*' does not fit; use a whole number from 1 to 600$"
    for text in ("9" * 5000, "٣", "１２", "²", "-1", "1.0", "1_0", "", "601", "0" * 30 + "1"):
        with pytest.raises(InputError, match=says):
            read_whole(text, "--months", 1, 600)
    assert read_whole(" 024 ", "--months", 1, 600) == 24


def test_lone_surrogates_and_control_characters_are_no_text() -> None:
    for text, code in (("a\ud800", r"\\ud800"), ("a\x1bb", r"\\x1b"), ("\x00", r"\\x00")):
        says = f"holds {code}, which is no character of a text; leave it out"
        with pytest.raises(InputError, match=says):
            plain_text(text, "title", 80)
    assert plain_text(" a\n b ", "title", 80) == "a b"
    says = "title 'a whole number of about 5,000 digits' is not text; put it in quotes"
    with pytest.raises(InputError, match=says):
        plain_text(HUGE, "title", 80)
    assert without_controls("half an emoji \ud83d.") == "half an emoji ."


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a" * 300, "is longer than a file system takes (300 characters); give a shorter name"),
        ("a\udcff", "is no text in UTF-8; give another name"),
        ("~nobody-of-that-name/x", "begins with the home folder of somebody who is not known here"),
        (7, "is a int; give a path"),
    ],
)
def test_what_no_file_system_holds_is_no_path(value: object, words: str) -> None:
    with pytest.raises(InputError) as error:
        path_of(value, "--out")
    assert words in str(error.value)
    assert str(error.value).startswith("--out '")
    assert path_of("~/b", "--out") == Path.home() / "b"


def test_a_parameter_set_twice_is_refused_with_both_values() -> None:
    says = r"^--set share_speed is given twice, '0.2' and '0.3'; keep one of them$"
    with pytest.raises(InputError, match=says):
        parse_settings(["share_speed=0.2", "firms_per_sector=3", "share_speed = 0.3"])
    for text in ("٠.٢", "0_2", "--inf", "9" * 5000):
        with pytest.raises(InputError, match=r"^--set: parameter share_speed "):
            parse_settings([f"share_speed={text}"])
