"""The original texts that the copies bench starts from: permitted corpora in a folder of their own, and this project's annotated reports.

The corpora stay where they are: none of their texts is part of this project. `FOLDER/us_speeches` (NLTK's State of the Union and
inaugural addresses), `FOLDER/polnear` (PolNeAR), `FOLDER/re3d` (Dstl's re3d), `FOLDER/gum_news` (GUM); one that is missing is left out.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from variations import Text, later, outlet, sentences

GOLD = Path(__file__).parent.parent / "gold"
# A long text gives several originals of about a news report's length, in words.
SHORTEST, LONGEST = 110, 420


def originals(folder: Path, chance: random.Random) -> list[Text]:
    """Originals with invented outlets and days, from all corpora that the folder holds and from the project's reports."""
    made = []
    for corpus, texts in (("speeches", speeches(folder)), ("polnear", polnear(folder)), ("re3d", re3d(folder)), ("gum", gum(folder))):
        pieces = (piece for text in texts for piece in split(text, chance))
        for number, piece in enumerate(pieces):
            title = " ".join(piece.split()[:9])
            made.append(Text(f"{corpus}-{number}", piece, title, outlet(chance), later("2015-01-01", chance.randint(0, 2000)), corpus))
    for name in ("train", "more"):
        for path in sorted((GOLD / name).glob("*.json")):
            report = json.loads(path.read_text(encoding="utf-8"))
            made.append(Text(f"gold-{report['id']}", report["text"], report["title"], report["outlet"], report["published"], "gold"))
    return made


def split(text: str, chance: random.Random) -> Iterator[str]:
    """Stretches of a text as long as news reports, that do not overlap; the end of it is left out where it is too short."""
    stretch: list[str] = []
    length, wanted = 0, chance.randint(SHORTEST, LONGEST)
    for sentence in sentences(text):
        stretch.append(sentence)
        length += len(sentence.split())
        if length >= wanted:
            yield "\n\n".join(" ".join(stretch[n : n + 3]) for n in range(0, len(stretch), 3))
            stretch, length, wanted = [], 0, chance.randint(SHORTEST, LONGEST)
    if length >= SHORTEST:
        yield " ".join(stretch)


def speeches(folder: Path) -> Iterator[str]:
    """Addresses of presidents of the United States, which are in the public domain."""
    for path in sorted(folder.glob("us_speeches/*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".txt"):
                    yield _whole_lines(archive.read(name).decode("utf-8", "replace"))


def polnear(folder: Path) -> Iterator[str]:
    """News articles of PolNeAR."""
    for path in sorted(folder.glob("polnear/*.tar.gz")):
        with tarfile.open(path) as archive:
            for member in sorted(archive.getmembers(), key=lambda member: member.name):
                file = archive.extractfile(member) if re.search(r"/text/.*\.txt$", member.name) else None
                if file is not None:
                    yield file.read().decode("utf-8", "replace")


def re3d(folder: Path) -> Iterator[str]:
    """Official texts of re3d."""
    for path in sorted(folder.glob("re3d/*/documents.json.gz")):
        for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
            if line.strip():
                yield str(json.loads(line)["text"])


def gum(folder: Path) -> Iterator[str]:
    """News and interviews of GUM, from its tokens."""
    for path in sorted(folder.glob("gum_news/*.tar.xz")):
        with tarfile.open(path) as archive:
            for member in sorted(archive.getmembers(), key=lambda member: member.name):
                file = archive.extractfile(member) if member.name.endswith(".conllu") else None
                if file is not None:
                    lines = io.TextIOWrapper(file, encoding="utf-8")
                    yield " ".join(line.removeprefix("# text = ").strip() for line in lines if line.startswith("# text = "))


def _whole_lines(text: str) -> str:
    """A text whose lines were broken to a width, with its paragraphs as lines."""
    return "\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
