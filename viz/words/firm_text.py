"""A firm's month in words: the sentence of each line's id (`viz/words/firm_sentences.csv`), its
fields as the sentence writes them ({x:t} in tonnes, {x:good} a good, {x:, } a list with commas). In
English, as the model tells decisions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib.resources import files
from string import Formatter
from typing import Any, Final

from coercivity.experiments.questions.firm_lines import LEAST, Line
from coercivity.viz.words.finding_text import read_sentences
from coercivity.viz.words.language import noted, say
from coercivity.viz.words.names import in_sentence

SENTENCES: Final = read_sentences(files("coercivity.viz.words") / "firm_sentences.csv")
NOT_TOLD: Final = noted("Whether it runs in a month that is past is not told of a firm by name.")


class _Fields(Formatter):
    """Fills in a sentence."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """A field as its sentence asks for it."""
        if isinstance(value, tuple):
            return format_spec.join(self.format_field(one, "good") for one in value)
        if isinstance(value, Line):
            return line_in_words(value)
        match format_spec:
            case "good":
                return in_sentence(value)
            case "Good":
                return in_sentence(value)[:1].upper() + in_sentence(value)[1:]
            case "t":
                return tonnes_in_words(value)
            case "ratio":
                return f"{value:.2f}" if value < 10 else f"{value:.0f}"
        return f"{value:{format_spec}}"


def line_in_words(line: Line) -> str:
    """A line in words."""
    one, *many = SENTENCES[line.id]
    wording = many[0] if many and line.fields["count"] != 1 else one
    return _Fields().vformat(wording, (), line.fields)


def lines_in_words(lines: Sequence[Line]) -> list[str]:
    """Lines in words."""
    return [line_in_words(line) for line in lines]


def without_its_run(lines: Sequence[Line]) -> list[str]:
    """Lines in words, without whether the firm runs where that is not told of it by name."""
    told = lines_in_words([line for line in lines if not line.runs])
    return told if len(told) == len(lines) else [*told, say(NOT_TOLD)]


def tonnes_in_words(value: float) -> str:
    """Three digits, no exponent: 0.0412, 4.12, 412, 41,200."""
    if value >= 100:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(value)))}f}" if value > LEAST else "0"
