"""A phrase is a sentence and what it names: it is written as plain values and read again."""

from __future__ import annotations

import json

from coercivity.agents.base.phrase import Phrase

WHAT = Phrase.of(
    "{kind} on {goods} towards {targets}",
    kind=Phrase.name(kind="dual_use_ban"),
    goods=(Phrase.name(good="ndpr_oxide"), "all"),
    targets=("Japan",),
)
DECIDES = Phrase.of("{who} decides: {what} ({why})", who="China", what=WHAT, why=Phrase("{no}"))


def test_a_phrase_is_english_in_a_terminal_and_names_in_a_program() -> None:
    assert str(DECIDES) == ("China decides: dual use ban on ndpr oxide, all towards Japan ({no})")
    assert WHAT.names("kind") == ("dual_use_ban",)
    assert WHAT.names("goods") == ("ndpr_oxide", "all")
    assert WHAT.names("state") == ()


def test_a_phrase_comes_back_from_a_file_and_so_does_a_text_of_an_earlier_version() -> None:
    for one in (
        DECIDES,
        WHAT,
        Phrase("as it is"),
        Phrase.of("{count} of {share}", count=3, share=0.5),
    ):
        back = Phrase.from_plain(json.loads(json.dumps(one.to_plain())))
        assert (back, str(back)) == (one, str(one))
    earlier = Phrase.from_plain("Lynas {is} to be built")
    assert (str(earlier), earlier.fields) == ("Lynas {is} to be built", {"text": str(earlier)})
