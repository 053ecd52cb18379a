"""This file writes what states did to each other as PLOVER events, one JSON object a line in the shape that NGEC's formatter gives.

The places `qa_start_char` and `qa_end_char` count code points of `event_text`, the passage of the report; `text_start` tells where that
passage begins in the report. What NGEC computes and is not read here (modes, contexts, places) stays empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from onrecord.export.tables import act_words
from onrecord.export.told import Told
from onrecord.parties import ORGANISATION, party_name
from onrecord.store.told import ToldFinding, ToldWords
from onrecord.vocab import table

# How far a passage goes beyond the words of its event, in code points, before it is cut where a paragraph ends or else a word.
AROUND = 400
# NGEC's country of an organisation of states.
ORGANISATION_CODE = "IGO"
# PLOVER's four classes of roots.
QUAD = {
    "verbal cooperation": ("AGREE", "CONSULT", "SUPPORT", "CONCEDE"),
    "material cooperation": ("COOPERATE", "AID", "RETREAT"),
    "verbal conflict": ("REQUEST", "ACCUSE", "REJECT", "THREATEN"),
    "material conflict": ("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
}
QUAD_OF = {root: name for name, roots in QUAD.items() for root in roots}
NO_PLACE = {"reason": "places are not read", "geo": None}


def plover(told: Told, out: Path) -> None:
    """The events, in order of their reports' days."""
    told.written = 0
    with out.open("w", encoding="utf-8") as file:
        for event in _events(told):
            told.written += 1
            file.write(json.dumps(event, ensure_ascii=False) + "\n")


def _events(told: Told) -> Iterator[dict[str, Any]]:
    for _, events in groupby(told.events(), key=lambda event: event.report.id):
        text = ""
        for event in events:
            text = text or told.text(event.report)
            yield _event(event, text)


def _event(event: ToldFinding, text: str) -> dict[str, Any]:
    report, root, act = event.report, str(event.first("plover")), act_words(event)
    start, end = _passage(event, text)
    when, published = event.words_of("when"), report.known
    return {
        "id": f"{report.id}_{event.key}_{root}",
        "date": published, "pub_date": published, "story_id": report.id, "publisher": report.outlet, "headline": report.title,
        "url": report.uri, "version": report.analysed_by,
        "event_type": root, "event_mode": [], "contexts": [], "quad_class": QUAD_OF.get(root, ""),
        "event_text": text[start:end], "text_start": start, "text_sha256": report.text_sha256,
        "attributes": {
            "ACTOR": [_side(words, start) for words in event.words if words.field == "actor"],
            "RECIP": [_side(words, start) for words in event.words if words.field == "recipient"],
            "LOC": [],
            "DATE": [_attribute(when, start)] if when else [],
        },
        "date_resolved": when.value if when else published,
        "date_raw": when.quote if when else "<no date in the text: that of the report>",
        "event_geolocation": NO_PLACE,
        "geolocated_ents": [],
        # What NGEC has no place for.
        "modality": event.first("modality"), "instrument": event.first("instrument"), "trigger": _attribute(act, start),
        "deals": list(event.deals), "origin": report.origin,
    }  # fmt: skip


def _passage(event: ToldFinding, text: str) -> tuple[int, int]:
    """The paragraphs that hold all words of the event, or a part of them around the words."""
    first, last = min(words.start for words in event.words), max(words.end for words in event.words)
    low, high = max(0, first - AROUND), min(len(text), last + AROUND)
    paragraph, blank = text.rfind("\n", low, first), text.find(" ", low, first)
    start = paragraph + 1 if paragraph >= 0 else 0 if low == 0 else blank + 1 if blank >= 0 else first
    paragraph, blank = text.find("\n", last, high), text.rfind(" ", last, high)
    end = paragraph if paragraph >= 0 else high if high == len(text) else blank if blank >= 0 else last
    return start, end


def _attribute(words: ToldWords, start: int) -> dict[str, Any]:
    place = {"qa_start_char": words.start - start, "qa_end_char": words.end - start}
    return {"text": words.quote, **place, "qa_score": words.score, "inferred": words.inferred}


def _side(words: ToldWords, start: int) -> dict[str, Any]:
    code = str(words.value)
    country = ORGANISATION_CODE if code.startswith(ORGANISATION) else _three_letters().get(code, code)
    named = {"wiki": "", "country": country, "country_name": party_name(code), "code_1": "", "code_2": "", "party": code}
    return {**_attribute(words, start), **named}


@cache
def _three_letters() -> dict[str, str]:
    return {row["iso2"]: row["iso3"] for row in table("states")}
