"""What the page draws is what the tables say: nothing invented, nothing lost, undefined numbers left out."""

import json
import math
from typing import Any

import pandas as pd
import pytest

from coercivity.model.errors import InputError
from coercivity.model.names import GOODS, SECTORS, STAGES
from coercivity.viz.page_choice import LARGEST_SEED, Choice, read_query
from coercivity.viz.page_data import page_data, words
from tests.fake_result import FakeResult, fake_result, fake_scenario

SCENARIOS = ("business-as-usual", "japan-2026")


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    return page_data(fake_result())


def chart(page: dict[str, Any], name: str) -> dict[str, Any]:
    return next(item for item in page["charts"] if item["id"] == name)


def line(page: dict[str, Any], name: str, series: str) -> list[float | None]:
    return next(item["values"] for item in chart(page, name)["series"] if item["id"] == series)


def test_every_line_has_one_value_a_month(page: dict[str, Any]) -> None:
    assert page["months"] == list(fake_result().months)
    assert {len(series["values"]) for item in page["charts"] for series in item["series"]} == {36}


def test_it_is_plain_json_with_no_nan(page: dict[str, Any]) -> None:
    assert json.loads(json.dumps(page, allow_nan=False)) == page


def test_prices_are_those_of_the_table(page: dict[str, Any]) -> None:
    prices = fake_result().table("prices").set_index(["state", "good", "month"]).sort_index()
    for good in GOODS:
        for series, state, column in (("home_supplier", "China", "home"), ("export", "China", "export"), ("home_state", "Japan", "home")):
            assert line(page, "prices", f"{good}/{series}") == pytest.approx(prices.loc[(state, good), column].tolist())


def test_an_exporter_sees_its_own_two_prices_only() -> None:
    assert {series["id"].split("/")[1] for series in chart(page_data(fake_result(), "China"), "prices")["series"]} == {"home_supplier", "export"}


def test_output_is_over_its_potential(page: dict[str, Any]) -> None:
    assert [series["id"] for series in chart(page, "output")["series"]] == list(SECTORS)
    assert line(page, "output", "ev_drivetrains")[11:13] == pytest.approx([1.0, 42 / 102], rel=1e-5)
    assert line(page, "output", "wind") == [1.0] * 36


def test_cover_is_that_of_each_good_and_of_the_scarcest() -> None:
    class TwoGoods(FakeResult):
        def table(self, name: str) -> pd.DataFrame:
            table = super().table(name)
            return pd.concat([table, table.assign(good="ndpr_oxide", cover_months=2.0)]) if name == "stocks" else table

    page = page_data(TwoGoods(fake_scenario()))
    drawn = [series["id"] for series in chart(page, "cover")["series"] if series["choice"] == "scarcest"]
    assert drawn == [f"scarcest/{stage}" for stage in STAGES]
    assert line(page, "cover", "scarcest/magnet")[11:13] == [2.0, 1.0]
    assert line(page, "cover", "ndpr_oxide/magnet")[11:13] == [2.0, 2.0]
    assert line(page, "cover", "magnet_heat_resistant/magnet")[11:13] == [3.0, 1.0]


def test_dependence_is_shown_by_origin_and_by_place_of_separation(page: dict[str, Any]) -> None:
    assert line(page, "dependence", "all/last_origin/tonnes")[::12] == [0.75, 0.5, 0.25]
    assert line(page, "dependence", "Dy/separated_in/value")[::12] == [0.9, 0.7, 0.5]
    assert [item["id"] for item in chart(page, "dependence")["choices"]] == ["all", "Dy"]


def test_an_undefined_number_is_null_and_a_missing_row_too() -> None:
    class Holes(FakeResult):
        def table(self, name: str) -> pd.DataFrame:
            table = super().table(name)
            if name == "stocks":
                table.loc[table["month"] == "2024-02", "cover_months"] = math.nan
                return table[table["month"] != "2024-03"]
            if name == "output":
                table.loc[table["month"] == "2024-02", "potential_tonnes"] = 0.0
            return table

    page = page_data(Holes(fake_scenario()))
    assert line(page, "cover", "scarcest/metal")[:4] == [3.0, None, None, 3.0]
    assert line(page, "output", "wind")[:3] == [1.0, None, 1.0]


