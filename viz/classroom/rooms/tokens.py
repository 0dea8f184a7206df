"""Codes, tokens and names of rooms."""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from typing import Final

from coercivity import InputError

# Sixteen without look-alikes (no I, L, O, Q, S, U, V) and without vowels, so that no word comes up.
LETTERS: Final = "BCDFGHJKMNPRTWXZ"
CODE_LENGTH: Final = 6
NAME_LENGTH: Final = 30


def new_code() -> str:
    """A room's code, as it is read out in a class: one of sixteen million."""
    return "".join(LETTERS[byte % 16] for byte in os.urandom(CODE_LENGTH))


def read_code(text: object) -> str:
    """A code as somebody typed it: blanks and small letters are forgiven. Raises InputError."""
    code = "".join(str(text).upper().split())
    if len(code) != CODE_LENGTH or not set(code) <= set(LETTERS):
        raise InputError(
            "code '{value}' is not a room's code",
            "it has {count} of the letters {letters}, as on the facilitator's screen",
            value=code,
            count=CODE_LENGTH,
            letters=LETTERS,
        )
    return code


def new_token() -> str:
    """128 bits that only their owner and his address know."""
    return os.urandom(16).hex()


def digest(token: object) -> str:
    """What is kept of a token."""
    return hashlib.sha256(str(token)[:200].encode("utf-8", "replace")).hexdigest()


def same_digest(token: str, other: str) -> bool:
    """Whether two digests are the same, in a time that tells nothing."""
    return hmac.compare_digest(token.encode(), other.encode())


def clean_text(text: object) -> str:
    """Plain text on one line: control, direction and other invisible characters are dropped."""
    printable = "".join(
        " " if letter.isspace() else letter
        for letter in str(text or "")[:1000]
        if letter.isspace() or unicodedata.category(letter)[0] not in "C"
    )
    return " ".join(unicodedata.normalize("NFC", printable).split())


def clean_name(text: object) -> str:
    """A name as plain text on one line. Raises InputError."""
    name = clean_text(text)
    if not name:
        raise InputError("name is empty", "write one, for example Team Tokyo")
    if len(name) > NAME_LENGTH:
        raise InputError(
            "name '{value}' has {count} characters",
            "use at most {high}",
            value=name,
            count=len(name),
            high=NAME_LENGTH,
        )
    return name
