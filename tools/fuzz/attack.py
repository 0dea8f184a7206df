"""An attacker's list against a real server: python -m tools.fuzz.attack

Everything happens on this machine: a server that listens for a class (0.0.0.0) and one for this
machine alone, both at free ports and with a dead proxy, an attacker at 127.0.0.1 and a class at
127.0.0.2. After each group the class must still get its page. Printed: what was tried, and what the
server survived.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools.check.server_process import Server
from tools.fuzz import attack_pages, attack_requests, attack_wire
from tools.fuzz.guest import OTHER, Guest, Try, fetch, served


@dataclass
class Found:
    """Tried and survived, by group; and what was not survived."""

    tried: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def take(self, group: str, tries: Iterator[Try]) -> None:
        """Make the tries of a group."""
        self.tried[group] = 0
        for name, survived in tries:
            self.tried[group] += 1
            if not survived:
                self.failed.append(f"{group}: {name}")

    def lines(self) -> list[str]:
        """One line for each group, and the sum."""
        lost = {
            group: sum(one.startswith(f"{group}: ") for one in self.failed) for group in self.tried
        }
        told = [
            f"{group:<28} tried {count:>4}, survived {count - lost[group]:>4}"
            for group, count in self.tried.items()
        ]
        total = sum(self.tried.values())
        return [
            *told,
            f"{'all':<28} tried {total:>4}, survived {total - len(self.failed):>4}",
            *(f"NOT SURVIVED {one}" for one in self.failed),
        ]


GROUPS: Final[dict[str, Callable[[str, Path], Iterator[Try]]]] = {
    "names and origins": attack_requests.names,
    "paths": attack_requests.paths,
    "malformed requests": attack_requests.requests,
    "headers": attack_requests.headers,
    "messages": attack_wire.messages,
    "oversize": attack_wire.oversize,
    "others' pages": attack_wire.hijacks,
    "links": attack_pages.links,
    "uploads and events": attack_pages.events,
    "codes and tokens": attack_pages.codes,
    "pages on one seat": attack_pages.watchers,
    "who does not read": attack_pages.deaf,
    "slow and half-open": attack_requests.slow,
    "all places": attack_wire.places,
}


def well(address: str) -> bool:
    """Whether the class still gets its page, drawn."""
    guest = Guest(address, "/evidence", source=OTHER)
    good = '"facts"' in guest.text()
    guest.leave()
    return good


def attack(groups: tuple[str, ...] = tuple(GROUPS)) -> Found:
    """Make the tries of these groups, one server for each, so that what one address may do is whole
    again.
    """
    found = Found()
    for group in groups:
        begun = time.monotonic()
        with served() as (server, home):
            found.take(group, _with_class(GROUPS[group](server.address, home), server))
        log = "".join(server.output)
        asked = "Could not load URL" in log or "proxy" in log.lower()
        found.take(f"{group}, nobody asked", iter([("the server asked another host", not asked)]))
        lost = [one for one in found.failed if one.startswith(group)]
        print(f"{group}: {time.monotonic() - begun:.0f} s", *lost, file=sys.stderr, flush=True)
        if server.process.returncode not in (0, -2):
            found.failed.append(f"{group}: the server ended with {server.process.returncode}")
    return found


def _with_class(tries: Iterator[Try], server: Server) -> Iterator[Try]:
    yield from tries
    yield "the class gets its page", well(server.address)
    yield (
        "the server runs",
        server.process.poll() is None and fetch(server.address, "/readyz")[0] == 200,
    )


if __name__ == "__main__":
    result = attack(tuple(sys.argv[1:]) or tuple(GROUPS))
    print("\n".join(result.lines()))
    sys.exit(1 if result.failed else 0)
