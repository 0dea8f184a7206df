"""The lines of a journal: each has the sum of all before it, and what is no line of it is refused and leaves the chain where it stood."""

from __future__ import annotations

import codecs

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.rooms.journal import Chain, as_written, read_line


def written(*events: dict[str, object]) -> list[bytes]:
    chain = Chain()
    return [chain.line(event) for event in events]


def test_lines_are_read_back_in_their_order_and_in_no_other() -> None:
    first, second = written({"do": "a"}, {"do": "b"})
    chain = Chain()
    assert [chain.read(first.rstrip(), "x"), chain.read(second.rstrip(), "x")] == [
        {"do": "a"},
        {"do": "b"},
    ]
    other = Chain()
    with pytest.raises(InputError, match="x: its check sum does not fit"):
        other.read(second.rstrip(), "x")
    assert other.read(first.rstrip(), "x") == {"do": "a"}  # the chain stands where it stood
    with pytest.raises(InputError, match="stands twice"):
        other.read(first.rstrip(), "x")


def test_the_same_event_later_has_another_sum() -> None:
    first, second = written({"do": "a"}, {"do": "a"})
    assert first != second
    assert first == written({"do": "a"})[0]


def test_once_a_line_has_a_sum_every_further_one_needs_one() -> None:
    bare = b'{"do":"a"}'
    old = Chain()
    assert old.read(bare, "x") == {"do": "a"}
    assert not old.marked
    assert old.read(bare, "x") == {"do": "a"}  # a journal from before there were sums
    marked = old.line({"do": "b"})
    with pytest.raises(InputError, match="x: it has no check sum, as the lines before it have"):
        old.read(bare, "x")
    again = Chain()
    for line in (bare, bare, marked.rstrip()):
        again.read(line, "x")
    with pytest.raises(InputError, match="no check sum"):
        again.read(bare, "x")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"{" * 5, "this is not JSON"),
        (b"[" * 100_000, "this is not JSON"),
        (b"3", "this is no event of a room"),
        (b"[]", "this is no event of a room"),
        (b"\xff\xfe", "this is not JSON"),
    ],
)
def test_what_is_no_event_is_refused(line: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_line(line, "x", longest=1_000_000)


def test_a_line_is_as_long_as_it_may_be_and_no_longer() -> None:
    line = b'{"do":"a"}'
    assert read_line(line, "x", longest=len(line)) == {"do": "a"}
    with pytest.raises(InputError, match="x: 10 bytes are too many"):
        read_line(line, "x", longest=len(line) - 1)


def test_what_an_editor_put_in_is_taken_out() -> None:
    text = '{"do":"ü"}'
    assert as_written(codecs.BOM_UTF8 + text.encode()) == text.encode()
    assert as_written(text.encode("utf-16")) == text.encode()
    assert as_written(codecs.BOM_UTF16_BE + text.encode("utf-16-be")) == text.encode()
    assert as_written(text.encode()) == text.encode()
