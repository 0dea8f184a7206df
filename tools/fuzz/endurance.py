"""Forty sessions and a room through a server that is killed, a disk that is full, a journal that is
deleted or cut off: the end is that of a calm game.

    python -m tools.fuzz.endurance                  about two minutes; --sessions 40, --script
    truce, --seed 1, --no-mount

A class plays a script of six rounds over pages without a browser (one leads, five teams, others
look on, half of all are in the lab and move levers), once in peace and once with incidents.
Compared at the end are the game, the predictions, the teams, the phase and the scores: with the
calm game, and with the script played by the rules alone. As root the rooms are on a real file
system of 64 kB that is filled; otherwise the server's writes are refused.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from coercivity.experiments.lab.setting import check_setting
from coercivity.viz.classroom.engine.example_games import script
from coercivity.viz.classroom.engine.game_json import to_dict
from coercivity.viz.classroom.engine.scoring import scores
from coercivity.viz.classroom.rooms.recovery import recover
from tools.benchmarks.server import free_port
from tools.check.server_process import Server, start_server
from tools.fuzz.class_game import ClassGame
from tools.fuzz.page_client import LAB, Page

ROOT = Path(__file__).resolve().parents[2]
SMALL = "64k"
# while a file of this name lies beside the folder, a server without a small file system is refused
# every write
FULL = "full"
SERVE = "from coercivity.viz.serve import serve; serve({port}, open_browser=False)"
REFUSED = (
    "import sys; sys.path.insert(0, {root!r}); from tools.fuzz.endurance import refuse_while; "
    "refuse_while({marker!r}); "
)
LEVERS = (("china_measure", 1.0), ("china_measure", 2.0), ("china_measure", 3.0))


def refuse_while(marker: str) -> None:
    """In a server: refuse to write journals while the file *marker* is there, as a full disk
    does.
    """
    from coercivity.viz.classroom.rooms import journal

    class Refusing:
        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

        def write(self, handle: int, data: Any) -> int:
            if os.path.exists(marker):
                raise OSError(errno.ENOSPC, "No space left on device")
            return os.write(handle, data)

    journal.os = Refusing()  # type: ignore[assignment]


class Place:
    """Where a server keeps its rooms, and the server."""

    def __init__(self, home: Path, mounted: bool) -> None:
        self.home, self.mounted = home, mounted
        self.rooms = home / "rooms"
        self.port = free_port()
        self.server: Server | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start the server and wait for it."""
        marker = REFUSED.format(root=str(ROOT), marker=str(self.home / FULL))
        code = ("" if self.mounted else marker) + SERVE.format(port=self.port)
        self.server = await asyncio.to_thread(start_server, "-c", code, home=self.home)

    def kill(self) -> None:
        """A power cut: the server and its workers end at once."""
        assert self.server is not None
        process = psutil.Process(self.server.process.pid)
        left = process.children(recursive=True)
        process.kill()
        for child in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
        self.server.process.wait(timeout=20)
        assert self.server.process.stdout is not None
        self.server.process.stdout.close()

    def fill(self) -> None:
        """Leave no room on the disk."""
        if not self.mounted:
            (self.home / FULL).touch()
            return
        with (
            contextlib.suppress(OSError),
            (self.rooms / "filler").open("wb", buffering=0) as stream,
        ):
            while True:
                stream.write(bytes(512))

    def free(self) -> None:
        """There is room again."""
        (self.rooms / "filler" if self.mounted else self.home / FULL).unlink()

    def journal(self) -> Path:
        """The journal of the room."""
        return next(self.rooms.glob("*.jsonl"))


@contextmanager
def small_disk(home: Path, wanted: bool) -> Iterator[bool]:
    """A file system of 64 kB for the rooms if this user may make one; whether it was made."""
    rooms = home / "rooms"
    rooms.mkdir(mode=0o700)
    made = wanted and sys.platform == "linux" and os.geteuid() == 0
    how = ["-t", "tmpfs", "-o", f"size={SMALL},mode=700", "rooms", str(rooms)]
    made = made and not subprocess.run(["mount", *how], capture_output=True).returncode
    try:
        yield made
    finally:
        if made:
            subprocess.run(["umount", "-l", str(rooms)], check=True)


