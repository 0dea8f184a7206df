"""One bad value does not cost a link its setting: what is good stays, what is left out is known."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.experiments.lab.acts import MOST_ACTS
from coercivity.experiments.lab.link import LONGEST, query_if_short, read_query, to_query
from coercivity.experiments.lab.opening import opened
from coercivity.experiments.lab.setting import LabSetting, checked
from coercivity.model.basis.errors import InputError
from tests.experiments.test_lab_link import BAD, named_firm

GOOD = checked(
    seed=7,
    state="Germany",
    levers={"germany_stock": 3, "eu_stockpile": 2},
    assumptions={"share_speed": 0.2},
    changes=[("2027-03", "germany_switch", 50)],
    acts=[{"kind": "licensing", "actor": "China", "targets": "Germany", "from": "2027-01"}],
)
ONE_FIELD = [  # of what stands twice the first is good, and stays
    search
    for search, message in BAD
    if "&" not in search and len(search) < 200 and "twice" not in message
]


def test_a_good_link_loses_nothing() -> None:
    assert opened(to_query(GOOD)) == (GOOD, ())
    assert opened(None) == opened("") == (LabSetting(), ())


@pytest.mark.parametrize("bad", ONE_FIELD)
def test_all_that_is_good_stays_beside_a_bad_value(bad: str) -> None:
    """The bad field takes the place of the good one of its name."""
    name = bad.partition("=")[0]
    parts = [one for one in to_query(GOOD).split("&") if one.partition("=")[0] != name]
    setting, left = opened("&".join([*parts, bad]))
    assert len(left) == 1
    assert left[0].problem
    without = read_query("&".join(parts))
    assert setting == without
    assert opened(query_if_short(setting)) == (setting, ())  # the mended link


@given(
    text=st.text(max_size=20),
    name=st.sampled_from(["seed", "state", "scenario", "at", "act", "own"]),
)
@settings(max_examples=40)
def test_whatever_stands_in_a_field_the_levers_stay(text: str, name: str) -> None:
    setting, _ = opened(f"lever.firms_stock=2&{name}={quote(text)}")
    assert dict(setting.levers)["firms_stock"] == 2.0
    setting.asked()
    setting.base()


def test_of_several_changes_and_acts_the_bad_ones_go() -> None:
    ban = "act=kind:blanket_ban,actor:China,targets:Germany,goods:all,from:2027-01"
    setting, left = opened(
        "at=2027-03:firms_stock:99,2027-04:firms_stock:1,soon&"
        f"act=kind:licencing&{ban}&{ban}&act=kind:loan,actor:China,budget:5"
    )
    assert setting.changes == (("2027-04", "firms_stock", 1.0),)
    assert [act.kind for act in setting.acts] == ["blanket_ban"]
    assert [one.part for one in left] == ["at", "at", "act", "act", "act"]
    # the second ban contradicts the first
    assert left[3].problem.what.fields["act_number"] == 2


def test_parts_that_do_not_fit_each_other_lose_what_came_last() -> None:
    link = to_query(checked(own=named_firm(), levers={"firms_stock": 2}))
    setting, left = opened(f"{link}&p.firms_per_sector=1")
    assert (setting.own, dict(setting.levers)) == (named_firm(), {"firms_stock": 2.0})
    assert [(one.part, one.name) for one in left] == [("p", "firms_per_sector")]


def test_a_scenario_that_was_cut_costs_itself_alone() -> None:
    setting, left = opened("own=cut&lever.firms_stock=2&state=Germany")
    assert (setting.scenario, setting.state) == ("japan-2026", "Germany")
    assert dict(setting.levers) == {"firms_stock": 2.0}
    assert [(one.part, one.stands) for one in left] == [("own", "japan-2026")]


def test_too_much_is_read_as_far_as_it_goes() -> None:
    setting, left = opened("lever.firms_stock=2&" + "&".join(f"a{n}=1" for n in range(300)))
    assert (dict(setting.levers), [one.part for one in left]) == ({"firms_stock": 2.0}, ["address"])
    setting, left = opened("lever.firms_stock=2&x=" + "1" * LONGEST)
    assert (dict(setting.levers), [one.part for one in left]) == ({"firms_stock": 2.0}, ["address"])


def test_a_field_that_stands_twice_counts_once() -> None:
    setting, left = opened("seed=4&seed=5&lever.firms_stock=2&v=0.4.0&v=0.5.0&f=a&f=b")
    assert (setting.seed, dict(setting.levers)) == (4, {"firms_stock": 2.0})
    assert [(one.part, one.name, one.stands) for one in left] == [("address", "seed", "4")]


def test_it_is_known_what_stands_in_the_place_of_what_was_left_out() -> None:
    _, left = opened("state=Germany&lever.stockpile=99&seed=x&p.share_speed=9")
    assert [(one.part, one.name, one.stands) for one in left] == [
        ("seed", "seed", "1"),
        ("lever", "eu_stockpile", "0"),
        ("p", "share_speed", "0.364"),
    ]


BAN = "act=kind:blanket_ban,actor:China,targets:Germany,goods:all,from:2027-01"


def test_what_is_wrong_with_an_act_names_its_place_in_the_link() -> None:
    _, left = opened(
        f"act=kind:licencing&{BAN}&act=kind:loan,actor:China,budget:5&{BAN}&act=kind:quota,days:1"
        "&act=soon"
    )
    assert [one.name for one in left] == ["1", "3", "4", "5", "6"]
    begins = ("act 1: kind 'licencing'", "act 3, loan: ", "act 4, ", "act 5, ", "act 'soon'")
    for one, words in zip(left, begins, strict=True):
        assert str(one.problem).startswith(words)
    assert "' meets act 2, of the same kind" in str(left[2].problem)


@pytest.mark.parametrize("number", ["1", "99", "9" * 30])
def test_words_like_a_number_in_what_a_visitor_wrote_are_no_act(number: str) -> None:
    _, left = opened("act=kind:" + quote(quote(f"x' meets act {number}, y")))
    assert [one.name for one in left] == ["1"]
    said = f"act 1: kind 'x' meets act {number}, y' is not known; "
    assert str(left[0].problem).startswith(said)


def test_acts_beyond_the_most_are_told_and_counted() -> None:
    acts = [
        f"act=kind:firm_stock,cover:1,states:Japan,from:20{26 + n}-01,until:20{26 + n}-02"
        for n in range(MOST_ACTS + 2)
    ]
    _, left = opened("&".join(acts))
    assert [(one.part, one.name) for one in left][-1] == ("acts", "2")
    assert str(left[-1].problem) == f"acts: {MOST_ACTS + 2} are too many; use at most {MOST_ACTS}"
    assert not any(one.part == "acts" for one in opened("&".join(acts[:MOST_ACTS]))[1])


@pytest.mark.parametrize(
    ("link", "lever", "value"),
    [
        ("lever.stockpile=3&lever.japan_stockpile=5", "japan_stockpile", "3"),
        ("lever.japan_stockpile=3&lever.stockpile=0", "japan_stockpile", "3"),
        ("lever.japan_stockpile=99&lever.stockpile=5", "japan_stockpile", "0"),
        ("state=Germany&lever.germany_stockpile=2&lever.eu_stockpile=5", "eu_stockpile", "2"),
    ],
)
def test_a_lever_by_two_names_counts_once(link: str, lever: str, value: str) -> None:
    setting, left = opened(link)
    assert dict(setting.levers).get(lever, 0.0) == float(value)
    said = f"lever.{lever} stands twice in the address; write it once"
    assert [(one.part, one.name, one.stands) for one in left if str(one.problem) == said] == [
        ("lever", lever, value)
    ]
    with pytest.raises(InputError, match=said):
        read_query(link)


def test_a_lever_or_parameter_by_its_bare_name_is_told_and_a_tracker_is_not() -> None:
    setting, left = opened(
        "state=Germany&germany_stock=4&hurdle_weight=0.9&utm_source=mail&lang=de"
    )
    assert (setting.levers, setting.assumptions, setting.state) == ((), (), "Germany")
    assert [(one.part, one.name) for one in left] == [
        ("unmarked", "lever.germany_stock"),
        ("unmarked", "p.hurdle_weight"),
    ]
    said = "germany_stock is no field of a link; write lever.germany_stock"
    assert str(left[0].problem) == said


def test_they_are_told_beside_what_else_is_wrong() -> None:
    _, left = opened("firms_stock=3&seed=x")
    assert [one.part for one in left] == ["seed", "unmarked"]
