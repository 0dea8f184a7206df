"""Emergency sharing: firms of one state and sector lend to each other when one of them runs low."""

from __future__ import annotations

from typing import Any

import numpy as np

from coercivity import Mechanism


def level(stock: Any, normal: Any, group: Any, low: float, share: float) -> Any:
    """What each firm gets (t; below zero: lends), so that a group comes nearer to one level.

    g = s (L N - S) in groups in which some firm has lost a part l of its normal stock, else 0;
    L = sum S / sum N of the group

    S stock (t), N normal stock (t), s share that is evened out in a month, l the part at which the
    group begins to lend. The sum over a group is zero.
    Source: mutual aid of customers after the fires at Aisin (1997) and Renesas (2011, 2021).
    """
    count = int(group.max()) + 1
    held, wanted = np.bincount(group, stock, count), np.bincount(group, normal, count)
    lost = np.zeros(count)
    np.maximum.at(lost, group, 1.0 - stock / np.maximum(normal, 1e-15))
    even = held / np.maximum(wanted, 1e-15)
    return np.where((lost > low)[group], share * (even[group] * normal - stock), 0.0)


def share(needs: Any, *, seen: Any, clock: Any, p: Any) -> None:
    """End users of one state and sector even out what they hold of an input."""
    firms, rows = seen.firms, np.flatnonzero(seen.needs.of_end)
    firm = seen.needs.firm[rows]
    place = np.stack([firms.state[firm], firms.sector[firm], seen.needs.good[rows]])
    group = np.unique(place, axis=1, return_inverse=True)[1].reshape(-1)
    normal = seen.needs.cover[rows] * seen.needs.expected[rows]
    got = level(needs.stock[rows], normal, group, p.lend_below, p.lend_share)
    needs.take(np.maximum(-got, 0.0), rows)
    needs.put(np.maximum(got, 0.0), rows)


SHARING = Mechanism(
    name="sharing",
    verb="produce",
    when="before",
    changes={"needs": ("stock",)},
    rule=share,
    says="Firms of one state and sector lend to each other when one of them runs low.",
    parameters=("lend_share", "lend_below"),
    api=2,  # the contract that it was written for
)
