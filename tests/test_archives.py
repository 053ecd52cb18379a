"""Containers: every report within is read, and what was made to harm costs one line, not the run."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from onrecord.collect import read_documents
from onrecord.read import archives, letters, streams
from onrecord.records import Document, Issue
from samples_made import answer, pdf, warc_record

BODY = "Norland will buy twelve Falke fighters from Sudland, the defence ministry said on Monday. Deliveries begin next year."
PAGE = f"<html><head><title>Norland buys fighters</title></head><body><article><p>{BODY}</p></article></body></html>"
REPORT = json.dumps({"id": "r1", "text": BODY})


def zipped(members: dict[str, bytes | str], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def tarred(members: dict[str, bytes | str], change: Callable[[tarfile.TarInfo], None] = lambda _: None) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            body = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size = len(body)
            change(member)
            archive.addfile(member, io.BytesIO(body))
    return out.getvalue()


def read(path: Path) -> tuple[list[Document], list[Issue]]:
    found = list(read_documents([path]))
    return [item for item in found if isinstance(item, Document)], [i for i in found if isinstance(i, Issue) and not i.notice]


def read_bytes(folder: Path, content: bytes, name: str = "input") -> tuple[list[Document], list[Issue]]:
    (folder / name).write_bytes(content)
    return read(folder / name)


MEMBERS: dict[str, bytes | str] = {"b/page.html": PAGE, "a.txt": BODY, "r.json": REPORT, "pack.txt.gz": gzip.compress(BODY.encode()),
                                   "__MACOSX/._a.txt": b"\x00\x05", ".hidden.txt": BODY, "paper.pdf": pdf(BODY)}  # fmt: skip
ARCHIVES: dict[str, Callable[[], bytes]] = {
    "zip": lambda: zipped(MEMBERS),
    "tar": lambda: tarred(MEMBERS),
    "tar.gz": lambda: gzip.compress(tarred(MEMBERS)),
    "tar.bz2": lambda: bz2.compress(tarred(MEMBERS)),
    "tar.xz": lambda: lzma.compress(tarred(MEMBERS)),
    "zip in a zip": lambda: zipped({"inner.zip": zipped(MEMBERS)}),
    "zip in a tar.gz": lambda: gzip.compress(tarred({"inner.zip": zipped(MEMBERS)})),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_every_report_of_an_archive_is_read(tmp_path: Path, kind: str) -> None:
    documents, issues = read_bytes(tmp_path, ARCHIVES[kind]())
    assert sorted(document.key for document in documents) == ["a", "pack", "page", "paper", "r1"]
    assert [issue.what for issue in issues] == []
    assert all(document.uri.startswith(str(tmp_path / "input") + "/") for document in documents)


@pytest.mark.parametrize("name", ["../../up.txt", "/etc/abs.txt", "a/../../up.txt", "C:\\up.txt", "..\\up.txt"])
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_names_that_lead_out_of_an_archive_are_refused(tmp_path: Path, pack: Callable[[dict[str, bytes | str]], bytes], name: str) -> None:
    documents, (issue,) = read_bytes(tmp_path, pack({name: BODY, "good.txt": BODY}))
    assert [document.key for document in documents] == ["good"]
    assert "leads out of the archive" in issue.what and name in issue.where
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["input"]


def _link(member: tarfile.TarInfo) -> None:
    if member.name == "bad.txt":
        member.type, member.linkname, member.size = tarfile.SYMTYPE, "/etc/passwd", 0


def _sparse(member: tarfile.TarInfo) -> None:
    if member.name == "bad.txt":
        member.type = tarfile.GNUTYPE_SPARSE


@pytest.mark.parametrize("change", [_link, _sparse])
def test_links_and_holes_in_a_tar_are_left_out(tmp_path: Path, change: Callable[[tarfile.TarInfo], None]) -> None:
    documents, (issue,) = read_bytes(tmp_path, tarred({"good.txt": BODY, "bad.txt": b""}, change))
    assert [document.key for document in documents] == ["good"]
    assert "no plain file" in issue.what


def test_a_tar_header_that_claims_gigabytes_is_not_believed(tmp_path: Path) -> None:
    def claim(member: tarfile.TarInfo) -> None:
        member.type, member.size = tarfile.XHDTYPE, 8 << 30

    head = tarfile.TarInfo("x")
    claim(head)
    _, (issue,) = read_bytes(tmp_path, head.tobuf(tarfile.GNU_FORMAT) + bytes(10240))
    assert "broken or cut off" in issue.what


def test_nesting_has_an_end(tmp_path: Path) -> None:
    content: bytes = BODY.encode()
    for number in range(12):
        content = zipped({f"level{number}.zip" if number else "a.txt": content}, method=zipfile.ZIP_STORED)
    documents, (issue,) = read_bytes(tmp_path, content)
    assert documents == [] and "packed more than 5 times over" in issue.what


def bomb_of_gzip() -> bytes:
    return gzip.compress(bytes(60_000_000), 9)


BOMBS: dict[str, Callable[[], bytes]] = {
    "gzip": bomb_of_gzip,
    "gzip in gzip": lambda: gzip.compress(gzip.compress(bytes(60_000_000), 9)),
    "bzip2": lambda: bz2.compress(bytes(60_000_000)),
    "xz": lambda: lzma.compress(bytes(60_000_000)),
    "lines that never end": lambda: gzip.compress(b'{"text": "' + b"a" * 60_000_000),
    "tar": lambda: gzip.compress(tarred({"a.jsonl": b"a" * 60_000_000})),
    "zip of one large member": lambda: zipped({"a.jsonl": b"a" * 60_000_000}),
    "zip of many members": lambda: zipped({f"{number}.jsonl": b"a" * 6_000_000 for number in range(10)}),
    "zip in a zip": lambda: zipped({"inner.zip": zipped({"a.jsonl": b"a" * 60_000_000})}),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_bombs_cost_a_line(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "FREE", 20_000_000)
    (tmp_path / "input").write_bytes(BOMBS[kind]())
    tracemalloc.start()
    documents, issues = read(tmp_path / "input")
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # The longest line that a reader may hold is 20 MB, and it is in two hands for a moment.
    assert held < 64_000_000
    assert documents == [] and 1 <= len(issues) <= 10
    assert any("a bomb" in issue.what or "binary data" in issue.what for issue in issues)
    assert "a bomb" in issues[-1].what or kind in ("gzip", "gzip in gzip", "bzip2", "xz")


def test_what_a_bomb_holds_is_never_unpacked_whole(tmp_path: Path) -> None:
    counted = streams.Meter(lambda: 1000)
    with pytest.raises(streams.Bomb):
        for _ in range(100):
            counted.take(1_000_000)
    assert counted.unpacked <= streams.FREE + 1_000_000


def test_xz_that_asks_for_gigabytes_of_memory_is_refused(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 512 << 20}]
    compressor = lzma.LZMACompressor(format=lzma.FORMAT_XZ, filters=[{"id": lzma.FILTER_LZMA2, "preset": 0}])
    small = compressor.compress(BODY.encode()) + compressor.flush()
    large = bytearray(small)
    # The block header's fifth property byte holds the size of the dictionary: 40 asks for 4 GB. Its checksum is set anew.
    place = small.index(b"\x21\x01") + 2
    large[place] = 40
    import zlib

    size = (large[12] + 1) * 4
    large[12 + size - 4 : 12 + size] = zlib.crc32(bytes(large[12 : 12 + size - 4])).to_bytes(4, "little")
    assert filters
    _, (issue,) = read_bytes(tmp_path, bytes(large))
    assert "broken or cut off" in issue.what and "emory" in issue.todo


BROKEN: dict[str, bytes] = {
    "cut zip": zipped({"a.txt": BODY})[:80],
    "cut tar.gz": gzip.compress(tarred({"a.txt": BODY * 500}))[:150],
    "cut gzip": gzip.compress(BODY.encode() * 50)[:60],
    "cut bzip2": bz2.compress(BODY.encode() * 50)[:60],
    "cut xz": lzma.compress(BODY.encode() * 50)[:60],
    "member before the start": zipped({"a.txt": BODY})[:4] + zipped({"a.txt": BODY})[24:],
    "tar with a number that is none": tarred({"a.txt": BODY})[:124] + b"\xff" * 12 + tarred({"a.txt": BODY})[136:],
    "tar cut off within a member": tarred({"a.txt": BODY * 100})[:3000],
    "broken member": zipped({"a.txt": BODY}, method=zipfile.ZIP_STORED).replace(b"twelve", b"eleven"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_archives_give_one_issue(tmp_path: Path, kind: str) -> None:
    documents, (issue,) = read_bytes(tmp_path, BROKEN[kind])
    assert documents == [] and "broken or cut off" in issue.what and issue.todo


def test_one_broken_member_does_not_stop_the_rest(tmp_path: Path) -> None:
    content = zipped({"a.txt.gz": gzip.compress(BODY.encode() * 9)[:40], "b.txt": BODY})
    documents, (issue,) = read_bytes(tmp_path, content)
    assert [document.key for document in documents] == ["b"] and issue.where.endswith("a.txt.gz")


def test_a_member_without_a_name_is_read(tmp_path: Path) -> None:
    content = zipped({"a": BODY}, method=zipfile.ZIP_STORED)
    directory, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    member = content[:26] + b"\x00\x00" + content[28:30] + content[31:directory]
    listed = content[directory : directory + 28] + b"\x00\x00" + content[directory + 30 : directory + 46] + content[directory + 47 : end]
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(listed), len(member), 0)
    documents, issues = read_bytes(tmp_path, member + listed + last)
    assert documents == [] and ["no reader for a name without suffix" in issue.what for issue in issues] == [True]


def test_locked_member_is_named(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": BODY}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    _, (issue,) = read_bytes(tmp_path, bytes(content))
    assert "password" in issue.what and issue.where.endswith("input/a.txt")


def test_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    for content in (zipped({f"{n}.txt": BODY for n in range(5)}), tarred({f"{n}.txt": BODY for n in range(5)})):
        *_, issue = read_bytes(tmp_path, content)[1]
        assert "more than 3 members" in issue.what
    monkeypatch.setattr(archives, "MOST_DIRECTORY", 100)
    assert "more than 3 members" in read_bytes(tmp_path, zipped({f"{n}.txt": BODY for n in range(3)}))[1][0].what


def test_a_line_of_a_gigabyte_is_passed_over(tmp_path: Path) -> None:
    # Read from a pipe that makes it on the way: 300 MB are as good as a gigabyte here, and none of it is held.
    class Long(io.RawIOBase):
        left = 300_000_000

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            if self.left > 0:
                size = min(len(buffer), self.left)
                buffer[:size] = b"a" * size
                self.left -= size
                return size
            rest = b'"}\n' + REPORT.encode() if self.left == 0 else b""
            self.left = -1
            buffer[: len(rest)] = rest
            return len(rest)

    from onrecord.read.reports import read_json_lines

    large, report = read_json_lines("f.jsonl", io.BufferedReader(Long(), 1 << 16))
    assert isinstance(large, Issue) and "larger than one report" in large.what
    assert not isinstance(report, Issue) and report.hints["key"] == "r1"


CODED = PAGE.replace("Monday", "“Monday”").encode("cp1253")
ARCHIVED = b"".join([
    warc_record("warcinfo", "", b"software: x"),
    warc_record("request", "https://a.example/1", b"GET / HTTP/1.1\r\n\r\n"),
    warc_record("response", "https://www.a.example/news/one.html?utm_source=x", answer(PAGE.encode())),
    warc_record("revisit", "https://a.example/1", answer(b"")),
    warc_record("response", "https://a.example/logo.png", answer(b"\x89PNG", media="image/png")),
    warc_record("response", "https://a.example/gone", answer(PAGE.encode(), status="404 Not Found")),
    warc_record("response", "https://a.example/cut", answer(PAGE.encode()), headers="WARC-Truncated: length\r\n"),
    warc_record("response", "https://a.example/paper.pdf", answer(pdf(BODY), media="application/pdf")),
    warc_record("response", "https://a.example/packed", answer(gzip.compress(PAGE.encode()), headers="Content-Encoding: gzip\r\n")),
    warc_record(
        "response", "https://a.example/chunked",
        answer(f"{len(PAGE):x}\r\n{PAGE}\r\n0\r\n\r\n".encode(), headers="Transfer-Encoding: chunked\r\n"),
    ),
    warc_record("response", "https://a.example/coded", answer(CODED, media="text/html; charset=cp1253")),
    warc_record("conversion", "https://a.example/text", BODY.encode()),
])  # fmt: skip


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
def test_web_archive(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    documents, issues = read_bytes(tmp_path, pack(ARCHIVED), "any.name")
    assert [document.key for document in documents] == [
        "a.example/news/one.html", "a.example/paper.pdf", "a.example/packed", "a.example/chunked", "a.example/coded", "a.example/text",
    ]  # fmt: skip
    assert documents[0].read == "2020-07-24" and documents[0].uri.startswith("https://www.a.example/news/one.html")
    assert all("Falke" in document.text for document in documents) and "“Monday”" in documents[4].text
    reasons = sorted(issue.what.partition(":")[0] for issue in issues)
    assert reasons == ["a revisit, whose page is another record", "answered 404", "cut off when it was archived", "no page (image/png)"]
    assert all("(1 records)" in issue.where for issue in issues)


def test_web_archive_packed_record_by_record_and_cut_off(tmp_path: Path) -> None:
    good = gzip.compress(warc_record("response", "https://a.example/1", answer(PAGE.encode())))
    documents, issues = read_bytes(tmp_path, good + good[: len(good) // 2])
    assert [document.key for document in documents] == ["a.example/1"]
    assert len(issues) <= 1


@pytest.mark.parametrize(("packed", "left"), [(False, 60), (False, 250), (False, 420), (True, 150)])
def test_a_web_archive_that_breaks_off_says_so(tmp_path: Path, packed: bool, left: int) -> None:
    parts = [warc_record("response", f"https://a.example/{number}", answer(PAGE.encode())) for number in range(2)]
    one, two = (gzip.compress(part) if packed else part for part in parts)
    documents, issues = read_bytes(tmp_path, one + two[:left])
    assert [document.key for document in documents] == ["a.example/0"]
    assert [issue.what for issue in issues if "breaks off" in issue.what], issues
    assert all("again" in issue.todo for issue in issues if "breaks off" in issue.what)


def test_web_archive_whose_page_is_a_bomb(tmp_path: Path) -> None:
    bomb = answer(gzip.compress(b"<p>" + b" " * 40_000_000), headers="Content-Encoding: gzip\r\n")
    content = warc_record("response", "https://a.example/bomb", bomb) + warc_record(
        "response", "https://a.example/1", answer(PAGE.encode())
    )
    documents, (issue,) = read_bytes(tmp_path, content)
    assert [document.key for document in documents] == ["a.example/1"] and "larger than one report" in issue.what


LETTER = """From: "Harbour Wire" <news@example.org>
To: desk@example.org
Subject: =?utf-8?q?Norland_buys_fighters_=E2=80=93_ministry?=
Date: Thu, 23 Jul 2020 08:00:00 +0200
Message-ID: <n1@example.org>
MIME-Version: 1.0
"""
PLAIN = f"{LETTER}Content-Type: text/plain; charset=utf-8\n\n{BODY}\n\n-- \nHarbour Wire, 1 Quay\n"
BOTH = (
    f'{LETTER}Content-Type: multipart/alternative; boundary="x"\n\n--x\nContent-Type: text/plain\n\nView this in a browser.\n'
    f"--x\nContent-Type: text/html; charset=windows-1252\nContent-Transfer-Encoding: 8bit\n\n"
    f"<table><tr><td><p>{BODY}</p></td></tr></table>\n--x--\n"
)


def with_attachment(content: bytes, name: str) -> str:
    import base64

    packed = base64.encodebytes(content).decode()
    return (
        f'{LETTER}Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\n\n{BODY}\n--x\n'
        f'Content-Type: application/octet-stream\nContent-Disposition: attachment; filename="{name}"\n'
        f"Content-Transfer-Encoding: base64\n\n{packed}\n--x--\n"
    )


@pytest.mark.parametrize("letter", [PLAIN, BOTH, PLAIN.replace("\n", "\r\n")], ids=["plain", "both", "crlf"])
def test_letter(tmp_path: Path, letter: str) -> None:
    (document,), issues = read_bytes(tmp_path, letter.encode(), "news.eml")
    assert document.text == BODY and issues == []
    assert (document.title, document.outlet, document.published) == ("Norland buys fighters – ministry", "Harbour Wire", "2020-07-23")
    assert document.key == "news"


def test_letter_with_reports_attached(tmp_path: Path) -> None:
    documents, _ = read_bytes(tmp_path, with_attachment(pdf("Sudland will " + BODY), "paper.pdf").encode())
    assert [document.key for document in documents] == ["input", "paper"]
    _, issues = read_bytes(tmp_path, with_attachment(b"\x89PNG\r\n\x1a\n", "logo.png").encode())
    assert ["picture" in issue.what for issue in issues] == [True]


def test_mailbox(tmp_path: Path) -> None:
    letters_in = [
        PLAIN,
        BOTH.replace("n1@", "n2@"),
        PLAIN.replace("Message-ID: <n1@example.org>\n", "").replace(BODY, f">From here on {BODY}"),
    ]
    content = "\n".join(f"From news@example.org Thu Jul 23 08:00:00 2020\n{letter}" for letter in letters_in)
    documents, issues = read_bytes(tmp_path, content.encode(), "news.txt")
    assert [document.key for document in documents] == ["n1@example.org", "n2@example.org", "news-3"] and issues == []
    assert len({document.uri for document in documents}) == 3
    assert documents[2].text.startswith("From here on Norland")


def test_a_letter_too_large_for_a_mailbox_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "MOST_BYTES", 2000)
    line = "From news@example.org Thu Jul 23 08:00:00 2020\n"
    content = f"{line}{PLAIN}{'word ' * 1000}\n\n{line}{PLAIN}"
    documents, (issue,) = read_bytes(tmp_path, content.encode())
    assert len(documents) == 1 and "letter 1" in issue.where and "larger than one report" in issue.what


@pytest.mark.parametrize(
    ("letter", "what"),
    [
        (LETTER + "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(3000)), "more than 100 parts"),
        (LETTER + "Content-Type: text/plain; " + "a=b; " * 200_000 + "\n\nwords", "far too long"),
        (LETTER + "Subject: x\n" + " y\n" * 200_000 + "\nwords", "far too long"),
        (LETTER + "Content-Type: text/plain\n\n", "without a text"),
        (LETTER + "Content-Type: image/png\n\nabc", "without a text"),
    ],
    ids=["nested", "long", "folded", "empty", "picture"],
)
def test_letters_that_hold_no_report(tmp_path: Path, letter: str, what: str) -> None:
    documents, (issue,) = read_bytes(tmp_path, letter.encode())
    assert documents == [] and what in issue.what and issue.todo


def test_a_saved_page_of_a_browser(tmp_path: Path) -> None:
    head = "From: <Saved by Blink>\nSnapshot-Content-Location: https://a.example/1\nSubject: t\n"
    head += "Date: Thu, 23 Jul 2026 08:00:00 +0200\nMIME-Version: 1.0\n"
    page = PAGE.replace("<article>", "<nav><a href='/'>Home</a><a href='/more'>More news of today</a></nav><article>")
    content = f'{head}Content-Type: multipart/related; type="text/html"; boundary="x"\n\n--x\nContent-Type: text/html\n\n{page}\n--x--\n'
    (document,), _ = read_bytes(tmp_path, content.encode(), "page.mht")
    assert "Falke" in document.text and "Home" not in document.text
    assert document.published is None
