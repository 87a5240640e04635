"""Turn the web fonts of the npm packages into the TrueType files that paper needs and the small woff2 that pages embed.

Typst reads TrueType and OpenType only and passes over woff2 without a word, and npm's packages cut each face into
ranges of letters; so the ranges that the project needs are merged into one file a face. The invisible marks that hold
dates and figures together (U+2066 to U+2069) get an empty glyph, so that no renderer looks for them in another font.

Run it after ``scripts/npm_ci.py fonts``. Same packages in, same bytes out.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "src" / "truceline" / "data" / "fonts"
WEIGHTS = {400: "Regular", 700: "Bold"}
FACES = (
    ("noto-sans", "Noto Sans", "NotoSans", ("latin", "latin-ext", "cyrillic")),
    ("noto-sans-arabic", "Noto Sans Arabic", "NotoSansArabic", ("arabic", "latin")),
    ("noto-serif", "Noto Serif", "NotoSerif", ("latin", "latin-ext", "cyrillic")),
    ("noto-sans-armenian", "Noto Sans Armenian", "NotoSansArmenian", ("armenian", "latin")),
    ("noto-serif-armenian", "Noto Serif Armenian", "NotoSerifArmenian", ("armenian", "latin")),
    ("noto-naskh-arabic", "Noto Naskh Arabic", "NotoNaskhArabic", ("arabic", "latin")),
)
INVISIBLE = (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202F, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069)
PAGE_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x18F, 0x18F),
    (0x259, 0x259),
    (0x400, 0x45F),
    (0x530, 0x58F),
    (0x600, 0x6FF),
    (0x2000, 0x2069),
    (0x20AC, 0x20AC),
    (0x2190, 0x22FF),
)
"""Letters that pages embed: Latin with its extensions for az and tr, Cyrillic, Armenian, Arabic, punctuation, signs."""
EPOCH = 3786912000  # 2024-01-01 in seconds since 1904, so that no build writes its own clock into a font


def main() -> int:
    """Install the packages where they are missing, then write every face."""
    parser = argparse.ArgumentParser(description="web fonts -> TrueType for paper, woff2 for pages")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for package, family, stem, ranges in FACES:
        for weight, style in WEIGHTS.items():
            font = face(package, ranges, weight)
            name(font, family, stem, style, weight)
            target = options.out / f"{stem}-{style}.ttf"
            font.save(target, reorderTables=True)
            web(target, options.out / f"{stem}-{style}.woff2")
            sys.stdout.write(f"{target.name} {target.stat().st_size}\n")
    licences(options.out / "OFL.txt")
    return 0


def face(package: str, ranges: tuple[str, ...], weight: int) -> TTFont:
    """Merge the ranges of one face into one font with empty glyphs for the invisible marks."""
    files = HERE / "node_modules" / "@fontsource" / package / "files"
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for letters in ranges:
            font = TTFont(files / f"{package}-{letters}-{weight}-normal.woff2")
            font.flavor = None
            part = Path(folder) / f"{letters}.ttf"
            font.save(part)
            parts.append(str(part))
        font = merge.Merger().merge(parts) if len(parts) > 1 else TTFont(parts[0])
        invisible(font)
        kept = Path(folder) / "face.ttf"
        font.save(kept)
        return TTFont(kept, recalcTimestamp=False, lazy=False)


def invisible(font: TTFont) -> None:
    """Map each invisible mark that the font lacks to a glyph without ink and width."""
    blank = "truceline.blank"
    missing = [mark for mark in INVISIBLE if mark not in font.getBestCmap()]
    if not missing:
        return
    font.setGlyphOrder([*font.getGlyphOrder(), blank])
    font["glyf"].glyphs[blank] = Glyph()
    font["hmtx"].metrics[blank] = (0, 0)
    space = font.getBestCmap()[0xA0]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update({mark: space if mark == 0x202F else blank for mark in missing})


def name(font: TTFont, family: str, stem: str, style: str, weight: int) -> None:
    """Give the merged face its family's name, so that it is found by it and named in the PDF."""
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in {0, 13, 14}]
    for number, text in (
        (1, family),
        (2, style),
        (3, f"Truceline;{stem}-{style}"),
        (4, f"{family} {style}" if style != "Regular" else family),
        (5, "Version 5.3"),
        (6, f"{stem}-{style}"),
    ):
        table.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = 0x20 if style == "Bold" else 0x40
    font["head"].macStyle = 1 if style == "Bold" else 0
    font["head"].created = font["head"].modified = EPOCH
    font.recalcTimestamp = False


def web(source: Path, target: Path) -> None:
    """Write the letters that a page embeds as woff2."""
    options = subset.Options(
        flavor="woff2", layout_features=["*"], notdef_outline=True, recalc_timestamp=False
    )
    font = subset.load_font(str(source), options)
    tool = subset.Subsetter(options)
    tool.populate(unicodes=[code for first, last in PAGE_RANGES for code in range(first, last + 1)])
    tool.subset(font)
    subset.save_font(font, str(target), options)


def licences(target: Path) -> None:
    """Write the Open Font License with the copyright line of each family before it."""
    lines: list[str] = []
    body = ""
    for package, family, *_ in FACES:
        text = (HERE / "node_modules" / "@fontsource" / package / "LICENSE").read_text(encoding="utf-8")
        head, _, rest = text.partition("\n")
        lines.append(f"{family}: {head.strip()}")
        body = rest.strip()
    target.write_text("\n".join([*lines, "", body, ""]), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
