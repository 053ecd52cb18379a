"""Coverage-guided fuzzing of the readers and the cleaner: whatever the bytes, they give documents and issues, in time and in bounds.

Not part of the suite. It needs atheris (`pip install atheris`) beside the project:

    nice -n 19 python tests/fuzz/fuzz_reading.py --kind all CORPUS_DIR -max_total_time=600 -timeout=20 -rss_limit_mb=2048

An input that breaks it lies in the working folder afterwards, as crash-…, timeout-… or oom-…; it is then made a test by hand.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import BinaryIO, cast

import atheris

sys.path.insert(0, str(Path(__file__).parent.parent))
LIBRARIES = ["onrecord.read", "onrecord.clean", "onrecord.characters", "feedparser", "pypdf", "email", "tarfile", "zipfile"]
with atheris.instrument_imports(include=LIBRARIES):
    from onrecord.clean.article import clean_raw
    from onrecord.read.files import Place, read_stream
    from onrecord.read.kinds import NAMES, find_kind
    from onrecord.read.streams import Meter
    from onrecord.records import Document, Issue, Raw
    from samples_made import answer, pdf, warc_record

SUFFIXES = ["", *NAMES]
BODY = "Norland will buy twelve Falke fighters from Sudland, the defence ministry said on Monday."
HEAD = "<head><title>t</title><meta property='og:site_name' content='H'></head>"
PAGE = f"<!DOCTYPE html><html>{HEAD}<body><article><p>{BODY}</p></article></body></html>"
DATED = "<link>https://a.example/1</link><pubDate>Thu, 23 Jul 2020 08:00:00 GMT</pubDate>"
ENTRY = f"<item><title>t</title>{DATED}<description>{BODY * 20}</description></item>"
LETTER = "From: a@example.org\nSubject: =?utf-8?q?t?=\nDate: Thu, 23 Jul 2020 08:00:00 +0200\nMIME-Version: 1.0\n"


def seeds() -> dict[str, bytes]:
    """One small input a kind, from which the fuzzer sets out."""
    packed, tape = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/b.txt", BODY)
    with tarfile.open(fileobj=tape, mode="w") as tar:
        member = tarfile.TarInfo("a.txt")
        member.size = len(BODY)
        tar.addfile(member, io.BytesIO(BODY.encode()))
    report = {"id": "r1", "text": BODY, "published": "2020-01-02", "publisher": {"name": "H"}}
    parts = f'{LETTER}Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain; charset=utf-8\n\n{BODY}\n--x--\n'
    archived = warc_record("response", "https://a.example/1", answer(PAGE.encode(), headers="Content-Encoding: identity\r\n"))
    return {
        "text": BODY.encode(), "page": PAGE.encode(), "json": json.dumps(report, indent=1).encode(),
        "lines": f"{json.dumps(report)}\n{json.dumps(report)}".encode(), "pdf": pdf(BODY, BODY), "packed_pdf": pdf(BODY, packed=True),
        "zip": packed.getvalue(), "tar": tape.getvalue(), "gzip": gzip.compress(BODY.encode()), "bzip2": bz2.compress(BODY.encode()),
        "xz": lzma.compress(BODY.encode()), "warc": archived, "letter": parts.encode(),
        "mailbox": f"From a Mon Jan  6 08:00:00 2020\n{parts}".encode(),
        "feed": f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{ENTRY}</channel></rss>'.encode(),
        "atom": f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>t</title><link href="https://a.example/1"/>'
                f'<content type="html">{BODY * 8}</content></entry></feed>'.encode(),
        "opml": b'<opml><body><outline xmlUrl="https://a.example/f"/></body></opml>',
        "sitemap": b"<urlset><url><loc>https://a.example/1</loc><lastmod>2020-01-01</lastmod></url></urlset>",
    }  # fmt: skip


def read_one(data: bytes) -> None:
    """Reads and cleans one input: the first byte chooses the name, the rest is the content."""
    if not data:
        return
    suffix, content = SUFFIXES[data[0] % len(SUFFIXES)], data[1:]
    if KIND != "all" and find_kind(content[:8192], suffix, named=True)[0] != KIND:
        return
    stream = cast(BinaryIO, io.BytesIO(content))
    for item in read_stream(f"input{suffix}", stream, Place(Meter(lambda: len(content)), None, True)):
        for given in clean_raw(item, read_day="2026-01-01") if isinstance(item, Raw) else [item]:
            check(given)


def check(given: Document | Issue) -> None:
    """What holds of everything that reading gives."""
    if isinstance(given, Issue):
        assert given.what and given.where
        given.where.encode()
        given.what.encode()
        return
    for said in (given.text, given.title, given.outlet, given.key, given.uri):
        assert "\x00" not in said
        said.encode()
    assert given.text.strip() and len(given.id) == 24
    assert all(0 <= start < end <= len(given.text) for start, end in (*given.furniture, *given.credit_spans))


def main() -> None:
    """Writes the seeds into the corpus and starts the fuzzer."""
    corpus = Path(next((argument for argument in sys.argv[1:] if not argument.startswith("-")), "corpus"))
    corpus.mkdir(exist_ok=True)
    for name, content in seeds().items():
        for number in (0, 4):
            (corpus / f"seed-{name}-{number}").write_bytes(bytes([number]) + content)
    # A table is told by its name alone.
    table = f'Date;Title;Text\n2020-07-23;"t ""u""";"{BODY}"\n;;\n'.encode()
    (corpus / "seed-table").write_bytes(bytes([SUFFIXES.index(".csv")]) + table)
    atheris.Setup(sys.argv, read_one)
    atheris.Fuzz()


KIND = "all"
if "--kind" in sys.argv:
    place = sys.argv.index("--kind")
    KIND = sys.argv[place + 1]
    del sys.argv[place : place + 2]
if __name__ == "__main__":
    main()
