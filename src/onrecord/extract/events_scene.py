"""This file gathers what one report offers for judging its events: parties, deals, gifts, goods, who speaks where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from onrecord import vocab
from onrecord.extract.events_opinions import form_act_opinions
from onrecord.extract.events_parties import Filler, Parties
from onrecord.records import Finding, Parsed
from onrecord.syntax import words_in

# Parties looked at besides those in the frame's own slots, the nearest first.
NEIGHBOURS = 6
# Context reaches this many sentences back by number; a party last named earlier counts as far.
REACH = 4


class Scene:
    """What the judge looks up about one report; built once a report."""

    __slots__ = (
        "_quoted",
        "_standing",
        "aided",
        "bought",
        "gifts",
        "goods",
        "items",
        "opinions",
        "parsed",
        "parties",
        "rank",
        "sales",
        "sold",
        "title",
    )

    def __init__(self, parsed: Parsed, statements: Sequence[Finding], transfers: Sequence[Finding]) -> None:
        self.parsed, self.parties = parsed, Parties(parsed, tuple(statements))
        contents = (s.claim("content") for s in statements if s["kind"] == "direct")
        self._quoted = [(content.start, content.end) for content in contents if content is not None]
        self.opinions = form_act_opinions(parsed.encoding, ((m, parsed.words[first].sentence) for first, m in self.parties.mentions))
        counted = Counter(m.party or "" for _, m in self.parties.mentions)
        self.rank = {party: place for place, (party, _) in enumerate(counted.most_common())}
        self.title = frozenset(m.party for m in parsed.title.mentions if m.party) if parsed.title else frozenset()
        # Which pairs (supplier, recipient) have a deal, and which parties supply and receive in any.
        self.sold = frozenset((s, r) for t in transfers for s in t.all("supplier") for r in t.all("recipient"))
        self.bought = frozenset((r, s) for s, r in self.sold)
        words = vocab.words("events")
        self.goods: frozenset[str] = frozenset(words["classes"]["arms"])
        self.items = _item_words(parsed)
        giving, selling = frozenset(words["gift"]["words"]), frozenset(words["gift"]["sale"])
        self.gifts = frozenset(w.sentence for w in parsed.words if w.lemma.lower() in giving)
        self.sales = frozenset(w.sentence for w in parsed.words if w.lemma.lower() in selling)
        published = parsed.document.published or ""
        self.aided = frozenset(state for state, since in words["gift"]["aided"].items() if published >= since)
        self._standing = [(first, m, parsed.words[first].sentence, self.parties.standing(first)) for first, m in self.parties.mentions]

    def speaker(self, offset: int) -> Filler | None:
        """The party of whoever is on record with the words at an offset."""
        return next((filler for start, end, filler in self.parties.speakers if start <= offset < end), None)

    def is_quoted(self, offset: int) -> bool:
        """Whether the words at an offset are somebody's own, in quotation marks."""
        return any(start <= offset < end for start, end in self._quoted)

    def nearby(self, index: int) -> list[tuple[Filler, str]]:
        """The nearest parties around a word, each once, with where it is seen from there."""
        sentence = self.parsed.words[index].sentence
        found: dict[str, tuple[float, Filler, str]] = {}
        for first, mention, theirs, standing in self._standing:
            gap = sentence - theirs
            distance = abs(gap) * 30 + abs(index - first) * 0.2 + (60 if gap < 0 else 0)
            party = mention.party or ""
            if party in found and distance >= found[party][0]:
                continue
            if gap == 0:
                where = "after" if first > index else "before"
            else:
                where = "later" if gap < 0 else str(gap) if gap <= REACH else "far"
            found[party] = (distance, Filler(party, mention.start, mention.end, "context", first), f"{where}.{standing}")
        return [(filler, where) for _, filler, where in sorted(found.values(), key=lambda f: (f[0], f[1].start))[:NEIGHBOURS]]


def _item_words(parsed: Parsed) -> frozenset[int]:
    """The words that stand in a mention of equipment."""
    goods = (mention for mention in parsed.mentions if mention.kind == "equipment")
    return frozenset(word.index for mention in goods for word in words_in(parsed, mention.start, mention.end))
