"""The class page in a headless Chromium, its games with the real model: a whole game in several browsers, through a server that is killed, to the same end."""

import io
import json
import os
import re
import signal
import socket
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coercivity.viz.classroom.engine.game import new_game, play_round
from coercivity.viz.classroom.engine.game_json import from_dict
from coercivity.viz.classroom.engine.game_tables import cards
from coercivity.viz.classroom.engine.scoring import scores
from tests.viz.browser import PATIENCE, Visit, new_visit, visiting
from tools.check.patience import patient
from tools.check.server_process import Server, start_server

pytestmark = pytest.mark.browser

SEATS = {
    "exporter": "China",
    "target": "Japan",
    "ally": "United States",
    "firm": "Shin-Etsu Chemical",
}
LOST = (
    "ERR_CONNECTION_REFUSED",
    "WebSocket",
    "ERR_SOCKET",
    "ERR_EMPTY_RESPONSE",
    "ERR_CONNECTION_RESET",
    "Failed to fetch",
)


@contextmanager
def class_server(home: Path, port: int) -> Iterator[Server]:
    """A server on a port of our choice, with its rooms in *home*; ended with its workers, also when it was killed."""
    os.environ["COERCIVITY_ROOMS"] = str(home / "rooms")
    try:
        server = start_server(
            "-c",
            f"from coercivity.viz.serve import serve; serve({port}, open_browser=False)",
            home=home,
        )
    finally:
        del os.environ["COERCIVITY_ROOMS"]
    try:
        yield server
    finally:
        server.stop()


