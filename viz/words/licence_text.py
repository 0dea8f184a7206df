"""Licences in words: what an office answers, and how a licence ends."""

from __future__ import annotations

from typing import Final

from coercivity.viz.words.language import noted

ANSWERS: Final = {
    "waits": "",  # the page counts its months
    "granted": noted("granted"),
    "refused": noted("refused"),
    "returned": noted("sent back for more papers"),
    "lapsed": noted("lapsed: no licence needed any more, or nothing may go"),
    "passed over": noted("laid aside: on a watch list"),
    "filed anew": noted("filed anew: a ban on military use asks for papers on the use"),
}
ENDS: Final = {
    "": "",
    "used up": noted("used up"),
    "run out": noted("ran out"),
    "void": noted("void: taken back, or not needed any more"),
}
