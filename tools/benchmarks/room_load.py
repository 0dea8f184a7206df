"""A class in one room, or in two: real browsers, a whole game by script. Run it by hand:

    python -m tools.benchmarks.room_load --people 40 --rounds 8 --rooms 1 --minutes 0

Each person is a context of one Chromium, with a storage of its own. They join by the code,
propose, vote, bargain, bet, print, back and seal by pressing what is on their pages. Some close
their tab and come back by what their browser keeps, some reload, and in the middle of the game the
server is killed and started again on its port and its folder of rooms. --minutes: games one after
another for so long, 0 for one. Times are taken within the pages (a press, and the change that it
makes on this page or another), so that the script that drives them is not measured. Reported:
median and 95th percentile of joins, votes, seals, reveals and returns; memory of the server, of
its workers and of Chromium over time with their slopes; whether all browsers show the same final
scores; every complaint of a page that is not of the lost connection.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Iterable
from pathlib import Path
from typing import Any

import psutil

from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT, SEATS
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.rehearsal import assign_places
from coercivity.viz.classroom.rooms.state import is_role, roles_of
from tools.benchmarks.class_load import quantile, slope
from tools.benchmarks.room_phone import GIVE_UP, IN, Found, Phone
from tools.benchmarks.server import chromium, free_port, start

BACK = 600.0  # after the kill: all browsers load at once on the cores of this machine
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
)
REVEALED = "document.querySelector('.gm-top').dataset.phase === 'reveal'"
TALKS = "document.querySelector('.gm-clock') && !document.querySelector('.gm-stands')"
PRESSED = (
    "[...document.querySelectorAll('.gl-role button[aria-pressed=true]')]"
    ".some(one => one.innerText.trim() === 'Yes')"
)
SEALED = "document.querySelector('.gm-sealed')"
TALLY = "[...document.querySelectorAll('.gm-tally')].some(one => parseInt(one.innerText) >= {})"
SCORES = "document.querySelector('.gm-scores')"
ENDED = f"{SCORES} && {SCORES}.innerText.length > 20"  # bands and what-ifs are computed on


class Server:
    """The server of the rooms, on a port and a folder that outlive it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it and wait until it says where it is."""
        code = f"from coercivity.viz.serve import serve; serve({self.port}, False)"
        with (self.home / "server.log").open("a") as log:
            self.process, _ = start(self.home, "-c", code, log=log)

    def end(self, how: signal.Signals) -> None:
        """End it, as Ctrl-C or as a power cut does; its workers with it."""
        assert self.process is not None
        workers: list[psutil.Process] = []
        with contextlib.suppress(psutil.NoSuchProcess):  # it has ended by itself
            workers = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=30)
        for one in workers:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    def memory(self) -> tuple[float, float]:
        """Resident megabytes of the server and of its workers."""
        try:
            process = psutil.Process(self.process.pid if self.process else -1)
            return process.memory_info().rss / 1e6, tree(process.children(recursive=True))
        except (psutil.NoSuchProcess, ValueError):
            return 0.0, 0.0


def is_chromium(process: psutil.Process) -> bool:
    """Whether a process is one of the browser's; those that end meanwhile are not."""
    try:
        return "chrom" in process.name()
    except psutil.NoSuchProcess:
        return False


def tree(processes: Iterable[psutil.Process]) -> float:
    """Resident megabytes of some processes; what they share counts once for each."""
    total = 0.0
    for one in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            total += one.memory_info().rss / 1e6
    return total


