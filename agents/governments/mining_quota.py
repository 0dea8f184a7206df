"""The exporter's supply policy: half-yearly quotas of mining and separation (M13)."""

from __future__ import annotations


def mining_quota(quota: float, start: float, use: float, speed: float) -> float:
    """Each half-year the exporter moves its quotas of mining and separation part of the way to what
    its users are expected to take; no quota was ever cut without an act: q' = q + v max(q0 U - q,
    0).

    q0 quota of the start (t/month), U expected use over that of the start, v speed (per half-year).
    Source: control figures flat in 2014-2017, +6 to +25% a year in 2018-2024, none lowered
    (record.csv, mining_quota.China). See decisions 0091 and 0101.
    """
    return quota + speed * max(start * use - quota, 0.0)


def separation_quota(home: float, imported: float, admitted: float) -> float:
    """Imported ore is separated outside the quota, until a decree has it count; then what was
    imported on the day of the decree is admitted and no more: Q = D + min(M, A).

    D quota for home ore, M ore that is imported (t/month, mean of a quarter), A ore that is
    admitted: without limit before the decree, M of its day from then on. The tonnes of the quotas
    of 2025 and later are not published, so that A is assumed. Source: interim measures of three
    ministries of 22 August 2025, article 3 (T076). See decision 0029.
    """
    return home + min(imported, admitted)
