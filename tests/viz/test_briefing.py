"""The briefing: what stands in it is what the histories say, and every file holds it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytest_regressions.data_regression import DataRegressionFixture

from coercivity.experiments.lab.histories import DrawnHistory, Histories
from coercivity.experiments.lab.own_rows import with_csv
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.viz.documents.briefing_charts import (
    LARGE,
    SIZE,
    chart_csv,
    chart_figure,
    chart_png,
    charts_zip,
)
from coercivity.viz.documents.briefing_files import briefing_docx, briefing_html
from coercivity.viz.documents.briefing_pdf import briefing_pdf
from coercivity.viz.documents.briefing_slides import briefing_slides
from coercivity.viz.page_data.evidence_data import record_rows
from coercivity.viz.server import exports
from coercivity.viz.words import language
from coercivity.viz.words.briefing import (
    Briefing,
    BriefingRequest,
    Chart,
    briefing,
    way_back,
)
from coercivity.viz.words.briefing_misses import misses, output_missed, untested_notes
from coercivity.viz.words.briefing_table import Change, changes, left_out
from coercivity.viz.words.briefing_title import briefing_subtitle, title
from coercivity.viz.words.chart_words import LICENCE, chart_title
from coercivity.viz.words.lab_cards import compare_cards, many_histories
from coercivity.viz.words.lab_text import question_of
from coercivity.viz.words.why_text import Reason, WhySentences
from tests.names import SECTORS

_STOCK = {"kind": "firm_stock", "states": ["Germany"], "cover": "4"}
MEASURED = {"partner": "", "from": "2025-05", "to": "2025-05", "statistic": "mean"}
MEASURED |= {"unit": "USD/kg", "base_from": "", "base_to": ""}
NUMBERS = {"value": 850.0, "low": 700.0, "high": 1000.0}
NUMBERS |= {"median": 254.4, "p05": 226.0, "p95": 1273.0}


def target(
    error: float, quantity: str, state: str, good: str, verdict: str = "FAIL", **more: Any
) -> dict[str, Any]:
    """A row of the record."""
    of = {"quantity": quantity, "state": state, "good": good, "verdict": verdict, "error": error}
    return {**MEASURED, **NUMBERS, **of, **more}


NEVER: dict[str, Any] = {"statistic": "first_day", "unit": "days", "median": None, "p95": None}
RECORD = [
    target(2.0, "price_abroad", "United States", "dysprosium_oxide"),
    target(7.0, "magnet_exports", "China", "", partner="World", unit="t"),
    target(5.0, "price_abroad", "EU", "dysprosium_oxide"),
    target(0.1, "price_home", "China", "dysprosium_oxide", verdict="PASS"),
    target(1.0, "first_stop", "Japan", "automotive", **NEVER),
]
SETTING = check_setting(
    levers={"japan_stockpile": 2, "china_measure": 5},
    assumptions={"share_speed": 0.2},
    changes=[("2027-03", "firms_switch", 50)],
)


MONTHS = 156  # of the scenario that the lab opens with


def histories(lost: float, months: int = MONTHS) -> Histories:
    found = Histories(at=0)
    for number in range(20):
        by = 1.0 + 0.02 * number
        line = np.full(months, 100.0 * by)
        found.add(
            number,
            DrawnHistory(
                {
                    "first_stop_days": 90.0 * by,
                    "output_lost_24m": lost * by,
                    "cost_paid_24m": 1.0 * by,
                    "firms_stopped_share": 0.3 * by,
                    "dependence_separated_before": 0.7,
                    "dependence_separated_end": 0.4 * by,
                },
                {
                    "prices/dysprosium_oxide": line,
                    "output/all": line / 150,
                    "dependence/all": line / 200,
                },
                True,
                months,
            ),
        )
    return found


@pytest.fixture(scope="module")
def held() -> Briefing:
    return made(shipped=histories(12.0))


def made(
    setting: LabSetting = SETTING,
    origin: str = "http://127.0.0.1:8765",
    shipped: Histories | None = None,
) -> Briefing:
    asked = BriefingRequest(
        setting,
        question_of(setting),
        "dysprosium_oxide",
        "2026-11-28",
        origin,
        "seed=1&lever=" + "x" * 400,  # as long as a link may be
        "Coercivity <cited>.",
    )
    why = WhySentences((Reason("No plant is begun for it."),), note="Counted over 20 histories.")
    return briefing(asked, histories(5.0), histories(10.0), why, RECORD, shipped)


@pytest.fixture(scope="module", autouse=True)
def drawn_once() -> Iterator[None]:
    """What a picture shows is drawn once, for whichever file holds it."""
    kept: dict[Any, bytes] = {}

    def drawn(chart: Chart, **how: Any) -> bytes:
        key = (chart.title, chart.note, repr(how))
        if key not in kept:
            kept[key] = chart_png(chart, **{**how, "dpi": 40})
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        for module in ("briefing_charts", "briefing_slides"):
            patch.setattr(f"coercivity.viz.documents.{module}.chart_png", drawn)
        yield


def test_answer_and_table_are_those_of_the_page(held: Briefing) -> None:
    question = question_of(SETTING)
    mine, twin = histories(5.0), histories(10.0)
    assert held.told == many_histories(mine, twin, question)
    assert [(row.what, row.here, row.twin, row.apart) for row in held.sure] == [
        (row.label, row.here, row.there, row.apart) for row in compare_cards(mine, twin, question)
    ]
    assert "better in 20 of 20, worse in 0" in {row.how for row in held.sure}
    assert [chart.id for chart in held.charts] == ["prices", "output", "dependence"]
    assert all("eight of ten" in chart.caption for chart in held.charts)


LICENCES = {"kind": "licensing", "actor": "China", "targets": ["Germany"], "days": 120}
LICENCES |= {"goods": ["dysprosium", "terbium"], "from": "2026-03"}
GRANT = {"kind": "grant", "actor": "EU", "budget": 1160, "hosts": ["Germany", "Australia"]}


def test_a_link_to_ones_own_computer_is_not_shown_as_if_it_led_anywhere() -> None:
    for origin in ("http://127.0.0.1:8765", "http://localhost:1", "http://[::1]:8765"):
        back = way_back(origin, "seed=1")
        assert (back.shown, back.url) == ("?seed=1", f"{origin}/?seed=1")
        assert "coercivity app" in back.words
    back = way_back("https://lab.example.org", "seed=1")
    assert back.shown == back.url == "https://lab.example.org/?seed=1"
    assert way_back("", "seed=1").url == ""
    assert "scenario file" in way_back("http://127.0.0.1:1", "").words


def with_own_rows(setting: LabSetting, rows: str = "automotive,Germany,4\n") -> LabSetting:
    text = f"kind,state,months_median\n{rows}"
    return setting.with_own(with_csv(setting.shipped, "cover", text))


GERMAN_STOCKS = (
    "mine_light,China,1\nmake_magnet_standard,Germany,4\nautomotive,Germany,4\n"
    "wind,Germany,4\nelectronics,Germany,9\nautomotive,France,4\n"
)


def test_the_shipped_numbers_are_another_side_only_where_they_are_not_the_twin() -> None:
    alone = with_own_rows(LabSetting())
    assert exports.shipped_rows_scenario(alone) is None
    assert exports.shipped_rows_scenario(LabSetting()) is None
    both = replace(alone, levers=(("firms_stock", 2.0),))
    other = exports.shipped_rows_scenario(both)
    assert other == check_setting(levers={"firms_stock": 2}).asked()


TEXTS = "title beneath made_on short question left_out why_of made citation"


def sentences(held: Briefing) -> list[str]:
    """All that every file holds."""
    found = [str(getattr(held, name)) for name in TEXTS.split()]
    lists = (
        (held.own.words,) if held.own else (),
        held.told.sentences,
        held.why,
        held.misses,
        held.untested,
        held.limits,
    )
    return [*found, held.reading, held.again.words, *(text for one in lists for text in one)]


def cells_of(held: Briefing) -> set[str]:
    rows = [(row.what, row.here, row.twin, row.apart, row.how) for row in held.sure]
    rows += [(row.what, row.shipped, row.here) for row in held.changes]
    own = held.own.rows if held.own else ()
    rows += [(row.what, row.here, row.twin, row.apart, row.how) for row in own]
    return {cell for row in rows for cell in row if cell}


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_the_word_file_holds_all_of_it(held: Briefing) -> None:
    from docx import Document

    data = briefing_docx(held)
    assert data == briefing_docx(held)
    document = Document(io.BytesIO(data))
    tables = [cell for table in document.tables for row in table.rows for cell in row.cells]
    text = spaced("\n".join(part.text for part in (*document.paragraphs, *tables)))
    for sentence in sentences(held):
        assert sentence in text
    assert cells_of(held) <= {cell.text for cell in tables}
    assert "127.0.0.1" not in text
    assert "?seed=1&lever=xxx" in document.element.xml.replace("&amp;", "&")
    links = [part.target_ref for part in document.part.rels.values() if part.is_external]
    assert links == [held.again.url]
    assert len(document.inline_shapes) == 3
    bold = next(part for part in document.paragraphs if part.text == held.short)
    assert all(run.bold for run in bold.runs)


def test_the_html_file_holds_all_of_it_and_asks_nobody(held: Briefing) -> None:
    page = briefing_html(held)
    assert page == briefing_html(held)
    told = unescape(page)
    for sentence in sentences(held):
        assert sentence in told
    assert "Coercivity &lt;cited&gt;." in page
    assert page.count("data:image/png;base64,") == page.count("data:text/csv;base64,") == 3
    assert re.findall(r'(?:src|href)="(?!data:)([^"]*)"', told) == [held.again.url]
    assert "127.0.0.1" not in re.sub(r"<[^>]*>", "", page)


def test_the_pdf_has_two_pages_and_its_letters_in_it(held: Briefing) -> None:
    data = briefing_pdf(held)
    assert data.startswith(b"%PDF-")
    assert data == briefing_pdf(held)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", data)) == 2
    assert data.count(b"/FontFile2") == 3  # upright, bold, slanted; embedded
    assert b"/Helvetica" not in data
    assert data.count(b"/ToUnicode") == 3  # so that it can be searched
    assert data.count(b"/Subtype /Image") >= 3
    assert held.again.url.encode() in data


def test_the_slides_hold_all_of_it(held: Briefing) -> None:
    from pptx import Presentation

    data = briefing_slides(held)
    assert data == briefing_slides(held)
    deck = Presentation(io.BytesIO(data))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    text = spaced("\n".join(shape.text_frame.text for shape in shapes if shape.has_text_frame))
    for sentence in sentences(held):
        assert sentence in text
    tables = [shape.table for shape in shapes if shape.has_table]
    assert cells_of(held) <= {cell.text for table in tables for cell in table.iter_cells()}
    assert sum(shape.shape_type == 13 for shape in shapes) == 3  # pictures
    assert all(slide.shapes.title.text for slide in deck.slides)
    assert "127.0.0.1" not in text


def test_many_things_set_are_all_shown_and_leave_it_two_pages(held: Briefing) -> None:
    rows = tuple(Change(f"act {number}", "as it is", f"{number} t") for number in range(30))
    data = briefing_pdf(replace(held, changes=rows[:8]))
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", data)) == 2
    from pptx import Presentation

    deck = Presentation(io.BytesIO(briefing_slides(replace(held, changes=rows))))
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert {row.what for row in rows} <= {
        cell.text for table in tables for cell in table.iter_cells()
    }
    assert all(len(table.rows) <= 15 for table in tables)


def test_a_chart_stands_alone(held: Briefing) -> None:
    picture = chart_png(held.charts[0])
    assert picture.startswith(b"\x89PNG")
    assert picture == chart_png(held.charts[0])
    assert [chart.title for chart in held.charts] == [
        "Dysprosium oxide in Japan peaks at USD 104 to 134/kg in two years, from USD 104 to 134/kg before",
        "Makers in Japan make no less in any month of two years than without the later changes",
        "52 to 67% of what Japan buys is separated in China at the end, 60% before",
    ]
    for chart in held.charts:
        figure = chart_figure(chart)
        words = [text.get_text() for text in figure.texts]
        shown = " ".join(words)
        assert chart.title in shown
        assert chart.unit in shown
        assert "Source: Coercivity" in " ".join(reversed(words))
        assert f"Licence: {LICENCE}." in chart.source
        (ax,) = figure.axes
        legend = [text.get_text() for text in ax.get_legend().get_texts()]
        assert legend == ["8 of 10", "middle", chart.twin]


def test_a_price_above_any_on_record_says_so(held: Briefing) -> None:
    assert held.charts[0].note == ""
    dear = histories(5.0)
    for one in dear.drawn.values():
        one.series["prices/dysprosium_oxide"][100] = 90_000.0
    asked = BriefingRequest(
        SETTING, question_of(SETTING), "dysprosium_oxide", "2026-11-28", "", "", "cited"
    )
    told = briefing(asked, dear, histories(10.0), WhySentences(), RECORD)
    note = told.charts[0].note
    assert "no price is on record" in note
    assert told.reading.endswith(note)
    assert note in " ".join(reversed([text.get_text() for text in words_of(told, LARGE)]))
    assert "no price is on record" in chart_csv(told.charts[0])


def words_of(told: Briefing, size: tuple[float, float]) -> list[Any]:
    """The words of the first picture, the last line of its foot before the first."""
    return list(chart_figure(told.charts[0], size).texts)


def test_no_line_of_a_picture_is_wider_than_it(held: Briefing) -> None:
    chart = held.charts[0]
    for size in (SIZE, LARGE):
        figure = chart_figure(replace(chart, title=f"{chart.title}, {chart.title}"), size)
        figure.canvas.draw()
        for text in figure.texts:
            box = text.get_window_extent()
            assert box.x1 <= figure.bbox.width, text.get_text()
            assert box.y1 <= figure.bbox.height, text.get_text()


def test_the_numbers_of_a_chart_stand_beside_it(held: Briefing) -> None:
    chart = held.charts[0]
    lines = chart_csv(chart).splitlines()
    assert lines[2].startswith("# Source: Coercivity")
    assert lines[3].startswith('month,"low, at most 1 of 10 below (USD/kg)",middle (USD/kg)')
    assert len(lines) == 4 + len(chart.months)
    month, *numbers = next(csv.reader([lines[4]]))
    assert month == chart.months[0]
    np.testing.assert_allclose(
        [float(one) for one in numbers], [*chart.band[:, 0], chart.ghost[0]], rtol=1e-5
    )
    with zipfile.ZipFile(io.BytesIO(charts_zip(held))) as archive:
        names = {f"{chart.id}.{kind}" for chart in held.charts for kind in ("png", "svg", "csv")}
        assert set(archive.namelist()) == names
        assert archive.read("prices.csv").decode() == chart_csv(chart)
        assert b"<text" in archive.read("prices.svg")  # letters, not shapes


def test_misses_have_units_and_no_names_of_files() -> None:
    for good in ("dysprosium_oxide", "ndpr_oxide", "magnet_standard"):
        for state in ("Japan", "Germany", "China"):
            for told in misses(record_rows(), good, state):
                assert not re.search(r"[a-z]_[a-z]|\{|  | ± ", told), told
                assert re.search(r"%|USD|\bt\b|days", told), told


def test_output_that_was_compared_and_missed_is_told_first_and_where_it_was_measured(
    held: Briefing,
) -> None:
    assert held.misses == (output_missed(), *misses(RECORD, "dysprosium_oxide", "Japan"))
    assert "no stop for want of rare earths is on record" in output_missed()
    found = re.search(r"(docs/\S+\.md) under “(.+)”", output_missed())
    assert found is not None
    page = (Path(__file__).parents[2] / found[1]).read_text(encoding="utf-8")
    assert f"## {found[2]}\n" in page


STATES = check_setting(
    state="Germany",
    levers={"eu_stockpile": 4, "germany_measure": 5, "japan_stockpile": 3},
    changes=[("2027-03", "germany_stock", 2)],
)
FIRE = {"kind": "plant_fire", "process": "make_metal", "state": "China", "from": "2026-05"}
STOCKPILED = check_setting(levers={"japan_stockpile": 4})
EVERY_SECTOR = "".join(f"{kind},Germany,{months}\n" for months, kind in enumerate(SECTORS, 3))
ASKED_FOR: dict[str, LabSetting] = {
    "all": SETTING,
    "as shipped": LabSetting(),
    "one act": check_setting(acts=[_STOCK]),
    "two acts": check_setting(state="Germany", acts=[_STOCK, LICENCES]),
    "a grant": check_setting(state="Germany", acts=[GRANT]),
    "three acts": check_setting(state="Germany", acts=[GRANT, _STOCK, LICENCES]),
    "a fire": check_setting(acts=[FIRE]),
    "a lever": STOCKPILED,
    "a lever and a later one": check_setting(
        levers={"japan_stockpile": 4}, changes=[("2027-03", "firms_switch", 50)]
    ),
    "levers of several states": STATES,
    "a lever and an act": check_setting(levers={"firms_stock": 2}, acts=[_STOCK]),
    "no measure against Japan": check_setting(scenario="myanmar-closure"),
    "no act at all": check_setting(scenario="business-as-usual"),
    "own rows": with_own_rows(check_setting(state="Germany"), GERMAN_STOCKS),
    "own rows and a lever": with_own_rows(check_setting(levers={"firms_stock": 2})),
    "many own rows": with_own_rows(check_setting(state="Germany"), EVERY_SECTOR),
}


def titled() -> dict[str, str]:
    """Titles of charts: of prices, of stocks that run out and fall, and of lines that are equal."""
    lines, twin = histories(5.0), histories(5.0)
    for one in (*lines.drawn.values(), *twin.drawn.values()):
        held: dict[str, Any] = one.series  # type: ignore[assignment]
        held["output/wind"] = np.full(MONTHS, 1.0)
    for one in lines.drawn.values():
        held = one.series  # type: ignore[assignment]
        price = held["prices/dysprosium_oxide"]
        held |= {"prices/magnet_standard": price, "cover/dysprosium_oxide": price / 50}
        held |= {"cover/magnet_standard": np.full(MONTHS, 0.01), "dependence/Dy": price / 200}
    asked = (("prices", "magnet_standard"), ("output", "wind"), ("cover", "magnet_standard"))
    others = (("cover", "dysprosium_oxide"), ("dependence", "Dy"))
    return {
        " ".join(of): chart_title(*of, lines, "Japan", twin, "without it")
        for of in (*asked, *others)
    }


def gaps() -> dict[str, str]:
    """Titles of output that is a point lower and less, in two languages."""
    found = {}
    for least, most in ((0.0, 0.7), (1.0, 1.0)):
        mine, twin = histories(5.0), histories(5.0)
        for number, one in mine.drawn.items():
            gap = (least, most)[number % 2] / 100.0
            one.series["output/all"] = np.full(MONTHS, 0.8 - gap)  # type: ignore[index]
            twin.drawn[number].series["output/all"] = np.full(MONTHS, 0.8)  # type: ignore[index]
        for code in ("en", "de"):
            with language.speaking(code):
                said = chart_title("output", "all", mine, "Japan", twin, "without it")
            found[f"{least} to {most} {code}"] = said
    return found


def test_what_a_briefing_says(held: Briefing, data_regression: DataRegressionFixture) -> None:
    rows = record_rows()
    of = {
        name: {
            "title": title(one),
            "beneath": briefing_subtitle(one),
            "left out": left_out(one, "without it"),
            "changes": [[row.what, row.shipped, row.here] for row in changes(one)],
        }
        for name, one in ASKED_FOR.items()
    }
    good = ("dysprosium_oxide", "Japan")
    told = {
        "asked": of,
        "short": held.short,
        "made": held.made_on.rpartition(" with ")[0],
        "own": held.own.words if held.own else "",
        "misses": [*misses(RECORD, *good), *misses(RECORD, "terbium_oxide", "France")],
        "untested": {
            state: list(untested_notes(rows, good, state))
            for good, state in (good, ("samarium_oxide", "South Korea"), (good[0], "China"))
        },
        "titles": titled(),
        "gaps": gaps(),
    }
    data_regression.check(told)
