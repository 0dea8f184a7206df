"""The sender's and the target's rules: when a matter comes up, which instrument, what is given
back, and how a target answers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.agents.governments import sender, target
from coercivity.agents.governments.view import Act, View

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
        name="A",
        month=10,
        states=(A,),
        governments=("A", "B", "C"),
        gdp=np.array([10.0, 5.0, 5.0]),
        tension=np.array([0.0, 0.9, 0.0]),
        tension_from=zero,
        exposure=zero,
        others_exposure=zero,
        power=np.array([0.0, 0.4, 0.4]),
        power_under=zero,
        segments={"all": (np.array([0.0, 0.4, 0.4]), np.array([0, 0.2, 0.2]))},
        loss_3=0.0,
        loss_12=0.0,
        loss_share_3=0.0,
        loss_share_12=0.0,
        prices={},
        cover={},
        acts_by=(),
        acts_against=(),
        signals=(),
        suspended=(),
        memory=zero,
        budget_left=0.0,
        budget_spent=0.0,
        reserve={},
        coalitions=(),
        rival_building=0.05,
        trigger=np.array([0.0, 0.8, 0.0]),
        sovereignty=zero,
        rival_control=zero,
        capability=0.7,
        since_measure=np.full(3, 999.0),
        distrust=zero,
        counter_leverage=np.array([0.0, 0.4, 0.4]),
        credibility=0.35,
        open_threats=(),
        gave_way=(),
        audience=(0.004, 0.02),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def best(of: View, name: str = "B", states: tuple[int, ...] = (B,)) -> str:
    return sender.candidates(of, MOOD, LADDER, name, states)[0].kind


def test_a_provoked_sender_acts_and_a_calm_one_hardly_ever() -> None:
    chance = sender.comes_up(view(), MOOD)
    assert chance[B] > 5 * chance[C]
    assert chance[A] == 0.0
    assert 0.0 < chance[C] < 0.02


@given(unit, unit)
def test_the_chance_rises_with_provocation_and_falls_with_counter_leverage(
    low: float, high: float
) -> None:
    low, high = sorted((low, high))
    mild, grave = (
        sender.comes_up(view(trigger=np.array([0.0, s, 0.0])), MOOD)[B] for s in (low, high)
    )
    weak, strong = (
        sender.comes_up(view(counter_leverage=np.array([0.0, c, 0.0])), MOOD)[B]
        for c in (low, high)
    )
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
    assert not {"remark", "threat"} & {
        option.kind for option in options
    }  # words are spent once a measure stands


def test_a_threat_that_is_not_carried_out_costs_credibility() -> None:
    calm, held = (
        next(
            o
            for o in sender.candidates(view(open_threats=t), MOOD, LADDER, "B", (B,))
            if o.kind == "nothing"
        )
        for t in ((), (B,))
    )
    assert held.score < calm.score == 0.0


@given(unit, unit)
def test_more_retaliation_is_never_worth_more(low: float, high: float) -> None:
    low, high = sorted((low, high))
    for tool in LADDER:
        mild, hard = (
            sender.worth(view(counter_leverage=np.array([0.0, c, c])), MOOD, tool, "all", (B,), 0)
            for c in (low, high)
        )
        assert hard <= mild + 1e-12


def test_the_newest_measure_is_given_back_and_the_base_stays() -> None:
    law, ban = Act("law", "licensing", "A", (B, C), 20), Act("ban", "dual_use_ban", "A", (B,), 4)
    cold = view(acts_by=(law, ban), gave_way=("B",))
    back = sender.give_back(cold, MOOD, LADDER, "B", (B,), foremost=True)
    assert back is not None
    assert dict(back.fields) == {"of": "ban"}
    assert back.months == 12
    assert (
        sender.give_back(
            view(acts_by=(law,), gave_way=("B",)), MOOD, LADDER, "B", (B,), foremost=True
        )
        is None
    )  # the base
    assert (
        sender.give_back(view(acts_by=(law, ban)), MOOD, LADDER, "B", (B,), foremost=True) is None
    )  # it still pays
    healed = view(acts_by=(law, ban), tension=np.zeros(3))
    assert sender.give_back(healed, MOOD, LADDER, "B", (B,), foremost=True) is not None


def hurt(**more: object) -> View:
    """B's view of a ban by A."""
    values = {
        "name": "B",
        "states": (B,),
        "tension": np.array([0.6, 0.0, 0.0]),
        "tension_from": np.array([0.6, 0.0, 0.0]),
        "power_under": np.array([0.4, 0.0, 0.0]),
        "trigger": np.zeros(3),
    }
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