class Table:
    """One room: its facilitator and its people, each in a browser."""

    def __init__(self, code: str, token: str, lead: Phone, rounds: int) -> None:
        self.code, self.token, self.lead, self.rounds = code, token, lead, rounds
        self.phones: list[Phone] = []
        self.found = lead.found

    @property
    def everybody(self) -> list[Phone]:
        """The facilitator and all people."""
        return [self.lead, *self.phones]

    def teams(self) -> dict[str, list[Phone]]:
        """The people of each seat; the first one is the captain."""
        teams: dict[str, list[Phone]] = defaultdict(list)
        for one in self.phones:
            if not is_role(one.place):
                teams[one.place].append(one)
        return teams

    async def fill(self, browser: Any, people: int) -> None:
        """All come in: the captains first, then everybody at once."""
        self.tell("the doors open")
        await self.lead.page.goto(f"{self.lead.address}/class?room={self.code}&seat={self.token}")
        await self.lead.page.locator(".gm-top").wait_for()
        where = assign_places(SEATS, roles_of(SEATS, GOVERNMENT), people)
        self.phones = [
            await Phone.new(browser, self.lead.address, self.found) for _ in range(people)
        ]
        pairs = [*zip(self.phones, where, strict=True)]
        for some in (pairs[: len(SEATS)], pairs[len(SEATS) :]):
            await self.together(
                one.join(self.code, place, f"P{k} {place[:8]}")
                for k, (one, place) in enumerate(some)
            )

    def tell(self, words: str) -> None:
        """Say how far it is, for who waits."""
        at = time.perf_counter() - self.found.begun
        print(f"{at:6.0f} s {self.code}: {words}, {len(self.found.failed)} failures", flush=True)

    async def together(self, acts: Iterable[Awaitable[Any]]) -> None:
        """Let all act at once; who fails is told, and the others go on."""
        for said in await asyncio.gather(*acts, return_exceptions=True):
            if isinstance(said, BaseException):
                words = " ".join(str(said).split())[:700]
                self.found.fails(f"{self.code}: {type(said).__name__} {words}")

    async def play(self, number: int, outage: Outage) -> None:
        """One round."""
        self.tell(f"round {number}")
        await self.lead.press("Start the game" if number == 1 else "Next round")
        await self.lead.press("Start the clock")
        await self.together(one.page.wait_for_function(TALKS) for one in self.phones)
        if number == 2:
            await self.together(one.come_back() for one in self.phones[1::7])
        if number == 3:
            await self.together(one.reload() for one in self.phones[2::7])
        await self.together(
            [
                *(self.bargain(team, number) for team in self.teams().values()),
                *(self.gallery(one, number) for one in self.phones if is_role(one.place)),
            ]
        )
        if number == outage.round:
            await outage.strike(self)
        await self.together(self.seal(team[0], number) for team in self.teams().values())
        await self.reveal()

    async def bargain(self, team: list[Phone], number: int) -> None:
        """A team proposes and votes, one vote after another, so that each is measured alone."""
        captain, others = team[0], team[1:]
        if not others:
            return
        first = others[0]
        if await first.take_card("Choose", number):
            await captain.until("proposed", TALLY.format(1))
            await first.press("Propose it to the team")
            self.found.took("proposal", await first.pressed(), await captain.seen("proposed"))
        for count, one in enumerate(others[1:], start=2):
            await captain.until("vote", TALLY.format(count))
            if await one.press("Yes to ", 30.0):
                self.found.took("vote", await one.pressed(), await captain.seen("vote"))

    async def gallery(self, one: Phone, number: int) -> None:
        """Press, market and parliament do what their pages offer."""
        role, page = one.place.split(":")[0], one.page
        if role == "press":
            await page.locator("select[name=claim]").select_option(index=1 + number)
            button = page.get_by_role("button", name="Print", exact=True)
            test = "document.querySelector('.gl-list li')"
        elif role == "market":
            button = page.locator("button[aria-label$='bet on above usual']").nth(number % 5)
            test = "document.querySelector('.gl-list strong')"
        else:
            button = page.locator(".gl-role button", has_text="Yes")
            test = PRESSED
        await one.measure(role, test, button.first.click())
        self.found.done[role] += 1

    async def seal(self, captain: Phone, number: int) -> None:
        """A captain seals what the team wants, or one card."""
        if not await captain.page.locator(".gm-draft li").count():
            await captain.take_card("Play", number)
        await captain.measure("seal", SEALED, captain.press("Seal"))

    async def reveal(self) -> None:
        """The facilitator closes and reveals; everybody sees it."""
        self.tell("the reveal")
        await self.lead.press("Close the round now")
        button = self.lead.page.get_by_role("button", name="Reveal the moves")
        await button.wait_for()
        await self.together(one.until("reveal", REVEALED) for one in self.everybody)
        await button.click()
        pressed = await self.lead.pressed()

        async def one_sees(one: Phone) -> None:
            self.found.took("reveal", pressed, await one.seen("reveal"))

        await self.together(one_sees(one) for one in self.everybody)

    async def end(self) -> int:
        """To the debrief; how many different ends the browsers show."""
        self.tell("the debrief")
        await self.lead.press("Debrief")
        ends: list[str] = []

        async def one_ends(one: Phone) -> None:
            skip = one.page.get_by_role("button", name="Show the debrief without one")
            with contextlib.suppress(Exception):
                await skip.click(timeout=5000)
            await one.page.wait_for_function(ENDED, polling=500, timeout=2000 * GIVE_UP)
            ends.append(str(await one.page.evaluate(f"{SCORES}.innerText")))

        await self.together(one_ends(one) for one in self.everybody)
        missing = len(self.everybody) - len(ends)
        if missing:
            self.found.fails(f"{self.code}: {missing} browsers show no final scores")
        return len(set(ends))

    async def close(self) -> None:
        """All go home."""
        await self.together(one.context.close() for one in self.everybody)


