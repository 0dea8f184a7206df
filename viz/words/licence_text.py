"""Licences in words: what an office answers, and how a licence ends."""

from __future__ import annotations

from typing import Final

ANSWERS: Final = {
    "waits": "",  # the page counts its months
    "granted": "granted",
    "refused": "refused",
    "returned": "sent back for more papers",
    "lapsed": "lapsed: no licence needed any more, or nothing may go",
    "passed over": "laid aside: on a watch list",
    "filed anew": "filed anew: a ban on military use asks for papers on the use",
}
ENDS: Final = {
    "": "",
    "used up": "used up",
    "run out": "ran out",
    "void": "void: taken back, or not needed any more",
}
