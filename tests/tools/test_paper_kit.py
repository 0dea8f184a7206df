"""The paper kit: parts are built once, kept while the same is asked, never lost by a crash, equal
byte for byte; and what each part asks for, whole and in a hurry.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.claims.survey import SCANNED
from coercivity.experiments.claims.table import choose_claims
from coercivity.experiments.claims.verdict import Evidence, judge
from coercivity.experiments.questions import ablation, friend_shoring, market_power
from coercivity.experiments.sensitivity.indices import Index, Indices
from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.fingerprints import reachable_modules, results_code
from coercivity.experiments.worlds.atomic import SweepStopped
from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.files import list_scenarios
from coercivity.viz.drawn.shown_results import MADE_BY, read_document
from tools.docs.kit import (
    __main__,
    backtest,
    build,
    claims,
    cover,
    episodes,
    policy,
    questions,
    sensitivity,
    starts,
)
from tools.docs.kit.build import BUILT, KEPT, Plan, key_of, make_paper
from tools.docs.kit.documents import Document, Order, document, to_plain_values, to_text
from tools.docs.kit.parts import KIT, PARTS
from tools.docs.pages.files import files_of, pages_of, to_csv, writer

ROOT = Path(__file__).resolve().parents[2]
TWO = (PARTS["episodes"], PARTS["starts"])
KEY = {"coercivity": "0.0", "code": "c0de", "worlds": 0, "quick": True, "collection": ""}


class Kit:
    """A kit of two parts whose builders only count how often they are called."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.calls, self.fails = folder, {"episodes": 0, "starts": 0}, ""
        patch.setattr(episodes, "build", lambda order: self.build("episodes", order))
        patch.setattr(starts, "build", lambda order: self.build("starts", order))
        patch.setattr(build, "files_of", self.render)

    def build(self, part: str, order: Order) -> dict[str, Any]:
        self.calls[part] += 1
        if self.fails == part:
            raise RuntimeError("crash")
        return {"value": 1.0 / 3.0, "worlds": order.worlds}

    def render(self, held: Document) -> dict[str, str | bytes]:
        if self.fails == "page":
            raise RuntimeError("page")
        return {f"pages/{held['part']}.md": f"{held['found']['value']}"}

    def make(self, **asked: Any) -> dict[str, str]:
        return make_paper(self.folder, Plan(**{"parts": TWO, **asked}))

    def manifest(self) -> dict[str, Any]:
        held: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text("utf-8"))
        return held


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kit:
    return Kit(tmp_path / "kit", monkeypatch)


def test_every_part_is_whole() -> None:
    """A part can be built, says its scenarios, and has pages and tables."""
    for part in PARTS.values():
        assert callable(part.home.build)
        assert set(part.home.scenarios()) <= set(list_scenarios()), part.name
        assert all(callable(getattr(writer(part.name), name)) for name in ("pages", "tables"))


def test_what_a_part_rests_on_is_found_from_its_imports() -> None:
    rests = reachable_modules(MADE_BY["claims"])
    wanted = ("claims.supply", "worlds.draws", "questions.leverage", "quantities.watch")
    assert {f"coercivity.experiments.{name}" for name in wanted} <= set(rests)
    assert not [name for name in rests if "backtest" in name], "a change elsewhere spoils claims"
    own = reachable_modules(f"{KIT}.episodes", ("coercivity.experiments", "tools.docs"))
    assert {f"{KIT}.depths", f"{KIT}.cover", "coercivity.experiments.worlds.twin"} <= set(own)


@pytest.mark.parametrize("part", MADE_BY)
def test_results_that_ship_rest_on_what_is_installed(part: str) -> None:
    assert key_of(PARTS[part], Plan())["code"] == results_code(MADE_BY[part])
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    assert not [name for name in packages["packages"] if "tools" in name]


def test_the_same_is_built_once_and_what_is_asked_otherwise_anew(kit: Kit) -> None:
    assert kit.make(worlds=3) == {"episodes": BUILT, "starts": BUILT}
    results = (kit.folder / "results" / "episodes.json").read_bytes()
    assert kit.make(worlds=3) == {"episodes": KEPT, "starts": KEPT}
    assert (kit.folder / "results" / "episodes.json").read_bytes() == results
    assert kit.calls == {"episodes": 1, "starts": 1}
    assert kit.make(worlds=4) == {"episodes": BUILT, "starts": KEPT}, "the starts have no draws"
    assert read_document(kit.folder / "results" / "episodes.json")["found"]["worlds"] == 4


