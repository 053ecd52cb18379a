"""One deal as a PDF: printed by a browser that is installed, read back by pypdf; and what is said where no browser prints."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from onrecord.cli import main
from onrecord.errors import AssetMissing, BadInput
from onrecord.serve import pdf
from page_records import hostile_report, make_record, some_reports

HOSTILE = "<script>document.title=1</script><img src=http://192.0.2.1/x>"


def installed() -> bool:
    try:
        return bool(pdf.find_browser())
    except AssetMissing:
        return False


def written(folder: Path, out: Path, *more: str, hostile: bool = False) -> Result:
    """What the command says that writes the deal of which two reports disagree."""
    with make_record(folder / "r.db", [*some_reports(), *([hostile_report(HOSTILE)] if hostile else [])]) as record:
        deal = next(
            row.deal for row in record.register() if ("<script>" in row.equipment) == hostile and (hostile or row.equipment == "S-400")
        )
    return CliRunner().invoke(main, ["report", str(folder / "r.db"), deal, "-o", str(out), *more])


def program(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(not installed(), reason="no Chromium here; on Debian and Ubuntu: apt-get install -y chromium")
def test_a_deal_is_printed_with_its_chart_sources_conflicts_and_method(tmp_path: Path) -> None:
    done = written(tmp_path, tmp_path / "deal.pdf")
    assert done.exit_code == 0, done.output
    reader = PdfReader(BytesIO((tmp_path / "deal.pdf").read_bytes()))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in (
        "Russia → Turkey", "How it went", "Where reports disagree", "Delivery began in July 2019", "The Lantern", "We are glad", "Ada Ek",
        "Reports of it", "How this was made", "draft for a person to check", f"1 / {len(reader.pages)}",
    ):  # fmt: skip
        assert words in text, words
    assert text.index("contract") < text.index("Where reports disagree"), "the lanes of the chart are words too"
    drawn = reader.pages[0].get_contents()
    assert drawn is not None and drawn.get_data().count(b" c\n") > 8, "and its signs are drawn"
    assert reader.metadata is not None and "Turkey" in str(reader.metadata.title)


@pytest.mark.skipif(not installed(), reason="no Chromium here; on Debian and Ubuntu: apt-get install -y chromium")
def test_nothing_of_a_hostile_text_runs_or_is_fetched_when_it_is_printed(tmp_path: Path) -> None:
    assert written(tmp_path, tmp_path / "deal.pdf", hostile=True).exit_code == 0
    reader = PdfReader(BytesIO((tmp_path / "deal.pdf").read_bytes()))
    assert reader.metadata is not None and str(reader.metadata.title) != "1"
    assert "document.title=1" in "".join("".join(page.extract_text().split()) for page in reader.pages), "it is shown as the words it is"
    assert not [name for page in reader.pages for name in page.images.keys()]


def test_without_a_browser_it_is_said_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "NAMES", ("no-such-browser",))
    done = written(tmp_path, tmp_path / "deal.pdf")
    assert done.exit_code == 2 and "apt-get install chromium" in done.output and not (tmp_path / "deal.pdf").exists()
    monkeypatch.setenv(pdf.BROWSER, "no-such-program")
    with pytest.raises(AssetMissing, match="no-such-program: ONRECORD_BROWSER names no program"):
        pdf.find_browser()


@pytest.mark.skipif(os.name != "posix", reason="the browsers that fail here are shell scripts")
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exec sleep 600", "printed nothing after"),
        ("echo 'no screen' >&2; exit 3", "printed no PDF .no screen."),
        ("exit 4", "it ended with 4"),
        ('for word in "$@"; do case "$word" in --print-to-pdf=*) echo hello > "${word#*=}";; esac; done', "printed no PDF"),
    ],
)
def test_a_browser_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str) -> None:
    monkeypatch.setenv(pdf.BROWSER, program(tmp_path / "browser", script))
    with pytest.raises(BadInput, match=said):
        pdf.print_pdf(b"<p>words</p>", patience=3.0 if "sleep" in script else 60.0)


@pytest.mark.skipif(os.name != "posix", reason="the browser is a shell script")
def test_the_browser_gets_no_network_and_a_profile_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = 'case "$word" in --print-to-pdf=*) printf %%PDF-1.7 > "${word#*=}";; esac'
    keep = f'echo "$@" > {tmp_path}/asked; for word in "$@"; do {made}; done'
    monkeypatch.setenv(pdf.BROWSER, program(tmp_path / "browser", keep))
    assert pdf.print_pdf(b"<p>words</p>") == b"%PDF-1.7"
    asked = (tmp_path / "asked").read_text()
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in asked and "--user-data-dir=" in asked
    assert not list(Path(asked.split("--user-data-dir=")[1].split()[0]).parent.glob("*")), "which is gone"
