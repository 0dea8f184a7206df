"""The tables of ``model/data`` as a Frictionless Data Package: ``datapackage.json``, made from the
specs that check them, so that other tools read types, ranges, keys and sources too.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlparse

from coercivity.experiments.interchange import about
from coercivity.experiments.interchange.table_words import COLUMNS, TABLES, unit_of
from coercivity.experiments.worlds.output_tables import check_new_folder, new_folder
from coercivity.model.basis.csv_tables import Table, read_table
from coercivity.model.basis.facts import Facts, list_tables, load_table
from coercivity.model.basis.layers import shipped_folder
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.basis.table_columns import Column
from coercivity.model.results.result import model_version

FILE: Final = "datapackage.json"
ADDRESSES: Final = ("url", "other_url")  # columns of addresses
TYPES: Final = {
    "text": "string",
    "number": "number",
    "whole": "integer",
    "month": "yearmonth",
    "date": "date",
}
RANGE: Final = ("low", "high")  # in the unit of the column that they are the range of
TERMS: Final = (
    "Every row names its source and how far it is to be trusted. The numbers are facts gathered "
    "from public pages, each entered by itself; no publisher's table is redistributed as a whole, "
    "and no publisher has endorsed the project. Figures stay under the terms of those who "
    "published them: cite them, with the row's source, when you use a number."
)


def package(names: Sequence[str] | None = None, *, sums: bool = False) -> dict[str, Any]:
    """The descriptor of the tables of these names, of all without any. *sums*: with the size and
    the sha256 of every file, for files that nobody edits any more.
    """
    laid = data_folder_digest()
    return {
        "name": about.NAME.lower(),
        "title": f"{about.NAME}: the facts behind the model",
        "description": f"{about.WHAT}: the tables that it reads. {_words(laid)}{TERMS}",
        "version": model_version(),
        "licenses": [
            {"name": about.LICENCE, "path": about.LICENCE_TEXT, "title": about.LICENCE_TITLE}
        ],
        "contributors": [{"title": about.DEVELOPERS, "role": "author"}],
        **({"laid_over": laid} if laid else {}),
        "resources": [
            resource(load_table(name), sums=sums)
            for name in (list_tables() if names is None else names)
        ],
    }


def data_folder_digest() -> dict[str, str]:
    """Name and digest of the data folder whose rows this process lays over the shipped ones; empty
    without one. Where the folder lies is nobody else's business.
    """
    facts = Facts.default()
    return {"folder": Path(facts.data).name, "digest": facts.mark} if facts.data else {}


def _words(laid: dict[str, str]) -> str:
    if not laid:
        return ""
    return (
        f"Rows of the data folder '{laid['folder']}' ({laid['digest']}) are laid over those that "
        "ship. "
    )


def bytes_of(table: Table) -> bytes:
    """A table's file: the shipped one where it holds the same rows, else one with the rows that
    hold in this process.
    """
    path = shipped_folder() / table.file
    if not Facts.default().data:
        return path.read_bytes()
    shipped = read_table(path, Facts.default().specs[table.name])
    if (table.columns, table.rows) == (shipped.columns, shipped.rows):
        return path.read_bytes()
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(row[name]) for name in table.columns] for row in table.rows)
    return out.getvalue().encode("utf-8")


def _cell(value: str | float | None) -> str | float:
    if isinstance(value, float):
        return _drop_decimal_point(value)
    return "" if value is None else value


def resource(table: Table, *, sums: bool = False) -> dict[str, Any]:
    """The descriptor of one table."""
    told: dict[str, Any] = {"name": table.name, "type": "table", "path": table.file}
    if table.name in TABLES:
        told["description"] = TABLES[table.name]
    told |= {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    if sums:
        data = bytes_of(table)
        told |= {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    told["schema"] = schema(table)
    if read := publishers(table):
        told["sources"] = [{"title": name, "path": f"https://{name}"} for name in read]
    return told


def schema(table: Table) -> dict[str, Any]:
    """The Table Schema of a table: its columns in the order of the file, and its key."""
    spec, fields, before = Facts.default().specs[table.name], list[dict[str, Any]](), ""
    for name in table.columns:
        column = spec.by_name.get(name)
        if column is None:
            fields.append(unspecified_field(name))
            continue
        unit = before if name in RANGE else unit_of(name) if column.is_number else ""
        fields.append(field(column, COLUMNS.get(name, ""), unit))
        before = unit
    return {"fields": fields, **({"primaryKey": list(spec.key)} if spec.key else {})}


def unspecified_field(name: str) -> dict[str, Any]:
    """A column that no spec names: one with the name of a parameter holds values of it, any other
    is text.
    """
    table = load_parameters()
    if name not in table:
        return field(Column(name, blank=True), COLUMNS.get(name, ""))
    row = table[name]
    return field(Column(name, "number", (), row.low, row.high), row.description, row.unit)


def field(column: Column, what: str = "", unit: str = "") -> dict[str, Any]:
    """A column as a field: type, what it holds, unit, and what its cells may be."""
    told: dict[str, Any] = {"name": column.name, "type": TYPES[column.kind]}
    told |= {key: text for key, text in (("description", what), ("unit", unit)) if text}
    limits: dict[str, Any] = {} if column.blank else {"required": True}
    if column.options:
        limits["enum"] = list(column.options)
    if column.is_number:
        ends = {"minimum": column.low, "maximum": column.high}
        limits |= {key: _drop_decimal_point(end) for key, end in ends.items() if math.isfinite(end)}
    return told | ({"constraints": limits} if limits else {})


def _drop_decimal_point(value: float) -> float | int:
    """A whole number without its point."""
    return int(value) if value == int(value) else value


def to_text(descriptor: dict[str, Any]) -> str:
    """A descriptor as its file holds it: a table or a column a line, so that versions can be
    compared.
    """
    text = json.dumps(descriptor, ensure_ascii=False)
    return re.sub(r' ?\{"name": ', '\n{"name": ', text).lstrip() + "\n"


def write_package(to: str | Path, table: str | None = None) -> tuple[Path, int]:
    """Write the tables, or one of them, with their descriptor into a new folder; return it and the
    number of tables: the rows that hold in this process, those of its data folder in place of the
    shipped ones. Raises InputError for an unknown table or a folder that does not fit.
    """
    names = list_tables() if table is None else (load_table(table).name,)
    folder = check_new_folder(to)
    with new_folder(folder) as partial:
        for name in names:
            table_read = load_table(name)
            (partial / table_read.file).write_bytes(bytes_of(table_read))
        (partial / FILE).write_text(to_text(package(names, sums=True)), encoding="utf-8")
    return folder, len(names)


def publisher(url: str) -> str:
    """Where a row was read: the host of its address, or owner/repository on GitHub; empty without
    an address.
    """
    parts = urlparse(url.strip())
    host = parts.netloc.rstrip(".").removeprefix("www.").lower()
    return (
        "/".join([host, *parts.path.strip("/").split("/")[:2]]).rstrip("/")
        if host == "github.com"
        else host
    )


def publishers(rows: Iterable[Mapping[str, Any]], columns: Iterable[str] = ADDRESSES) -> list[str]:
    """The publishers of these rows, each once, in alphabetical order."""
    return sorted({name for url in _addresses(rows, tuple(columns)) if (name := publisher(url))})


def _addresses(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> Iterator[str]:
    """Every address; a row may rest on several pages."""
    for row in rows:
        for column in columns:
            yield from (url.strip(";,") for url in (row.get(column) or "").split())
