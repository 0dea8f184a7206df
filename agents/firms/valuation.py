"""What one more kilogram is worth: a stock and a believed flow must last a believed time, and what
makes them last is the price (M5).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray

# six equally likely waits, in units of the mean delay: quantiles of an exponential
WAITS = -np.log(1.0 - (np.arange(6) + 0.5) / 6.0)
# price of the deepest glut over what a good is thought to be worth: two years of store at a tenth
# (share; assumed; from 0.66 to 0.8 no error moves by more than 0.03; 0.6 to 0.9)
GLUT_LEAST = 0.8
LEAST_WAIT = 0.5  # months: what is used until the month's goods come


def believed_delay(passes: FloatArray, said: FloatArray, usual: float) -> FloatArray:
    """Months beyond its clock that an office is believed to take: d = T min(1, (1 - b) / (1 - b0)),
    as long as was first thought, and less as more passes than the act let expect: who gets what it
    asks for pays nothing for getting it.

    b share of orders believed to pass, b0 what was first expected of the office (0-1), T usual
    delay (months). Source: learning from answers, as of `passes`; the form is assumed.
    """
    return usual * np.minimum((1.0 - passes) / np.maximum(1.0 - said, 1e-9), 1.0)


def worth_of_more(
    flow: FloatArray,
    shelf: FloatArray,
    clock: FloatArray,
    core: FloatArray,
    delay: FloatArray,
    elasticity: float,
    least: FloatArray | float = 1.0,
) -> FloatArray:
    """What one more kilogram is worth to a user over its usual price, what it costs where nothing
    is held back.

    m = mean over waits w of min(core, max(least, h^(-1/e)))
    h = flow + shelf / (1/2 + clock + delay w)

    least what a good costs behind the border over its usual price where that is less (ratio), flow
    believed share of its use that comes (0-1), shelf months of use on hand and on the way, clock
    what the law still gives an office (months), delay mean believed delay beyond it (months), core
    what its dearest use bears over that price (ratio), e how fast it can do with less. Source:
    competitive storage (Deaton & Laroque 1992); that an application waits exponentially is assumed.
    """
    wait = LEAST_WAIT + clock[:, None] + delay[:, None] * WAITS
    have = flow[:, None] + shelf[:, None] / wait
    rise = np.log(np.maximum(have, 1e-3)) / -elasticity
    rise = np.maximum(rise, np.log(least).reshape(-1, 1))
    return np.exp(np.minimum(rise, np.log(core)[:, None])).mean(axis=1)


def holders_rise(lasts: FloatArray, elasticity: float) -> FloatArray:
    """Log of the price that holders ask over what a good is thought to be worth: r = -ln(a) / e
    where it is scarce, ln(L + (1 - L) a^(-1 / (e (1 - L)))) in a glut: as steep at first, and down
    to L at most, for who can store sells no lower.

    lasts, a: believed output and the stock beyond the usual, spread over the time that they look
    ahead, over what would be used at usual prices; e how fast use can do with less, L least price
    of a glut (`GLUT_LEAST`, share). Source: as `worth_of_more`, for who may sell at once.
    """
    log = np.log(np.maximum(lasts, 1e-3))
    glut = np.maximum(log, 0.0) / (elasticity * (1.0 - GLUT_LEAST))
    least = np.log(GLUT_LEAST + (1.0 - GLUT_LEAST) * np.exp(-glut))
    return np.where(log < 0.0, -log / elasticity, least)


def learned_worth(worth: FloatArray, price: FloatArray, speed: float) -> FloatArray:
    """What a good is thought to be worth in the long run follows what it sells for: ln B <- ln B +
    k (ln p - ln B), so that no shortage stays where its price is too low to end it.

    worth, B, and price, p, over those of the start in the money of the month; speed k (per month).
    Source: spot prices move in part what is expected of the far future (Schwartz & Smith 2000).
    """
    return worth * np.maximum(price / worth, 1e-6) ** speed
