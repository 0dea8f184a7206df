"""The exporter's supply policy: half-yearly quotas of mining and separation (M13)."""

from __future__ import annotations

import numpy as np


def mining_quota(quota: float, growth: float, luck: float, noise: float) -> float:
    """Each half-year the exporter sets its quotas of mining and separation by a plan for its users;
    no quota was ever cut without an act: q' = q exp(max(0, g / 2 + noise z)).

    g yearly growth of use that is planned for, z luck. Source: control figures flat in 2010-2017,
    +6 to +25% a year in 2018-2024, none lowered (china_quotas_exports.csv). See decision 0091.
    """
    return float(quota * np.exp(max(0.0, 0.5 * growth + noise * luck)))


def separation_quota(home: float, imported: float, admitted: float) -> float:
    """Imported ore is separated outside the quota, until a decree has it count; then what was
    imported on the day of the decree is admitted and no more: Q = D + min(M, A).

    D quota for home ore, M ore that is imported (t/month, mean of a quarter), A ore that is
    admitted: without limit before the decree, M of its day from then on. The tonnes of the quotas
    of 2025 and later are not published, so that A is assumed. Source: interim measures of three
    ministries of 22 August 2025, article 3 (T076). See decision 0029.
    """
    return home + min(imported, admitted)