# ---------------------------------------------------------------- the equations, by hand


def uneven(**more: object) -> View:
    """B is three times as large as C; suppliers at home are distrusted more than anywhere, which is
    nobody's loss abroad.
    """
    values = {
        "gdp": np.array([10.0, 6.0, 2.0]),
        "distrust": np.array([0.9, 0.2, 0.4]),
        "segments": {"all": (np.array([0.0, 0.4, 0.8]), np.array([0.0, 0.2, 0.3]))},
    }
    return view(**{**values, **more})


def tool(kind: str) -> sender.Instrument:
    return next(one for one in LADDER if one.kind == kind)


def test_the_chance_by_hand() -> None:
    """B: z = -7.1 + 5 x 0.8 + 3.4 x 0.7 + 0.3 ln 0.4 - (0.8 x 0.4 + 0.1 x 0.05); nothing provoked C
    takes the 4.0 away.
    """
    z = -7.1 + 4.0 + 2.38 + 0.3 * np.log(0.4) - 0.325
    chance = sender.comes_up(view(), MOOD)
    assert chance == pytest.approx([0.0, 1.0 / (1.0 + np.exp(-z)), 1.0 / (1.0 + np.exp(4.0 - z))])
    assert chance[B] == pytest.approx(0.2108, abs=1e-4)


def test_controls_of_a_rivals_own_provoke_like_politics_and_the_graver_counts() -> None:
    both = view(trigger=np.array([0.0, 0.8, 0.1]), rival_control=np.array([0.0, 0.3, 0.6]))
    np.testing.assert_array_equal(sender.provocation(both), [0.0, 0.8, 0.6])


def test_what_is_out_of_reach_never_comes_up() -> None:
    chance = sender.comes_up(view(power=np.array([0.5, 0.01, 0.011])), MOOD)
    assert chance[A] == chance[B] == 0.0
    assert chance[C] > 0.0


def test_the_worth_of_a_measure_by_hand() -> None:
    """Ban of B: 0.9 sqrt(0.4 x 0.4) - 0.1 (0.2 x 0.25 + 0.3 x 0.5) - 0.8 x 0.4 x 0.5^2 - 0.02 x 3 =
    0.36 - 0.02 - 0.08 - 0.06.

    0.3: capacity of 0.05 under way and distrust of 0.25 abroad, (6 x 0.2 + 2 x 0.4) / 8. Three
    rungs are skipped from 0 to 4, none from 3 or above.
    """
    ban = tool("dual_use_ban")
    assert sender.worth(uneven(), MOOD, ban, "all", (B,), 0) == pytest.approx(0.20)
    assert sender.worth(uneven(), MOOD, ban, "all", (B,), 2) == pytest.approx(0.24)
    assert (
        sender.worth(uneven(), MOOD, ban, "all", (B,), 3)
        == sender.worth(uneven(), MOOD, ban, "all", (B,), 6)
        == pytest.approx(0.26)
    )


def test_a_measure_on_two_states_counts_each_by_its_size() -> None:
    """B three quarters, C one: tension 0.675, power 0.5, counter-leverage 0.4; sales to both,
    0.5.
    """
    worth = sender.worth(uneven(), MOOD, tool("dual_use_ban"), "all", (B, C), 4)
    assert worth == pytest.approx(0.675 * np.sqrt(0.2) - 0.1 * (0.5 * 0.25 + 0.15) - 0.08)