@dataclass
class End:
    """What is left when a game is over."""

    state: dict[str, Any]
    steps: int
    sessions: int
    seconds: float
    log: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


class Class:
    """All sessions of a run."""

    def __init__(self, place: Place, name: str, seed: int, sessions: int) -> None:
        self.place, self.sessions = place, sessions
        self.game = ClassGame(script(name), seed, place.address)
        self.lab: list[Page] = []
        self.moved, self.loud, self.begun = 0, bool(os.environ.get("LOUD")), time.perf_counter()
        self.log: list[str] = []

    async def open(self) -> None:
        """The facilitator, and the visitors of the lab."""
        await self.game.begin()
        await self._lab_opens((self.sessions) // 2)

    async def look_on(self) -> None:
        """Once the teams are there, further pages of theirs."""
        people = list(self.game.paths)
        for place in range(self.sessions - len(self.game.pages) - len(self.lab)):
            await self.game.look_on(people[place % len(people)])

    async def _lab_opens(self, count: int) -> None:
        self.lab = [Page(self.place.address, LAB) for _ in range(count)]
        await asyncio.gather(*(page.open() for page in self.lab))
        await asyncio.gather(
            *(
                page.until(lambda one: one.shows("controls"), "the lab's picture")
                for page in self.lab
            )
        )

    async def comes_back(self) -> None:
        """Everybody opens the page again."""
        for page in self.lab:
            await page.close()
        await asyncio.gather(self.game.everybody_comes_back(), self._lab_opens(len(self.lab)))

    async def lever(self) -> None:
        """Somebody in the lab moves a lever and sees what comes of it."""
        if not self.lab:
            return
        lever, value = LEVERS[self.moved % len(LEVERS)]
        page = self.lab[self.moved % len(self.lab)]
        self.moved += 1
        mark = f'"fingerprint":"{check_setting(levers={lever: value}).asked().fingerprint()}"'
        await page.tell("event_move", {"lever": lever, "value": value})
        await page.until(
            lambda one: any(mark in str(state.get("page", "")) for state in one.parts.values()),
            "the picture of a lever",
        )

    async def trouble(self, word: str) -> None:
        """Wait until the facilitator reads this about the disk, or with '' nothing any more."""

        def wanted(_: Page) -> object:
            said = self.game.room["trouble"]
            return word in said if word else not said

        await self.game.pages["lead"].until(wanted, f"'{word}' about the disk")

    # ------------------------------------------------------------- incidents

    async def killed(self) -> None:
        """SIGKILL, and started again."""
        self.place.kill()
        await self.place.start()
        await self.comes_back()

    async def deleted(self) -> None:
        """Somebody deletes the journal; the server notices without an event."""
        self.place.journal().unlink()
        await self.trouble("was deleted on the server's disk")

    async def replaced(self) -> None:
        """Somebody puts another file in its place."""
        other = self.place.rooms / "other"
        other.write_text('{"form": 1}\n')
        os.replace(other, self.place.journal())
        await self.trouble("was changed or replaced on the server's disk")

    async def full(self) -> None:
        """The disk is full while most of a round is played, then it is not."""
        await self._is_full()
        held = self.place.journal().read_bytes()
        for _ in range(8):
            await self.game.step()
        assert self.place.journal().read_bytes().startswith(held)
        await self.trouble("are not on the server's disk")
        self.place.free()
        await self.trouble("")

    async def _is_full(self) -> None:
        """Fill the disk; teams change their minds until the last block of the journal, which it has
        already, is full too.
        """
        self.place.fill()
        while "not on the server's disk" not in self.game.room["trouble"]:
            if not await self.game.change_mind(self.game.room["round"]):
                await self.game.step()

    async def killed_while_full(self) -> None:
        """The worst: a full disk, and a power cut. What happened since the disk was full is played
        again.
        """
        await self._is_full()
        for _ in range(4):
            await self.game.step()
        self.place.kill()
        self.place.free()
        await self.place.start()
        await self.comes_back()

    async def cut_off(self) -> None:
        """A power cut that leaves half a line: the room goes on from the line before, and what is
        missing is played again.
        """
        self.place.kill()
        path = self.place.journal()
        path.write_bytes(path.read_bytes()[:-25])
        await self.place.start()
        await self.comes_back()
        await self.trouble("The file of this room was damaged")

    async def run(self, incidents: dict[int, str]) -> None:
        """Play to the end."""
        done = 0
        await self.open()
        while await self.game.step():
            done += 1
            if self.loud:
                print(f"{time.perf_counter() - self.begun:6.1f} s, step {done}", flush=True)
            if done == 2 * len(self.game.script.seats):
                await self.look_on()
            if name := incidents.get(done):
                begun = time.perf_counter()
                act: Callable[[], Awaitable[None]] = getattr(self, name)
                await act()
                room = self.game.room
                self.log.append(
                    f"step {done:3d}, round {room['round']}, {room['phase']:8} {name:18} "
                    f"{time.perf_counter() - begun:5.1f} s"
                )
            if done % 12 == 0:
                await self.lever()
        await self.lever()


INCIDENTS = {
    15: "killed",
    22: "deleted",
    25: "replaced",
    30: "full",
    33: "killed",
    40: "killed_while_full",
    48: "cut_off",
}


async def play(place: Place, name: str, seed: int, sessions: int, incidents: dict[int, str]) -> End:
    """A whole class, and what is left at the end of it on the disk and on the pages."""
    begun = time.perf_counter()
    await place.start()
    one = Class(place, name, seed, sessions)
    try:
        await one.run(incidents)
        pages = [*one.game.pages.values(), *one.game.others]
        await asyncio.gather(
            *(
                page.until(lambda shown: shown.room().get("phase") == "debrief", "the debrief")
                for page in pages
            )
        )
        lead = one.game.pages["lead"]
        await lead.until(lambda page: page.shows("scores"), "the scores")
        shown = {json.dumps(page.room().get("rounds")) for page in pages}
        found = recover(place.journal())
        assert found.problem == ""
        room = found.room
        state = {
            "phase": room.phase,
            "game": to_dict(room.game),
            "teams": {seat: member.name for seat, member in sorted(room.teams.items())},
            "predictions": sorted([*key, *value] for key, value in room.predictions.items()),
            "scores": scores(room.game),
            "scores on the page": json.loads(lead.shows("scores")),
            "histories on the pages": sorted(shown),
        }
        for page in [*pages, *one.lab]:
            await page.close()
        sessions, seconds = len(pages) + len(one.lab), time.perf_counter() - begun
        return End(state, one.game.steps, sessions, seconds, one.log, one.game.said)
    finally:
        place.kill()


def run(
    name: str = "truce", seed: int = 1, sessions: int = 40, mount: bool = True
) -> tuple[End, End, dict[str, bool]]:
    """The calm game, the one with incidents, and for each part of the end whether it is the same;
    also against the script played by the rules alone.
    """
    ends = []
    for incidents in ({}, INCIDENTS):
        with (
            tempfile.TemporaryDirectory() as home,
            small_disk(Path(home), mount and bool(incidents)) as mounted,
        ):
            ends.append(
                asyncio.run(play(Place(Path(home), mounted), name, seed, sessions, incidents))
            )
            refused = "writes refused by the server itself" if incidents else "no incidents"
            ends[-1].log.insert(0, "a real file system of 64 kB" if mounted else refused)
    calm, rough = ends
    same = {part: calm.state[part] == rough.state[part] for part in calm.state}
    same["game by the rules alone"] = to_dict(script(name).game(seed)) == rough.state["game"]
    same["one history on all pages"] = len(rough.state["histories on the pages"]) == 1
    return calm, rough, same


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=40)
    parser.add_argument("--script", default="truce")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--no-mount", action="store_true", help="do not mount a small file system, even as root"
    )
    asked = parser.parse_args()
    calm, rough, same = run(asked.script, asked.seed, asked.sessions, not asked.no_mount)
    for word, end in (("calm", calm), ("with incidents", rough)):
        print(
            f"{word}: {end.sessions} sessions, {end.steps} steps, {end.seconds:.0f} s; {end.log[0]}"
        )
    for line in rough.log[1:]:
        print(f"   {line}")
    print("the facilitator read:")
    for line in rough.said:
        print(f"   {line}")
    print("the end is the same:")
    for part, equal in same.items():
        print(f"   {part:28} {'yes' if equal else 'NO'}")
    sys.exit(0 if all(same.values()) else 1)


if __name__ == "__main__":
    main()
