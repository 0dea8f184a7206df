"""Links of the lab: what is set comes back from its own address, and a tampered one costs one clear
line.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from contextlib import suppress
from urllib.parse import parse_qs, quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from coercivity.experiments.lab.opening import opened, remark_of
from coercivity.experiments.lab.own import MAX_FIRMS, MAX_TEXT, packed, unpacked
from coercivity.experiments.lab.setting import MOST_CHANGES, LabSetting, checked, quiet
from coercivity.experiments.worlds.twin import without_measure
from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.names import STATES
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
from coercivity.viz.words.lab_text import twin_leaves_out, twin_words
from tests.facts import FACTS

FIRMS = "firms_per_sector"


def values(lever: Lever) -> st.SearchStrategy[float]:
    return (
        st.integers(0, len(lever.options) - 1).map(float)
        if lever.options
        else st.floats(lever.low, lever.high)
    )


LEVER = st.sampled_from(lever_table()).flatmap(
    lambda lever: st.tuples(st.just(lever.id), values(lever))
)
PARAMETER = st.sampled_from(
    [row for row in load_parameters() if row.name != FIRMS and row.high > row.low]
).flatmap(lambda row: st.tuples(st.just(row.name), st.floats(row.low, row.high)))


@given(
    scenario=st.sampled_from(list_scenarios()),
    seed=st.integers(0, 2**32 - 1),
    state=st.sampled_from(STATES),
    levers=st.lists(LEVER, max_size=6),
    assumptions=st.lists(PARAMETER, max_size=4),
    later=st.lists(st.tuples(st.integers(0, 599), LEVER), max_size=5),
)
@settings(max_examples=50)
def test_a_setting_comes_back_from_its_own_link(
    scenario: str,
    seed: int,
    state: str,
    levers: list[tuple[str, float]],
    assumptions: list[tuple[str, float]],
    later: list[tuple[int, tuple[str, float]]],
) -> None:
    shipped = load_shipped(scenario)
    changes = [(month_name(shipped.start, at % shipped.months), *move) for at, move in later]
    setting = checked(
        scenario=scenario,
        seed=seed,
        state=state,
        levers=levers,
        assumptions=assumptions,
        changes=changes,
    )
    query = to_query(setting)
    again = read_query("?" + query)
    assert again == setting
    assert hash(again) == hash(setting)
    assert again.asked().fingerprint() == setting.asked().fingerprint()
    assert remark_of(query, again) is None
    assert len(query) < LONGEST


def test_a_link_of_other_facts_or_rules_says_so() -> None:
    setting = LabSetting()
    query = to_query(setting)
    assert remark_of(query, setting) is None
    other = query.replace(f"m={model_mark()}", "m=000000000000")
    assert remark_of(other, setting) == Remark("rules")
    assert remark_of(query.replace(f"&m={model_mark()}", ""), setting) is None


def test_only_what_differs_stands_in_a_link() -> None:
    fields = parse_qs(to_query(LabSetting()))
    assert fields == {
        "scenario": ["japan-2026"],
        "seed": ["1"],
        "state": ["Japan"],
        "v": [model_version()],
        "f": [load_shipped("japan-2026").fingerprint()],
        "m": [model_mark()],
    }
    row = load_parameters()["share_speed"]
    rest = {lever.id: lever.rest for lever in lever_table()}
    same = checked(levers=rest, assumptions={row.name: row.value})
    assert same == LabSetting()
    moved = checked(
        levers={**rest, "firms_stock": 3},
        assumptions={row.name: row.high},
        changes=[("2027-03", "firms_stock", 0)],
    )
    assert set(parse_qs(to_query(moved))) - set(fields) == {
        "lever.firms_stock",
        "p.share_speed",
        "at",
    }
    assert "at=2027-03:firms_stock:0" in to_query(
        moved
    )  # back to rest is a change too, and the address can be read


def test_a_parameter_that_the_scenario_sets_itself_is_compared_with_the_scenario_s_value() -> None:
    names = ((name, *one) for name in list_scenarios() for one in load_shipped(name).parameters)
    scenario, parameter, value = next(names)
    shipped = load_parameters()[parameter].value
    assert checked(scenario=scenario, assumptions={parameter: value}).assumptions == ()
    assert checked(scenario=scenario, assumptions={parameter: shipped}).assumptions == (
        (parameter, shipped),
    )


def test_an_empty_address_asks_for_the_default_and_other_people_s_fields_are_left_alone() -> None:
    assert (
        read_query(None)
        == read_query("")
        == read_query("?")
        == read_query("utm_source=mail&lever=3&fbclid=%FF%00")
        == LabSetting()
    )


def test_the_longest_link_can_be_opened() -> None:
    """All parameters, all levers, and as many changes as a page takes."""
    rows = [row for row in load_parameters() if row.name != FIRMS and row.high > row.low]
    setting = checked(
        scenario="mines-without-processing",
        seed=2**32 - 1,
        state=max(STATES, key=len),
        levers={lever.id: lever.high for lever in lever_table()},
        assumptions={row.name: row.low + (row.high - row.low) / 3 for row in rows},
        changes=[
            (f"{2025 + n % 13}-{1 + n // 13:02d}", "japan_stockpile", 1 + n / 39)
            for n in range(MOST_CHANGES)
        ],
    )
    assert len(setting.changes) == MOST_CHANGES
    assert read_query(to_query(setting)) == setting


# ---------------------------------------------------------------- the twin


def test_the_twin_goes_without_what_was_set_last() -> None:
    setting = checked(
        levers={"firms_stock": 3},
        assumptions={"share_speed": 0.2},
        changes=[("2027-03", "china_measure", 5)],
    )
    twins, told = [setting], []
    while (twin := twins[-1].base_setting()) is not None:
        told.append(twin_words(twins[-1]))
        assert twins[-1].base() == twin.asked()
        twins.append(twin)
    assert told == [
        "without the later changes",
        "with no lever moved",
        "with the shipped assumptions",
    ]
    assert twins[-1] == LabSetting()
    assert twins[-1].base() == without_measure(load_shipped("japan-2026"))
    assert twin_words(twins[-1]) == "without the measure"
    assert twin_leaves_out(twins[-1]) == (
        " (without the dual use ban of 6 January 2026 and 4 later measures of China against "
        "Japan; all else happens as it does)"
    )
    none = LabSetting(scenario="business-as-usual")  # it is about no measure
    assert none.base() == quiet(load_shipped("business-as-usual"))
    assert twin_words(none) == "with nothing new"
    assert "nobody takes any measure" in twin_leaves_out(none)


@pytest.mark.parametrize("name", list_scenarios())
def test_in_the_quiet_twin_nothing_new_happens_in_the_same_world(name: str) -> None:
    scenario = load_shipped(name)
    calm = quiet(scenario)
    assert {event.id for event in calm.events} == {
        event.id
        for event in scenario.events
        if event.date[:7] < scenario.start and event.kind != "suspension"
    }
    assert (calm.choices, calm.governments) == ((), ())
    assert (calm.start, calm.months, calm.parameters, calm.mechanisms) == (
        scenario.start,
        scenario.months,
        scenario.parameters,
        scenario.mechanisms,
    )


# ---------------------------------------------------------------- versions and tampering


def test_a_link_of_another_version_or_changed_by_hand_is_told() -> None:
    query = to_query(checked(levers={"firms_stock": 3}))
    old = query.replace(f"v={model_version()}", "v=0.0.1")
    assert remark_of(old, read_query(old)) == Remark("version", "0.0.1", model_version())
    changed = query.replace("lever.firms_stock=3", "lever.firms_stock=4")
    assert changed != query
    assert remark_of(changed, read_query(changed)) == Remark("changed")
    by_hand = "lever.firms_stock=3"
    assert remark_of(by_hand, read_query(by_hand)) is None  # it claims nothing


@pytest.mark.parametrize("version", ["<script>" * 100, "Pay at evil.example", "now", "1", "1.x y"])
def test_what_no_version_ever_wrote_was_changed_by_hand(version: str) -> None:
    link = "v=" + quote(version)
    assert remark_of(link, read_query(link)) == Remark("changed")


@pytest.mark.parametrize("mark", ["v", "f", "m"])
def test_of_a_mark_that_stands_twice_the_first_counts(mark: str) -> None:
    query = to_query(LabSetting())
    setting, left = opened(f"{query}&{mark}=9.9.9")
    assert (setting, left) == (LabSetting(), ())
    assert remark_of(f"{query}&{mark}=9.9.9", setting) is None
    assert remark_of(f"{mark}=9.9.9&{query}", setting) is not None


BAD = (
    ("scenario=japan-2062", "scenario 'japan-2062' is not known; did you mean 'japan-2026'?"),
    ("scenario=../../etc/passwd", "scenario '../../etc/passwd' is not known; use one of: "),
    ("state=Jpan", "state 'Jpan' is not known; did you mean 'Japan'?"),
    ("seed=-1", "seed '-1' is not a whole number from 0 to 4294967295; write for example 1"),
    ("seed=1e3", "seed '1e3' is not a whole number"),
    ("seed=", "seed '' is not a whole number"),
    ("seed=4294967296", "seed '4294967296' is not a whole number"),
    ("seed=٣", "seed '٣' is not a whole number"),
    (
        "lever.japan_stockpil=3",
        "lever 'japan_stockpil' is not known; did you mean 'japan_stockpile'?",
    ),
    ("lever.=3", "lever '' is not known; use one of: "),
    (
        "lever.japan_stockpile=7",
        "State stockpile '7' does not fit; use a number from 0 to 6 (months of use)",
    ),
    (
        "lever.japan_stockpile=",
        "State stockpile '' does not fit; use a number from 0 to 6 (months of use)",
    ),
    (
        "lever.japan_stockpile=nan",
        "State stockpile 'nan' does not fit; use a number from 0 to 6 (months of use)",
    ),
    (
        "lever.japan_stockpile=-inf",
        "State stockpile '-inf' does not fit; use a number from 0 to 6 (months of use)",
    ),
    (
        "lever.china_measure=1.5",
        "Measure against Japan '1.5' does not fit; use one of 0 (as the scenario has it), 1 "
        "(nothing more), 2 (a threat only)",
    ),
    (
        "lever.china_measure=%3Cimg%20src=x%20onerror=alert(1)%3E",
        "Measure against Japan '<img src=x onerror=alert(1)>' does not fit; use one of "
        "0 (as the scenario has it)",
    ),
    (
        "lever.firms_stock=3&lever.firms_stock=3",
        "lever.firms_stock stands twice in the address; write it once",
    ),
    (
        "at=2027-03:japan_stockpile:2,2027-03:stockpile:3",
        "at '2027-03', lever.japan_stockpile stands twice in the address; write it once",
    ),
    ("seed=1&seed=2", "seed stands twice in the address; write it once"),
    ("p.share_sped=0.2", "parameter 'share_sped' is not known; did you mean 'share_speed'?"),
    (
        "p.share_speed=fast",
        "parameter share_speed 'fast' is not a number; write for example 0.",
    ),
    (
        "p.share_speed=nan",
        "parameter share_speed 'nan' is not a number; write for example 0.",
    ),
    (
        "p.share_speed=inf",
        "parameter share_speed inf is out of range; use a number from 0.05",
    ),
    (
        "p.share_speed=-1e300",
        "parameter share_speed -1e+300 is out of range; use a number from ",
    ),
    (
        f"p.{FIRMS}={MAX_FIRMS + 1}",
        f"{MAX_FIRMS + 1} firms a sector make a world too large for a page; use at most "
        f"{MAX_FIRMS}, or run it in a terminal",
    ),
    (
        "at=2027-03",
        "at '2027-03' is not a change; write YYYY-MM:lever:value, several with commas between them",
    ),
    (
        "at=2027-03:firms_stock:3:4",
        "at '2027-03:firms_stock:3:4' is not a change; write YYYY-MM:lever:value",
    ),
    (
        "at=2023-12:firms_stock:3",
        "month of a change '2023-12' is not within the run; use a month from 2024-01 to 2038-12",
    ),
    (
        "at=2039-01:firms_stock:3",
        "month of a change '2039-01' is not within the run; use a month from 2024-01 to 2038-12",
    ),
    (
        "at=2027-13:firms_stock:3",
        "month of a change '2027-13' is not a month; write YYYY-MM, for example 2026-01",
    ),
    (
        "at=2027-03:firms_stock:99",
        "Extra stock that firms hold '99' does not fit; use a number from 0 to 6 (months of use)",
    ),
    (
        "at="
        + ",".join(
            f"20{27 + k // 12}-{1 + k % 12:02}:firms_stock:2" for k in range(MOST_CHANGES + 1)
        ),
        f"changes: {MOST_CHANGES + 1} are too many; use at most {MOST_CHANGES}",
    ),
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
    with pytest.raises(InputError) as error:
        read_query(search)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 700


@given(st.text(max_size=60))
def test_no_address_does_worse_than_one_line(text: str) -> None:
    for search in (
        text,
        f"lever.{text}",
        f"p.{text}=1",
        f"at={text}",
        f"seed={text}",
        f"state={text}&scenario={text}",
    ):
        with suppress(InputError):
            assert read_query(search).asked().name in list_scenarios()


def test_a_link_holds_an_uploaded_scenario_whole() -> None:
    own = parse_scenario(
        "name: mine\nstart: 2024-01\nmonths: 12\nwhy: <b>markup</b> stays text\n", "mine.yaml"
    )
    setting = checked(own=own, levers={"firms_stock": 3})
    assert (setting.scenario, setting.asked().months) == ("mine", 12)
    again = read_query(to_query(setting))
    assert again == setting
    assert again.asked().fingerprint() == setting.asked().fingerprint()
    assert remark_of(to_query(setting), again) is None


def test_a_scenario_that_is_too_long_for_a_link_says_so() -> None:
    with pytest.raises(
        InputError,
        match=(
            rf"^scenario 'governments-decide-2009' is too long for a link of {LONGEST} characters; "
            r"take the scenario file"
        ),
    ):
        to_query(checked(own=load_shipped("governments-decide-2009")))


def unfolding_to(text: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text, 9)).decode()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not base64!", "the scenario in the link was cut or changed"),
        (packed(load_shipped("truce"))[:-9], "the scenario in the link was cut or changed"),
        (
            unfolding_to(b" " * 100 * MAX_TEXT),
            "the scenario in the link unfolds to more than 200,000 characters",
        ),
        (unfolding_to(b"[" * (MAX_TEXT - 1)), "the scenario in the link was cut or changed"),
        (
            unfolding_to(b'{"name": "a", "start": "2024-01", "months": 600}'),
            "the scenario in the link: months 600 are too many for a page",
        ),
        (
            unfolding_to(b'{"name": "a", "start": "2024-01", "evil": 1}'),
            "the scenario in the link: key 'evil' is not known",
        ),
        (unfolding_to(b"7"), "the scenario in the link: '7' is not a scenario"),
    ],
)
def test_a_changed_scenario_in_a_link_costs_one_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(message)}") as found:
        unpacked(text)
    assert "\n" not in str(found.value)


def named_firm(**changes: object) -> Scenario:
    """A scenario of a visitor's own that names a firm which a world of one firm a sector does not
    have.
    """
    firm = next(
        name
        for name in census(FACTS, "2024-01", 3).names
        if name not in census(FACTS, "2024-01", 1).names
    )
    stock = {"date": "2026-01-06", "kind": "firm_stock", "id": "hold", "firm": firm, "cover": 2}
    return scenario_from_dict(
        {"name": "own", "start": "2024-01", "months": 36, "events": [stock], **changes}
    )


def test_a_link_whose_parts_do_not_fit_each_other_opens_no_page() -> None:
    """Each part is right; together they ask for a world in which the firm is not. A page that began
    with it would fail while it is drawn.
    """
    link = to_query(checked(own=named_firm()))
    assert open_query(link) == read_query(link)
    with pytest.raises(InputError, match=r"firm '.*' is not a firm of 2024-01"):
        open_query(f"{link}&p.firms_per_sector=1")


def test_a_setting_that_is_too_long_for_a_link_has_none() -> None:
    noise = "".join(hashlib.sha256(str(number).encode()).hexdigest() for number in range(200))
    own = named_firm(
        why=noise[:5000], sources=[noise[start : start + 900] for start in range(5000, 12000, 900)]
    )
    assert query_if_short(checked(own=own)) == ""
    assert query_if_short(checked(seed=7)) == to_query(checked(seed=7))