def test_a_rule_for_all_the_world_costs_the_sales_to_all_and_a_threat_bites_as_believed() -> None:
    """Licences: 0.9 sqrt(0.4 x 0.3) - 0.1 (0.5 x 0.03 + 0.3 x 0.3) - 0.8 x 0.4 x 0.2^2. A threat of
    0.1 at a credibility of 0.35: 0.035.
    """
    assert sender.worth(uneven(), MOOD, tool("licensing"), "all", (B,), 3) == pytest.approx(
        0.9 * np.sqrt(0.12) - 0.0105 - 0.0128
    )
    assert sender.worth(uneven(), MOOD, tool("threat"), "all", (B,), 1) == pytest.approx(
        0.9 * np.sqrt(0.014) - 0.1 * 0.03 - 0.8 * 0.4 * 0.0025
    )


def test_framing_turns_at_its_threshold() -> None:
    assert [sender.framing(capability) for capability in (0.39, 0.4)] == [
        "conservation",
        "security",
    ]
    assert sender.framing(0.3, 0.3) == "security"


def test_acts_in_force_against_a_state_are_told_oldest_first() -> None:
    acts = (
        Act("b", "quota", "A", (B,), 4),
        Act("other", "quota", "A", (C,), 99),
        Act("a", "quota", "A", (C, B), 4),
        Act("old", "quota", "A", (B,), 20),
    )
    assert [act.id for act in sender.against(view(acts_by=acts), (B,))] == ["old", "a", "b"]


def kinds(of: View, **more: object) -> list[str]:
    # type: ignore[arg-type]
    return [choice.kind for choice in sender.candidates(of, MOOD, LADDER, "B", (B,), **more)]


def test_what_the_law_allows_is_open_limits_included() -> None:
    """A halt up to a capability of 0.35, licences from 0.25, the general ban from 0.3, that of dual
    use from 0.4.
    """
    assert set(kinds(view(capability=0.35))) == {
        "nothing",
        "remark",
        "threat",
        "customs_halt",
        "licensing",
        "blanket_ban",
    }
    assert set(kinds(view(capability=0.4))) == {
        "nothing",
        "remark",
        "threat",
        "licensing",
        "dual_use_ban",
        "blanket_ban",
    }
    assert "licensing" not in kinds(view(capability=0.2))


def test_an_open_threat_or_an_act_spends_words_and_a_word_within_a_year_is_not_said_again() -> None:
    assert not {"remark", "threat"} & set(kinds(view(open_threats=(B,))))
    assert {"remark", "threat"} <= set(kinds(view(open_threats=(C,))))
    assert "remark" not in kinds(view(signals=(Act("r", "remark", "A", (B,), 2),)))
    assert "remark" in kinds(view(signals=(Act("r", "remark", "A", (C,), 2),)))


def test_what_is_suspended_or_stands_outside_the_model_is_not_chosen() -> None:
    assert "licensing" not in kinds(view(suspended=(Act("l", "licensing", "A", (B,), 2),)))
    assert "licensing" in kinds(view(suspended=(Act("l", "licensing", "A", (C,), 2),)))
    assert "licensing" not in kinds(view(), standing=("licensing",))


def score_of(kind: str, of: View, **more: object) -> float:
    return next(
        choice.score
        for choice in sender.candidates(of, MOOD, LADDER, "B", (B,), **more)
        if choice.kind == kind
    )  # type: ignore[arg-type]


def test_the_ladder_is_climbed_from_the_highest_rung_used() -> None:
    """Each rung skipped costs 0.02: the general ban (6) skips five from nothing, four from a threat
    (1), two from licences (3), one from a precedent (4).
    """
    alone = score_of("blanket_ban", view())
    assert score_of("blanket_ban", view(open_threats=(B,))) == pytest.approx(alone + 0.02)
    assert score_of(
        "blanket_ban", view(signals=(Act("t", "threat", "A", (B,), 3),))
    ) == pytest.approx(alone + 0.02)
    assert score_of(
        "blanket_ban", view(acts_by=(Act("l", "licensing", "A", (B,), 3),))
    ) == pytest.approx(alone + 0.06)
    assert score_of("blanket_ban", view(), precedent=4) == pytest.approx(alone + 0.08)


