"""Acts that a visitor writes: any kind, by anybody, on anything, from any month; in an address and
in a scenario file the same act, refused in a sentence that names field, value and fix.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from coercivity.experiments.lab.act_in_link import from_field, to_field
from coercivity.experiments.lab.act_words import (
    fields_of,
    kind_words,
    kinds_in_order,
)
from coercivity.experiments.lab.acts import (
    check_act,
    default_of,
    in_words,
    overlapping_acts,
    with_acts,
)
from coercivity.experiments.lab.link import open_query, read_query, to_query
from coercivity.experiments.lab.link_reader import remark_of
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.model.scenario.scenario import load_scenario, load_shipped, with_changes
from coercivity.viz.server.exports import scenario_yaml
from coercivity.viz.words.lab_text import twin_words
from tests.names import KINDS
from tests.refusal import refusal

JAPAN_2026 = load_shipped("japan-2026")
LICENCES = {"kind": "licensing", "actor": "China", "targets": ["Germany"], "from": "2026-03"}
LICENCES |= {"goods": ["dysprosium", "terbium"], "days": "120"}
STOCK = {"kind": "firm_stock", "states": ["Germany"], "cover": "4"}
GRANT = {"kind": "grant", "actor": "EU", "hosts": ["Australia"], "budget": "1160"}
GRANT |= {"from": "2026-03"}
TASK = (STOCK, LICENCES, GRANT)


def setting(*acts: dict[str, object], **more: object) -> LabSetting:
    return check_setting(state="Germany", acts=acts, **more)  # type: ignore[arg-type]


# ---------------------------------------------------------------- the table of words and the form


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_in_the_form_can_be_written_as_it_stands(kind: str) -> None:
    """For whatever state is looked at, but for who builds where nothing is planned."""
    assert sorted(kinds_in_order()) == sorted(KINDS)
    for state in ("Germany", "Japan", "China", "Australia"):
        given = {field: default_of(kind, field, JAPAN_2026, state) for field in fields_of(kind)}
        act = check_act(JAPAN_2026, {"kind": kind, **given}, 1)
        assert check_act(JAPAN_2026, act, 1) == act
        assert check_act(JAPAN_2026, from_field(to_field(act)), 1) == act
        assert in_words(act).startswith(kind_words(kind).label)
        if kind not in ("firm_build", "plant_fire") and (kind, state) != ("quota", "Japan"):
            found = with_acts(JAPAN_2026, [act]).choices[-1]
            assert (found.id, found.kind) == (f"own-1-{kind}", kind)


# ---------------------------------------------------------------- what was asked comes out


def test_the_task_of_an_analyst_in_berlin_becomes_three_dated_acts() -> None:
    """The stock is held from the first month of the run."""
    asked = setting(*TASK).asked()
    stock, licences, grant = asked.choices[-3:]
    assert (stock.id, stock.date) == ("own-1-firm_stock", "2026-01-01")
    assert (stock.get("cover"), stock.get("states")) == (4.0, ("Germany",))
    assert (licences.id, licences.date) == ("own-2-licensing", "2026-03-01")
    assert (licences.actor, licences.targets) == ("China", ("Germany",))
    assert licences.get("days") == 120.0
    assert (grant.actor, grant.get("budget"), grant.get("hosts")) == ("EU", 1160.0, ("Australia",))
    assert asked.events == JAPAN_2026.events


def test_the_scenario_s_own_acts_on_the_same_lanes_are_known() -> None:
    """China's licences of April 2025 are for all states."""
    for raw, ids in ((LICENCES, ["T041"]), (STOCK, [])):
        found = overlapping_acts(JAPAN_2026, check_act(JAPAN_2026, raw, 1))
        assert [event.id for event in found] == ids


# ---------------------------------------------------------------- address and file


def test_a_link_holds_the_acts_and_can_be_read() -> None:
    made = setting(*TASK, levers={"firms_stock": 3}, assumptions={"share_speed": 0.2})
    query = to_query(made)
    licences = "act=kind:licensing,actor:China,targets:Germany,goods:dysprosium/terbium,days:120"
    assert f"{licences},from:2026-03" in query
    assert open_query("?" + query) == made
    assert hash(read_query(query)) == hash(made)
    assert remark_of(query, made) is None
    assert len(parse_qs(query)["act"]) == 3


def test_the_file_that_is_taken_away_is_the_same_scenario(tmp_path: Path) -> None:
    made = with_changes(setting(*TASK).asked(), months=30)
    file = tmp_path / "own.yaml"
    file.write_text(scenario_yaml(made, 1, "2026-01-06"), encoding="utf-8")
    again = load_scenario(file)
    for name in ("events", "choices", "months", "parameters", "governments"):
        assert getattr(again, name) == getattr(made, name)


