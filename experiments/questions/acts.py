"""Acts that questions lay on a scenario, dated and in the words in which a scenario writes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from coercivity.model.basis.calendar import days_in_month, month_name, parse_date

SIGNALS: Final = ("2025-01-15", "2026-01-15", "2027-01-15")


def act(kind: str, date: str, months: float | None = None, **fields: Any) -> dict[str, Any]:
    """A dated act as a scenario writes it; months: whole months that it stays in force, to the day
    before the same day.
    """
    raw: dict[str, Any] = {"date": date, "kind": kind, "id": f"asked-{kind}-{date}", **fields}
    if months is not None:
        after = month_name(date[:7], max(round(months), 1))
        begin = min(int(date[8:]), days_in_month(after))
        raw["end"] = str(parse_date(f"{after}-{begin:02d}") - timedelta(days=1))
    return raw


def signal_acts(count: int, carried_out: bool) -> list[dict[str, Any]]:
    """Threats of cutting Japan off, a year apart; carried out: each followed two months later by
    three months without heavy rare earths and their magnets.
    """
    acts = [
        act("threat", date, actor="China", targets=["Japan"], severity=1.0)
        for date in SIGNALS[:count]
    ]
    if carried_out:
        acts += [
            act(
                "blanket_ban",
                f"{date[:4]}-03-01",
                3,
                actor="China",
                targets=["Japan"],
                goods="controlled_2025",
            )
            for date in SIGNALS[:count]
        ]
    return acts
