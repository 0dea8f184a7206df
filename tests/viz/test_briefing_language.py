"""A briefing is in one language: no sentence of another in any kind of file, and letters for it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import cache
from html import unescape
from typing import Any

import pytest
import reportlab.platypus
from matplotlib.figure import Figure

from coercivity.experiments.lab.own_rows import with_csv
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.model.scenario.scenario import load_shipped
from coercivity.viz.documents import fonts
from coercivity.viz.documents.briefing_charts import (
    chart_csv,
    chart_figure,
    charts_zip,
    has_words_beside,
    words_of,
)
from coercivity.viz.documents.briefing_files import briefing_docx, briefing_html
from coercivity.viz.documents.briefing_pdf import briefing_pdf
from coercivity.viz.documents.briefing_slides import briefing_slides
from coercivity.viz.page_data.evidence_data import record_rows
from coercivity.viz.server.exports import citation_of_picture
from coercivity.viz.words import language
from coercivity.viz.words.briefing import Briefing, BriefingRequest, briefing
from coercivity.viz.words.lab_text import question_of
from coercivity.viz.words.why_text import WhySentences
from tests.viz.marks import AS_IT_IS, MARKED, WORD, Marks
from tests.viz.test_briefing import GRANT, LICENCES, histories
from tests.viz.test_nothing_forgotten import CODE, translated

STOCKS = "kind,state,months_median\n" + "".join(
    f"{kind},Germany,4\n" for kind in ("automotive", "wind", "electronics", "industrial")
)
NO_WORDS = re.compile(  # what no language has words for
    r"Coercivity( \d[\w.+-]*)?|https?://\S+|\?seed=\S+|japan-2026[\w-]*|myanmar-closure|business-as-usual|\b[0-9a-f]{12,}\b|USD/kg"
    r"|\b[a-z]+(_[a-z]+)+\b|Apache-2\.0|\bUSD\b|\bCSV\b|\bNdPr\b|\bSmCo\b|\bEV\b"
)


def setting(**more: Any) -> LabSetting:
    own = with_csv(load_shipped("japan-2026"), "cover", STOCKS)
    moved: dict[str, Any] = {
        "own": own,
        "state": "Germany",
        "acts": [LICENCES, GRANT],
        "levers": {"firms_stock": 2, "china_licences": 1},
        "assumptions": {"share_speed": 0.2},
        **more,
    }
    return check_setting(**moved)


def made(code: str, asked_for: LabSetting | None = None) -> Briefing:
    """A briefing in a language, with all that it can tell."""
    mine = asked_for or setting()
    dear = histories(5.0)
    for one in dear.drawn.values():
        one.series["prices/dysprosium_oxide"][100] = 90_000.0
    with language.speaking(code):
        asked = BriefingRequest(
            mine,
            question_of(mine),
            "dysprosium_oxide",
            "2026-11-28",
            "http://127.0.0.1:1",
            "seed=1",
            citation_of_picture(mine.asked(), 1, ""),
        )
        shipped = histories(12.0)
        return briefing(asked, dear, histories(10.0), WhySentences(), record_rows(), shipped)


def of_word(held: Briefing) -> list[str]:
    from docx import Document

    document = Document(io.BytesIO(briefing_docx(held)))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    pictures = re.findall(r'descr="([^"]*)"', document.element.xml)
    paragraphs = [part for cell in cells for part in cell.paragraphs]
    texts = [part.text for part in (*document.paragraphs, *paragraphs)]
    return [*texts, *map(unescape, pictures), document.core_properties.title]


def of_slides(held: Briefing) -> list[str]:
    from pptx import Presentation

    deck = Presentation(io.BytesIO(briefing_slides(held)))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    found = [part.text for s in shapes if s.has_text_frame for part in s.text_frame.paragraphs]
    found += [cell.text for s in shapes if s.has_table for cell in s.table.iter_cells()]
    pictures = [re.findall(r'descr="([^"]*)"', slide._element.xml) for slide in deck.slides]
    return [*found, *(unescape(one) for some in pictures for one in some)]


def of_html(held: Briefing) -> list[str]:
    page = briefing_html(held)
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    alts = re.findall(r'alt="([^"]*)"', page)
    return [unescape(text) for text in (*re.split(r"<[^>]*>", page), *alts)]


def of_pdf(held: Briefing) -> list[str]:
    found: list[str] = []

    class Heard(reportlab.platypus.Paragraph):  # type: ignore[misc]
        def __init__(self, text: str, *args: Any, **more: Any) -> None:
            found.append(unescape(re.sub(r"<[^>]*>", "", text)))
            super().__init__(text, *args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reportlab.platypus, "Paragraph", Heard)
        briefing_pdf(held)
    return found


def of_pictures(held: Briefing) -> list[str]:
    found = []
    for chart in held.charts:
        found += words_of(chart)
        found += [line for line in chart_csv(chart).splitlines() if not line[:1].isdigit()]
    return found


READ: dict[str, Callable[[Briefing], list[str]]] = {
    "docx": of_word,
    "pptx": of_slides,
    "html": of_html,
    "pdf": of_pdf,
    "pictures": of_pictures,
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are drawn once: what stands beside them is read here."""
    for module in ("briefing_charts", "briefing_slides"):
        monkeypatch.setattr(
            f"coercivity.viz.documents.{module}.chart_png", lambda *_, **__: picture()
        )


