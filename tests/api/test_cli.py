"""The command line: what it prints and writes, and that wrong input costs one line.

A made-up result stands in for the model.
"""

import csv
import html
import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import coercivity.experiments.questions
import coercivity.experiments.sweep.run_sweep  # before `run` is another, of which it needs more
import coercivity.experiments.worlds
from coercivity.experiments.quantities.headlines import headline_table
from coercivity.model.basis import facts
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import load_scenario
from coercivity.viz.page_data.evidence_data import fact_tables
from tests.fake_result import TABLES, fake_run_worlds, fake_scenario
from tests.terminal import call, in_one_line


class Runs(SimpleNamespace):
    """Stands in for coercivity.experiments.worlds.run and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(asked=[])

    def run_worlds(self, scenario, seeds, progress=None, world=None):  # type: ignore[no-untyped-def]
        self.asked.append((scenario, list(seeds)))
        return fake_run_worlds(scenario, seeds, progress=progress)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    fake = Runs()
    import_module("coercivity.experiments.findings.twin_run")  # it takes what it runs from there
    # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "coercivity.experiments.worlds.run", fake)
    monkeypatch.setattr(coercivity.experiments.worlds, "run", fake, raising=False)
    return fake


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An otherwise empty folder to stand in, with a scenario of 36 months."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fake.yaml").write_text(fake_scenario().to_yaml(), encoding="utf-8")
    (tmp_path / "calm.yaml").write_text(
        fake_scenario(ban=False, name="calm").to_yaml(), encoding="utf-8"
    )
    return tmp_path


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
    }


# ---------------------------------------------------------------- what it says


def test_help_names_the_commands_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['coercivity', '--help']\n"
        "from coercivity.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'mesa', 'numpy', 'pandas', 'matplotlib', 'rich.console', 'yaml', 'solara'} "
        "& set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert shown.splitlines()[-1] == "[]"
    for command in ("run", "compare", "scenarios", "facts", "parameters", "licences", "app"):
        assert f"\n  {command} " in shown


def test_run_prints_a_summary_with_ranges(runs: Runs, place: Path) -> None:
    shown = call("run", "fake.yaml", "--worlds", "3", "--seed", "5")
    assert shown.exit_code == 0, shown.output
    assert [(scenario.name, seeds) for scenario, seeds in runs.asked] == [
        ("fake-ban", [5, 6, 7]),
        ("fake-ban-without", [5, 6, 7]),
        ("fake-ban", [5, 6, 7]),
    ]  # the model, the same worlds without the ban, and with every rule naive
    assert "3 worlds, seeds 5 to 7" in shown.stdout
    assert "China bans heavy rare earths to Japan." in shown.stdout
    assert "60 days" in shown.stdout  # half of the EV-drivetrain firms
    assert "144 (" in shown.stdout  # output lost in the middle world, USD bn
    assert shown.stderr == ""


def test_run_json_is_one_document_of_the_agreed_form(runs: Runs, place: Path) -> None:
    shown = call("run", "fake.yaml", "--worlds", "2", "--json")
    document = json.loads(shown.stdout)
    keys = "scenario version parameter_hash seeds months twin state headlines files"
    assert list(document) == keys.split()
    assert document["state"] == "Japan"
    assert document["twin"] == "without the blanket ban of 11 January 2025 of China against Japan"
    assert (document["scenario"], document["seeds"]) == ("fake-ban", [1, 2])
    assert (document["months"], document["files"]) == (36, [])
    wanted = [row.id for row in headline_table(Facts.default())]
    assert [row["id"] for row in document["headlines"]] == wanted
    columns = {"id", "unit", "median", "p05", "p95", "against_twin"}
    assert all(set(row) == columns for row in document["headlines"])
    lost = next(row for row in document["headlines"] if row["id"] == "output_lost_24m")
    assert lost["median"] == pytest.approx(36.0)
    assert shown.stderr == ""


def test_compare_shows_both_sides_and_their_difference(runs: Runs, place: Path) -> None:
    asked = ("compare", "calm.yaml", "fake.yaml")
    document = json.loads(call(*asked, "--worlds", "2", "--json").stdout)
    assert (document["base"], document["scenario"]) == ("calm", "fake-ban")
    assert [seeds for _, seeds in runs.asked] == [[1, 2], [1, 2]]  # twins
    lost = next(row for row in document["headlines"] if row["id"] == "output_lost_total")
    assert lost["base"]["median"] == 0
    assert lost["difference"]["median"] == pytest.approx(36.0)
    shown = call(*asked)
    assert "calm" in shown.stdout
    assert "+11 points" in shown.stdout  # 4 firms of 36 more


def test_numbers_report_and_figures_speak_of_the_state_that_is_asked(
    runs: Runs, place: Path
) -> None:
    asked = ("--state", "United States")
    shown = call("run", "fake.yaml", "--out", "found", *asked)
    assert shown.exit_code == 0, shown.output
    assert "When lines stop in United States" in shown.stdout
    assert "in Japan" not in shown.stdout
    page = html.unescape((place / "found" / "report.html").read_text(encoding="utf-8"))
    assert "Output in United States" in page
    assert "United States's dependence on China" in page
    for command in (("run",), ("compare", "calm.yaml")):
        document = json.loads(call(*command, "fake.yaml", "--json", *asked).stdout)
        assert document["state"] == "United States"
        ids = {row["id"] for row in document["headlines"]}
        assert "price_multiple_dy_united_states" in ids


def test_an_unknown_state_costs_one_line_with_a_suggestion(runs: Runs, place: Path) -> None:
    shown = in_one_line("run", "fake.yaml", "--state", "Germny")
    assert shown.endswith("--state 'Germny' is not a state that exists; did you mean 'Germany'?")
    assert runs.asked == []


# ---------------------------------------------------------------- what it writes


def test_out_holds_tables_report_and_manifest(runs: Runs, place: Path) -> None:
    shown = call("run", "fake.yaml", "--out", "results/first")
    assert shown.exit_code == 0, shown.output
    folder = place / "results" / "first"
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        "report.html",
        "ro-crate-metadata.json",
        *(f"{name}.parquet" for name in TABLES),
    }
    assert [path.name for path in (place / "results").iterdir()] == ["first"]
    assert "results/first/report.html" in shown.stdout
    held = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert held["seeds"] == [1]
    assert held["parameter_hash"] == "0123456789ab"
    assert held["packages"]["numpy"]
    assert held["tables"]["prices"]["units"]["home"] == "USD/kg"
    (place / "again.yaml").write_text(held["scenario"]["yaml"], encoding="utf-8")
    assert load_scenario(place / "again.yaml").fingerprint() == held["scenario"]["fingerprint"]
    assert "seed" not in pd.read_parquet(folder / "prices.parquet").columns
    assert str(place) not in (folder / "manifest.json").read_text(encoding="utf-8")


def test_several_worlds_add_a_seed_and_twins_say_which_they_are(runs: Runs, place: Path) -> None:
    shown = call("compare", "calm.yaml", "fake.yaml", "--worlds", "2", "--out", "both", "--json")
    assert set(json.loads(shown.stdout)["files"]) == {
        f"both/{path.name}" for path in (place / "both").iterdir()
    }
    frame = pd.read_parquet(place / "both" / "macro.parquet")
    found = set(zip(frame["twin"], frame["seed"], strict=True))
    assert found == {(twin, seed) for twin in ("base", "scenario") for seed in (1, 2)}
    assert len(pd.read_parquet(place / "both" / "stoppages.parquet")) > 0  # none in the base


def test_nothing_is_left_when_a_run_fails(
    runs: Runs, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(place)
    monkeypatch.setattr(
        "coercivity.experiments.worlds.output_tables.write_manifest", lambda *_: 1 / 0
    )
    shown = call("run", "fake.yaml", "--out", "results/first")
    assert shown.exit_code == 1
    assert isinstance(shown.exception, ZeroDivisionError)
    assert tree(place) == before


def test_a_new_scenario_file_passes_the_check_and_is_never_overwritten(place: Path) -> None:
    assert call("scenarios", "new", "mine.yaml").exit_code == 0
    checked = call("scenarios", "check", "mine.yaml")
    assert checked.exit_code == 0
    assert "right" in checked.stdout
    assert ": blanket_ban of China on Japan, 20" in checked.stdout
    assert ", covers heavy_oxides" in checked.stdout
    assert "#" in (place / "mine.yaml").read_text(encoding="utf-8")
    before = tree(place)
    again = call("scenarios", "new", "mine.yaml")
    assert again.exit_code == 2
    assert "nothing was overwritten" in again.stderr
    assert tree(place) == before


# ---------------------------------------------------------------- the other commands


def test_lists_of_scenarios_facts_and_parameters() -> None:
    assert "japan-blanket-ban" in call("scenarios", "list").stdout
    assert "gdp" in call("facts").stdout
    assert "World Bank" in call("facts", "gdp").stdout
    wide = call("facts", "licence_outcomes").stdout.splitlines()
    assert "case: gallium-germanium-2023" in wide  # too many columns for a table: a line each
    assert any(line.startswith("source: Reuters of 20 November 2023 on") for line in wide)
    assert "firms_per_sector" in call("parameters").stdout
    assert "range" in call("parameters", "firms_per_sector").stdout


def test_rows_of_a_state_are_printed_as_a_scenario_file_has_them(place: Path) -> None:
    shown = call("facts", "cover", "--rows", "Japan").stdout
    mine = f"name: mine\nstart: 2024-01\nmonths: 12\n{shown}"
    (place / "mine.yaml").write_text(mine.replace("months_median: 1.0", "months_median: 2.0"))
    checked = call("scenarios", "check", "mine.yaml")
    assert checked.exit_code == 0
    assert "tables, cover: 19 of its own over the shipped rows" in checked.stdout
    (place / "mine.yaml").write_text(mine.replace("months_median: 1.0", "months_median: 4000"))
    refused = call("scenarios", "check", "mine.yaml")
    assert refused.exit_code != 0
    assert "column months_median: '4000' is out of range" in refused.output
    assert "did you mean 'Japan'?" in call("facts", "cover", "--rows", "Japon").output


def test_facts_are_written_into_one_file_with_their_sources(place: Path) -> None:
    assert call("facts", "--csv", "facts.csv").exit_code == 0
    with (place / "facts.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    columns = "table id column value unit source url confidence"
    assert list(lines[0]) == columns.split()
    assert {line["table"] for line in lines} == {*fact_tables()}
    assert all(line["value"] and line["source"] and line["confidence"] for line in lines)
    of_gdp = [line for line in lines if line["table"] == "gdp" and line["column"] == "usd_bn"]
    rows = facts.load_table("gdp").rows
    assert [float(line["value"]) for line in of_gdp] == [row["usd_bn"] for row in rows]
    assert [line["id"] for line in of_gdp] == [f"{row['state']} | {row['year']}" for row in rows]
    shown = call("facts", "gdp", "--csv", "gdp.csv")
    assert f"{2 * len(rows)} facts in" in shown.stdout
    assert len((place / "gdp.csv").read_text(encoding="utf-8").splitlines()) == 1 + 2 * len(rows)


def test_doctor_says_what_is_here_and_tries_a_run(runs: Runs) -> None:
    shown = call("doctor")
    assert shown.exit_code == 0, shown.output
    for word in ("numpy", "cores", "browser", "works:"):
        assert word in shown.stdout
    assert runs.asked[0][0].months == 3


def test_doctor_fails_when_the_run_fails(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "run_worlds", lambda *_: 1 / 0)
    shown = call("doctor")
    assert shown.exit_code == 1
    assert "ZeroDivisionError" in shown.stdout


def test_app_serves_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    import coercivity.viz.server

    asked = {}
    fake = SimpleNamespace(serve=lambda **given: asked.update(given))
    monkeypatch.setitem(sys.modules, "coercivity.viz.serve", fake)  # type: ignore[arg-type]
    monkeypatch.setattr(coercivity.viz.server, "serve", fake, raising=False)
    assert call("app", "--port", "9000", "--no-browser").exit_code == 0
    local = {"port": 9000, "open_browser": False, "host": "127.0.0.1", "rehearse": False}
    assert asked == local  # nobody else is let in unless asked for
    assert call("app", "--host", "0.0.0.0").exit_code == 0
    assert (asked["port"], asked["open_browser"], asked["host"]) == (8765, True, "0.0.0.0")
    assert call("app", "--rehearse").exit_code == 0
    assert asked["rehearse"] is True


# ---------------------------------------------------------------- wrong input

HEAD = "name: mine\nstart: 2024-01\nmonths: 36\n"
LIST = "{date: 2025-01-06, kind: entity_list, actor: China, targets: [Jpan], share: 0.5}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{HEAD}events:\n  - {LIST}\n", ("targets", "Jpan", "did you mean 'Japan'?")),
        (HEAD + "mnths: 3\n", ("key", "mnths", "did you mean 'months'?")),
        ("name: [unclosed\nstart: 2024-01\n", ("mine.yaml", "not YAML")),
    ],
    ids=["unknown state", "unknown key", "not YAML"],
)
def test_a_wrong_scenario_costs_one_line(
    runs: Runs, place: Path, text: str, words: tuple[str, ...]
) -> None:
    (place / "mine.yaml").write_text(text, encoding="utf-8")
    for arguments in (
        ("scenarios", "check", "mine.yaml"),
        ("run", "mine.yaml", "--out", "results"),
        ("compare", "calm.yaml", "mine.yaml", "--json"),
    ):
        expect_refusal(place, arguments, words)
    assert not runs.asked


LONG = "a" * 300
RUN = ("run", "fake.yaml", "--out", "results")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*RUN, "--set", "firms_per_sector"), ("--set", "--set firms_per_sector=")),
        ((*RUN, "--set", "firms_per_sectr=3"), ("did you mean 'firms_per_sector'?",)),
        (("run", "japan-2062", "--out", "results"), ("japan-2062", "did you mean 'japan-2026'?")),
        (("run", "missing.yaml"), ("missing.yaml", "is not there")),
        (("run", "fake.yaml", "--out", "used"), ("--out", "used", "new or empty folder")),
        (("run", "fake.yaml", "--out", "fake.yaml"), ("--out", "fake.yaml", "is a file")),
        (("run", "fake.yaml", "--out", "results\udcff"), (r"results\udcff", "no text in UTF-8")),
        (("run", "fake.yaml", "--out", LONG), ("--out", "aaa...", "shorter name")),
        (("run", "fake.yaml", "--months", "many"), ("--months", "many", "whole number")),
        (("run", "fake.yaml", "--worlds", "0"), ("--worlds", "0", "from 1 to")),
        (("run", "fake.yaml", "--seed", "4294967296"), ("--seed", "from 0 to 4294967295")),
        (("run", "fake.yaml", "--wrlds", "2"), ("--wrlds", "--help")),
        (("compare", "fake.yaml"), ("scenario", "--help")),
        (("compare", "fake.yaml", "embargo-2010"), ("embargo-2010", "2009-01", "--months")),
        (("app", "--host", ""), ("host is empty, which would let the whole network in",)),
        (("run", "--months", "12", "--months", "24"), ("--months is given twice, '12' and '24'",)),
        (("scenarios", "new", "mine.txt"), ("mine.txt", "mine.yaml")),
        (("scenarios", "new", "nowhere/mine.yaml"), ("nowhere/mine.yaml", "cannot be written")),
        (("starts", "2025-01"), ("2025-01", "2026-01")),
        (("facts", "gpd", "--csv", "new.csv"), ("gpd", "did you mean 'gdp'")),
        (("facts", "--csv", "new.txt"), ("new.txt", "new.csv")),
        (("rooms", "list"), ("fake.yaml' is no folder; name the folder that the server uses",)),
        (("facts", "--csv", "table.csv"), ("table.csv", "is there already")),
    ],
    ids=lambda value: " ".join(value)[:120] if isinstance(value, tuple) else None,
)
def test_wrong_arguments_cost_one_line(
    runs: Runs,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    words: tuple[str, ...],
) -> None:
    monkeypatch.setenv("COERCIVITY_ROOMS", str(place / "fake.yaml"))
    (place / "used").mkdir()
    (place / "used" / "notes.txt").write_text("mine", encoding="utf-8")
    (place / "table.csv").write_text("mine", encoding="utf-8")
    expect_refusal(place, arguments, words)
    assert not runs.asked


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        ({"PYTHONIOENCODING": "ascii"}, 0),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, 2),
    ],
    ids=["output in ASCII", "names in ASCII"],
)
def test_a_terminal_without_the_letters_gets_codes_that_are_read_back(
    place: Path, odd: dict[str, str], code: int
) -> None:
    """YAML is written with codes, and a name that is no text is said with them."""
    far = replace(fake_scenario(), title="稀土 é").to_yaml()
    (place / "far.yaml").write_text(far, encoding="utf-8")

    def scenarios(*arguments: str | bytes) -> subprocess.CompletedProcess[bytes]:
        command: list[str | bytes] = [sys.executable, "-m", "coercivity", "scenarios", *arguments]
        environment = {**os.environ, **odd}
        return subprocess.run(command, capture_output=True, env=environment, cwd=place, check=False)

    shown = scenarios("show", "far.yaml").stdout
    (place / "again.yaml").write_bytes(shown)
    assert load_scenario(place / "again.yaml") == load_scenario(place / "far.yaml")
    (place / "é.yaml").write_bytes(shown)
    told = scenarios("check", "é.yaml".encode())
    assert told.returncode == code, told.stderr  # where names are ASCII, this one is no text
    refused = scenarios("check", b"\xff.yaml")
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert len(refused.stderr.splitlines()) == 1


def expect_refusal(place: Path, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    """Exit code 2, one line on standard error that holds the words, nothing on standard output,
    nothing written.
    """
    before = tree(place)
    shown = call(*arguments)
    assert shown.exit_code == 2, shown.output
    assert shown.stdout == ""
    assert shown.stderr.count("\n") == 1, shown.stderr
    assert "Traceback" not in shown.stderr
    for word in words:
        assert word in shown.stderr, shown.stderr
    assert tree(place) == before
