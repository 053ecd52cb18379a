"""This file holds the nouns of review: an act, what it is about, what the person saw, and what became of it in the record of today."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onrecord.acts.selectors import Marked, mark
from onrecord.records import Claim, Document, Finding, Json

ON_CELLS = ("accept", "correct", "reject", "add")
ON_PAIRS = ("same", "different", "unsure")
VERBS = (*ON_CELLS, *ON_PAIRS, "remark", "undo")
# The claim without which a finding of its kind is none, and by which it is told from the others of its report.
MAIN = {"transfer": "equipment", "stage": "stage", "statement": "content", "event": "plover"}
NEEDED = {"transfer": (), "stage": ("stage", "modality"), "statement": ("content",), "event": ("plover", "modality")}


@dataclass(frozen=True, slots=True)
class SeenClaim:
    """A cell as the person saw it: the claim, its words with what stands around them, and the act that had made it (0: the analysis)."""

    claim: Claim
    marked: Marked
    act: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding as the person saw it. `machine` is what the analysis alone said at that time, None where it did not find it at all.

    `root` is the id under which people first acted on it, in the document `root_document`; it holds through later analyses and versions.
    `parent` is the transfer that a stage belongs to, `about` the roots of the transfers that a statement or an event speaks of.
    """

    kind: str
    key: str
    root: str
    root_document: str
    claims: tuple[SeenClaim, ...]
    machine: tuple[SeenClaim, ...] | None
    made_by: str = ""
    score: float = 1.0
    parent: Seen | None = None
    about: tuple[str, ...] = ()

    def main(self) -> SeenClaim | None:
        """The claim that its finding stands on; the first one where that is missing."""
        return next((seen for seen in self.claims if seen.claim.field == MAIN[self.kind]), self.claims[0] if self.claims else None)


@dataclass(frozen=True, slots=True)
class Target:
    """What an act is about: a finding of a report, or one cell of it (`field` with the `value` that was seen; None where there was none).

    `side` is "left" or "right" in a verdict on two. `document_id` and `text_sha256` tell which text the person read.
    """

    document_id: str
    uri: str
    key: str
    text_sha256: str
    seen: Seen
    field: str = ""
    value: Json = None
    side: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a person did, never edited and never deleted. `value` is the corrected value or the remark's text.

    `words` are the words that a correction was marked on; `undoes` is the id of the act that this one takes back; `last_document` the
    last report on record at that time. `id` hashes the act with the id of the act before it, so that none can be changed unnoticed.
    """

    number: int
    id: str
    verb: str
    by: str
    why: str
    at: str
    value: Json = None
    words: Marked | None = None
    undoes: str = ""
    last_document: int = 0
    targets: tuple[Target, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class State:
    """What became of an act in one report of today: applied, look (the analysis now says otherwise), orphaned, or idle; and why."""

    act: int
    place: int
    state: str
    finding_id: str = ""
    field: str = ""
    reason: str = ""


def see(
    document: Document, finding: Finding, machine: Finding | None, *, root: tuple[str, str], acts: Mapping[int, int], **more: Any
) -> Seen:
    """A finding as it stands, for an act to remember: `acts` gives the act of each claim by its place, `machine` is the analysis' own.

    `root` is the id under which people know it, and the document in which they first did.
    """
    own = tuple(SeenClaim(c, mark(document.text, c.start, c.end), acts.get(n, 0)) for n, c in enumerate(finding.claims))
    said = None if machine is None else tuple(SeenClaim(c, mark(document.text, c.start, c.end)) for c in machine.claims)
    return Seen(finding.kind, finding.key, *root, own, said, finding.made_by, finding.score, **more)


def pinned_id(root: str, root_document: str, document: str) -> str:
    """The id that a finding has in a document, once people acted on it: the one that they know it by, or one made of it elsewhere."""
    return root if document == root_document else hashlib.sha256(f"{root}\n{document}".encode()).hexdigest()[:24]


def act_id(before: str, content: Mapping[str, Json]) -> str:
    """The id of an act: a hash of all that it holds and of the id of the act before it."""
    return hashlib.sha256(f"{before}\n{json.dumps(content, ensure_ascii=False, sort_keys=True)}".encode()).hexdigest()[:24]


def pack_target(target: Target) -> dict[str, Json]:
    """A target as JSON, for the record."""
    return {"document_id": target.document_id, "uri": target.uri, "key": target.key, "text_sha256": target.text_sha256,
            "field": target.field, "value": target.value, "side": target.side, "saw": pack_seen(target.seen)}  # fmt: skip


def unpack_target(packed: Mapping[str, Any]) -> Target:
    """The target that was packed."""
    return Target(packed["document_id"], packed["uri"], packed["key"], packed["text_sha256"], unpack_seen(packed["saw"]), packed["field"],
                  packed["value"], packed["side"])  # fmt: skip


def pack_seen(seen: Seen) -> dict[str, Json]:
    """What a person saw as JSON, each cell with the selectors of its words."""
    return {
        "kind": seen.kind, "key": seen.key, "root": seen.root, "root_document": seen.root_document,
        "made_by": seen.made_by, "score": seen.score, "about": list(seen.about), "claims": [_pack(claim) for claim in seen.claims],
        "machine": None if seen.machine is None else "same" if seen.machine == seen.claims else [_pack(claim) for claim in seen.machine],
        "parent": None if seen.parent is None else pack_seen(seen.parent),
    }  # fmt: skip


def unpack_seen(packed: Mapping[str, Any]) -> Seen:
    """What was packed."""
    claims = tuple(_unpack(claim) for claim in packed["claims"])
    said = packed["machine"]
    machine = claims if said == "same" else None if said is None else tuple(_unpack(claim) for claim in said)
    parent = None if packed["parent"] is None else unpack_seen(packed["parent"])
    return Seen(packed["kind"], packed["key"], packed["root"], packed["root_document"], claims, machine, packed["made_by"],
                packed["score"], parent, tuple(packed["about"]))  # fmt: skip


def _pack(seen: SeenClaim) -> dict[str, Json]:
    claim = seen.claim
    more: dict[str, Json] = {"inferred": True} if claim.inferred else {}
    more |= {"reason": claim.reason} if claim.reason else {}
    return {"field": claim.field, "value": claim.value, "selector": seen.marked.selectors(), "score": claim.score, "act": seen.act, **more}


def _unpack(packed: Mapping[str, Any]) -> SeenClaim:
    marked = Marked.of(packed["selector"])
    claim = Claim(packed["field"], packed["value"], marked.start, marked.end, marked.exact, packed.get("inferred", False), packed["score"],
                  packed.get("reason", ""))  # fmt: skip
    return SeenClaim(claim, marked, packed["act"])
