"""Whatever the class game refuses, its pages say it in the reader's language: each refusal that is
written in the code has a rule, and nothing of it stays English.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest

import coercivity.experiments.game as game_package
import coercivity.viz.classroom as class_package
import coercivity.viz.screens as screens_package
from coercivity.experiments.game.game import new_game
from coercivity.experiments.game.table import cards, deal_kinds, words
from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom import codes
from coercivity.viz.classroom.room_pieces import WORDS
from coercivity.viz.classroom.room_views import own
from coercivity.viz.classroom.rooms import Rooms
from coercivity.viz.screens import classroom
from coercivity.viz.words import refusals
from coercivity.viz.words.language import speaking
from coercivity.viz.words.refusals import in_words
from tests.viz.rendered import Desk, shown
from tests.viz.room_table import BAN, TRUCE, Watch, to_talk

PACKAGES: Final = {
    "coercivity.experiments.game": Path(game_package.__file__ or "").parent.glob("*.py"),
    "coercivity.viz.classroom": Path(class_package.__file__ or "").parent.glob("*.py"),
    "coercivity.viz.screens": Path(screens_package.__file__ or "").parent.glob("classroom*.py"),
}
# what stands for each value in a line; those that are not here are a number
FILLED: Final = {
    "seat": "target",
    "by": "target",
    "who": "target",
    "words(seat)": words("ally"),
    "words(deal.first)": words("exporter"),
    "words(deal.other)": words("bloc"),
    "seats()[seat].name": "European Union",
    "label": deal_kinds()["truce"].label,
    "deal.label": deal_kinds()["truce"].label,
    "label_of(seat, move)": cards()["exporter"]["blanket_ban"].label,
    "moves_read[0].card": "loan",
    "broken[0].id": "D1-1",
    "held.id": "D1-1",
    "name": "truce",  # of a kind of deal, of a field
    "offer.state": "declined",
    "WORDS[self.phase]": WORDS["sealed"],
    "' or '.join((WORDS[phase] for phase in phases))": f"{WORDS['talk']} or {WORDS['sealed']}",
    "person.place": "press",
    "place": "press",
    "type(error).__name__": "KeyError",
    "error.strerror": "No space left on device",
    "path.name": "7.jsonl",
    "self.code": "BCDFGH",
    "room.code": "BCDFGH",
    "wanted": "BCDFGH",
}
# the same value by the function or the file that it stands in
IN: Final = {
    ("standing.py", "what"): f"{words('ally')}: move '{cards()['ally']['grant'].label}'",
    ("_keys", "where"): "game",
    ("_text", "where"): "target, loan: why",
    ("game.py", "where"): "target, loan",
    ("journal.py", "where"): "game: rounds",
    ("table.py", "where"): "target, loan",
    ("table.py", "what"): "target, loan: amount",
    ("table.py", "name"): "amount",
    ("room.py", "what"): "seal",
    ("room_state.py", "what"): "a sheet",
    ("room_state.py", "name"): "seat",
    ("room_boards.py", "what"): "card",
    ("room_pieces.py", "what"): "headline",
    ("room_lines.py", "where"): "7.jsonl, line 3",
    ("room_recovery.py", "where"): "7.jsonl",
    ("room_recovery.py", "refused"): "line 3: target: no sheet is sealed",
    ("room_recovery.py", "problem or 'the file is empty'"): "line 3 was not finished",
    ("journal.py", "error"): "target: move 'loan' stands twice; play it once a round",
    ("rooms_folder.py", "why"): "7",
    ("game.py", "suggest(key, allowed)"): "did you mean 'why'?",
}
GONE: Final = "This room is closed and put away: nobody has been in it for an hour. Make a new one."
TROUBLE: Final = (
    "The last events of this room are not on the server's disk (7). It is tried again; until then "
    "do not restart the server.",
    "The last events of this room are not on the server's disk (7). End the game and take its "
    "files away; until then do not restart the server.",
    "The file of this room was damaged. The game goes on from what could still be read; nothing "
    "followed.",
    "The file of this room was damaged. The game goes on from what could still be read; the rest "
    "is kept as 7.rest-1.",
    "The file of this room was damaged. The game goes on from what could still be read; the disk "
    "refuses to keep the rest.",
    "The file of this room was cut short on the server's disk and has been written again whole; "
    "nothing of the room is lost.",
    "The file of this room was deleted on the server's disk and has been written again whole; "
    "nothing of the room is lost.",
    "The file of this room was changed or replaced on the server's disk and has been written "
    "again whole; nothing of the room is lost; what was found there is kept as 7.",
    "Rooms are not kept on disk, as another server uses the folder /7; a restart would end them. "
    "Set COERCIVITY_ROOMS to another folder.",
    "Rooms are not kept on disk, as the folder /7 cannot be used (7); a restart would end them. "
    "Set COERCIVITY_ROOMS to another folder.",
    "Another server has taken over the folder of this room (/7): what happens from now on is not "
    "kept. End one of the two servers.",
)
BRAKES: Final = (
    "wrong codes: 30 in a minute are enough; wait 43 seconds and try again",
    "rooms made from your address: 4 in an hour are enough; wait 12 minutes and try again",
)
QUOTED: Final = re.compile(r"“[^”]*”|„[^“]*“|「[^」]*」")
# names and signs that stand in Latin letters on a Japanese page
LATIN: Final = re.compile(r"(?<![A-Za-z])(?:USD|EU|D1-1|BCDFGH|JSON)(?![A-Za-z])")


def filled(node: ast.expr, place: str, module: Any, rule: str) -> str:
    """A message as it may be raised."""
    match node:
        case ast.Constant():
            return str(node.value)
        case ast.JoinedStr():
            return "".join(filled(part, place, module, rule) for part in node.values)
        case ast.FormattedValue():
            said = ast.unparse(node.value)
            known = (IN.get((rule, said)), IN.get((place, said)), FILLED.get(said), "7")
            return next(one for one in known if one is not None)
        case ast.Name():
            return str(getattr(module, node.id))
        case ast.Attribute(attr="gone"):
            return GONE
    raise AssertionError(f"{place}: who says {ast.unparse(node)}?")


@cache
def lines() -> tuple[str, ...]:
    """Every refusal that is written in the code of the class game."""
    found = []
    for package, paths in PACKAGES.items():
        for path in sorted(paths):
            module = import_module(f"{package}.{path.stem}")
            for rule, raised in raises(ast.parse(path.read_text(encoding="utf-8"))):
                found.append(filled(raised.args[0], path.name, module, rule))
    return tuple(dict.fromkeys(found))


def raises(tree: ast.AST, rule: str = "") -> Iterator[tuple[str, ast.Call]]:
    """What raises an InputError, and in which function."""
    for node in ast.iter_child_nodes(tree):
        within = node.name if isinstance(node, ast.FunctionDef) else rule
        if (
            isinstance(node, ast.Raise)
            and isinstance(node.exc, ast.Call)
            and ast.unparse(node.exc.func) == "InputError"
        ):
            yield within, node.exc
        yield from raises(node, within)


def without_rule(line: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What of a line falls back to the words of the code."""
    calls: list[str] = []

    def plain(text: str) -> str:
        calls.append(text)
        return text

    monkeypatch.setattr(refusals, "_plain", plain)
    in_words(line)
    return calls


