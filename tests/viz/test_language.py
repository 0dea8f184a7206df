"""Languages: one catalogue, English where it has nothing; and the sentences of templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog

from coercivity.experiments.lab.histories import Range
from coercivity.viz.words import language
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.money import millions
from coercivity.viz.words.names import place_names
from coercivity.viz.words.range_text import range_in_words
from coercivity.viz.words.template_text import sentences, translate_template
from tests.facts import FACTS
from tools.docs import languages as tool

TEMPLATES = sorted((Path(__file__).parents[2] / "viz").rglob("*.vue"))


@pytest.fixture(scope="module", autouse=True)
def _refusals_once() -> Iterator[None]:
    """All sources are read for refusals once."""
    found = list(tool.refusals())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tool, "refusals", lambda: iter(found))
        yield


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
        assert language.list_names(["a", "b"]) == "a, b"
        assert language.numeral("1,234.5") == "1.234,5"
    assert language.say("In {times} of {of} histories", times=3, of=20) == "In 3 of 20 histories"
    assert language.numeral("1,234.5") == "1,234.5"


def test_what_a_language_does_not_have_or_has_not_looked_at_is_english(german: Catalog) -> None:
    with language.speaking("de"):
        assert language.say("not there {n}", n=1) == "not there 1"
        assert language.say("stale") == "stale"
        assert language.says("{count} week", "{count} weeks", 2) == "2 weeks"


def test_a_name_stands_in_the_form_that_its_sentence_asks_for(german: Catalog) -> None:
    german.add("Japan", "Japan")
    german.add("United States", "USA")
    german.add("United States", "in den USA", context="in")
    german.add("A maker in {state}", "Ein Hersteller {state:in}")
    german.add("{state} buys", "Es kauft: {state}")
    one, other = language.Name("United States"), language.Name("Japan")
    with language.speaking("de"):
        assert language.say("A maker in {state}", state=one) == "Ein Hersteller in den USA"
        assert language.say("A maker in {state}", state=other) == "Ein Hersteller Japan"  # no form
        assert language.say("{state} buys", state=one) == "Es kauft: USA"
    assert language.say("A maker in {state}", state=one) == "A maker in the United States"
    assert language.say("{state} buys", state=one) == "The United States buys"
    assert language.say("{state:of} share", state=one) == "The United States' share"
    assert language.say("Mines {state:in}", state=other) == "Mines in Japan"
    assert language.say("Mines {state:in}", state=language.Name("Outside China")) == (
        "Mines outside China"
    )


def test_a_language_has_every_state_in_the_forms_that_its_wordings_ask_for() -> None:
    for path in CATALOGUES:
        held = language.catalogue(path.stem)
        known = [
            name
            for name in place_names(FACTS)
            if (one := held.get(name)) is not None and one.string
        ]
        assert "Japan" in known
        for form in tool.forms_asked(held):
            for name in known:
                assert held.get(name, form).string, (path.name, name, form)


@pytest.mark.parametrize(
    ("wording", "does"),
    [
        ("In {times} von {of}", True),
        ("{state:in} in {times}", True),
        ("In {other} von {of}", False),  # a name that the sentence has not
        ("In {times von {of}", False),
        ("{times:>50000000}", False),
        ("{times!r}", False),
        ("{times.__class__}", False),
        ("{0} {}", False),
    ],
)
def test_a_wording_from_anybody_is_taken_where_it_fits_its_sentence(
    wording: str, does: bool
) -> None:
    assert language.is_wording_valid(wording, ["In {times} of {of} histories, {state}"]) is does


def test_a_catalogue_is_read_without_wordings_that_do_not_fit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "data" / "languages"
    folder.mkdir(parents=True)
    (folder / "xx.po").write_text(
        'msgid "{n} of {of}"\nmsgstr "{wrong} aus {of}"\n\n'
        'msgid "one"\nmsgid_plural "{count} of them"\nmsgstr[0] "{{ a }}"\nmsgstr[1] "{count}"\n\n'
        'msgid "{n} here"\nmsgstr "hier {n}"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(language, "files", lambda package: tmp_path)
    monkeypatch.setattr(language, "catalogue", language.catalogue.__wrapped__)
    with language.speaking("xx"):
        assert language.say("{n} of {of}", n=1, of=2) == "1 of 2"
        assert language.says("one", "{count} of them", 3) == "3 of them"
        assert language.say("{n} here", n=1) == "hier 1"


def test_lists_and_sums_and_days_are_those_of_the_language() -> None:
    lists = {"en": "a, b and c", "de": "a, b und c", "ja": "a、b、c"}
    sums = {"en": "USD 1,170 million", "de": "1.170 Mio. USD", "ja": "11億7000万ドル"}
    bn = {"en": "USD 4 to 40 bn", "de": "4 bis 40 Mrd. USD", "ja": "40～400億ドル"}
    days = {"en": "6 January 2026", "de": "6. Januar 2026", "ja": "2026年1月6日"}
    months = {"en": "March 2026", "de": "März 2026", "ja": "2026年3月"}
    for code in lists:
        with language.speaking(code):
            assert language.join_names(["a", "b", "c"]) == lists[code]
            assert millions(1170.0).replace("\xa0", " ") == sums[code]
            assert (
                range_in_words(Range(4.0, 20.0, 40.0, 20), "USD bn").replace("\xa0", " ")
                == bn[code]
            )
            assert (date_in_words("2026-01-06"), date_in_words("2026-03")) == (
                days[code],
                months[code],
            )
    with language.speaking("ja"):
        assert (millions(31.0), millions(0.0), millions(2e6)) == ("3100万ドル", "0ドル", "2兆ドル")


@pytest.mark.parametrize("wording", ["{{ evil() }}", "a ${b}", "two\nlines", "a }} b", "a\u2028b"])
def test_a_wording_that_is_more_than_text_is_not_taken(german: Catalog, wording: str) -> None:
    german.add("Light", wording)
    assert language.translate_text("Light", "de") == "Light"


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
    text = translate_template(TEMPLATE, lambda sentence: wording.get(sentence, sentence))
    assert "<p>{{ a < b ? 1 : 2 }}: Sie wirken ab {{ controls.month }} &amp; weiter <b>" in text
    assert "say('l\\'&quot;heure')" in text
    assert 'say("von {of} \\"{n}\\"", { n, of })' in text
    assert 'title="Ein &quot;Titel&quot;"' in text


def test_a_template_that_says_something_in_its_bindings_has_the_word_for_it() -> None:
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        if "say(" in text[: text.rfind("</template>")]:
            methods = text[text.index("methods: {") :]
            assert "say: window.coercivity.say" in methods or "\n    say,\n" in methods, path


SAID = re.compile(r"""\bsay\(([\"'`])(?:\\.|(?!\1).)*\1""")
READ_OUT = re.compile(r"\{\{(.*?)\}\}|\s:(?:aria-label|title|placeholder)=\"([^\"]*)\"", re.DOTALL)
LITERAL = re.compile(r"""([\"'`])((?:(?!\1).)*)\1""")
# no name of a format, no id
WORDS = re.compile(r"[A-Za-z]{2,} |\b[A-Za-z] [a-z]|^ [a-z]|^[A-Z][a-z]|^\W [a-z]")
AS_IT_IS = {"coercivity facts "}  # a command


def test_words_within_bindings_are_said() -> None:
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        body = SAID.sub("said(", text[: text.rfind("</template>")])
        read = [one[1] or one[2] for one in READ_OUT.finditer(body)]
        found = [literal[2] for one in read for literal in LITERAL.finditer(one)]
        said = [words for words in found if WORDS.search(words) and words not in AS_IT_IS]
        assert said == [], path


def keys(held: Catalog, of_pages: bool = False) -> set[object]:
    """The sentences of a catalogue with their forms, all or those of viz."""
    return {(one.id, one.context) for one in held if not of_pages or tool.is_of_pages(one)}


def test_the_catalogues_hold_just_the_sentences_there_are() -> None:
    wanted, held = tool.template(), tool.read(tool.FOLDER / "messages.pot")
    assert keys(wanted, of_pages=True) <= keys(held)
    assert keys(held, of_pages=True) <= keys(wanted)
    for path in (*CATALOGUES, tool.FOLDER / "messages.pot"):
        mine = tool.read(path)
        assert path.read_bytes() == tool.written(mine), path.name
        assert keys(mine) == keys(tool.with_forms(held, tool.forms_asked(mine))), path.name


def test_a_refusal_is_a_sentence_where_a_page_may_show_it() -> None:
    source = (
        'InputError("{field} is empty", "write one" if one else "write two", where="", field=x)\n'
        'InputError(f"{field} is empty", suggest(x, y)), Phrase(text), Phrase.of("row {n}", n=1)\n'
        'errors.InputError("not this"), InputError("", "")'
    )
    assert [*tool.refused_in(source)] == ["{field} is empty", "write one", "write two", "row {n}"]
    places = set(tool.refusals())
    assert ("model/basis/errors.py", "did you mean '{name}'?") in places
    told = "KIND '{value}' has no schema"  # by a terminal alone, as long as nobody translates it
    assert told not in {text for _, text in places}


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
    left = tool.missing(language.catalogue(code))
    assert [one.id for one in left if tool.is_of_pages(one)] == []


def test_what_is_no_name_costs_no_page_where_a_language_asks_for_a_form(german: Catalog) -> None:
    german.add("A maker in {state}", "Ein Hersteller {state:in}")
    german.add("one in {state}", ("einer {state:in}", "{count} {state:in}"))
    with language.speaking("de"), pytest.warns(UserWarning, match="give it as a Name"):
        assert language.say("A maker in {state}", state="Japan") == "Ein Hersteller Japan"
    with language.speaking("de"), pytest.warns(UserWarning, match="'5' has no form 'in'"):
        assert language.says("one in {state}", "{count} in {state}", 3, state=5) == "3 5"
