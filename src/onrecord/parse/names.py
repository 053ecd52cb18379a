"""Names of states, bodies, companies, agencies, programmes and equipment, found by the tables' surfaces."""

from __future__ import annotations

from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from onrecord import vocab
from onrecord.records import Equipment, Mention, Parsed, Value


@cache
def _matcher() -> tuple[AhoCorasick, list[tuple[str, str, str | None, str, Value]]]:
    entries: dict[str, tuple[str, str, str | None, str, Value]] = {}

    def add(surface: str, kind: str, name: str, party: str | None, how: str, value: Value = None) -> None:
        if len(surface) > 1:
            entries.setdefault(surface, (kind, name, party, how, value))

    for row in vocab.table("states"):
        for column, how in (("name", "name"), ("aliases", "name"), ("adjectives", "adjective"), ("demonyms", "demonym"), ("capital", "capital")):
            for surface in vocab.cells(row[column]):
                add(surface, "state", row["name"], row["iso2"], how)
    for row in vocab.table("metonyms"):
        add(row["surface"], "body", row["surface"], row["iso2_or_body"], "metonym")
    for row in vocab.table("bodies"):
        for surface in [row["name"], *vocab.cells(row["aliases"])]:
            add(surface, "body", row["name"], row["iso2_or_org"] or None, "alias")
    for row in vocab.table("companies"):
        for surface in [row["name"], *vocab.cells(row["aliases"])]:
            add(surface, "company", row["name"], row["iso2"] or None, "alias")
    for row in vocab.table("agencies"):
        for surface in [row["name"], *vocab.cells(row["aliases"])]:
            add(surface, "agency", row["name"], row["iso2"] or None, "alias")
    for row in vocab.table("programmes"):
        for surface in [row["name"], *vocab.cells(row["aliases"])]:
            add(surface, "programme", row["name"], row["iso2_or_org"] or None, "alias")
    for row in vocab.table("equipment"):
        value = Equipment(row["class"], tuple(vocab.cells(row["maker_country"])), True)
        for surface in [row["designation"], *vocab.cells(row["aliases"])]:
            add(surface, "equipment", row["designation"], None, "alias", value)
    surfaces = list(entries)
    return AhoCorasick(surfaces, matchkind=MatchKind.LeftmostLongest), [entries[s] for s in surfaces]


def find_names(parsed: Parsed) -> list[Mention]:
    """Mentions of everything that a table names, longest surface first, on word boundaries."""
    text = parsed.document.text if parsed.title is not None else parsed.document.title
    matcher, entries = _matcher()
    found = []
    for number, start, end in matcher.find_matches_as_indexes(text):
        if start and text[start - 1].isalnum():
            continue
        plural = text[end : end + 1] == "s" and not text[end + 1 : end + 2].isalnum()
        if not plural and text[end : end + 1].isalnum():
            continue
        kind, name, party, how, value = entries[number]
        found.append(Mention(start, end + plural, kind, text[start : end + plural], name, party, how, value=value))
    return found
