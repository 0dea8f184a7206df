"""Own rows on the page: what is offered, used, refused and taken back, and what the files say of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from coercivity.experiments.lab.own_rows import with_csv
from coercivity.experiments.lab.setting import LabSetting
from coercivity.model.basis.overlay import OWN_TABLES
from coercivity.model.scenario.scenario import load_shipped
from coercivity.viz.page_data.compare_choice import read_pair
from coercivity.viz.screens import lab
from coercivity.viz.screens.own_tables import HELP
from coercivity.viz.server import lab_jobs
from tests.viz.rendered import Desk, Shown, shown

CARS = "kind,state,months_median\nautomotive,Japan,4\n"
PLANT = (
    "name,process,state,tonnes_per_year,first_month\n"
    "My <b>plant</b>,separate_heavy,Australia,5000,2026-01\n"
)
TRADE = (
    "good,origin,destination,share\nndpr_oxide,China,Japan,0.23\nndpr_oxide,Malaysia,Japan,0.528\n"
)


@pytest.fixture
def page(desk: Desk) -> Iterator[Shown]:
    with shown(lab.Page) as one:
        yield one


def own(page: Shown) -> Any:
    return page.part("used")


def query(page: Shown) -> str:
    return str(page.part("move").controls["query"])


def test_the_rows_of_the_state_looked_at_are_offered(page: Shown) -> None:
    assert set(own(page).texts) == set(OWN_TABLES) == set(HELP)
    assert "automotive,Japan,0.3,1,2.5\n" in own(page).texts["cover"]
    assert own(page).count == "All rows are the shipped ones."
    page.tell("choose", {"state": "Germany"})
    assert "automotive,Germany,0.3,1,2.5\n" in own(page).texts["cover"]


def test_rows_are_used_in_the_run_the_link_and_the_list(page: Shown, desk: Desk) -> None:
    page.tell("use", {"table": "cover", "text": CARS})
    assert (own(page).problem, own(page).used) == ("", 1)
    assert own(page).count == "1 row differs from the shipped ones."
    (row,) = own(page).rows
    assert (row["what"], row["here"], row["beside"]) == (
        "Months of stock, makers of cars in Japan",
        "4 months (1.2 to 10)",
        "ships as 1 month (0.3 to 2.5)",
    )
    assert "automotive,Japan,1.2,4,10\n" in own(page).texts["cover"]
    assert "own=" in query(page)
    asked = desk.waiting(lab_jobs.history)[-1].args[0]
    assert asked.tables[0][0] == "cover"
    assert page.part("pick").controls["twin"] == "with the shipped numbers"
    assert desk.waiting(lab_jobs.twin)[-1].args[0] == load_shipped("japan-2026")
    page.tell("undo")
    assert own(page).rows == []
    assert "own=" not in query(page)


def test_what_does_not_fit_is_said_and_nothing_is_lost(page: Shown) -> None:
    page.tell("use", {"table": "cover", "text": CARS})
    before = query(page)
    for entries, words in (
        (
            {"table": "cover", "text": CARS.replace("4", "4000")},
            "column median months: “4000” is out of range",
        ),
        ({"table": "cover", "text": ""}, "It is empty"),
        ({"table": "cover"}, "It is empty"),
        ({"table": "goods", "text": CARS}, "takes no rows of your own"),
        ({}, "takes no rows of your own"),
        ({"table": "trade_prior", "text": TRADE.replace("0.528", "0.9")}, "sum to 1.372"),
    ):
        page.tell("use", entries)
        assert words in own(page).problem
        assert (query(page), own(page).used, len(own(page).rows)) == (before, 1, 1)
    page.tell("use", {"table": "projects", "text": PLANT})
    assert own(page).problem == ""


def test_the_way_to_the_shipped_numbers_stands_beside_the_rows(page: Shown) -> None:
    assert own(page).compare == ""
    page.tell("use", {"table": "cover", "text": CARS})
    assert own(page).both == "The other side of every answer has the shipped numbers."
    page.tell("move", {"lever": "firms_stock", "value": 2})
    assert own(page).both.startswith("The other side of every answer has your numbers, too")
    pair = read_pair(own(page).compare)
    assert (pair.a.levers, pair.a.shipped.tables) == (pair.b.levers, ())
    assert pair.a.levers == (("firms_stock", 2.0),)
    assert pair.b.shipped.tables != ()


def test_rows_are_taken_back_one_by_one_or_all(page: Shown) -> None:
    for table, text in (("cover", CARS), ("projects", PLANT), ("trade_prior", TRADE)):
        page.tell("use", {"table": table, "text": text})
    assert own(page).count == "4 rows differ from the shipped ones."
    page.tell("back", {"table": "cover", "key": ["automotive", "Japan"]})
    assert len(own(page).rows) == 3
    page.tell("back", {"table": "trade_prior", "key": ["2026-01", "ndpr_oxide", "China", "Japan"]})
    assert "sum to" in own(page).problem  # what is left would not add up
    for strange in ({}, {"table": "cover"}, {"table": "x", "key": ["a"]}):
        page.tell("back", strange)
        assert len(own(page).rows) == 3
    page.tell("back", {"table": "all"})
    assert (own(page).rows, "own=" in query(page)) == ([], False)
    assert page.part("pick").controls["scenario"] == "japan-2026"


def test_rows_of_a_link_are_there_when_it_is_opened(desk: Desk) -> None:
    mine = LabSetting().with_own(with_csv(load_shipped("japan-2026"), "projects", PLANT))
    with shown(lab.Page) as page:
        page.tell("use", {"table": "projects", "text": PLANT})
        link = query(page)
    with shown(lab.Page, f"/?{link}") as page:
        assert (
            own(page).rows[0]["what"] == "Plant My <b>plant</b>, separates heavy ore in Australia"
        )
        assert desk.waiting(lab_jobs.history)[-1].args[0] == mine.asked()
