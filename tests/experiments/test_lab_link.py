"""Links of the lab: what is set comes back from its own address, and a tampered one costs one clear
line.
"""

from __future__ import annotations

import base64
import re
import zlib
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.experiments.lab.acts import MOST_ACTS
from coercivity.experiments.lab.levers import Lever, lever_table
from coercivity.experiments.lab.link import (
    LONGEST,
    MOST_FIELDS,
    Remark,
    model_mark,
    open_query,
    query_if_short,
    read_query,
    to_query,
)
from coercivity.experiments.lab.link_reader import open_search, remark_of
from coercivity.experiments.lab.own_scenario import (
    MAX_FIRMS,
    MAX_TEXT,
    decode_scenario,
    encode_scenario,
)
from coercivity.experiments.lab.setting import (
    MOST_CHANGES,
    LabSetting,
    check_setting,
    quiet_scenario,
)
from coercivity.experiments.worlds.twin import without_measure
from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.results.result import model_version
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import (
    Scenario,
    load_shipped,
    parse_scenario,
    scenario_from_dict,
)
from coercivity.model.start.population import census
from coercivity.viz.words.lab_text import twin_words
from tests.facts import FACTS
from tests.names import STATES
from tests.refusal import refusal

FIRMS = "firms_per_sector"
SHIPPED_SPEED = f"{load_parameters()['share_speed'].value:g}"


def values(lever: Lever) -> st.SearchStrategy[float]:
    if lever.options:
        return st.integers(0, len(lever.options) - 1).map(float)
    return st.floats(lever.low, lever.high)


LEVER = st.sampled_from(lever_table()).flatmap(lambda one: st.tuples(st.just(one.id), values(one)))
ROWS = [row for row in load_parameters() if row.name != FIRMS and row.high > row.low]
PARAMETER = st.sampled_from(ROWS).flatmap(
    lambda row: st.tuples(st.just(row.name), st.floats(row.low, row.high))
)


@given(
    scenario=st.sampled_from(list_scenarios()),
    seed=st.integers(0, 2**32 - 1),
    state=st.sampled_from(STATES),
    levers=st.lists(LEVER, max_size=6),
    assumptions=st.lists(PARAMETER, max_size=4),
    later=st.lists(st.tuples(st.integers(0, 599), LEVER), max_size=5),
)
@settings(max_examples=25)
def test_a_setting_comes_back_from_its_own_link(scenario: str, later: Any, **more: Any) -> None:
    shipped = load_shipped(scenario)
    changes = [(month_name(shipped.start, at % shipped.months), *move) for at, move in later]
    setting = check_setting(scenario=scenario, changes=changes, **more)
    query = to_query(setting)
    again = read_query("?" + query)
    assert again == setting
    assert hash(again) == hash(setting)
    assert again.asked().fingerprint() == setting.asked().fingerprint()
    assert remark_of(query, again) is None
    assert len(query) < LONGEST


def test_only_what_differs_stands_in_a_link() -> None:
    """Back to rest is a change too, and the address can be read."""
    plain = {"scenario": "japan-2026", "seed": "1", "state": "Japan", "v": model_version()}
    marks = {"f": load_shipped("japan-2026").fingerprint(), "m": model_mark()}
    fields = dict(parse_qsl(to_query(LabSetting())))
    assert fields == plain | marks
    row, rest = load_parameters()["share_speed"], {lever.id: lever.rest for lever in lever_table()}
    assert check_setting(levers=rest, assumptions={row.name: row.value}) == LabSetting()
    moved = check_setting(
        levers={**rest, "firms_stock": 3},
        assumptions={row.name: row.high},
        changes=[("2027-03", "firms_stock", 0)],
    )
    more = {"lever.firms_stock", "p.share_speed", "at"}
    assert set(dict(parse_qsl(to_query(moved)))) - set(fields) == more
    assert "at=2027-03:firms_stock:0" in to_query(moved)


