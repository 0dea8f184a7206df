"""What one run says: findings out of its headlines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coercivity.experiments.findings.finding import Finding
from coercivity.experiments.findings.finding_request import PRICED
from coercivity.experiments.findings.lab_answers import LEAST
from coercivity.experiments.quantities.headlines import EXPORTER, name_in_id


def find_in_one(
    values: Mapping[str, float | None], since: str, state: str, priced: str = PRICED
) -> Iterator[Finding]:
    """Give what the headlines of one run say; what is not defined in it is left out, and so is a
    price that no headline tells.
    """
    if (first := values.get("first_stop_days")) is None:
        yield Finding.of("one.no_stop", state=state)
    else:
        yield Finding.of(
            "one.first_stop",
            state=state,
            days=first,
            since=since,
            stopped=values.get("firms_stopped") or 0.0,
            share=values.get("firms_stopped_share") or 0.0,
        )
    lost, paid = values.get("output_lost_24m"), values.get("cost_paid_24m")
    if lost is not None and paid is not None:
        later = values.get("made_up_24m") or 0.0
        sums = {"lost": lost, "paid": paid, "later": later}
        yield Finding.of(
            "one.made_up" if later >= LEAST["USD bn"] else "one.lost",
            **{name: Finding.of("exactly", billion=value) for name, value in sums.items()},
        )
    price = values.get(f"price_multiple_dy_{name_in_id(state)}")
    if price is not None and priced == PRICED:
        times = Finding.of("tenth", number=price)
        yield Finding.of("one.peak" if price >= 1.05 else "one.no_peak", state=state, times=times)
    before, after, end = (
        values.get(f"dependence_separated_{when}") for when in ("before", "60m", "end")
    )
    if before is not None and end is not None and state != EXPORTER:
        shares = {"before": before, "after": after or 0.0, "end": end}
        yield Finding.of(
            "one.dependence" if after is None else "one.dependence.60m",
            state=state,
            exporter=EXPORTER,
            **{name: Finding.of("amount", number=s, unit="share") for name, s in shares.items()},
        )
