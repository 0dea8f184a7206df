"""What a link makes a page say: whatever stands in it, the page opens and speaks its reader's
language.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.experiments.lab.link import to_query
from coercivity.experiments.lab.setting import LabSetting
from coercivity.model.results.result import model_version
from coercivity.viz.screens import lab, play
from coercivity.viz.words.language import languages, speaking
from coercivity.viz.words.link_text import remark_in_words

NAMES = (
    *("v", "f", "m", "seed", "state", "scenario", "own", "at", "act", "good"),
    *("lever.stockpile", "lever.japan_stockpile", "lever.firms_stock", "lever.x"),
    *("p.share_speed", "p.x"),
)
TEXTS = (
    *(
        "",
        "0",
        "1",
        "-1",
        "1e400",
        "nan",
        "0.4.0",
        "9.9.9",
        "Japan",
        "EU",
        "japan-2026",
        "{a}",
        "{",
    ),
    *(
        "2026-03:stockpile:2",
        "kind:licensing",
        "kind:loan,actor:China,budget:5",
        "kind:x",
        ":",
        ",",
    ),
    *(
        "\x00",
        "“”",
        "x" * 300,
        "act 1: 'x' is no act; y",
        "' is not known; x",
        "[lever.firms_stock]",
    ),
)
FIELD = st.tuples(st.sampled_from(NAMES), st.sampled_from(TEXTS) | st.text(max_size=12)).map(
    lambda field: f"{field[0]}={quote(field[1])}"
)


@given(fields=st.lists(FIELD, max_size=5), code=st.sampled_from(list(languages())))
@settings(max_examples=60, deadline=None)
def test_no_link_stops_a_page(fields: list[str], code: str) -> None:
    search = "&".join(fields)
    with speaking(code):
        asked = lab.read_address(search)
        setting, left, warning = play.read_play_address(search)
    assert asked.setting == setting
    assert bool(asked.left) == bool(left)
    assert asked.remark == warning
    asked.setting.asked()


REMARKS = {
    "v=0.1.0": f"This link was made with version 0.1.0 of the model; this is {model_version()}, "
    "and the numbers may differ.",
    "f=000000000000": "This link was changed by hand, or its scenario has changed since: the "
    "numbers may not be those that its sender saw.",
    "m=000000000000": "This link was made with other facts or rules than those here, and the "
    "numbers may differ.",
}


@pytest.mark.parametrize(("search", "sentence"), REMARKS.items(), ids=list(REMARKS))
def test_what_there_is_to_say_of_a_link_is_said_in_each_language(
    search: str, sentence: str
) -> None:
    said = {}
    for code in languages():
        with speaking(code):
            said[code] = remark_in_words(search, LabSetting())
            assert (
                lab.read_address(search).remark == play.read_play_address(search)[2] == said[code]
            )
    assert said["en"] == sentence
    assert len(set(said.values())) == len(said)
    assert all(model_version() in words for words in said.values()) == ("v=" in search)


def test_of_a_link_of_this_version_there_is_nothing_to_say() -> None:
    assert remark_in_words(to_query(LabSetting()), LabSetting()) == ""
