"""This file reads sentences with a marked pair and what the one did to the other, in the form of the set PLV: a tab-separated table.

Needed are `marked_sentence` (with `<s>actor</s>` and `<t>recipient</t>`) and `gold_root`, a root of PLOVER in capitals.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from onrecord.errors import BadInput
from onrecord.nets.roots import NONE

COLUMNS = ("marked_sentence", "gold_root")
# The set joins two roots of PLOVER into one.
JOINED = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}
BIGGEST_FILE = 200_000_000
MARK = re.compile(r"</?[st]>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence without its marks, where its actor and recipient stand (code points, None where it names none), and its root by people."""

    sentence: str
    actor: tuple[int, int] | None
    recipient: tuple[int, int] | None
    root: str


def read_pairs(path: Path) -> list[Pair]:
    """The rows of a table, packed (`.gz`) or not; a table without the two columns, or a row without both marks, is a `BadInput`."""
    reader = csv.DictReader(io.StringIO(_read(path)), delimiter="\t", quoting=csv.QUOTE_NONE)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise BadInput(f"{path} has no column {' and no column '.join(missing)}; its first line must name tab-separated columns")
    try:
        pairs = [_pair(f"{path}:{reader.line_num}", row) for row in reader]
    except csv.Error as error:
        raise BadInput(f"{path}:{reader.line_num}: {error}") from error
    if not pairs:
        raise BadInput(f"{path} holds a head and no row")
    return pairs


def _pair(where: str, row: dict[str, str | None]) -> Pair:
    marked, root = row["marked_sentence"] or "", (row["gold_root"] or "").strip().upper()
    if not root:
        raise BadInput(f"{where}: gold_root is empty; it names a root of PLOVER, or {NONE}")
    pieces: list[str] = []
    places: dict[str, int] = {}
    at = length = 0
    for mark in MARK.finditer(marked):
        pieces.append(marked[at : mark.start()])
        length, at = length + len(pieces[-1]), mark.end()
        places.setdefault(mark.group().lower(), length)
    sentence = "".join(pieces) + marked[at:]
    if not sentence.strip():
        raise BadInput(f"{where}: marked_sentence is empty")
    return Pair(sentence, _span(where, places, "s"), _span(where, places, "t"), root)


def _span(where: str, places: dict[str, int], name: str) -> tuple[int, int] | None:
    """What stands between a mark's two ends; None where the sentence names nobody in that role."""
    if f"<{name}>" not in places and f"</{name}>" not in places:
        return None
    start, end = places.get(f"<{name}>", -1), places.get(f"</{name}>", -1)
    if not 0 <= start < end:
        raise BadInput(f"{where}: marked_sentence has <{name}> without </{name}> after it, or nothing between them")
    return start, end


def _read(path: Path) -> str:
    if path.stat().st_size > BIGGEST_FILE:
        raise BadInput(f"{path} is larger than {BIGGEST_FILE // 1_000_000} MB; split it")
    try:
        if path.suffix != ".gz":
            return path.read_text(encoding="utf-8-sig")
        with gzip.open(path) as packed:
            content = packed.read(BIGGEST_FILE + 1)
    except (EOFError, OSError, UnicodeDecodeError, zlib.error) as error:
        raise BadInput(f"{path} cannot be read as UTF-8 text: {error}") from error
    if len(content) > BIGGEST_FILE:
        raise BadInput(f"{path} unpacks to more than {BIGGEST_FILE // 1_000_000} MB; split it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} cannot be read as UTF-8 text: {error}") from error
