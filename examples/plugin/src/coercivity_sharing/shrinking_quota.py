"""An export quota that shrinks by a share each quarter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from coercivity import Field, Instrument


def quarters(act: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A quota for each quarter, each smaller than the one before by a share."""
    first = dt.date.fromisoformat(act["date"])
    common = {key: act[key] for key in ("actor", "targets", "goods", "source") if key in act}
    for number in range(int(act["quarters"])):
        begin, after = later(first, 3 * number), later(first, 3 * number + 3)
        yield {
            **common,
            "kind": "quota",
            "date": begin.isoformat(),
            "end": (after - dt.timedelta(days=1)).isoformat(),
            "tonnes": act["tonnes"] * (1.0 - act["less"]) ** number,
            "text": f"Export quota, quarter {number + 1} of {int(act['quarters'])}.",
        }


def later(day: dt.date, months: int) -> dt.date:
    """The first day of a month so many months later."""
    month = day.month - 1 + months
    return dt.date(day.year + month // 12, month % 12 + 1, 1)


SHRINKING_QUOTA = Instrument(
    name="shrinking_quota",
    says="An export quota that shrinks by a share each quarter.",
    fields={
        "tonnes": Field("number", required=True),  # of the first quarter
        "less": Field("number", high=1.0, required=True),  # share by which each is smaller
        "quarters": Field("number", low=1.0, high=40.0, default=4),
    },
    expand=quarters,
    api=2,  # the contract that it was written for
)
