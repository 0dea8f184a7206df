"""What separation plants, metal and alloy makers decide: how hard to run, and which by-products to finish (M1)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum


def wanted_output(orders: FloatArray, stock: FloatArray, cover: float, months: float) -> FloatArray:
    """Output that meets orders and brings the stock to its normal cover: q* = max(0, O + (c O - S) / T).

    O orders, smoothed (t/month); S stock before shipping (t); c normal cover and T adjustment (months).
    """
    return np.maximum(orders + (cover * orders - stock) / months, 0.0)


def desired_run(
    wanted: FloatArray,
    output: FloatArray,
    price: FloatArray,
    firm: IntArray,
    firms: int,
    power: float,
) -> FloatArray:
    """A plant with several products runs for the scarcest of them: a high power mean of the runs that each would want.

    r = (sum w (q*/y)^n / sum w)^(1/n), w = p y,  n = 4
    q* wanted output (t), y output per unit of run (t/t), p price of what counts: lead products and by-products that are a large part of the output (0 for the
    others). A plain mean lets surplus cerium hold neodymium back (tried: NdPr +30% for good). Large by-products left out, cerium and lanthanum run dry whenever
    neodymium is plentiful; let them set the pace alone when they are short (both tried), and cheap yttrium makes plants run at a loss and buries dysprosium,
    at 0.6 of its price by 2038. Weighed by value, a short by-product has to become dear before plants run for it.
    """
    runs = np.minimum(wanted / np.maximum(output, 1e-12), 1e9)
    weight = price * output
    mean = group_sum(weight * runs**power, firm, firms) / np.maximum(
        group_sum(weight, firm, firms), 1e-300
    )
    return mean ** (1.0 / power)


def throttle(run: FloatArray, margin: FloatArray, bearable: float) -> FloatArray:
    """A plant cuts its run once it loses more than it would lose standing: r = q clip(1 + 3 (m + b), 0.25, 1).

    q run on orders, m margin over what inputs cost when bought (share of cost), b part of cost that is sunk: pay, capital and stocks already in the house.
    Cut from m = 0 on (tried), every fall in prices halves metal output, for plants work off dear stocks then, and stocks swing for years. Weighing at today's
    input prices in place of b does not help (tried). For plants that run on orders; the fringe has a margin rule of its own.
    """
    return run * (1.0 + 3.0 * (margin + bearable)).clip(0.25, 1.0)


def finished(
    potential: FloatArray,
    orders: FloatArray,
    stock: FloatArray,
    lead: FloatArray,
    cover: float,
    months: float,
) -> FloatArray:
    """By-products are finished only as far as they sell; the rest stays unfinished residue (booked, never lost).

    q = potential for lead products; otherwise min(potential, O + (c O - S) / T), S stock before this month's shipping
    Ore fixes the basket (the balance problem); Lynas left La and Ce unfinished in 2024 (facts note 11).
    """
    return np.where(
        lead > 0, potential, np.minimum(potential, wanted_output(orders, stock, cover, months))
    )
