"""What is kept on disk for the next who asks: whole, of this version, and never trusted blindly."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.viz.server import answer_cache


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(answer_cache, "place", lambda: tmp_path / "version")
    return tmp_path / "version"


class Maker:
    """Makes an answer and counts how often."""

    def __init__(self, answer: bytes = b"an answer") -> None:
        self.answer, self.made = answer, 0

    def __call__(self) -> bytes:
        self.made += 1
        return self.answer


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_answer_is_made_once_a_question(folder: Path) -> None:
    make = Maker()
    for question in (("a", 1), ("a", 1), ("a", 2)):
        assert answer_cache.cached_answer(question, make) == b"an answer"
    assert make.made == 2
    assert len(files(folder)) == 2


@pytest.mark.parametrize("file", ["rules.py", "cards.csv"])
def test_an_answer_is_made_again_for_other_code_and_other_tables_of_its_package(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    make, package = Maker(), tmp_path / "package"
    package.mkdir()
    monkeypatch.setattr(answer_cache, "files", lambda name: package)
    for content in ("old", "old", "new"):
        (package / file).write_text(content)
        answer_cache._files_of.cache_clear()
        answer_cache.cached_answer(("a",), make, package="a.package")
    answer_cache._files_of.cache_clear()
    assert make.made == 2


@pytest.mark.parametrize("damage", [b"", b"an ans", b"another answer, as long"])
def test_a_file_that_is_not_what_was_written_is_made_again(folder: Path, damage: bytes) -> None:
    make = Maker()
    answer_cache.cached_answer(("a",), make)
    (path,) = files(folder)
    path.write_bytes(damage)
    assert answer_cache.cached_answer(("a",), make) == b"an answer"
    assert answer_cache.cached_answer(("a",), make) == b"an answer"
    assert make.made == 2


def test_where_nothing_can_be_written_the_answer_comes_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_text("in the way")
    monkeypatch.setattr(answer_cache, "place", lambda: tmp_path / "a file")
    assert answer_cache.cached_answer(("a",), Maker()) == b"an answer"


def test_it_can_be_switched_off_and_put_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for asked, found in (("off", None), (str(tmp_path), tmp_path)):
        answer_cache.place.cache_clear()
        monkeypatch.setenv(answer_cache.PLACE, asked)
        where = answer_cache.place()
        assert (where and where.parent.parent) == found
    answer_cache.place.cache_clear()


def test_the_oldest_go_first_and_those_of_other_versions_before_all(folder: Path) -> None:
    import os

    old = folder.parent / "another version" / "ab" / ("0" * 30)
    own = folder.parent / "another version" / "ab" / "somebody's own"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"x" * 100)
    own.write_bytes(b"x" * 1000)
    make = Maker(b"y" * 96)
    for number in range(3):
        answer_cache.cached_answer((number,), make)
    paths = sorted(files(folder))
    for age, path in enumerate(paths):
        os.utime(path, (1e9 + age, 1e9 + age))
    answer_cache.clear_old(folder, most=200)
    assert not old.exists()
    assert own.exists()  # nothing that was not kept by us
    assert [path.exists() for path in paths] == [False, True, True]


def test_where_nothing_is_kept_each_answer_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_cache, "place", lambda: None)
    make = Maker()
    for _ in range(2):
        assert answer_cache.cached_answer(("a",), make) == b"an answer"
    assert make.made == 2
    assert answer_cache.find_answer(("a",)) is None
    assert not answer_cache.lies_there(("a",))
    answer_cache.clear_old()  # there is nothing to clear


def test_what_was_written_is_counted_and_the_whole_cleared_now_and_then(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleared: list[int] = []
    monkeypatch.setattr(answer_cache, "clear_old", lambda: cleared.append(len(files(folder))))
    monkeypatch.setattr(answer_cache, "CLEARED_EVERY", 2 * len(b"an answer") + 5)
    monkeypatch.setattr(answer_cache, "_written", 0)
    for number in range(5):
        answer_cache.cached_answer((number,), Maker())
    assert cleared == [2, 4]


def test_all_goes_where_nothing_may_be_left(folder: Path) -> None:
    answer_cache.cached_answer(("a",), Maker())
    answer_cache.clear_old(folder, most=-1)
    assert files(folder) == []