class Outage:
    """The server is killed once, when every room has come to the middle of the same round."""

    def __init__(self, server: Server, round_: int, rooms: int) -> None:
        self.server, self.round = server, round_
        self.barrier = asyncio.Barrier(rooms)

    async def strike(self, table: Table) -> None:
        """Wait for the other rooms, kill and start; wait until everybody is back."""
        await table.together(one.page.evaluate("window.before = true") for one in table.everybody)
        async with self.barrier as place:
            if place == 0:
                await asyncio.to_thread(self.server.end, signal.SIGKILL)
                await asyncio.to_thread(self.server.start)
        await self.barrier.wait()
        begun = time.time() * 1000.0

        async def one_returns(one: Phone) -> None:
            test = f"!window.before && {IN}"
            try:
                await one.page.wait_for_function(test, polling=200, timeout=1000 * BACK)
            except Exception as error:
                raise TimeoutError(f"{one.place} is not back: {await one.state()}") from error
            table.found.took("back after the kill", begun, time.time() * 1000.0)

        await table.together(one_returns(one) for one in table.everybody)
        await table.lead.press("Go on")  # the clock stands after a restart
        await table.together(one.page.wait_for_function(TALKS) for one in table.phones)


@contextlib.asynccontextmanager
async def browser_of_all() -> AsyncIterator[Any]:
    """One browser for all."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield browser
        await browser.close()


async def games(server: Server, asked: argparse.Namespace, rooms: list[tuple[str, str]]) -> Found:
    """Games one after another for so many minutes."""
    found = Found()
    async with browser_of_all() as browser:

        async def watch() -> None:
            me = psutil.Process()
            while True:
                held = [one for one in me.children(recursive=True) if is_chromium(one)]
                now = time.perf_counter() - found.begun
                found.least = min(found.least, psutil.virtual_memory().available / 1e9)
                found.memory.append((now, *server.memory(), tree(held)))
                await asyncio.sleep(5.0)

        watching = asyncio.create_task(watch())
        while rooms:
            here, rooms = rooms[: asked.rooms], rooms[asked.rooms :]
            struck = 0 if found.ends and not asked.kills else asked.rounds // 2 + 1
            outage = Outage(server, struck, asked.rooms)
            await asyncio.gather(
                *(one_game(browser, server, found, outage, room, asked) for room in here)
            )
            minutes = (time.perf_counter() - found.begun) / 60.0
            print(f"{len(found.ends)} games after {minutes:.1f} minutes", flush=True)
            if minutes >= asked.minutes:
                break
        await asyncio.sleep(20.0)  # closed pages are freed
        watching.cancel()
    return found


async def one_game(
    browser: Any,
    server: Server,
    found: Found,
    outage: Outage,
    room: tuple[str, str],
    asked: argparse.Namespace,
) -> None:
    """One room from the first join to the debrief."""
    table = Table(*room, await Phone.new(browser, server.address, found), asked.rounds)
    try:
        await table.fill(browser, asked.people // asked.rooms)
        for number in range(1, asked.rounds + 1):
            await table.play(number, outage)
        found.ends.append(await table.end())
    except Exception as error:
        words = " ".join(str(error).split())[:700]
        found.fails(f"{table.code}: {type(error).__name__} {words}")
    finally:
        await table.close()


def prepare(home: Path, asked: argparse.Namespace) -> list[tuple[str, str]]:
    """Rooms in the server's folder before it starts, with their facilitators' tokens."""
    registry, made = Rooms(home / "rooms"), []
    count = asked.rooms * (1 if not asked.minutes else max(1, int(asked.minutes // 2)))
    for number in range(min(count, 48)):
        game = new_game(1 + number, SEATS, length=asked.rounds)
        room, token = registry.make(game, "180", roles=roles_of(SEATS, GOVERNMENT))
        made.append((room.code, token))
    registry.close()
    return made


def main() -> None:
    """Start a server, let the class in, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument(
        "--rooms", type=int, default=1, help="at a time; people are shared among them"
    )
    parser.add_argument(
        "--minutes", type=float, default=0.0, help="games one after another; 0: one"
    )
    parser.add_argument("--kills", action="store_true", help="kill the server in every game")
    asked = parser.parse_args()
    if not (1 <= asked.rooms <= 4 and 5 <= asked.people // asked.rooms <= 60):
        sys.exit("use 1 to 4 rooms of 5 to 60 people")
    if not (1 <= asked.rounds <= 8 and 0 <= asked.minutes <= 120):
        sys.exit("use 1 to 8 rounds, at most 120 minutes")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        rooms = prepare(Path(folder), asked)
        free = psutil.virtual_memory().available / 1e9
        server.start()
        try:
            found = asyncio.run(games(server, asked, rooms))
        finally:
            server.end(signal.SIGINT)
        log = (Path(folder) / "server.log").read_text()
    tell(found, asked, free)
    print(f"lines of the server's log: {len(log.splitlines())}")
    print("\n".join(log.splitlines()[-15:]))


def tell(found: Found, asked: argparse.Namespace, free: float) -> None:
    """What was measured."""
    minutes = (time.perf_counter() - found.begun) / 60.0
    print(
        f"{asked.people} browsers in {asked.rooms} room(s), {asked.rounds} rounds, "
        f"{len(found.ends)} games in {minutes:.1f} minutes, {len(found.failed)} failures, on "
        f"{os.cpu_count()} cores with {free:.1f} GB free at the start, {found.least:.1f} at worst "
        "(what Chromium's processes share counts once for each below)"
    )
    for what, times in found.times.items():
        print(
            f"{what:20s} {len(times):5d} times, median {quantile(times, 0.5):6.2f} s, p95 "
            f"{quantile(times, 0.95):6.2f} s, worst {max(times):6.2f} s"
        )
    print(f"different ends in each game: {found.ends} (1: the same in every browser)")
    for name, count in sorted(found.done.items()):
        print(f"pressed {count} times: {name}")
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        row = found.memory[int(share * (len(found.memory) - 1))]
        print(
            f"memory at {row[0]:5.0f} s: server {row[1]:.0f} MB, workers {row[2]:.0f} MB, Chromium "
            f"{row[3]:.0f} MB"
        )
    told = [(at, server, workers) for at, server, workers, _ in found.memory]
    print(
        f"slope over the second half: server {slope(told, 1):+.2f} MB/min, workers "
        f"{slope(told, 2):+.2f} MB/min"
    )
    for line, count in found.complaints.most_common(10):
        print(f"a page complained {count} times: {line}")
    for line in found.failed[:20]:
        print(line)


if __name__ == "__main__":
    main()
