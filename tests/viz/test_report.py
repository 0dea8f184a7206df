"""Figures, report and terminal text, drawn from a made-up result."""

import io
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from coercivity.experiments.lab.own_rows import with_csv
from coercivity.experiments.worlds.spreads import spread
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.scenario import load_shipped
from coercivity.viz.words.report import changed_parameters, event_rows, report_html, split_links
from coercivity.viz.words.summary import cell, headlines_of, run_summary
from coercivity.viz.words.terminal import progress_bar
from tests.fake_result import FakeResult, fake_result, fake_scenario

WORLDS = tuple(fake_result(seed=seed) for seed in (1, 2))


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


def test_the_report_asks_nobody_for_anything(page: str) -> None:
    seen = Loads()
    seen.feed(page)
    assert all(value.startswith(("#", "data:")) for value in seen.fetched), seen.fetched
    assert not {"script", "iframe", "link", "object", "embed", "img"} & set(seen.tags)
    assert not re.search(r"url\((?!#|['\"]?#)|@import", page)
    assert "default-src 'none'" in page


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


def test_changed_parameters_are_listed_beside_the_shipped_value() -> None:
    changed = FakeResult(replace(fake_scenario(), parameters=(("cover_spread", 0.5),)))
    (row,) = changed_parameters(changed)
    shipped = f"{load_parameters()['cover_spread'].value:g}"
    assert (row["name"], row["value"], row["shipped"]) == ("cover_spread", "0.5", shipped)


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


def test_where_half_of_the_worlds_have_a_stop_nobody_is_told_that_none_stops() -> None:
    assert cell(spread([54.0, None], "days"), "days", 2, "none stops") == "never (54 to never)"


def test_rows_of_ones_own_stand_in_the_report() -> None:
    own = with_csv(load_shipped("japan-2026"), "cover", "kind,state,months_median\nwind,Japan,4\n")
    mine = FakeResult(replace(fake_scenario(), tables=own.tables))
    page = report_html(run_summary([mine], headlines_of([mine])), [mine])
    told = "Months of stock, makers of wind turbines in Japan: 4 months ("
    assert f"<td>Own rows</td><td>{told}" in page
    china = run_summary([mine], headlines_of([mine], state="China"), state="China")
    (prices,) = [one for one in china.sections if one.title.startswith("Peak price")]
    assert prices.columns == ("", "at home in China")
