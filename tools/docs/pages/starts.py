"""The page of the starts: the model in its first month against the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from tools.docs.kit.documents import Document
from tools.docs.pages.text import Row, render

FIRM: Final = "margin."


def pages(document: Document) -> dict[str, str]:
    """Return the one page."""
    starts = [
        {
            "year": one["start"][:4],
            "judged": [row for row in one["rows"] if not row["id"].startswith(FIRM)],
            "margins": [row for row in one["rows"] if row["id"].startswith(FIRM)],
        }
        for one in document["found"]["starts"]
    ]
    return {"starts.md": render("starts", document, starts=starts, tally=tally)}


def tables(document: Document) -> dict[str, list[Row]]:
    """Return all rows of both starts."""
    return {
        "starts": [
            {"start": one["start"], **row}
            for one in document["found"]["starts"]
            for row in one["rows"]
        ]
    }


def tally(rows: Iterable[Row], column: str) -> str:
    """Say how many pass and fail."""
    count = Counter(row[column] for row in rows)
    return f"{count['PASS']} pass and {count['FAIL']} fail"