def test_a_lost_page_is_drawn_again_and_a_changed_result_is_built_again(kit: Kit) -> None:
    kit.make()
    (kit.folder / "pages" / "starts.md").unlink()
    path = kit.folder / "results" / "episodes.json"
    path.write_text(path.read_text("utf-8").replace("0.33333333", "0.4"), encoding="utf-8")
    assert kit.make() == {"episodes": BUILT, "starts": KEPT}
    assert (kit.folder / "pages" / "starts.md").is_file()
    assert "0.33333333" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("fails", "kept"), [("starts", {"episodes": 1, "starts": 2}), ("page", {"episodes": 1})]
)
def test_a_crash_loses_one_part_at_most_and_a_fault_in_a_page_none(
    kit: Kit, fails: str, kept: dict[str, int]
) -> None:
    kit.fails = fails
    with pytest.raises(RuntimeError):
        kit.make()
    assert list(kit.manifest()["parts"]) == ["episodes"]
    kit.fails = ""
    assert kit.make() == {"episodes": KEPT, "starts": BUILT}
    assert kit.calls.items() >= kept.items()


def test_two_commands_in_one_folder_keep_each_other_s_stamps(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(order: Order) -> dict[str, Any]:
        assert kit.make(parts=TWO[1:]) == {"starts": BUILT}
        return kit.build("episodes", order)

    monkeypatch.setattr(episodes, "build", meanwhile)
    assert kit.make(parts=TWO[:1]) == {"episodes": BUILT}
    assert kit.make() == {"episodes": KEPT, "starts": KEPT}


def test_the_manifest_says_what_made_each_file(kit: Kit) -> None:
    kit.make(worlds=2)
    held = kit.manifest()
    part = held["parts"]["episodes"]
    assert held["packages"]["numpy"]
    assert len(held["model_code"]) == 16
    assert part["command"] == "python -m tools.docs.kit DIR --parts episodes --draws 2"
    assert part["title"] == PARTS["episodes"].title
    assert part["seeds"] == [1, 2]
    assert part["scenarios"]["embargo-2010"]
    assert len(part["files"]) == 2
    for name, sum_ in part["files"].items():
        assert hashlib.sha256((kit.folder / name).read_bytes()).hexdigest() == sum_
        assert f"`{name}`" in (kit.folder / "README.md").read_text(encoding="utf-8")


def test_a_folder_that_does_not_fit_is_refused_before_anything_runs(kit: Kit) -> None:
    kit.make()
    with pytest.raises(InputError, match="was made with quick False, and this is True"):
        kit.make(quick=True)
    path = kit.folder / "manifest.json"
    newer = path.read_text("utf-8").replace('"coercivity": "', '"coercivity": "9.', 1)
    for changed, says in ((newer, "made with coercivity 9."), ("{}", "none of"), ("{", "damaged")):
        path.write_text(changed, encoding="utf-8")
        with pytest.raises(InputError, match=says):
            kit.make()
    path.unlink()
    with pytest.raises(InputError, match=r"in use \(it holds "):
        kit.make()
    assert kit.calls == {"episodes": 1, "starts": 1}


# ---------------------------------------------------------------- the command


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--parts", "claim"), "invalid choice: 'claim'"),
        (("--draws", "0"), "draws '0'"),
        (("--workers", "-1"), "workers '-1'"),
    ],
)
def test_wrong_input_exits_with_2_and_leaves_no_folder(
    arguments: tuple[str, ...], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        ended: object = __main__.main([str(tmp_path / "kit"), *arguments])
    except SystemExit as error:
        ended = error.code
    assert ended == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "kit").exists()


