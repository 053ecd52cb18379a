"""This file prints a page of its own to a PDF, by a browser that is installed: Chromium, Chrome or Edge.

The browser that draws the page is the one thing that draws it alike on paper: the chart, the signs, every script that a report is written
in. Libraries that write PDFs know neither SVG nor fonts for half of the world's names, or bring a browser's worth of system libraries
along. The browser runs without network, in a profile of its own that is thrown away.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from onrecord.errors import AssetMissing, BadInput

BROWSER = "ONRECORD_BROWSER"
NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe", "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)  # fmt: skip
FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--no-pdf-header-footer",
    # Nothing is looked up; that nothing runs is seen to by the page's own policy, since the printer itself needs scripts.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
# A page of a thousand reports takes a busy machine some twenty seconds.
PATIENCE = 180.0


def find_browser() -> str:
    """The browser that prints: the one that ONRECORD_BROWSER names, or else the first that is installed."""
    named = os.environ.get(BROWSER)
    found = next((path for name in ((named,) if named else NAMES) if (path := shutil.which(name))), None)
    if found is None:
        missing = f"{named}: {BROWSER} names no program that can be run" if named else "no Chromium, Chrome or Edge is installed"
        raise AssetMissing(
            f"{missing}, and one prints the PDF: install one (Debian and Ubuntu: apt-get install chromium), or write .html instead"
        )
    return found


def print_pdf(page: bytes, *, patience: float = PATIENCE) -> bytes:
    """The page as a PDF; a browser that fails, or takes longer than so many seconds, is a `BadInput`."""
    browser = find_browser()
    with TemporaryDirectory(prefix="onrecord-", ignore_cleanup_errors=True) as folder:
        source, out = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_bytes(page)
        command = [browser, *FLAGS, *_as_root(), f"--user-data-dir={folder}/profile", f"--print-to-pdf={out}", source.as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, timeout=patience, check=False)
        except subprocess.TimeoutExpired as error:
            raise BadInput(f"{browser} had printed nothing after {patience:.0f} seconds; write .html instead") from error
        except OSError as error:
            raise BadInput(f"{browser} cannot be run ({error.strerror}); name another by {BROWSER}, or write .html instead") from error
        if not out.is_file() or not (made := out.read_bytes()).startswith(b"%PDF"):
            told = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"it ended with {done.returncode}"]
            raise BadInput(f"{browser} printed no PDF ({told[0][:200]}); name another by {BROWSER}, or write .html instead")
    return made


def _as_root() -> tuple[str, ...]:
    """Chromium refuses to start its sandbox for root, as whom containers run."""
    return ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