def every() -> Iterator[str]:
    yield from lines()
    yield from TROUBLE
    yield from BRAKES


def test_the_refusals_are_found() -> None:
    assert len(lines()) > 100
    assert any("costs USD" in line for line in lines())
    assert any("not now (the round is closed)" in line for line in lines())


def test_each_has_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [line for line in every() if without_rule(line, monkeypatch)] == []


def test_nothing_of_them_stays_english() -> None:
    left = []
    for line in every():
        with speaking("ja"):
            said = in_words(line)
        if re.search(r"[A-Za-z]{2,}", LATIN.sub("", QUOTED.sub("", said))) or "。" not in said:
            left.append((line, said))
        with speaking("de"):
            german = in_words(line)
        if german == in_words(line) or re.search(r"\{\w*\}", german):
            left.append((line, german))
    assert left == []


def test_what_the_rules_of_play_refuse_is_said_with_its_sums() -> None:
    line = (
        "the United States: move 'Grant' costs USD 1500 million and the United States has 7.5 "
        "million left; choose a smaller amount"
    )
    with speaking("de"):
        said = in_words(line)
    assert "1500" in said
    assert "7,5" in said


def test_a_game_of_a_file_is_refused_with_round_and_seat() -> None:
    with pytest.raises(InputError) as refused:
        new_game(1, ["nobody"])
    assert (
        in_words(refused.value) == "“nobody” is not known here. Reload the page and choose again."
    )
    line = "mine.json, line 4: target, loan: key 'whim' is not known; did you mean 'why'?"
    assert in_words(line).startswith("“mine.json”. Line 4: ")


