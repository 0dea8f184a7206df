"""One table gives every parameter its value, its range and its place in a scenario."""

from pathlib import Path

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.basis.fixed_names import MECHANISMS
from coercivity.model.basis.gone_names import GONE_MECHANISMS, GONE_PARAMETERS, NOW_CONSTANTS
from coercivity.model.basis.parameters import ParameterTable, load_parameters, parse_settings
from coercivity.model.scenario.scenario import scenario_from_dict
from tests.refusal import refusal

BARE = {"name": "test", "start": "2024-01", "months": 12}
HEADER = "name,value,low,high,unit,source,status,group,description,url\n"
ROWS = """leak,0.3,0,1,share,a paper,assumed,leakage,how much leaks,
licence_clock_months,2,1,6,months,"a law, article 17",measured,licensing,the clock of the office,https://example.org
floor,-1,-2,0,1,derived,estimated,prices,a negative number,
"""


@pytest.fixture
def table(tmp_path: Path) -> ParameterTable:
    return read(tmp_path, HEADER + ROWS)


def read(folder: Path, text: str) -> ParameterTable:
    path = folder / "parameters.csv"
    path.write_text(text, encoding="utf-8")
    load_parameters.cache_clear()
    return load_parameters(path)


def test_values_are_attributes(table: ParameterTable) -> None:
    p = table.defaults()
    assert (p.leak, p.licence_clock_months, p.floor) == (0.3, 2.0, -1.0)
    assert table["leak"].status == "assumed"
    assert table.bounds() == {"leak": (0, 1), "licence_clock_months": (1, 6), "floor": (-2, 0)}
    with pytest.raises(AttributeError, match="parameter 'laek' is not known; did you mean 'leak'"):
        _ = p.laek


def test_changes_make_new_parameters_and_leave_the_old(table: ParameterTable) -> None:
    p = table.defaults()
    q = p.with_values({"leak": 1})
    assert (p.leak, q.leak) == (0.3, 1.0)
    assert q.changed() == {"leak": 1.0}
    assert p.with_values({}) is p
    assert q.with_values({"leak": 0.3}) == p
    assert len({p, q, q.with_values({"leak": 0.3})}) == 2
    with pytest.raises(AttributeError, match="frozen"):
        p.leak = 0.5
    with pytest.raises(AttributeError, match="frozen"):
        del p.leak


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"laek": 0.5}, "parameter 'laek' is not known; did you mean 'leak'?"),
        ({"leak": 1.5}, "parameter leak 1.5 is out of range; use a number from 0 to 1 share"),
        ({"leak": float("nan")}, "parameter leak 'nan' is not a number; use a number from 0 to 1"),
    ],
)
def test_a_wrong_change_names_the_parameter_the_value_and_the_range(
    table: ParameterTable, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        table.defaults().with_values(changes)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("order_memory", "--set 'order_memory' has no value; write --set name=value, for example"),
        ("order_memory=much", "--set: parameter order_memory 'much' is not a number; use a number"),
    ],
)
def test_a_setting_is_name_equals_value(item: str, message: str) -> None:
    given = [" order_memory = 5e0 ", "share_speed=0.2"]
    assert parse_settings(given) == {"order_memory": 5.0, "share_speed": 0.2}
    with pytest.raises(InputError) as caught:
        parse_settings([item])
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x,2,0,1,,s,assumed,g,d,\n", "column value: 2 is outside 0 to 1"),
        ("leak,0,0,1,,s,assumed,g,d,\n", "column name: name 'leak' is already in row 2"),
        ("my name,0,0,1,,s,assumed,g,d,\n", "use letters, digits and underscores"),
    ],
)
def test_a_broken_row_of_the_table_is_named(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, HEADER + ROWS + row)
    assert str(caught.value).startswith("parameters.csv row 5, ")
    assert message in str(caught.value)


def test_the_shipped_table_says_where_each_value_comes_from() -> None:
    for row in load_parameters():
        assert row.source, row.name
        assert row.description, row.name
        assert row.low < row.high, row.name


@pytest.mark.parametrize("name", GONE_PARAMETERS)
def test_a_parameter_of_before_is_refused_with_what_took_its_place(name: str) -> None:
    load_parameters.cache_clear()
    instead = GONE_PARAMETERS[name]
    fix = f"leave it out, or set {instead}, which took" if instead else "leave it out: nothing"
    says = f"parameter {name} is of an earlier version; {fix}"
    assert says in refusal(scenario_from_dict, {**BARE, "parameters": {name: 0.5}})
    assert says in refusal(parse_settings, [f"{name}=0.5"])
    assert says in refusal(load_parameters().defaults().with_values, {name: 0.5})


@pytest.mark.parametrize("name", NOW_CONSTANTS)
def test_a_parameter_that_is_a_constant_now_is_refused_with_its_value(name: str) -> None:
    load_parameters.cache_clear()
    says = f"leave it out: it is a constant of the model now, {NOW_CONSTANTS[name]:g}"
    assert says in refusal(scenario_from_dict, {**BARE, "parameters": {name: 0.5}})
    assert says in refusal(parse_settings, [f"{name}=0.5"])


def test_what_took_the_place_of_a_parameter_is_one_and_none_came_back() -> None:
    load_parameters.cache_clear()
    known = set(load_parameters().names)
    assert {name for name in GONE_PARAMETERS.values() if name} <= known
    assert not known & {*GONE_PARAMETERS, *NOW_CONSTANTS}
    assert not GONE_PARAMETERS.keys() & NOW_CONSTANTS.keys()
    assert not set(MECHANISMS) & set(GONE_MECHANISMS)


@pytest.mark.parametrize("name", GONE_MECHANISMS)
def test_a_mechanism_of_before_is_refused_on_or_off(name: str) -> None:
    for on in (True, False):
        says = refusal(scenario_from_dict, {**BARE, "mechanisms": {name: on}})
        assert f"mechanism {name} is of an earlier version; leave it out" in says
