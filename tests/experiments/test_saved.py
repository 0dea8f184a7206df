"""What is saved is loaded to the last bit, or refused; it is there whole or not at all."""

from __future__ import annotations

import io
import json
import shutil
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.worlds import archive
from coercivity.experiments.worlds.compare import Comparison, compare
from coercivity.experiments.worlds.ensemble import Ensemble, ensemble
from coercivity.experiments.worlds.record_arrays import (
    arrays_of,
    pack_arrays,
    records_from,
    unpack_arrays,
    words_of,
)
from coercivity.experiments.worlds.result_archive import load
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.layers import shipped_folder
from coercivity.model.results.event_tables import decisions, events
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario
from tests.refusal import refusal

SMALL: dict[str, Any] = {"months": 2, "firms_per_sector": 1}
# governments decide, plants are paid for, and acts fall due: all that records hold
RICH = {
    "name": "rich",
    "base": "governments-decide-2024",
    "title": "Wörter: 東京 'and' <more>",
    "start": "2024-01",
    "months": 9,
    "parameters": {"firms_per_sector": 1},
}


@pytest.fixture(scope="module")
def result() -> Result:
    return run(RICH, 5)


@pytest.fixture(scope="module")
def kept(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return result.save(tmp_path_factory.mktemp("kept") / "run")


def same(one: Result, other: Result) -> None:
    assert one.records is not None
    assert other.records is not None
    first, second = arrays_of(one.records), arrays_of(other.records)
    assert list(first) == list(second)
    for name, array in first.items():
        assert array.dtype == second[name].dtype, name
        assert array.tobytes() == second[name].tobytes(), name
        assert not second[name].flags.writeable
    for name in ("start", "events", "decisions", "acts", "script", "parameters"):
        assert getattr(one.records, name) == getattr(other.records, name), name
    assert one.scenario == other.scenario
    assert one.scenario.base == other.scenario.base
    assert one.provenance() == other.provenance()
    assert one.headlines() == other.headlines()
    assert (one.months, one.tables, one.plots) == (other.months, other.tables, other.plots)
    for name in one.tables:
        pd.testing.assert_frame_equal(one.table(name), other.table(name), check_exact=True)
        assert one.table(name).attrs == other.table(name).attrs


# ---------------------------------------------------------------- there and back


@pytest.mark.parametrize("name", ["run", "deep/er/run.zip"])
def test_a_run_comes_back_to_the_last_bit(result: Result, name: str, tmp_path: Path) -> None:
    place = result.save(tmp_path / name)
    assert place == tmp_path / name
    assert place.is_file() is name.endswith(".zip")
    found = load(place)
    assert isinstance(found, Result)
    same(result, found)
    assert result.records is not None
    assert result.records.decisions  # else the test holds less than it says
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_the_same_run_is_the_same_bytes(result: Result, kept: Path, tmp_path: Path) -> None:
    one, two = (result.save(tmp_path / name).read_bytes() for name in ("a.zip", "b.zip"))
    assert one == two
    again = load(kept).save(tmp_path / "c.zip")
    assert again.read_bytes() == one


def test_what_others_can_read_is_in_it(result: Result, kept: Path) -> None:
    assert load_scenario(kept / "scenario.yaml") == result.scenario
    manifest = json.loads((kept / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["headlines"] == result.headlines()
    assert manifest["made"] == {name: result.provenance()[name] for name in ("facts", "code")}
    assert (manifest["seed"], manifest["coercivity"]) == (5, result.version)
    with np.load(kept / "records.npz", allow_pickle=False) as held:
        assert held["recorded.run"].shape[0] == 9


def test_a_loaded_run_says_which_code_made_it(result: Result, tmp_path: Path) -> None:
    older = replace(result, version="0.0.1", made=(("facts", "f" * 12), ("code", "c" * 12)))
    found = load(older.save(tmp_path / "older"))
    assert isinstance(found, Result)
    assert found.provenance() == older.provenance()
    assert found.provenance()["code"] == "c" * 12 != result.provenance()["code"]


def test_a_comparison_comes_back(tmp_path: Path) -> None:
    pairs = compare(
        "business-as-usual", "japan-2026-from-2024", [1, 4], months=2, firms_per_sector=1
    )
    found = load(pairs.save(tmp_path / "twins.zip"))
    assert isinstance(found, Comparison)
    assert found.seeds == (1, 4)
    assert found.headlines() == pairs.headlines()
    same(pairs.base[0], found.base[0])
    alone = load(pairs.save(tmp_path / "twins") / "scenario-0001")
    assert isinstance(alone, Result)
    same(pairs.scenario[1], alone)


def test_an_ensemble_comes_back(tmp_path: Path) -> None:
    many = ensemble("japan-2026-from-2024", 2, 2, base="business-as-usual", workers=1, **SMALL)
    found = load(many.save(tmp_path / "many.zip"))
    assert isinstance(found, Ensemble)
    for name in ("scenario", "base", "design_seed", "draws", "calibrated_names", "since", "months"):
        assert getattr(found, name) == getattr(many, name), name
    assert (found.state, found.version, found.kinds) == (many.state, many.version, many.kinds)
    for kind in many.kinds:
        assert found.headlines[kind].tobytes() == many.headlines[kind].tobytes()
        assert found.series[kind].tobytes() == many.series[kind].tobytes()
    pd.testing.assert_frame_equal(found.table(), many.table())


# ---------------------------------------------------------------- nothing is lost


def test_what_is_there_is_not_written_over(result: Result, kept: Path) -> None:
    before = (kept / "manifest.json").read_bytes()
    with pytest.raises(InputError, match=r"is there already; give another name, or overwrite=True"):
        result.save(kept)
    assert (kept / "manifest.json").read_bytes() == before


@pytest.mark.parametrize("name", ["run", "run.zip"])
def test_what_save_wrote_is_written_over_when_asked(
    result: Result, name: str, tmp_path: Path
) -> None:
    quick = run(RICH, 6, months=2, record=False)
    found = load(quick.save(tmp_path / name))
    assert isinstance(found, Result)
    assert (found.records, found.provenance()) == (None, quick.provenance())
    same(result, load(result.save(tmp_path / name, overwrite=True)))  # type: ignore[arg-type]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_somebody_else_wrote_is_left_alone(result: Result, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("years of work")
    (tmp_path / "mine.zip").write_bytes(b"a file of mine")
    for name in ("mine", "mine.zip"):
        with pytest.raises(InputError, match=r"holds something that save\(\) did not write"):
            result.save(tmp_path / name, overwrite=True)
    assert (tmp_path / "mine" / "notes.txt").read_text() == "years of work"
    assert (tmp_path / "mine.zip").read_bytes() == b"a file of mine"


def test_a_write_that_fails_leaves_nothing_behind(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = run(RICH, 6, months=2, record=False)
    old.save(tmp_path / "run")

    def full(path: Path) -> None:
        if path.suffix in (".npz", ".zip"):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "push", full)
    with pytest.raises(InputError, match=r"cannot be written \(No space left on device\)"):
        result.save(tmp_path / "run", overwrite=True)
    with pytest.raises(InputError, match="No space left"):
        result.save(tmp_path / "new" / "deep" / "run.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    found = load(tmp_path / "run")
    assert isinstance(found, Result)
    assert found.seed == 6


# ---------------------------------------------------------------- what is refused


def refused(path: Path) -> str:
    return refusal(load, path)


def damaged(data: bytes) -> dict[str, bytes | None]:
    middle = len(data) // 2
    changed = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    return {"cut": data[:middle], "changed": changed, "missing": None, "empty": b""}


@pytest.mark.parametrize("name", ["manifest.json", "scenario.yaml", "records.npz", "records.json"])
def test_a_damaged_file_costs_one_line(kept: Path, name: str, tmp_path: Path) -> None:
    file = Path(shutil.copytree(kept, tmp_path / "run")) / name
    for how, data in damaged(file.read_bytes()).items():
        file.unlink(missing_ok=True)
        if data is not None:
            file.write_bytes(data)
        assert "cannot be loaded (" in refused(tmp_path / "run"), how


def test_a_damaged_zip_costs_one_line(result: Result, tmp_path: Path) -> None:
    data = result.save(tmp_path / "run.zip").read_bytes()
    for part in (0.02, 0.3, 0.6, 0.9, 0.99):
        (tmp_path / "cut.zip").write_bytes(data[: int(part * len(data))])
        assert "cannot be loaded (" in refused(tmp_path / "cut.zip"), part


FOREIGN: dict[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_text("id,value\n1,2\n"),
    "empty folder": lambda path: path.mkdir(),
    "zip": lambda path: zipfile.ZipFile(path, "w").writestr("hello.txt", "hello"),
    "list": lambda path: (path.mkdir(), (path / "manifest.json").write_text("[]")),
    "deep": lambda path: (path.mkdir(), (path / "manifest.json").write_text("[" * 100_000)),
    "bytes": lambda path: (path.mkdir(), (path / "manifest.json").write_bytes(b"\xff\xfe\x00")),
}


def test_what_is_foreign_or_not_there_costs_one_line(tmp_path: Path) -> None:
    for what, make in FOREIGN.items():
        make(tmp_path / what)
        assert "cannot be loaded (" in refused(tmp_path / what), what
    assert refused(tmp_path / "nowhere").endswith(
        "is not there; give the folder or .zip file that save() wrote"
    )


def seal_anew(folder: Path, manifest: dict[str, Any]) -> None:
    files = manifest.pop("files")
    manifest.pop("sum")
    archive.write_manifest(folder, manifest, files)


def forged(kept: Path, tmp_path: Path, name: str, change: Callable[[Any], None]) -> Path:
    """A run of which a file was changed by somebody who mends all sums too."""
    broken = Path(shutil.copytree(kept, tmp_path / "forged"))
    content = json.loads((broken / name).read_text("utf-8"))
    change(content)
    if name != "manifest.json":
        (broken / name).write_text(json.dumps(content), encoding="utf-8")
        content = json.loads((broken / "manifest.json").read_text("utf-8"))
    seal_anew(broken, content)
    return broken


def test_whatever_is_wrong_with_arrays_is_a_fault_that_is_answered(kept: Path) -> None:
    """Who mends the sums too gets as far as the arrays: all that unpacking them raises is known."""
    good = (kept / "records.npz").read_bytes()
    raised = set()
    for place in range(30, len(good), len(good) // 400):
        data = bytearray(good)
        data[place : place + 3] = b"\x07\xe1\x5a"
        try:
            unpack_arrays(bytes(data))
        except archive.FAULTS as error:
            raised.add(type(error).__name__)
    assert {"BadZipFile", "error"} <= raised  # error: of zlib


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("records.json", lambda told: told["names"]["goods"].append("x"), "its goods are others"),
        ("manifest.json", lambda told: told.update(form=99), "wrote it, in a form of its own"),
        *(
            ("manifest.json", lambda told, key=key: told.pop(key), "cannot be loaded (")
            for key in ("seed", "form")
        ),
    ],
)
def test_what_another_version_or_somebody_wrote_costs_one_line(
    kept: Path, tmp_path: Path, name: str, change: Callable[[Any], None], words: str
) -> None:
    assert words in refused(forged(kept, tmp_path, name, change))


def test_arrays_of_objects_are_neither_written_nor_read(tmp_path: Path) -> None:
    objects = np.array([{"a": 1}, None], dtype=object)
    with pytest.raises(ValueError, match="cannot be kept without pickle"):
        pack_arrays({"bad": objects})
    np.savez(tmp_path / "bad.npz", bad=objects)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        unpack_arrays((tmp_path / "bad.npz").read_bytes())


# ---------------------------------------------------------------- nobody's place


def contents(path: Path) -> dict[str, bytes]:
    found = {str(file): file.read_bytes() for file in [path, *path.rglob("*")] if file.is_file()}
    for name, data in list(found.items()):
        if name.endswith((".zip", ".npz")):
            with zipfile.ZipFile(io.BytesIO(data)) as held:
                found |= {f"{name}/{inner}": held.read(inner) for inner in held.namelist()}
    return found


def test_no_file_says_where_its_data_folder_lay(tmp_path: Path) -> None:
    facts, out = tmp_path / "somebody" / "facts", tmp_path / "out"
    facts.mkdir(parents=True)
    (facts / "cover.csv").write_bytes((shipped_folder() / "cover.csv").read_bytes())
    asked: dict[str, Any] = {"months": 2, "firms_per_sector": 1, "data": facts}
    result = run("japan-2026-from-2024", 1, **asked)
    result.save(out / "run")
    result.save(out / "run.zip")
    compare("japan-2026-from-2024", "japan-2026-from-2024", [1], **asked).save(out / "pair")
    ensemble("japan-2026-from-2024", 1, base="japan-2026-from-2024", workers=1, **asked).save(
        out / "many"
    )
    files = contents(out)
    assert sum(name.endswith(".yaml") for name in files) == 6
    assert not [name for name, data in files.items() if b"somebody" in data]
    facts.rename(tmp_path / "gone")
    for name in ("run", "run.zip"):
        assert load(out / name).headlines() == result.headlines()
    for name in ("run/scenario.yaml", "pair/base-0000/scenario.yaml", "many/base.yaml"):
        assert (
            run(out / name, 1, record=False).provenance()["facts"] == result.provenance()["facts"]
        )


# ---------------------------------------------------------------- what unfolds to more than it is

BIG = 64_000_000  # bytes


def zipped(
    to: Path | io.BytesIO, name: str, data: bytes, told: int, kind: int = zipfile.ZIP_DEFLATED
) -> None:
    with zipfile.ZipFile(to, "w") as archive:
        archive.writestr(name, data, kind)
        archive.infolist()[0].file_size = told


def peak(call: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("told", "kind", "message"),
    [
        (BIG, zipfile.ZIP_DEFLATED, "it unpacks to 64,000,000 bytes, more than the 11,"),
        (999, zipfile.ZIP_DEFLATED, "Bad CRC-32"),
        (999, zipfile.ZIP_BZIP2, "is packed in a way of its own"),
    ],
)
def test_an_archive_that_unfolds_to_much_is_refused_unread(
    told: int, kind: int, message: str, tmp_path: Path
) -> None:
    zipped(tmp_path / "bomb.zip", "manifest.json", bytes(BIG), told, kind)
    assert peak(lambda: message in refused(tmp_path / "bomb.zip") or pytest.fail(message)) < BIG / 4


def test_arrays_that_unfold_to_much_are_refused_unread(kept: Path, tmp_path: Path) -> None:
    zipped(arrays := io.BytesIO(), "recorded.run.npy", bytes(BIG), 999)
    broken = tmp_path / "run"
    shutil.copytree(kept, broken)
    (broken / "records.npz").write_bytes(arrays.getvalue())
    seal_anew(broken, json.loads((broken / "manifest.json").read_text(encoding="utf-8")))
    assert peak(lambda: "Bad CRC-32" in refused(broken) or pytest.fail("read")) < BIG / 4


@pytest.mark.parametrize("name", ["run", "run.zip"])
@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({"LARGEST": 20_000}, r"[a-z.]+ has .* bytes, and may have 20,000; run fewer"),
        (
            {"SMALL": 0, "UNPACKED": 2},
            "it unpacks to .* bytes, more than the .* allowed: 0 plus 2 times .*; run",
        ),
    ],
)
def test_what_would_not_be_read_is_not_written(
    result: Result,
    name: str,
    bounds: dict[str, int],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for bound, value in bounds.items():
        monkeypatch.setattr(archive, bound, value)
    with pytest.raises(InputError, match=message):
        result.save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_records_of_an_earlier_version_told_in_texts_give_the_same_tables(result: Result) -> None:
    """Its events and decisions were English, and what a decision rejected was one text."""
    assert result.records is not None
    words = json.loads(json.dumps(words_of(result.records)))
    words.pop("told")
    words["events"] = [[*row, str(told)] for *row, told in result.records.events]
    words["decisions"] = [
        [one.month, one.government, str(one.saw), str(one.chose), "; ".join(map(str, one.rejected))]
        for one in result.records.decisions
    ]
    earlier = records_from(arrays_of(result.records), words, result.facts)
    for table in (events, decisions):
        pd.testing.assert_frame_equal(
            table(earlier, result.months), table(result.records, result.months), check_exact=True
        )