@pytest.mark.parametrize(
    "ends", [SweepStopped("the disk is full"), KeyboardInterrupt(), OSError(28, "full")]
)
def test_a_kit_that_is_stopped_says_what_is_safe(
    ends: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def end(*_: Any) -> None:
        raise ends

    monkeypatch.setattr(__main__, "make_paper", end)
    assert __main__.main(["kit"]) == 1
    assert capsys.readouterr().err.endswith("finished parts are safe, run it again\n")


def test_two_kits_are_equal_byte_for_byte_and_have_a_crate(tmp_path: Path) -> None:
    """The starts in earnest: results, pages, tables; times stand in manifest and crate alone."""
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        assert __main__.main([str(folder), "--parts", "starts"]) == 0
    one, two = (
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
        for folder in folders
    )
    assert {"results/starts.json", "pages/starts.md", "tables/starts.csv"} <= set(one)
    assert {name for name in one if one[name] != two.get(name)} <= {
        "manifest.json",
        "ro-crate-metadata.json",
    }
    assert b"pages/starts.md" in one["ro-crate-metadata.json"]
    assert {b"2009-01", b"2024-01"} <= set(re.split(rb"[,\n]", one["tables/starts.csv"]))


def test_figures_are_equal_byte_for_byte_and_lie_beside_the_pages() -> None:
    held = read_document(ROOT / "docs" / "results" / "claims.json")
    one = {**held, "found": {"claims": held["found"]["claims"][:1]}}
    files = files_of(one)
    assert files == files_of(one)
    assert [name for name in files if name.startswith("figures/")] == ["figures/claims/C1.svg"]
    assert "](../../figures/claims/C1.svg)" in str(files["pages/claims/C1.md"])


def test_a_quick_page_says_so_and_names_what_made_it() -> None:
    found = {"starts": [{"start": "2009-01", "rows": []}]}
    text = pages_of(document("starts", KEY, found))["starts.md"]
    assert "quick: not for citation" in text.splitlines()[2]
    assert "`python -m tools.docs.kit --parts starts` (coercivity 0.0)" in text


def test_documents_hold_plain_finite_numbers() -> None:
    values = {"a": float("nan"), "b": (1, 2.0 / 3.0), "c": float("inf"), "d": True}
    held = document("starts", KEY, values)
    assert held["found"] == {"a": None, "b": [1, 0.66666667], "c": None, "d": True}
    assert json.loads(to_text(held)) == held
    assert to_plain_values(to_plain_values(held)) == held


def test_tables_have_a_column_for_every_value() -> None:
    text = to_csv([{"id": "a", "band": {"low": 1, "high": None}}, {"id": "b, c", "seen": [1, 2]}])
    assert text == 'id,band_low,band_high,seen\na,1,,\n"b, c",,,1 2\n'


@pytest.mark.slow
def test_the_whole_kit_in_a_hurry(tmp_path: Path) -> None:
    """Every part with --quick, twice: equal files; every claim has a verdict."""
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        make_paper(folder, Plan(quick=True, workers=1))
    for kind in ("results", "pages", "tables", "figures"):
        for path in (folders[0] / kind).rglob("*.*"):
            twin = folders[1] / path.relative_to(folders[0])
            assert path.read_bytes() == twin.read_bytes(), path.name
    found = read_document(folders[0] / "results" / "claims.json")["found"]["claims"]
    assert len(found) == 16
    assert all(one["verdict"] for one in found)


# ---------------------------------------------------------------- what each part asks for

Asked = dict[str, Any]


def recorded(monkeypatch: pytest.MonkeyPatch, module: Any, *names: str) -> dict[str, Asked]:
    """Answer functions of a module with their own name, and return what each was asked."""
    asked: dict[str, Asked] = {}

    def answer(name: str) -> Any:
        def told(*args: Any, **fields: Any) -> str:
            asked[name] = {"args": args, **fields}
            return name

        return told

    for name in names:
        monkeypatch.setattr(module, name, answer(name))
    return asked


@pytest.mark.parametrize("quick", [False, True])
def test_public_money_is_asked_over_seeds_and_hazards_over_sixteen(
    monkeypatch: pytest.MonkeyPatch, quick: bool
) -> None:
    asked = recorded(monkeypatch, friend_shoring, "equal_money", "alone_or_together")
    tests = ("report", "leave_one_out", "cases", "default_temper")
    asked_of = recorded(monkeypatch, policy.hazards, *tests)
    floor = recorded(monkeypatch, policy, "grant_or_floor", "history")
    assert policy.build(Order(worlds=3, quick=quick, workers=2)) == {
        "seeds": 3,
        "hazards": "report",
        "instruments": "leave_one_out",
        "history": "history",
        "equal": "equal_money",
        "together": "alone_or_together",
        "floor": "grant_or_floor",
    }
    assert list(asked_of["report"]["args"][0]) == list(range(1, 3 if quick else 17))
    assert asked_of["leave_one_out"]["args"] == ("cases", "default_temper")
    short: Asked = {"months": 61, "after": (2, 3)} if quick else {}
    steps: Asked = {"months": 61, "steps": 2} if quick else {}
    same: Asked = {"args": (), "seeds": range(1, 4), "workers": 2}
    assert asked["equal_money"] == asked["alone_or_together"] == same | short
    assert floor["grant_or_floor"] == same | steps


def test_one_history_tells_the_first_fourteen_choices_that_were_choices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        ("2024-01", "China", "tension", "nothing", "a ban"),
        ("2024-02", "Japan", "a ban", "endure it", "a strike"),
        ("2024-03", "Japan", "a ban", "a stockpile", ""),
        *((f"2025-{k:02d}", "China", "tension", f"choice {k}", "nothing") for k in range(1, 17)),
    ]
    columns = ["month", "actor", "saw", "chose", "rejected"]
    told = SimpleNamespace(table=lambda _: pd.DataFrame(rows, columns=columns))
    monkeypatch.setattr(
        policy, "run", lambda name, seed: told if (name, seed) == ("x", 1) else None
    )
    found = policy.history("x")
    assert [row["chose"] for row in found] == [f"choice {k}" for k in range(1, 15)]
    assert found[0] == {"month": "2025-01", "actor": "China", "chose": "choice 1", "saw": "tension"}


