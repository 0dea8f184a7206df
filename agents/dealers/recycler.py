"""What recyclers decide: how much of what is worn out they collect (M11)."""

from __future__ import annotations

from coercivity.agents.base.arrays import FloatArray


def in_use_at_start(pressed: FloatArray, growth: float, life: float) -> FloatArray:
    """Stock in use that past output has left: W0 = P / (1/L + g), had output P grown by g and worn
    out at 1/L (t; P t/month, L months, g log per month).
    """
    return pressed / (1.0 / life + growth)


def worn_out(in_use: FloatArray, life: float) -> FloatArray:
    """What comes to the end of its life in a month: D = W / L (t). Lives differ widely, so the
    stock wears out a little each month, whatever its age.
    """
    return in_use / life


def collection(
    share: float, value_ratio: float, base: float, elasticity: float, most: float, months: float
) -> float:
    """Collection follows the value of what a magnet holds, slowly: c <- c + (min(c0 r^e, c_max) -
    c) / tau.

    c share of worn-out magnets that is collected, c0 at the start's prices, r value of the rare
    earths in a magnet over the start, e elasticity, tau months.
    Source: less than 1% of rare earths was recycled in 2011 (Binnemans et al. 2013, recalled);
    recyclers come in with a long lag (behaviour rules 8.4).
    """
    return share + (min(base * value_ratio**elasticity, most) - share) / months
