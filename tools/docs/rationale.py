"""Why a rule is as it is: the records of docs/decisions, as docstrings name them ("See decision
0016") and as their heads name a mechanism. `tools/docs/odd.py` links them from the submodels.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


@dataclass(frozen=True)
class Decision:
    """A record of docs/decisions: its choice in a sentence, its file, what became of it, and the
    mechanisms that its head names.
    """

    number: str
    title: str
    file: str
    status: str
    mechanisms: frozenset[str]

    def link(self) -> str:
        """The record as a submodel links to it."""
        return f"[{self.number}](../decisions/{self.file})"


@cache
def decisions() -> dict[str, Decision]:
    """All records by number."""
    found = {}
    for path in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        head, _, rest = path.read_text(encoding="utf-8").partition("\n")
        title = re.match(r"# (\d{4})\.? (.+)", head)
        assert title is not None, f"{path.name} does not begin with '# NNNN. The choice'"
        status = re.search(r"^Status: (.*?) {2,}", rest, flags=re.MULTILINE)
        about = re.search(r"Mechanism: ([^.\n]*)", rest)
        found[title[1]] = Decision(
            title[1],
            title[2],
            path.name,
            status[1] if status else "",
            _mechanisms(about[1] if about else ""),
        )
    return found


def _mechanisms(text: str) -> frozenset[str]:
    """Mechanisms in words such as 'M1 to M9' or 'M2, M7'."""
    text = re.sub(
        r"M(\d+) to M(\d+)",
        lambda ends: ", ".join(f"M{n}" for n in range(int(ends[1]), int(ends[2]) + 1)),
        text,
    )
    return frozenset(re.findall(r"\bM\d+\b", text))


def named_decisions(text: str) -> list[str]:
    """Numbers of the decisions that a docstring or a comment names, each once."""
    lists = re.findall(
        r"[Dd]ecisions?[ /](\d{4}(?:(?:,| and|, and) \d{4})*)", " ".join(text.split())
    )
    return list(dict.fromkeys(re.findall(r"\d{4}", " ".join(lists))))


def rationale(text: str) -> str:
    """Why a rule is as it is: links to the decisions that its docstring names; '' without any."""
    named = [decisions()[number] for number in named_decisions(text)]
    return f"Why: {', '.join(one.link() for one in named)}." if named else ""


def decisions_line(mechanism: str, prose: Callable[[str], str]) -> str:
    """The records about a mechanism, those that hold first, with what replaced the others."""
    about = [one for one in decisions().values() if mechanism in one.mechanisms]
    about.sort(key=lambda one: one.status.startswith("replaced"))
    told = [
        f"{one.link()} {prose(one.title)}"
        + (f" ({one.status})" if one.status.startswith("replaced") else "")
        for one in about
    ]
    return f"What was tried and why: {'; '.join(told)}." if told else ""
