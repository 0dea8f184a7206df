"""python -m tools.docs.believed: measure every figure and write docs/believed.md."""

from __future__ import annotations

from tools.docs.believed import core as core  # their figures register themselves, in order
from tools.docs.believed import money_and_stops as money_and_stops
from tools.docs.believed.measures import FIGURES
from tools.docs.believed.table import PAGE, page
from tools.docs.stamp import stamp


def main() -> None:
    """Measure, print, write."""
    values, made_with = {}, stamp()
    for name, rule in FIGURES.items():
        values[name] = rule()
        print(f"{name:32s} {values[name]:.4g}", flush=True)
    words = {name: " ".join((rule.__doc__ or "").split()) for name, rule in FIGURES.items()}
    PAGE.write_text(page(values, words, made_with), encoding="utf-8")


if __name__ == "__main__":
    main()
