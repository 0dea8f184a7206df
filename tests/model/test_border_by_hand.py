"""What a border lets through: blocked shares, the licence queue, smuggling and motors in place of
magnets, at points reckoned by hand.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.dealers import trader
from coercivity.agents.governments.licensing_office import GRANTED, LAPSED, NEVER, PASSED_OVER
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.goods import goods
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.parts.border import Border, Reach
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.leaks import Leaks
from coercivity.model.parts.terms import Desk
from coercivity.model.trade import export_quota, leakage, licence_queue
from coercivity.model.trade.export_quota import draw_rights, ration_by_quotas
from coercivity.model.trade.licence_exemptions import update_desk
from coercivity.model.trade.licence_queue import Hearing, Papers, overdue, queue
from coercivity.model.trade.licensing import share_blocked
from tests.facts import FACTS
from tests.helpers import floats as a
from tests.names import CHINA, GOOD, GOODS, STATE, STATES

JAPAN, US, GERMANY, INDIA = (STATE[n] for n in ("Japan", "United States", "Germany", "India"))
OXIDE, MAGNET, MOTOR = GOOD["ndpr_oxide"], GOOD["magnet_standard"], GOOD["motor_standard"]
S, G = len(STATES), len(GOODS)


# the values that these tests reckon with, whatever the shipped ones are
ROUND = {"over_compliance": 0.8, "extraterritorial_compliance": 0.5, "lookalike_hold": 0.3}
ROUND |= {"licence_office_full": 1.0, "licence_office_months": 10.0}
ROUND |= {"licence_clock_months": 2.0, "licence_months": 6.0, "licence_room": 1.25}
ROUND |= {"licence_returned": 0.0}
ROUND |= {"licence_rank_tension": 1.0}
ROUND |= {"rent_speed": 0.5}
ROUND |= {"smuggling_response": 1.0, "smuggle_share": 0.45}
ROUND |= {"leak_share": 0.4, "border_enforcement": 0.0}


@pytest.fixture(autouse=True)
def _round_constants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leakage, "TRADER_FADE_MONTHS", 4.0)
    monkeypatch.setattr(leakage, "TRADER_BUILD_MONTHS", 2.0)
    monkeypatch.setattr(leakage, "ASSEMBLY_GAIN", 2.0)
    monkeypatch.setattr(leakage, "ENFORCEMENT_2015", 0.4)
    monkeypatch.setattr(trader, "SMUGGLING_COST", 0.5)
    monkeypatch.setattr(export_quota, "QUOTA_WEIGHT", 1.0)
    monkeypatch.setattr(licence_queue, "LICENCE_OFFICE_START", 0.2)


class Crossing:
    """Oxide of China to its own, a Japanese civilian and arms maker and Germany, 10 t each."""

    def __init__(self, **flags: float) -> None:
        self.links = Links(
            exporter=np.full(4, CHINA),
            importer=np.array([CHINA, JAPAN, JAPAN, GERMANY]),
            good=np.full(4, OXIDE),
            need=np.arange(4),
            user=np.arange(4),
            offer=np.zeros(4, dtype=int),
            licence_until=np.zeros(4, dtype=np.int64),
            nothing=np.full(4, 1e-9),
            facts=FACTS,
            **{name: np.full(4, 10.0) for name in ("orders", "allowed", "shipped")},
            **{name: np.ones(4) for name in ("share", "habit")},
            **{name: np.zeros(4) for name in ("freight", "vat", "pending", "refused")},
            **{name: np.zeros(4) for name in ("licensed", "licence", "under_licence")},
        )
        self.needs = Needs(
            base_use=np.full(4, 10.0),
            pending=np.zeros(4),
            lack=np.full(4, 100.0),
            wanted=np.full(4, 10.0),
            facts=FACTS,
            **{name: np.full(4, 8.0) for name in ("expected", "documented")},
        )
        self.firms = Firms(
            state=np.array([CHINA, JAPAN, JAPAN, GERMANY]),
            military=a(0.0, 0.1, 0.6, 0.1),
            barred=a(0.0, 0.0, 0.5, 0.0),
            watched=a(0.0, 0.0, 1.0, 0.0),
            facts=FACTS,
        )
        self.border = Border(self.links, self.needs)
        self.japan = int(self.border.channel[1])
        self.offers = Offers(ask=a(100.0), listed=a(100.0), facts=FACTS)
        self.market: Any = SimpleNamespace(bearable=np.full(G, 1000.0))
        self.clock = Clock("2024-01", 99, 1, 9)
        tension = np.zeros(S)
        tension[JAPAN] = 0.5
        calm, tense = SimpleNamespace(tension=np.zeros(S)), SimpleNamespace(tension=tension)
        self.politics: Any = SimpleNamespace(
            government_of_state=[tense if state == CHINA else calm for state in range(S)]
        )
        self.p: Any = load_parameters().defaults().with_values(ROUND)
        for name, value in flags.items():
            getattr(self.border, name)[self.japan] = value

    def blocked(self) -> list[float]:
        """Blocked share of the two Japanese orders."""
        reach = self.border.touched(self.links)
        spells = self.border.spells(self.firms)
        (found,) = share_blocked(reach, spells, np.zeros(0), firms=self.firms, p=self.p)
        assert reach.links.tolist() == [1, 2]
        return [float(value) for value in found]

    def queue(
        self,
        blocked: tuple[float, float] = (0.0, 0.0),
        elsewhere: tuple[float, float] = (0.0, 0.0),
        room: float | None = None,
    ) -> None:
        """A month at the office, where 10 t are asked for by each."""
        self.links.allowed[1:3] = 0.0
        self.border.no_applications()
        kept = 1.0 - np.array(blocked)
        rooms = None if room is None else np.full(self.border.size, room)
        self.hand_in(self.border.touched(self.links), kept, 10.0 * kept, np.array(elsewhere), rooms)

    def hand_in(self, reach: Reach, kept: Any, asked: Any, elsewhere: Any, rooms: Any) -> None:
        at_port = np.zeros(len(asked))
        queue(self.needs, self.hearing(reach, kept), asked, at_port, elsewhere, rooms, anew=True)

    def hearing(self, reach: Reach, kept: Any) -> Hearing:
        """What offices look at, where so much of what waits has not been returned."""
        papers, desk = Papers.of(self.links, reach.queued), self.desk(reach, kept)
        return Hearing(self.border, desk, papers, self.links, self.politics, self.clock, self.p)

    def desk(self, reach: Reach, kept: Any) -> Desk:
        """What stands on the links that wait, of which so much has not been returned."""
        spells, rest = self.border.spells(self.firms), np.atleast_2d(kept)
        return update_desk(
            spells, reach, rest, self.border, links=self.links, firms=self.firms, p=self.p
        )

    def ration(self, on: bool = True, brought: float = 1.0) -> None:
        """A month under the quotas in force; sellers bring so much of what may go."""
        ration_by_quotas(
            self.links,
            self.border,
            offers=self.offers,
            market=self.market,
            clock=self.clock,
            p=self.p,
            on={"M8": on},
        )
        self.links.shipped = brought * self.links.allowed
        draw_rights(self.border, links=self.links)


def test_measures_block_their_part_and_the_gravest_counts() -> None:
    """Of military use a tenth and 0.6; of third states' rules half is obeyed."""
    for measures, blocked in (
        (("banned",), [1.0, 1.0]),
        (("listing",), [0.0, 0.5]),
        (("dual_use",), [0.1, 0.6]),
        (("third",), [0.05, 0.3]),
        (("dual_use", "listing", "third"), [0.1, 0.6]),
        (("listing", "third"), [0.05, 0.5]),
    ):
        found = Crossing(**dict.fromkeys(measures, 1.0)).blocked()
        assert found == pytest.approx(blocked), measures


