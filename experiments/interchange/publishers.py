"""Who published what a row rests on: the host of its address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlparse

ADDRESSES: Final = ("url", "other_url")  # columns of addresses


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