def test_the_longest_link_can_be_opened() -> None:
    """All parameters, all levers, and as many changes as a page takes."""
    months = (f"{2026 + n % 13}-{1 + n // 13:02d}" for n in range(MOST_CHANGES))
    setting = check_setting(
        scenario="mines-without-processing",
        seed=2**32 - 1,
        state=max(STATES, key=len),
        levers={lever.id: lever.high for lever in lever_table()},
        assumptions={row.name: row.low + (row.high - row.low) / 3 for row in ROWS},
        changes=[(month, "japan_stockpile", 1 + n / 39) for n, month in enumerate(months)],
    )
    assert len(setting.changes) == MOST_CHANGES
    assert read_query(to_query(setting)) == setting


# ---------------------------------------------------------------- the twin


def test_the_twin_goes_without_what_was_set_last() -> None:
    setting = check_setting(
        levers={"firms_stock": 3},
        assumptions={"share_speed": 0.2},
        changes=[("2027-03", "china_measure", 5)],
    )
    twins, told = [setting], []
    while (twin := twins[-1].base_setting()) is not None:
        told.append(twin_words(twins[-1]))
        assert twins[-1].base() == twin.asked()
        twins.append(twin)
    last = ["with no lever moved", "with the shipped assumptions"]
    assert told == ["without the later changes", *last]
    assert twins[-1] == LabSetting()
    assert twins[-1].base() == without_measure(load_shipped("japan-2026"))
    assert twin_words(twins[-1]) == "without the measure"
    none = LabSetting(scenario="business-as-usual")  # it is about no measure
    assert none.base() == quiet_scenario(load_shipped("business-as-usual"))
    assert twin_words(none) == "with nothing new"


@pytest.mark.parametrize("name", list_scenarios())
def test_in_the_quiet_twin_nothing_new_happens_in_the_same_world(name: str) -> None:
    scenario = load_shipped(name)
    calm = quiet_scenario(scenario)
    before = (event for event in scenario.events if event.date[:7] < scenario.start)
    assert {e.id for e in calm.events} == {e.id for e in before if e.kind != "suspension"}
    assert (calm.choices, calm.governments) == ((), ())
    for kept in ("start", "months", "parameters", "mechanisms"):
        assert getattr(calm, kept) == getattr(scenario, kept)


# ---------------------------------------------------------------- versions and tampering


def test_a_link_of_another_version_or_rules_or_changed_by_hand_is_told() -> None:
    """One by hand claims nothing."""
    query = to_query(check_setting(levers={"firms_stock": 3}))
    version, mark = f"v={model_version()}", f"&m={model_mark()}"
    for link, remark in (
        (query.replace(version, "v=0.0.1"), Remark("version", "0.0.1", model_version())),
        (query.replace(mark, "&m=000000000000"), Remark("rules")),
        (query.replace("lever.firms_stock=3", "lever.firms_stock=4"), Remark("changed")),
        (query.replace(mark, ""), None),
        ("lever.firms_stock=3", None),
    ):
        assert link != query
        assert remark_of(link, read_query(link)) == remark


