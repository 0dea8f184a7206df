"""Figures, report and terminal text, drawn from a made-up result."""

import io
import re
import sys
from html.parser import HTMLParser

import pandas as pd
import pytest
from matplotlib.figure import Figure

from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.worlds.spreads import Spread, spread
from coercivity.model.basis.facts import Facts
from coercivity.viz.figures.runs import FIGURES
from coercivity.viz.words.compare_summary import compare_summary
from coercivity.viz.words.report import event_rows, report_html, split_links
from coercivity.viz.words.summary import (
    Section,
    Summary,
    cell,
    headlines_of,
    number,
    run_summary,
)
from coercivity.viz.words.terminal import (
    print_starts,
    print_summary,
    print_table,
    progress_bar,
    text,
)
from tests.fake_result import FakeResult, fake_result, fake_scenario

WORLDS = tuple(fake_result(seed=seed) for seed in (1, 2))
CALM = tuple(fake_result(seed=seed, ban=False) for seed in (1, 2))


@pytest.fixture(scope="module")
def page() -> str:
    return report_html(run_summary(WORLDS, headlines_of(WORLDS)), WORLDS)


class Loads(HTMLParser):
    """Collects what a browser would fetch by itself, and the tags that it meets."""

    FETCHING = {"src", "srcset", "data", "poster", "action", "background", "xlink:href"}

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in self.FETCHING or (name == "href" and tag != "a"):
                self.fetched.append(value or "")


# ---------------------------------------------------------------- the report


def test_the_report_asks_nobody_for_anything(page: str) -> None:
    """Links in the text are fine; what a browser loads by itself must be inside the file."""
    seen = Loads()
    seen.feed(page)
    assert all(value.startswith(("#", "data:")) for value in seen.fetched), seen.fetched
    assert not {"script", "iframe", "link", "object", "embed", "img"} & set(seen.tags)
    assert not re.search(r"url\((?!#|['\"]?#)|@import", page)
    assert "default-src 'none'" in page


def test_the_report_holds_summary_figures_events_and_provenance(page: str) -> None:
    seen = Loads()
    seen.feed(page)
    assert seen.tags.count("svg") == len(FIGURES)
    for words in (
        "60 days",
        "China bans heavy rare earths to Japan.",
        "a line at a Japanese EV-drivetrain maker stops",
        "0123456789ab",
        "1 to 2",
        WORLDS[0].scenario.fingerprint(),
        "None: every parameter has its shipped value.",
        'href="https://example.org/source"',
    ):
        assert words in page


def test_text_of_a_scenario_cannot_become_markup(page: str) -> None:
    assert "A &lt;made-up&gt; ban" in page
    assert "<made-up>" not in page


def test_ids_are_unique_and_references_are_met(page: str) -> None:
    seen = Loads()
    seen.feed(page)
    assert len(seen.ids) == len(set(seen.ids))
    assert {value[1:] for value in seen.fetched if value.startswith("#")} | set(
        re.findall(r"url\(#([^)]+)\)", page)
    ) <= set(seen.ids)


def test_same_results_same_bytes(page: str) -> None:
    assert report_html(run_summary(WORLDS, headlines_of(WORLDS)), WORLDS) == page


def test_a_comparison_draws_both(page: str) -> None:
    headlines = headlines_of(WORLDS)
    summary = compare_summary(CALM, WORLDS, headlines_of(CALM, since="2025-01-11"), headlines)
    both = report_html(summary, WORLDS, CALM)
    assert "Compared with" in both
    assert both.count("stroke-dasharray") > page.count("stroke-dasharray")


def test_changed_parameters_are_listed_beside_the_shipped_value() -> None:
    from dataclasses import replace

    from coercivity.model.basis.parameters import load_parameters

    changed = FakeResult(replace(fake_scenario(), parameters=(("cover_spread", 0.5),)))
    page = report_html(run_summary([changed], headlines_of([changed])), [changed])
    shipped = load_parameters()["cover_spread"].value
    assert f"<td>cover_spread</td><td>0.5</td><td>{shipped:g}</td>" in page


