"""This file finds equipment that no table holds, by shape, and the common nouns for goods that stand without a designation."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from onrecord import vocab
from onrecord.parse.designations import family_forms
from onrecord.parse.forms import class_nouns
from onrecord.parse.neighbours import OPENS
from onrecord.parse.readings import GLUE, INTRODUCED
from onrecord.parse.scene import Scene
from onrecord.records import TAKES_UP, Equipment, Mention, Parsed, Word
from onrecord.syntax import kids, word_at

CODE = (
    r"[A-Z]{1,5}[-/ ]?\d{1,4}[A-Z0-9/+-]{0,6}|\d{1,3}[A-Z]{1,3}\d{0,4}[A-Z]?|[A-Z][a-z]+-(?:\d+[A-Z]{0,4}|[IVX]+|[A-Z]{1,3})"
    r"|(?:Type|Project|Mk|Mark) \d{1,5}[A-Z]{0,3}|[A-Z]{2,6}(?:-[A-Z0-9]+)?"
)
NAME = r"[A-Z][a-z]{3,}(?: [IVX]{1,3}\b| [A-Z][a-z]{3,})?"
SHAPE = re.compile(rf"(?<![\w-])(?P<name>{CODE}|{NAME})s?(?=[\"]?(?:-class)? [a-z])")
# A code that stands alone, and codes of roads, sums, airliners, laws and the like.
BARE_CODE = re.compile(
    r"(?<![\w$-])(?P<name>(?:[A-Z]{1,4}-?\d{2,4}|[A-Z]{1,3}-\d|\d{3})[A-Z]{0,3}|Type \d{2,4}[A-Z]{0,2})s?(?![\w/%-]|[.,]\d)"
)
NO_CODE = re.compile(
    r"\d+|(?:[ABEMGTHUQ]|FY|CY|No|UN|COP|EU|USD?|EUR|GBP|CZK|HK|A3|B7|CO|H\d?N|ISO|COVID|MI|BR|NH|AH|PL|HR|SR|CA|RN|KM)-?\d+|\d+(?:MM|KM|KG|M|K|S|T|H|BN)"
)
NEAR = 400
FOLLOWING = re.compile(r"\"?(?:-class)? (?P<words>[a-z-]+(?: [a-z-]+){0,3})\b")
PAIR = re.compile(r"(?P<first>(?P<stem>[A-Za-z]{1,4}-)\d{1,3}[A-Z]{0,3})/(?P<second>\d{1,3})s?")
LEAD = re.compile(
    r"(?: of the| of type| of the type| of model| type| model| designated| called| named| known as(?: the)?| such as(?: the)?"
    r"| like(?: the)?)?(?: the)?[ ]?[\"(]?(?:[A-Z][a-z]+ )?"
)
LOOSE = re.compile(rf"[\"')]?(?: \([^)]*\))?[ -](?:(?!{GLUE}\b)[\w/-]+[ -]){{0,4}}")
VAGUE = {"other", "satellite"}
# Goods that are made for a platform, and what is one: of "Leopard ammunition" the goods are ammunition.
ACCESSORIES = frozenset(
    {"ammunition", "shell", "cartridge", "spare part", "engine", "simulator", "transmission", "gearbox", "powerpack", "aircraft part"}
)
PLATFORMS = frozenset(
    {
        "fighter", "attack aircraft", "bomber", "trainer aircraft", "transport aircraft", "tanker aircraft", "patrol aircraft",
        "airborne early warning", "helicopter", "attack helicopter", "drone", "tank", "armoured vehicle", "armoured personnel carrier",
        "infantry fighting vehicle", "howitzer", "air defence system", "submarine", "frigate", "corvette", "destroyer", "patrol vessel",
        "minehunter", "landing ship", "aircraft carrier",
    }
)  # fmt: skip
# How a state stands before goods; "the French" also means the people.
ADJECTIVES = frozenset({"adjective", "demonym"})
BEFORE_NOUN = ("amod", "compound", "nmod")
DEFINITE = {"the", "these", "those", "this", "both", "more", "further", "additional", "another", "other", "such"}


def find_shapes(parsed: Parsed, scene: Scene, found: list[Mention], text: str) -> list[Mention]:
    """The mentions with designations added that no table holds but that stand, code or capitalised name, before a class noun."""
    starts = [m.start for m in found]
    shaped = []
    for match in SHAPE.finditer(scene.text):
        start, end = match.span("name")
        noun = _noun_after(scene, match.end())
        near = bisect_left(starts, start)
        if not noun or any(m.start < end and start < m.end for m in found[max(0, near - 1) : near + 2] if m.kind != "goods"):
            continue
        if _is_name(parsed, scene, match.group("name"), start, noun[1]):
            value = Equipment(class_nouns()[noun[0]][1], (), False)
            shaped.append(
                Mention(start, end, "equipment", text[start:end], match.group("name"), None, "shape", 0.7, "before a class noun", value)
            )
    return sorted([*found, *shaped], key=lambda m: (m.start, -m.end)) if shaped else found


def find_codes(parsed: Parsed, scene: Scene, found: list[Mention], text: str) -> list[Mention]:
    """The mentions with codes that no table holds added where they are told of as a thing: "its C718,", "the F-5000 of Navantia"."""
    if not scene.arms:
        return found
    coded = []
    for match in BARE_CODE.finditer(scene.text):
        start, end = match.span("name")
        if any(m.start < end and start < m.end for m in found) or NO_CODE.fullmatch(match.group("name")):
            continue
        last = next((m for m in reversed(found) if m.end <= start and isinstance(m.value, Equipment)), None)
        word = word_at(parsed, start)
        if last is None or word is None or start - last.end > NEAR or not INTRODUCED.search(scene.text[max(0, start - 30) : start]):
            continue
        after = parsed.words[word.index + 1] if word.index + 1 < len(parsed.words) else None
        if after is not None and after.pos in {"NOUN", "PROPN", "NUM"} and after.start <= end + 1:
            continue
        value = Equipment(last.value.category if isinstance(last.value, Equipment) else "other", (), False)
        coded.append(Mention(start, end, "equipment", text[start:end], match.group("name"), None, "shape", 0.5, "a code among arms", value))
    return sorted([*found, *coded], key=lambda m: (m.start, -m.end)) if coded else found


def _noun_after(scene: Scene, end: int) -> tuple[str, int] | None:
    """The class noun that follows a name, right away or after one word, and where it starts."""
    nouns = class_nouns()
    after = FOLLOWING.match(scene.text, end)
    if after is None:
        return None
    words, start = after.group("words").split(" "), after.start("words")
    for skipped in (0, 1):
        for length in (3, 2, 1):
            phrase = " ".join(words[skipped : skipped + length])
            if len(words) >= skipped + length and phrase in nouns and nouns[phrase][1] not in VAGUE:
                return phrase, start + sum(len(w) + 1 for w in words[:skipped])
        if re.fullmatch(GLUE, words[0]):
            break
    return None


@cache
def _excluded() -> frozenset[str]:
    return frozenset(vocab.words("names")["shape"]["not_names"])


def _is_name(parsed: Parsed, scene: Scene, name: str, start: int, noun_at: int) -> bool:
    """Whether a shape is a designation: it holds a figure, or it is a proper noun in an arms report and no other kind of name."""
    if any(word in _excluded() for word in name.split(" ")) or name.lower() in class_nouns():
        return False
    if any(c.isdigit() for c in name):
        return not re.match(r"(?:FY|CY|Q|No)\d|\d+(?:MM|KM|KG|M|K|S|T|H)$", name)
    if not scene.arms or name.isupper():
        return scene.arms and len(name) > 2
    word, noun = word_at(parsed, start), word_at(parsed, noun_at)
    if (
        word is None
        or noun is None
        or word.tag not in {"NNP", "NN"}
        or re.search(rf"\b(?:in|at|near|from|Mr|Ms) {re.escape(name)}\b", scene.whole)
    ):
        return False
    phrase = noun.pos in {"NOUN", "PROPN"} and word.dep in {"compound", "nmod", "amod", "appos"}
    return phrase and not OPENS.search(scene.text[max(0, start - 3) : start])


def find_goods(parsed: Parsed, scene: Scene, found: list[Mention]) -> list[Mention]:
    """The mentions with goods nouns turned into equipment, save those that belong to a designation or are no goods here."""
    found = [m for number, m in enumerate(found) if not _is_what_for(m, found[number + 1 : number + 2])]
    named = [m for m in found if m.kind == "equipment"]
    states = _by_word(parsed, (m for m in found if m.kind == "state" and m.how in ADJECTIVES and m.party))
    kept = []
    for number, mention in enumerate(found):
        if mention.kind != "goods":
            kept.append(mention)
        elif not _belongs(scene, mention, found[max(0, number - 2) : number + 2]) and _is_goods(parsed, scene, mention):
            kept.append(_taken_up(parsed, replace(mention, kind="equipment", reason=""), named, states))
    return sorted([*kept, *_taken_up_vaguely(parsed, kept, named, states)], key=lambda m: (m.start, -m.end))


def _taken_up_vaguely(parsed: Parsed, found: list[Mention], named: list[Mention], states: Mapping[int, str]) -> Iterator[Mention]:
    """Nouns that tell no kind of goods, where the state beside them makes what was named before: "the Russian system"."""
    vague = vocab.words("names")["goods"]["vague"]
    held = {m.start for m in found}
    for word in parsed.words:
        if word.lemma.lower() not in vague or word.pos != "NOUN" or word.dep == "compound" or word.start in held:
            continue
        before = kids(parsed, word.index, *BEFORE_NOUN)
        if len(before) != 1 or not _is_definite(parsed, word):
            continue
        made = [m for m in named if m.end <= word.start and _makes(states, before, m)]
        if made:
            value = replace(made[-1].value, generic=True) if isinstance(made[-1].value, Equipment) else None
            yield Mention(
                word.start, word.end, "equipment", word.text, word.lemma.lower(), None, "noun", 0.4, TAKES_UP + made[-1].name, value
            )


def _is_definite(parsed: Parsed, noun: Word) -> bool:
    """Whether a noun takes up what was told before: "the jets", "both systems"."""
    return any(child.text.lower() in DEFINITE for child in kids(parsed, noun.index))


def _makes(states: Mapping[int, str], beside: Iterable[Word], mention: Mention) -> bool:
    """Whether a state named by one of the words makes what a mention stands for."""
    return isinstance(mention.value, Equipment) and any(states.get(word.index) in mention.value.makers for word in beside)


def _by_word(parsed: Parsed, states: Iterable[Mention]) -> dict[int, str]:
    """The word at which each adjective of a state ends -> its code."""
    return {word.index: mention.party or "" for mention in states for word in [word_at(parsed, mention.end - 1)] if word is not None}


def _is_what_for(mention: Mention, after: list[Mention]) -> bool:
    """Whether a designation only says what the goods right after it are for ("Gepard ammunition", "Hercules spare parts")."""
    if mention.kind != "equipment" or not isinstance(mention.value, Equipment) or not after or after[0].kind != "goods":
        return False
    return (
        after[0].start == mention.end + 1
        and after[0].text.islower()
        and after[0].name in ACCESSORIES
        and mention.value.category in PLATFORMS
    )


def _belongs(scene: Scene, noun: Mention, around: list[Mention]) -> bool:
    for other in around:
        if other.kind != "equipment":
            continue
        if 0 <= noun.start - other.end <= 45 and LOOSE.fullmatch(scene.lower[other.end : noun.start]):
            return True
        if 0 <= other.start - noun.end <= 32 and LEAD.fullmatch(scene.text[noun.end : other.start]):
            return True
    return False


def _is_goods(parsed: Parsed, scene: Scene, mention: Mention) -> bool:
    word = word_at(parsed, mention.end - 1)
    if word is None or word.pos not in {"NOUN", "PROPN", "ADJ"}:
        return False
    before = scene.lower[max(0, mention.start - 12) : mention.start].rstrip().rsplit(" ", 1)[-1]
    words = vocab.words("names")["goods"]
    if before in words["not_after"]:
        return False
    after = parsed.words[word.index + 1] if word.index + 1 < len(parsed.words) else None
    if (
        after is not None
        and after.start <= word.end + 1
        and after.pos == "NOUN"
        and after.head != word.index
        and word.dep in {"compound", "nmod", "amod", "nsubj", "dobj"}
    ):
        return after.lemma.lower() in words["deal_nouns"] or after.text.lower() in words["deal_nouns"] or after.text[:1].isupper()
    return True


def _taken_up(parsed: Parsed, mention: Mention, named: list[Mention], states: Mapping[int, str]) -> Mention:
    """A definite noun ("the jets") says which designation it takes up, if one of its kind stands before it.

    "The Russian jets" are those that Russia makes, if there are any such; else the adjective says whose they are.
    """
    word = word_at(parsed, mention.end - 1)
    if word is None or not _is_definite(parsed, word):
        return mention
    kinds = vocab.words("names")["goods"]["takes_up"].get(mention.name) or [
        mention.value.category if isinstance(mention.value, Equipment) else ""
    ]
    fits = [m for m in named if m.end <= mention.start and isinstance(m.value, Equipment) and m.value.category in kinds]
    before = kids(parsed, word.index, *BEFORE_NOUN)
    fits = [m for m in fits if _makes(states, before, m)] or fits
    return replace(mention, score=0.4, reason=TAKES_UP + fits[-1].name) if fits else mention


def pair_designations(found: list[Mention], text: str) -> list[Mention]:
    """The mentions with the second half of "MiG-29/35" made a designation of its own, where the table holds it."""
    result = []
    for mention in found:
        pair = PAIR.fullmatch(mention.text) if mention.kind == "equipment" else None
        second = f"{pair.group('stem')}{pair.group('second')}" if pair else ""
        if pair is None or second not in family_forms():
            result.append(mention)
            continue
        middle, start = mention.start + pair.end("first"), mention.start + pair.start("second")
        result.append(replace(mention, end=middle, text=text[mention.start : middle]))
        result.append(replace(mention, start=start, text=text[start : mention.end], name=second, reason=second))
    return result