TO_SIX = "does not fit; use a number from 0 to 6 (months of use)"
TWICE = "stands twice in the address; write it once"
CHANGES = ",".join(
    f"20{27 + k // 12}-{1 + k % 12:02}:firms_stock:2" for k in range(MOST_CHANGES + 1)
)
TOO_MANY_FIRMS = MAX_FIRMS + 1
BAD = (
    ("scenario=japan-2062", "scenario 'japan-2062' is not known; did you mean 'japan-2026'?"),
    ("state=Jpan", "state 'Jpan' is not known; did you mean 'Japan'?"),
    ("seed=-1", "seed '-1' is not a whole number from 0 to 4294967295; write for example 1"),
    ("seed=4294967296", "seed '4294967296' is not a whole number"),
    ("lever.japan_stockpil=3", "lever 'japan_stockpil' is not known; did you mean 'japan_stockpi"),
    ("lever.japan_stockpile=7", f"State stockpile '7' {TO_SIX}"),
    ("lever.japan_stockpile=nan", f"State stockpile 'nan' {TO_SIX}"),
    (
        "lever.china_measure=1.5",
        "Measure against Japan '1.5' does not fit; use one of 0 (as the scenario has it), 1 "
        "(nothing more), 2 (a threat only)",
    ),
    ("lever.firms_stock=3&lever.firms_stock=3", f"lever.firms_stock {TWICE}"),
    (
        "at=2027-03:japan_stockpile:2,2027-03:stockpile:3",
        f"at '2027-03', lever.japan_stockpile {TWICE}",
    ),
    ("p.share_sped=0.2", "parameter 'share_sped' is not known; did you mean 'share_speed'?"),
    ("p.share_speed=fast", "parameter share_speed 'fast' is not a number; write for example 0."),
    ("p.share_speed=-1e300", "parameter share_speed -1e+300 is out of range; use a number from "),
    (
        f"p.{FIRMS}={TOO_MANY_FIRMS}",
        f"{TOO_MANY_FIRMS} firms a sector make a world too large for a page; use at most "
        f"{MAX_FIRMS}, or run it in a terminal",
    ),
    (
        "at=2027-03",
        "at '2027-03' is not a change; write YYYY-MM:lever:value, several with commas between them",
    ),
    ("at=2039-01:firms_stock:3", "month of a change '2039-01' is not within the run; use a month"),
    ("at=2027-03:firms_stock:99", f"Extra stock that firms hold '99' {TO_SIX}"),
    (f"at={CHANGES}", f"changes: {MOST_CHANGES + 1} are too many; use at most {MOST_CHANGES}"),
    (
        "&".join(f"a{n}=1" for n in range(300)),
        f"the address has more than {MOST_FIELDS} fields; write ?scenario=...&seed=...&state=...",
    ),
    (
        "seed=" + "1" * 99_995,
        f"the address has 100000 characters; use at most {LONGEST}, or upload the scenario file",
    ),
)


@pytest.mark.parametrize(("search", "message"), BAD, ids=[search[:40] for search, _ in BAD])
def test_a_tampered_link_gets_one_line_that_names_field_value_and_fix(
    search: str, message: str
) -> None:
    error = refusal(read_query, search)
    assert error.startswith(message)
    assert len(error) < 700


def test_a_link_holds_an_uploaded_scenario_whole() -> None:
    text = "name: mine\nstart: 2024-01\nmonths: 12\nwhy: <b>markup</b> stays text\n"
    setting = check_setting(own=parse_scenario(text, "mine.yaml"), levers={"firms_stock": 3})
    assert (setting.scenario, setting.asked().months) == ("mine", 12)
    again = read_query(to_query(setting))
    assert again == setting
    assert again.asked().fingerprint() == setting.asked().fingerprint()
    assert remark_of(to_query(setting), again) is None


def test_a_scenario_that_is_too_long_for_a_link_says_so_and_has_none() -> None:
    own = check_setting(own=load_shipped("governments-decide-2009"))
    words = f"^scenario 'governments-decide-2009' is too long for a link of {LONGEST} characters; "
    with pytest.raises(InputError, match=f"{words}take the scenario file"):
        to_query(own)
    assert query_if_short(own) == ""
    assert query_if_short(check_setting(seed=7)) == to_query(check_setting(seed=7))


def unfolding_to(text: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text, 9)).decode()


CUT = "the scenario in the link was cut or changed"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not base64!", CUT),
        (encode_scenario(load_shipped("truce"))[:-9], CUT),
        (unfolding_to(b"[" * (MAX_TEXT - 1)), CUT),
        (unfolding_to(b" " * 100 * MAX_TEXT), "the scenario in the link unfolds to more than 200,"),
        (
            unfolding_to(b'{"name": "a", "start": "2024-01", "months": 600}'),
            "the scenario in the link: months 600 are too many for a page",
        ),
        (
            unfolding_to(b'{"name": "a", "start": "2024-01", "evil": 1}'),
            "the scenario in the link: key 'evil' is not known",
        ),
    ],
)
def test_a_changed_scenario_in_a_link_costs_one_line(text: str, message: str) -> None:
    refusal(decode_scenario, text, match=f"^{re.escape(message)}")


