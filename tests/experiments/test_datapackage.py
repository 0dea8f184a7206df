"""The data package: what it says of the tables is what the specs say, and a reader that knows only
the package accepts every shipped row and no broken one.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.interchange.datapackage import FILE, package, publisher, write_package
from coercivity.experiments.interchange.table_words import TABLES
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import list_tables, load_table
from coercivity.model.basis.layers import shipped_folder
from tests.data_folders import with_facts, write_rows
from tests.names import SPECS

KEPT = shipped_folder() / FILE
READ: dict[str, Callable[[str], Any]] = {
    "string": str,
    "number": float,
    "integer": int,
    "yearmonth": lambda text: dt.date.fromisoformat(f"{text}-01"),
    "date": dt.date.fromisoformat,
}


def faults(folder: Path) -> Iterator[str]:
    """What a reader of Table Schema finds wrong in a folder, by the descriptor in it alone."""
    for resource in json.loads((folder / FILE).read_text(encoding="utf-8"))["resources"]:
        with (folder / resource["path"]).open(encoding=resource["encoding"], newline="") as file:
            header, *rows = csv.reader(file)
        schema = resource["schema"]
        if header != [field["name"] for field in schema["fields"]]:
            yield f"{resource['path']}: header"
        seen = set()
        for number, row in enumerate(rows, start=2):
            for field, text in zip(schema["fields"], row, strict=True):
                if not fits(field, text):
                    yield f"{resource['path']} row {number}, column {field['name']}"
            cells = dict(zip(header, row, strict=True))
            key = tuple(cells[name] for name in schema.get("primaryKey", header))
            if key in seen:
                yield f"{resource['path']} row {number}: key"
            seen.add(key)


def fits(field: dict[str, Any], text: str) -> bool:
    """Whether a cell is what its field says."""
    limits = field.get("constraints", {})
    if text == "":
        return not limits.get("required")
    try:
        value = READ[field["type"]](text)
    except ValueError:
        return False
    if "enum" in limits and value not in limits["enum"]:
        return False
    return bool(limits.get("minimum", value) <= value <= limits.get("maximum", value))


def test_the_kept_package_is_that_of_the_specs() -> None:
    assert json.loads(KEPT.read_text(encoding="utf-8")) == package(), (
        "the tables have changed: run `make docs`"
    )


def test_a_reader_that_knows_only_the_package_accepts_every_shipped_row() -> None:
    assert list(faults(shipped_folder())) == []


def test_every_table_has_its_sentence_and_its_publishers() -> None:
    assert set(TABLES) == set(SPECS), "say what a table is in experiments/interchange"
    told = {resource["name"]: resource for resource in package()["resources"]}
    assert tuple(told) == list_tables()
    for name, resource in told.items():
        read = {
            publisher(url) for row in load_table(name) for url in (row.get("url") or "").split()
        }
        assert {one["title"] for one in resource.get("sources", [])} >= read - {""}


def check_sums(folder: Path) -> dict[str, bytes]:
    """The bytes of its tables, which are those that the package in it tells."""
    found = {}
    for resource in json.loads((folder / FILE).read_text(encoding="utf-8"))["resources"]:
        data = found[resource["name"]] = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    return found


def test_a_package_of_its_own_has_sums_and_leaves_what_is_there_alone(tmp_path: Path) -> None:
    folder, count = write_package(tmp_path / "package")
    assert count == len(list_tables()) == len(check_sums(folder))
    assert {path.name for path in folder.iterdir()} == {FILE, *(f"{n}.csv" for n in list_tables())}
    with pytest.raises(InputError, match="is in use"):
        write_package(folder)
    with pytest.raises(InputError, match="table 'firm' is not known"):
        write_package(tmp_path / "other", "firm")
    assert not (tmp_path / "other").exists()


def test_a_package_with_a_data_folder_holds_its_rows(tmp_path: Path) -> None:
    mine, to = tmp_path / "mine", tmp_path / "package"
    mine.mkdir()
    row = next(row for row in load_table("prices_start") if row["good"] == "dysprosium_oxide")
    write_rows(mine, "prices_start", {**row, "usd_per_kg": 500.0})
    done = with_facts(mine, "", "-m", "coercivity", "datapackage", "--out", str(to))
    assert done.returncode == 0, done.stderr
    told = json.loads((to / FILE).read_text(encoding="utf-8"))
    assert told["laid_over"]["folder"] == "mine"
    assert re.fullmatch("[0-9a-f]{12}", told["laid_over"]["digest"])
    assert "data folder 'mine'" in told["description"]
    assert str(tmp_path) not in json.dumps(told)  # where it lies is nobody else's business
    assert list(faults(to)) == []
    shipped = {name: (shipped_folder() / f"{name}.csv").read_bytes() for name in list_tables()}
    written = check_sums(to)

    def rows(held: dict[str, bytes], name: str) -> list[dict[str, str]]:
        """Without those that a start has of the one that it is like, which are written out."""
        table = list(csv.DictReader(io.StringIO(held[name].decode())))
        return [row for row in table if row.get("start") != "2026-01"]

    assert [name for name in shipped if rows(written, name) != rows(shipped, name)] == [
        "prices_start"
    ]
    new, old = rows(written, "prices_start"), rows(shipped, "prices_start")
    assert [row["url"] for row in new] == [row["url"] for row in old]
    pairs = zip(new, old, strict=True)
    moved = [one for one, was in pairs if float(one["usd_per_kg"]) != float(was["usd_per_kg"])]
    assert [(row["good"], row["usd_per_kg"]) for row in moved] == [("dysprosium_oxide", "500")]
