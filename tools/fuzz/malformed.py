"""Malformed inputs through every door: a file, an option, a design, a link, an upload, a saved
game, a saved run, a call. Each is accepted, or costs exactly one line.
"""

from __future__ import annotations

import atexit
import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from coercivity.model.basis.errors import InputError, shorten
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.scenario.starter_file import new_scenario_text
from tools.fuzz import nasty
from tools.fuzz.commands import Accepted, command_line, nothing_runs
from tools.fuzz.judging import (
    Refusal,
    begun,
    command,
    not_a_refusal,
    not_one_line,
    program,
    told_on_page,
)
from tools.fuzz.verdict import TooLong, Tried, luck, where, within

PATIENCE: Final = 60.0  # seconds of one input
PROGRAMS: Final = 0.004  # share of command lines that are given to a process of their own
DESIGN: Final = {
    "name": "fuzz",
    "scenario": "japan-2026",
    "months": 12,
    "seeds": 3,
    "method": "grid",
    "parameters": {"licence_clock_months": [1, 2], "share_speed": 0.2},
    "outcomes": ["firms_stopped", "first_stop_days"],
    "keep": ["prices"],
}
DRAWN: Final = {
    "scenario": ["japan-2026", "truce"],
    "months": 12,
    "seeds": [1, 2],
    "method": "lhs",
    "samples": 8,
    "design_seed": 1,
    "parameters": {"share_speed": {"low": 0.1, "high": 0.3}, "licence_clock_months": "table"},
}
LINK: Final = (
    "?scenario=japan-2026&seed=1&state=Japan&lever.firms_stock=3&p.share_speed=0.2"
    "&at=2027-03:japan_stockpile:2&v=0.4.0&f=0123456789ab"
)


@cache
def place() -> Path:
    """An empty folder for this process, in which commands stand and files are put."""
    held = tempfile.TemporaryDirectory(prefix="fuzz-")
    atexit.register(held.cleanup)
    inner = Path(held.name) / "one" / "two"  # paths with .. stay inside
    inner.mkdir(parents=True)
    return inner


@cache
def sweep() -> Path:
    """The folder of a small sweep that is whole."""
    from unittest.mock import patch

    from coercivity.experiments.sweep.design import load_design
    from coercivity.experiments.sweep.run_sweep import run_sweep
    from tools.check.sweep_stand_in import stand_in

    with patch("coercivity.experiments.sweep.evaluate.evaluate", stand_in):
        run_sweep(load_design({**DESIGN, "keep": []}), place() / "sweep", 1, chunk=5)
    return place() / "sweep"


@cache
def good_scenarios() -> tuple[dict[str, Any], ...]:
    """Scenarios as plain values: those that are shipped, and one with every kind of act that the
    fuzzer of legal ones makes.
    """
    from tools.fuzz.legal import scenario_raw

    return (
        *(load_scenario(name).to_dict() for name in list_scenarios()),
        *(scenario_raw(luck("good", 0, number), number) for number in range(20)),
    )


@cache
def good_game() -> str:
    """A one-screen game as its page saves it."""
    from coercivity.viz.classroom.engine.game import new_game
    from coercivity.viz.classroom.rooms.recovery import one_screen

    game = new_game(seed=1, seats=("exporter", "target", "firm"), length=2)
    room = one_screen(game, "", time.time)
    room.do("start")
    room.do("predict", when="before", seat="target", text="soon", number=2027)
    return str(room.journal.text())  # type: ignore[union-attr]


def file_door(rng: random.Random, number: int) -> Any:
    """`coercivity scenarios check FILE`."""
    path = place() / f"file-{number}.yaml"
    path.write_bytes(nasty.yaml_file(rng, rng.choice(good_scenarios())))
    try:
        command(["scenarios", "check", str(path)])
        return begun(load_scenario(path))
    finally:
        path.unlink()


