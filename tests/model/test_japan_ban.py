"""japan-blanket-ban: cover decides when a line stops, the loss is split, others hardly lose.

Metrics and thresholds were written before the first run; the ban is in force in months 0 to 11
(2026), the twin is the same scenario without it.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.agents.firms.end_user import STOP_THRESHOLD
from coercivity.model.scenario.scenario import load_scenario, scenario_from_dict, with_changes
from coercivity.model.world import World
from tests.model.quantities import JAPAN, home_price, paid
from tests.names import CHINA

SEEDS, LAST, MONTHS = (1, 2, 3, 4), 11, 36
DYSPROSIUM = "dysprosium_oxide"


class Story:
    """What three years tell, with or without the ban: of Japan's end users their cover, the month
    of the ban in which they stop (inf: never) and losses; prices of dysprosium.
    """

    def __init__(self, seed: int, ban: bool) -> None:
        raw = with_changes(load_scenario("japan-blanket-ban"), months=MONTHS).to_dict()
        raw["events"] = [one for one in raw["events"] if ban or one["kind"] != "blanket_ban"]
        world = World(scenario_from_dict(raw), seed, record=False, collect=False)
        firms, needs, links = world.firms, world.needs, world.links
        ends = firms.is_end & (firms.state == JAPAN)
        others = firms.is_end & (firms.state != JAPAN) & (firms.state != CHINA)
        china = links.share * (links.exporter == CHINA)
        from_china = np.bincount(links.need, china, len(needs)) > 0.05
        cover, stop = np.full(len(firms), np.inf), np.full(len(firms), np.inf)
        np.minimum.at(cover, needs.firm[from_china], needs.cover[from_china])
        total = dict.fromkeys(("short", "absorbed", "gone", "made_up"), 0.0)
        lost, plan = np.zeros(len(firms)), np.zeros(len(firms))
        seen, owed_before = [], firms.backlog[ends].sum()
        for month in range(MONTHS):
            world.step()
            down = firms.run < STOP_THRESHOLD * firms.plan
            new = firms.is_end & np.isinf(stop) & down
            stop[new] = month + firms.lasts[new]
            for name in total:
                total[name] += float(getattr(firms, f"loss_{name}")[ends].sum())
            if month <= LAST:
                lost += np.maximum(firms.plan - firms.run, 0.0) * firms.size
                plan += firms.plan * firms.size
            seen.append((paid(world, DYSPROSIUM, JAPAN), home_price(world, DYSPROSIUM)))
        self.cover, self.total, self.sector = cover[ends], total, firms.sector[ends]
        self.stop = np.where(stop <= LAST + 1, stop, np.inf)[ends]
        self.lost, self.others_lost = (lost[of].sum() / plan[of].sum() for of in (ends, others))
        self.owed = float(firms.backlog[ends].sum() - owed_before)
        self.japan_dy, self.china_dy = np.array(seen).T


@pytest.fixture(scope="module")
def stories() -> list[tuple[Story, Story]]:
    return [(Story(seed, ban=False), Story(seed, ban=True)) for seed in SEEDS]


def test_those_that_do_not_stop_had_more_cover(stories: list[tuple[Story, Story]]) -> None:
    """Of firms of one sector in one world: sectors differ in what else they can do."""
    more = []
    for _, ban in stories:
        bought = np.isfinite(ban.cover)  # of China
        for sector in np.unique(ban.sector):
            goes_on, stops = (
                ban.cover[bought & (ban.sector == sector) & still]
                for still in (np.isinf(ban.stop), np.isfinite(ban.stop))
            )
            if len(goes_on) and len(stops):
                more.append(goes_on.mean() > stops.mean())
    assert len(more) >= 2
    assert np.mean(more) > 0.75


def test_the_loss_is_split_and_adds_up(stories: list[tuple[Story, Story]]) -> None:
    """missed = absorbed by finished goods + gone + made up + still owed."""
    for _, ban in stories:
        short, absorbed, gone, made_up = ban.total.values()
        assert min(gone, made_up) > 0.0
        assert absorbed + gone + made_up + ban.owed == pytest.approx(short, rel=1e-6)


def test_other_importers_hardly_lose(stories: list[tuple[Story, Story]]) -> None:
    for base, ban in stories:
        japan, others = ban.lost - base.lost, ban.others_lost - base.others_lost
        assert japan > 0.02
        assert others < 0.1 * japan


def test_prices_part_in_japan_and_stay_in_china(stories: list[tuple[Story, Story]]) -> None:
    """Twice as dear in Japan on a mean of the worlds."""
    japan = []
    for base, ban in stories:
        japan.append((ban.japan_dy / base.japan_dy)[: LAST + 1].max())
        china = (ban.china_dy / base.china_dy)[: LAST + 1]
        assert china.min() > 1 / 1.5
        assert china.max() < 1.5
    assert min(japan) > 1.5
    assert np.mean(japan) >= 2.0


def test_a_border_that_lets_all_pass_halts_no_line_years_later() -> None:
    """Licences that let nearly all pass stand until 2038. In the last six years less than a
    thousandth of car making is missing, in the world of four in which 43 lines stopped (0098).
    """
    world = World(load_scenario("japan-2026-from-2024"), 4, record=False, collect=False)
    sectors = [world.facts.sector_row[name] for name in ("automotive", "ev_drivetrains")]
    firms = world.firms
    cars = firms.is_end & np.isin(firms.sector, sectors)
    missing = planned = 0.0
    for month in range(world.scenario.months):
        world.step()
        if month >= 108:
            missing += float(np.maximum(firms.plan - firms.run, 0.0)[cars].sum())
            planned += float(firms.plan[cars].sum())
    held = np.isfinite(world.expected.since)
    assert held.any()
    assert world.expected.passes[held].mean() > 0.9
    assert missing < 1e-3 * planned
