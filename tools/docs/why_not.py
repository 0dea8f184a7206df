"""Writes docs/why-not.md: why plants that could be built were not, in two scenarios. Run by `python
-m tools.docs.why_not`; takes half a minute.
"""

from pathlib import Path

from coercivity import __version__
from coercivity.experiments.questions.why_not import LABELS, REASONS, by_plant, cells, why_not
from coercivity.model.basis.facts import Facts
from tools.docs.stamp import stamp, stamp_line

HERE = Path(__file__).resolve().parents[2] / "docs"
SCENARIOS = ("japan-2026", "early-stage-mines")
SEEDS = range(1, 5)
HEAD = """<!-- made by tools/docs/why_not.py; do not edit here -->
{made_with}

# Why plants were not built

Every holder of an option looks once a year at what building would bring
(`agents/firms/investor.py`, decision 0023). Seeds 1 to {seeds}, fifteen years, coercivity
{version}; `coercivity why-not SCENARIO` prints the same for any scenario. Medians of the looks from
the month on in which a plant can be decided: price, cost, floor (public money), ore (what its
owner's mine earns on a tonne fed) and their sum, the margin, in USD per kg of run; use, the part of
its capacity that a newcomer expects to sell; outlay in USD million per tonne a month; V/I, value
over cost, and the hurdle. Then how often each reason bound first: the plant was not yet decidable,
it would have no margin, no addressable demand, a value below the hurdle; or it was begun.
"""


def page() -> str:
    """The whole page."""
    made_with = stamp_line(stamp())
    parts = [HEAD.format(made_with=made_with, seeds=max(SEEDS), version=__version__)]
    for name in SCENARIOS:
        looks = why_not(name, SEEDS)
        counts = [sum(look.bound == reason for look in looks) for reason in REASONS]
        told = ", ".join(f"{reason} {count}" for reason, count in zip(REASONS, counts, strict=True))
        parts += [
            f"\n## {name}\n",
            f"{len(looks)} looks: {told}.\n",
            f"| {' | '.join(LABELS)} |",
            "|---" * len(LABELS) + "|",
            *(f"| {' | '.join(cells(row))} |" for row in by_plant(Facts.default(), looks)),
        ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    (HERE / "why-not.md").write_text(page(), encoding="utf-8")