def licensed(**more: float) -> Crossing:
    """An office that opened four months ago and is staffed for an application a month: it decides
    0.2 + 0.8 x 0.4 = 0.52 of one a month. Its luck is even, and no papers are missing.
    """
    made = Crossing(**{"licensed": 1.0, **more})
    made.border.open_office(CHINA, 4, 5)
    made.office = made.border.offices["China"]
    made.office.staff, made.office.known[:] = 1.0, True
    made.links.pending = a(0.0, 6.0, 2.0, 0.0)
    return made


def waiting(made: Crossing, filed: int = 7, favoured: bool = False) -> Crossing:
    """Both Japanese users have applied for 60 t."""
    rows, since = np.array([1, 2]), np.full(2, filed if favoured else NEVER)
    made.office.take_in(rows, a(60.0, 60.0), a(0.1, 0.2), np.zeros(2), since, filed)
    return made


def test_who_has_no_licence_waits_and_applies_for_half_a_year_of_what_it_can_show() -> None:
    """8 t a month with room for a quarter more, six months; one application a link."""
    made = licensed()
    made.queue()
    assert made.links.allowed[1:3].tolist() == [0.0, 0.0]
    assert made.links.pending.tolist() == made.needs.pending.tolist() == [0.0, 16.0, 12.0, 0.0]
    assert made.border.speed[made.japan] == pytest.approx(1.0 + (0.05 - 1.0) / 3.0)
    assert made.office.tonnes.tolist() == [60.0, 60.0]
    assert made.office.filed.tolist() == [9, 9]
    assert made.border.applied[made.japan] == 120.0
    made.queue()
    assert made.office.link.tolist() == [1, 2]


