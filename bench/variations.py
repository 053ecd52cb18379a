"""The ways in which a report changes on its way from outlet to outlet, and texts that only look like copies.

The teaching and the measuring of copies both use it, with different word lists, so that what is measured was not learnt by heart.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

SYNONYMS = json.loads((Path(__file__).parent / "synonyms.json").read_text(encoding="utf-8"))
OCR = {
    "l": "1",
    "o": "0",
    "e": "c",
    "m": "rn",
    "h": "b",
    "i": "l",
    "s": "5",
    "t": "f",
    "n": "u",
    "a": "o",
    "r": "i",
    "c": "e",
    "B": "8",
    "S": "5",
}
GARBLES = [
    ("th", "t"), ("ch", "tch"), ("w", "v"), ("v", "w"), ("k", "c"), ("c", "k"), ("ei", "ey"), ("y", "i"), ("i", "y"), ("ph", "f"),
    ("sh", "ch"), ("z", "s"), ("ou", "u"), ("ee", "i"), ("ll", "l"), ("ss", "s"), ("nn", "n"), ("er", "ier"), ("a", "aa"),
]  # fmt: skip
SENTENCE = re.compile(r"(?<=[.!?”\"])\s+(?=[A-Z“\"])")
NAME = re.compile(r"\b[A-Z][a-z]{2,}\b")
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Text:
    """A report of the bench: which original it carries, and what was done to it."""

    origin: str
    text: str
    title: str
    outlet: str
    published: str
    made_by: str = "original"
    credit: str = ""


Others = Sequence[Text]
Variation = Callable[[Text, random.Random, Others, str], Text]


def sentences(text: str) -> list[str]:
    """The sentences of a text, roughly."""
    return [part.strip() for line in text.splitlines() for part in SENTENCE.split(line) if part.strip()]


def abridge(source: Text, chance: random.Random, others: Others, words: str) -> Text:
    """The beginning and some of the rest, a quarter to four fifths in all."""
    parts = sentences(source.text)
    keep = max(2, round(len(parts) * chance.uniform(0.25, 0.8)))
    if chance.random() < 0.5:
        kept = parts[:keep]
    else:
        kept = [parts[place] for place in sorted({0, *chance.sample(range(len(parts)), min(keep, len(parts)))})]
    return replace(source, text=" ".join(kept), made_by="abridged")


def relead(source: Text, chance: random.Random, others: Others, words: str) -> Text:
    """Another beginning and another title before the text."""
    lead = _stretch(chance.choice(others).text, chance)[: chance.randint(1, 3)]
    return replace(source, text=" ".join(lead) + "\n\n" + source.text, title=chance.choice(others).title, made_by="new lead")


def add_tail(source: Text, chance: random.Random, others: Others, words: str) -> Text:
    """Something else behind the text, up to a third of its length."""
    tail, room = [], len(source.text) * chance.uniform(0.1, 0.35)
    for sentence in _stretch(chance.choice(others).text, chance):
        if sum(map(len, tail)) > room:
            break
        tail.append(sentence)
    return replace(source, text=source.text + "\n\n" + " ".join(tail), made_by="tail")


def _stretch(text: str, chance: random.Random) -> list[str]:
    parts = sentences(text)
    return parts[chance.randrange(len(parts)) :]


def scan(source: Text, chance: random.Random, others: Others, words: str) -> Text:
    """Signs misread as a scanner would, one in twenty to one in two hundred."""
    rate = chance.uniform(0.005, 0.05)
    return replace(source, text="".join(OCR.get(s, s) if chance.random() < rate else s for s in source.text), made_by="scanned")


def reorder(source: Text, chance: random.Random, others: Others, words: str) -> Text:
    """The sentences in another order, the first one kept half of the time."""
    parts = sentences(source.text)
    first = parts[:1] if chance.random() < 0.5 else []
    rest = parts[len(first) :]
    chance.shuffle(rest)
    return replace(source, text=" ".join([*first, *rest]), made_by="reordered")


def reword(source: Text, chance: random.Random, others: Others, words: str, *, rate: float | None = None) -> Text:
    """Words exchanged for others of the list, and some for words of other texts, as an editor's synonyms would be."""
    rate = chance.uniform(0.05, 0.25) if rate is None else rate
    exchange = {group[0]: group[1:] for group in SYNONYMS[words]} | {
        word: [g for g in group if g != word] for group in SYNONYMS[words] for word in group
    }
    strange = [word for word in re.findall(r"\b[a-z]{4,}\b", chance.choice(others).text)] or ["word"]
    mapped: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        word = match.group()
        if word in exchange:
            return mapped.setdefault(word, chance.choice(exchange[word])) if chance.random() < 0.8 else word
        if len(word) >= 4 and word not in mapped and chance.random() < rate:
            mapped[word] = chance.choice(strange)
        return mapped.get(word, word)

    return replace(source, text=re.sub(r"\b[a-z]+\b", other, source.text), made_by="reworded")


def garble(source: Text, chance: random.Random, others: Others, words: str) -> Text:
    """Names written by ear, each name the same way throughout."""
    share = chance.uniform(0.2, 0.8)
    mapped: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        name = match.group()
        if name not in mapped:
            fits = [(one, two) for one, two in GARBLES if one in name[1:]]
            mapped[name] = name[0] + name[1:].replace(*chance.choice(fits), 1) if fits and chance.random() < share else name
        return mapped[name]

    return replace(source, text=NAME.sub(other, source.text), made_by="garbled")