def command_door(rng: random.Random, number: int) -> Any:
    """Any command with wrong options; now and then as a process of its own, in an odd locale."""
    scenario = place() / "good.yaml"
    scenario.write_text(new_scenario_text("good"), encoding="utf-8")
    (place() / "design.yaml").write_text(nasty.block(DESIGN), encoding="utf-8")
    files = {
        "SCENARIO": rng.choice(("japan-2026", str(scenario))),
        "DESIGN": "design.yaml",
        "SWEEP": str(sweep()),
    }
    arguments = command_line(rng, files, number)
    if rng.random() < PROGRAMS and arguments[0] in ("scenarios", "facts", "parameters"):
        return program(rng, arguments)
    return command(arguments)


def design_door(rng: random.Random, number: int) -> Any:
    """`coercivity sweep run DESIGN.yaml --out DIR`, or the same design from Python."""
    from coercivity.experiments.sweep.design import load_design

    good = rng.choice(
        (
            DESIGN,
            DRAWN,
            {**DRAWN, "method": "oat", "samples": None},
            {**DESIGN, "scenario": load_scenario("truce").to_dict()},
        )
    )
    if rng.random() < 0.4:
        return load_design(nasty.gone_bad(rng, good))
    path = place() / f"design-{number}.yaml"
    path.write_bytes(nasty.yaml_file(rng, good))
    try:
        return command(["sweep", "run", str(path), "--out", f"sweep-{number}", "--workers", "1"])
    finally:
        path.unlink()


def link_door(rng: random.Random, number: int) -> Any:
    """The address of the lab, of the compare page and of the chain page, as a visitor opens
    them.
    """
    from coercivity.experiments.lab.link_reader import open_search
    from coercivity.experiments.lab.own_scenario import encode_scenario
    from coercivity.viz.page_data.compare_choice import Left, read_pair, read_side
    from coercivity.viz.screens.chain import view_of_address
    from coercivity.viz.screens.compare import call_with_reason, loss_in_words, pair_of_address
    from coercivity.viz.screens.lab import read_address
    from coercivity.viz.words.language import join_sentences
    from coercivity.viz.words.link_text import left_out_in_words

    link = LINK if rng.random() < 0.6 else f"?own={own_gone_bad(rng, encode_scenario)}&seed=1"
    act = rng.random()
    if act < 0.4:
        link = nasty.bytes_gone_bad(rng, link.encode()).decode("utf-8", "surrogateescape")
    elif act < 0.9:
        parts = link.split("&")
        at = rng.randrange(len(parts))
        word = str(rng.choice(nasty.WORDS))
        parts[at] = (
            parts[at].partition("=")[0]
            + "="
            + (word if rng.random() < 0.3 else quote(word.encode("utf-8", "surrogatepass")))
        )
        link = "&".join(parts)
    page = rng.randrange(4)
    if page == 0:
        asked = read_address(link)
        begun(asked.setting.asked(), asked.setting.base())  # whatever was left out
        return told_on_page(*asked.left)
    if page == 1:
        pair = rng.choice((link, f"?a={quote(link.encode('utf-8', 'surrogatepass'))}&b={link}"))
        lost: Left = []
        call_with_reason(lambda: read_pair(pair, lost))
        parts = [loss_in_words([one]) for one in lost]
        return told_on_page(*parts, pair_of_address(pair)[1].removeprefix(loss_in_words(lost)))
    if page == 2:
        parts = [*left_out_in_words(open_search(link)[1])]
        return told_on_page(*parts, view_of_address(link)[1].removeprefix(join_sentences(parts)))
    return read_side(
        "a",
        rng.choice(("", "http://localhost/lab", "http://[x", "//[", "file:///etc/passwd")) + link,
    )


def own_gone_bad(rng: random.Random, packed: Callable[[Any], str]) -> str:
    """An uploaded scenario in a link: as JSON that was changed before it was packed, or with
    letters of the packing changed.
    """
    import base64
    import zlib

    if rng.random() < 0.3:
        return nasty.bytes_gone_bad(rng, packed(load_scenario("truce")).encode()).decode("latin-1")
    held = nasty.gone_bad(rng, rng.choice(good_scenarios()))
    try:
        text = json.dumps(held).encode()
    except (ValueError, TypeError, RecursionError):
        text = nasty.flow(held).encode()
    return base64.urlsafe_b64encode(zlib.compress(text)).decode().rstrip("=")


