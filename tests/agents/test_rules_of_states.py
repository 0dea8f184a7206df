"""The sender's and the target's rules: when a matter comes up, which instrument, what is given back, and how a target answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.agents import sender, target
from coercivity.agents.state import Act, View

A, B, C = 0, 1, 2  # the sender and two targets
MOOD = sender.Temper(-7.1, 5.0, 3.4, 0.3, 0.1, 0.8, 0.02, 0.25)
LADDER = (
    sender.Instrument("remark", 0, 0.02, 0.0, 0.02, 0.0, 0.0, 1.0, False, 1, 1, ()),
    sender.Instrument("threat", 1, 0.1, 0.0, 0.1, 0.05, 0.0, 1.0, False, 1, 2, ()),
    sender.Instrument("customs_halt", 2, 0.6, 0.2, 0.5, 0.3, 0.0, 0.35, False, 2, 6, ("all",)),
    sender.Instrument("licensing", 3, 0.3, 0.03, 0.3, 0.2, 0.25, 1.0, True, 0, 3, ("all",)),
    sender.Instrument("dual_use_ban", 4, 0.4, 0.25, 0.5, 0.5, 0.4, 1.0, False, 0, 3, ("all",)),
    sender.Instrument("blanket_ban", 6, 1.0, 1.0, 1.0, 1.0, 0.3, 1.0, False, 0, 6, ("all",)),
)
unit = st.floats(0.0, 1.0)


def view(**more: object) -> View:
    """A sender's view: high tension towards B, none towards C; equal power over both."""
    zero = np.zeros(3)
    base = View(
        name="A", month=10, states=(A,), governments=("A", "B", "C"), gdp=np.array([10.0, 5.0, 5.0]), tension=np.array([0.0, 0.9, 0.0]), tension_from=zero,
        exposure=zero, others_exposure=zero, power=np.array([0.0, 0.4, 0.4]), power_under=zero,
        segments={"all": (np.array([0.0, 0.4, 0.4]), np.array([0, 0.2, 0.2]))},
        loss_3=0.0, loss_12=0.0, loss_share_3=0.0, loss_share_12=0.0, prices={}, cover={}, acts_by=(), acts_against=(), signals=(), suspended=(), memory=zero,
        budget_left=0.0, budget_spent=0.0, reserve={}, coalitions=(), rival_building=0.05, trigger=np.array([0.0, 0.8, 0.0]), sovereignty=zero,
        rival_control=zero, capability=0.7, since_measure=np.full(3, 999.0), distrust=zero, counter_leverage=np.array([0.0, 0.4, 0.4]), credibility=0.35,
        open_threats=(), gave_way=(), audience=(0.004, 0.02),
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def best(of: View, name: str = "B", states: tuple[int, ...] = (B,)) -> str:
    return sender.candidates(of, MOOD, LADDER, name, states)[0].kind


def test_a_provoked_sender_acts_and_a_calm_one_hardly_ever() -> None:
    chance = sender.comes_up(view(), MOOD)
    assert chance[B] > 5 * chance[C]
    assert chance[A] == 0.0
    assert 0.0 < chance[C] < 0.02


@given(unit, unit)
def test_the_chance_rises_with_provocation_and_falls_with_counter_leverage(low: float, high: float) -> None:
    low, high = sorted((low, high))
    mild, grave = (sender.comes_up(view(trigger=np.array([0.0, s, 0.0])), MOOD)[B] for s in (low, high))
    weak, strong = (sender.comes_up(view(counter_leverage=np.array([0.0, c, 0.0])), MOOD)[B] for c in (low, high))
    assert mild <= grave
    assert weak >= strong


def test_without_law_a_halt_that_can_be_denied_with_law_a_licence_or_a_ban() -> None:
    assert best(view(capability=0.1)) == "customs_halt"
    assert best(view(capability=0.7)) in ("licensing", "dual_use_ban")
    assert sender.framing(0.1) == "conservation"
    assert sender.framing(0.7) == "security"


def test_nothing_is_done_where_there_is_no_quarrel_or_no_power() -> None:
    assert best(view(), "C", (C,)) == "nothing"
    none = {"all": (np.zeros(3), np.array([0, 0.2, 0.2]))}
    assert best(view(segments=none)) == "nothing"


def test_what_stands_is_not_chosen_again_and_the_ladder_is_climbed() -> None:
    law = Act("law", "licensing", "A", (B, C), 6)
    options = sender.candidates(view(acts_by=(law,)), MOOD, LADDER, "B", (B,))
    assert "licensing" not in [option.kind for option in options]
    assert options[0].kind == "dual_use_ban"
    assert not {"remark", "threat"} & {option.kind for option in options}  # words are spent once a measure stands


def test_a_threat_that_is_not_carried_out_costs_credibility() -> None:
    calm, held = (next(o for o in sender.candidates(view(open_threats=t), MOOD, LADDER, "B", (B,)) if o.kind == "nothing") for t in ((), (B,)))
    assert held.score < calm.score == 0.0


@given(unit, unit)
def test_more_retaliation_is_never_worth_more(low: float, high: float) -> None:
    low, high = sorted((low, high))
    for tool in LADDER:
        mild, hard = (sender.worth(view(counter_leverage=np.array([0.0, c, c])), MOOD, tool, "all", (B,), 0) for c in (low, high))
        assert hard <= mild + 1e-12


def test_the_newest_measure_is_given_back_and_the_base_stays() -> None:
    law, ban = Act("law", "licensing", "A", (B, C), 20), Act("ban", "dual_use_ban", "A", (B,), 4)
    cold = view(acts_by=(law, ban), gave_way=("B",))
    back = sender.give_back(cold, MOOD, LADDER, "B", (B,), foremost=True)
    assert back is not None
    assert dict(back.fields) == {"of": "ban"}
    assert back.months == 12
    assert sender.give_back(view(acts_by=(law,), gave_way=("B",)), MOOD, LADDER, "B", (B,), foremost=True) is None  # the base
    assert sender.give_back(view(acts_by=(law, ban)), MOOD, LADDER, "B", (B,), foremost=True) is None  # it still pays
    healed = view(acts_by=(law, ban), tension=np.zeros(3))
    assert sender.give_back(healed, MOOD, LADDER, "B", (B,), foremost=True) is not None


def hurt(**more: object) -> View:
    """B's view of a ban by A."""
    values = {"name": "B", "states": (B,), "tension": np.array([0.6, 0.0, 0.0]), "tension_from": np.array([0.6, 0.0, 0.0]),
              "power_under": np.array([0.4, 0.0, 0.0]), "trigger": np.zeros(3)}  # fmt: skip
    return view(**{**values, **more})


def answer(of: View, act: Act) -> str:
    return target.answers(of, act, "A", (A,), 0.4, 0.1, 0.8, at_court=False, struck=False)[0].kind


BAN = Act("ban", "dual_use_ban", "A", (B,), 3)


def test_a_target_endures_what_it_can_bear_and_gives_way_when_it_hurts() -> None:
    assert answer(hurt(), BAN) == "endure"
    assert answer(hurt(loss_share_3=0.003, loss_share_12=0.003), BAN) == "concession"
    sovereign = hurt(loss_share_3=0.003, loss_share_12=0.003, sovereignty=np.array([0.0, 1.0, 0.0]))
    assert answer(sovereign, BAN) == "endure"  # the audience is dearer


def test_those_who_can_strike_back_do() -> None:
    strong = hurt(counter_leverage=np.array([0.0, 0.9, 0.0]), power_under=np.array([0.1, 0.0, 0.0]))
    assert answer(strong, BAN) == "import_tariff"


def test_only_a_case_that_can_be_won_goes_to_court() -> None:
    old = Act("quota", "quota", "A", (B,), 20, framing="conservation")
    assert answer(hurt(), old) == "dispute"
    assert answer(hurt(), replace(old, framing="security")) == "endure"
    assert answer(hurt(), replace(old, months=3)) == "endure"
    assert target.odds_at_court("security", 0.1) == pytest.approx(0.1)
    assert target.odds_at_court("conservation", 0.1) == pytest.approx(0.9)
