"""What the oracle expects in a month: of borders, of use and of supply, and what a kilogram is
worth for it (M5).

Everything is asked of one firm, need, offer or channel at a time, and answers call for one another:
what an offer is asked for is the use of its customers, whose run is what they are asked for. So no
order of stages is told to it; a chain that runs in a circle would never answer.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, log
from typing import TYPE_CHECKING

from tools.check.oracle.parts import Channel, Link, Need, Offer
from tools.check.oracle.producer import DAYS, FRINGE_UTILISATION

if TYPE_CHECKING:
    from tools.check.oracle.firm import Firm
    from tools.check.oracle.month import Oracle

WAITS = [-log(1.0 - (i + 0.5) / 6.0) for i in range(6)]  # equally likely, in mean delays
LEAST_LEFT = 1e-3  # of usual use: below it scarcity has no more to say
LEAST_WAIT = 0.5  # months: what is used until the month's goods come
UNBOUND = 1e9  # t/month
GLUT_LEAST = 0.8  # price of the deepest glut over what a good is thought to be worth
RUN_MONTHS = 6.0  # over which it is read what plants make
NOTHING = 1e-9  # t/month

Side = tuple[str, bool]  # a good, and whether behind the exporter's border
Pool = tuple[str, bool | None]  # the same, or a good as a whole where no border holds it


def shut(channel: Channel) -> bool:
    """Whether nothing may pass on the month's last day."""
    return bool(channel.last_banned + channel.last_halted > 0.0 or channel.last_cut >= 1.0)


def believe(channel: Channel, first_share: float, speed: float) -> None:
    """b <- b + k (x - b), x what passed of last month's orders, all where nothing holds; in the
    month of an act b is what it says on the last day, or less where less was believed: nothing of
    what is shut, the first share of what is licensed, and what a cut leaves. Acts that leave less
    than those of the month before are new.
    """
    holds = channel.last_licensed > 0.0 or channel.last_cut > 0.0 or shut(channel)
    before, channel.said = channel.said, 1.0
    if shut(channel):
        channel.said = 0.0
    elif holds:
        channel.said = (first_share if channel.last_licensed > 0.0 else 1.0) * (
            1.0 - channel.last_cut
        )
    if holds and (channel.since == inf or channel.said < before - 1e-9):
        channel.since, channel.passes = 0.0, min(channel.said, channel.passes)
        return
    channel.since = channel.since + 1.0 if holds else inf
    seen = min(channel.passed, 1.0) if holds else 1.0
    channel.passes += speed * (seen - channel.passes)


class Use:
    """What would be used if nothing were left out for its price: D = run a / (1 - x), the run of a
    plant what of its goods is used, at the prices of the start, over what a tonne of run gives.
    """

    def __init__(self) -> None:
        self._run: dict[Firm, float] = {}

    def of_need(self, need: Need) -> float:
        left = need.coefficient * (1.0 - need.usual_swap) / (1.0 - need.swap)
        return self.run_of(need.firm) * float(left)

    def of_offer(self, offer: Offer) -> float:
        return sum(link.share * self.of_need(link.need) for link in offer.links)

    def run_of(self, firm: Firm) -> float:
        if firm not in self._run:
            run = firm.plan
            if not firm.is_end_user:
                sold = sum(self.of_offer(offer) * offer.base_price for offer in firm.offers)
                gives = sum(offer.yields * offer.base_price for offer in firm.offers)
                run = sold / max(gives, 1e-12)
            self._run[firm] = run
        return self._run[firm]