def named_firm(**changes: object) -> Scenario:
    """A scenario of a visitor's own that names a firm which a world of one firm a sector does not
    have.
    """
    few, more = (census(FACTS, "2024-01", size).names for size in (1, 3))
    firm = next(name for name in more if name not in few)
    stock = {"date": "2026-01-06", "kind": "firm_stock", "id": "hold", "firm": firm, "cover": 2}
    raw = {"name": "own", "start": "2024-01", "months": 36, "events": [stock]}
    return scenario_from_dict(raw | changes)


def test_a_link_whose_parts_do_not_fit_each_other_opens_no_page() -> None:
    """A page that began with it would fail while it is drawn."""
    link = to_query(check_setting(own=named_firm()))
    assert open_query(link) == read_query(link)
    with pytest.raises(InputError, match=r"firm '.*' is not a firm of 2024-01"):
        open_query(f"{link}&p.firms_per_sector=1")


# ---------------------------------------------------------------- what is good stays

GOOD = check_setting(
    seed=7,
    state="Germany",
    levers={"germany_stock": 3, "eu_stockpile": 2},
    assumptions={"share_speed": 0.2},
    changes=[("2027-03", "germany_switch", 50)],
    acts=[{"kind": "licensing", "actor": "China", "targets": "Germany", "from": "2027-01"}],
)
ONE_FIELD = {  # one a field is enough
    search.partition("=")[0]: search
    for search, message in BAD
    if "&" not in search and len(search) < 200 and "twice" not in message
}


def test_a_good_link_loses_nothing() -> None:
    assert open_search(to_query(GOOD)) == (GOOD, ())
    assert open_search(None) == open_search("") == (LabSetting(), ())


@pytest.mark.parametrize("bad", ONE_FIELD.values())
def test_all_that_is_good_stays_beside_a_bad_value(bad: str) -> None:
    """The bad field takes the place of the good one of its name."""
    name = bad.partition("=")[0]
    parts = [one for one in to_query(GOOD).split("&") if one.partition("=")[0] != name]
    setting, left = open_search("&".join([*parts, bad]))
    assert len(left) == 1
    assert left[0].problem
    without = read_query("&".join(parts))
    assert setting == without
    assert open_search(query_if_short(setting)) == (setting, ())  # the mended link


@pytest.mark.parametrize(
    ("link", "parts", "kept"),
    [
        ("own=cut&state=Germany", [("own", "japan-2026")], {"state": "Germany"}),
        ("seed=4&seed=5&v=0.4.0&v=0.5.0&f=a&f=b", [("address", "4")], {"seed": 4}),
        ("&".join(f"a{n}=1" for n in range(300)), [("address", "")], {}),
        ("x=" + "1" * LONGEST, [("address", "")], {}),
        (
            "state=Germany&lever.stockpile=99&seed=x&p.share_speed=9",
            [("seed", "1"), ("lever", "0"), ("p", SHIPPED_SPEED)],
            {"state": "Germany", "seed": 1},
        ),
        ("firms_switch=3&seed=x", [("seed", "1"), ("unmarked", "")], {}),
    ],
)
def test_what_is_left_out_is_told_with_what_stands_in_its_place(
    link: str, parts: list[tuple[str, str]], kept: dict[str, object]
) -> None:
    setting, left = open_search(f"lever.firms_stock=2&{link}")
    assert dict(setting.levers)["firms_stock"] == 2.0
    assert [(one.part, one.stands) for one in left] == parts
    assert {name: getattr(setting, name) for name in kept} == kept


