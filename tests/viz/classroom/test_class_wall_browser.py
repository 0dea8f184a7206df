"""The wall of a class in a headless Chromium: the reveal plays by itself, once; it can be read from far, with the keyboard, without motion, and without eyes."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pytest

from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from tests.names import STATES
from tests.viz.browser import PATIENCE, Visit, faults, visiting
from tests.viz.classroom.test_class_browser import class_server
from tools.check.room_table import BAN, TRUCE, crowd, steps
from tools.check.server_process import Server

pytestmark = pytest.mark.browser

PHASES = ("lobby", "brief", "talk", "sealed", "reveal", "debrief")
SIZES = ((1280, 720), (1920, 1080))
STATE = "document.querySelector('.wl').wall"
THERE = {  # what says that a phase is there
    "lobby": "document.querySelector('.wl-code') !== null",
    **dict.fromkeys(("brief", "talk", "reveal"), f"{STATE}.map !== null && {STATE}.map.frames > 0"),
    "sealed": "document.querySelector('.wl-sealed') !== null",
    "debrief": "/It came: /.test(document.querySelector('.wl-answer').innerText)",
}


def at(registry: Rooms, phase: str) -> tuple[Room, str]:
    """A room in a phase, and the facilitator's token; in the second round China breaks a truce."""
    places = ("exporter", "target", "firm", "press", "market")
    room, numbers, tokens = crowd(registry, *((place, f"<i>{place}</i>") for place in places))
    who = {place: numbers[f"<i>{place}</i>"] for place in places}

    def talk() -> None:
        room.do("talk")
        room.do("headline", person=who["press"], claim="measure", sure=75, text="China acts")
        room.do("bet", person=who["market"], market="price_dy", side="up", coins=60)

    done = PHASES.index(phase)
    if done > 0:
        room.do("start")
    if done > 1:
        talk()
        room.do("deal", deal=TRUCE)
    if done > 2:
        steps(room, "close reveal next")
        talk()
        room.do("seal", seat="exporter", person=who["exporter"], moves=[BAN])
        room.do("close")
    if done > 3:
        room.do("reveal")
    if done > 4:
        steps(room, "finish show")  # nobody predicts once more
    return room, tokens["facilitator"]


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Code and facilitator's token of a room in each phase, and of one more that is closed; they wait on the disk of a server."""
    home = tmp_path_factory.mktemp("wall")
    registry = Rooms(home / "rooms")
    made = {phase: at(registry, phase) for phase in PHASES} | {"to reveal": at(registry, "sealed")}
    found = {name: (room.code, token) for name, (room, token) in made.items()}
    registry.close()
    return found | {"home": (str(home), "")}


@pytest.fixture(scope="module")
def walls(rooms: dict[str, tuple[str, str]]) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with class_server(Path(rooms["home"][0]), port) as server:
        yield server


def look(visit: Visit, rooms: dict[str, tuple[str, str]], name: str) -> Any:
    visit.open(f"/class?room={rooms[name][0]}&wall=1")
    visit.page.wait_for_selector(".wl", timeout=PATIENCE)
    visit.page.wait_for_function(
        THERE["sealed" if name == "to reveal" else name], timeout=2 * PATIENCE
    )
    return visit.page


SMALL: Final = """() => [...document.querySelectorAll('.wl *')].filter((one) =>
    [...one.childNodes].some((part) => part.nodeType === 3 && part.textContent.trim())
    && !one.closest('.cv-hidden, button') && one.getClientRects().length)
  .map((one) => [parseFloat(getComputedStyle(one).fontSize) / window.innerWidth, one.textContent.slice(0, 40)])
  .filter(([size]) => size < 0.0149)"""


def test_the_reveal_plays_once_by_itself_and_again_by_a_button(
    browser: Any, walls: Server, rooms: dict[str, tuple[str, str]]
) -> None:
    code, token = rooms["to reveal"]
    with (
        visiting(browser, walls, viewport={"width": 1280, "height": 720}) as visit,
        visiting(browser, walls) as lead,
    ):
        page = look(visit, rooms, "to reveal")
        assert "No sheet yet from Japan and Shin-Etsu" in page.inner_text(".wl-said")
        lead.open(f"/class?room={code}&seat={token}")
        lead.page.get_by_role("button", name="Reveal the moves").click(timeout=PATIENCE)
        page.wait_for_selector(".wl-moves", timeout=2 * PATIENCE)
        assert "Dual-use ban" in page.inner_text(".wl-moves")
        page.wait_for_selector(".wl-month", timeout=PATIENCE)
        page.keyboard.press("Space")
        page.get_by_role("button", name="Go on", exact=True).wait_for()
        page.keyboard.press("ArrowRight")
        assert page.evaluate(f"Number.isInteger({STATE}.time)")
        assert "breaks its word" in page.inner_text(".wl-happens")
        page.keyboard.press("Space")
        page.wait_for_selector(".wl-sentences", timeout=PATIENCE)
        page.wait_for_function(
            "document.querySelectorAll('.wl-sentences li').length === 4", timeout=2 * PATIENCE
        )
        assert "without China's new steps it would be" in page.inner_text(".wl-sentences")
        page.get_by_role("button", name="Play again").wait_for(timeout=PATIENCE)
        # the last month costs what the news on the phones say it costs
        dy = page.inner_text("[data-price=dysprosium_oxide] b")
        lead.page.wait_for_selector("[data-news]", timeout=2 * PATIENCE)
        assert (
            dy
            == lead.page.inner_text("[data-news='Price of dysprosium oxide in Japan']").split()[0]
        )
        page.get_by_role("button", name="Play again").click()
        page.wait_for_selector(".wl-moves", timeout=PATIENCE)
        page.reload()
        page.wait_for_selector(".wl-sentences", timeout=2 * PATIENCE)
        assert not page.evaluate(f"{STATE}.playing")


