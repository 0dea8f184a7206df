"""A class on one server: many sessions that each move a lever every quarter of a minute, and come
and go. Run it by hand:

    python -m tools.benchmarks.class_load --sessions 40 --minutes 10 --visits 400

Each session is a plain websocket client that says what a browser says (the greeting, a lever) and
waits for the redrawn page; nothing else of a browser is in it, so that the clients do not take the
cores of the server that is measured. Traffic goes to 127.0.0.1 alone, and ends by itself. Levers
move at random times (exponential, mean 15 s) to random values drawn by a plain generator with a
fixed seed. Reported: how many moves were answered, median and 95th percentile of the time to the
first words of many histories and to the one history of the new page, the same for the first page of
a visit, memory of the server and its workers over time
with its slope, and what is left when all have gone.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import math
import os
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field

import psutil

from coercivity.experiments.lab.levers import lever_table
from coercivity.experiments.lab.setting import check_setting
from coercivity.model.basis.luck import uniforms
from tools.benchmarks.server import SERVE, start, stop
from tools.fuzz.page_client import LAB, Page, happening

MEAN_WAIT = 15.0  # seconds between two moves of one visitor
GIVE_UP = 60.0  # seconds after which a move counts as not answered


@dataclass
class Found:
    """What was measured."""

    first: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    words: list[float] = field(default_factory=list)  # of many histories, where these came first
    bytes_a_move: list[int] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    visits: int = 0
    # seconds since the start at which each move was made
    when: list[float] = field(default_factory=list)
    begun: float = field(default_factory=time.perf_counter)
    # seconds, server MB, workers MB
    memory: list[tuple[float, float, float]] = field(default_factory=list)


class Visitor(Page):
    """One browser: greets, waits for the first page, moves levers. It reads no more of what comes
    than it needs.
    """

    def __init__(self, address: str) -> None:
        super().__init__(address, LAB)
        self.levers = self.picture = ""
        self.page = asyncio.Event()
        self.drawn = ""
        self.wanted = ""
        self.mark = ""
        self.asked_at = 0.0
        self.words_after: float | None = None
        self.heard = 0

    async def join(self) -> None:
        """Open the page and wait until it is drawn."""
        await self.open()
        await asyncio.wait_for(self.page.wait(), GIVE_UP)

    async def move(self, lever: str, value: float, fingerprint: str) -> int:
        """Move a lever and wait for the picture of the scenario with this fingerprint; returns the
        bytes that came.
        """
        before = self.heard
        self.page.clear()
        self.wanted = f'"fingerprint":"{fingerprint}"'
        self.mark, self.words_after = f'{{"of":"{fingerprint}/', None
        self.asked_at = time.perf_counter()
        data = {"lever": lever, "value": value}
        await self._say("comm_msg", happening(self.levers, "event_move", data))
        await asyncio.wait_for(self.page.wait(), GIVE_UP)
        return self.heard - before

    async def leave(self) -> None:
        """Close the tab as a browser does."""
        self.listening.cancel()
        await self.socket.close()
        request = urllib.request.Request(
            f"{self.address}/_solara/api/close/{self.kernel}?session_id={self.session}",
            data=b"",
            method="POST",
        )
        request.add_header("Cookie", self.cookie)
        await asyncio.to_thread(lambda: urllib.request.urlopen(request, timeout=10).read())

    def _read(self, text: str) -> None:
        self.heard += len(text)
        if not any(mark in text for mark in ('"event_move"', '"page"', '"many"')):
            return
        message = json.loads(text)
        content = message.get("content", {})
        state = (
            content.get("data", {}).get("state", {})
            if isinstance(content.get("data"), dict)
            else {}
        )
        if message.get("msg_type") == "comm_open":
            if "event_move" in json.dumps(state.get("events", [])):
                self.levers = content["comm_id"]
            if "page" in state and "twin" in state:
                self.picture, self.drawn = content["comm_id"], state["page"]
        if content.get("comm_id") == self.picture and state.get("page"):
            self.drawn = state["page"]
        told = str(state.get("many") or "")
        asked = self.mark and self.words_after is None and told.startswith(self.mark)
        if asked and '"came":0,' not in told:
            self.words_after = time.perf_counter() - self.asked_at
        # every picture carries the fingerprint of its setting
        if self.drawn and self.wanted in self.drawn:
            self.page.set()


async def visitor(address: str, number: int, stay: float, found: Found, until: float) -> None:
    """One visit: join, move levers at random for a while, leave."""
    luck = iter(uniforms(1, f"visitor {number}", 0, 4000).tolist())
    table = lever_table()
    one = Visitor(address)
    try:
        begun = time.perf_counter()
        await one.join()
        found.first.append(time.perf_counter() - begun)
        found.visits += 1
        last = time.perf_counter() + stay
        now: dict[str, float] = {}
        while True:
            await asyncio.sleep(min(-MEAN_WAIT * math.log(max(next(luck), 1e-9)), 60.0))
            if time.perf_counter() > min(last, until):
                break
            lever = table[int(next(luck) * len(table))]
            steps = round((lever.high - lever.low) / lever.step)
            value = lever.low + lever.step * int(next(luck) * (steps + 1))
            if now.get(lever.id, lever.rest) == value:
                continue
            wanted = {**now, lever.id: value}
            mark = check_setting(levers=wanted).asked().fingerprint()
            if mark == check_setting(levers=now).asked().fingerprint():
                continue  # how long nothing lasts: nothing would be drawn anew
            now = wanted
            begun = time.perf_counter()
            came = await one.move(lever.id, value, mark)
            found.moves.append(time.perf_counter() - begun)
            found.words.append(min(one.words_after or math.inf, found.moves[-1]))
            found.when.append(begun - found.begun)
            found.bytes_a_move.append(came)
        await one.leave()
    except Exception as error:
        found.failed.append(f"visitor {number}: {type(error).__name__} {error}")
        with contextlib.suppress(Exception):  # who gives up closes the tab, and tries again later
            await one.leave()
        await asyncio.sleep(MEAN_WAIT)


async def measure(address: str, server: int, sessions: int, minutes: float, visits: int) -> Found:
    """A class of so many at any time, with so many visits in all."""
    found, begun = Found(), time.perf_counter()
    until = begun + 60.0 * minutes
    stay = 60.0 * minutes * sessions / max(visits, sessions)
    number = 0

    async def seat(place: int) -> None:
        nonlocal number
        await asyncio.sleep(min(10.0, stay) * place / sessions)
        while time.perf_counter() < until - 1.0:
            number += 1
            await visitor(address, number, stay, found, until)

    async def watch() -> None:
        while True:
            found.memory.append((time.perf_counter() - begun, *memory(server)))
            await asyncio.sleep(5.0)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(seat(place) for place in range(sessions)))
    watching.cancel()
    await asyncio.sleep(20.0)  # closed kernels are freed
    found.memory.append((time.perf_counter() - begun, *memory(server)))
    return found


def memory(server: int) -> tuple[float, float]:
    """Resident megabytes of the server process, and of its workers together."""
    process = psutil.Process(server)
    children = process.children(recursive=True)
    return process.memory_info().rss / 1e6, sum(
        child.memory_info().rss for child in children if child.is_running()
    ) / 1e6


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else math.nan


def slope(memory: list[tuple[float, float, float]], column: int) -> float:
    """MB a minute over the second half, by least squares: the first half fills the caches."""
    half = [(row[0] / 60.0, row[column]) for row in memory[len(memory) // 2 : -1]]
    if len(half) < 3:
        return math.nan
    mean_x, mean_y = (sum(point[k] for point in half) / len(half) for k in (0, 1))
    return sum((x - mean_x) * (y - mean_y) for x, y in half) / max(
        sum((x - mean_x) ** 2 for x, _ in half), 1e-12
    )


def main() -> None:
    """Start a server, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=40)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--visits", type=int, default=400)
    asked = parser.parse_args()
    if not (1 <= asked.sessions <= 60 and 0 < asked.minutes <= 90 and 1 <= asked.visits <= 5000):
        sys.exit("use 1 to 60 sessions, at most 90 minutes, at most 5000 visits")
    with tempfile.TemporaryDirectory() as home:
        process, address = start(home, "-c", SERVE)
        try:
            found = asyncio.run(
                measure(address, process.pid, asked.sessions, asked.minutes, asked.visits)
            )
        finally:
            stop(process)
    tell(found, asked)


