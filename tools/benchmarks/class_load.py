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
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import websockets

from coercivity.experiments.lab.levers import lever_table
from coercivity.experiments.lab.setting import check_setting
from coercivity.model.basis.luck import uniforms

LAB = "/?scenario=japan-2026"  # the address without a query shows the door
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
    when: list[float] = field(
        default_factory=list
    )  # seconds since the start at which each move was made
    begun: float = field(default_factory=time.perf_counter)
    memory: list[tuple[float, float, float]] = field(
        default_factory=list
    )  # seconds, server MB, workers MB


class Visitor:
    """One browser: greets, waits for the first page, moves levers."""

    def __init__(self, address: str, number: int) -> None:
        self.address, self.number = address, number
        self.kernel = f"{number:08x}-0000-4000-8000-{os.getpid():012x}"
        self.session = f"{number:08x}-1111-4000-8000-{os.getpid():012x}"
        self.cookie = ""
        self.levers = self.picture = ""
        self.page = asyncio.Event()
        self.drawn = ""
        self.wanted = ""
        self.mark = ""
        self.asked_at = 0.0
        self.words_after: float | None = None
        self.heard = 0
        self.sent = 0

    async def join(self) -> None:
        """Open the page and wait until it is drawn."""
        self.cookie = await asyncio.to_thread(self._cookie)
        url = (
            f"{self.address.replace('http', 'ws')}/jupyter/api/kernels/{self.kernel}"
            f"/channels?session_id={self.session}"
        )
        self.socket = await websockets.connect(
            url, additional_headers={"Cookie": self.cookie}, max_size=None
        )
        self.listening = asyncio.create_task(self._listen())
        await self._say("kernel_info_request", {})
        await self._say(
            "comm_open",
            {"comm_id": f"control-{self.number}", "target_name": "solara.control", "data": {}},
        )
        run = {
            "method": "run",
            "args": {
                "path": LAB,
                "dark": False,
                "themes": {"light": {}, "dark": {}},
                "appName": None,
            },
        }
        await self._say("comm_msg", {"comm_id": f"control-{self.number}", "data": run})
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
        moved = {"event": "event_move", "data": {"lever": lever, "value": value}}
        await self._say(
            "comm_msg", {"comm_id": self.levers, "data": {"method": "custom", "content": moved}}
        )
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

    def _cookie(self) -> str:
        with urllib.request.urlopen(self.address, timeout=GIVE_UP) as answer:
            return "; ".join(
                one.split(";")[0] for one in answer.headers.get_all("set-cookie") or []
            )

    async def _say(self, kind: str, content: dict[str, Any]) -> None:
        self.sent += 1
        header = {
            "msg_id": f"{self.number}-{self.sent}",
            "msg_type": kind,
            "session": self.session,
            "username": "",
            "version": "5.2",
            "date": "",
        }
        message = {
            "buffers": [],
            "channel": "shell",
            "content": content,
            "header": header,
            "metadata": {},
            "parent_header": {},
        }
        await self.socket.send(json.dumps(message))

    async def _listen(self) -> None:
        async for raw in self.socket:
            self.heard += len(raw)
            text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
            if '"event_move"' in text or '"page"' in text or '"many"' in text:
                self._read(json.loads(text))

    def _read(self, message: dict[str, Any]) -> None:
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
        if (
            self.drawn and self.wanted in self.drawn
        ):  # every picture carries the fingerprint of its setting
            self.page.set()


async def visitor(address: str, number: int, stay: float, found: Found, until: float) -> None:
    """One visit: join, move levers at random for a while, leave."""
    luck = iter(uniforms(1, f"visitor {number}", 0, 4000).tolist())
    table = lever_table()
    one = Visitor(address, number)
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
        code = "from coercivity.viz.serve import serve; serve(0, open_browser=False)"
        environment = os.environ | {
            "SOLARA_HOME": home,
            "COERCIVITY_ROOMS": home + "/rooms",
            "PYTHONUNBUFFERED": "1",
        }
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=Path(__file__).resolve().parents[2],
        )
        assert process.stdout is not None
        address = next(
            match[0]
            for line in process.stdout
            if (match := re.search(r"http://127\.0\.0\.1:\d+", line))
        )
        try:
            found = asyncio.run(
                measure(address, process.pid, asked.sessions, asked.minutes, asked.visits)
            )
        finally:
            stop(process)
    tell(found, asked)


def stop(process: subprocess.Popen[str]) -> None:
    """End a server as Ctrl-C does; one that hears nothing for a while is ended for it, and that is
    said: what was measured is told all the same.
    """
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        print("the server did not end within 20 s")
        process.kill()
        process.wait(timeout=20)


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
