"""Writes viz/data/world.json, the outlines of the play page's map: `python -m tools.docs.outlines
countries-110m.json`.

The input is the TopoJSON of Natural Earth's countries at 1:110 million (public domain), as the npm
package world-atlas 2.0.2 holds it. Countries are gathered into the states of the model; Antarctica
is left out. The map is cut in the Atlantic, so that the Pacific, which most of this trade crosses,
is whole.

    {source, projection, width, height, places: {state: [x, y]}, shapes: {state: an SVG path}}
"""

from __future__ import annotations

import json
import math
import sys
from itertools import pairwise
from pathlib import Path

from coercivity.model.basis.facts import Facts

Point = tuple[float, float]
Ring = list[Point]

WIDTH = (
    2000  # units across the globe; one is 20 km at the equator, finer than the outlines themselves
)
# degrees east in the middle, so that the cut runs through the Atlantic at 30 degrees west
CENTRE = 150.0
NORTH, SOUTH = 79.0, -56.0  # degrees shown: all that trades
SMALLEST = 6.0  # square units: islands below it cannot be seen
SOURCE = (
    "Made with Natural Earth, 1:110m countries (public domain, naturalearthdata.com), read from "
    "world-atlas 2.0.2"
)

CODES = {  # ISO 3166-1 numeric
    "China": "156",
    "Japan": "392",
    "United States": "840",
    "Germany": "276",
    "France": "250",
    "United Kingdom": "826",
    "South Korea": "410",
    "Taiwan": "158",
    "India": "356",
    "Australia": "036",
    "Malaysia": "458",
    "Vietnam": "704",
    "Thailand": "764",
    "Myanmar": "104",
    "Brazil": "076",
    "Canada": "124",
    "Russia": "643",
}
OTHERS_OF_EU = """040 056 100 191 196 203 208 233 246 300 348 372 380 428 440 442 528 616 620 642
703 705 724 752"""
ANTARCTICA = "010"
# where flows begin and end (degrees east, north): amid a state's plants and ports, kept apart where
# states are small
PLACES = {
    "China": (110.0, 33.0),
    "Japan": (138.5, 36.5),
    "United States": (-100.0, 39.0),
    "Germany": (10.5, 51.0),
    "France": (2.0, 46.5),
    "Rest of EU": (24.5, 60.5),
    "United Kingdom": (-2.5, 53.5),
    "South Korea": (127.8, 36.8),
    "Taiwan": (121.0, 23.7),
    "India": (79.0, 21.5),
    "Australia": (133.0, -25.5),
    "Malaysia": (102.3, 4.0),
    "Vietnam": (106.5, 16.0),
    "Thailand": (101.0, 15.5),
    "Myanmar": (96.0, 21.5),
    "Brazil": (-51.0, -11.5),
    "Canada": (-104.0, 56.0),
    "Russia": (95.0, 62.0),
    "Rest of world": (24.0, 4.0),
}


def equal_earth(lon: float, lat: float) -> Point:
    """Degrees to radii of the globe: an equal-area map, x east and y north (Savric, Patterson &
    Jenny 2019).
    """
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = math.asin(math.sqrt(3.0) / 2.0 * math.sin(math.radians(lat)))
    t2, t6 = t * t, t**6
    x = (
        2.0
        * math.sqrt(3.0)
        * math.radians(lon)
        * math.cos(t)
        / (3.0 * (9.0 * a4 * t6 * t2 + 7.0 * a3 * t6 + 3.0 * a2 * t2 + a1))
    )
    return x, t * (a4 * t6 * t2 + a3 * t6 + a2 * t2 + a1)


HALF_WIDTH = equal_earth(180.0, 0.0)[0]
TOP = equal_earth(0.0, NORTH)[1]


def project(lon: float, lat: float) -> Point:
    """Degrees, counted from the centre, to units of the map, y down."""
    x, y = equal_earth(lon, lat)
    scale = WIDTH / (2.0 * HALF_WIDTH)
    return (x + HALF_WIDTH) * scale, (TOP - y) * scale