@pytest.mark.parametrize("quick", [False, True])
def test_questions_are_asked_over_the_same_draws(
    monkeypatch: pytest.MonkeyPatch, quick: bool
) -> None:
    names = ("after_signals", "entry_map", "after_episode", "third_countries", "frozen")
    asked = recorded(monkeypatch, market_power, *names)
    asked_of = recorded(monkeypatch, questions.relapse, "decompose")
    ablated = recorded(monkeypatch, ablation, "ablate")
    found = questions.build(Order(worlds=2, quick=quick, workers=3))
    assert found.pop("draws") == 2
    assert [*found.values()] == ["ablate", "decompose", *names]
    (chosen,) = asked_of["decompose"]["args"]
    assert [draw.seed for draw in chosen] == [1000, 1001]
    fewer: dict[str, Asked] = {
        "entry_map": {"hurdles": (0.0, 1.0), "alarms": (0.1, 0.6)},
        "after_episode": {"years": (1, 4)},
        "third_countries": {"compliance": (0.0, 1.0)},
    }
    for name in names:
        of = (
            {"args": ([1000, 1001],)}
            if name == "third_countries"
            else {"args": (chosen,), "workers": 3}
        )
        assert asked[name] == of | (fewer.get(name, {}) if quick else {}), name
    assert (ablated["ablate"]["months"], ablated["ablate"]["workers"]) == (60 if quick else 120, 3)


def finding(name: str) -> Any:
    details = {"x": [1.0, None, 3.0], "y": [None]}
    return judge(choose_claims([name])[0], Evidence([0.6], [0.1], [0.2], {0.0: [0.5]}, details))


@pytest.mark.parametrize(
    ("quick", "seeds", "severe", "scan"), [(False, 4, 8, SCANNED), (True, 1, 1, 2)]
)
def test_claims_are_run_with_the_tables_of_two_and_kept_with_all_their_values(
    monkeypatch: pytest.MonkeyPatch, quick: bool, seeds: int, severe: int, scan: int
) -> None:
    asked: Asked = {}

    def run(**fields: Any) -> list[Any]:
        asked.update(fields)
        return [finding(name) for name in ("C3", "C4", "C5")]

    monkeypatch.setattr(claims, "run_claims", run)
    monkeypatch.setattr(claims.cases, "dependence_by_measure", list)
    monkeypatch.setattr(
        claims.supply, "split_by_severity", lambda of, workers: [len(of), of[0].seed, workers]
    )
    c3, c4, c5 = claims.build(Order(worlds=16, quick=quick, workers=2))["claims"]
    assert (asked["draws_count"], asked["workers"], asked["scanned"]) == (16, 2, scan)
    assert c3["table"] == {"worlds": seeds, "rows": list(range(1, seeds + 1))}
    assert c5["table"] == {"worlds": severe, "rows": [severe, 1000, 2]}
    assert "table" not in c4
    assert c5["evidence"] == {
        **{"main": [0.6], "placebo": [0.1], "corner": [0.2]},
        "scan": [[0.0, [0.5]]],
    }
    middle = [2.0, pytest.approx(1.1), pytest.approx(2.9)]
    assert c5["beside"] == {"x": middle, "y": [None, None, None]}
    claim = choose_claims(["C5"])[0]
    assert [c5[name] for name in ("low", "high", "flip_unit")] == [
        claim.low,
        claim.high,
        claim.flip_unit,
    ]


