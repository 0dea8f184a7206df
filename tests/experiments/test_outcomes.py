"""Headlines read from a world without tables are those of its tables, to the last bit."""

import pytest

from coercivity.experiments.quantities.headlines import focal_event, formulas, headline_table
from coercivity.experiments.quantities.outcomes import HeadlineWatch
from coercivity.experiments.worlds.bare_runs import run_headlines
from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes
from coercivity.model.world import World

IDS = [row.id for row in headline_table(Facts.default())]


def small(name: str, months: int, **parameters: float) -> Scenario:
    """A shipped scenario with one firm a sector."""
    return with_changes(
        load_scenario(name), months=months, parameters={"firms_per_sector": 1, **parameters}
    )


@pytest.mark.parametrize(
    ("name", "months", "seed"),
    [
        ("japan-2026", 30, 1),
        ("japan-2026", 27, 8),
        ("japan-blanket-ban", 64, 2),
        ("embargo-2010", 40, 3),
        ("business-as-usual", 14, 4),
        ("governments-decide-2024", 26, 5),
        ("friend-shoring-together", 13, 6),
        ("licensing-2025", 18, 7),
        ("truce", 1, 1),
    ],
)
def test_every_headline_is_equal_to_that_of_the_tables(name: str, months: int, seed: int) -> None:
    scenario = small(name, months)
    assert run_headlines(scenario, seed) == run_scenario(scenario, seed).headlines()


def test_the_usual_number_of_firms_and_other_parameters() -> None:
    """Sums over more firms round in other places."""
    scenario = with_changes(
        load_scenario("japan-blanket-ban"),
        months=30,
        parameters={"spare_capacity": 0.2, "dependent_scale": 1.4},
    )
    assert run_headlines(scenario, 3) == run_scenario(scenario, 3).headlines()


def test_a_run_that_ends_before_the_measure() -> None:
    """Japan is hit in January 2026: two years are too short to see it, so an earlier measure, or
    the start, counts.
    """
    scenario = small("japan-2026", 24)
    event = focal_event(scenario, month_names(scenario.start, scenario.months))
    assert event is None or "Japan" not in event.targets
    found = run_headlines(scenario, 2)
    assert found == run_scenario(scenario, 2).headlines()
    assert found["dependence_origin_60m"] is None


@pytest.mark.parametrize("since", ["2024-01-31", "2025-03-10", "2025-12-01"])
def test_a_twin_is_counted_from_the_day_of_the_other(since: str) -> None:
    scenario = small("business-as-usual", 24)
    assert run_headlines(scenario, 1, since=since) == compute_headlines(
        run_scenario(scenario, 1), since
    )


def test_each_headline_alone_reads_all_that_its_formula_needs() -> None:
    """A watch for one headline copies nothing else; a formula that read more than it declares would
    fail here.
    """
    scenario = small("japan-blanket-ban", 36)
    world = World(scenario, 4, record=False)
    watches = {name: HeadlineWatch(world, [name]) for name in IDS}
    for _ in range(scenario.months):
        world.step()
        for watch in watches.values():
            watch.read(world)
    expected = run_scenario(scenario, 4).headlines()
    assert {name: watch.values()[name] for name, watch in watches.items()} == expected
    assert all(
        expected[name] is not None for name in ("first_stop_days", "dependence_separated_end")
    )  # there is something to read


def test_a_watch_answers_in_the_order_asked_and_leaves_the_world_alone() -> None:
    scenario, wanted = small("embargo-2010", 6), ["world_price_dy_end", "firms_stopped"]
    watched, plain = World(scenario, 1), World(scenario, 1)
    watch = HeadlineWatch(watched, wanted)
    for _ in range(6):
        watched.step()
        plain.step()
        watch.read(watched)
    assert list(watch.values()) == wanted
    assert watch.values() == watch.values()
    assert (watched.links.weight == plain.links.weight).all()
    assert set(watch.recording.names) == {
        *("run", "plan", "lacking", "lasts"),
        *("sold", "ask", "lane_quoted"),
    }


def test_a_watch_has_to_see_every_month() -> None:
    world = World(small("embargo-2010", 3), 1, record=False)
    world.step()
    with pytest.raises(ValueError, match="1 months old"):
        HeadlineWatch(world)


def test_a_headline_declares_what_it_reads() -> None:
    assert formulas(Facts.default())["cost_paid_total"].reads == (("flow", "cost_paid"),)
    assert formulas(Facts.default())["price_multiple_dy_japan"].reads == (
        ("home_price", "dysprosium_oxide"),
    )
    assert all(formula.reads for formula in formulas(Facts.default()).values())


@pytest.mark.parametrize(
    ("wanted", "since", "part"),
    [
        (["first_stop_dais"], None, "did you mean 'first_stop_days'?"),
        (None, "2031-01-01", "use a day from 2024-01"),
        (None, "2024-13-01", "is not a date"),
    ],
)
def test_what_cannot_be_answered_is_refused_before_the_run(
    wanted: list[str] | None, since: str | None, part: str
) -> None:
    with pytest.raises(InputError, match=part.replace("?", r"\?")):
        run_headlines(small("japan-2026", 24), 1, wanted, since)