def kill(server: Server) -> None:
    """End a server at once, as a power cut would, and the workers that it leaves behind."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    left = (
        [
            int(pid)
            for path in children.parent.parent.glob("*/children")
            for pid in path.read_text().split()
        ]
        if children.exists()
        else []
    )
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(timeout=patient(10.0))
    for pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    assert server.process.stdout is not None
    server.process.stdout.close()


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def label(seat: str, card: str) -> str:
    """What a card is called."""
    return cards()[seat][card].label


def comes_back(visit: Visit, part: str) -> None:
    """Wait until a page whose server was killed has loaded itself anew."""
    try:
        visit.page.wait_for_function(
            f"!window.before && document.querySelector('{part}')", timeout=PATIENCE
        )
    except Exception as error:
        state = "[window.before, window.solara && solara.debug && solara.debug.connectionStatus, document.body.innerText.slice(0, 600)]"
        raise AssertionError(
            f"{visit.page.url} is not back: {visit.page.evaluate(state)}, {visit.complaints[-6:]}"
        ) from error


SETTLED = """() => {
    const told = document.querySelector('.gm-debrief')?.innerText ?? ''
    return !/computing/i.test(told) && /of 20 histories of the same decisions/.test(told)
}"""


class Table:
    """A facilitator and the seats, each in a browser of its own."""

    def __init__(self, browser: Any, server: Server, seats: tuple[str, ...], rounds: int) -> None:
        self.browser, self.server = browser, server
        self.lead = new_visit(browser, server, viewport={"width": 1280, "height": 720})
        page = self.lead.page
        self.lead.open("/class")
        page.locator("select[name=lesson]").select_option("180")
        for seat in ("exporter", "target", "ally", "bloc", "firm"):
            page.locator(f"input[name=play-{seat}]").set_checked(seat in seats)
        page.get_by_text("More choices").click()
        page.locator("select[name=length]").select_option(str(rounds))
        page.get_by_role("button", name="Make a room").click()
        shown = page.locator(".gm-code strong")
        shown.wait_for()
        self.code = str(shown.get_attribute("aria-label")).removeprefix("Code ").replace(" ", "")
        self.seats = {seat: self.join(seat, f"<i>Team</i> {SEATS[seat]}") for seat in seats}

    def join(self, seat: str, name: str) -> Visit:
        visit = new_visit(self.browser, self.server)
        visit.open("/class")
        visit.page.get_by_label("Code on the facilitator's screen").fill(self.code.lower())
        visit.page.get_by_label("Your name").fill(name)
        visit.page.get_by_role("button", name="Choose my place").click()
        visit.page.locator(f"input[type=radio][value={seat}]").check()
        visit.page.get_by_label("Team name").fill(name)
        visit.page.get_by_role("button", name="Join", exact=True).click()
        visit.page.get_by_role("heading", name=f"You are {SEATS[seat]}").wait_for()
        return visit

    @property
    def everyone(self) -> list[Visit]:
        return [self.lead, *self.seats.values()]

    def press(self, name: str) -> None:
        self.lead.page.get_by_role("button", name=name, exact=True).click()

    def begin_round(self, first: str) -> None:
        self.press(first)
        self.press("Start the clock")
        for visit in self.seats.values():
            visit.page.get_by_role("heading", name="Your moves").wait_for()

    def seal(self, seat: str, *played: str, **choices: str) -> None:
        page = self.seats[seat].page
        for card in played:
            page.get_by_role("button", name=f"Play {label(seat, card)}", exact=True).click()
        for name, option in choices.items():
            page.locator(f".gm-draft select[name={name}]").first.select_option(option)
        if played:
            page.get_by_role("button", name="Seal th").click()
        else:  # asked once more
            page.get_by_role("button", name="Seal with no move").click()
            page.get_by_role("button", name="Really let the half-year pass").click()
        page.get_by_text("Nobody else can see it").wait_for()

    def reveal(self, number: int) -> None:
        self.press("Close the round now")
        self.press("Reveal the moves")
        for visit in self.everyone:
            visit.page.get_by_role("heading", name=f"Round {number}: ").wait_for()

    def debrief(self) -> dict[str, str]:
        """What each browser shows of the end, by whom."""
        self.press("Debrief")
        for visit in self.seats.values():
            visit.page.get_by_role("button", name="Show the debrief without one").click()
        told = {}
        for who, visit in {"lead": self.lead, **self.seats}.items():
            visit.page.locator("#gm-h-twin").wait_for(timeout=PATIENCE)
            visit.goes_on_until(SETTLED, ".gm-debrief")
            told[who] = visit.page.locator(".gm-debrief").inner_text()
        return told

    def end(self) -> None:
        """Nobody asked for anything elsewhere, and nothing went wrong but what a lost connection says."""
        for visit in self.everyone:
            visit.page.context.close()
            assert visit.elsewhere() == []
            assert [
                line for line in visit.complaints if not any(word in line for word in LOST)
            ] == []


def saved_by(visit: Visit, button: str) -> str:
    return bytes_of(visit, button).decode()


def bytes_of(visit: Visit, button: str) -> bytes:
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("button", name=button).click()
    return Path(waiting.value.path()).read_bytes()


@pytest.mark.slow
def test_five_browsers_reach_one_end_through_a_kill(
    browser: Any, port: int, tmp_path: Path
) -> None:
    with class_server(tmp_path, port) as server:
        table = Table(browser, server, ("exporter", "target", "ally", "firm"), rounds=2)
        china, japan = table.seats["exporter"].page, table.seats["target"].page
        assert japan.locator(".gm-chips i").count() == 0  # a name with markup is text
        assert "<i>Team</i> China" in japan.locator(".gm-chips").inner_text()
        japan.get_by_label("Months, of 60 in all").fill("12.5")
        japan.get_by_role("button", name="Keep it").click()
        japan.get_by_text("12.5 months").wait_for()
        table.begin_round("Start the game")
        table.seal("exporter", "dual_use_ban", whom="target")
        for visit in (table.lead, *list(table.seats.values())[1:]):
            assert label("exporter", "dual_use_ban") not in visit.page.locator("main").inner_text()
            visit.page.locator(".gm-chips .gm-done").wait_for()
        japan.get_by_text("Offer a deal").click()
        japan.locator("select[name=rounds]").select_option("2")
        japan.get_by_role("button", name="Send the offer").click()
        china.get_by_text("Japan offers you").wait_for()
        assert "Japan offers" not in table.seats["ally"].page.locator("main").inner_text()
        table.seats["firm"].page.get_by_role(
            "button", name=f"Play {label('firm', 'supplier')}"
        ).click()  # a draft that is not sealed yet
        kill(server)
        table.lead.page.get_by_text("The connection to the server is lost").wait_for()
        for visit in table.everyone:
            visit.page.evaluate("window.before = true")
    with class_server(tmp_path, port) as again:
        table.server = again
        for visit in table.everyone:
            comes_back(visit, ".gm-top")
        china.get_by_text("Nobody else can see it").wait_for()
        table.lead.page.get_by_role("button", name="Go on").click()
        china.get_by_role("button", name="Accept").click()
        japan.get_by_text("agreed this round").wait_for()
        firm = table.seats["firm"].page
        assert firm.locator(".gm-draft li").count() == 1
        firm.get_by_role("button", name="Seal").click()
        table.seal("target")
        table.reveal(1)
        for visit in table.everyone:
            assert (
                label("exporter", "dual_use_ban")
                in visit.page.locator(".gm-reveal").first.inner_text()
            )
        table.begin_round("Next round")
        table.seal("ally", "grant")
        table.reveal(2)
        told = table.debrief()
        assert {who: text for who, text in told.items() if text != told["lead"]} == {}
        assert re.search(
            r"In this game: [\d.]+ months?\. In \d+ of 20 histories of the same decisions: ",
            told["lead"],
        )
        assert re.search(r"in the twin, with nothing from China, [\d.]+ months?\.", told["lead"])
        assert "From 20 histories of your decisions." in told["lead"]
        assert "Over 8 histories: " in told["lead"]
        assert "12.5 months" in told["lead"]
        saved = json.loads(saved_by(table.lead, "The game (JSON)"))
        game = from_dict(saved)
        assert [len(one.deals) for one in game.rounds] == [1, 0]
        assert [(one.when, one.number) for one in game.predictions] == [("before", 12.5)]
        assert "Team" not in json.dumps(saved)
        result = scores(game)
        for seat in table.seats:
            assert japan.locator(
                f"[data-score={seat}]"
            ).inner_text() == f"{result['now'][seat]['score']:.0f}".replace("-0", "0").replace(
                "-", "−"
            )
        pages = bytes_of(table.lead, "All teams' pages (ZIP)")
        with zipfile.ZipFile(io.BytesIO(pages)) as archive:
            assert len(archive.namelist()) == 2 * len(table.seats)
        table.end()


def test_one_screen_mode_survives_a_reload(browser: Any, server: Server, tmp_path: Path) -> None:
    with visiting(browser, server) as visit:
        page = visit.page
        visit.open("/class")
        page.locator("select[name=lesson]").select_option("30")
        page.get_by_text("More choices").click()
        page.locator("select[name=length]").select_option("1")
        page.get_by_role("button", name="One-screen mode").click()
        months, keep = (
            page.get_by_label("Months, of 54 in all"),
            page.get_by_role("button", name="Keep it"),
        )
        for refused in ("", "-1", "2027", "7.3"):
            months.fill(refused)
            keep.click()
            assert not months.evaluate("(field) => field.checkValidity()"), refused
        kept = page.locator(".gm-predict").get_by_text("Kept for ")
        assert kept.count() == 0
        months.fill("7.5")
        keep.click()
        kept.get_by_text("Kept for China").wait_for()
        assert months.input_value() == ""  # the next seat is not shown what this one thinks
        for name in ("Start the game", "Start the clock"):
            page.get_by_role("button", name=name, exact=True).click()
        page.get_by_role("button", name="Close the round now", exact=True).wait_for()
        page.get_by_role("button", name="Show a team its brief").click()
        page.get_by_text("How far China's threats are believed").first.wait_for()
        page.get_by_role("button", name="Hide the brief").click()
        page.get_by_role("button", name="Enter a paper sheet or deal").click()
        page.get_by_role("heading", name="Sheet of China").wait_for()
        page.get_by_role("button", name=f"Play {label('exporter', 'blanket_ban')}").click()
        page.get_by_role("button", name="Enter this sheet").click()
        page.get_by_role(
            "heading", name="Sheet of Japan"
        ).wait_for()  # the next one that is missing
        page.reload()
        page.get_by_role("button", name="Take it up again").click()
        page.get_by_role("button", name="Enter a paper sheet or deal").click()
        page.get_by_role("heading", name="Sheet of Japan").wait_for()
        page.get_by_role("button", name="Enter this sheet").click()
        page.get_by_role("button", name="Close the round now").click()
        page.get_by_role("button", name="Reveal the moves").wait_for()
        text = saved_by(visit, "Save the game to a file")
        page.get_by_role("button", name="Reveal the moves").click()
        page.get_by_role("heading", name="Round 1: ").wait_for()
        page.get_by_role("button", name="Debrief", exact=True).click()
        page.locator("#gm-h-twin").wait_for(timeout=PATIENCE)
        game = from_dict(json.loads(saved_by(visit, "The game (JSON)")))
        ban = {
            "card": "blanket_ban",
            "whom": "target",
            "goods": game.rounds[0].of("exporter")[0].get("goods"),
        }
        assert [one.number for one in game.predictions] == [7.5]
        played = play_round(new_game(1, game.seats, length=1), {"exporter": [ban]})
        assert replace(game, predictions=()) == played
        visit.open("/class")
        (tmp_path / "game.json").write_text(text)
        page.get_by_label("Go on with a saved game").set_input_files(tmp_path / "game.json")
        page.get_by_role("button", name="Reveal the moves").wait_for()
        assert page.url.endswith("/class")  # nothing of it is kept on the server