# ---------------------------------------------------------------- on the pages


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Rooms:
    one = Rooms(None, Watch())
    for module in (classroom, codes):
        monkeypatch.setattr(module, "rooms", lambda: one)
    return one


def test_a_seat_the_press_and_the_facilitator_are_refused_in_their_language(
    desk: Desk, registry: Rooms
) -> None:
    game = new_game(3, ("exporter", "target"), length=2)
    room, lead = registry.make(game, roles=("press", "market", "board:target"))
    places = ("target", "press", "market", "board:target")
    token = {place: registry.join(room.code, place, "Ann")[1] for place in places}
    asked = {
        "target": ("seal", [{"card": "gold"}]),
        "press": ("publish", {"round": 0}),
        "market": ("bet", {"round": 0}),
        "board:target": ("back", {"round": 0}),
    }
    with speaking("de"):
        for place, (event, given) in asked.items():
            with shown(classroom.Page, classroom.address(room, token[place])) as page:
                if page.parts(event):
                    page.tell(event, given)
                    assert page.part(event).problem.startswith(("Jetzt nicht: ", "Das galt für"))
        to_talk(room)
        with shown(classroom.Page, classroom.address(room, token["target"])) as page:
            page.tell("seal", [{"card": "gold"}])
            assert page.part("seal").problem.startswith("Japan: „gold“ ist hier nicht bekannt.")
        with shown(classroom.Page, classroom.address(room, lead)) as page:
            page.tell("act", {"name": "reveal"})
            assert page.part("act").problem.startswith("Jetzt nicht: Teams reden und versiegeln.")


def test_what_is_wrong_with_the_file_is_said_in_the_facilitator_s_language(
    desk: Desk, registry: Rooms
) -> None:
    room, lead = registry.make(new_game(3, ("target",), length=2))
    room.trouble = TROUBLE[0]
    with speaking("de"), shown(classroom.Page, classroom.address(room, lead)) as page:
        assert '"trouble":"Die letzten Ereignisse dieses Raums' in page.part("act").page


def test_a_sheet_that_is_open_again_says_why_in_the_team_s_language(registry: Rooms) -> None:
    game = new_game(3, ("exporter", "target"), binding=True, length=2)
    room, _ = registry.make(game)
    to_talk(room)
    room.do("seal", seat="exporter", moves=[BAN])
    room.do("deal", deal=TRUCE)
    with speaking("de"):
        said = own(room, "exporter")["notice"]
    assert said.startswith("Ihr Bogen ist wieder offen, da er nicht mehr passt. ")
    assert "bricht die Vereinbarung D1-1 (" in said
    assert own(room, "target")["notice"] == ""
