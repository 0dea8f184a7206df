"""The class game by hand: scores, briefs, news and headlines from a reading of a few round
numbers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coercivity.model.basis.facts import load_table
from coercivity.viz.classroom.engine import debrief, numbers, scoring, team_briefs
from coercivity.viz.classroom.engine.game import new_game, play_round
from coercivity.viz.classroom.engine.game_run import Reading
from coercivity.viz.classroom.engine.game_state import LEAD, Game
from coercivity.viz.classroom.engine.game_tables import goals, seats
from coercivity.viz.classroom.engine.numbers import NumberRequest
from coercivity.viz.classroom.engine.round_effects import replay_game
from tests.names import GOODS, STAGES, STATES

CHINA, JAPAN, US, FRANCE, GERMANY = (
    STATES.index(name) for name in ("China", "Japan", "United States", "France", "Germany")
)
DY, NDPR = GOODS.index("dysprosium_oxide"), GOODS.index("ndpr_oxide")


def reading(months: int = LEAD + 24, **series: Any) -> Reading:
    """Months in which nothing happens but what a test says: a state's or good's series by name, as
    {state or good: value or values by month}.
    """
    s, g, t = len(STATES), len(GOODS), len(STAGES)
    by_state = "lost cost waiting motors sold_to separated_in_china imports spent distrust"
    shapes = {
        **dict.fromkeys(by_state.split(), (months, s)),
        **dict.fromkeys(("stock", "use", "made", "home_price"), (months, s, g)),
        **dict.fromkeys(("capacity", "building"), (months, s, t)),
        "firm": (months, 10),
    }
    held = {name: np.zeros(shape) for name, shape in shapes.items()}
    fields = {name: series.pop(name) for name in list(series) if name not in held}
    for name, values in series.items():
        for at, value in values.items():
            held[name][(slice(None), *(at if isinstance(at, tuple) else (at,)))] = value
    given: dict[str, Any] = {
        "months": months,
        "series": held,
        "names": ("Car Maker", "Motor Maker", "US Maker"),
        "user_state": np.array([JAPAN, JAPAN, US]),
        "down": np.zeros((months, 3), dtype=bool),
        "day": np.full((months, 3), 0.5),
        "missing": np.full((months, 3), DY),
        "firm_down": np.zeros((months, 2)),
        "suppliers": np.zeros((months, s)),
        "credibility": np.linspace(0.0, 1.0, months),
        "events": (),
        "plants": (),
    }
    return Reading(**(given | fields))


def by_month(months: int = LEAD + 24, **values: float) -> np.ndarray:
    """Zero but in months named m24, m25 ..."""
    found = np.zeros(months)
    for name, value in values.items():
        found[int(name[1:])] = value
    return found


def value(
    seat: str, goal: str, read: Reading, until: int = LEAD + 24, game: Game | None = None
) -> float:
    return scoring.VALUES[seat, goal](read, replay_game(game or new_game()), until, seat)


def test_flows_are_a_year_s_mean_from_the_game_s_first_month_on() -> None:
    """48 million in one of 24 months are 2 a month, 24 a year, 0.024 bn; what was lost before the
    game does not count.
    """
    lost = by_month(m23=999.0, m24=48.0)
    read = reading(
        lost={JAPAN: lost, US: lost * 2, FRANCE: lost / 2}, cost={JAPAN: lost / 4, US: lost}
    )
    assert value("target", "output", read) == pytest.approx(0.024)
    assert value("target", "cost", read) == pytest.approx(0.006)
    assert value("ally", "output", read) == pytest.approx(0.048 + 0.024)
    assert value("bloc", "output", read) == pytest.approx(0.012)
    assert value("target", "output", read, LEAD + 12) == pytest.approx(0.048)
    assert value("target", "output", read, LEAD) == 0.0
    sold = reading(sold_to={JAPAN: by_month(m24=24.0), US: by_month(m47=24.0)})
    assert value("exporter", "exports", sold) == pytest.approx(0.024)


def test_dependence_is_the_mean_share_by_weight_of_the_half_year_s_months() -> None:
    """A third in one month and a sixth in another are a quarter, whatever was bought in them;
    months without imports say nothing.
    """
    read = reading(
        separated_in_china={JAPAN: by_month(m41=9.0, m42=2.0, m47=2.0)},
        imports={JAPAN: by_month(m41=9.0, m42=6.0, m47=12.0), US: 1.0},
    )
    assert told("Japan", read) == pytest.approx(25.0)
    assert told("Japan", read, 42) == pytest.approx(100.0)
    assert told("United States", read) == 0.0
    assert told("EU", read) == 0.0  # who buys nothing depends on nobody
    early = reading(separated_in_china={JAPAN: by_month(m0=1.0)}, imports={JAPAN: by_month(m0=2.0)})
    assert told("Japan", early, 6) == pytest.approx(50.0)
    two = reading(
        separated_in_china={FRANCE: 1.0, GERMANY: 8.0}, imports={FRANCE: 2.0, GERMANY: 8.0}
    )
    assert told("EU", two) == pytest.approx(90.0)  # states together, not their mean


def told(state: str, read: Reading, until: int = 48, number: str = "dependence") -> float:
    return numbers.value(NumberRequest(number, state), read, until)


def test_what_china_holds_back_counts_in_the_goal_as_if_it_had_come() -> None:
    """Of 10 t a month 6 came from China in 2025, and 4 from elsewhere."""
    months = np.arange(48)

    def then(china: float, elsewhere: float) -> tuple[float, float]:
        read = reading(
            separated_in_china={JAPAN: np.where(months < LEAD, 6.0, china)},
            imports={JAPAN: np.where(months < LEAD, 10.0, china + elsewhere)},
        )
        return told("Japan", read), value("target", "dependence", read)

    assert then(6.0, 4.0) == pytest.approx((60.0, 60.0))
    assert then(0.0, 4.0) == pytest.approx((0.0, 60.0))  # cut off, and nothing found elsewhere
    assert then(0.0, 6.0) == pytest.approx((0.0, 50.0))
    assert then(6.0, 6.0) == pytest.approx((50.0, 50.0))  # which needs no ban
    assert then(12.0, 4.0) == pytest.approx((75.0, 75.0))
    assert value("ally", "dependence", reading()) == 0.0


MINES, SEPARATION, METAL, MAGNET, ASSEMBLY = (
    STAGES.index(name) for name in ("mining", "separation", "metal", "magnet", "assembly")
)


def test_plants_at_home_are_those_after_the_mine_built_or_under_way_over_two_years() -> None:
    """6,000 t stand and 2,000 are under way in the second of two years: 4 thousand on average."""
    late = by_month(**{f"m{at}": 1.0 for at in range(36, 48)})
    read = reading(
        capacity={
            (US, SEPARATION): late * 6000.0,
            (US, MINES): 99e9,
            (US, ASSEMBLY): 99e9,
            (FRANCE, MAGNET): 12_000.0,
            (JAPAN, METAL): 99e9,
        },
        building={(US, MAGNET): late * 2000.0},
    )
    assert value("ally", "home", read) == pytest.approx(4.0)
    assert value("ally", "home", read, 36) == 0.0
    assert value("bloc", "home", read) == pytest.approx(12.0)


def test_plants_outside_are_the_mean_share_of_four_stages_and_china_s_place_of_three() -> None:
    """Outside China: half of the mines, a quarter of separation, none of metal and magnets; 18.75%
    on average. China has 75, 100 and 100%.
    """
    capacity = {(CHINA, stage): 30.0 for stage in (MINES, SEPARATION, METAL, MAGNET, ASSEMBLY)}
    capacity |= {(JAPAN, MINES): 20.0, (US, SEPARATION): 10.0, (US, ASSEMBLY): 99.0}
    read = reading(capacity=capacity, building={(JAPAN, MINES): 10.0})
    assert value("ally", "outside", read) == pytest.approx(18.75)
    assert value("bloc", "outside", read) == pytest.approx(18.75)
    assert value("exporter", "leverage", read) == pytest.approx(275.0 / 3.0)


def test_trust_is_that_of_three_customers_in_the_last_year() -> None:
    last = by_month(**{f"m{at}": 1.0 for at in range(36, 48)}, m35=99.0)
    read = reading(
        distrust={JAPAN: 0.6 * last, US: 0.3 * last, CHINA: 9.0, STATES.index("India"): 9.0}
    )
    assert value("exporter", "trust", read) == pytest.approx(0.3)


def test_concessions_count_from_the_first_month_of_the_game_by_whom_they_are() -> None:
    events = (
        (LEAD - 1, "Japan", "concession", ""),
        (LEAD, "Japan", "concession", ""),
        (LEAD + 5, "EU", "concession", ""),
        (LEAD + 6, "Japan", "ban", ""),
        (LEAD + 24, "Japan", "concession", ""),
    )
    read = reading(events=events)
    assert (value("exporter", "concession", read), value("target", "concession", read)) == (
        2.0,
        1.0,
    )
    assert value("exporter", "concession", read, LEAD) == 0.0


def test_blows_of_governments_that_decide_by_rule_are_read_from_the_run() -> None:
    weight = {row["government"]: row["counter_leverage"] for row in load_table("counter_leverage")}
    events = (
        (LEAD - 1, "EU", "trigger", ""),
        (LEAD, "EU", "trigger", ""),
        (LEAD + 1, "EU", "import_tariff", ""),
        (LEAD + 2, "EU", "dispute", ""),
        (LEAD + 3, "United States", "trigger", ""),
        (LEAD + 24, "EU", "trigger", ""),
        (LEAD + 4, "China", "trigger", ""),
    )
    game = new_game(seats=["exporter", "target", "ally"])  # the EU follows its rule
    read = reading(events=events)
    assert value("exporter", "struck", read, game=game) == pytest.approx(1.6 * weight["EU"])
    moves = {
        "ally": [{"card": "strike_back", "with": "tariff"}, {"card": "remark", "strength": "mild"}],
        "target": [{"card": "dispute"}],
    }
    told = play_round(game, moves)
    assert value("exporter", "struck", reading(), game=told) == pytest.approx(
        0.6 * weight["United States"] + 0.1 * weight["Japan"]
    )


def test_money_is_what_was_paid_and_what_was_spent_at_once_over_the_budget() -> None:
    game = play_round(new_game(), {"target": [{"card": "strike_back", "with": "elsewhere"}]})
    read = reading(spent={JAPAN: by_month(m47=50.0)})
    budget = seats()["target"].budget
    assert value("target", "spending", read, game=game) == pytest.approx(100.0 * 150.0 / budget)
    assert value("target", "spending", read, 47, game) == pytest.approx(100.0 * 100.0 / budget)
    assert value("target", "spending", read, 0, game) == pytest.approx(100.0 * 100.0 / budget)


def test_the_firm_is_scored_on_lines_profit_and_stock() -> None:
    """Magnets: 10 t a month in the year before the game, 6 since. 12 of sales, 3 of inputs, 1 of
    conversion a month are 0.096 bn a year.
    """
    made = np.where(np.arange(LEAD + 24) < LEAD, 10.0, 6.0)
    made[:12] = 99.0
    read = reading(firm={1: made, 3: 12.0, 4: 3.0, 5: 1.0, 6: np.arange(48.0)})
    assert value("firm", "lines", read) == pytest.approx(60.0)
    assert value("firm", "lines", read, LEAD) == 100.0
    assert value("firm", "profit", read) == pytest.approx(0.096)
    assert value("firm", "profit", read, LEAD) == 0.0
    built = play_round(
        new_game(), {"firm": [{"card": "build_metal", "where": "Malaysia", "size": "part"}]}
    )
    cost = replay_game(built).fixed["firm"]
    assert cost > 0.0
    assert value("firm", "profit", read, game=built) == pytest.approx(0.096 - cost / 1000.0 / 2.0)
    assert value("firm", "stock", read) == pytest.approx((24 + 47) / 2)
    assert value("firm", "stock", read, LEAD) == 23.0


def test_a_goal_has_none_at_its_first_mark_and_all_at_its_second_and_beyond() -> None:
    lines = goals()["target"][0]  # 3 bn a year lost: none, nothing lost: all
    marks = {3.0: 0.0, 1.5: 50.0, 0.0: 100.0, 6.0: -100.0, 9.0: -100.0, -9.0: 100.0}
    assert {lost: scoring.points(lines, lost) for lost in marks} == marks


def test_a_number_that_is_not_defined_is_none_and_a_short_run_counts_as_it_goes() -> None:
    price = np.where(np.arange(48) == 47, np.nan, np.inf)
    asked = NumberRequest("price", "Japan", "dysprosium_oxide")
    found = team_briefs.fact(asked, reading(home_price={(JAPAN, DY): price}), "a")
    assert (found["value"], found["before"], found["unit"]) == (None, None, "USD/kg")
    lost = NumberRequest("lost", "Japan")
    assert numbers.value(lost, reading(4, lost={JAPAN: np.arange(4.0)}), 4) == 6.0
    assert numbers.value(lost, reading(10, lost={JAPAN: np.arange(10.0)}), 6) == 15.0


def notes(seat: str, read: Reading, game: Game | None = None) -> list[str]:
    game = game or play_round(play_round(new_game(length=4), {}), {})
    return team_briefs._notes(read, replay_game(game), game, seat)


def test_stops_and_openings_of_the_last_half_year_are_noted_six_of_each_at_most() -> None:
    """After two rounds it is January 2027, month 36 of the world: the half-year begins with month
    30.
    """
    down = np.zeros((36, 3), dtype=bool)
    down[29:, 0], down[30:, 1], down[30:, 2] = True, True, True
    plants = [(29, "Japan", "too early"), (30, "Japan", "in time"), (30, "China", "elsewhere")]
    plants += [(31, "Japan", f"plant {k}") for k in range(5)]
    read = reading(36, down=down, plants=tuple(plants))
    told = notes("target", read)
    assert told[0].endswith("a line at Motor Maker stops: no dysprosium oxide.")
    assert told[0].startswith("2026-07-")
    assert told[1:] == [
        *(f"2026-08: a plant opens: plant {k}." for k in (4, 3, 2, 1, 0)),
        "2026-07: a plant opens: in time.",
    ]


def test_news_are_of_the_last_round_by_month_each_once_and_sixty_at_most() -> None:
    game = play_round(play_round(new_game(length=4), {}), {})
    down = np.zeros((36, 3), dtype=bool)
    down[32:, 2] = True
    events = (
        (29, "China", "ban", "too early"),
        (33, "China", "ban", "a ban"),
        (33, "China", "ban", "a ban"),
        (30, "Japan", "decision", "Japan decides"),
        (31, "a firm", "firm_build", "told better elsewhere"),
    )
    plants = ((30, "Japan", "a plant"), (29, "Japan", "too early"))
    read = reading(36, down=down, events=events, plants=plants)
    told = team_briefs.news(read, game)
    assert [(one["month"], one["actor"]) for one in told] == [
        ("2026-07", "Japan"),
        ("2026-07", "Japan"),
        ("2026-09", "United States"),
        ("2026-10", "China"),
    ]
    assert [one["text"] for one in told[:2]] == ["Japan decides", "A plant opens: a plant"]
    assert told[2]["text"].endswith("a line at US Maker stops: no dysprosium oxide")
    many = tuple((30, "China", "ban", f"act {k}") for k in range(61))
    thin = team_briefs.news(reading(36, events=many), game)
    assert (len(thin), thin[58]["text"], thin[59]["text"]) == (60, "act 58", "and 2 more")
    assert len(team_briefs.news(reading(36, events=many[:60]), game)) == 60
    assert team_briefs.news(reading(36, events=many[:60]), game)[59]["text"] == "act 59"


def test_headlines_add_up_the_game_and_its_follow_up_in_billions() -> None:
    down = np.zeros((48, 3), dtype=bool)
    down[23, 0], down[30:32, 1], down[40, 1], down[30, 2] = True, True, True, True
    price = np.zeros(48)
    price[42:], price[41] = 300.0, 9e9
    read = reading(
        lost={JAPAN: by_month(m23=9e9, m24=1500.0, m47=500.0), US: by_month(m30=250.0)},
        cost={JAPAN: by_month(m24=3000.0)},
        sold_to={JAPAN: by_month(m24=1000.0), US: by_month(m25=500.0)},
        separated_in_china={JAPAN: 1.0},
        imports={JAPAN: 4.0},
        home_price={(JAPAN, DY): price},
        capacity={(CHINA, stage): 1.0 for stage in (MINES, SEPARATION, METAL, MAGNET)},
        down=down,
    )
    assert debrief.headlines(read) == {
        "lost_target": 2.0,
        "cost_target": 3.0,
        "lost_ally": 0.25,
        "lost_bloc": 0.0,
        "stood_target": 1.5,
        "exports": 1.5,
        "place": 100.0,
        "outside": 0.0,
        "dependence_target": 25.0,
        "dependence_ally": 0.0,
        "dependence_bloc": 0.0,
        "price_dy": 300.0,
    }


def test_months_stood_are_the_mean_over_japan_s_lines_from_the_game_s_first_month_on() -> None:
    """Three months of one line and one of the other are two on average: a line that stood before
    the game and goes on standing counts from its first month, without stopping anew.
    """
    down = np.zeros((48, 3), dtype=bool)
    assert debrief.idle_months(reading(down=down)) == 0.0
    down[20:26, 0], down[47, 0], down[47, 1], down[:, 2] = True, True, True, True
    read = reading(down=down)
    assert debrief.idle_months(read) == 2.0
    assert [month for month, *_ in read.stops("Japan", LEAD)] == [47, 47]
    assert debrief.idle_months(replace(read, user_state=np.array([JAPAN, US, US]))) == 3.0
    assert debrief.idle_months(reading(down=np.ones((48, 3), dtype=bool))) == 24.0
