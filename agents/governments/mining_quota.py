"""The exporter's supply policy: half-yearly mining quotas and the state's own trade (M13)."""

from __future__ import annotations

import numpy as np


def supply_quota(
    quota: float,
    growth: float,
    price_log: float,
    gain: float,
    band: float,
    luck: float,
    noise: float,
    cut: float,
) -> float:
    """Each half-year the exporter sets its quotas of mining and separation: they follow a plan for
    its users while the price stays within a band, grow beyond it, and are held back below it.

    q' = q exp(max(-cut, (g max(1 + l/b, 0) + gain min(h, 0.4)) / 2 + l + noise z))
    g yearly growth of use that is planned for, h = max(0, d - b) and l = min(0, d + b), d log of
    the lead price (half a year's mean) over the level that the exporter defends, b half width of
    the band, z luck. See decision 0019.
    Source: quotas flat in 2010-2017, +6 to +25% a year in 2018-2024 (china_quotas_exports.csv).
    """
    above, below = max(price_log - band, 0.0), min(price_log + band, 0.0)
    planned = growth * max(1.0 + below / band, 0.0)
    step = 0.5 * (planned + gain * min(above, 0.4)) + below + noise * luck
    return float(quota * np.exp(max(-cut, step)))


def separation_quota(home: float, imported: float, admitted: float) -> float:
    """Imported ore is separated outside the quota, until a decree has it count; then what was
    imported on the day of the decree is admitted and no more: Q = D + min(M, A).

    D quota for home ore, M ore that is imported (t/month, mean of a quarter), A ore that is
    admitted: without limit before the decree, M of its day from then on. The tonnes of the quotas
    of 2025 and later are not published, so that A is assumed. Source: interim measures of three
    ministries of 22 August 2025, article 3 (T076). See decision 0029.
    """
    return home + min(imported, admitted)


def state_trade(price_log: float, output: float, stockpile: float, share: float) -> float:
    """The state buys (+) when prices are a quarter below the level that it defends and sells (-)
    when half above, the more the further, up to a share of monthly output (t).

    t = z Y clip(-d / 0.25 - 1, 0, 1) - min(z Y clip(d / 0.5 - 1, 0, 1), S)

    d log of the price of the day, at which it pays, over that level, z share, Y output (t), S what
    it holds (t). Bought in full from the bound on, a quarter of output holds a glut at it for
    years: the reserve makes the price. See decisions 0043 and 0049.
    Source: the State Reserve Bureau's purchases of 2014; that it leans by degrees, and sales, are
    assumed.
    """
    buy = min(max(-price_log / 0.25 - 1.0, 0.0), 1.0)
    sell = min(max(price_log / 0.5 - 1.0, 0.0), 1.0)
    most = share * output
    return most * buy - min(most * sell, stockpile)