def test_an_old_link_is_told_what_took_the_place_of_an_assumption() -> None:
    setting, left = open_search("state=Germany&p.price_eta=0.5&p.hoard_gain=1")
    assert (setting.state, setting.assumptions) == ("Germany", ())
    assert {one.name: str(one.problem) for one in left} == {
        "price_eta": "parameter price_eta is of an earlier version; leave it out, or set "
        "scarcity_elasticity, which took its place",
        "hoard_gain": "parameter hoard_gain is of an earlier version; leave it out: nothing takes "
        "its place",
    }


def test_parts_that_do_not_fit_each_other_lose_what_came_last() -> None:
    link = to_query(check_setting(own=named_firm(), levers={"firms_stock": 2}))
    setting, left = open_search(f"{link}&p.firms_per_sector=1")
    assert (setting.own, dict(setting.levers)) == (named_firm(), {"firms_stock": 2.0})
    assert [(one.part, one.name) for one in left] == [("p", "firms_per_sector")]


BAN = "act=kind:blanket_ban,actor:China,targets:Germany,goods:all,from:2027-01"


def test_of_several_changes_and_acts_the_bad_ones_go_and_say_their_place_in_the_link() -> None:
    setting, left = open_search(
        "at=2027-03:firms_stock:99,2027-04:firms_stock:1,soon&"
        f"act=kind:licencing&{BAN}&act=kind:loan,actor:China,budget:5&{BAN}&act=kind:quota,days:1"
        "&act=soon"
    )
    assert setting.changes == (("2027-04", "firms_stock", 1.0),)
    assert [act.kind for act in setting.acts] == ["blanket_ban"]
    assert [one.part for one in left] == ["at"] * 2 + ["act"] * 5
    assert [one.name for one in left[2:]] == ["1", "3", "4", "5", "6"]
    begins = ("act 1: kind 'licencing'", "act 3, loan: ", "act 4, ", "act 5, ", "act 'soon'")
    for one, words in zip(left[2:], begins, strict=True):
        assert str(one.problem).startswith(words)
    assert left[4].problem.what.fields["act_number"] == 2
    assert "' meets act 2, of the same kind" in str(left[4].problem)


def test_acts_beyond_the_most_are_told_and_counted() -> None:
    acts = [
        f"act=kind:firm_stock,cover:1,states:Japan,from:20{26 + n}-01,until:20{26 + n}-02"
        for n in range(MOST_ACTS + 2)
    ]
    (last,) = (one for one in open_search("&".join(acts))[1] if one.part == "acts")
    assert last.name == "2"
    assert str(last.problem) == f"acts: {MOST_ACTS + 2} are too many; use at most {MOST_ACTS}"
    assert not any(one.part == "acts" for one in open_search("&".join(acts[:MOST_ACTS]))[1])


@pytest.mark.parametrize(
    ("link", "lever", "value"),
    [
        ("lever.japan_stockpile=3&lever.stockpile=0", "japan_stockpile", "3"),
        ("state=Germany&lever.germany_stockpile=2&lever.eu_stockpile=5", "eu_stockpile", "2"),
    ],
)
def test_a_lever_by_two_names_counts_once(link: str, lever: str, value: str) -> None:
    setting, left = open_search(link)
    assert dict(setting.levers).get(lever, 0.0) == float(value)
    said = f"lever.{lever} stands twice in the address; write it once"
    assert [(one.part, one.name, one.stands) for one in left if str(one.problem) == said] == [
        ("lever", lever, value)
    ]
    with pytest.raises(InputError, match=said):
        read_query(link)


def test_a_lever_or_parameter_by_its_bare_name_is_told_and_a_tracker_is_not() -> None:
    link = "state=Germany&germany_stock=4&hurdle_weight=0.9&utm_source=mail&lang=de"
    setting, left = open_search(link)
    assert (setting.levers, setting.assumptions, setting.state) == ((), (), "Germany")
    names = ("lever.germany_stock", "p.hurdle_weight")
    assert [(one.part, one.name) for one in left] == [("unmarked", name) for name in names]
    said = "germany_stock is no field of a link; write lever.germany_stock"
    assert str(left[0].problem) == said