def test_the_whole_evidence_is_asked_over_draws_with_its_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: Asked = {}

    def survey(targets: Any, chosen: Any, **fields: Any) -> str:
        asked.update(fields, targets=targets, chosen=chosen)
        return "a survey"

    monkeypatch.setattr(backtest, "choose_targets", lambda: "every target")
    monkeypatch.setattr(backtest, "run_survey", survey)
    monkeypatch.setattr(backtest, "document", lambda of: {"of": of, "version": "1.2.3"})
    assert backtest.build(Order(worlds=2, workers=3)) == {"of": "a survey"}  # versions stand apart
    assert (asked["targets"], asked["workers"], asked["lines"]) == ("every target", 3, True)
    assert [draw.seed for draw in asked["chosen"]] == [1000, 1001]


def test_the_study_of_cover_looks_at_twelve_months_of_the_ban_from_its_first_on() -> None:
    with_ban, without = cover._with_ban(), cover._without_ban()
    (ban,) = (event for event in with_ban.events if event.kind == "blanket_ban")
    assert ban.month_index(with_ban.start) == cover.FIRST == 24
    assert cover.LAST - cover.FIRST + 1 == 12
    assert (ban.end_index(with_ban.start) or 0) >= cover.LAST
    assert with_ban.months == without.months == 36
    kept = [event.id for event in with_ban.events if event is not ban]
    assert [event.id for event in without.events] == kept


def test_the_screen_is_the_one_that_users_can_run() -> None:
    shipped = load_design("sensitivity-morris")
    assert sensitivity.screen_design().fingerprint() == shipped.fingerprint()


class Screened:
    """The part `sensitivity` with sweeps that are not run."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.methods: list[str] = []
        self.corner: Any = "a corner"
        self.ok = True
        shown = {"price_eta": 4.0, "cover_spread": 2.0, "over_compliance": 1.0}
        rows = tuple(Index((name,), "mu_star", of, 0.0, 1.0) for name, of in shown.items())
        ranked = SimpleNamespace(indices=Indices("morris", 10, rows, None, 2))
        points = (np.array([[1.0]]), np.array([True]), [])
        for name, stand_in in {
            "run_sweep": self.run,
            "read_sample": self.sample,
            "analyse": lambda *_: [ranked, SimpleNamespace(indices=None)],
            "choose_outcomes": lambda one: ("x",),
            "choose_methods": lambda one: (one.method,),
            "read_corner": lambda text, outcomes: (text,),
            "corner_of": self.corner_of,
            "corner_points": lambda *_: points,
            "to_dict": lambda one, findings, corner: {"corner": corner},
        }.items():
            patch.setattr(sensitivity, name, stand_in)

    def sample(self, place: Path) -> Any:
        told = {"method": self.methods[-1], "fingerprint": place.name}
        return SimpleNamespace(**told, values={"x": 1}, names=("a",))

    def run(self, design: Any, place: Path, workers: int, told: Any) -> Any:
        self.methods.append(design.method)
        told(SimpleNamespace(done=1, total=2))
        return SimpleNamespace(ok=self.ok, missing=3, runs=9)

    def corner_of(self, one: Any, conditions: Any) -> Any:
        if isinstance(self.corner, Exception):
            raise self.corner
        return self.corner


@pytest.fixture
def screened(monkeypatch: pytest.MonkeyPatch) -> Screened:
    return Screened(monkeypatch)


def test_what_the_screen_ranks_highest_goes_on_to_the_other_sweeps(screened: Screened) -> None:
    told: list[tuple[int, int]] = []
    order = Order(1, quick=True, progress=lambda done, of: told.append((done, of)))
    found = sensitivity.build(order)
    scores = {one["parameter"]: one["score"] for one in found["chosen"]}
    assert scores == {"price_eta": 1.0, "cover_spread": 0.5, "over_compliance": 0.25}
    assert screened.methods == ["morris", *sensitivity.LATER]
    assert [one["name"] for one in found["sweeps"]] == [
        f"sensitivity-{name}" for name in screened.methods
    ]
    spread = found["sweeps"][-1]
    assert (spread["corner"], spread["corner_points"]["hit"]) == ("a corner", [True])
    assert told == [(1, 2)] * 3


def test_a_corner_that_cannot_be_looked_for_is_left_out_with_its_reason(screened: Screened) -> None:
    screened.corner = InputError("the condition holds nowhere")
    spread = sensitivity.build(Order(1, quick=True))["sweeps"][-1]
    assert spread["no_corner"] == "the condition holds nowhere"
    assert (spread["corner"], spread["corner_points"]) == (None, None)


def test_a_sweep_that_is_not_complete_stops_the_part(screened: Screened) -> None:
    screened.ok = False
    with pytest.raises(SweepStopped, match=r"is not complete \(3 of 9 runs are missing\)"):
        sensitivity.build(Order(1, quick=True))