def test_nothing_is_decided_before_the_statutory_time() -> None:
    made = waiting(licensed(), filed=8)
    made.office.left_over = 1.0
    made.queue()
    assert not made.links.licence.any()
    assert made.office.link.tolist() == [1, 2]


def test_a_ban_on_military_use_begins_the_statutory_time_anew_and_takes_licences_back() -> None:
    """Filed in month 7, the ban is met in month 9. At the highest tension officials who hold back
    all they can leave no licence in hand; at none they leave all.
    """
    for tension, left in ((1.0, 0.0), (0.0, 1.0)):
        made = waiting(licensed(dual_use=1.0), filed=7)
        made.p = made.p.with_values({"over_compliance": 1.0})
        made.politics.government_of_state[CHINA].tension[JAPAN] = tension
        made.links.licence[1:3], made.links.licence_until[1:3] = 90.0, 12
        made.office.staff = 100.0
        made.queue()
        assert made.office.link.tolist() == [1, 2]  # nothing is decided
        assert made.office.filed.tolist() == [9, 9]
        assert made.links.licence[1:3].tolist() == [90.0 * left, 90.0 * left]
        made.queue()
        assert made.office.filed.tolist() == [9, 9]  # once, not every month


def test_whole_applications_are_decided_as_far_as_attention_goes() -> None:
    """0.52 and 0.5 left over make one: the civilian, who may ship a sixth of 60 t a month."""
    made = waiting(licensed())
    made.queue()
    assert made.links.licence.tolist() == [0.0, 0.0, 0.0, 0.0]
    made.office.left_over, made.office.staff = 0.5, 1.0
    made.queue()
    assert made.links.licence.tolist() == [0.0, 60.0, 0.0, 0.0]
    assert made.links.licence_until[1] == 9 + 6
    assert made.office.link.tolist() == [2]
    assert made.links.licensed.tolist() == [0.0, 10.0, 0.0, 0.0]
    assert made.border.approved[made.japan] == 60.0
    assert made.office.left_over == pytest.approx(0.02)


def test_a_licence_lets_no_more_go_than_its_months_divide_and_runs_out() -> None:
    """40 t for four months: 10 t of the 16 that are wanted; what waits is kept."""
    for until, left, goes in ((9 + 4, 40.0, 10.0), (9, 0.0, 0.0)):
        made = licensed()
        made.links.licence[1], made.links.licence_until[1] = 40.0, until
        made.queue()
        assert made.links.licence[1] == left
        assert made.links.allowed[1:3].tolist() == [goes, 0.0]
        assert made.links.under_licence[1] == goes
        assert made.links.pending[1] == 16.0 - goes