def test_acts_written_on_a_file_that_holds_some_go_on_counting() -> None:
    own = with_changes(setting(LICENCES).asked(), months=60)
    more = check_setting(own=own, acts=[STOCK, GRANT])
    assert [event.id for event in more.asked().choices[-3:]] == [
        "own-1-licensing",
        "own-2-firm_stock",
        "own-3-grant",
    ]


def test_levers_take_no_act_of_one_s_own_away() -> None:
    """Not the one that lifts all licences, nor the one that puts another measure in the place of
    those that name Japan.
    """
    ban = {"kind": "blanket_ban", "actor": "China", "targets": ["Japan"], "goods": ["terbium"]}
    asked = check_setting(
        acts=[LICENCES, ban], levers={"china_licences": 3, "china_measure": 1}
    ).asked()
    assert [event.id for event in asked.choices] == ["own-1-licensing", "own-2-blanket_ban"]
    assert not any(event.kind == "licensing" and not event.end for event in asked.events)


# ---------------------------------------------------------------- the twin, and words


def test_the_twin_goes_without_levers_and_acts() -> None:
    made = setting(LICENCES, levers={"firms_stock": 3}, assumptions={"share_speed": 0.2})
    twin = made.base_setting()
    assert twin == replace(made, levers=(), acts=())
    assert made.base() == twin.asked()
    for one, words in (
        (made, "with no lever moved and without the acts written here"),
        (replace(made, levers=()), "without the acts written here"),
        (twin, "with the shipped assumptions"),
    ):
        assert twin_words(one) == words
    later = check_setting(acts=[LICENCES], changes=[("2027-03", "firms_stock", 3)])
    assert later.base_setting() == replace(later, changes=())
    assert made.set_last() == (("firms_stock", 3.0), ("licensing", 1.0))


# ---------------------------------------------------------------- refusals


LANE = "kind:licensing,actor:China,targets:Japan"
HELD = "act=kind:firm_stock,states:Germany,cover:2"
BAD = (
    ("act=kind:licencing", "act 1: kind 'licencing' is not known; did you mean 'licensing'?"),
    (
        "act=kind:licensing,actor:Chnia",
        "act 1, export licences: actor 'Chnia' is not known; did you mean 'China'?",
    ),
    (
        "act=kind:grant,actor:Germany,budget:5",
        "act 1, grant: actor 'Germany' has no government of its own here; write actor: EU",
    ),
    (
        f"act={LANE},from:2051-03",
        "act 1, export licences: from '2051-03' is not within the run; use a month from 2026-01",
    ),
    (
        f"act={LANE},from:2026-03,until:2026-01",
        "act 1, export licences: until '2026-01' is before from '2026-03'; use a later month",
    ),
    (
        f"act={LANE},days:0",
        "act 1, export licences: days '0.0' does not fit; use a number from 1 to 730",
    ),
    (
        "act=kind:grant,actor:EU,budget:5,days:3",
        "act 1, grant: days '3' does not belong to it; use actor, budget, stages, hosts, firm, ",
    ),
    ("act=kind:licensing,kind:quota", "act: kind stands twice in one act; write it once"),
    ("act=licensing", "act 'licensing' is no part of an act; write name:value, with commas"),
    (
        f"{HELD}&{HELD}",
        "act 2, firms hold more stock: from '2026-01' meets act 1, of the same kind on the same "
        "firms, still in force",
    ),
    (
        "act=kind:loan,actor:EU,budget:5,firm:Lynass",
        "act 1, loan: firm 'Lynass' is not a firm of 2026-01; did you mean ",
    ),
    ("&".join(["act=kind:remark"] * 13), "acts: 13 are too many; use at most 12"),
)


@pytest.mark.parametrize(("query", "words"), BAD)
def test_an_act_that_does_not_fit_is_refused_in_one_sentence(query: str, words: str) -> None:
    assert refusal(open_query, query).startswith(words)


def test_what_only_looks_like_a_contradiction_is_taken() -> None:
    """Other goods, other states, one after the other, and two programmes of money."""
    other = {**LICENCES, "goods": ["ndpr_oxide"], "days": "30"}
    states = {**LICENCES, "targets": ["Japan"], "days": "30"}
    first = {**LICENCES, "until": "2026-12"}
    after = {**LICENCES, "from": "2027-01", "days": "30"}
    for pair in ((LICENCES, other), (LICENCES, states), (first, after), (GRANT, GRANT)):
        setting(*pair).asked()
