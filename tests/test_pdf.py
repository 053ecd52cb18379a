"""PDF: lines become paragraphs without running heads and broken words, and a file that was built to harm costs a line."""

from __future__ import annotations

import io
import time

import pytest

from onrecord.read import pdf as reader
from onrecord.read.pdf import join_pages, read_pdf
from onrecord.records import Issue, Raw
from samples_made import assembled, pdf, stream


def read(content: bytes) -> Raw | Issue:
    (found,) = read_pdf("paper.pdf", io.BytesIO(content))
    return found


WIDE = "The ministry of defence of Norland said on Monday that it will buy twelve"
JOINED = {
    "lines of a paragraph": ([f"{WIDE}\nFalke fighters from Sudland.\nDeliveries begin."],
                             [f"{WIDE} Falke fighters from Sudland.", "Deliveries begin."]),
    "a blank line": ([f"{WIDE}\n\n{WIDE}"], [WIDE, WIDE]),
    "a heading": ([f"Norland buys fighters\n{WIDE}\nfighters."], ["Norland buys fighters", f"{WIDE} fighters."]),
    "a broken word": ([f"{WIDE} fight-\ners from Sudland."], [f"{WIDE} fighters from Sudland."]),
    "a compound at the line's end": ([f"{WIDE} air-\ndefence systems. The air and the defence of the air; defence is all."],
                                     [f"{WIDE} air-defence systems. The air and the defence of the air; defence is all."]),
    "a dash is no hyphen": ([f"{WIDE} F-\n16 fighters."], [f"{WIDE} F- 16 fighters."]),
    "over the page's end": ([f"{WIDE}\n1", f"fighters from Sudland.\n{WIDE}\n2"], [f"{WIDE} fighters from Sudland.", WIDE]),
    "running heads": ([f"Harbour Wire Weekly\n{WIDE} {n}\nPage {n} of 4" for n in range(1, 5)],
                      [" ".join(f"{WIDE} {n}" for n in range(1, 5))]),
    "the same line on two pages": (["Norland said so.\nA", "Norland said so.\nB"], None),
}  # fmt: skip


@pytest.mark.parametrize(("pages", "paragraphs"), JOINED.values(), ids=JOINED)
def test_lines_are_joined(pages: list[str], paragraphs: list[str] | None) -> None:
    text = join_pages(pages)
    if paragraphs is None:
        assert text.count("Norland said so.") == 2
    else:
        assert text.split("\n\n") == paragraphs


@pytest.mark.parametrize("packed", [False, True])
def test_every_page_is_read(packed: bool) -> None:
    found = read(pdf(f"{WIDE}\nfighters.", "On the second page.", packed=packed))
    assert isinstance(found, Raw) and found.media_type == "text/plain"
    assert found.body.decode().split("\n\n") == [f"{WIDE} fighters.", "On the second page."]


def _loop() -> bytes:
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 900000 >>"])


def _bomb() -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 3 0 R >>"
    pages = b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>"
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", pages, stream(b" " * 50_000_000, packed=True), page])


def _nested() -> bytes:
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids " + b"[" * 50_000 + b"]" * 50_000 + b" /Count 1 >>"])


def _locked() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(WIDE))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


HOSTILE = {
    "pages that hold each other": (_loop, "a PDF"),
    "a bomb": (_bomb, "a PDF"),
    "nested": (_nested, "a PDF"),
    "locked": (_locked, "locked with a password"),
    "cut off": (lambda: pdf(WIDE, WIDE)[:300], "a PDF"),
    "a scan": (lambda: pdf("", ""), "without a text layer"),
    "only the mark": (lambda: b"%PDF-1.7\n" + b"\x00" * 1000, "broken or cut off"),
    "the table leads nowhere": (lambda: pdf(WIDE).replace(b"startxref\n", b"startxref\n99999999"), ""),
}


@pytest.mark.parametrize(("make", "what"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_cost_a_line(make: object, what: str) -> None:
    began = time.process_time()
    found = read(make())  # type: ignore[operator]
    assert time.process_time() - began < 10
    if what:
        assert isinstance(found, Issue) and what in found.what and found.todo and found.where == "paper.pdf"


def test_pages_and_seconds_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    content = pdf("one", "two", "three")
    monkeypatch.setattr(reader, "MOST_PAGES", 2)
    found = read(content)
    assert isinstance(found, Issue) and "more than 2 pages" in found.what
    monkeypatch.setattr(reader, "MOST_PAGES", 9)
    monkeypatch.setattr(reader, "MOST_SECONDS", -1)
    found = read(content)
    assert isinstance(found, Issue) and "seconds" in found.what