@cache
def picture() -> bytes:
    stream = io.BytesIO()
    Figure(figsize=(3.3, 2.45)).savefig(stream, format="png", dpi=20)
    return stream.getvalue()


@pytest.fixture
def marks(monkeypatch: pytest.MonkeyPatch) -> Marks:
    held = Marks()
    known = language.catalogue
    monkeypatch.setattr(language, "catalogue", lambda code: held if code == CODE else known(code))
    return held


def unsaid(text: str) -> bool:
    """Whether a text has a word outside of the marks."""
    for known in (MARKED, NO_WORDS, AS_IT_IS):
        text = known.sub(" ", text)
    return bool(WORD.search(text))


SETTINGS: dict[str, Callable[[], LabSetting]] = {
    "all": setting,
    "later": lambda: setting(changes=[("2027-03", "japan_stockpile", 2)], acts=[]),
    "plain": LabSetting,
    "calm": lambda: LabSetting(scenario="myanmar-closure"),
    "quiet": lambda: LabSetting(scenario="business-as-usual"),
}


def words_in(found: Any) -> Iterator[str]:
    """Every text of a briefing, before it is laid out."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for name, value in found.items():
            if name not in ("id", "months", "day", "language", "url"):
                yield from words_in(value)
    elif isinstance(found, list | tuple):
        for one in found:
            yield from words_in(one)


def check_said(texts: list[str], fewest: int, marks: Marks) -> None:
    """Every word is said, and every sentence is given to the translators."""
    assert len(texts) > fewest
    assert sorted({text for text in texts if unsaid(text)}) == []
    assert sorted(text for text in marks.asked - translated() if WORD.search(text)) == []


@pytest.mark.parametrize("form", READ)
def test_every_word_of_a_file_is_said(marks: Marks, form: str) -> None:
    check_said(READ[form](made(CODE)), 10, marks)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_word_of_a_briefing_is_said(marks: Marks, name: str) -> None:
    check_said(list(words_in(asdict(made(CODE, SETTINGS[name]())))), 40, marks)


@pytest.fixture(scope="module")
def english() -> Briefing:
    return made("en")


@pytest.fixture(scope="module", params=["de", "ja"])
def other(request: pytest.FixtureRequest) -> Briefing:
    return made(str(request.param))


def pages(data: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", data))


def test_a_pdf_has_two_pages_in_any_language(english: Briefing, other: Briefing) -> None:
    for held in (english, other):
        data = briefing_pdf(held)
        assert pages(data) == 2
        assert data == briefing_pdf(held)
        assert b"/Lang (" + held.language.encode() in data


def test_japanese_needs_no_file_of_a_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FILES", {})
    data = briefing_pdf(made("ja"))
    assert b"/BaseFont /HeiseiKakuGo-W5" in data
    assert b"/FontFile" not in data
    german = briefing_pdf(made("de"))
    assert b"Heisei" not in german
    assert german.count(b"/FontFile2") == 3


def test_letters_of_a_font_of_this_computer_are_in_the_file() -> None:
    held = made("ja")
    if not fonts.font_file([held.title], "ja"):
        pytest.skip("this computer has no font for Japanese")
    data = briefing_pdf(held)
    assert b"Heisei" not in data
    assert data.count(b"/FontFile2") >= 2  # plain and bold, of so many letters a font
    assert data.count(b"/ToUnicode") == data.count(b"/FontFile2")
    assert len(data) < 2_000_000  # the letters that are needed, and no others


def test_pictures_without_letters_have_their_words_beside_them() -> None:
    german, japanese = made("de"), made("ja")
    assert not has_words_beside(german)
    assert has_words_beside(japanese)
    bare = chart_figure(japanese.charts[0], family="")
    assert bare.texts == []
    assert bare.axes[0].get_legend() is None
    for form in ("docx", "pptx", "html", "pdf"):
        texts = READ[form](japanese)
        for chart in japanese.charts:
            for words in (chart.title, chart.below, chart.source):
                assert any(words in text for text in texts), (form, words)


def test_a_picture_alone_is_in_english_where_no_font_has_its_letters(
    monkeypatch: pytest.MonkeyPatch, english: Briefing
) -> None:
    monkeypatch.setattr(fonts, "FILES", {})
    held, drawn = made("ja"), []
    monkeypatch.setattr(
        "coercivity.viz.documents.briefing_charts.chart_png",
        lambda chart, **_: drawn.append(chart) or b"png",
    )
    one, other = (replace(of, charts=of.charts[:1]) for of in (held, english))
    with zipfile.ZipFile(io.BytesIO(charts_zip(one, other))) as archive:
        svg = archive.read("prices.svg").decode()
    assert [chart.title for chart in drawn] == [english.charts[0].title]
    assert all("has no letters for Japanese; the SVG beside it" in chart.note for chart in drawn)
    assert held.charts[0].source[:6] in unescape(svg)