def upload_door(rng: random.Random, number: int) -> Any:
    """A scenario file given to a page."""
    from coercivity.viz.server.uploads import uploaded_scenario

    data = nasty.yaml_file(rng, rng.choice(good_scenarios())).decode(
        "utf-8", rng.choice(("replace", "surrogateescape"))
    )
    return begun(
        uploaded_scenario(
            rng.choice(nasty.WORDS) if rng.random() < 0.2 else "mine.yaml",
            nasty.value(rng) if rng.random() < 0.05 else data,
        )
    )


def game_door(rng: random.Random, number: int) -> Any:
    """A saved game given to the class page."""
    from coercivity.viz.classroom.rooms.recovery import load_one_screen
    from coercivity.viz.classroom.rooms.views import common_view, seat_view

    lines = good_game().splitlines()
    if rng.random() < 0.3:
        text: Any = nasty.bytes_gone_bad(rng, good_game().encode()).decode("utf-8", "replace")
    else:
        at = rng.randrange(len(lines))
        held = json.loads(lines[at])
        whole = at == 0 and rng.random() < 0.4
        held = nasty.gone_bad(rng, held["game"] if whole else held)
        try:
            lines[at] = json.dumps(held)
        except (ValueError, TypeError, RecursionError):
            lines[at] = nasty.flow(held)
        text = lines[at] if whole else "\n".join(lines)
    room = load_one_screen(
        "game.json", nasty.value(rng) if rng.random() < 0.03 else text, time.time
    )
    return json.dumps(
        [common_view(room), [seat_view(room, seat) for seat in room.game.seats], room.saved()],
        allow_nan=False,
    ).encode()


@cache
def saved_run() -> dict[str, bytes]:
    """The files of a small run as `save` writes them."""
    from coercivity.experiments.worlds.run import run

    result = run("japan-2026", 1, months=3, firms_per_sector=1)
    folder = result.save(place() / "saved")
    result.save(place() / "saved.zip")
    held = {path.name: path.read_bytes() for path in folder.iterdir()}
    return held | {"": (place() / "saved.zip").read_bytes()}


def saved_door(rng: random.Random, number: int) -> Any:
    """A saved run whose bytes were changed, or what a file of it says, with all sums mended."""
    import coercivity
    from coercivity.experiments.worlds.archive import MANIFEST, write_manifest

    files, path = dict(saved_run()), place() / f"saved-{number}"
    name = rng.choice(sorted(files))
    if rng.random() < 0.5 or not name.endswith(".json"):
        files[name] = nasty.bytes_gone_bad(rng, files[name])
    else:
        files[name] = nasty.flow(nasty.gone_bad(rng, json.loads(files[name]))).encode(
            "utf-8", "surrogatepass"
        )
    if not name:
        path.write_bytes(files[name])
    else:
        path.mkdir()
        for one, data in files.items():
            if one:
                (path / one).write_bytes(data)
        if name != MANIFEST:
            told = json.loads(files[MANIFEST])
            listed = told.pop("files")
            del told["sum"]
            write_manifest(path, told, listed)
    try:
        return repr(coercivity.load(path))
    finally:
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)