def test_doing_nothing_costs_a_quarter_of_the_credibility_while_a_threat_is_open() -> None:
    assert score_of("nothing", view(open_threats=(B,))) == pytest.approx(-0.25 * 0.35)
    assert score_of("nothing", view(open_threats=(C,))) == score_of("nothing", view()) == 0.0


def test_choices_come_best_first_and_say_whom_they_name() -> None:
    options = sender.candidates(view(), MOOD, LADDER, "B", (B,))
    assert [o.score for o in options] == sorted((o.score for o in options), reverse=True)
    named = {o.kind: (o.targets, o.goods, o.months) for o in options}
    assert named["licensing"] == (("World",), ("all",), 0)
    assert named["remark"] == (("B",), (), 1)


def test_words_have_their_weight_and_lists_grow() -> None:
    lists = sender.Instrument("entity_list", 2, 0.2, 0.1, 0.1, 0.1, 0.0, 1.0, False, 0, 3, ("all",))
    review = sender.Instrument("review", 1, 0.1, 0.0, 0.1, 0.05, 0.0, 1.0, False, 1, 2, ())
    found = {
        o.kind: dict(o.fields)
        for o in sender.candidates(view(), MOOD, (*LADDER, lists, review), "B", (B,))
    }
    assert [found[kind]["severity"] for kind in ("remark", "threat", "review")] == [0.3, 0.5, 0.4]
    assert found["entity_list"] == {
        "list": "control",
        "sectors": ("aerospace_defence",),
        "share": 0.2,
    }
    again = view(acts_by=(Act("e", "entity_list", "A", (B,), 5),))
    assert "entity_list" in [
        o.kind for o in sender.candidates(again, MOOD, (*LADDER, lists), "B", (B,))
    ]


LAW, NEW = Act("law", "licensing", "A", (B, C), 20), Act("ban", "dual_use_ban", "A", (B,), 4)


def given_back(*acts: Act, foremost: bool = True, name: str = "B", **more: object) -> Any:
    return sender.give_back(
        view(acts_by=acts, gave_way=("B",), **more), MOOD, LADDER, name, (B,), foremost=foremost
    )


def test_words_leave_a_matter_open_and_the_last_word_counts() -> None:
    """A threat (two months) and a remark (one month) of the test ladder; deeds and words towards
    others bring nothing up.
    """

    def again(*said: Act, **more: object) -> bool:
        return sender.comes_up_again(view(signals=said, **more), LADDER, "B", (B,))

    threat, remark = Act("t", "threat", "A", (B,), 2), Act("r", "remark", "A", (B,), 1)
    assert again(threat)
    assert again(remark)
    assert again(replace(threat, months=5), remark)
    assert not again()
    assert not again(replace(threat, months=1))
    assert not again(replace(threat, months=3))
    assert not again(threat, replace(remark, months=0))
    assert not again(replace(threat, targets=(C,)))
    assert not again(threat, gave_way=("B",))
    assert not again(replace(threat, kind="no_rung"))


def test_what_comes_back_and_is_worth_nothing_is_given_up_for_good() -> None:
    assert given_back(LAW, NEW).months == 12
    assert given_back(LAW, NEW, returned=("law",)).months == 12
    assert given_back(LAW, NEW, returned=("ban",)).months == 0


def test_only_open_measures_are_given_back_and_never_in_their_first_month() -> None:
    assert given_back(LAW, NEW) is not None
    assert given_back(LAW, replace(NEW, open_end=False)) is None
    assert given_back(LAW, Act("duty", "export_duty", "A", (B,), 4)) is None
    assert given_back(LAW, replace(NEW, months=0)) is None
    assert given_back(LAW, replace(NEW, months=1)) is not None
    assert given_back(LAW, Act("odd", "no_rung", "A", (B,), 4)) is None
    assert given_back(LAW, NEW, replace(NEW, id="newer", months=2)).fields == (("of", "newer"),)


