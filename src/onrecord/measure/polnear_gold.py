"""This file reads attributions that people marked, in the form of the corpus PolNeAR: a folder with `text/` and `attributions/`.

`text/NAME.txt` holds an article, `attributions/NAME.ann` or `attributions/NAME_ANNOTATOR.ann` who says what in it, in brat's standoff form.
Where several people marked one article, the first by file name counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from onrecord.errors import BadInput
from onrecord.nets.attribution import Attribution, Spans

ROLES = ("source", "cue", "content")
# An article with its marks is some ten thousand characters; what is a thousand times as long is something else.
BIGGEST_FILE = 10_000_000


@dataclass(frozen=True, slots=True)
class Article:
    """A text with its marked attributions."""

    name: str
    text: str
    attributions: tuple[Attribution, ...]


def read_articles(folder: Path) -> list[Article]:
    """The articles of a folder by name; a folder of another shape, or a mark outside its text, is a `BadInput` that says where."""
    texts = {path.stem: path for path in sorted((folder / "text").glob("*.txt"))}
    marks: dict[str, Path] = {}
    for path in sorted((folder / "attributions").glob("*.ann")):
        stem = path.stem if path.stem in texts else path.stem.rpartition("_")[0]
        if stem not in texts:
            raise BadInput(f"{path} belongs to no text: {folder / 'text'} holds neither {path.stem}.txt nor {stem or '…'}.txt")
        marks.setdefault(stem, path)
    if not marks:
        raise BadInput(f"{folder} holds no attributions: it needs text/NAME.txt and attributions/NAME.ann")
    return [_article(stem, texts[stem], path) for stem, path in sorted(marks.items())]


def _article(name: str, text_path: Path, marks_path: Path) -> Article:
    text = _read(text_path)
    spans: dict[str, tuple[str, Spans]] = {}
    told: list[Attribution] = []
    rows = [line.split("\t") for line in _read(marks_path).split("\n")]
    for number, row in enumerate(rows, 1):
        if row[0][:1] == "T" and row[0][1:].isdigit():
            spans[row[0]] = _spans(f"{marks_path}:{number}", row, len(text))
    for row in rows:
        if row[0][:1] == "E" and row[0][1:].isdigit() and len(row) > 1:
            parts: dict[str, list[tuple[int, int]]] = {role: [] for role in ROLES}
            for argument in row[1].split():
                kind, places = spans.get(argument.partition(":")[2], ("", ()))
                if kind in parts:
                    parts[kind] += places
            if any(parts.values()):
                source, cue, content = (tuple(sorted(parts[role])) for role in ROLES)
                told.append(Attribution(source, cue, content))
    return Article(name, text, tuple(told))


def _spans(where: str, row: list[str], length: int) -> tuple[str, Spans]:
    """Kind and spans of a line such as `T2<TAB>Content 48 53;60 71<TAB>words`."""
    try:
        kind, _, places = row[1].partition(" ")
        found = tuple((int(start), int(end)) for start, end in (place.split() for place in places.split(";")))
    except (IndexError, ValueError) as error:
        raise BadInput(f"{where} is no mark of the form T1<TAB>Kind START END<TAB>words") from error
    if not all(0 <= start < end <= length for start, end in found):
        raise BadInput(f"{where} marks {places} in a text of {length} code points")
    return kind.lower(), found


def _read(path: Path) -> str:
    if path.stat().st_size > BIGGEST_FILE:
        raise BadInput(f"{path} is larger than {BIGGEST_FILE // 1_000_000} MB, too much for one article")
    try:
        # Offsets count every code point, so what cleaning would take out of a text is a space or a line's end here, of the same length.
        return path.read_bytes().decode("utf-8").replace("\r\n", " \n").replace("\r", "\n").replace("\0", " ")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is no UTF-8 text") from error
