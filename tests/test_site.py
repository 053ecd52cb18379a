"""The documentation as a site: it builds, fetches nothing from elsewhere, and every command and snippet that it shows runs."""

from __future__ import annotations

import contextlib
import gzip
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

import click
import pytest
from click.testing import CliRunner
from lxml import html

from onrecord.api import Record, open_record
from onrecord.assets import english_model
from onrecord.cli import main as commands
from samples_made import answer, warc_record

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "models" / "en" / "README.md", *DOCS.rglob("*.md")])
# Pages whose commands are run from the first to the last, as a reader would type them.
FOLLOWED = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"(?:[A-Z_]+=\S+ )*onrecord(?: |$)")
BROWSER = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
# The sandbox needs rights that a container lacks; the rest keeps the browser from calling home.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage"]
# What a reader types beside commands of onrecord.
SHELL = {"mkdir", "cp", "touch", "python"}
# Commands that set up, wait for a reader to stop them, or ask the web.
NOT_RUN = re.compile(r"make \w+$|\. \.venv/bin/activate$|onrecord (?:serve|watch) |onrecord .*https?://")
DELIVERY = """The first batteries are there

25 July 2019

Russia delivered four batteries of the S-400 air defence system to Turkey on 12 July 2019, the Norland Institute said.
"""
OTHER = """Ankara weighs a second batch

2 March 2020

Turkey is in talks with Russia over an additional batch of the S-400 air defence system, said Ada Example, an analyst.
"""