def translate(source: Text, chance: random.Random, others: Others, words: str) -> Text:
    """As if translated and translated back: about half of the words others, names garbled, articles gone, words of a sentence moved."""
    text = reword(garble(source, chance, others, words), chance, others, words, rate=chance.uniform(0.3, 0.55)).text
    text = re.sub(r"\b(?:the|a|an) ", "", text)
    moved = []
    for sentence in sentences(text):
        parts = re.split(r"(?<=,) ", sentence)
        if len(parts) > 1 and chance.random() < 0.4 and not re.search(r"[\"“”]", sentence):
            chance.shuffle(parts)
        moved.append(" ".join(parts))
    credit = source.outlet if chance.random() < 0.6 else ""
    title = reword(replace(source, text=source.title), chance, others, words, rate=0.5).text
    return replace(source, text=" ".join(moved), title=title, credit=credit, made_by="translated")


VARIATIONS: dict[str, Variation] = {
    "abridged": abridge, "new lead": relead, "tail": add_tail, "scanned": scan, "reordered": reorder, "reworded": reword,
    "garbled": garble, "translated": translate,
}  # fmt: skip


def vary(source: Text, chance: random.Random, others: Others, words: str) -> Text:
    """One to three variations one after another, mostly in another outlet and up to three days later; some long after, or undated."""
    names = chance.sample(sorted(VARIATIONS), chance.choice((1, 1, 2, 2, 3)))
    made = source
    for name in names:
        made = VARIATIONS[name](made, chance, others, words)
    where = source.outlet if chance.random() < 0.15 else outlet(chance)
    days = chance.choice((0, 0, 1, 1, 2, 3)) if "translated" in names or chance.random() < 0.85 else chance.randint(4, 400)
    day = later(source.published, days) if source.published and chance.random() < 0.9 else ""
    return replace(made, outlet=where, published=day, made_by=" + ".join(names))


def same_affair(source: Text, other: Text, chance: random.Random, name: str) -> Text:
    """Another report on the same affair and day: another text, in which the first one's names and some of its numbers stand."""
    ours, theirs = ([n for n, _ in Counter(NAME.findall(side.text)).most_common(25)] for side in (source, other))
    names = dict(zip(theirs, ours, strict=False))
    figures = NUMBER.findall(source.text)
    text = NAME.sub(lambda m: names.get(m.group(), m.group()), other.text)
    text = NUMBER.sub(lambda m: chance.choice(figures) if figures and chance.random() < 0.6 else m.group(), text)
    title = NAME.sub(lambda m: names.get(m.group(), m.group()), other.title)
    return replace(
        other, origin=name, text=text, title=title, published=later(source.published, chance.choice((0, 0, 1))), made_by="same affair"
    )


def same_form(source: Text, other: Text, chance: random.Random, name: str) -> Text:
    """A bulletin in the same words about other things: other numbers, other names, another day."""
    names = [n for n, _ in Counter(NAME.findall(other.text)).most_common(40)] or ["Other"]
    mapped: dict[str, str] = {}
    text = NAME.sub(lambda m: mapped.setdefault(m.group(), chance.choice(names)), source.text)
    text = NUMBER.sub(lambda m: str(chance.randint(1, 99)) if len(m.group()) < 4 else str(chance.randint(1990, 2030)), text)
    return replace(source, origin=name, text=text, published=later(source.published, chance.choice((0, 1, 1, 7, 30))), made_by="same form")


def follow_up(source: Text, other: Text, chance: random.Random, name: str) -> Text:
    """A later report that repeats a few of the first one's sentences as background."""
    parts = sentences(source.text)
    taken = chance.sample(parts, max(1, min(len(parts) // 5, 4)))
    text = other.text + "\n\n" + " ".join(taken)
    return replace(other, origin=name, text=text, published=later(source.published, chance.randint(0, 6)), made_by="follow-up")


def same_words(source: Text, other: Text, chance: random.Random, name: str) -> Text:
    """Another report that quotes the same person with the same words."""
    quoted = re.findall(r"[\"“][^\"“”]{30,300}[\"”]", source.text)
    said = chance.choice(quoted) if quoted else sentences(source.text)[-1]
    parts = sentences(other.text)
    at = chance.randint(1, max(1, len(parts) - 1))
    text = " ".join([*parts[:at], f"{said} an official said.", *parts[at:]])
    return replace(other, origin=name, text=text, published=source.published, made_by="same quotation")


def same_tail(source: Text, other: Text, chance: random.Random, name: str) -> Text:
    """Another report with the same end: what an outlet puts behind all its reports, or its next piece of news."""
    parts = sentences(source.text)
    shared = " ".join(parts[-max(1, round(len(parts) * chance.uniform(0.15, 0.35))) :])
    return replace(other, origin=name, text=other.text + "\n\n" + shared, published=source.published, made_by="same tail")


LOOKALIKES = (same_affair, same_form, follow_up, same_words, same_tail)


def round_up(sources: Sequence[Text], chance: random.Random, name: str) -> Text:
    """A page that gives the beginnings of many reports."""
    text = "\n\n".join(" ".join(sentences(source.text)[: chance.randint(2, 4)]) for source in sources)
    return Text(name, text, "The week in brief", outlet(chance), max(s.published for s in sources), "round-up")


def outlet(chance: random.Random) -> str:
    """An invented outlet."""
    place = chance.choice("Norland Sudland Westmark Osthaven Littleton Bergheim Castlerock Rivermouth Highmoor Saltmarsh".split())
    return f"{place} {chance.choice('Courier Post Herald Times Journal Tribune'.split())} {chance.randint(1, 40)}"


def later(day: str, days: int) -> str:
    """The ISO day that many days later; none where there is none."""
    return "" if not day else (date.fromisoformat(day) + timedelta(days)).isoformat()
