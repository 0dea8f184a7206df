"""What people and machines hand in by mistake or on purpose: values, and the ways in which a good
input goes bad.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any, Final

DIGITS: Final = "9" * 5_000
_PLAIN: Final = r"""nan -nan inf -inf 1e400 -1 -0 0 0.5 1.5 1e3 0x10 0b1 1_000 1,5 1:30 +5 --5
٣ １２ ² ½ true null None ~
=1+1 +1 -x @x ' " `ls` $(ls) ${HOME} %s%n {0} {{7*7}} <b>x</b> ; ../.. ./ .. .
~nobody-of-that-name/x /proc/version/x C:\x"""
_NAMES: Final = """japan JAPAN World EU 2024-01 2024-13 2026-01-06 2026-02-30 0000-01-01 9999-12-31
10000-01-01 ٢٠٢٦-٠١ 2026-01-06T00:00:00"""
_SIGNS: Final = "# ? | > %"
WORDS: Final = (
    *("", " ", "\t", "\n", "a\nb", *_PLAIN.split(), "a" * 300, "a/" * 3_000, "é" * 200),
    *("x" * 20_000, DIGITS, f"-{DIGITS}", f"0.{DIGITS}", f"{DIGITS}.5", "\x00", "a\x00b", "\x07"),
    *("\x1b[31m", "\x7f", "\x85", "\u2028", "\u202e", "\ufeff", "\ufffe", "\ud800", "\udcff"),
    *("a\udc80", "日本", "𝟙", "Japan ", *_NAMES.split(), "!!int x", "&a", "*a", *"[]{}:", "- "),
    *(*_SIGNS.split(), "a: b", "a=b", "a=b=c", "=", "China-2026-05-licensing"),
)
NUMBERS: Final = (
    *(0, 1, -1, 2, 600, 601, 2**31, 2**53, 2**63, 2**64, 10**400, -(10**400), 10**5000),
    *(0.0, -0.0, 0.5, 1.5, 1e-320, 1e308, float("nan"), float("inf"), float("-inf")),
)
OTHERS: Final[tuple[Any, ...]] = (
    *(None, True, False, [], {}, [[]], [None], [1, 2], ["a"], ["Japan"], [["a"]], [{}], {"a": 1}),
    *({"low": 1}, {"a": ["b"]}, {1: 2}, {None: None}, {"": ""}, [10**5000], {"a": float("nan")}),
    *({"low": "x", "high": []}, ["Japan", "Japan"], ["China", 1], [float("nan")], [True]),
)
SPLINTERS: Final = (
    *("!!int ", "!!bool foo", "!!int ''", "!!float x", "!!python/object/apply:os.system [ls]"),
    *("!!binary x", "!!set {a}", "!!timestamp x", "! ", "!x ", "&a ", "*a", "<<: ", "\t", "? "),
    *(": ", "- ", "| ", "> ", "---\n", "...\n", "%YAML 1.2\n", "\x85", "\ufeff"),
    *(*"'\"[]{},#\n", "  ", "\r", "0x_", "1:59:59.5", "1" + ":59" * 300 + ".0", DIGITS, "9" * 400),
    *("9" * 400 + ".0", "1e400", ".inf", ".nan", r'"\ud800"', r'"\0"', "[" * 2_000, "{a: " * 600),
    *("of: [a]", "=", "<<", "null", "~", "0o7"),
)


def value(rng: random.Random) -> Any:
    """Any value that does not belong where it is put."""
    kind = rng.random()
    if kind < 0.45:
        return rng.choice(WORDS)
    if kind < 0.75:
        return rng.choice(NUMBERS)
    if kind < 0.97:
        return copied(rng.choice(OTHERS))
    deep: Any = []
    for _ in range(rng.choice((50, 400, 2_000))):
        deep = [deep] if rng.random() < 0.5 else {"a": deep}
    return deep


def argument(rng: random.Random) -> str:
    """A word that a command line can hold: no NUL, and only those surrogates that stand for
    bytes.
    """
    word = rng.choice(WORDS) if rng.random() < 0.8 else str(rng.choice(NUMBERS[:10]))
    return "".join(
        sign
        for sign in word
        if sign != "\x00" and not ("\ud800" <= sign < "\udc80" or "\udcff" < sign <= "\udfff")
    )


def bytes_gone_bad(rng: random.Random, data: bytes) -> bytes:
    """Bytes with some of them turned, lost, doubled, put in or cut off."""
    held = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        at = rng.randrange(len(held) + 1) if held else 0
        act = rng.randrange(6)
        if act == 0 and at < len(held):
            held[at] ^= 1 << rng.randrange(8)
        elif act == 1:
            del held[at : at + rng.choice((1, 1, 4, 40))]
        elif act == 2:
            held[at:at] = held[at : at + rng.choice((1, 10, 200))]
        elif act == 3:
            held[at:at] = rng.randbytes(rng.choice((1, 2, 8)))
        elif act == 4:
            held[at:at] = rng.choice(SPLINTERS).encode("utf-8", "surrogatepass")
        elif rng.random() < 0.2:
            del held[at:]
    return bytes(held)


def text_gone_bad(rng: random.Random, text: str) -> str:
    """Text with words of YAML put in, or a value behind a colon replaced."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        colons = [at for at, sign in enumerate(text) if sign == ":"]
        if colons and rng.random() < 0.7:
            at = rng.choice(colons) + 1
            end = min(
                (place for place in (text.find(sign, at) for sign in "\n,}") if place >= 0),
                default=len(text),
            )
            text = (
                f"{text[:at]} "
                f"{rng.choice((*SPLINTERS, *WORDS))}"
                f"{text[end:] if rng.random() < 0.8 else text[at:]}"
            )
        else:
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice(SPLINTERS) + text[at:]
    return text


