"""Every finding has a sentence, and every sentence a finding."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coercivity.viz.words.finding_text import RENDERERS, SENTENCES
from tests.source_tree import ROOT, tree

FINDERS = ("Finding.of", "difference_finding", "_typical_difference", "_shares")


def constants(node: ast.expr) -> Iterator[str]:
    """The ids that an expression gives, those that are put together as what they begin with."""
    if isinstance(node, ast.IfExp):
        yield from (*constants(node.body), *constants(node.orelse))
    elif isinstance(node, ast.Tuple):
        yield from (one for each in node.elts for one in constants(each))
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield f"{node.values[0].value!s}*"
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def ids() -> set[str]:
    """The ids that the makers of findings name."""
    found: set[str] = set()
    for path in sorted((ROOT / "experiments" / "findings").glob("*.py")):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in FINDERS and node.args:
                found |= set(constants(node.args[0]))
            elif isinstance(node, ast.Assign) and "id" in ast.unparse(node.targets[0]):
                found |= set(constants(node.value))
    return found


def test_every_finding_has_a_sentence_and_every_sentence_a_finding() -> None:
    known, named = {*SENTENCES, *RENDERERS}, ids()
    begins = {one[:-1] for one in named if one.endswith("*")}
    wrong = [
        one
        for one in named
        if not one.endswith("*")
        and one not in known
        and not {f"{one}.more", f"{one}.less"} <= known
    ]
    assert not wrong, f"without a sentence in viz/words: {wrong}"
    unsaid = [
        one
        for one in sorted(known - named)
        if one.removesuffix(".more").removesuffix(".less") not in named
        and not any(one.startswith(begin) for begin in begins)
    ]
    assert not unsaid, f"no finding has this sentence: {unsaid}"