def test_what_cannot_be_applied_for_or_comes_another_way_does_not_wait() -> None:
    """Use of the statutory time and a month that can be shown, 30 t of 100 (decision 0041)."""
    made = licensed()
    made.links.pending = a(0.0, 90.0, 0.0, 0.0)
    made.queue()
    assert made.links.pending[1] == 30.0
    made = licensed()
    made.queue(elsewhere=(4.0, 0.0))
    assert made.links.pending.tolist() == [0.0, 12.0, 12.0, 0.0]


def test_of_which_nothing_is_answered_is_passed_over_and_gets_no_date() -> None:
    """Wholly watched under full tension: no licence, none that begins, and no new application for
    three months; its 60 t are counted. Half watched: half its tonnes, from now on.
    """
    for watched, fate, tonnes in ((1.0, PASSED_OVER, 0.0), (0.5, GRANTED, 30.0)):
        made = waiting(licensed(listing=1.0))
        made.firms.watched = a(0.0, watched, 0.0, 0.0)
        made.firms.military[:] = 0.0
        made.politics.government_of_state[CHINA].tension[JAPAN] = 1.0
        made.office.staff, made.office.left_over = 10.0, 0.0
        made.office.hostile[:] = 1.0
        made.queue()
        assert made.office.decided[1] == fate
        assert made.links.licence[1] == tonnes
        assert (made.links.licence_until[1] > 9) == (tonnes > 0.0)
        assert (made.office.silent[1] == 9 + 3) == (tonnes == 0.0)
        assert made.border.turned_down[:, made.japan].tolist() == [0.0, 0.0, 60.0 - tonnes, 0.0]


def test_under_a_cut_those_that_wait_share_what_may_still_go() -> None:
    """Licences let 10 t of each go, the cut 5 t of both: the rest waits, and licences are kept."""
    made = licensed()
    made.links.licence[1:3], made.links.licence_until[1:3] = 40.0, 9 + 4
    made.queue(room=5.0)
    assert made.links.allowed[1:3] == pytest.approx([2.5, 2.5])
    assert made.links.under_licence[1:3] == pytest.approx([2.5, 2.5])
    assert made.links.pending[1:3] == pytest.approx([13.5, 9.5])


def test_what_waits_beyond_the_orders_of_the_statutory_time_is_late() -> None:
    """8 t a month for two months are in time; who has a licence in hand is served."""
    made = licensed()
    made.links.pending = a(0.0, 30.0, 12.0, 0.0)

    def late() -> list[float]:
        reach = made.border.touched(made.links)
        found = overdue(made.hearing(reach, np.ones(2)), a(8.0, 8.0))
        return [float(t) for t in found]

    assert late() == [14.0, 0.0]
    made.links.licence_until[1] = made.clock.month + 1
    assert late() == [0.0, 0.0]
    made.links.licence_until[1] = made.clock.month
    lane = np.array([made.japan])
    made.border.set_clock(lane, 91.25)  # three months, and three months of use are in time
    made.border.set_clock(lane, 30.0)  # of two acts the slower holds
    assert late() == [6.0, 0.0]
    made.border.licensed[:], made.border.relaid = 0.0, True
    assert sum(late()) == 0.0


def test_a_truce_finds_an_application_and_favours_it_once_the_clock_has_run_again() -> None:
    """There is attention for a half, and a quarter is enough in favour."""
    made = waiting(licensed(eased=1.0), filed=3)
    made.office.staff, made.clock.month = 0.0, 10
    made.queue()
    assert made.office.favour.tolist() == [10, 10]
    made.clock.month, made.office.left_over = 11, 0.5
    made.queue()
    assert made.links.licence.tolist() == [0.0, 0.0, 0.0, 0.0]
    made.clock.month, made.office.left_over = 12, 0.5
    made.office.staff = 0.0
    made.queue()
    assert len(made.office.decided) == 2


