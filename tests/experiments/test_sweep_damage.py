"""Bit rot: whatever reads a sweep folder notices it in one line, and the same command mends it."""

from __future__ import annotations

import errno
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer.testing
import yaml

from coercivity.cli import app
from coercivity.experiments.sweep import sweep_folder as sweep_folder
from coercivity.experiments.sweep.export import export, failures, outcome_spreads, recompute_row
from coercivity.experiments.sweep.finished_parts import (
    Part,
    inspect_parts,
    missing_chunks,
    read_part,
    read_sweep,
)
from coercivity.experiments.sweep.layout import SEAL, read_sealed, seal_content
from coercivity.experiments.sweep.run_sweep import run_sweep
from coercivity.experiments.sweep.slurm import PLAN, share
from coercivity.experiments.sweep.status import sweep_status
from coercivity.experiments.sweep.sweep_folder import open_sweep
from coercivity.model.basis.errors import InputError
from tests.experiments.sweep_faults import design, parts, working
from tools.check.sweep_stand_in import stand_in
from tools.fuzz import bits

WRITTEN = "its bytes are not those that were written"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("once") / "done"
    run_sweep(design(30), folder, workers=1, chunk=4, work=working())
    return folder


@pytest.fixture
def done(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once, tmp_path / "done"))


def rot(path: Path, byte: int = 40) -> None:
    data = bytearray(path.read_bytes())
    data[byte] ^= 1
    path.write_bytes(data)


def part(folder: Path, chunk: int, ending: str = "parquet") -> Path:
    return folder / "parts" / f"part-{chunk:05d}.{ending}"


def test_no_flipped_bit_is_read_as_another_value(tmp_path: Path) -> None:
    """A sample; the whole is `python -m tools.fuzz.bits --flips 3000 --seed 1`."""
    found = bits.flip(bits.make_folder(tmp_path), tmp_path, flips=20, seed=5)
    assert [one for one in found if one.verdict == bits.OTHER] == []
    files = {one.file for one in found}
    assert {"sweep.json", "submit.json"} < files
    assert {Path(file).suffix for file in files} == {".json", ".parquet", ".claim"}
    assert {one.verdict for one in found if one.file.endswith(".parquet")} == {bits.NOTICED}
    assert "all                           20" in bits.table(found)[-1]


def _bare(path: Path) -> dict[str, Any]:
    held = json.loads(path.read_text(encoding="utf-8"))
    held.pop(SEAL)
    return held


def test_rows_of_a_folder_with_damaged_parts_are_refused_in_one_line_that_names_them(
    done: Path,
) -> None:
    rot(part(done, 2))
    part(done, 3, "json").unlink()  # missing is no damage
    rot(part(done, 5, "json"))
    found = f"2 parts are damaged: part-00002 ({WRITTEN}), part-00005 (its sidecar is not"
    readers: list[Callable[[Path], Any]] = [read_sweep, outcome_spreads, failures]
    for reader in (*readers, lambda folder: export(folder, folder / "all.csv")):
        with pytest.raises(InputError, match=re.escape(found) + "[^\n]*$"):
            reader(done)
    assert not (done / "all.csv").exists()


