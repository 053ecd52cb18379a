"""This file writes what a part of the news gave to a file of its own and reads it back: JSON lines, packed, whole or not there at all.

A file is written under another name and renamed when it is complete, so that its being there says that its part is done. The same reports
give the same bytes, on whichever machine they were read.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from onrecord.errors import BadInput
from onrecord.records import Claim, Document, Finding, Issue
from onrecord.store.write import Report

FORM = "onrecord-shard/1"
SUFFIX = ".shard.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Part:
    """What a batch gave: reports with their findings, what could not be read, what the gate refused by reason, pages looked at."""

    reports: tuple[Report, ...] = ()
    issues: tuple[Issue, ...] = ()
    refused: Mapping[str, int] = field(default_factory=dict)
    pages: int = 0


def write_shard(path: Path, parts: Iterable[Part], *, analysed_by: str) -> None:
    """Writes a shard; a run that ends before it is complete leaves none under that name."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as stream:
            stream.write(_line({"form": FORM, "analysed_by": analysed_by}))
            for part in parts:
                stream.write(_line(asdict(part)))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def read_shard(path: Path) -> tuple[str, Iterator[Part]]:
    """The name of the analysis that made a shard, and what is in it, batch by batch; anything else is a `BadInput`."""
    lines = _lines(path)
    head = next(lines, None)
    if not isinstance(head, dict) or head.get("form") != FORM:
        raise BadInput(f"{path}: no shard of onrecord ({FORM}); scan its sources again")
    return str(head["analysed_by"]), (_part(path, line) for line in lines)


def _lines(path: Path) -> Iterator[Any]:
    try:
        with gzip.open(path, "rb") as stream:
            for line in stream:
                yield json.loads(line)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise BadInput(f"{path}: cannot be read as a shard ({error}); delete it and scan its sources again") from error


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass") + b"\n"


def _part(path: Path, line: Any) -> Part:
    try:
        reports = tuple(
            Report(_document(one["document"]), tuple(map(_finding, one["findings"])), tuple(Issue(**issue) for issue in one["issues"]))
            for one in line["reports"]
        )
        return Part(reports, tuple(Issue(**issue) for issue in line["issues"]), line["refused"], line["pages"])
    except (KeyError, TypeError) as error:
        raise BadInput(f"{path}: not what this version writes ({error}); delete it and scan its sources again") from error


def _document(held: dict[str, Any]) -> Document:
    spans = {name: tuple((start, end) for start, end in held[name]) for name in ("credit_spans", "furniture")}
    return Document(**{**held, "credits": tuple(held["credits"]), **spans})


def _finding(held: dict[str, Any]) -> Finding:
    return Finding(**{**held, "claims": tuple(Claim(**claim) for claim in held["claims"]), "about": tuple(held["about"])})