def gone_bad(rng: random.Random, good: Any) -> Any:
    """Plain values with some of their parts replaced, left out, doubled, renamed or wrapped."""
    bad = {"": copied(good)}
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        holder, key = rng.choice(list(places(bad)))
        act = rng.random()
        if act < 0.55:
            holder[key] = value(rng)
        elif act < 0.65 and key != "":
            del holder[key]
        elif act < 0.75 and isinstance(holder, dict) and key != "":
            holder[rng.choice(WORDS)] = holder.pop(key)
        elif act < 0.85 and isinstance(holder, list):
            holder.append(copied(holder[key]))
        elif act < 0.92:
            holder[key] = [holder[key]]
        else:
            other, name = rng.choice(list(places(bad)))
            holder[key] = copied(other[name])
    return bad[""]


def copied(good: Any) -> Any:
    """A copy that can be changed."""
    if isinstance(good, dict):
        return {key: copied(part) for key, part in good.items()}
    return [copied(part) for part in good] if isinstance(good, (list, tuple)) else good


def places(holder: Any, most: int = 400) -> Iterator[tuple[Any, Any]]:
    """Every place of plain values where something else could stand, the first few hundred."""
    left = [holder]
    for part in left:
        for key in list(part) if isinstance(part, dict) else range(len(part)):
            yield part, key
            if isinstance(part[key], (dict, list)) and len(left) < most:
                left.append(part[key])


def flow(held: Any, depth: int = 0) -> str:
    """Plain values as YAML in one line, whatever they are: numbers too long for Python in
    hexadecimal digits, what is not text as codes.
    """
    if depth > 300:
        return "[]"
    if isinstance(held, dict):
        return (
            "{"
            + ", ".join(
                f"{flow(key, depth + 1)}: {flow(part, depth + 1)}" for key, part in held.items()
            )
            + "}"
        )
    if isinstance(held, (list, tuple)):
        return "[" + ", ".join(flow(part, depth + 1) for part in held) + "]"
    if held is None or isinstance(held, bool):
        return {None: "null", True: "true", False: "false"}[held]
    if isinstance(held, int):
        return str(held) if held.bit_length() < 2_000 else hex(held)
    if isinstance(held, float):
        return {"nan": ".nan", "inf": ".inf", "-inf": "-.inf"}.get(repr(held), repr(held))
    return json.dumps(str(held))


MUTATE: Final[tuple[Callable[[random.Random, Any], bytes], ...]] = (
    lambda rng, good: flow(gone_bad(rng, good)).encode(),
    lambda rng, good: flow(gone_bad(rng, good)).encode(),
    lambda rng, good: text_gone_bad(rng, block(good)).encode("utf-8", "surrogatepass"),
    lambda rng, good: bytes_gone_bad(rng, block(good).encode()),
)


def block(good: Any) -> str:
    """Good plain values as a file that a person would write."""
    from coercivity.model.basis.yaml_text import dump_yaml

    return dump_yaml(good)


def yaml_file(rng: random.Random, good: Any) -> bytes:
    """The bytes of a YAML file that was good."""
    return rng.choice(MUTATE)(rng, good)
