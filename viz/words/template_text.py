"""The sentences of a template (.vue): what stands between tags and in the attributes that are read
out, and the first argument of each `say("...")` in its scripts and bindings.

What a binding {{ ... }} puts into a text is a {name} of the sentence: {month} for {{ month }},
{0}, {1} ... for what is more than a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import Final

_BINDING: Final = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TAG: Final = re.compile(r"<(?:\"[^\"]*\"|[^<>\"])*>", re.DOTALL)
_READ_OUT: Final = re.compile(r"(?<=\s)(aria-label|title|placeholder|alt|data-label)=\"([^\"]*)\"")
_SAY: Final = re.compile(r"\bsay\((?P<quote>[\"'`])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)")
_NAME: Final = re.compile(r"\{\{\s*(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w*)\s*\}\}")
_LETTERS: Final = re.compile(r"[A-Za-z]{2}")
_HOLD: Final = "\x00{}\x00"

Find = Callable[[str], str]


def sentences(source: str) -> list[str]:
    """The sentences of a template, in its order."""
    heard: list[str] = []

    def hear(text: str) -> str:
        heard.append(text)
        return text

    translate_template(source, hear)
    return heard


def translate_template(source: str, find: Find) -> str:
    """The template with each of its sentences as *find* has it."""
    begins, ends = source.find("<template>"), source.rfind("</template>")
    if begins < 0 or ends < 0:
        return _translate_scripts(source, find)
    head, body, rest = source[:begins], source[begins:ends], source[ends:]
    return (
        head
        + _markup(_translate_scripts(body, find, "&quot;"), find)
        + _translate_scripts(rest, find)
    )


def _translate_scripts(source: str, find: Find, quote: str = "") -> str:
    """Scripts with the first argument of each `say` as *find* has it."""

    def new(match: re.Match[str]) -> str:
        text = re.sub(r"\\(.)", r"\1", match["text"])
        wording = find(text)
        if wording == text:
            return match[0]
        mark = match["quote"]
        kept = wording.replace("\\", "\\\\").replace(mark, "\\" + mark)
        if quote and mark != '"':
            kept = kept.replace('"', quote)
        return f"say({mark}{kept}{mark}"

    return _SAY.sub(new, source)


def _markup(body: str, find: Find) -> str:
    """Markup with its texts and the attributes that are read out as *find* has them."""
    bindings = _BINDING.findall(body)
    count = iter(range(len(bindings)))
    held = _BINDING.sub(lambda _: _HOLD.format(next(count)), body)
    parts, at = [], 0
    for tag in _TAG.finditer(held):
        parts.append(_text(held[at : tag.start()], bindings, find))
        parts.append(_READ_OUT.sub(lambda one: _attribute(one, find), tag[0]))
        at = tag.end()
    parts.append(_text(held[at:], bindings, find))
    return re.sub(r"\x00(\d+)\x00", lambda one: bindings[int(one[1])], "".join(parts))


def _text(text: str, bindings: list[str], find: Find) -> str:
    """A text between two tags."""
    bare = text.strip()
    names = dict(_names(bare, bindings))
    message = bare
    for hold, name in names.items():
        message = message.replace(hold, "{" + name + "}")
    message = unescape(re.sub(r"\s+", " ", message))
    if not _LETTERS.search(re.sub(r"\{\w+\}", "", message)):
        return text
    wording = escape(find(message), quote=False)
    for hold, name in names.items():
        wording = wording.replace("{" + name + "}", hold)
    first, last = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return first + wording + last


def _names(text: str, bindings: list[str]) -> Iterator[tuple[str, str]]:
    """What holds the place of each binding in a text, and its name in the sentence."""
    taken: set[str] = set()
    for at, hold in enumerate(re.findall(r"\x00\d+\x00", text)):
        simple = _NAME.fullmatch(bindings[int(hold[1:-1])])
        name = simple[1] if simple and simple[1] not in taken else str(at)
        taken.add(name)
        yield hold, name


def _attribute(match: re.Match[str], find: Find) -> str:
    text = unescape(match[2])
    return f'{match[1]}="{escape(find(text))}"' if _LETTERS.search(text) else match[0]
