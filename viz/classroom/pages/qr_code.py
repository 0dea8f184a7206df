"""How phones come into a room: its code, the addresses at which they reach the server, and the code
that their cameras read (QR), as a path for an SVG image. Big in the lobby, behind a button later.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

import segno
import solara

from coercivity.viz.classroom.engine.game_state import pack_json
from coercivity.viz.classroom.pages.page_templates import Way
from coercivity.viz.screens.session_state import with_language
from coercivity.viz.server.phone_addresses import reach

QUIET: Final = 4  # modules of light around a code, as the standard asks (ISO/IEC 18004)


@dataclass(frozen=True)
class Code:
    """The modules along an edge with the light around, and the path of the dark ones."""

    size: int
    path: str


@lru_cache(maxsize=256)
def make_qr_code(link: str) -> Code:
    """The code of a link, of level M: it is read with up to 15% of it spoilt."""
    rows = segno.make(link, error="m", micro=False).matrix
    steps = []
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row, bool):
            length = len(list(run))
            if dark:
                steps.append(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z")
            x += length
    return Code(len(rows) + 2 * QUIET, "".join(steps))


@solara.component
def WayIn(code: str, opened: bool, lead: str = "") -> None:
    """The way into the room of a code.

    lead: what a second teacher's page would remember, '' where it is not handed out.
    """
    seen, see = solara.use_state("")
    Way(
        code=code,
        opened=opened,
        reach=ways_in(code, seen),
        wall=with_language(f"/class?room={code}&wall=1"),
        lead=lead,
        event_see=lambda origin: see(str(origin)),
    )


def ways_in(code: str, seen: Any = "") -> str:
    """The links at which phones reach a room, the likeliest first, each with the code to be read;
    and what to do where there is none. seen: the origin by which the page was opened.
    """
    found = reach(seen)
    ways = []
    for origin in found.origins:
        link = origin + with_language(f"/class?room={code}")
        drawn = make_qr_code(link)
        ways.append({"link": link, "size": drawn.size, "path": drawn.path})
    return pack_json({"ways": ways, "remedy": found.remedy, "known": found.known})
