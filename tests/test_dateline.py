"""Where a report's dateline begins and ends."""

from __future__ import annotations

import pytest

from onrecord.dateline import find_dateline

FOUND = [
    ("OSLO, June 10 (Courier) - Norway bought jets.", ("OSLO", "June 10", "Courier"), "Norway"),
    ("OSLO. Norway bought jets.", ("OSLO", None, None), "Norway"),
    ("PARIS, 16 January 2024. France sold jets.", ("PARIS", "16 January 2024", None), "France"),
    ("LIMA, Tuesday (Courier) -- The navy paid.", ("LIMA", "Tuesday", "Courier"), "The"),
    ("SAN JOSE (Costa Rica), May 3. The boats came.", ("SAN JOSE (Costa Rica)", "May 3", None), "The"),
    ("OSLO, May 3rd – “We paid.”", ("OSLO", "May 3rd", None), "“We"),
    ("OSLO, June 10 /Courier/. Norway bought jets.", ("OSLO", "June 10", None), "Norway"),
    ("New Delhi: India bought jets.", ("New Delhi", None, None), "India"),
    ("New Delhi, April 19 India bought jets.", ("New Delhi", "April 19", None), "India"),
    ("Metro Manila (Courier, November 8) The envoy left.", ("Metro Manila", None, "Courier, November 8"), "The"),
    (
        "MOSCOW (Courier News / Wire - 02nd June, 2020) Talks went on.",
        ("MOSCOW (Courier News / Wire - 02nd June, 2020)", None, None),
        "Talks",
    ),
    ("Lima [PE]: Peru bought jets.", ("Lima", None, None), "Peru"),
    ("Seoul, South Korea – Tanks were sent.", ("Seoul", None, None), "Tanks"),
    ("7th December 2022 – (Warsaw) Ten tanks came.", ("Warsaw", "7th December 2022", None), "Ten"),
    ("(Warsaw) Ten tanks came.", ("Warsaw", None, None), "Ten"),
]


@pytest.mark.parametrize(("text", "parts", "first"), FOUND)
def test_a_dateline_ends_at_the_first_word_of_the_report(text: str, parts: tuple[str, str | None, str | None], first: str) -> None:
    found = find_dateline(text)
    assert found is not None
    assert found.group("place", "date", "agency") == parts
    assert text[found.end() :].startswith(first)


@pytest.mark.parametrize(
    "text",
    [
        "Oslo, June 10. Norway bought jets.",
        "OSLO bought jets.",
        "Exclusive: Norway bought jets.",
        "Oslo bought jets: Ten came.",
        "Norway bought jets - OSLO.",
        "OSLO, June 10",
        "OSLO - norway bought jets.",
        "",
    ],
)
def test_other_openings_are_no_dateline(text: str) -> None:
    assert find_dateline(text) is None


def test_a_dateline_is_sought_where_a_paragraph_begins() -> None:
    text = "The navy paid.\nOSLO. Norway bought jets."
    assert find_dateline(text) is None
    found = find_dateline(text, text.index("OSLO"))
    assert found is not None and text[found.end() :] == "Norway bought jets."