def test_a_ban_returns_what_waits_its_application_and_its_part_of_a_licence() -> None:
    """The first is barred; of the second's 2 t that wait 0.8 are returned, 6 of 10 t wait."""
    made = waiting(licensed(), filed=9)
    made.links.licence, made.links.licence_until = a(0.0, 9.0, 12.0, 0.0), np.full(4, 9 + 6)
    made.queue((1.0, 0.4))
    assert made.links.licence == pytest.approx([0.0, 0.0, 1.2 + 10.8 * 0.6, 0.0])
    assert made.links.allowed[1:3] == pytest.approx([0.0, 1.2])
    assert made.links.pending == pytest.approx([0.0, 0.0, 6.0, 0.0])
    assert made.office.link.tolist()[0] == 2
    assert list(made.office.decided.values()) == [LAPSED]


def test_who_waits_takes_back_what_it_no_longer_lacks() -> None:
    """Twenty waited, and ten are asked for anew; of what lacks at most four of them wait on."""
    made = waiting(licensed())
    made.links.pending = a(0.0, 20.0, 20.0, 0.0)
    made.needs.lack = a(100.0, 4.0, 100.0, 100.0)
    made.queue()
    assert made.links.pending[1] == 4.0
    assert made.links.pending[2] > 20.0


def test_when_a_law_ends_all_that_waits_ships_beside_the_month_s_orders() -> None:
    made = waiting(licensed(licensed=0.0))
    made.links.pending = a(0.0, 6.0, 0.0, 0.0)
    made.border.speed[made.japan] = 0.4
    reach = made.border._look_up(np.zeros(made.border.size), made.links)
    made.hand_in(reach, a(1.0), a(0.0), a(0.0), None)
    assert made.links.allowed[1] == 16.0
    assert made.links.pending[1] == 0.0
    assert made.border.speed[made.japan] == 1.0


def test_pursuit_is_stronger_since_2015() -> None:
    p: Any = SimpleNamespace(facts=FACTS, border_enforcement=0.5)
    found = [
        leakage.enforcement(clock=Clock("2009-01", 99, 1, month), p=p) for month in (0, 71, 72)
    ]
    assert found == pytest.approx([0.5, 0.5, 0.7])


def test_what_is_held_back_is_smuggled_as_far_as_it_pays_and_powders_leak() -> None:
    """Of a month's use: 8 t of the 10; premium e^1: pull 1 - e^-(e - 1.5); 0.4 of it, less
    pursuit. The other has 5 t blocked and 2 t late.
    """
    made = Crossing(banned=1.0, premium=1.0)
    made.needs.add_columns(
        arrived=np.zeros(4),
        stock=np.zeros(4),
        coefficient=np.zeros(4),
        firm=np.arange(4),
        good=np.full(4, OXIDE),
    )
    made.firms.add_columns(wish=np.zeros(4))
    reach, leaks = made.border.touched(made.links), Leaks(FACTS, 4, True)
    made.p = made.p.with_values({"third_country_share": 0.0})
    fearless: Any = SimpleNamespace(credibility=np.zeros(S))
    late, use, none = a(2.0, 2.0), a(8.0, 8.0), None
    trading = leakage.Trading(
        needs=made.needs,
        freight=none,  # type: ignore[arg-type]
        leaks=leaks,
        money=none,  # type: ignore[arg-type]
        firms=made.firms,
        links=made.links,
        border=made.border,
        beliefs=fearless,
        politics=made.politics,
        clock=made.clock,
        p=made.p,
    )
    found = leakage.leak(trading, reach, a(10.0, 5.0), late, use)
    part = goods(FACTS).leak[OXIDE] * 0.4 * (1.0 - np.exp(-(np.e - 1.5))) * 0.6
    assert part > 0.0
    assert found.ordered == pytest.approx([8.0 * part, 5.0 * part])
    # what is late comes after what is blocked, as far as a month's use goes
    assert found.waited == pytest.approx([0.0, 2.0 * part])
    assert found.resold.tolist() == [0.0, 0.0]
    out = found.ordered + found.waited
    assert leaks.active
    assert leaks.served[OXIDE]
    made.links.allowed = a(0.0, 2.0 * out[0], out[1], 0.0)
    made.links.shipped = a(0.0, out[0], 2.0 * out[1], 0.0)
    at: Any = {"links": made.links, "border": made.border}
    value = leakage.smuggled_value(
        np.zeros(made.border.size), offers=made.offers, leaks=leaks, **at
    )
    assert value[made.japan] == pytest.approx((out[0] * 0.5 + 2.0 * out[1]) * 0.1)
    leakage.count_leaks(leaks, needs=made.needs, **at)
    assert leaks.tonnes["smuggled"] == pytest.approx(0.5 * out[0] + out[1])
    ((route, code, tonnes),) = leaks.lines
    assert (route, code.tolist()) == (0, [(CHINA * S + JAPAN) * G + OXIDE])
    assert tonnes.sum() == leaks.tonnes["smuggled"]
    leaks.still()
    assert (leaks.lines, leaks.smuggling, leaks.tonnes["smuggled"]) == ([], None, 0.0)


