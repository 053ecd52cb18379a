"""Takes the pictures of the pages for the README: a record's register, a deal, a report, the map, and a deal on a telephone in the dark.

    make demo && python docs/pictures.py demo.db docs/pictures

It needs Chromium (on Debian and Ubuntu: apt-get install -y chromium). A picture that would weigh more than 200 kB is an error.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import uvicorn
from playwright.sync_api import sync_playwright

from onrecord.api import open_record
from onrecord.serve.app import make_app

HEAVIEST = 200_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Name, address, width, height, colours. The deal is the one that most originals tell of.
PICTURES = (
    ("register", "/register", 1280, 760, "light"),
    ("deal", "/deals/{deal}", 1280, 860, "light"),
    ("report", "/reports/{report}", 1280, 560, "light"),
    ("states", "/states", 1280, 700, "light"),
    ("telephone", "/deals/{deal}", 390, 780, "dark"),
)


def main(record: str, folder: Path) -> None:
    """Serves the record for as long as the pictures take."""
    browser = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if browser is None:
        raise SystemExit("no Chromium here; on Debian and Ubuntu: apt-get install -y chromium")
    folder.mkdir(parents=True, exist_ok=True)
    with open_record(record, create=False) as opened, sync_playwright() as playwright:
        rows = opened.register()
        best = max(rows, key=lambda row: (row.origins, row.reports, row.deal))
        server = uvicorn.Server(uvicorn.Config(make_app(opened), port=0, log_level="error"))
        thread = Thread(target=server.run)
        thread.start()
        end = monotonic() + 30
        while not server.started and monotonic() < end:
            sleep(0.05)
        base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        try:
            for name, address, width, height, colours in PICTURES:
                page = chromium.new_page(viewport={"width": width, "height": height}, color_scheme=colours)
                page.goto(base + address.format(deal=best.deal, report=best.evidence["equipment"].document))
                page.screenshot(path=folder / f"{name}.png")
                page.close()
        finally:
            chromium.close()
            server.should_exit = True
            thread.join()
    heavy = [path.name for path in folder.glob("*.png") if path.stat().st_size > HEAVIEST]
    if heavy:
        raise SystemExit(f"too heavy: {', '.join(heavy)}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