def test_without_motion_the_months_are_six_still_steps(
    browser: Any, walls: Server, rooms: dict[str, tuple[str, str]]
) -> None:
    with visiting(browser, walls, reduced_motion="reduce") as visit:
        page = look(visit, rooms, "reveal")
        seen = page.evaluate(
            f"""async () => {{
              const wall = {STATE}; wall.playing = false; const seen = new Set();
              for (let k = 0; k <= 400; k += 1) {{ wall.set(k / 20); seen.add(wall.time); }}
              return [...seen];
            }}"""
        )
        assert seen == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("phase", [one for one in PHASES if one != "brief"])  # as the talk
def test_a_phase_has_no_fault_is_read_from_far_and_cuts_nothing_off(
    browser: Any, walls: Server, rooms: dict[str, tuple[str, str]], phase: str
) -> None:
    with visiting(browser, walls) as visit:
        page = look(visit, rooms, phase)
        if phase == "reveal":
            page.evaluate(f"{STATE}.playing = false")
            page.evaluate(f"{STATE}.stand()")
            words = page.get_attribute(".wl-canvas", "aria-label") or ""
            assert "World map, December 2026: flows of" in words
            assert page.locator("table.cv-hidden tbody tr").count() == 7
            standing = page.text_content("[data-cell='standing/Japan/6']")
            assert f"Japan {standing}" in words
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(SMALL) == []  # a letter of 19 pixels on a screen of 1280
            assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
            assert page.evaluate("document.querySelector('.wl').scrollHeight <= window.innerHeight")
        assert faults(page) == []
        page.emulate_media(color_scheme="dark")
        page.locator(".theme--dark .wl").wait_for()
        assert faults(page, "color-contrast") == []


MAP: Final = """([wall, world, wide, high]) => {
  window.coercivity = { colour: () => "#0072b2", number: (name, value) => String(value) };
  document.body.innerHTML = `<canvas style="width:${wide}px;height:${high}px"></canvas>`;
  const canvas = document.querySelector("canvas");
  const map = new window.coercivityWall.WallMap(canvas, world);
  Object.assign(map, { named: (state) => state, months: String, plantWords: (plant) => plant });
  map.resize();
  map.setWall(wall);
  Object.assign(map, { group: wall.map.groups[0], bars: true });
"""
CROWDED: Final = f"""{MAP}
  map.draw(6, false, 0);
  const all = canvas.written, meet = (a, b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return all.flatMap((one, k) =>
    all.slice(0, k).filter((other) => meet(one, other)).map((other) => [one.words, other.words]));
}}"""

STAMPS: Final = f"""{MAP}
  const words = {{ stamp_by: "Bricht sein Wort", stamp_other: "Wort gebrochen" }};
  wall.broken = [["exporter", "target"], ["bloc", "firm"]].map(([by, other]) => ({{ by, other, ...words }}));
  map.stamps = true;
  map.draw(6, false, 0);
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const others = [...map.names, ...map.barBoxes(), ...map.dots];
  const inside = (one) => one.left >= 0 && one.top >= 0 && one.right <= wide && one.bottom <= high;
  return [map.stamped.length, map.names.length, map.stamped.filter((one) => !inside(one)).length,
    map.stamped.flatMap((one, k) => [...others, ...map.stamped.slice(0, k)].filter((other) => meet(one, other)).map((other) => [one.words, other.words]))];
}}"""


def crowded() -> dict[str, Any]:
    """A half-year of the wall in which lines stand in every state, in Japan fewer than elsewhere."""
    states = list(STATES)
    firms = [
        [f"{state} {k}", place, ""]
        for place, state in enumerate(states)
        for k in range(77 if state == "Japan" else 101)
    ]
    flows = [
        {"from": 0, "to": states.index(state), "tonnes": 9.0, "china": 100.0, "other": -1}
        for state in ("Japan", "Vietnam", "India", "Malaysia")
    ]
    drawn = {
        "months": ["2026-01"] * 7,
        "states": states,
        "firms": firms,
        "stops": [[0, 6, firm, "", 100] for firm in range(len(firms))],
        "plants": [],
        "groups": [{"id": "magnets", "most": 9.0, "separated": False, "flows": flows}],
        "dependence": {},
    }
    buyers = ("Japan", "United States", "EU")
    return {
        "months": drawn["months"],
        "stock": {buyer: [1.0] * 7 for buyer in buyers},
        "full_stock": 6,
        "buyers": {buyer: buyer for buyer in buyers},
        "broken": [],
        "map": drawn,
    }


def drawn(browser: Any, script: str, wide: int, high: int) -> Any:
    """What a script finds on the wall's map of a crowd."""
    data = files("coercivity.viz") / "data"
    world = json.loads((data / "world.json").read_text(encoding="utf-8"))
    page = browser.new_page(viewport={"width": 1920, "height": 1000})
    try:
        for name in ("worldmap.js", "wallmap.js"):
            page.add_script_tag(content=(data / name).read_text(encoding="utf-8"))
        return page.evaluate(script, [crowded(), world, wide, high])
    finally:
        page.close()


@pytest.mark.parametrize(("wide", "high"), [(1880, 420), (900, 600)])
def test_nothing_is_written_over_another_on_the_map(browser: Any, wide: int, high: int) -> None:
    assert drawn(browser, CROWDED, wide, high) == []
    stamps, names, outside, covered = drawn(browser, STAMPS, wide, high)
    assert (stamps, outside, covered) == (4, 0, [])
    assert names > 3
