"""What public functions ask for: parameters beside keywords, and types that a checker finds."""

from __future__ import annotations

import ast
import inspect
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import coercivity
from coercivity.model.basis.parameters import KEYWORDS, load_parameters
from tests.data_folders import columns_of, with_facts

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "api" / "__init__.py"
CALM = "business-as-usual"


def functions() -> Iterator[tuple[str, inspect.Signature]]:
    """Every public function, and World, which takes parameters too."""
    for name in coercivity.__all__:
        found = getattr(coercivity, name)
        if inspect.isfunction(found) or found is coercivity.World:
            yield name, inspect.signature(found)


def keywords(asked: inspect.Signature) -> set[str]:
    kinds = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return {name for name, one in asked.parameters.items() if one.kind in kinds}


def test_names_that_no_parameter_may_have_are_those_of_the_signatures() -> None:
    assert set().union(*(keywords(asked) for _, asked in functions())) == KEYWORDS
    assert not KEYWORDS & set(load_parameters().names)


def test_a_parameter_called_like_a_keyword_is_refused_where_it_is_read(tmp_path: Path) -> None:
    cells = dict.fromkeys(columns_of("parameters"), "")
    cells |= {"name": "state", "value": "1", "low": "0", "high": "2", "unit": "1"}
    cells |= {"source": "a test", "status": "assumed", "group": "prices", "description": "mine"}
    lines = (",".join(cells), ",".join(cells.values()))
    (tmp_path / "parameters.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = with_facts(tmp_path, "import coercivity; coercivity.parameters()")
    assert done.returncode == 1
    said = done.stderr.splitlines()[-1]
    assert f"{tmp_path.name}/parameters.csv row 2, column name: 'state' cannot be a param" in said
    assert said.endswith("functions have a keyword of that name; write for example my_state")


def test_what_takes_parameters_takes_them_as_a_mapping_too() -> None:
    taking = {
        name
        for name, asked in functions()
        if any(one.kind is one.VAR_KEYWORD for one in asked.parameters.values())
    }
    assert taking >= {"run", "run_worlds", "compare", "ensemble", "leverage", "licence_flows"}
    for name, asked in functions():
        if name in taking - {"World"}:
            assert "parameters" in keywords(asked), name
            assert "data" in keywords(asked), name


ASKED: dict[str, Callable[..., Any]] = {
    "run": lambda **by: coercivity.run(CALM, months=2, **by),
    "run_worlds": lambda **by: coercivity.run_worlds(CALM, [1], months=2, **by),
    "compare": lambda **by: coercivity.compare(CALM, CALM, [1], months=2, **by),
    "ensemble": lambda **by: coercivity.ensemble(CALM, 1, months=2, workers=1, **by),
    "leverage": lambda **by: coercivity.leverage(CALM, "2024-01", **by),
    "licence_flows": lambda **by: coercivity.licence_flows("licensing-2025", months=16, **by),
}


def scenario_of(result: Any) -> coercivity.Scenario:
    if isinstance(result, tuple):
        return scenario_of(result[0])
    if isinstance(result, coercivity.Comparison):
        return scenario_of(result.base)
    assert isinstance(result.scenario, coercivity.Scenario)
    return result.scenario


@pytest.mark.parametrize("name", ASKED)
def test_a_mapping_and_keywords_are_the_same_parameters(name: str) -> None:
    made = ASKED[name](parameters={"belief_speed": 0.3}, first_answer=0.5)
    assert dict(scenario_of(made).parameters) == {"belief_speed": 0.3, "first_answer": 0.5}
    with pytest.raises(coercivity.InputError) as refused:
        ASKED[name](parameters={"first_answer": 0.5}, first_answer=0.6)
    assert str(refused.value) == (
        "parameter first_answer is given twice, in parameters= as '0.5' and by keyword as '0.6'; "
        "keep one of them"
    )
    with pytest.raises(coercivity.InputError, match=r"parameters '\[1\]' is no mapping"):
        ASKED[name](parameters=[1])


def test_a_checker_finds_every_public_name_where_it_is_made() -> None:
    tree = ast.parse(HOME.read_text(encoding="utf-8"))
    (checked,) = (
        node.body
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    told = {
        alias.name: node.module
        for node in checked
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert told == coercivity._HOMES
    assert {*told, "__version__"} == set(coercivity.__all__)


USED = """
import coercivity
def first(result: coercivity.Result) -> coercivity.Explanation: return result.explain()
reveal_type(first(coercivity.run("japan-2026")).steps)
reveal_type(coercivity.ensemble("japan-2026", 2, workers=1).spread("output_lost_24m"))
coercivity.rnu("japan-2026")
"""


@pytest.mark.slow
def test_a_checker_refuses_a_name_that_is_mistyped(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    (tmp_path / "mine.py").write_text(USED, encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent"),
            *("--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path / "kept")),
            str(tmp_path / "mine.py"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200"},
    )
    lines = [line.partition("mine.py:")[2] for line in done.stdout.splitlines()]
    assert lines[:3] == [
        '4: note: Revealed type is "pandas.core.frame.DataFrame"',
        '5: note: Revealed type is "coercivity.experiments.worlds.spreads.Spread"',
        '6: error: Module has no attribute "rnu"  [attr-defined]',
    ], done.stdout + done.stderr
    assert done.stdout.endswith("Found 1 error in 1 file (checked 1 source file)\n")
