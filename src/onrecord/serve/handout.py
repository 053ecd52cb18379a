"""This file writes one deal as one page that needs nothing else: no server, no network, no script; to send to somebody or to print."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import Any

from jinja2 import Environment

from onrecord.api import Record
from onrecord.serve.answering import make_templates, page_text, static_folder
from onrecord.serve.deal_pages import view_deal
from onrecord.serve.listing import read_listing


def deal_page(record: Record, deal: str, *, as_of: str | None = None) -> bytes:
    """The page of a deal, by its id or the start of it, as known on a day; its style is inside, and nothing else may be loaded."""
    _, data, shown = view_deal(record, read_listing(record.engine, None), deal, as_of)
    style = static_folder().joinpath("desk.css").read_text(encoding="utf-8")
    # The browser itself refuses whatever is not this style, should a report's text ever slip through.
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made = {"style": style, "allowed": allowed, "made": datetime.now(UTC).date().isoformat(), "version": version("onrecord")}
    return page_text(_templates(), "handout", {**data, **shown, **made}).encode("utf-8", "replace")


@cache
def _templates() -> Environment:
    """The pages' templates, where a report's address is its place in the page's own list, and other deals have none."""
    environment = make_templates()

    def report_place(document: str, *_: Any) -> str:
        return f"#report-{document}"

    environment.globals.update(report_address=report_place, deal_address=lambda *_: "#linked", alone=True)
    return environment
