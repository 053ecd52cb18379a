"""Readers: every good file gives its reports, every bad one exactly one Issue that says what, where and what to do."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from onrecord.characters import decode, is_binary, mend
from onrecord.collect import read_documents
from onrecord.read import READERS, pages
from onrecord.read.files import read_sources
from onrecord.read.kinds import NAMES, find_kind
from onrecord.read.reports import read_json_lines
from onrecord.records import Document, Issue, Raw
from samples_made import pdf, word

SAMPLES = Path(__file__).parent / "samples"
BODY = "Norland will buy twelve Falke fighters from Sudland, the defence ministry said on Monday. Deliveries begin next year."
TITLE = "Norland buys fighters"
PAGE = f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1><p>{BODY}</p></article></body></html>"
REPORT = {"id": "r1", "title": "Norland buys fighters", "outlet": "Harbour Wire", "published": "2020-07-23", "lang": "en", "text": BODY}
KINDS: dict[str, tuple[bytes, str]] = {
    "text": (BODY.encode(), "report"),
    "page": (PAGE.encode(), "report"),
    "json": (json.dumps(REPORT, indent=1).encode(), "r1"),
    "lines": (json.dumps(REPORT).encode() + b"\n" + json.dumps({"id": "r2", "text": ""}).encode(), "r1"),
    "table": (f'Date;Source;Text\n2020-07-23;Harbour Wire;"{BODY}"\n;;\n'.encode(), "report-2"),
    "pdf": (pdf(BODY), "report"),
    "word": (word(BODY), "report"),
}


def test_every_reader_has_a_sample() -> None:
    assert set(KINDS) == set(READERS)


KIND_TRAPS = [b"<!--x-->" * 1024, b"<?x ?>" * 1400, b"<!DOCTYPE a>" * 700, b"<!DOCTYPE a [" * 600, b" " * 8192, b"<!--" * 2048,
              b"A: b\r\n" * 1300, b"<!--x--> " * 900 + b"<!", b"[ " * 4096, b"<" * 8192]  # fmt: skip


@pytest.mark.parametrize("start", KIND_TRAPS, ids=lambda start: start[:12].decode())
def test_telling_a_kind_does_not_go_back_and_forth(start: bytes) -> None:
    began = time.process_time()
    find_kind(start, named=True)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "before", ["", "\ufeff", "<?xml version='1.0'?>", "<!-- a --><!-- b > -->", "<!DOCTYPE x [<!ENTITY a 'b'>]>\n", "<?a b?>\n\n"]
)
@pytest.mark.parametrize(
    ("root", "kind"),
    [("<rss version='2.0'>", "feed"), ("<atom:feed>", "feed"), ("<rdf:RDF>", "feed"), ("<opml>", "opml"), ("<urlset>", "sitemap"),
     ("<sitemapindex>", "sitemap"), ("<html>", "page"), ("<HTML>", "page")],
)  # fmt: skip
def test_xml_is_told_by_its_root(before: str, root: str, kind: str) -> None:
    assert find_kind((before + root).encode()) == (kind, "")


PACKINGS = {"plain": lambda body: body, "gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("name", ["report", "report.txt", "report.jsonl", "report.html", "report.gz", "report.bin"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "table"])
def test_a_file_is_told_by_its_content_not_by_its_name(tmp_path: Path, kind: str, name: str, packing: str) -> None:
    content, key = KINDS[kind]
    if kind == "text" and name in ("report.jsonl", "report.html"):
        pytest.skip("plain words can be a broken page or list: there the name is asked")
    (tmp_path / name).write_bytes(PACKINGS[packing](content))
    documents = [item for item in read_documents([tmp_path / name]) if isinstance(item, Document)]
    assert [" ".join(document.text.split("\n\n")[-1].split()) for document in documents] == [BODY]
    assert documents[0].key == key


@pytest.mark.parametrize("suffix", NAMES)
def test_every_name_that_is_promised_is_read_in_a_folder(tmp_path: Path, suffix: str) -> None:
    letter = f"Subject: {TITLE}\nFrom: Harbour Wire <news@example.org>\n\n{BODY}\n"
    content = {"letter": letter, "mailbox": f"From a Mon Jan  6 08:00:00 2020\n{letter}"}.get(NAMES[suffix])
    (tmp_path / f"report{suffix}").write_bytes(content.encode() if content else KINDS[NAMES[suffix]][0])
    (document,) = [item for item in read_documents([tmp_path]) if isinstance(item, Document)]
    assert document.text.endswith(BODY)


BAD: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.txt", b"", "empty"),
    "blank": ("a.txt", b" \n\t\n", "empty"),
    "empty page": ("a.html", b"<html><body><script>x()</script></body></html>", "no text"),
    "binary in a text file": ("a.txt", bytes(range(256)) * 20, "binary data"),
    "picture named as a page": ("a.html", b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture"),
    "pdf that is cut off": ("a.pdf", b"%PDF-1.7\n", "a PDF that is broken or cut off"),
    "pdf without text": ("a.pdf", pdf(""), "without a text layer"),
    "unknown suffix": ("a.xyz", b"words", "no reader for .xyz"),
    "no suffix": ("README", b"words", "a name without suffix"),
    "not English": ("a.txt", b"Die Regierung hat gestern mit der Lieferung von Panzern begonnen, und das ist nicht neu.", "German"),
    "another alphabet": ("a.txt", "Министерство обороны сообщило что контракт на поставку был подписан.".encode("cp1251"), "Russian"),
    "too short": ("a.txt", b"Tanks for Norland", "too short"),
    "cookie wall": ("a.html", b"<html><body><div><p>We use cookies on this site.</p><p>Accept all</p></div></body></html>", "cookie wall"),
    "pay wall": ("a.txt", b"Subscribe to continue reading. Already a subscriber? Log in to read.", "pay wall"),
    "robot check": ("a.html", b"<html><body><h1>Access denied</h1><p>Checking your browser before you go on.</p></body></html>", "robot"),
    "json cut in half": ("a.json", b'{"id": "x", "text": "Norland will b', "cut off"),
    "json nested deep": ("a.json", b"[" * 200_000, "nested too deep"),
    "json without a report": ("a.json", b'{"name": "x"}', "no report in it"),
    "json with an empty text": ("a.json", b'{"id": "x", "text": ""}', "holds no text"),
    "json with a number for text": ("a.json", b'{"id": "x", "text": 7}', "holds no text"),
    "lines that are none": ("a.jsonl", b"Norland buys tanks.\n" * 60, "no JSON"),
    "empty lines": ("a.jsonl", b"\n\n", "empty"),
    "lines in UTF-16": ("a.jsonl", json.dumps(REPORT).encode("utf-16"), "UTF-16"),
    "packed and cut off": ("a.txt.gz", gzip.compress(BODY.encode() * 50)[:60], "broken or cut off"),
    "office file": ("a.docx", b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml" + bytes(200), "an office file"),
    "spreadsheet": ("a.xlsx", word(BODY, main="xl/workbook.xml"), "an office file"),
    "document of another program": ("a.docx", word(BODY, main="word/other.xml"), "without a main text"),
    "document without words": ("a.docx", word(""), "without a text"),
    "document that is a bomb": ("a.docx", word("a" * 30_000_000), "larger than one report"),
    "XML of another kind": ("a.xml", b"<?xml version='1.0'?><invoice/>", "not known (<invoice>)"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "what"), BAD.values(), ids=BAD.keys())
def test_bad_input_gives_one_issue(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "z.json").write_text(json.dumps(REPORT))
    issue, *rest = read_documents([tmp_path])
    assert isinstance(issue, Issue) and not issue.notice
    assert what in issue.what and name in issue.where and issue.todo
    assert [getattr(item, "key", item) for item in rest] == ["r1"]


def _missing(folder: Path) -> Path:
    return folder / "nowhere.txt"


def _empty_folder(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.txt")
    return folder / "pipe.txt"


@pytest.mark.parametrize(("make", "what"), [(_missing, "no such file"), (_empty_folder, "holds no file"), (_pipe, "neither")])
def test_bad_source_gives_one_issue(tmp_path: Path, make: Callable[[Path], Path], what: str) -> None:
    (issue,) = read_sources([make(tmp_path)])
    assert isinstance(issue, Issue) and what in issue.what and issue.todo


@pytest.mark.parametrize("address", ["https://example.org/a", "ftp://example.org/a", "file:///etc/passwd"])
def test_web_address_without_a_web_is_refused_with_advice(address: str) -> None:
    (issue,) = read_sources([address])
    assert isinstance(issue, Issue) and "save the page" in issue.todo


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        (KINDS["lines"][0], ["r1"]),
        (json.dumps(REPORT).encode(), ["r1"]),
        (json.dumps(REPORT | {"text": BODY * 200}).encode(), ["r1"]),
        (gzip.compress(KINDS["lines"][0]), ["r1"]),
        (PAGE.encode(), ["standard input"]),
        (BODY.encode(), ["standard input"]),
    ],
    ids=["lines", "one line", "one long line", "packed", "page", "text"],
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, sent: bytes, keys: list[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(sent)))
    assert [item.key for item in read_documents(["-"]) if isinstance(item, Document)] == keys


def test_large_file_is_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "dump.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("the file was opened"))
    (issue,) = read_sources([path])
    assert isinstance(issue, Issue) and "larger than one report" in issue.what and issue.where.endswith("dump.txt (200 MB)")


def test_packed_bomb_is_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_BYTES", 1000)
    (tmp_path / "bomb.txt.gz").write_bytes(gzip.compress(b"a" * 100_000))
    (issue,) = read_sources([tmp_path])
    assert isinstance(issue, Issue) and "larger than one report" in issue.what


def test_broken_lines_are_named_and_the_rest_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.read.reports.MOST_BYTES", 100)
    lines = b'{"id":"a","text":"one"}\n{"id":"b","te\n\n{"id":"c","text":"' + b"x" * 300 + b'"}\n{"id":"d","text":"two"}'
    items = list(read_json_lines("f.jsonl", io.BytesIO(lines)))
    assert [item.hints["key"] if isinstance(item, Raw) else item.where for item in items] == [
        "a",
        "f.jsonl, line 2, character 11",
        "f.jsonl, line 4",
        "d",
    ]


def test_a_document_of_any_program_is_read_by_paragraph() -> None:
    for first in ("[Content_Types].xml", "_rels/.rels", "docProps/app.xml"):
        (raw,) = READERS["word"]("a.docx", io.BytesIO(word("Norland will buy.", "Sudland sells.", first=first)))
        assert isinstance(raw, Raw) and raw.body == b"Norland will buy.\n\nSudland sells."


JSON_SHAPES: dict[str, tuple[object, list[str]]] = {
    "list": ([REPORT, REPORT | {"id": "r2"}], ["r1", "r2"]),
    "wrapped list": ({"articles": [REPORT]}, ["r1"]),
    "no id": ({"text": BODY}, ["f"]),
    "list without ids": ([{"text": BODY}, {"text": BODY}], ["f-1", "f-2"]),
    "schema.org": ({"@type": "NewsArticle", "articleBody": BODY, "identifier": "n1"}, ["n1"]),
    "graph": ({"@graph": [{"@type": "Organization", "name": "H"}, {"@type": "Article", "articleBody": BODY, "identifier": "g1"}]}, ["g1"]),
    "answers over a folder": ({"same_report": [["a", "b"]], "conflicts": []}, []),
}


@pytest.mark.parametrize(("value", "keys"), JSON_SHAPES.values(), ids=JSON_SHAPES.keys())
def test_json_shapes(value: object, keys: list[str]) -> None:
    items = list(READERS["json"]("f.json", io.BytesIO(json.dumps(value).encode())))
    assert [item.hints["key"] if isinstance(item, Raw) else item.what for item in items] == keys


TABLE = f'Published,URL,Headline,Body\n2020-07-23,https://a.example/1,"{TITLE}, says ""ministry\u201d","{BODY}\nAnd more."\n,,Empty,\n'


@pytest.mark.parametrize(
    "body",
    [TABLE.encode(), TABLE.encode("utf-8-sig"), TABLE.encode("utf-16"), TABLE.encode("cp1252"), TABLE.replace("\n", "\r\n").encode()],
    ids=["utf-8", "marked", "utf-16", "cp1252", "dos"],
)
def test_a_table_is_one_report_a_row(body: bytes) -> None:
    report, empty = READERS["table"]("news.csv", io.BytesIO(body))
    assert isinstance(report, Raw) and isinstance(empty, Issue) and empty.where == "news.csv, row 3"
    assert report.body.decode().splitlines() == [BODY, "And more."] and report.uri == "https://a.example/1"
    assert (report.hints["published"], report.hints["title"]) == ("2020-07-23", f'{TITLE}, says "ministry\u201d')


@pytest.mark.parametrize(
    ("content", "said"),
    [("a,b\n1,2\n", "without a column"), ("\n", "without a column"), ('id,text\n1,"' + "x\n" * 900, "larger than one report")],
)
def test_tables_that_are_none(monkeypatch: pytest.MonkeyPatch, content: str, said: str) -> None:
    monkeypatch.setattr("onrecord.read.tables.MOST_BYTES", 1000)
    (issue,) = READERS["table"]("a.csv", io.BytesIO(content.encode()))
    assert isinstance(issue, Issue) and said in issue.what


@pytest.mark.parametrize("cut", [0, 1, 40])
def test_a_list_too_long_to_be_held_is_read_report_by_report(monkeypatch: pytest.MonkeyPatch, cut: int) -> None:
    for name in ("reports.MOST_BYTES", "long_lists.MOST_BYTES", "long_lists.PIECE"):
        monkeypatch.setattr(f"onrecord.read.{name}", 300)
    content = json.dumps([{"id": f"r{number}", "text": f"{BODY} \u20ac"} for number in range(20)], indent=1, ensure_ascii=False).encode()
    found = list(READERS["json"]("a.json", io.BytesIO(content[: len(content) - cut])))
    keys = [raw.hints["key"] for raw in found if isinstance(raw, Raw)]
    assert keys == [f"r{number}" for number in range(19 if cut == 40 else 20)]
    assert [issue.what for issue in found if isinstance(issue, Issue)] == ["broken JSON, or cut off"] * bool(cut)


def test_a_long_list_with_an_item_that_no_report_fills_ends_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("reports.MOST_BYTES", "long_lists.MOST_BYTES", "long_lists.PIECE"):
        monkeypatch.setattr(f"onrecord.read.{name}", 300)
    first, last = READERS["json"]("a.json", io.BytesIO(json.dumps([{"id": "r", "text": BODY}, {"text": "x" * 5000}]).encode()))
    assert isinstance(first, Raw) and isinstance(last, Issue) and last.where == "a.json, item 2"


def test_a_link_to_nothing_is_called_that(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("nowhere")
    (issue,) = read_documents([tmp_path])
    assert isinstance(issue, Issue) and "a link to a file that is not there" in issue.what


def test_schema_org_fields_become_hints() -> None:
    value = {"articleBody": BODY, "headline": "H", "datePublished": "2020-01-02T03:04:05Z", "dateModified": "2020-01-03",
             "publisher": {"@type": "Organization", "name": "Harbour Wire"}, "inLanguage": "en",
             "url": "https://example.org/1"}  # fmt: skip
    (raw,) = READERS["json"]("f.json", io.BytesIO(json.dumps(value).encode()))
    assert isinstance(raw, Raw) and raw.uri == "https://example.org/1"
    said = {"title": "H", "published": "2020-01-02T03:04:05Z", "updated": "2020-01-03", "outlet": "Harbour Wire", "language": "en"}
    assert said.items() <= dict(raw.hints).items()


def test_folders_are_read_in_sorted_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b/2.txt", "a/9.txt", "c.txt", ".hidden.txt", ".git/x.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(BODY)
    names = [os.path.relpath(item.uri, tmp_path) for item in read_sources([tmp_path]) if isinstance(item, Raw)]
    assert names == ["c.txt", "a/9.txt", "b/2.txt"]


def test_a_file_given_by_name_is_read_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "page.aspx").write_text(PAGE)
    (raw,) = read_sources([tmp_path / "page.aspx"])
    assert isinstance(raw, Raw) and raw.media_type == "text/html"


WORDS = "“Tanks” – it’s Gdańsk’s café"
ENCODED = {
    "utf-8": WORDS.encode(),
    "utf-8 with mark": WORDS.encode("utf-8-sig"),
    "utf-16 with mark": WORDS.encode("utf-16"),
    "utf-16 without mark": ("Plain words alone").encode("utf-16-le"),
    "western": "“Tanks” – it’s a café, they said on Monday in the town".encode("cp1252"),
    "mixed": WORDS.encode() + b" \x93old\x94 \x96 new",
    "declared": b'<meta charset="windows-1251"><p>' + "Танк".encode("cp1251") * 9,
}
DECODED = {
    "utf-16 without mark": "Plain words alone",
    "western": "“Tanks” – it’s a café, they said on Monday in the town",
    "mixed": WORDS + " “old” – new",
    "declared": '<meta charset="windows-1251"><p>' + "Танк" * 9,
}


@pytest.mark.parametrize("name", ENCODED)
def test_decode(name: str) -> None:
    assert decode(ENCODED[name]) == DECODED.get(name, WORDS)
    assert not is_binary(ENCODED[name])


@pytest.mark.parametrize(
    ("written", "meant"),
    [("itâ€™s cafÃ©", "it’s café"), ("â€œtanksâ€\x9d", "“tanks”"), ("вЂ™s", "’s"), ("CITÉ» stays", "CITÉ» stays"),
     ("Ã la carte", "Ã la carte"),
     ("naïve Å", "naïve Å")],
)  # fmt: skip
def test_mend_only_what_is_certain(written: str, meant: str) -> None:
    assert mend(written) == meant


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("nasty/*")), ids=lambda path: path.name)
def test_nasty_samples_never_raise(path: Path) -> None:
    assert all(isinstance(item, Document | Issue) for item in read_documents([path]))


def test_a_folder_of_plain_reports_loads_no_reader_that_it_does_not_need(tmp_path: Path) -> None:
    for suffix, kind in ((".txt", "text"), (".html", "page"), (".json", "json"), (".jsonl", "lines")):
        (tmp_path / f"report{suffix}").write_bytes(KINDS[kind][0])
    heavy = "httpx", "feedparser", "fastwarc", "pypdf", "protego", "tarfile", "email.parser", "trafilatura"
    code = f"""
import sys
from onrecord.read.files import read_sources
assert len(list(read_sources([{str(tmp_path)!r}]))) == 5
print([name for name in {heavy} if name in sys.modules])"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
