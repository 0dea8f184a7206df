"""A licensing office: whole applications in one queue, decided in order of rank by what attention
it has; and what a country's officials let through (M6).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.agents.base.part import Part

GRANTED, REFUSED, RETURNED, LAPSED, PASSED_OVER = 1, 2, 3, 4, 5  # what becomes of an application
OUTCOMES = ("waits", "granted", "refused", "returned", "lapsed", "passed over")
NEVER = np.iinfo(np.int64).max  # month of a favour that is not there
# Part of those who apply for the first time under a further rule for which it is staffed at once;
# assumed. Not in the parameter table, as neither shipped episode feels it (decision 0048).
NEWCOMERS = 0.25
# what a user that works for armed forces alone adds to the rank of an application, and what a truce
# or a general licence takes off it, over what full tension adds (assumed; the order is that of
# behaviour rules 1.7, the step is not known; 0 to 2 and 0 to 4)
MILITARY_STEP, FAVOURED_STEP = 0.5, 2.0


class Weights(NamedTuple):
    """What puts an application behind others, where luck adds 0 to 1: full tension, a raw material,
    a military user; and favour ahead of them.
    """

    tension: float
    raw: float
    military: float
    favoured: float


class LicensingOffice(Part):
    """The office of one exporter. It has one queue for all goods and destinations; of each link it
    has at most one application. Arrays of applications stand in the order of their filing.
    """

    def __init__(self, links: int, opened: int) -> None:
        none = np.zeros(0, dtype=np.int64)
        self.link, self.filed = none, none  # who applies for which supplier, and since which month
        self.tonnes, self.luck = np.zeros(0), np.zeros(0)
        self.hostile = np.zeros(0)  # tension towards the destination when it was filed
        self.standing = np.zeros(0)  # rank when last looked at
        self.favour = none  # month since which a truce or a general licence favours it
        self.opened = opened  # month of its first rule, counted from the start of the run
        self.staff = 0.0  # applications a month that it is staffed for
        self.left_over = 0.0  # attention of the month before, less than an application
        self.known = np.zeros(links, dtype=bool)  # by link: it has applied before
        self.complete = np.zeros(links, dtype=bool)  # by link: its papers are known to be in order
        self.civil = np.zeros(links, dtype=bool)  # by link: papers of a civil use, as a ban asks
        self.silent = np.zeros(links, dtype=np.int64)  # by link: month from which it applies again
        self.decided: dict[int, int] = {}  # outcome of the month by link

    def take_in(
        self,
        link: IntArray,
        tonnes: FloatArray,
        luck: FloatArray,
        hostile: FloatArray,
        favour: IntArray,
        month: int,
    ) -> None:
        """New applications join the queue; none of these links has one."""
        self.link = np.concatenate([self.link, link])
        self.tonnes = np.concatenate([self.tonnes, tonnes])
        self.luck = np.concatenate([self.luck, luck])
        self.hostile = np.concatenate([self.hostile, hostile])
        self.favour = np.concatenate([self.favour, favour])
        self.standing = np.concatenate([self.standing, np.full(len(link), np.inf)])
        self.filed = np.concatenate([self.filed, np.full(len(link), month)])

    def end(self, files: IntArray, fate: IntArray) -> None:
        """Applications are decided, or lapse, and leave the queue; fate: outcome of each of
        them.
        """
        if not len(fate):
            return
        self.decided.update(zip(self.link[files].tolist(), fate.tolist(), strict=True))
        stays = np.ones(len(self.link), dtype=bool)
        stays[files] = False
        keep = stays.nonzero()[0]
        self.link, self.filed, self.tonnes = self.link[keep], self.filed[keep], self.tonnes[keep]
        self.luck, self.hostile = self.luck[keep], self.hostile[keep]
        self.favour, self.standing = self.favour[keep], self.standing[keep]

    def ask_for_civil_use(self, link: IntArray, banned: BoolArray, month: int) -> BoolArray:
        """Which of the links a ban on military use meets anew: their papers have to show a civil
        use, and the statutory time of what they have applied for begins anew. `banned`: by link
        that needs a licence, such a ban is in force.
        """
        anew = banned & ~self.civil[link]
        self.civil[link] = banned
        if anew.any():
            meets = np.zeros(len(self.civil), dtype=bool)
            meets[link[anew]] = True
            self.filed = np.where(meets[self.link], month, self.filed)
        return anew

    def learn(self, came: int, waiting: int, memory: float, clears: float) -> None:
        """Over some months (memory) an office comes to be staffed for what comes in, and to clear
        what waits in some others.
        """
        self.staff += (came + waiting / clears - self.staff) / memory

    def prepare(self, link: IntArray, months: int) -> None:
        """Under its first rule an office is staffed for all who apply, by renewals every so many
        months; a further rule brings staff for a part of those who have not applied before.
        """
        fresh = len(link) - int(self.known.take(link).sum())
        part = NEWCOMERS if fresh and self.known.any() else 1.0
        self.staff += part * (fresh / months)
        self.known[link] = True


def office_capacity(age_months: float, start: float, full: float, months: float) -> float:
    """A licensing office learns: from `start` to `full` times what it is staffed for over some
    months (applications that it can decide a month, per application).

    k(t) = start + (full - start) min(1, t / months). Delay, not denial. Source: gallium exports
    zero for two months, normal after ten (2023-24).
    """
    return start + (full - start) * min(max(age_months / months, 0.0), 1.0)


def rank(
    tension: FloatArray,
    raw: BoolArray,
    military: FloatArray,
    favoured: BoolArray,
    luck: FloatArray,
    weights: Weights,
) -> FloatArray:
    """Which application is looked at first, the lowest: r = w h + a raw + b m - f favour + u.

    h tension towards the destination (0-1), raw 1 for what is not yet a magnet or part, m military
    share of the user (0-1), favour 1 under a truce or a general licence, u luck (0-1); w, a, b, f
    weights, assumed. Source: magnets and civilian users were served first (behaviour rules 1.7).
    Who is about to stop is not asked about and goes no sooner: see decision 0048.
    """
    order = weights.tension * tension + weights.raw * raw + weights.military * military + luck
    return np.asarray(order - weights.favoured * favoured)


def looked_at(
    order: FloatArray, ripe: BoolArray, favoured: BoolArray, attention: float, easy: float
) -> tuple[IntArray, float]:
    """(applications that are decided, in order of rank, as far as the attention goes; what is left
    of it). `ripe`: the statutory time has passed. `easy`: attention that one in favour takes, of
    that of another.
    """
    due = ripe.nonzero()[0]
    due = due[np.argsort(order[due], kind="stable")]
    spent = np.where(favoured[due], easy, 1.0).cumsum()
    count = int(np.searchsorted(spent, attention * (1.0 + 1e-12), side="right"))
    left = attention - (float(spent[count - 1]) if count else 0.0)
    return due[:count], left


def outcome(
    luck: FloatArray,
    refused: FloatArray,
    incomplete: BoolArray,
    is_answered: BoolArray,
    returned: float,
) -> IntArray:
    """What becomes of the applications that are decided: refused where u < f, else returned for
    more papers where 1 - u < b and it is the first of its link, else granted, or passed over where
    nothing of it is answered (`answered_share`).

    u luck (0-1), f chance of a refusal (`refusal`), b chance that a first application is
    incomplete.
    """
    back = incomplete & (1.0 - luck < returned)
    granted = np.where(is_answered, GRANTED, PASSED_OVER)
    return np.where(luck < refused, REFUSED, np.where(back, RETURNED, granted))


def answered_share(watched: FloatArray, tension: FloatArray, weight: float) -> FloatArray:
    """Part of what is applied for that an office answers at all (0-1): 1 - w l h.

    l part of the firm on a watch list (0-1), h tension towards the destination (0-1), w part of the
    watched that get no answer under full tension. A firm here stands for many: for those of them
    that are watched the office has no time limit, and answers as relations are. Source: MOFCOM
    announcement 12/2026, Art. 17(1) disapplied (decision 0051).
    """
    return 1.0 - weight * watched * tension


def refusal(military: FloatArray, tension: FloatArray, access: FloatArray) -> FloatArray:
    """Chance that an application is refused (0-1): f = 1 - (1 - h m) a.

    h tension towards the destination (0-1), m military share of the user (0-1), a what a ban on
    military use leaves to civilians (`civilian_access`; 1 without such a ban).
    """
    return 1.0 - (1.0 - tension * military) * access


def civilian_access(ban: FloatArray, tension: FloatArray, over_compliance: float) -> FloatArray:
    """Under a ban on military use, civilian goods are free on paper; officials refuse part of the
    applications, and take back part of the licences in hand, while relations are bad: a = 1 - ban
    phi h (decision 0044).

    ban 0/1, h tension (0-1), phi over-compliance (0-1). Source: behaviour rules 1.7, effective cut
    = 1 - (1 - formal)(1 - phi h).
    """
    return 1.0 - ban * over_compliance * tension