def test_past_a_quota_the_smugglers_part_of_the_room_goes_untaxed() -> None:
    made = Crossing(quota=1.0)
    border, leaks = made.border, Leaks(FACTS, 4, True)
    border.past[made.japan] = 0.25
    value = leakage.smuggled_value(
        np.full(border.size, 8.0), offers=made.offers, links=made.links, border=border, leaks=leaks
    )
    assert value[made.japan] == 2.0
    assert value.sum() == 2.0
    leakage.count_leaks(leaks, needs=made.needs, links=made.links, border=border)
    assert leaks.tonnes["smuggled"] == 0.25 * 20.0


def test_what_traders_can_carry_fades_where_nobody_asks_for_it() -> None:
    made, leaks = Crossing(), Leaks(FACTS, 4, False)
    leaks.capacity[JAPAN, [OXIDE, MAGNET]] = 8.0
    leaks.served[OXIDE] = True
    leakage.count_leaks(leaks, needs=made.needs, links=made.links, border=made.border)
    assert leaks.capacity[JAPAN, [OXIDE, MAGNET]].tolist() == [8.0, 6.0]


def test_motors_come_where_their_magnets_are_held_back() -> None:
    """A motor from Japan is lured by exp(2 x pull); one made at home and a barred one are not."""
    links = Links(
        exporter=np.array([CHINA, JAPAN, GERMANY, CHINA, JAPAN]),
        importer=np.array([GERMANY, GERMANY, GERMANY, GERMANY, US]),
        good=np.array([MAGNET, MOTOR, MOTOR, MOTOR, MOTOR]),
        share=np.ones(5),
        need=np.array([0, 1, 1, 1, 2]),
        freight=np.zeros(5),
        vat=np.zeros(5),
        pending=np.zeros(5),
        prior=a(1.0, 0.25, 0.75, 0.1, 1.0),
        qualify=a(0.0, 0.0, 0.0, 9.0, 0.0),
        shipped=a(0.0, 6.0, 3.0, 1.0, 9.0),
        facts=FACTS,
    )
    links.motor_rows = np.array([1, 2, 3, 4])
    needs = Needs(base_use=np.ones(3), facts=FACTS)
    border, leaks = Border(links, needs), Leaks(FACTS, 3, False)
    border.premium[border.channel[0]] = 1.0
    border.banned[border.channel[3]] = 1.0
    p = Crossing().p
    drawn = leakage.border_pull(border, p=p)
    held = border.channel[[0]]
    lane = border.importer[held] * G + border.good[held]
    leakage._motors(leaks, lane, drawn[held], links=links, border=border)
    pull = 1.0 - np.exp(-(np.e - 1.5))
    assert leaks.pull[GERMANY, MAGNET] == pytest.approx(pull)
    assert leaks.pull.sum() == pytest.approx(pull)
    assert leaks.lure == pytest.approx([1.0, np.exp(2.0 * pull), 1.0, 1.0, 1.0])
    leakage.count_leaks(leaks, needs=needs, links=links, border=border)
    # 7 of 10 t came from abroad, a quarter of the 10 as ever: 4.5 are beyond it
    assert leaks.tonnes["assembly"] == pytest.approx(4.5)
    still = Leaks(FACTS, 3, False)
    leakage._motors(still, lane[:0], drawn[:0], links=links, border=border)
    assert still.lure == 1.0
