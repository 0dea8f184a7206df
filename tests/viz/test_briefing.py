"""The briefing: what stands in it is what the histories say, and every file holds it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.findings.answers import short_answer
from coercivity.experiments.lab.histories import Drawn, Histories
from coercivity.experiments.lab.own_rows import with_csv
from coercivity.experiments.lab.setting import LabSetting, checked
from coercivity.model.basis.names import SECTORS
from coercivity.viz.drawn.briefing_charts import (
    LARGE,
    SIZE,
    chart_csv,
    chart_figure,
    chart_png,
    charts_zip,
)
from coercivity.viz.drawn.briefing_files import briefing_docx, briefing_html
from coercivity.viz.drawn.briefing_pdf import briefing_pdf
from coercivity.viz.drawn.briefing_slides import briefing_slides
from coercivity.viz.drawn.evidence_data import record_rows
from coercivity.viz.server import take_away
from coercivity.viz.words import language
from coercivity.viz.words.briefing import (
    Asked,
    Briefing,
    again,
    briefing,
    own_against,
)
from coercivity.viz.words.briefing_table import Change, changes, left_out
from coercivity.viz.words.briefing_title import beneath, counted, title
from coercivity.viz.words.chart_words import LICENCE, chart_title
from coercivity.viz.words.finding_text import said_if_any
from coercivity.viz.words.lab_answer import beside, many_histories
from coercivity.viz.words.lab_text import question_of
from coercivity.viz.words.record_words import misses, output_missed, untested
from coercivity.viz.words.why_text import Reason, Why

_STOCK = {"kind": "firm_stock", "states": ["Germany"], "cover": "4"}
MEASURED = {
    "partner": "",
    "from": "2025-05",
    "to": "2025-05",
    "statistic": "mean",
    "unit": "USD/kg",
    "value": 850.0,
    "low": 700.0,
    "high": 1000.0,
    "median": 254.4,
    "p05": 226.0,
    "p95": 1273.0,
    "base_from": "",
    "base_to": "",
}
RECORD = [
    {**MEASURED, "verdict": verdict, "error": error, **of}
    for verdict, error, of in (
        (
            "FAIL",
            2.0,
            {"quantity": "price_abroad", "state": "United States", "good": "dysprosium_oxide"},
        ),
        (
            "FAIL",
            7.0,
            {
                "quantity": "magnet_exports",
                "state": "China",
                "partner": "World",
                "good": "",
                "unit": "t",
            },
        ),
        ("FAIL", 5.0, {"quantity": "price_abroad", "state": "EU", "good": "dysprosium_oxide"}),
        ("PASS", 0.1, {"quantity": "price_home", "state": "China", "good": "dysprosium_oxide"}),
        (
            "FAIL",
            1.0,
            {
                "quantity": "first_stop",
                "state": "Japan",
                "good": "automotive",
                "statistic": "first_day",
                "unit": "days",
                "median": None,
                "p95": None,
            },
        ),
    )
]
SETTING = checked(
    levers={"japan_stockpile": 2, "china_measure": 5},
    assumptions={"share_speed": 0.2},
    changes=[("2027-03", "firms_switch", 50)],
)


def histories(lost: float, months: int = 180) -> Histories:
    found = Histories(at=24)
    for number in range(20):
        by = 1.0 + 0.02 * number
        line = np.full(months, 100.0 * by)
        found.add(
            number,
            Drawn(
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
    asked = Asked(
        setting,
        question_of(setting),
        "dysprosium_oxide",
        "2026-11-28",
        origin,
        "seed=1&lever=" + "x" * 400,  # as long as a link may be
        "Coercivity <cited>.",
    )
    why = Why((Reason("No plant is begun for it."),), note="Counted over 20 histories.")
    return briefing(asked, histories(5.0), histories(10.0), why, RECORD, shipped)


def test_what_is_set_stands_in_a_table_of_what_differs() -> None:
    rows = {row.what: (row.shipped, row.here) for row in changes(SETTING)}
    assert rows["State stockpile, held since January 2024"] == (
        "0 months of use",
        "2 months of use",
    )
    assert rows["Measure against Japan, from January 2026"] == (
        "as the scenario has it",
        "ban on everything",
    )
    assert rows["Turning away from Chinese suppliers, from March 2027"] == ("", "50%")
    assert any("share_speed" in what for what in rows)
    assert len(rows) == 4
    assert changes(LabSetting()) == ()


def test_answer_and_table_are_those_of_the_page(held: Briefing) -> None:
    question = question_of(SETTING)
    mine, twin = histories(5.0), histories(10.0)
    assert held.told == many_histories(mine, twin, question)
    assert [(row.what, row.here, row.twin, row.apart) for row in held.sure] == [
        (row.label, row.here, row.there, row.apart) for row in beside(mine, twin, question)
    ]
    assert "better in 20 of 20, worse in 0" in {row.how for row in held.sure}
    assert [chart.id for chart in held.charts] == ["prices", "output", "dependence"]
    assert all("eight of ten" in chart.caption for chart in held.charts)


def test_the_answer_comes_first_and_in_one_sentence(held: Briefing) -> None:
    assert held.short == (
        "Makers in Japan lose output worth USD 5.2 to 6.7 bn in two years, USD 6 bn less than without "
        "the later changes; a running line has to stop in all of 20 histories."
    )
    same = said_if_any(short_answer(histories(5.0), histories(5.0), question_of(SETTING)))
    assert "no difference beyond luck to the same histories without the later changes" in same
    assert short_answer(Histories(at=24), Histories(at=24), question_of(SETTING)) is None


def test_it_says_when_it_was_made_and_how_much_was_set(held: Briefing) -> None:
    assert held.made_on.startswith("Made on 28 November 2026 with Coercivity ")
    assert held.beneath == (
        f"Scenario: {SETTING.shipped.title}. Set here: 2 levers, 1 later change and 1 assumption."
    )
    assert counted(checked(acts=[_STOCK])) == ["1 act"]
    assert beneath(LabSetting()).endswith(f"{LabSetting().shipped.title}, as shipped.")


LICENCES = {
    "kind": "licensing",
    "actor": "China",
    "targets": ["Germany"],
    "goods": ["dysprosium", "terbium"],
    "days": 120,
    "from": "2026-03",
}
GRANT = {"kind": "grant", "actor": "EU", "budget": 1160, "hosts": ["Germany", "Australia"]}


def test_the_title_is_what_was_asked_and_not_the_scenario() -> None:
    asked = checked(state="Germany", acts=[_STOCK, LICENCES])
    assert title(asked) == (
        "Licences on dysprosium and terbium from March 2026 and more stock that firms hold in "
        "Germany: what this means for Germany"
    )
    assert title(checked(state="Germany", acts=[GRANT])).startswith(
        "A grant of USD 1,160 million: what this"
    )
    assert title(checked(state="Germany", acts=[GRANT, _STOCK, LICENCES])).startswith(
        "Licences on dysprosium and terbium from March 2026, more stock that firms hold in Germany "
        "and 1 other change: "
    )
    assert title(checked(levers={"japan_stockpile": 4})) == (
        "State stockpile at 4 months of use: what this means for Japan"
    )
    later = title(checked(levers={"japan_stockpile": 4}, changes=[("2027-03", "firms_switch", 50)]))
    assert later.startswith("Turning away from Chinese suppliers at 50% from March 2027 and state")
    fire = {"kind": "plant_fire", "process": "make_metal", "state": "China", "from": "2026-05"}
    assert title(checked(acts=[fire])).startswith("Plants stop from May 2026: ")
    assert title(LabSetting()) == (
        f"{LabSetting().shipped.title}: what this means for {LabSetting().state}"
    )


def test_it_says_what_the_twin_goes_without() -> None:
    assert "the later changes of the table" in left_out(SETTING, "without the later changes")
    act = checked(acts=[{"kind": "firm_stock", "states": ["Germany"], "cover": "4"}])
    assert "without the acts of the table" in left_out(act, "with no act")
    both = checked(levers={"firms_stock": 2}, acts=[_STOCK])
    assert "without the levers and acts of the table" in left_out(both, "with neither")
    words = left_out(LabSetting(), "without the measure")
    assert "without the dual use ban of 6 January 2026 and 4 later measures of China" in words
    calm = checked(scenario="myanmar-closure")
    assert left_out(calm, "with nothing new").startswith("The twin is the same histories ")
    mine = with_own_rows(checked(levers={"firms_stock": 2}))
    assert left_out(mine, "with no lever").endswith(
        "The own numbers of the table are in both, too."
    )
    nothing = checked(scenario="business-as-usual")
    assert "has no act to leave out" in left_out(nothing, "with nothing new")


def test_a_link_to_ones_own_computer_is_not_shown_as_if_it_led_anywhere() -> None:
    for origin in ("http://127.0.0.1:8765", "http://localhost:1", "http://[::1]:8765"):
        back = again(origin, "seed=1")
        assert (back.shown, back.url) == ("?seed=1", f"{origin}/?seed=1")
        assert "coercivity app" in back.words
    back = again("https://lab.example.org", "seed=1")
    assert back.shown == back.url == "https://lab.example.org/?seed=1"
    assert again("", "seed=1").url == ""
    assert "scenario file" in again("http://127.0.0.1:1", "").words


def with_own_rows(setting: LabSetting, rows: str = "automotive,Germany,4\n") -> LabSetting:
    text = f"kind,state,months_median\n{rows}"
    return setting.with_own(with_csv(setting.shipped, "cover", text))


GERMAN_STOCKS = (
    "mine_light,China,1\nmake_magnet_standard,Germany,4\nautomotive,Germany,4\n"
    "wind,Germany,4\nelectronics,Germany,9\nautomotive,France,4\n"
)


def test_own_rows_of_the_state_stand_first_and_what_is_alike_is_told_as_one() -> None:
    mine = with_own_rows(checked(state="Germany"), GERMAN_STOCKS)
    assert [row.what for row in changes(mine)] == [
        "Months of stock, makers of electronics in Germany",
        "Months of stock, makers of cars and 2 other industries in Germany",
        "Months of stock, makers of cars in France",
        "Months of stock, mines of light ore in China",
    ]
    assert changes(mine)[1].here == "4 months"
    assert counted(mine) == ["stocks of 5 industries"]
    assert title(mine).startswith("Own numbers for stocks of 5 industries: ")


def test_a_long_list_of_own_rows_is_folded() -> None:
    rows = "".join(f"{kind},Germany,{months}\n" for months, kind in enumerate(SECTORS, 3))
    told = changes(with_own_rows(checked(state="Germany"), rows))
    assert len(told) == 5
    assert told[-1] == Change(f"and {len(SECTORS) - 4} more rows", "", "in the scenario file")


def test_what_own_rows_change_is_told_against_the_shipped_numbers() -> None:
    told = own_against(histories(5.0), histories(10.0), "Germany")
    assert told is not None
    assert told.words == (
        "With the shipped numbers instead, and all else as it is set here, makers in Germany lose "
        "output worth USD 10.4 to 13.4 bn in two years; with the own numbers USD 6 bn less, in 20 of "
        "20."
    )
    assert told.rows[0].how == "better in 20 of 20, worse in 0"  # what differs first
    same = own_against(histories(5.0), histories(5.0), "Germany")
    assert same is not None
    assert same.words.endswith("the own numbers make no difference beyond luck.")
    assert own_against(histories(5.0), Histories(at=24), "Germany") is None


def test_the_shipped_numbers_are_another_side_only_where_they_are_not_the_twin() -> None:
    alone = with_own_rows(LabSetting())
    assert take_away.shipped_beside(alone) is None
    assert take_away.shipped_beside(LabSetting()) is None
    both = replace(alone, levers=(("firms_stock", 2.0),))
    other = take_away.shipped_beside(both)
    assert other == checked(levers={"firms_stock": 2}).asked()


TEXTS = (
    "title",
    "beneath",
    "made_on",
    "short",
    "question",
    "left_out",
    "why_of",
    "made",
    "citation",
)


def sentences(held: Briefing) -> list[str]:
    """All that every file holds."""
    found = [str(getattr(held, name)) for name in TEXTS]
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
        words = [text.get_text() for text in chart_figure(chart).texts]
        shown = " ".join(words)
        assert chart.title in shown
        assert chart.unit in shown
        assert "Source: Coercivity" in " ".join(reversed(words))
        assert f"Licence: {LICENCE}." in chart.source
        (ax,) = chart_figure(chart).axes
        legend = [text.get_text() for text in ax.get_legend().get_texts()]
        assert legend == ["8 of 10", "middle", chart.twin]


def test_a_price_above_any_on_record_says_so(held: Briefing) -> None:
    assert held.charts[0].note == ""
    dear = histories(5.0)
    for one in dear.drawn.values():
        one.series["prices/dysprosium_oxide"][100] = 90_000.0
    asked = Asked(SETTING, question_of(SETTING), "dysprosium_oxide", "2026-11-28", "", "", "cited")
    told = briefing(asked, dear, histories(10.0), Why(), RECORD)
    note = told.charts[0].note
    assert "no price is on record" in note
    assert told.reading.endswith(note)
    assert note in " ".join(reversed([text.get_text() for text in words_of(told, LARGE)]))
    assert "no price is on record" in chart_csv(told.charts[0])


def words_of(told: Briefing, size: tuple[float, float]) -> list[Any]:
    """The words of the first picture, the last line of its foot before the first."""
    return list(chart_figure(told.charts[0], size).texts)


def test_no_line_of_a_picture_is_wider_than_it(held: Briefing) -> None:
    for size in (SIZE, LARGE):
        for chart in held.charts:
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


def test_the_licence_is_that_of_the_program() -> None:
    root = Path(__file__).parents[2]
    assert f'license = "{LICENCE}"' in (root / "pyproject.toml").read_text(encoding="utf-8")
    assert f"license: {LICENCE}" in (root / "CITATION.cff").read_text(encoding="utf-8")


# ---------------------------------------------------------------- against the record


def test_misses_are_those_of_stops_and_of_the_good_and_the_worst_come_first() -> None:
    told = misses(RECORD, "dysprosium_oxide", "Japan")
    assert told == (
        "The first stop of a maker of cars in Japan, May 2025: on record 850 days after 1 May 2025,"
        " in the model never in most histories; 700 to 1,000 would pass.",
        "The price of dysprosium oxide in the EU, May 2025: on record USD 850 a kilogram, in the "
        "model USD 254 a kilogram (226 to 1,273); 700 to 1,000 would pass.",
        "The price of dysprosium oxide in the United States, May 2025: on record USD 850 a "
        "kilogram, in the model USD 254 a kilogram (226 to 1,273); 700 to 1,000 would pass.",
    )
    others = misses(RECORD, "terbium_oxide", "France")  # nothing of it: the worst of all
    assert len(others) == 3
    assert "exports of magnets" in others[0]


def test_misses_have_units_and_no_names_of_files() -> None:
    for good in ("dysprosium_oxide", "ndpr_oxide", "magnet_standard"):
        for state in ("Japan", "Germany", "China"):
            for told in misses(record_rows(), good, state):
                assert not re.search(r"[a-z]_[a-z]|\{|  | ± ", told), told
                assert re.search(r"%|USD|\bt\b|days", told), told


def test_what_no_record_tests_is_said() -> None:
    rows = record_rows()
    japan = untested(rows, "dysprosium_oxide", "Japan")
    assert japan[0].startswith("Output of makers in Japan other than of cars")
    assert "The price of dysprosium oxide in Japan is not tested" in japan[1]
    assert "in the EU" in japan[1]
    assert len(japan) == 2  # its stops and its imports are on record
    korea = untested(rows, "samarium_oxide", "South Korea")
    assert "When makers in South Korea stop is not tested against any record." in korea
    assert "No price of samarium oxide is tested against any record." in korea
    assert not any("from China" in one for one in untested(rows, "dysprosium_oxide", "China")[2:])
    assert korea[0].startswith("Output of makers in South Korea and what dearer inputs cost")


def test_output_that_was_compared_and_missed_is_told_first_and_where_it_was_measured(
    held: Briefing,
) -> None:
    assert held.misses == (output_missed(), *misses(RECORD, "dysprosium_oxide", "Japan"))
    assert "far fewer cars in Japan than are on record" in output_missed()
    found = re.search(r"(docs/\S+\.md) under “(.+)”", output_missed())
    assert found is not None
    page = (Path(__file__).parents[2] / found[1]).read_text(encoding="utf-8")
    assert f"## {found[2]}\n" in page


# ---------------------------------------------------------------- titles of charts


def test_a_chart_is_titled_by_what_is_to_be_seen() -> None:
    lines = histories(5.0)
    for one in lines.drawn.values():
        price = one.series["prices/dysprosium_oxide"]
        one.series["prices/magnet_standard"] = price  # type: ignore[index]
        one.series["output/wind"] = np.full(180, 1.0)  # type: ignore[index]
        one.series["cover/magnet_standard"] = np.full(180, 0.01)  # type: ignore[index]
        one.series["cover/dysprosium_oxide"] = price / 50  # type: ignore[index]
        one.series["dependence/Dy"] = price / 200  # type: ignore[index]
    twin = histories(5.0)
    for one in twin.drawn.values():
        one.series["output/wind"] = np.full(180, 1.0)  # type: ignore[index]
    titles = {
        ("prices", "magnet_standard"): "Prices of standard magnets in Japan peak at USD 104 to",
        ("output", "wind"): "Makers in Japan (wind) make what they plan",
        ("cover", "magnet_standard"): "Stocks of standard magnets in Japan run out in two years",
        ("cover", "dysprosium_oxide"): "Stocks of dysprosium oxide in Japan fall to 2 to 2.7 mon",
        ("dependence", "Dy"): "52 to 67% of the Dy that Japan buys is separated in China at the en",
    }
    for (chart, choice), begins in titles.items():
        assert chart_title(chart, choice, lines, "Japan", twin, "without it").startswith(begins)
    assert chart_title("dependence", "all", lines, "China", twin, "without it") == ""
    assert (
        chart_title("prices", "dysprosium_oxide", Histories(at=24), "Japan", twin, "without it")
        == ""
    )
    assert chart_title("else", "dysprosium_oxide", lines, "Japan", twin, "without it") == ""


def test_the_worst_month_is_what_the_measure_takes_and_not_what_stood_already() -> None:
    """Output is at a half when the count begins, in both; a year later the measure takes a fifth."""
    mine, twin = histories(5.0), histories(5.0)
    for held, later in ((mine, 0.6), (twin, 0.8)):
        for one in held.drawn.values():
            line = np.full(180, 0.5)
            line[36:] = later
            one.series["output/all"] = line  # type: ignore[index]
    said = chart_title("output", "all", mine, "Japan", twin, "without the measure")
    assert said == (
        "In the worst month of two years makers in Japan make 20 points less of what they plan "
        "than without the measure"
    )
    assert chart_title("output", "all", mine, "Japan", Histories(at=24), "without it") == ""


@pytest.mark.parametrize(
    ("least", "most", "english", "german"),
    [
        (0.0, 0.7, "make 0 to 1 points less of", "Geplanten, 0 bis 1 Prozentpunkte tiefer"),
        (1.0, 1.0, "make 1 point less of", "Geplanten, 1 Prozentpunkt tiefer"),
    ],
)
def test_a_title_says_a_gap_of_a_point_and_of_less(
    least: float, most: float, english: str, german: str
) -> None:
    mine, twin = histories(5.0), histories(5.0)
    for number, one in mine.drawn.items():
        gap = (least, most)[number % 2] / 100.0
        one.series["output/all"] = np.full(180, 0.8 - gap)  # type: ignore[index]
        twin.drawn[number].series["output/all"] = np.full(180, 0.8)  # type: ignore[index]
    asked = ("output", "all", mine, "Japan", twin, "without it")
    assert english in chart_title(*asked)
    with language.speaking("de"):
        assert german in chart_title(*asked)
