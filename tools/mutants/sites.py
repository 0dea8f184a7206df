"""Where the code can be changed, and to what: the operators of cosmic-ray, less what no test can
tell.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cosmic_ray.operators.provider
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

ROOMS: Final = ("agents", "model", "experiments", "viz")
# from -> to; a replacement that dies of a TypeError at once (a - b to a | b) would flatter the
# tests
BINARY: Final = """Add_Sub Sub_Add Mul_Div Div_Mul FloorDiv_Mul Mod_Mul Pow_Mul BitOr_BitAnd
BitAnd_BitOr BitXor_BitAnd"""
COMPARISONS: Final = """Eq_NotEq NotEq_Eq Lt_LtE Lt_GtE LtE_Lt LtE_Gt Gt_GtE Gt_LtE GtE_Gt GtE_Lt
Is_IsNot IsNot_Is"""
OTHERS: Final = """ReplaceUnaryOperator_USub_UAdd ReplaceUnaryOperator_Delete_Not AddNot
ReplaceTrueWithFalse ReplaceFalseWithTrue ReplaceAndWithOr ReplaceOrWithAnd ReplaceBreakWithContinue
ReplaceContinueWithBreak ExceptionReplacer NumberReplacer RemoveDecorator ZeroIterationForLoop"""
OPERATORS: Final = (
    *(f"ReplaceBinaryOperator_{pair}" for pair in BINARY.split()),
    *(f"ReplaceComparisonOperator_{pair}" for pair in COMPARISONS.split()),
    *OTHERS.split(),
)
EXPRESSIONS: Final = ("arith_expr", "term", "power", "expr", "and_expr", "xor_expr", "shift_expr")
# keywords that only guard or only save time; of drawings; a removed cache changes nothing
GUARDS: Final = ("strict", "frozen", "slots", "maxsize", "check", "encoding", "allow_nan")
LOOKS: Final = """alpha linewidth fontsize figsize dpi zorder pad labelpad markersize capsize
rotation"""
QUIET: Final = ("cache", "dataclass", "overload", "override", "final", "runtime_checkable")


@dataclass(frozen=True, order=True)
class Mutant:
    """One change: the file (relative to the project), the operator and which of its places, the
    line and the first line of its statement.
    """

    file: str
    line: int
    column: int
    operator: str
    occurrence: int
    statement: int

    def apply(self, code: str) -> str:
        """The file's code with this one change."""
        changed = mutate_code(code, _operator(self.operator), self.occurrence)
        assert changed is not None, self
        return str(changed)


def _operator(name: str) -> Any:
    return cosmic_ray.operators.provider.OperatorProvider()[name]()


def mutants_of(file: str, code: str) -> list[list[Mutant]]:
    """Every place of a file that can be changed, each with the changes that are possible there."""
    tree = get_ast(code)
    nodes = list(ast_nodes(tree))
    found: dict[tuple[int, int], list[Mutant]] = defaultdict(list)
    for name in OPERATORS:
        operator = _operator(name)
        places = (place for node in nodes for place in operator.mutation_positions(node))
        for occurrence, (start, _end) in enumerate(places):
            leaf = tree.get_leaf_for_position(start)
            if not _can_be_told(leaf, name):
                continue
            found[start].append(
                Mutant(file, start[0], start[1], name, occurrence, _statement(leaf))
            )
    return [found[start] for start in sorted(found)]


def _parents(leaf: Any) -> Iterator[tuple[Any, Any]]:
    """(node, its child on the way) from a leaf up to the file."""
    while leaf.parent is not None:
        yield leaf.parent, leaf
        leaf = leaf.parent


def _can_be_told(leaf: Any, operator: str) -> bool:
    """Whether a test could see a change here; the package's docstring says what is left out."""
    # the stars of f(*rest) and {**rest}
    if operator.startswith("ReplaceBinaryOperator") and leaf.parent.type not in EXPRESSIONS:
        return False
    return not any(_hides(node, child, operator) for node, child in _parents(leaf))


def _hides(node: Any, child: Any, operator: str) -> bool:
    match node.type:
        case "annassign" | "tfpdef":  # name: annotation [= value]
            return child in node.children[: node.children.index(":") + 2]
        case "funcdef":
            return node.annotation is child
        case "decorator":
            return operator != "RemoveDecorator" or any(word in node.get_code() for word in QUIET)
        case "argument":
            return getattr(node.children[0], "value", "") in (*GUARDS, *LOOKS.split())
        case "if_stmt":
            return node.children[1].get_code().strip() == "TYPE_CHECKING"
        case "expr_stmt":  # Name = One | Other, an alias of a type
            return (
                "BitOr" in operator
                and node.parent.parent is not None
                and node.parent.parent.type == "file_input"
            )
        case _:
            return node.type in (
                "fstring_format_spec",
                "import_from",
                "import_name",
                "raise_stmt",
            )  # raise: the words of a message


def _statement(leaf: Any) -> int:
    """First line of the statement: lines of a long expression that hold only constants are never
    reported as run.
    """
    for node, child in _parents(leaf):
        if node.type in ("suite", "file_input"):
            return int(child.start_pos[0])
    return int(leaf.start_pos[0])


def sample(root: Path, rooms: Iterable[str], size: int, seed: int) -> list[Mutant]:
    """A seeded sample, as many from each room, by place and then by what is put there; a place is
    drawn once.
    """
    chosen: list[Mutant] = []
    rooms = list(rooms)
    for number, room in enumerate(rooms):
        luck = random.Random(f"{seed} {room}")
        places = [
            place
            for path in sorted((root / room).rglob("*.py"))
            for place in mutants_of(path.relative_to(root).as_posix(), path.read_text("utf-8"))
        ]
        count = size // len(rooms) + (number < size % len(rooms))
        chosen += [luck.choice(place) for place in luck.sample(places, min(count, len(places)))]
    random.Random(seed).shuffle(chosen)  # a run that is cut short has seen something of every room
    return chosen