def test_a_state_without_a_row_gets_charts_without_lines() -> None:
    page = page_data(fake_result(), "Brazil")
    assert [len(item["series"]) for item in page["charts"]] == [2 * len(GOODS), 0, 0, 0]


def test_categories_are_as_good_as_text() -> None:
    class Categories(FakeResult):
        def table(self, name: str) -> pd.DataFrame:
            table = super().table(name)
            return table.astype({column: "category" for column in table.columns if table[column].dtype.kind not in "fi"})

    assert page_data(Categories(fake_scenario())) == page_data(FakeResult(fake_scenario()))


def test_events_are_in_words_with_their_month_and_acts_stand_out(page: dict[str, Any]) -> None:
    assert page["events"] == [
        {"at": 0, "measure": True, "text": "A quota."},
        {"at": 12, "measure": True, "text": "China bans heavy rare earths to Japan."},
        {"at": 13, "measure": False, "text": "a line at a Japanese EV-drivetrain maker stops: no heat-resistant magnets"},
    ]


def test_the_first_look_is_half_a_year_into_the_story(page: dict[str, Any]) -> None:
    assert page["months"][page["look_at"]] == "2025-07"
    assert page_data(fake_result(months=14))["look_at"] == 13
    assert page_data(fake_result(ban=False))["look_at"] == 35


def test_headlines_carry_label_unit_and_value(page: dict[str, Any]) -> None:
    values = fake_result().headlines()
    shown = {item["id"]: item for item in page["headlines"]}
    assert list(shown) == [name for name in values if name in shown]
    for name, item in shown.items():
        assert item["label"]
        assert item["value"] == (None if values[name] is None else pytest.approx(values[name], rel=1e-5))
    assert 6 <= sum(item["main"] for item in page["headlines"]) <= 9


def test_names_are_written_as_people_write_them() -> None:
    assert [words(name) for name in ("ndpr_oxide", "magnet_smco", "ev_drivetrains")] == ["NdPr oxide", "Magnet SmCo", "EV drivetrains"]


# ---------------------------------------------------------------- what the address asks for


def test_an_empty_address_asks_for_the_default() -> None:
    assert read_query(None, SCENARIOS) == read_query("", SCENARIOS) == Choice("japan-2026", 1, "Japan")


def test_a_choice_survives_its_own_address() -> None:
    choice = Choice("business-as-usual", 4294967295, "Rest of EU")
    assert read_query(choice.query(), SCENARIOS) == choice


@pytest.mark.parametrize(
    ("search", "message"),
    [
        ("scenario=japan-2062", "scenario 'japan-2062' is not known; did you mean 'japan-2026'?"),
        ("scenario=../../secret.yaml", "scenario '../../secret.yaml' is not known; use one of: business-as-usual, japan-2026"),
        ("state=Jpan", "state 'Jpan' is not known; did you mean 'Japan'?"),
        ("seed=-1", f"seed '-1' is not a whole number from 0 to {LARGEST_SEED}; write for example 1"),
        ("seed=1e3", f"seed '1e3' is not a whole number from 0 to {LARGEST_SEED}; write for example 1"),
        ("seed=", f"seed '' is not a whole number from 0 to {LARGEST_SEED}; write for example 1"),
        ("seed=4294967296", f"seed '4294967296' is not a whole number from 0 to {LARGEST_SEED}; write for example 1"),
        ("seed=1&seed=2", "seed stands 2 times in the address; write it once"),
        ("&".join(f"a{n}=1" for n in range(60)), "the address has more than 50 fields; write ?scenario=...&seed=...&state=..."),
    ],
)
def test_a_wrong_address_gets_one_clear_line(search: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        read_query(search, SCENARIOS)
    assert str(error.value) == message


def test_other_peoples_fields_are_left_alone() -> None:
    assert read_query("utm_source=mail&seed=7", SCENARIOS) == Choice(seed=7)
