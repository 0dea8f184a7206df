"""Languages: one catalogue, English where it has nothing; and the sentences of templates."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog

from coercivity.viz.screens import present
from coercivity.viz.words import language
from coercivity.viz.words.in_template import sentences, translated
from docs import languages as tool

SCREENS = Path(__file__).parents[2] / "viz" / "screens"


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """A small catalogue that is spoken."""
    held = Catalog(locale="de")
    held.add("In {times} of {of} histories", "In {times} von {of} Verläufen")
    held.add(("{count} month", "{count} months"), ("{count} Monat", "{count} Monate"))
    held.add("and {count} more", "und {count} mehr")
    held.add("stale", "veraltet", flags=["fuzzy"])
    monkeypatch.setattr(language, "catalogue", lambda code: held)
    return held


def test_a_sentence_is_found_and_filled_in(german: Catalog) -> None:
    with language.speaking("de"):
        assert language.say("In {times} of {of} histories", times=3, of=20) == (
            "In 3 von 20 Verläufen"
        )
        assert language.says("{count} month", "{count} months", 1) == "1 Monat"
        assert language.says("{count} month", "{count} months", 7) == "7 Monate"
        alike = "and {count} more"
        assert language.says(alike, alike, 1) == language.says(alike, alike, 1) == "und 1 mehr"
        assert language.listed(["a", "b"]) == "a, b"
        assert language.numeral("1,234.5") == "1.234,5"
    assert language.say("In {times} of {of} histories", times=3, of=20) == "In 3 of 20 histories"
    assert language.numeral("1,234.5") == "1,234.5"


def test_what_a_language_does_not_have_or_has_not_looked_at_is_english(german: Catalog) -> None:
    with language.speaking("de"):
        assert language.say("not there {n}", n=1) == "not there 1"
        assert language.say("stale") == "stale"
        assert language.says("{count} week", "{count} weeks", 2) == "2 weeks"


def test_sums_and_sentences_are_set_as_the_language_counts_and_spaces() -> None:
    assert (language.billions(5.0), language.together(["A.", "B."])) == (5.0, "A. B.")
    with language.speaking("ja"):  # 50 times 10^8
        assert (language.billions(5.0), language.together(["甲。", "乙。"])) == (50.0, "甲。乙。")
        assert language.listed(["甲", "乙"]) == "甲、乙"


def test_an_address_names_the_language_and_what_is_none_changes_nothing() -> None:
    assert present.with_language("a=1") == "a=1"
    with language.speaking("de"):  # the session's own language is not what a block speaks
        assert present.with_language("a=1") == "a=1"


@pytest.mark.parametrize("wording", ["{{ evil() }}", "a ${b}", "two\nlines", "a }} b", "a\u2028b"])
def test_a_wording_that_is_more_than_text_is_not_taken(german: Catalog, wording: str) -> None:
    """Catalogues may come from anybody: in a template this would run."""
    german.add("Light", wording)
    assert language.found("Light", "de") == "Light"


def test_no_catalogue_has_more_than_text() -> None:
    for path in tool.FOLDER.glob("*.po"):
        for message in language.catalogue(path.stem):
            forms = [message.string] if isinstance(message.string, str) else message.string or ()
            plain = all(language.is_plain(one) for one in forms)
            assert plain or not message.id, (path.name, message.id)  # the head of a file has lines


TEMPLATE = """<template>
  <section :title="dark ? say('Light') : say('Dark')" title="A title">
    <p>They act from {{ controls.month }} on, {{ a < b ? 1 : 2 }} <b>or later</b>.</p>
    <i>{{ only }}</i> <i data-label="Filed">–</i>
  </section>
</template>
<script>
const one = say("{n} of {of} \\"histories\\"", { n, of }); // say nothing
</script>
"""


def test_the_sentences_of_a_template() -> None:
    assert sorted(sentences(TEMPLATE)) == sorted(
        [
            "Light",
            "Dark",
            "A title",
            "Filed",
            "They act from {month} on, {1}",
            "or later",
            '{n} of {of} "histories"',
        ]
    )


def test_a_translated_template_keeps_its_bindings_and_its_quotes() -> None:
    wording = {
        "They act from {month} on, {1}": "{1}: Sie wirken ab {month} & weiter",
        "Light": "l'\"heure",
        '{n} of {of} "histories"': 'von {of} "{n}"',
        "A title": 'Ein "Titel"',
    }
    text = translated(TEMPLATE, lambda sentence: wording.get(sentence, sentence))
    assert "<p>{{ a < b ? 1 : 2 }}: Sie wirken ab {{ controls.month }} &amp; weiter <b>" in text
    assert "say('l\\'&quot;heure')" in text
    assert 'say("von {of} \\"{n}\\"", { n, of })' in text
    assert 'title="Ein &quot;Titel&quot;"' in text


@pytest.mark.parametrize("path", sorted(SCREENS.glob("*.vue")), ids=lambda path: path.name)
def test_a_template_that_says_something_in_its_bindings_has_the_word_for_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    body = text[: text.rfind("</template>")]
    if "say(" in body:
        methods = text[text.index("methods: {") :]
        assert "say: window.coercivity.say" in methods or "\n    say,\n" in methods


SAID = re.compile(r"""\bsay\(([\"'`])(?:\\.|(?!\1).)*\1""")
READ_OUT = re.compile(r"\{\{(.*?)\}\}|\s:(?:aria-label|title|placeholder)=\"([^\"]*)\"", re.DOTALL)
LITERAL = re.compile(r"""([\"'`])((?:(?!\1).)*)\1""")
# no name of a format, no id
WORDS = re.compile(r"[A-Za-z]{2,} |\b[A-Za-z] [a-z]|^ [a-z]|^[A-Z][a-z]|^\W [a-z]")
AS_IT_IS = {"coercivity facts "}  # a command


@pytest.mark.parametrize("path", sorted(SCREENS.glob("*.vue")), ids=lambda path: path.name)
def test_words_within_bindings_are_said(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    body = SAID.sub("said(", text[: text.rfind("</template>")])
    read = [one[1] or one[2] for one in READ_OUT.finditer(body)]
    found = [literal[2] for one in read for literal in LITERAL.finditer(one)]
    assert [words for words in found if WORDS.search(words) and words not in AS_IT_IS] == []


def test_the_catalogues_hold_just_the_sentences_there_are() -> None:
    """`python docs/languages.py` was run after the last change of a sentence."""
    wanted = tool.template()
    assert (tool.FOLDER / "messages.pot").read_bytes() == tool.written(wanted)
    for path in tool.FOLDER.glob("*.po"):
        assert path.read_bytes() == tool.written(tool.brought_up(path, wanted)), path.name


CATALOGUES = sorted(tool.FOLDER.glob("*.po"), key=lambda path: path.name)


def placeholders(text: str) -> list[str]:
    """The {names} of a sentence, each as often as it stands there."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_has_just_the_placeholders_of_its_sentence(path: Path) -> None:
    for message in language.catalogue(path.stem):
        sentence = message.id if isinstance(message.id, str) else message.id[-1]
        wording = message.string
        forms = [wording] if isinstance(wording, str) else list(wording or ())
        shown = bool(sentence) and not message.fuzzy  # else the page is in English there
        for form in filter(None, forms if shown else ()):
            assert placeholders(form) == placeholders(sentence), sentence


@pytest.mark.parametrize("code", ["de", "ja"])
def test_german_and_japanese_are_complete(code: str) -> None:
    assert tool.missing(language.catalogue(code)) == []
