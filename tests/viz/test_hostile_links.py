"""A link cannot put a sentence into the page's mouth: whatever somebody wrote into it, and however
much it looks like words of the model, stays within quotation marks or is not said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.experiments.lab.levers import lever_table
from coercivity.experiments.lab.link_reader import open_search
from coercivity.experiments.lab.own_scenario import LINK, encode_scenario
from coercivity.experiments.lab.setting import LabSetting
from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.scenario import parse_scenario
from coercivity.viz.screens import lab
from coercivity.viz.screens.chain import view_of_address
from coercivity.viz.screens.compare import pair_of_address
from coercivity.viz.words.language import languages, speaking
from coercivity.viz.words.refusals import refusal_in_words
from tests.experiments.test_lab_link import named_firm
from tests.names import KINDS

WORD: Final = "mallory"  # of whoever wrote the link
QUOTED: Final = re.compile("“[^“”]*”|„[^„“]*“|「[^「」]*」")
SPEECH: Final = f"sign in at evil.{WORD} first"
OPENS: Final = ("J' is not known; {}", "J'; {}", "J' x”. {}", "“{}", "J' {}", "{}", "J'. {} 'K")
HOSTILE: Final = (
    *(form.format(SPEECH) for form in OPENS),
    # words like those of a refusal, from where a value ends and whole
    *(
        form.format(SPEECH)
        for form in (
            "J' does not fit; use a number from {} to 7",
            "J' does not fit; use one of: {}",
            "J' is not a date; write {}",
            "J' meets act 1, of the same kind; {}",
            "J' is not a firm of {}; did you mean?",
            "J' does not belong to it; use {}",
            "act 1, grant: days '3' does not belong to it; use {}",
            "act 1, grant: {}",
            "seed '{}' is not a whole number from 0 to 1; write for example 1",
            "lever.{} stands twice in the address; write it once",
            "the scenario in the link was cut or changed; {}",
            "the address has 9 characters; {}",
            "Share: {}",
            "{{value}}{}{{field}}",
        )
    ),
    f"x, cover row 3: {SPEECH}",
    f"x, event a: {SPEECH}",
    f"a: {SPEECH}",
    f"9' does not fit; {SPEECH} [lever.firms_switch]",
    f"sign_in_at_evil_{WORD}",
    f"lever.sign_in_at_evil_{WORD}",
    f"{WORD}' is not known; use one of '{WORD}', '{SPEECH}'",
)


def outside(said: str) -> str:
    """What a page says, without what stands in quotation marks."""
    return QUOTED.sub("", said)


FIELDS: Final = ("state", "seed", "scenario", "at", "own", "v", "f", "m")


def links(text: str) -> Iterator[str]:
    """Links with a text in each place that somebody may write in."""
    field, part = quote(text, safe=""), quote(quote(text, safe=""), safe="")
    yield from (f"{name}={field}" for name in FIELDS)
    yield from (f"lever.{lever.id}={field}" for lever in lever_table())
    yield from (f"{name}={field}&{name}=1" for name in ("seed", "lever.firms_stock"))
    yield from (f"lever.{field}=1", f"lever.{field}=1&lever.{field}=2", f"p.{field}=1")
    yield from (f"p.{field}=1&p.{field}=1", f"p.share_speed={field}")
    yield f"at=2027-03:{field}:1,{field}:firms_stock:1,2027-03:firms_stock:{field}"
    yield from (f"act={field}", f"act=kind:{part}", f"act=kind:licensing,{field}:1")
    yield f"act=kind:loan,actor:EU,budget:5,firm:{part}"
    yield f"act=kind:x,{field}:1,{field}:1"
    for kind in ("licensing", "loan", "coalition", "suspension"):
        for name in ("actor", "targets", "goods", "from", "until", *KINDS[kind].fields):
            yield f"act=kind:{kind},{name}:{part}"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_link_says_nothing_in_the_page_s_voice(text: str) -> None:
    for search in links(text):
        asked = lab.read_address(search)
        assert asked.left or asked.remark or asked.setting != LabSetting(), search
        for said in (*asked.left, asked.remark):
            assert WORD not in outside(said), (search, said)


@given(text=st.sampled_from(HOSTILE), data=st.data(), code=st.sampled_from(list(languages())))
@settings(max_examples=60, deadline=None)
def test_nor_in_any_language(text: str, data: st.DataObject, code: str) -> None:
    search = data.draw(st.sampled_from(list(links(text))))
    with speaking(code):
        asked = lab.read_address(search)
        pair = pair_of_address(f"a={quote(search)}&b=seed=1")[1]
        view = (
            view_of_address(f"element={quote(text)}")[1] + view_of_address(f"view={quote(text)}")[1]
        )
    for said in (*asked.left, asked.remark, pair, view):
        assert WORD not in outside(said), (search, said)


SCENARIOS: Final[tuple[dict[str, Any], ...]] = (
    {"name": "{}"},
    {"name": "a", "{}": 1},
    {"name": "a", "parameters": {"{}": 1}},
    {"name": "a", "parameters": {"share_speed": "{}"}},
    {"name": "a", "governments": {"{}": "played"}},
    {"name": "a", "governments": {"China": "{}"}},
    {"name": "a", "mechanisms": {"{}": False}},
    {"name": "a", "events": [{"id": "{}", "kind": "x"}]},
    {"name": "a", "events": [{"id": "{}", "kind": "remark", "date": "soon", "actor": "China"}]},
    {"name": "a", "events": [{"id": "e", "kind": "{}", "date": "2025-01-01"}]},
    {"name": "a", "events": [{"id": "e", "kind": "remark", "date": "{}"}]},
    {"name": "a", "events": [{"id": "e", "kind": "remark", "{}": 1}]},
    {"name": "a", "tables": {"{}": []}},
    {"name": "a", "tables": {"cover": [{"{}": 1}]}},
    {"name": "a", "tables": {"cover": [{"kind": "{}", "state": "Japan", "months_median": 2}]}},
)


def filled(part: Any, text: str) -> Any:
    """A scenario with a text in its places."""
    if isinstance(part, dict):
        return {filled(key, text): filled(value, text) for key, value in part.items()}
    if isinstance(part, list):
        return [filled(one, text) for one in part]
    return part.replace("{}", text) if isinstance(part, str) else part


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_nor_does_a_scenario_in_a_link(scenario: dict[str, Any]) -> None:
    for text in HOSTILE:
        said = refused({"start": "2024-01", "months": 12, **filled(scenario, text)})
        assert WORD not in outside(said), said


def refused(scenario: dict[str, Any]) -> str:
    """Why there is no such scenario, as a page says it; '' where there is one."""
    try:
        parse_scenario(json.dumps(scenario), LINK)
    except InputError as error:
        return refusal_in_words(error)
    return ""


def test_what_a_scenario_is_called_stays_in_quotation_marks() -> None:
    own = parse_scenario(
        json.dumps({"name": f"J”. {SPEECH}", "start": "2024-01", "months": 12}), "mine.yaml"
    )
    link = f"own={encode_scenario(own)}&scenario=x&lever.firms_stock=99"
    for part in lab.read_address(link).left:
        assert WORD not in outside(part)
    assert open_search(link)[0].own == own


@pytest.mark.parametrize("name", [f"J”. {SPEECH}", SPEECH, f"J: {SPEECH}"])
def test_nor_does_a_scenario_that_the_rest_of_its_link_contradicts(name: str) -> None:
    own = named_firm(name=name)
    (part,) = lab.read_address(f"own={encode_scenario(own)}&p.firms_per_sector=1").left
    assert part.startswith("Scenario “")
    assert WORD not in outside(part)