def tell(found: Found, asked: argparse.Namespace) -> None:
    """What was measured."""
    print(
        f"{asked.sessions} sessions, {asked.minutes:g} minutes, {found.visits} visits, "
        f"{len(found.failed)} failed, on {os.cpu_count()} cores"
    )
    print(
        f"first page   median {quantile(found.first, 0.5):.2f} s, p95 "
        f"{quantile(found.first, 0.95):.2f} s"
    )
    times = ", ".join(
        f"{words} {quantile(found.moves, share):.2f} s"
        for words, share in (("median", 0.5), ("p95", 0.95), ("worst", 1.0))
    )
    print(f"lever moved  {len(found.moves)} answered, {times}")
    print(
        f"first words  of many histories or of one: median {quantile(found.words, 0.5):.2f} s, p95 "
        f"{quantile(found.words, 0.95):.2f} s"
    )
    for minute in range(int(max(found.when, default=0.0) // 60) + 1):
        of = [
            took
            for took, at in zip(found.moves, found.when, strict=True)
            if int(at // 60) == minute
        ]
        if of:
            print(
                f"   minute {minute:3d}: {len(of):4d} moves, median {quantile(of, 0.5):.2f} s, p95 "
                f"{quantile(of, 0.95):.2f} s"
            )
    print(
        f"bytes a move median {quantile([float(b) for b in found.bytes_a_move], 0.5) / 1000:.0f} "
        "kB before compression"
    )
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        row = found.memory[min(len(found.memory) - 1, int(share * (len(found.memory) - 1)))]
        print(f"memory at {row[0]:5.0f} s: server {row[1]:.0f} MB, workers {row[2]:.0f} MB")
    print(
        f"slope over the second half: server {slope(found.memory, 1):+.2f} MB/min, workers "
        f"{slope(found.memory, 2):+.2f} MB/min"
    )
    for line in found.failed[:10]:
        print(line)


if __name__ == "__main__":
    main()