def names(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[tuple[str, str]]:
    return FENCE.findall(page.read_text(encoding="utf-8"))


def lines(block: str) -> list[str]:
    """The lines of a block that are typed: continued ones joined, a remark in a column of its own cut off."""
    return [re.split(r" {3,}", line)[0] for line in re.sub(r"\\\n\s*", " ", block).splitlines() if line.strip()]


def shown_commands(page: Path) -> list[str]:
    return [line for kind, block in blocks(page) if kind in ("", "sh", "bash") for line in lines(block) if COMMAND.match(line)]


def words_of(line: str) -> tuple[dict[str, str], list[str], str]:
    """The variables set before a command, its words without `onrecord`, and the file that its output goes to."""
    words = shlex.split(line, comments=True)
    place = words.index("onrecord")
    given = dict(word.split("=", 1) for word in words[:place])
    end = next((number for number, word in enumerate(words) if word in (">", "|", "&&", ";")), len(words))
    return given, words[place + 1 : end], words[end + 1] if words[end:][:1] == [">"] else ""


def parse(command: click.Command, name: str, words: Sequence[str], parent: click.Context | None = None) -> None:
    """Parses what was typed down to the innermost command, without running it."""
    with command.make_context(name, list(words), parent=parent) as context:
        if isinstance(command, click.Group):
            inner_name, inner, rest = command.resolve_command(context, [*context._protected_args, *context.args])
            assert inner is not None, words
            parse(inner, inner_name or "", rest, context)


@pytest.mark.parametrize(
    ("page", "line"), [pytest.param(page, line, id=f"{names(page)}: {line}") for page in PAGES for line in shown_commands(page)]
)
def test_command_that_is_shown_parses(page: Path, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Files that a page speaks of need not be there.
    monkeypatch.setattr(click.Path, "convert", lambda self, value, param, ctx: Path(value) if self.type is Path else value)
    with contextlib.suppress(click.exceptions.Exit):
        parse(commands, "onrecord", words_of(line)[1])


@pytest.mark.parametrize(
    "line", ["onrecord add", "onrecord nothing my.db", "onrecord show my.db DEAL --nothing", "onrecord account my.db ad X"]
)
def test_a_wrong_command_does_not_parse(line: str) -> None:
    with pytest.raises(click.UsageError):
        parse(commands, "onrecord", words_of(line)[1])


def test_there_are_commands_to_try() -> None:
    assert sum(len(shown_commands(page)) for page in FOLLOWED) > 50


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_links_lead_somewhere(page: Path) -> None:
    targets = [unquote(target) for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_verb_of_a_record_stands_in_the_page_on_python() -> None:
    page = (DOCS / "python.md").read_text(encoding="utf-8")
    verbs = [name for name, member in vars(Record).items() if callable(member) and not name.startswith("_")]
    assert len(verbs) > 10
    assert [verb for verb in verbs if f"`record.{verb}(" not in page] == []


@pytest.fixture(scope="module")
def rules_alone() -> Iterator[None]:
    """The rules alone read faster. Which model there is, a process remembers, so that it is made to forget before and after."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONRECORD_MODEL", "none")
        english_model.cache_clear()
        yield
    english_model.cache_clear()
    # Looked for at once, so that a later test that sets the variable for itself alone does not decide for all after it.
    english_model()


@pytest.fixture(scope="module")
def desk(rules_alone: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with what the pages take for granted: reports, a record of them, an archive, a table in SIPRI's columns, annotations."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("desk")
        patch.chdir(folder)
        (folder / "gold").symlink_to(ROOT / "gold")
        for name, text in (("delivery", DELIVERY), ("talks", OTHER)):
            (folder / "my-reports").mkdir(exist_ok=True)
            (folder / "my-reports" / f"{name}.txt").write_text(text, encoding="utf-8")
        page = f"<html><head><title>S-400</title></head><body><article><p>{DELIVERY * 3}</p></article></body></html>"
        (folder / "crawl").mkdir()
        archive = warc_record("response", "https://news.example.org/1", answer(page.encode()))
        (folder / "crawl" / "news.warc.gz").write_bytes(gzip.compress(archive))
        with open_record("my.db") as record:
            record.add("my-reports/")
            rows = record.register()
            assert len(rows) == 2
            record.export("sipri-csv", folder / "trade-register.csv")
        for out in ("my-gold/", "second-gold/", "found-llm/"):
            CliRunner().invoke(commands, ["extract", "my-reports/", "--out", out], catch_exceptions=False)
        yield folder


@pytest.mark.parametrize("page", FOLLOWED, ids=names)
def test_page_can_be_followed(page: Path, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_PASSWORD", "correct horse battery")
    shutil.copytree(desk, tmp_path / "desk", symlinks=True)
    monkeypatch.chdir(tmp_path / "desk")
    for kind, block in blocks(page):
        if kind == "python":
            exec(compile(block, names(page), "exec"), {})
        elif kind == "" and re.match(rf"{COMMAND.pattern}|(?:{'|'.join(SHELL)}|make|\.) ", block):
            for line in lines(block):
                follow(line)


def follow(line: str) -> None:
    """Does what a reader who types the line does; one that fails fails the test."""
    if NOT_RUN.match(line):
        return
    if not COMMAND.match(line):
        assert line.split()[0] in SHELL, line
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        subprocess.run(line, shell=True, check=True, env={**os.environ, "PATH": path})
        return
    given, words, target = words_of(line)
    result = CliRunner().invoke(commands, [in_place(word) for word in words], env=given)
    assert result.exit_code == 0, (line, result.output, result.exception)
    if target:
        Path(target).write_text(result.stdout, encoding="utf-8")


def in_place(word: str) -> str:
    """A word of a command with a deal of the record for DEAL, and another for OTHER."""
    if not re.match(r"(?:DEAL|OTHER)\b", word):
        return word
    with open_record("my.db", create=False) as record:
        rows = record.register(equipment="S-400")
    first = next(row for row in rows if row.evidence["equipment"].document_key in ("delivery", "ministry"))
    other = next(row for row in rows if row.deal != first.deal)
    return word.replace("DEAL", first.deal[:8]).replace("OTHER", other.deal[:8])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built anew in strict mode: a link or a heading that is not there is an error."""
    if importlib.util.find_spec("mkdocs") is None:
        pytest.skip('mkdocs is not installed: pip install "onrecord[docs]"')
    folder = tmp_path_factory.mktemp("built") / "site"
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.mark.parametrize(
    ("page", "text", "turned"),
    [
        ("how-to/feeds.md", "[card](../../models/en/README.md#x)", "[card](../model.md#x)"),
        ("how-to/feeds.md", "[gate](web-archive.md)", "[gate](web-archive.md)"),
        ("contributing.md", "[names](docs/names.md), [script](bench/names.py)", "[names](names.md), script"),
        ("model.md", "[rules](../../docs/decides.md)", "[rules](decides.md)"),
        ("scale.md", "[bench](../bench/run.py) [home](https://example.org/a)", "bench [home](https://example.org/a)"),
    ],
)
def test_links_are_turned_to_the_pages_of_the_site(page: str, text: str, turned: str) -> None:
    pytest.importorskip("mkdocs")
    spec = importlib.util.spec_from_file_location("outside_pages", DOCS / "outside_pages.py")
    assert spec is not None and spec.loader is not None
    hooks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hooks)
    asked = SimpleNamespace(file=SimpleNamespace(src_uri=page))
    assert hooks.on_page_markdown(text, asked, None, None) == turned


def test_no_page_stands_twice_in_the_navigation() -> None:
    pages = re.findall(r"^ +- (?:.*: )?(\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(pages) > 20 and len(pages) == len(set(pages))


def test_every_page_is_built(site: Path) -> None:
    pages = {path.relative_to(DOCS).with_suffix(".html").as_posix() for path in DOCS.rglob("*.md")}
    built = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert pages | {"model.html", "contributing.html", "changelog.html"} <= built
    assert not list(site.rglob("*.py")) and not list(site.rglob("*.md"))


def test_site_fetches_nothing_from_elsewhere_and_works_from_a_folder(site: Path) -> None:
    fetched, lost = [], []
    for path in site.rglob("*.html"):
        tree = html.fromstring(path.read_bytes())
        loaded = [*tree.xpath("//script/@src | //img/@src | //iframe/@src | //link[not(@rel='canonical')]/@href")]
        fetched += [(path.name, address) for address in loaded if urlsplit(address).scheme or address.startswith("//")]
        if path.name == "404.html":  # its addresses count from the root of a server
            continue
        for address in [*loaded, *tree.xpath("//a/@href")]:
            target = unquote(urldefrag(address).url)
            if target and not urlsplit(target).scheme and not (path.parent / target).is_file():
                lost.append((path.name, address))
    assert fetched == [] and lost == []
    sheets = "\n".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert not re.search(r"(?:@import|url\()\s*['\"]?(?:https?:)?//", sheets)


def test_search_can_be_asked_from_a_folder(site: Path) -> None:
    index = (site / "search" / "search_index.js").read_text(encoding="utf-8").removeprefix("var __index = ")
    assert any(entry["title"] == "EDTF" or "EDTF" in entry["text"] for entry in json.loads(index)["docs"])
    assert (site / "assets" / "iframe-worker.js").is_file()


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here; on Debian and Ubuntu: apt-get install -y chromium")
@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 800, "light"), (390, 780, "dark")], ids=["desk", "telephone"])
def test_site_is_read_and_searched_in_a_browser_from_its_folder(site: Path, width: int, height: int, scheme: Any) -> None:
    from playwright.sync_api import sync_playwright

    heard: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("request", lambda request: heard.append(request.url) if request.url.startswith("http") else None)
        for name in ("index", "tutorial", "how-to/correct-a-cell", "database"):
            page.goto((site / f"{name}.html").as_uri())
            page.evaluate((ROOT / "tests" / "axe" / "axe.min.js").read_text(encoding="utf-8"))
            found = page.evaluate("axe.run(document, {preload: false, resultTypes: ['violations']})")["violations"]
            assert [(name, one["id"], one["nodes"][0]["target"]) for one in found if one["impact"] in ("serious", "critical")] == []
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        if width < 500:
            page.click("label[for=__search]:visible")
        page.locator("input.md-search__input").press_sequentially("plover")
        page.wait_for_selector(".md-search-result__item a[href*='glossary']", timeout=20_000)
        browser.close()
    assert heard == []
