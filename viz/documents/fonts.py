"""Letters to draw with. Pictures and PDF are written in DejaVu, which matplotlib brings along:
Latin, Greek, Cyrillic. What is said in other letters stands beside a picture as text, in the
reader's own fonts. A picture that stands alone and a PDF are written in a font of this computer;
where it has none, the picture is in English, and the PDF names a font that most of its readers
bring along (decision 0066).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from math import ceil
from pathlib import Path
from typing import Any, Final

PLAIN: Final = "DejaVu Sans"
WIDE: Final = "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"  # a square each
_SQUARE: Final = re.compile(f"[{WIDE}]")
OFFICE: Final[Mapping[str, str]] = {  # of Word and slides, for what Arial has no letters of
    "ja": "Yu Gothic",
    "ko": "Malgun Gothic",
    "zh": "Microsoft YaHei",
}
READERS: Final[Mapping[str, str]] = {  # of a PDF: most readers bring them along
    "ja": "HeiseiKakuGo-W5",
    "ko": "HYGothic-Medium",
    "zh": "STSong-Light",
}
LETTER: Final = 0.52  # width of a usual letter over its height
RESTRICTED: Final = 0x0002  # of a font's licence: it must not be embedded
FILES: Final[Mapping[str, tuple[str, ...]]] = {  # how files of fonts begin that computers have
    "ja": (
        "NotoSansCJK",
        "NotoSansJP",
        "ipaexg",
        "ipag",
        "Hiragino",
        "YuGoth",
        "meiryo",
        "msgothic",
    ),
}


def is_square(letter: str) -> bool:
    """Whether a letter fills a square, and a line may end behind it."""
    return bool(_SQUARE.match(letter))


def lines_of(text: str, points: float, inches: float) -> int:
    """About how many lines a text needs at a width: most letters are half as wide as high."""
    letters = sum(1.0 if is_square(letter) else LETTER for letter in text)
    return max(1, ceil(letters * points / 72 / inches * 1.03))


def has_all_glyphs(texts: Iterable[str]) -> bool:
    """Whether DejaVu has all letters of these texts."""
    from matplotlib.font_manager import FontProperties, findfont

    return _has_all(findfont(FontProperties(family=PLAIN)), texts)


def family_for(texts: Iterable[str], code: str) -> str:
    """A font that has the letters of these texts, as matplotlib knows it: DejaVu, else one of this
    computer for their language; '' where there is none.
    """
    told = list(texts)
    if has_all_glyphs(told):
        return PLAIN
    path = font_file(told, code)
    return _family(path) if path else ""


def true_type(texts: Iterable[str], code: str, weight: str = "normal") -> bytes:
    """The letters of texts out of a font of this computer, as a TrueType font that a PDF may hold;
    none where it has no font with them, or one that must not be passed on.
    """
    told = "".join(texts)
    path = font_file([told], code, weight)
    return _subset(path, "".join(sorted(set(told)))) if path else b""


def font_file(texts: Iterable[str], code: str, weight: str = "normal") -> str:
    """A file with the letters of these texts, for this language; '' where this computer has
    none.
    """
    path = _file_of(FILES.get(code, ()), weight)
    return path if path and _has_all(path, texts) else ""


@cache
def _file_of(begins: tuple[str, ...], weight: str) -> str:
    """The file of a font of this computer whose name begins so, the first choice first."""
    from matplotlib.font_manager import findSystemFonts

    paths = sorted(findSystemFonts()) if begins else []
    for begin in begins:
        found = [path for path in paths if Path(path).stem.lower().startswith(begin.lower())]
        bold = [path for path in found if Path(path).stem.lower().endswith(("bold", "b"))]
        plain = [path for path in found if Path(path).stem.lower().endswith(("regular", "w3"))]
        if found:
            return (bold if weight == "bold" and bold else plain or found)[0]
    return ""


@cache
def _family(path: str) -> str:
    """The name by which matplotlib knows a file from now on."""
    from matplotlib.font_manager import FontProperties, fontManager

    fontManager.addfont(path)
    return str(FontProperties(fname=path).get_name())


def _has_all(path: str, texts: Iterable[str]) -> bool:
    held = _letters(path)
    return all(ord(letter) in held or letter.isspace() for letter in "".join(texts))


@cache
def _letters(path: str) -> frozenset[int]:
    """The letters of a font."""
    from matplotlib.font_manager import get_font

    return frozenset(get_font(path).get_charmap())


@lru_cache(maxsize=8)
def _subset(path: str, letters: str) -> bytes:
    """A font with these letters and no others; outlines of cubic curves as quadratic ones."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    font = TTFont(path, fontNumber=0, recalcTimestamp=False)
    if "OS/2" not in font or font["OS/2"].fsType & RESTRICTED:
        return b""
    options = Options(layout_features=[], notdef_outline=True)
    options.drop_tables += ["BASE", "DSIG", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    chosen = Subsetter(options)
    chosen.populate(text=letters)
    chosen.subset(font)
    if "CFF " in font:
        _quadratic(font)
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()


def _quadratic(font: Any) -> None:
    """Outlines of an OpenType font (CFF) as those of TrueType, to a thousandth of the height."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import newTable

    order, drawn, glyphs = font.getGlyphOrder(), font.getGlyphSet(), {}
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, font["head"].unitsPerEm / 1000, reverse_direction=True))
        glyphs[name] = pen.glyph()
    del font["CFF "]
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for name in ("TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements"):
        setattr(maxp, f"max{name}", 0)
    maxp.maxZones, maxp.maxSizeOfInstructions = 1, 0
    maxp.maxComponentElements = maxp.maxComponentDepth = 0
    font["post"].formatType = 3.0
    font.sfntVersion = "\000\001\000\000"