def test_events_stand_once_and_in_order() -> None:
    rows, hidden = event_rows(WORLDS[0])
    assert [month for month, _, _ in rows] == ["2024-01", "2025-01", "2025-02"]
    assert hidden == 0


class Halting(FakeResult):
    """Lines of a firm by name stop in a month that is past, and in one that is not."""

    def table(self, name: str) -> pd.DataFrame:
        frame = super().table(name)
        if name == "firms":
            added = [(f"Shin-Etsu {one}", "Japan", "magnet", "", 1.0) for one in "AB"]
        elif name == "events":
            added = [
                ("2025-10", "Japan", "stop", "a line at Shin-Etsu A stops: no dysprosium oxide"),
                ("2025-11", "Shin-Etsu A", "plant mothballed", "Shin-Etsu A is mothballed"),
                ("2040-01", "Japan", "stop", "a line at Shin-Etsu B stops: no dysprosium oxide"),
                ("2040-02", "Japan", "restart", "Shin-Etsu A runs again"),
            ]
        else:
            return frame
        return pd.concat([frame, pd.DataFrame(added, columns=frame.columns)])


def test_no_firm_is_named_as_halted_in_a_month_that_is_past() -> None:
    rows, _ = event_rows(Halting(fake_scenario(), 1))
    plant = "a plant in Japan (magnet)"
    assert rows[-4:] == [
        ("2025-10", "Japan", f"a line at {plant} stops: no dysprosium oxide"),
        ("2025-11", plant, f"{plant} is mothballed"),
        ("2040-01", "Japan", "a line at Shin-Etsu B stops: no dysprosium oxide"),
        ("2040-02", "Japan", f"{plant} runs again"),
    ]


def test_only_web_addresses_become_links() -> None:
    assert split_links("see https://example.org/a, p. 3")[1]["link"] == "https://example.org/a"
    assert all(not piece["link"] for piece in split_links("javascript:alert(1) file:///etc"))


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("months", [1, 3, 36])
def test_every_figure_draws_one_world_several_and_twins(name: str, months: int) -> None:
    one = fake_result(months=months)
    assert isinstance(FIGURES[name](one), Figure)
    figure = FIGURES[name](WORLDS, CALM)
    assert any(line.get_linestyle() == "--" for ax in figure.axes for line in ax.lines)


def test_a_line_is_the_median_and_the_band_holds_the_worlds() -> None:
    figure = FIGURES["loss"](WORLDS)
    lost = next(line for line in figure.axes[0].lines if line.get_label() == "output lost")
    assert lost.get_ydata()[-1] == pytest.approx(36.0)  # 24 in the first world, 48 in the second
    band = figure.axes[0].collections[0].get_paths()[0].get_extents()
    assert 24 < band.ymax < 48


def test_output_is_relative_to_potential() -> None:
    figure = FIGURES["output"](fake_result())
    cars = figure.axes[0]
    assert cars.get_title(loc="left") == "Cars"
    assert cars.lines[0].get_ydata()[0] == pytest.approx(100.0)
    assert cars.lines[0].get_ydata()[-1] == pytest.approx(100 * 42 / 102)


# ---------------------------------------------------------------- words and the terminal


def test_numbers_in_words() -> None:
    assert number(0.754, "share") == "75%"
    assert number(4.04, "multiple") == "4.0 times"
    assert number(1234.0, "USD bn") == "1,234"
    assert number(None, "days") == "–"
    assert number(0.5, "USD bn", signed=True) == "+0.50"
    assert [number(value, "multiple") for value in (99.94, 100.0, -100.0)] == [
        "99.9 times",
        "100 times",
        "-100 times",
    ]
    assert [number(value, "USD/kg") for value in (0.0, 0.994, 1.0, 99.4, 100.0)] == [
        "0.0",
        "0.99",
        "1.0",
        "99.4",
        "100",
    ]
    assert [number(value, "days", signed=True) for value in (-3.0, 0.0, 3.0)] == [
        "-3 days",
        "0 days",
        "+3 days",
    ]
    assert (number(-0.5, "points"), number(0.123, "% of GDP"), number(7.6, "firms")) == (
        "-50 points",
        "0.12%",
        "8",
    )


