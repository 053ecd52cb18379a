"""Turns bytes into text: encodings by mark, by trial and by guess, mixed ones piece by piece, and mojibake where it is certain."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{3,20})""", re.IGNORECASE)
SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
RUN = re.compile(rb"(?:[\x00-\x7f]|" + SEQUENCE.pattern + rb")+")
GUESSES = "cp1252 cp1251 cp1250 cp1254 cp1253 koi8-r iso8859-2 cp866 cp1256 gb18030 shift_jis euc-kr big5".split()
# English prose in a Western encoding has few bytes above 127 (dashes, quotation marks, some accents); measured on our samples it stays
# under 3 in 100, other alphabets lie above 30. A guess is only asked for above this share.
MOSTLY_ASCII = 0.08
# Only letters and signs that news text really holds are taken for repaired mojibake; anything else is left as written.
PLAUSIBLE = re.compile("[\u00a0-\u017f\u2010-\u203a\u20ac\u2122\u0400-\u045f]")
WEST = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(0x80, 0xC0))
GARBLED = re.compile(f"[\u00c2-\u00f4][{re.escape(WEST)}]{{1,3}}")
GARBLED_CYRILLIC = re.compile("вЂ.")
# Marks that no reader sees; they break words for a search and a parser alike.
INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]")


def decode(body: bytes) -> str:
    """The text of some bytes; bytes that fit no encoding become U+FFFD, never an error."""
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return body[len(mark) if encoding == "utf-8" else 0 :].decode(encoding, "replace")
    wide = _wide(body)
    if wide:
        return body.decode(wide, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_narrow(body)


def is_binary(start: bytes) -> bool:
    """Whether the first bytes of a file are no text in any encoding that `decode` knows."""
    if any(start.startswith(mark) for mark, _ in MARKS) or _wide(start):
        return False
    odd = sum(1 for byte in start if byte < 9 or 13 < byte < 27 or 27 < byte < 32)
    return b"\x00" in start or odd * 50 > len(start)


def mend(text: str) -> str:
    """The text with certain mojibake undone; whatever could also be meant stays as it is."""
    for _ in range(2):
        mended = GARBLED_CYRILLIC.sub(lambda m: _undo(m.group(), "cp1251"), GARBLED.sub(lambda m: _undo(m.group(), "cp1252"), text))
        if mended == text:
            break
        text = mended
    return text


def plain_spaces(text: str) -> str:
    """The text of a page or text file without invisible marks and with plain spaces; never used on text handed in as data."""
    return SPACES.sub(" ", INVISIBLE.sub("", text))


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark shows in its zero bytes, which all lie at even or all at odd places."""
    sample = body[:2000]
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros, others = sample[first::2].count(0), sample[1 - first :: 2].count(0)
        if len(sample) >= 8 and zeros * 2.5 > len(sample) / 2 and not others:
            return encoding
    return None


def _decode_narrow(body: bytes) -> str:
    high = sum(byte > 127 for byte in body)
    whole = sum(len(sequence) for sequence in SEQUENCE.findall(body))
    if whole * 2 > high:  # UTF-8 was meant, and the rest was pasted in
        return _decode_mixed(body)
    declared = DECLARED.search(body[:4096])
    if declared:
        try:
            return body.decode(declared.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    best = from_bytes(body[:65536], cp_isolation=GUESSES).best() if high > MOSTLY_ASCII * len(body) else None
    return body.decode(best.encoding, "replace") if best else _decode_mixed(body)


def _decode_mixed(body: bytes) -> str:
    """UTF-8 where it is whole, Windows-1252 for each stray byte between."""
    pieces, end = [], 0
    for run in RUN.finditer(body):
        pieces += [body[end : run.start()].decode("cp1252", "replace"), run.group().decode("utf-8", "replace")]
        end = run.end()
    return "".join([*pieces, body[end:].decode("cp1252", "replace")])


def _undo(garbled: str, encoding: str) -> str:
    """The characters that were read in a wrong 8-bit encoding, or themselves where nothing plausible comes of it."""
    try:
        body = b"".join(c.encode("latin-1") if "\x80" <= c <= "\x9f" else c.encode(encoding) for c in garbled)
    except UnicodeEncodeError:
        return garbled
    for size in range(len(body), 1, -1):
        try:
            mended = body[:size].decode("utf-8")
        except UnicodeDecodeError:
            continue
        if len(mended) == 1 and PLAUSIBLE.match(mended):
            return mended + garbled[size:]
    return garbled