def from_centre(lon: float) -> float:
    """Degrees east of the centre, -180 to 180."""
    return (lon - CENTRE + 180.0) % 360.0 - 180.0


def arcs(topology: dict) -> list[Ring]:
    """The arcs of a topology in degrees: stored as steps on a grid."""
    (step_x, step_y), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    out = []
    for arc in topology["arcs"]:
        x = y = 0
        ring: Ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            ring.append((x * step_x + x0, y * step_y + y0))
        out.append(ring)
    return out


def ring_of(numbers: list[int], known: list[Ring]) -> Ring:
    """One ring from arcs laid end to end; a negative number is an arc that runs backwards."""
    ring: Ring = []
    for number in numbers:
        part = known[number] if number >= 0 else known[~number][::-1]
        ring += part[1:] if ring else part
    return ring


def unrolled(ring: Ring) -> Ring:
    """A ring without jumps across the cut: each point follows the one before by less than half a
    turn, and most of the ring lies on the map.

    A ring that crosses the cut (Greenland) sticks out of the globe a little instead of being cut in
    two; without this, Russia and Fiji draw stripes.
    """
    out: Ring = []
    for lon, lat in ring:
        lon = from_centre(lon)
        if out:
            lon += 360.0 * round((out[-1][0] - lon) / 360.0)
        out.append((lon, lat))
    turn = 360.0 * round(sum(lon for lon, _ in out) / len(out) / 360.0)
    return [(lon - turn, lat) for lon, lat in out]


def path(ring: Ring) -> str:
    """A ring as an SVG path in whole units, each point relative to the last; empty where nothing of
    it can be seen.
    """
    points: list[tuple[int, int]] = []
    for lon, lat in ring:
        x, y = project(lon, max(min(lat, NORTH), SOUTH))
        point = round(x), round(y)
        if not points or point != points[-1]:
            points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    area = (
        sum(
            a[0] * b[1] - b[0] * a[1]
            for a, b in zip(points, [*points[1:], *points[:1]], strict=True)
        )
        / 2.0
    )
    if len(points) < 3 or abs(area) < SMALLEST:
        return ""
    (x, y), steps = points[0], []
    for a, b in pairwise(points):
        dx, dy = b[0] - a[0], b[1] - a[1]
        steps.append(f"{dx}{dy}" if dy < 0 else f"{dx} {dy}")
    return f"M{x} {y}l" + " ".join(steps).replace(" -", "-") + "z"


def outlines(topology: dict) -> dict[str, object]:
    """The content of world.json."""
    known = arcs(topology)
    state_of = {code: state for state, code in CODES.items()} | dict.fromkeys(
        OTHERS_OF_EU.split(), "Rest of EU"
    )
    shapes = dict.fromkeys(Facts.default().states, "")
    found = set()
    for country in topology["objects"]["countries"]["geometries"]:
        if country.get("id") == ANTARCTICA:
            continue
        found.add(country.get("id"))
        polygons = [country["arcs"]] if country["type"] == "Polygon" else country["arcs"]
        shapes[state_of.get(country.get("id"), "Rest of world")] += "".join(
            path(unrolled(ring_of(ring, known))) for polygon in polygons for ring in polygon
        )
    if missing := sorted(set(state_of) - found):
        raise SystemExit(
            f"countries with the ISO numbers {', '.join(missing)} are not in the file; use "
            "countries-110m.json of world-atlas 2.0.2"
        )
    places = {
        state: [round(value) for value in project(from_centre(lon), lat)]
        for state, (lon, lat) in PLACES.items()
    }
    height = math.ceil(project(0.0, SOUTH)[1])
    return {
        "source": SOURCE,
        "projection": f"Equal Earth around {CENTRE:g} E",
        "width": WIDTH,
        "height": height,
        "places": places,
        "shapes": shapes,
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m tools.docs.outlines countries-110m.json")
    out = Path(__file__).resolve().parents[2] / "viz" / "data" / "world.json"
    content = outlines(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    out.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{out}: {out.stat().st_size:,} bytes")
