"""Small files of formats that no editor writes, made on the spot: a PDF, a web archive."""

from __future__ import annotations

import io
import zipfile
import zlib


def pdf(*pages: str, packed: bool = False) -> bytes:
    """A PDF with a text layer: each page's lines, one under the other."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        lines = "".join(f"({_escaped(line)}) Tj 0 -14 Td " for line in page.splitlines())
        content = f"BT /F1 11 Tf 40 780 Td {lines} ET".encode("latin-1")
        objects.append(stream(content, packed=packed))
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return assembled(objects)


def stream(content: bytes, *, packed: bool = False) -> bytes:
    """A stream object of a PDF."""
    body = zlib.compress(content, 9) if packed else content
    packing = " /Filter /FlateDecode" if packed else ""
    return f"<< /Length {len(body)}{packing} >>\nstream\n".encode() + body + b"\nendstream"


def assembled(objects: list[bytes]) -> bytes:
    """The file around numbered objects, with its table of places."""
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    size = len(objects) + 1
    return out + f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Root 1 0 R /Size {size} >>\nstartxref\n{start}\n%%EOF\n".encode()


def word(*paragraphs: str, first: str = "[Content_Types].xml", main: str = "word/document.xml") -> bytes:
    """A word processor's document: each paragraph in two runs, as a change of letters makes them."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    gone = "<w:del><w:delText>gone</w:delText></w:del>"
    runs = "".join(f"<w:p><w:r><w:t>{p[:5]}</w:t></w:r>{gone}<w:r><w:t>{p[5:]}</w:t></w:r></w:p>" for p in paragraphs)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(first, "<Types/>")
        archive.writestr(main, f'<w:document xmlns:w="{space}"><w:body>{runs}</w:body></w:document>')
    return out.getvalue()


def warc_record(kind: str, address: str, body: bytes, *, headers: str = "") -> bytes:
    """One record of a web archive."""
    media = {"response": "application/http; msgtype=response"}.get(kind, "text/plain")
    return (
        (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2020-07-24T10:00:00Z\r\n"
            f"WARC-Record-ID: <urn:uuid:{len(body):032}>\r\nContent-Type: {media}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        ).encode()
        + body
        + b"\r\n\r\n"
    )


def answer(body: bytes, *, status: str = "200 OK", media: str = "text/html", headers: str = "") -> bytes:
    """What a web server answered, as an archive keeps it."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n{headers}\r\n".encode() + body


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
