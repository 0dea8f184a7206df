"""The sender's and the target's rules: when a matter comes up, which instrument, what is given
back, and how a target answers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.governments import sender, target
from coercivity.agents.governments.government_view import Act, View

A, B, C = 0, 1, 2  # the sender and two targets
MOOD = sender.Temper(-7.1, 5.0, 3.4, 0.3, 0.1, 0.8, 0.02)
LADDER = (
    sender.Instrument("remark", 0, 0.02, 0.0, 0.02, 0.0, 0.0, 1.0, False, 1, 1, ()),
    sender.Instrument("threat", 1, 0.1, 0.0, 0.1, 0.05, 0.0, 1.0, False, 1, 2, ()),
    sender.Instrument("customs_halt", 2, 0.6, 0.2, 0.5, 0.3, 0.0, 0.35, False, 2, 6, ("all",)),
    sender.Instrument("licensing", 3, 0.3, 0.03, 0.3, 0.2, 0.25, 1.0, True, 0, 3, ("all",)),
    sender.Instrument("dual_use_ban", 4, 0.4, 0.25, 0.5, 0.5, 0.4, 1.0, False, 0, 3, ("all",)),
    sender.Instrument("blanket_ban", 6, 1.0, 1.0, 1.0, 1.0, 0.3, 1.0, False, 0, 6, ("all",)),
)


def view(**more: object) -> View:
    """A sender's view: high tension towards B, none towards C; equal power over both."""
    zero = np.zeros(3)
    base = View(
        name="A",
        month=10,
        states=(A,),
        gdp=np.array([10.0, 5.0, 5.0]),
        tension=np.array([0.0, 0.9, 0.0]),
        tension_from=zero,
        exposure=zero,
        power=np.array([0.0, 0.4, 0.4]),
        power_under=zero,
        segments={"all": (np.array([0.0, 0.4, 0.4]), np.array([0, 0.2, 0.2]))},
        loss_share_3=0.0,
        loss_share_12=0.0,
        cover={},
        acts_by=(),
        acts_against=(),
        signals=(),
        suspended=(),
        memory=zero,
        budget_left=0.0,
        budget_spent=0.0,
        rival_building=0.05,
        trigger=np.array([0.0, 0.8, 0.0]),
        sovereignty=zero,
        rival_control=zero,
        capability=0.7,
        distrust=zero,
        counter_leverage=np.array([0.0, 0.4, 0.4]),
        credibility=0.35,
        open_threats=(),
        gave_way=(),
        audience=(0.004, 0.02),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def kinds(of: View, name: str = "B", states: tuple[int, ...] = (B,), **more: Any) -> list[str]:
    """What the sender may do, best first."""
    return [one.kind for one in sender.candidates(of, MOOD, LADDER, name, states, **more)]


def score_of(kind: str, of: View, **more: Any) -> float:
    found = sender.candidates(of, MOOD, LADDER, "B", (B,), **more)
    return next(one.score for one in found if one.kind == kind)


def tool(kind: str) -> sender.Instrument:
    return next(one for one in LADDER if one.kind == kind)


def test_the_chance_by_hand() -> None:
    """B: z = -7.1 + 5 x 0.8 + 3.4 x 0.7 + 0.3 ln 0.4 - (0.8 x 0.4 + 0.1 x 0.05); nothing provoked C
    takes the 4.0 away.
    """
    z = -7.1 + 4.0 + 2.38 + 0.3 * np.log(0.4) - 0.325
    chance = sender.comes_up(view(), MOOD)
    assert chance == pytest.approx([0.0, 1.0 / (1.0 + np.exp(-z)), 1.0 / (1.0 + np.exp(4.0 - z))])
    far = sender.comes_up(view(power=np.array([0.5, 0.01, 0.011])), MOOD)  # out of reach
    assert far[A] == far[B] == 0.0
    assert far[C] > 0.0


def test_controls_of_a_rivals_own_provoke_like_politics_and_the_graver_counts() -> None:
    both = view(trigger=np.array([0.0, 0.8, 0.1]), rival_control=np.array([0.0, 0.3, 0.6]))
    np.testing.assert_array_equal(sender.provocation(both), [0.0, 0.8, 0.6])


def test_words_leave_a_matter_open_and_the_last_word_counts() -> None:
    threat, remark = Act("t", "threat", "A", (B,), 2), Act("r", "remark", "A", (B,), 1)
    for said, again in (
        ((threat,), True),
        ((replace(threat, months=5), remark), True),
        ((), False),
        ((replace(threat, months=1),), False),
        ((replace(threat, months=3),), False),
        ((threat, replace(remark, months=0)), False),
        ((replace(threat, targets=(C,)),), False),
        ((replace(threat, kind="no_rung"),), False),
    ):
        assert sender.comes_up_again(view(signals=said), LADDER, "B", (B,)) == again, said
    yielding = view(signals=(threat,), gave_way=("B",))
    assert not sender.comes_up_again(yielding, LADDER, "B", (B,))


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


ONE, BOTH = (B,), (B, C)


@pytest.mark.parametrize(
    ("kind", "states", "highest", "found"),
    [
        ("dual_use_ban", ONE, 0, 0.20),
        ("dual_use_ban", ONE, 2, 0.24),
        ("dual_use_ban", ONE, 3, 0.26),
        ("dual_use_ban", ONE, 6, 0.26),
        ("dual_use_ban", BOTH, 4, 0.675 * 0.2**0.5 - 0.1 * (0.5 * 0.25 + 0.15) - 0.08),
        ("licensing", ONE, 3, 0.9 * 0.12**0.5 - 0.0105 - 0.0128),
        ("threat", ONE, 1, 0.9 * 0.014**0.5 - 0.1 * 0.03 - 0.8 * 0.4 * 0.0025),
    ],
)
def test_the_worth_of_a_measure_by_hand(
    kind: str, states: tuple[int, ...], highest: int, found: float
) -> None:
    """Ban of B: 0.9 sqrt(0.4 x 0.4) - 0.1 (0.2 x 0.25 + 0.3 x 0.5) - 0.8 x 0.4 x 0.5^2 - 0.02 x 3 =
    0.36 - 0.02 - 0.08 - 0.06; 0.3: capacity of 0.05 under way and distrust of 0.25 abroad,
    (6 x 0.2 + 2 x 0.4) / 8; three rungs are skipped from 0 to 4. B counts three quarters and C one.
    Licences cost the sales to all: 0.5 x 0.03; a threat of 0.1 bites as it is believed, 0.035.
    """
    worth = sender.instrument_worth(uneven(), MOOD, tool(kind), "all", states, highest)
    assert worth == pytest.approx(found)


def test_without_law_a_halt_that_can_be_denied_with_law_a_licence_or_a_ban() -> None:
    """A halt up to a capability of 0.35, licences from 0.25, the general ban from 0.3, that of dual
    use from 0.4, limits included.
    """
    assert kinds(view(capability=0.1))[0] == "customs_halt"
    assert kinds(view(capability=0.7))[0] in ("licensing", "dual_use_ban")
    always = {"nothing", "remark", "threat", "licensing", "blanket_ban"}
    assert set(kinds(view(capability=0.35))) == {*always, "customs_halt"}
    assert set(kinds(view(capability=0.4))) == {*always, "dual_use_ban"}
    assert "licensing" not in kinds(view(capability=0.2))
    assert [sender.framing(one) for one in (0.39, 0.4)] == ["conservation", "security"]


def test_nothing_is_done_where_there_is_no_quarrel_or_no_power() -> None:
    assert kinds(view(), "C", (C,))[0] == "nothing"
    none = {"all": (np.zeros(3), np.array([0, 0.2, 0.2]))}
    assert kinds(view(segments=none))[0] == "nothing"


WORDS = {"remark", "threat"}
LAW, NEW = Act("law", "licensing", "A", (B, C), 20), Act("ban", "dual_use_ban", "A", (B,), 4)
OF_OTHERS = Act("l", "licensing", "A", (C,), 2)


@pytest.mark.parametrize(
    ("seen", "shut", "open_"),
    [
        ({"acts_by": (LAW,)}, {"licensing", *WORDS}, {"dual_use_ban"}),
        ({"open_threats": (B,)}, WORDS, set()),
        ({"open_threats": (C,)}, set(), WORDS),
        ({"signals": (Act("r", "remark", "A", (B,), 2),)}, {"remark"}, set()),
        ({"signals": (Act("r", "remark", "A", (C,), 2),)}, set(), {"remark"}),
        ({"suspended": (LAW,)}, {"licensing"}, set()),
        ({"suspended": (OF_OTHERS,)}, set(), {"licensing"}),
    ],
)
def test_what_stands_or_was_said_within_a_year_is_not_chosen_again(
    seen: dict[str, Any], shut: set[str], open_: set[str]
) -> None:
    found = set(kinds(view(**seen)))
    assert not shut & found
    assert open_ <= found


def test_what_stands_outside_the_model_is_not_chosen() -> None:
    assert "licensing" not in kinds(view(), standing=("licensing",))


@pytest.mark.parametrize(
    ("seen", "rungs"),
    [
        ({"open_threats": (B,)}, 1),
        ({"signals": (Act("t", "threat", "A", (B,), 3),)}, 1),
        ({"acts_by": (Act("l", "licensing", "A", (B,), 3),)}, 3),
    ],
)
def test_the_ladder_is_climbed_from_the_highest_rung_used(seen: dict[str, Any], rungs: int) -> None:
    """Each rung skipped costs 0.02: the general ban (6) skips five from nothing, four from a threat
    (1), two from licences (3), one from a precedent (4).
    """
    alone = score_of("blanket_ban", view())
    assert score_of("blanket_ban", view(**seen)) == pytest.approx(alone + 0.02 * rungs)
    assert score_of("blanket_ban", view(), precedent=4) == pytest.approx(alone + 0.08)


def test_doing_nothing_costs_a_quarter_of_the_credibility_while_a_threat_is_open() -> None:
    assert score_of("nothing", view(open_threats=(B,))) == pytest.approx(-0.25 * 0.35)
    assert score_of("nothing", view(open_threats=(C,))) == score_of("nothing", view()) == 0.0


def given_back(*acts: Act, foremost: bool = True, gave_way: bool = True, **more: Any) -> Any:
    ladder = more.pop("ladder", LADDER)
    of = view(acts_by=acts, gave_way=("B",) if gave_way else (), **more)
    return sender.give_back(of, MOOD, ladder, "B", (B,), foremost=foremost)


def test_the_newest_open_measure_is_given_back_after_its_first_month() -> None:
    found = given_back(LAW, NEW)
    assert (dict(found.fields), found.months) == ({"of": "ban"}, 12)
    assert given_back(LAW, NEW, gave_way=False) is None  # it still pays
    assert given_back(LAW) is None  # the base stays
    assert given_back(LAW, replace(NEW, open_end=False)) is None
    assert given_back(LAW, Act("duty", "export_duty", "A", (B,), 4)) is None
    assert given_back(LAW, replace(NEW, months=0)) is None
    assert given_back(LAW, replace(NEW, months=1)) is not None
    assert given_back(LAW, Act("odd", "no_rung", "A", (B,), 4)) is None
    assert given_back(LAW, NEW, replace(NEW, id="newer", months=2)).fields == (("of", "newer"),)


def test_what_comes_back_and_is_worth_nothing_is_given_up_for_good() -> None:
    assert given_back(LAW, NEW, returned=("law",)).months == 12
    assert given_back(LAW, NEW, returned=("ban",)).months == 0


def test_a_rule_that_names_nobody_is_given_back_to_the_foremost_alone() -> None:
    world_rule, old_ban = replace(LAW, months=2), replace(NEW, months=20)
    assert given_back(world_rule, old_ban, foremost=False) is None
    assert given_back(world_rule, old_ban).targets == ("World",)
    assert given_back(LAW, NEW, foremost=False).targets == ("B",)


def test_what_is_given_back_is_scored_by_what_it_cost() -> None:
    """Without tension the ban gains nothing and costs 0.1 (0.2 x 0.25 + 0.05 x 0.5) + 0.08 =
    0.0875; inertia does not count. What is worth exactly nothing stays.
    """
    healed = {"tension": np.zeros(3), "gave_way": False}
    back = given_back(LAW, NEW, **healed)
    assert back.score == pytest.approx(0.0875)
    assert "costs more" in str(back.why)
    assert "gave way" in str(given_back(LAW, NEW).why)
    free = replace(tool("dual_use_ban"), lost_sales=0.0, alarm=0.0, strikes_back=0.0)
    assert given_back(LAW, NEW, ladder=(tool("licensing"), free), **healed) is None


BAN = Act("ban", "dual_use_ban", "A", (B,), 3)


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


def answers(
    of: View, act: Act = BAN, at_court: bool = False, struck: bool = False
) -> dict[str, float]:
    """Scores of B's answers, best first."""
    found = target.answers(of, act, A, 0.4, 0.1, 0.8, at_court=at_court, struck=struck)
    scores = [choice.score for choice in found]
    assert scores == sorted(scores, reverse=True)
    return {choice.kind: choice.score for choice in found}


def test_a_targets_answers_by_hand() -> None:
    """Concede: (0.003 + 0.002) / 0.004 - 1, over 0.02 in a matter of sovereignty. Strike back: 0.5
    x 0.6 x 0.4 - 0.8 x 0.4.
    """
    of = hurt(loss_share_3=0.003, loss_share_12=0.002, counter_leverage=np.array([0.9, 0.5, 0.9]))
    concede, strike = pytest.approx(0.25), pytest.approx(0.12 - 0.32)
    assert answers(of) == {"endure": 0.0, "concession": concede, "import_tariff": strike}
    proud = replace(of, sovereignty=np.array([0.0, 1.0, 0.0]))
    assert answers(proud)["concession"] == pytest.approx(-0.75)
    aside = replace(of, sovereignty=np.array([1.0, 0.0, 1.0]))  # a matter of others
    assert answers(aside)["concession"] == concede
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
