"""Takes a JSON list apart that is too long to be held: one value at a time, none larger than a report may be."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from onrecord.read.pages import MOST_BYTES

PIECE = 1 << 20
BLANK = re.compile(r"[\s,]*")


def list_items(start: bytes, stream: BinaryIO) -> Iterator[Any]:
    """The values of a list whose first bytes were read already, in order; None, and the end, where it is broken or an item too large."""
    decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
    parse = json.JSONDecoder().raw_decode
    text, ended = decode(start), False
    place = text.index("[") + 1
    while True:
        place = _after_blanks(text, place)
        if place < len(text) and text[place] == "]":
            return
        try:
            # A value that touches the end may go on behind it.
            item, end = parse(text, place)
            whole = end < len(text) or ended
        except (ValueError, RecursionError):
            whole = False
        if whole:
            yield item
            place = end
            continue
        piece = b"" if ended else stream.read(max(PIECE, len(text) - place))
        if ended or len(text) - place > MOST_BYTES:
            yield None
            return
        ended = not piece
        text, place = text[place:] + decode(piece, ended), 0


def _after_blanks(text: str, place: int) -> int:
    match = BLANK.match(text, place)
    return match.end() if match else place