def call_door(rng: random.Random, number: int) -> Any:
    """A call of the public functions, and of the checks behind them, with a value that does not
    belong there.
    """
    import coercivity
    from coercivity.experiments.lab.levers import check_lever, check_month
    from coercivity.experiments.lab.setting import check_setting
    from coercivity.experiments.questions import leverage
    from coercivity.experiments.sensitivity.corner import read_corner
    from coercivity.experiments.sweep.design import load_design
    from coercivity.experiments.sweep.export import export
    from coercivity.experiments.sweep.sbatch import Wishes
    from coercivity.experiments.sweep.sweep_folder import open_sweep
    from coercivity.experiments.worlds.draws import check_count
    from coercivity.model.basis.facts import Facts, load_table
    from coercivity.model.basis.luck import check_seed
    from coercivity.model.basis.parameters import load_parameters
    from coercivity.model.scenario.scenario import parse_scenario, scenario_from_dict, with_changes
    from coercivity.viz.classroom.engine.game import new_game, play_round, predict

    base, one, two = load_scenario("japan-2026"), nasty.value(rng), nasty.value(rng)
    ways: tuple[Callable[[], Any], ...] = (
        lambda: coercivity.load_scenario(one),
        lambda: coercivity.load_scenario(nasty.gone_bad(rng, rng.choice(good_scenarios()))),
        lambda: coercivity.run(base, one),
        lambda: coercivity.run(base, months=one),
        lambda: coercivity.run(base, share_speed=one),
        lambda: coercivity.run(one),
        lambda: coercivity.run_worlds(base, [one]),
        lambda: with_changes(base, months=one, parameters={"share_speed": two}),
        lambda: with_changes(base, parameters=one, mechanisms=two),
        lambda: with_changes(base, governments=one),
        lambda: with_changes(base, choices=[one]),
        lambda: with_changes(base, mechanisms={"M1": one}, governments={"Japan": two}),
        lambda: parse_scenario(one if isinstance(one, (str, bytes)) else shorten(two)),
        lambda: load_design(one),
        lambda: check_seed(one),
        lambda: check_count(one),
        lambda: check_lever("firms_stock", one),
        lambda: check_lever(one, two),
        lambda: check_month(base, one),
        lambda: leverage.check_month(base, one),
        lambda: check_setting(seed=one, state=two),
        lambda: check_setting(levers={"firms_stock": one}, assumptions={"share_speed": two}),
        lambda: check_setting(changes=[("2027-03", one, two)]),
        lambda: new_game(one),
        lambda: new_game(1, one),
        lambda: new_game(1, title=one, length=two),
        lambda: read_corner(shorten(one, 500), ("firms_stopped",)),
        lambda: Wishes(time=shorten(one), setup=two[:100] if isinstance(two, str) else None),
        lambda: scenario_from_dict({"name": one, "start": "2024-01", "title": two}),
        lambda: coercivity.compare(base, one, [1]),
        lambda: coercivity.load(one),
        lambda: coercivity.run(base, one, record=two),
        lambda: load_table(one),
        lambda: load_parameters()[one],
        lambda: Facts.default().states_of(one),
        lambda: Facts.default().expand_goods(one),
        lambda: export(sweep(), one),
        lambda: open_sweep(one),
        lambda: play_round(new_game(1), {"exporter": one}),
        lambda: play_round(new_game(1), one, two),
        lambda: predict(new_game(1), "before", "firm", one, two),
    )
    return rng.choice(ways)()


DOORS: Final[tuple[Callable[[random.Random, int], Any], ...]] = (
    file_door,
    file_door,
    command_door,
    command_door,
    command_door,
    design_door,
    link_door,
    upload_door,
    game_door,
    call_door,
    saved_door,
)


def try_malformed(seed: int, number: int) -> Tried:
    """One input through one of the doors: accepted, refused in one line, or a fault."""
    rng = luck("malformed", seed, number)
    door = DOORS[number % len(DOORS)]
    name = door.__name__.removesuffix("_door")
    repeat = f"{name}; python -m tools.fuzz --scenarios 0 --inputs 1 --seed {seed} --first {number}"
    before, page = os.getcwd(), name in ("link", "upload", "game")
    place()
    sweep()
    saved_run()
    good_scenarios()
    try:
        os.chdir(place())
        with nothing_runs(), within(PATIENCE):
            try:
                door(rng, number)
                return Tried(f"{name} accepted")
            except InputError as error:
                faults = [not_a_refusal(error, page)]
            except Refusal as refusal:
                faults = [not_one_line(line, page) for line in refusal.lines]
        wrong = next(filter(None, faults), "")
        return Tried(f"{name} refused", f"{wrong}; {repeat}" if wrong else "")
    except Accepted:
        return Tried(f"{name} accepted")
    except (Exception, TooLong) as error:
        return Tried(f"{name} fault", f"{where(error)}; {repeat}")
    finally:
        os.chdir(before)