def test_a_rule_that_names_nobody_is_given_back_to_the_foremost_alone() -> None:
    world_rule = replace(LAW, months=2)
    old_ban = replace(NEW, months=20)
    assert given_back(world_rule, old_ban, foremost=False) is None
    assert given_back(world_rule, old_ban).targets == ("World",)
    assert given_back(LAW, NEW, foremost=False).targets == ("B",)


def test_what_is_given_back_is_scored_by_what_it_cost() -> None:
    """Without tension the ban gains nothing and costs 0.1 (0.2 x 0.25 + 0.05 x 0.5) + 0.08 =
    0.0875; inertia does not count.
    """
    back = sender.give_back(
        view(acts_by=(LAW, NEW), tension=np.zeros(3)), MOOD, LADDER, "B", (B,), foremost=True
    )
    assert back is not None
    assert back.score == pytest.approx(0.0875)
    assert "costs more" in back.why
    assert "gave way" in given_back(LAW, NEW).why
    free = replace(tool("dual_use_ban"), lost_sales=0.0, alarm=0.0, strikes_back=0.0)
    even = sender.give_back(
        view(acts_by=(LAW, NEW), tension=np.zeros(3)),
        MOOD,
        (tool("licensing"), free),
        "B",
        (B,),
        foremost=True,
    )
    assert even is None  # worth exactly nothing: it stays


def answers(
    of: View, act: Act = BAN, at_court: bool = False, struck: bool = False
) -> dict[str, float]:
    found = target.answers(of, act, "A", (A,), 0.4, 0.1, 0.8, at_court=at_court, struck=struck)
    assert [choice.score for choice in found] == sorted(
        (choice.score for choice in found), reverse=True
    )
    return {choice.kind: choice.score for choice in found}


def test_a_targets_answers_by_hand() -> None:
    """Concede: (0.003 + 0.002) / 0.004 - 1, over 0.02 in a matter of sovereignty. Strike back: 0.5
    x 0.6 x 0.4 - 0.8 x 0.4.
    """
    of = hurt(loss_share_3=0.003, loss_share_12=0.002, counter_leverage=np.array([0.9, 0.5, 0.9]))
    found = answers(of)
    assert found == {
        "endure": 0.0,
        "concession": pytest.approx(0.25),
        "import_tariff": pytest.approx(0.12 - 0.32),
    }
    proud = replace(of, sovereignty=np.array([0.0, 1.0, 0.0]))
    assert answers(proud)["concession"] == pytest.approx(-0.75)
    assert answers(replace(of, sovereignty=np.array([1.0, 0.0, 1.0])))[
        "concession"
    ] == pytest.approx(0.25)  # a matter of others
    assert "import_tariff" not in answers(of, struck=True)


def test_nobody_taxes_what_it_lacks_or_taxes_already() -> None:
    taxed = hurt(acts_by=(Act("t", "import_tariff", "B", (A,), 3),))
    lacking = hurt(acts_against=(replace(BAN, goods=("ndpr_oxide", "magnet_standard")),))
    for of in (taxed, lacking):
        assert answers(of).keys() == {"endure", "concession", "trigger"}
    elsewhere = hurt(
        acts_by=(Act("t", "import_tariff", "B", (C,), 3), Act("u", "quota", "B", (A,), 3)),
        acts_against=(replace(BAN, goods=("ndpr_oxide",)),),
    )
    assert "import_tariff" in answers(elsewhere)


def test_a_case_is_brought_after_a_year_unless_one_is_open_and_is_worth_its_odds() -> None:
    """Conservation: (2 x 0.9 - 1) x 0.4."""
    old = Act("quota", "quota", "A", (B,), 12, framing="conservation")
    assert answers(hurt(), old)["dispute"] == pytest.approx(0.32)
    assert answers(hurt(), replace(old, framing="security"))["dispute"] == pytest.approx(-0.32)
    assert "dispute" not in answers(hurt(), replace(old, months=11))
    assert "dispute" not in answers(hurt(), old, at_court=True)
    (case,) = [
        choice
        for choice in target.answers(
            hurt(), old, "A", (A,), 0.4, 0.1, 0.8, at_court=False, struck=True
        )
        if choice.kind == "dispute"
    ]
    assert dict(case.fields) == {"of": "quota"}
