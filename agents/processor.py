"""What separation plants, metal and alloy makers decide: how hard to run, and which by-products to finish (M1)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.columns import FloatArray, IntArray, group_sum


def wanted_output(orders: FloatArray, stock: FloatArray, cover: float, months: float) -> FloatArray:
    """Output that meets orders and brings the stock to its normal cover: q* = max(0, O + (c O - S) / T).

    O orders, smoothed (t/month); S stock before shipping (t); c normal cover and T adjustment (months).
    """
    return np.maximum(orders + (cover * orders - stock) / months, 0.0)


def desired_run(wanted: FloatArray, output: FloatArray, price: FloatArray, firm: IntArray, firms: int, power: float) -> FloatArray:
    """A plant with several products runs for the scarcest of them: a high power mean of the runs that each would want.

    r = (sum w (q*/y)^n / sum w)^(1/n), w = p y,  n = 4
    q* wanted output (t), y output per unit of run (t/t), p price of lead products (0 for the others).
    A plain mean lets surplus cerium hold neodymium back (tried: NdPr +30% for good).
    """
    runs = np.minimum(wanted / np.maximum(output, 1e-12), 1e9)
    weight = price * output
    mean = group_sum(weight * runs**power, firm, firms) / np.maximum(group_sum(weight, firm, firms), 1e-300)
    return mean ** (1.0 / power)


def by_product_run(wanted: FloatArray, output: FloatArray, lead: FloatArray, firm: IntArray, firms: int, least: float) -> FloatArray:
    """A by-product that is a large part of the output can also set the pace, once it is short: r = max (q*/y) over by-products with y >= least.

    In surplus (the usual case) this stays below what the lead products ask. Left out, cerium and lanthanum run dry whenever neodymium is plentiful (tried).
    """
    run = np.where((lead <= 0) & (output >= least), wanted / np.maximum(output, 1e-12), 0.0)
    most = np.zeros(firms)
    np.maximum.at(most, firm, run)
    return most


def throttle(run: FloatArray, margin: FloatArray) -> FloatArray:
    """Running below cost is stopped gradually: factor 1 at a margin of 0 or more, 0.25 at -25% of cost and below.

    For plants that run on orders; the fringe has a margin rule of its own.
    """
    return run * (1.0 + 3.0 * margin).clip(0.25, 1.0)


def finished(potential: FloatArray, orders: FloatArray, stock: FloatArray, lead: FloatArray, cover: float, months: float) -> FloatArray:
    """By-products are finished only as far as they sell; the rest stays unfinished residue (booked, never lost).

    q = potential for lead products; otherwise min(potential, O + (c O - S) / T), S stock before this month's shipping
    Ore fixes the basket (the balance problem); Lynas left La and Ce unfinished in 2024 (facts note 11).
    """
    return np.where(lead > 0, potential, np.minimum(potential, wanted_output(orders, stock, cover, months)))