def test_a_stop_that_never_comes_is_told_as_never_in_a_comparison() -> None:
    never = [{**one, "first_stop_days": None} for one in headlines_of(CALM)]
    rows = {
        row[0]: row
        for row in compare_summary(CALM, WORLDS, never, headlines_of(WORLDS)).sections[0].rows
    }
    assert (
        "never"
        in rows[
            next(
                row.label for row in headline_table(Facts.default()) if row.id == "first_stop_days"
            )
        ][1]
    )
    assert not any(
        "never" in cell_ for name, row in rows.items() if "days" not in row[2] for cell_ in row
    )


def test_a_range_is_left_out_where_there_is_none() -> None:
    assert cell(Spread(30, 20, None), "days", 8) == "30 days (20 to never)"
    assert cell(Spread(30, 30, 30), "days", 8) == "30 days"
    assert cell(Spread(30, 30, 30), "days", 1) == "30 days"
    assert cell(Spread(None, None, None), "days", 8, "none stops") == "none stops"


def test_where_half_of_the_worlds_have_a_stop_nobody_is_told_that_none_stops() -> None:
    assert cell(spread([54.0, None], "days"), "days", 2, "none stops") == "never (54 to never)"


def test_summary_is_printed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    summary = run_summary(WORLDS, headlines_of(WORLDS))
    print_summary(summary)
    shown = capsys.readouterr().out
    for section in summary.sections:
        assert section.title in shown
        for row in section.rows:
            assert row[0] in shown
    assert max(len(line) for line in shown.splitlines()) <= 120


def test_starts_table_shows_misses(capsys: pytest.CaptureFixture[str]) -> None:
    print_starts(
        [
            {
                "id": "a",
                "quantity": "mine output",
                "model": 390000.0,
                "fact": None,
                "verdict": "no fact",
                "source": "",
            }
        ],
        "Start",
    )
    shown = capsys.readouterr().out
    assert "390,000" in shown
    assert "no fact" in shown


def test_cells() -> None:
    assert [text(value) for value in (None, float("nan"), True, 3, 0.123456, 12345.6, "a")] == [
        "",
        "",
        "yes",
        "3",
        "0.1235",
        "12,346",
        "a",
    ]


def test_no_progress_bar_where_standard_error_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress_bar("run") as move:
        assert move is None
    assert capsys.readouterr().err == ""


class Screen(io.StringIO):
    """A terminal that remembers all that was written to it."""

    def isatty(self) -> bool:
        return True


def test_a_bar_on_a_terminal_says_what_is_done_and_is_gone_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar("worlds") as move:
        assert move is not None
        move(3, 8)
    shown = screen.getvalue()
    assert "worlds" in shown
    assert "3/8" in shown
    assert shown.rstrip().endswith("\x1b[2K")  # the line is cleared, so that a summary stands alone


def test_a_summary_without_a_reason_or_a_note_leaves_no_empty_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_summary(
        Summary(
            "A run",
            "",
            "Counted from the start.",
            "",
            (Section("Numbers", ("", "value"), (("stops", "3"),)),),
        )
    )
    first, second, third, *_ = capsys.readouterr().out.splitlines()
    assert (first, second, third) == ("A run", "Counted from the start.", "")


def test_margins_of_a_start_stand_below_its_table_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [
        {
            "id": "a",
            "quantity": "mine output",
            "model": 1.0,
            "fact": 2.0,
            "verdict": "miss",
            "source": "a survey",
        },
        {
            "id": "margin.mine",
            "quantity": "margin of miners",
            "model": 12.4,
            "verdict": "",
            "source": "",
        },
    ]
    print_starts(rows, "Start")
    shown = capsys.readouterr().out
    assert (
        shown.index("mine output")
        < shown.index("Margins of the firms that run")
        < shown.index("+12%  miners")
    )
    assert shown.count("miners") == 1


def test_a_table_without_rows_or_title_is_its_head(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("name", "value"), [])
    shown = capsys.readouterr().out
    assert shown.split()[:2] == ["name", "value"]
    print_table(("name", "value"), [("a", 1.5), ("b", None)], title="Things")
    assert capsys.readouterr().out.splitlines()[0] == "Things"