class Supply:
    """What is believed to come where each plant could run at `capacity`. Of goods that come along
    with others comes what their plants have lately made.
    """

    def __init__(self, model: Oracle, use: Use, capacity: Callable[[Firm], float]) -> None:
        self.model, self.use, self.capacity = model, use, capacity
        self._able: dict[Firm, float] = {}
        self._part: dict[Side, tuple[float, float]] = {}

    def flow(self, need: Need) -> float:
        """f = sum of s b min(1, what can be had / what is asked) over suppliers, at most all."""
        return min(1.0, sum(self._brings(link) for link in need.links))

    def _brings(self, link: Link) -> float:
        return float(link.share * link.channel.passes * self._parts_of(link)[0])

    def _more(self, link: Link) -> float:
        return 1.0 if link.channel.since < inf else self._parts_of(link)[1]

    def _parts_of(self, link: Link) -> tuple[float, float]:
        """What can be had over what is asked, at most 1, and over what would be asked if all
        passed, at least 1. Sellers of a good on one side of the border stand in for one another.
        """
        side = link.offer.good, inside(link.offer.firm)
        if side not in self._part:
            months = self.model.p.look_ahead_months
            can = asked = usual = 0.0
            for offer in self.model.on_side[side]:
                beyond = max(offer.stock - offer.cover * self.use.of_offer(offer), 0.0)
                run = self.able(offer.firm)
                run = run if offer.lead else min(run, offer.firm.lately)
                can += beyond / months + offer.yields * run
                usual += self.use.of_offer(offer)
                for one in offer.links:
                    asked += one.share * one.channel.passes * self.use.of_need(one.need)
            self._part[side] = (
                min(1.0, can / max(asked, NOTHING)),
                max(1.0, can / max(usual, NOTHING)),
            )
        return self._part[side]

    def able(self, firm: Firm) -> float:
        """Run that is believed possible (t/month): its capacity, of a mine what no shock has taken,
        and no more than its scarcest input allows of the run that its customers call for.
        """
        if firm not in self._able:
            most = self.capacity(firm)
            if firm.process.startswith("mine_"):
                most *= firm.available
            for need in firm.needs:
                comes = sum(self._brings(link) * self._more(link) for link in need.links)
                most = min(most, comes * self.use.run_of(firm))
            self._able[firm] = most
        return self._able[firm]


def believed_delay(channel: Channel, usual: float) -> float:
    """d = T min(1, (1 - b) / (1 - b0)) where an office answers, T else."""
    if channel.since == inf or channel.cut + channel.shut + channel.banned > 0.0:
        return usual
    return usual * min(1.0, (1.0 - channel.passes) / max(1.0 - channel.said, NOTHING))


def worth_of_more(
    flow: float,
    shelf: float,
    clock: float,
    core: float,
    delay: float,
    elasticity: float,
    least: float,
) -> float:
    """m = mean over waits w of min(core, max(least, h^(-1/e))),  h = flow + shelf / (1/2 +
    clock + delay w).
    """
    total = 0.0
    for wait in WAITS:
        have = max(flow + shelf / (LEAST_WAIT + clock + delay * wait), LEAST_LEFT)
        total += min(core, max(least, have ** (-1.0 / elasticity)))
    return total / len(WAITS)


def holders_rise(lasts: float, elasticity: float) -> float:
    """r = -ln(a) / e where it is scarce;  ln(L + (1 - L) a^(-1 / (e (1 - L)))) in a glut."""
    there = max(lasts, LEAST_LEFT)
    if there < 1.0:
        return -log(there) / elasticity
    return log(
        GLUT_LEAST + (1.0 - GLUT_LEAST) * there ** (-1.0 / (elasticity * (1.0 - GLUT_LEAST)))
    )


