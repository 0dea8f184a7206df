"""One person alone rehearses a class, from the line that the README names to the debrief. Run it by
hand:

    python -m tools.benchmarks.rehearse --read 20

The script starts `coercivity app --rehearse`, opens the address that it prints in a Chromium and
presses what the facilitator's page offers next; between two presses it reads for so many seconds.
The clock of each round runs out by itself. Reported: the time from the line to the debrief, and
what the simulated people did.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tools.benchmarks.server import chromium, start, stop

NEXT = ("Start the game", "Start the clock", "Reveal the moves", "Next round", "Debrief")
ENDED = "document.querySelector('[aria-labelledby=gm-h-scores]')"


def rehearse(address: str, read: float, shots: str) -> dict[str, float]:
    """Lead one game; when each button was pressed first, and when the debrief was there."""
    begun, at = time.perf_counter(), dict[str, float]()
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = chrome.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(120_000)
        page.goto(address)
        while "Debrief" not in at:
            button = page.get_by_role("button", name=re.compile(f"^({'|'.join(NEXT)})$"))
            button.first.wait_for()
            time.sleep(read)
            name = button.first.inner_text()
            at.setdefault(name, time.perf_counter() - begun)
            if shots:
                page.screenshot(path=f"{shots}/{len(list(Path(shots).glob('*.png'))):02d}.png")
            button.first.click()
            page.wait_for_timeout(1000)
        page.wait_for_function(ENDED)
        at["scores shown"] = time.perf_counter() - begun
        if shots:
            page.screenshot(path=f"{shots}/debrief.png", full_page=True)
        chrome.close()
    return at


def main() -> None:
    """Start the command, lead, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--read", type=float, default=20.0, help="seconds before each press")
    parser.add_argument("--shots", default="", help="a folder for pictures of the page")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rooms = Path(folder) / "rooms"
        begun = time.perf_counter()
        command = ("-m", "coercivity", "app", "--rehearse", "--no-browser", "--port", "0")
        process, address = start(folder, *command, says=r"http://\S+/class\?\S+")
        try:
            started = time.perf_counter() - begun
            at = rehearse(address, asked.read, asked.shots)
        finally:
            stop(process)
        tell(started, at, next(rooms.glob("*.jsonl")))


def tell(started: float, at: dict[str, float], journal: Path) -> None:
    """What it took."""
    print(f"the address is printed after {started:.1f} s")
    for name, seconds in at.items():
        print(f"{name:20s} {seconds + started:6.1f} s")
    events: list[dict[str, Any]] = [json.loads(line) for line in journal.read_text().splitlines()]
    print(Counter(str(one.get("do", "head")) for one in events))


if __name__ == "__main__":
    main()