def test_a_row_of_a_damaged_part_is_not_shown_as_stored(
    done: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coercivity.experiments.sweep.export.evaluate", stand_in)
    assert recompute_row(done, 9).all_equal
    rot(part(done, 2))
    again = recompute_row(done, 9)
    assert (again.stored, again.all_equal) == (None, False)
    assert again.trouble is not None
    assert again.trouble.line() == f"part-00002 ({WRITTEN})"
    assert recompute_row(done, 5).all_equal


def test_running_again_computes_anew_what_is_damaged_and_says_so(
    done: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = parts(done)
    part(done, 0).unlink()
    part(done, 1).write_bytes(part(done, 1).read_bytes()[:200])
    rot(part(done, 2))
    part(done, 3, "json").unlink()
    rot(part(done, 5, "json"))
    part(done, 6).write_bytes(part(done, 6).read_bytes() + b"\0")
    found = sweep_status(done)
    assert (found.missing, found.chunks_missing) == (24, 6)
    why = {one["chunk"]: one["why"] for one in found.to_dict()["damaged"]}
    assert [*why] == [1, 2, 5, 6]
    assert (why[1], why[6]) == ("cut short", "longer than it was written")
    assert found.to_dict()["complete"] is False
    assert run_sweep(design(30), done, workers=1, work=working()).computed == 24
    assert "4 parts are damaged: part-00001" in capsys.readouterr().err
    assert parts(done) == whole
    assert sweep_status(done).to_dict()["complete"]
    assert run_sweep(design(30), done, workers=1, work=working()).computed == 0
    assert capsys.readouterr().err == ""


def test_a_part_in_the_place_of_another_does_not_count(done: Path) -> None:
    for ending in ("parquet", "json"):
        shutil.copy(part(done, 1, ending), part(done, 2, ending))
    (trouble,) = inspect_parts(open_sweep(done)).damaged
    assert trouble.line() == "part-00002 (it is of another sweep or place)"


def test_a_disk_that_cannot_read_a_file_any_more(
    done: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, bad = Path.read_bytes, part(done, 3)

    def failing(path: Path) -> bytes:
        if path == bad:
            raise OSError(errno.EIO, "Input/output error")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", failing)
    (trouble,) = sweep_status(done).damaged
    assert (trouble.chunk, trouble.why.partition(": ")[2]) == (3, "Input/output error")
    with pytest.raises(InputError, match="Input/output error"):
        read_sweep(done)


def test_kept_tables_that_rot_are_noticed_and_made_anew(tmp_path: Path) -> None:
    asked, out = bits.DESIGN, tmp_path / "out"
    run_sweep(asked, out, workers=1, chunk=3)
    tables = {path: path.read_bytes() for path in out.glob("tables/*/*")}
    assert len(tables) == 2
    first, second = sorted(tables)
    rot(first)
    assert [one.line() for one in sweep_status(out).damaged] == [
        "part-00000 (its table prices is not what was written)"
    ]
    assert len(read_sweep(out)) == 6  # the rows are sound
    second.unlink()
    assert missing_chunks(out) == [0, 1]
    assert len(inspect_parts(open_sweep(out)).damaged) == 1
    assert run_sweep(asked, out, workers=1).computed == 6
    assert {path: path.read_bytes() for path in out.glob("tables/*/*")} == tables
    held = part(out, 0, "json")
    held.write_text(seal_content({**_bare(held), "tables": {}}), encoding="utf-8")
    assert inspect_parts(open_sweep(out)).damaged[0].why == "without its tables"


# ---------------------------------------------------------------- the seal


def test_a_seal_minds_values_and_not_the_layout() -> None:
    held = {"b": [1, 2.5, "é"], "a": {"x": None, "y": True}}
    text = seal_content(held, indent=1)
    assert read_sealed(text.encode()) == held
    assert read_sealed(json.dumps(json.loads(text), sort_keys=True).encode()) == held
    for one, other in (("2.5", "2.4"), ('"x"', '"z"'), ("true", "false"), (SEAL, "seat")):
        with pytest.raises(ValueError):
            read_sealed(text.replace(one, other).encode())
    for plain in (b"[1]", b'{"a": 1}'):
        with pytest.raises(ValueError):
            read_sealed(plain)
    with pytest.raises(ValueError, match="nested too deeply"):
        read_sealed(b"[" * 200_000)
    assert read_sealed(b'{"a": 1}', strict=False) == {"a": 1}


def test_a_damaged_design_is_one_line_also_where_it_is_no_text(done: Path) -> None:
    whole = (done / "sweep.json").read_bytes()
    for data in (
        whole[:5] + b"\xff" + whole[6:],
        whole.replace(b'"chunk": 4', b'"chunk": 5'),
        b"[" * 200_000,
    ):
        assert data != whole
        (done / "sweep.json").write_bytes(data)
        for reader in (sweep_status, read_sweep, open_sweep):
            with pytest.raises(
                InputError, match=r"sweep\.json is damaged; run the same sweep again"
            ):
                reader(done)


def test_a_damaged_design_is_written_anew_from_the_design_and_the_parts(
    done: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (done / "sweep.json").read_bytes()
    rot(done / "sweep.json")
    rotten = (done / "sweep.json").read_bytes()
    rot(part(done, 0, "json"))
    assert run_sweep(design(30), done, workers=1, work=working()).computed == 4  # its chunk, too
    assert (done / "sweep.json").read_bytes() == whole
    assert (done / "sweep.json.damaged").read_bytes() == rotten
    told = capsys.readouterr().err
    assert "sweep.json was damaged; written anew from the design and part-00001.json" in told
    (done / "sweep.json").write_bytes(b"[" * 200_000)
    for path in (done / "parts").glob("*.json"):
        rot(path)
    with pytest.raises(InputError, match=r"sweep\.json is damaged, and no part shows that this"):
        run_sweep(design(30), done, workers=1, work=working())


def test_a_folder_of_the_version_before_can_be_read_and_its_parts_are_compared(done: Path) -> None:
    """As 0.4.0 wrote it: no seals."""
    frame = read_sweep(done)
    (done / "sweep.json").write_text(
        json.dumps({**_bare(done / "sweep.json"), "format": sweep_folder.UNSEALED}),
        encoding="utf-8",
    )
    for path in (done / "parts").glob("*.json"):
        path.write_text(json.dumps(_bare(path)), encoding="utf-8")
    assert read_sweep(done).equals(frame)
    with pytest.raises(ValueError, match="the seal does not fit"):
        read_sealed(part(done, 0, "json").read_bytes())
    assert isinstance(read_part(open_sweep(done, reading=True), 0), Part)
    rot(part(done, 2))
    assert [one.chunk for one in sweep_status(done).damaged] == [2]
    assert run_sweep(design(30), done, workers=1, work=working()).computed == 4
    held = json.loads((done / "sweep.json").read_text(encoding="utf-8"))
    (done / "sweep.json").write_text(seal_content({**held, "format": 3}), encoding="utf-8")
    with pytest.raises(InputError, match="format 3 is not 2; use the version of coercivity that"):
        read_sweep(done)


def test_a_damaged_plan_stops_a_task_with_one_line(done: Path) -> None:
    seal = seal_content({"missing": [[0, 3]]})
    for text in ("{", '{"missing": [[0, 3]]}', seal.replace("3", "2", 1), seal_content({})):
        (done / PLAN).write_text(text, encoding="utf-8")
        with pytest.raises(
            InputError, match=r"submit\.json is damaged, or of another version; end"
        ):
            share(done, 0, 2, 8)
    (done / PLAN).unlink()
    assert share(done, 0, 2, 8) == [0, 2, 4, 6]


# ---------------------------------------------------------------- the command


def test_the_command_says_it_and_exits_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("coercivity.experiments.sweep.evaluate.evaluate", stand_in)
    monkeypatch.setattr("coercivity.experiments.sweep.export.evaluate", stand_in)
    (tmp_path / "design.yaml").write_text(yaml.safe_dump(design(12)), encoding="utf-8")

    def call(*arguments: str) -> typer.testing.Result:
        return typer.testing.CliRunner().invoke(app, ["sweep", *arguments])

    begun = ("run", "design.yaml", "--out", "out", "--workers", "1", "--chunk", "5")
    assert call(*begun).exit_code == 0
    rot(part(tmp_path / "out", 1))
    shown = call("status", "out")
    assert shown.exit_code == 0
    assert "chunks    3 of 5 runs, 1 missing, 1 of them damaged" in shown.stdout
    assert json.loads(call("status", "out", "--json").stdout)["damaged"] == [
        {"chunk": 1, "why": WRITTEN}
    ]
    shown = call("export", "out", "--to", "all.csv")
    assert (shown.exit_code, len(shown.stderr.splitlines())) == (2, 1)
    assert not (tmp_path / "all.csv").exists()
    shown = call("row", "out", "7", "--json")
    assert (shown.exit_code, json.loads(shown.stdout)["trouble"]) == (1, WRITTEN)
    shown = call(*begun)
    assert shown.exit_code == 0
    assert "1 part is damaged" in shown.stderr
    assert call("export", "out", "--to", "all.csv").exit_code == 0