class Foresight:
    """One month's look ahead, and what it leaves on channels, needs and offers."""

    def __init__(self, model: Oracle) -> None:
        self.model, self.p = model, model.p
        self.use = Use()

    def look_ahead(self) -> None:
        """Beliefs are renewed; the gap across held borders opens or closes; the scarcity of each
        offer is worked out.
        """
        model = self.model
        for firm in model.firms:
            firm.lately += (firm.run - firm.lately) / RUN_MONTHS
        for channel in model.channels:
            believe(channel, self.p.first_answer, self.p.belief_speed)
        model.channels[0].passes = 1.0  # trade at home
        comes = Supply(model, self.use, self.believed_capacity)
        abroad = Supply(
            model, self.use, lambda firm: UNBOUND if inside(firm) else self.believed_capacity(firm)
        )
        if any(channel.since < inf for channel in model.channels) or any(model.held.values()):
            self._value_abroad(abroad)
            self._open_gap()
        else:
            for need in model.needs:
                need.worth = need.paid
            model.abroad = dict.fromkeys(model.abroad, 1.0)
        self._count_unserved()
        self._price_scarcity(comes)
        for need in model.needs:
            if inside(need.firm) or not model.held[need.good]:
                need.usual_swap += self.p.worth_speed * (need.swap - need.usual_swap)

    def believed_capacity(self, firm: Firm) -> float:
        """What a plant can run at usual prices, of holders of quotas what they are allowed, of
        mines less what is dug without a quota and believed to end.
        """
        most = firm.capacity * (FRINGE_UTILISATION if firm.is_fringe else 1.0)
        if firm.has_quota or firm.separates_quota:
            most = min(most, firm.quota)
        if firm.has_quota:
            most *= 1.0 - self.model.believed_to_end * firm.illegal
        return float(most)

    def _value_abroad(self, supply: Supply) -> None:
        """What one more kilogram is worth to each user outside, and on average by good."""
        model = self.model
        weight, rise = dict.fromkeys(model.abroad, 0.0), dict.fromkeys(model.abroad, 0.0)
        for need in model.needs:
            need.worth = need.paid
            if inside(need.firm):
                continue
            usual = max(need.price_start * model.rise, 1e-9)
            use = self.use.of_need(need)
            left = 1.0 - need.usual_swap
            shelf = left * max(need.stock + need.pipeline, 0.0) / max(use, 1e-12)
            clock = sum(link.share * left_of_clock(link.channel) for link in need.links)
            most = min(model.bearable[need.good], model.netback.get(need.good, inf))
            core = max(most / usual, 1.0)
            late = self.p.delay_months
            delay = min(
                believed_delay(link.channel, late) if link.share > 0.0 else late
                for link in need.links
            )
            flow, slope = supply.flow(need), self.p.swap_elasticity + self.p.redesign_elasticity
            least = self._cost_behind(need.good)
            times = worth_of_more(left * flow, shelf, clock, core, delay, slope, least)
            need.worth = max(usual * times, need.paid)
            weight[need.good] += use
            rise[need.good] += use * max(times / least, 1.0)
        for good in model.abroad:
            model.abroad[good] = max(rise[good] / max(weight[good], 1e-12), 1.0)

    def _cost_behind(self, good: str) -> float:
        """What a good costs behind the border over its usual price where that is less."""
        asked = usual = 0.0
        for offer in self.model.on_side[good, True]:
            weight = max(offer.sales, 1e-12)
            asked += weight * offer.ask
            usual += weight * offer.base_price * self.model.rise
        return min(max(asked / usual, 1e-3), 1.0) if usual > 0.0 else 1.0

    def _open_gap(self) -> None:
        """m = ln W where a border holds;  c <- min(m, c + s (m - c))."""
        model = self.model
        model.held = dict.fromkeys(model.held, False)
        model.gap = dict.fromkeys(model.gap, 0.0)
        for channel in model.channels:
            channel.premium = 0.0
            if channel.since < inf:
                channel.premium = log(model.abroad[channel.good])
                model.held[channel.good] = True
            moved = channel.contract + self.p.share_speed * (channel.premium - channel.contract)
            channel.contract = min(channel.premium, moved)
            if channel.since < inf:
                parts = channel.good.startswith(("magnet_", "motor_"))
                asked = channel.contract if parts else channel.premium
                model.gap[channel.good] = max(model.gap[channel.good], asked)

    def _count_unserved(self) -> None:
        """Users outside buy of makers outside what they do, and what is not believed to come."""
        model = self.model
        model.unserved = dict.fromkeys(model.unserved, 0.0)
        for link in model.links:
            if not inside(link.need.firm):
                drawn = link.share * self.use.of_need(link.need)
                if inside(link.offer.firm):
                    drawn *= 1.0 - link.channel.passes
                model.unserved[link.need.good] += drawn

    def _price_scarcity(self, supply: Supply) -> None:
        """s = r + ln(1 + psi R / p), a = (F + Z / T) / D: of a good as one, or where a border holds
        it on either side; makers at most come down, sellers outside ask what goods from behind the
        border cost there, a right to export too, ore is worth its basket.
        """
        model = self.model
        pools: dict[Pool, list[Offer]] = {}
        for offer in model.offers:
            pools.setdefault(self._pool_of(offer), []).append(offer)
        wanted = {pool: sum(map(self._asked, offers)) for pool, offers in pools.items()}
        made = {
            pool: sum(o.yields * supply.able(o.firm) for o in offers)
            for pool, offers in pools.items()
        }
        beyond = {
            pool: sum(o.stock - o.cover * self.use.of_offer(o) for o in offers)
            for pool, offers in pools.items()
        }
        for need in model.needs:
            pool = need.good, inside(need.firm) if model.held[need.good] else None
            if pool in beyond:
                beyond[pool] += self._beyond_usual(need)
        for pool, offers in pools.items():  # for a trade that is held: neither glut nor want
            kept = sum(o.cover * (self.use.of_offer(o) - self._asked(o)) for o in offers)
            if beyond[pool] < 0.0:
                beyond[pool] = min(beyond[pool] + max(kept, 0.0), 0.0)
        in_ore = self._read_ore(wanted)
        every = {good: 0.0 for good, _ in pools}
        for pool, tonnes in made.items():
            every[pool[0]] += tonnes
        for pool in pools:
            good = pool[0]
            if not model.led[good]:
                part = made[pool] / max(every[good], NOTHING)
                made[pool] = in_ore[good] / model.sold_of_ore[good] * part
        behind_first = sorted(pools, key=lambda pool: pool[1] is False)
        for pool in behind_first:  # home counts what is outside as far as borders let pass
            outside = pool[0], False
            if pool[1] and outside in pools:
                part = self._believed_pass_share(pool[0])
                for sums in (wanted, made, beyond):
                    sums[pool] += part * sums[outside]
        at_home: dict[str, float] = {}
        for pool in behind_first:
            offers, good = pools[pool], pool[0]
            came = min(made[pool], wanted[pool]) if model.led[good] else made[pool]
            stored = beyond[pool]
            lasts = (came + stored / self.p.look_ahead_months) / max(wanted[pool], NOTHING)
            rise = holders_rise(lasts, self.p.scarcity_elasticity)
            rise = rise if wanted[pool] > 0.0 else 0.0
            rent = self.p.rent_at_home * self._rent(good) / max(model.quote[good], 1e-9)
            rise += log(1.0 + rent)
            if pool[1] is not False:
                at_home[good] = rise
            for offer in offers:
                offer.scarcity = at_home.get(good, log(1.0 + rent))
                if offer.pricing == "manufactured":
                    offer.scarcity = min(offer.scarcity, 0.0)
                if pool[1] is False:
                    offer.scarcity += model.gap[good]
                if not inside(offer.firm) and offer.pricing != "manufactured":
                    right = self._rent(good) / (offer.base_price * model.rise * model.anchor[good])
                    offer.scarcity = log(exp(offer.scarcity) + right)
                if offer.pricing == "concentrate":
                    offer.scarcity = 0.0

    def _pool_of(self, offer: Offer) -> Pool:
        return offer.good, inside(offer.firm) if self.model.held[offer.good] else None

    def _believed_pass_share(self, good: str) -> float:
        """Share that is believed to pass of the exporter's sales abroad at the start."""
        ways = [w for w in self.model.channels if w.good == good and w.exporter == "China"]
        usual = sum(way.usual for way in ways)
        if usual <= 0.0:
            return 1.0
        return float(sum(way.usual * way.passes for way in ways) / max(usual, 1e-12))

    def _beyond_usual(self, need: Need) -> float:
        """Stock of a user, and what is on its way, over its usual cover and what its firm has
        decided to hold.
        """
        lead = sum(link.share * link.days / DAYS for link in need.links)
        usual = (need.cover + need.more_cover + lead) * self.use.of_need(need)
        return float(need.stock + need.pipeline - usual)

    def _asked(self, offer: Offer) -> float:
        """What of the use of its customers may reach them, under a quota as much as it let pass."""
        total = 0.0
        for link in offer.links:
            let = link.channel.rationed if link.channel.quota > 0.0 else 1.0
            total += link.share * link.channel.passes * let * self.use.of_need(link.need)
        return total

    def _read_ore(self, wanted: dict[Pool, float]) -> dict[str, float]:
        """What of each good plants have lately taken out of ore; in the first month also what of it
        found users.
        """
        model = self.model
        made = dict.fromkeys(model.abroad, 0.0)
        for offer in model.offers:
            made[offer.good] += offer.yields * offer.firm.lately
        if not any(model.sold_of_ore.values()):
            for good, tonnes in made.items():
                used = sum(asked for pool, asked in wanted.items() if pool[0] == good)
                model.sold_of_ore[good] = max(tonnes / max(used, NOTHING), 1.0)
        return made

    def _rent(self, good: str) -> float:
        """What a right to export is worth (USD/kg): mean over the trade of the start."""
        value = tonnes = 0.0
        for channel in self.model.channels:
            if channel.good == good and channel.exporter == "China" != channel.importer:
                value += channel.normal * channel.rent
                tonnes += channel.normal
        return value / tonnes if tonnes > 0.0 else 0.0


def note_what_passed(channel: Channel) -> None:
    """What passed of the month's orders; no orders tell nothing of a channel."""
    orders = sum(link.orders for link in channel.links)
    allowed = sum(link.allowed for link in channel.links)
    if orders > NOTHING:
        channel.passed = allowed / orders


def left_of_clock(channel: Channel) -> float:
    """Months that the law still gives an office; none where none is asked."""
    return max(channel.clock - channel.since, 0.0) if channel.licensed > 0.0 else 0.0


def inside(firm: Firm) -> bool:
    """Whether a firm stands behind the exporter's border."""
    return bool(firm.state == "China")
