"""This file cuts what is said: the clause under a reporting verb, the sentence before a trailing "X said", the act that a verb is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from onrecord.attribute.frames import frames, lemma_of
from onrecord.attribute.quotes import Quote, quote_at
from onrecord.attribute.reporting import Cue, core
from onrecord.dateline import find_dateline
from onrecord.records import Parsed, Sentence, Word
from onrecord.syntax import kids, sentence_of, subtree, subtree_span, word_at

EDGE = " \t\n\xa0,;:-–—"
MARKS = '"“”„«»'
Span = tuple[int, int]


def cut(parsed: Parsed, cue: Cue, quotes: list[Quote]) -> Span | None:
    """What a cue says, from the first to past the last code point, or None where the words give nothing to cut."""
    acts = cue.content == "act" and not (cue.soft and _trails(parsed, cue))
    span = act_span(parsed, cue) if acts else _beside(parsed, cue, quotes)
    if span is None:
        return None
    span = whole_quotes(span, quotes)
    return trim(parsed, span if acts else _with_tail(parsed, cue, span))


def stretch(parsed: Parsed, index: int) -> Span:
    """The sentence around a word; the parser's pieces of one are put together where no closing mark ends them."""
    text, sentences = parsed.document.text, parsed.sentences
    first = last = parsed.words[index].sentence
    while first and _runs_on(text, sentences[first - 1], sentences[first]):
        first -= 1
    while last + 1 < len(sentences) and _runs_on(text, sentences[last], sentences[last + 1]):
        last += 1
    return sentences[first].start, sentences[last].end


def _runs_on(text: str, before: Sentence, after: Sentence) -> bool:
    return before.paragraph == after.paragraph and text[before.end - 1] not in ".!?…" + MARKS and text[after.start] not in MARKS


def _with_tail(parsed: Parsed, cue: Cue, span: Span) -> Span:
    """The span with what goes on behind a semicolon in the shifted tenses of reported speech, if nobody else speaks there."""
    start, end = span
    _, high = stretch(parsed, cue.word)
    done = max(end, core(parsed, cue)[1])
    goes_on = parsed.document.text[done : done + 1] == ";" and _is_reported(parsed, done + 1, high)
    return (start, high) if goes_on else span


def _is_reported(parsed: Parsed, start: int, end: int) -> bool:
    """Whether a stretch is in the tenses of reported speech and holds no attribution of its own."""
    shifted = False
    first = word_at(parsed, start)
    for word in parsed.words[first.index :] if first else ():
        if word.start >= end:
            break
        if word.text in {'"', "“", "”"} or (word.pos == "VERB" and lemma_of(word) in frames()):
            return False
        low = word.text.lower()
        shifted |= (low in {"would", "could", "might"} or (low == "had" and word.dep == "aux")) and parsed.words[word.head].dep in {
            "ROOT",
            "conj",
        }
    return shifted


def _trails(parsed: Parsed, cue: Cue) -> bool:
    """Whether the attribution closes its sentence behind a comma or a quotation mark."""
    low, high = stretch(parsed, cue.word)
    start, end = core(parsed, cue)
    left, right = parsed.document.text[low:start].rstrip(), parsed.document.text[end:high]
    governs = any(child.index > cue.word for child in kids(parsed, cue.word, "dobj", "xcomp"))
    return left[-1:] in set("," + MARKS) and len(left.split()) > 2 and not governs and not _goes_on(right)


def trim(parsed: Parsed, span: Span) -> Span | None:
    """A span without outer spaces, commas, the final full stop and the quotation marks that wrap all of it."""
    text = parsed.document.text
    start, end = span
    found = find_dateline(text, start) if start == 0 or text[start - 1] in "\n\xa0 " else None
    if found and found.end() < end:
        start = found.end()
    while True:
        before = start, end
        while start < end and text[start] in EDGE:
            start += 1
        while start < end and (text[end - 1] in EDGE or (text[end - 1] == "." and not text[max(start, end - 3) : end - 1].isupper())):
            end -= 1
        inner = text[start + 1 : end - 1]
        if end - start > 2 and text[start] in MARKS and text[end - 1] in MARKS and not any(mark in inner for mark in MARKS):
            start, end = start + 1, end - 1
        elif start < end and text[end - 1] in MARKS and not any(mark in text[start : end - 1] for mark in MARKS):
            end -= 1
        elif start < end and text[start] in MARKS and not any(mark in text[start + 1 : end] for mark in MARKS):
            start += 1
        if (start, end) == before:
            return (start, end) if end - start > 3 else None


def whole_quotes(span: Span, quotes: list[Quote]) -> Span:
    """The span, stretched over a quotation of several sentences that begins in it."""
    start, end = span
    for quote in quotes:
        if quote.speech and quote.start < end < quote.end and quote.start - start < 200:
            end = quote.end
        if quote.speech and quote.start < start < quote.end:
            start = quote.start
    return start, end


def act_span(parsed: Parsed, cue: Cue, *, joined: bool = True) -> Span:
    """The verb with all that hangs on it to its right; with `joined`, also further reporting verbs that share its subject."""
    word = parsed.words[cue.word]
    if kids(parsed, word.index, "nsubjpass") and kids(parsed, word.index, "agent"):
        return subtree_span(parsed, word.index)
    reach = {word.index}
    for child in kids(parsed, word.index):
        if child.index < word.index or child.dep in {"punct", "parataxis", *("nsubj", "nsubjpass")}:
            continue
        if child.dep in {"conj", "cc"} and not joined:
            continue
        if child.dep == "conj" and (kids(parsed, child.index, "nsubj", "nsubjpass") or child.lemma not in frames()):
            continue
        if child.dep == "advcl" and {"although", "though", "while", "whereas", "as"} & {
            m.text.lower() for m in kids(parsed, child.index, "mark")
        }:
            continue
        reach.update(subtree(parsed, child.index))
    last = word.index
    while last + 1 < len(parsed.words) and (last + 1 in reach or (parsed.words[last + 1].dep == "punct" and last + 2 in reach)):
        last += 1
    if parsed.words[last].dep == "cc":
        last -= 1
    return word.start, parsed.words[last].end


def _beside(parsed: Parsed, cue: Cue, quotes: list[Quote]) -> Span | None:
    """The clause that stands before, after or around the attribution."""
    if cue.paper:
        return _around_source(parsed, cue)
    text, word = parsed.document.text, parsed.words[cue.word]
    low, high = stretch(parsed, cue.word)
    start, end = core(parsed, cue)
    left, right = text[low:start], text[end:high]
    opened = left.rstrip()[-1:] in set(",—–-?!" + MARKS) and bool(left.strip(EDGE + MARKS))
    goes_on = _goes_on(right) and not _is_credit(parsed, end, high)
    inside = opened and goes_on and right.lstrip()[:1] == ","
    clause = _clause_after(parsed, cue, word)
    if clause and not inside:
        return _to_the_right(parsed, word, clause)
    that = _that_after(parsed, word)
    if that is not None:
        return that.end, high
    if word.tag == "VBG" and word.dep in {"advcl", "acl", "pcomp"}:
        return None
    if right.lstrip().startswith(":"):
        return end, _end_after_colon(text, end, high, quotes)
    if inside:
        return segment(text, low, high, start)
    if opened and not goes_on:
        return low, start
    follows = quote_at(quotes, end + len(right) - len(right.lstrip(" ,:" + MARKS)))
    if follows and follows.speech and follows.start - end < 6:
        return follows.start, follows.end
    return (low, start) if opened and not goes_on and _clause_before(parsed, cue, word) else None


def governed_clause(parsed: Parsed, cue: Cue, quotes: list[Quote]) -> Span | None:
    """The clause that a verb governs to its right, if it governs one."""
    word = parsed.words[cue.word]
    clause = _clause_after(parsed, cue, word)
    return trim(parsed, whole_quotes(_to_the_right(parsed, word, clause), quotes)) if clause else None


def _that_after(parsed: Parsed, word: Word) -> Word | None:
    """The "that" of a clause which the parser hung elsewhere: "said on Thursday at the yard that"."""
    for after in parsed.words[word.index + 1 : word.index + 16]:
        if after.text in {";", ":", '"', ".", "!", "?"}:
            return None
        if after.text.lower() == "that" and after.dep == "mark":
            return after
    return None


def _goes_on(right: str) -> bool:
    """Whether more of what is said follows the attribution."""
    return len(re.findall(r"\w+", right)) >= 2 and right.lstrip()[:1] not in {".", ";", "!", "?"}


def _is_credit(parsed: Parsed, start: int, end: int) -> bool:
    """Whether only a short attribution of its own stands at the sentence's end: "..., the agency reports"."""
    first = word_at(parsed, start)
    words = [w for w in parsed.words[first.index : first.index + 10] if w.start < end] if first else []
    return len(words) < 9 and any(lemma_of(w) in frames() and w.tag in {"VBZ", "VBD", "VBP", "NNS"} for w in words)


def _clause_after(parsed: Parsed, cue: Cue, word: Word) -> Word | None:
    below = kids(parsed, word.index, "ccomp", "acl") if word.pos == "NOUN" else kids(parsed, word.index, "ccomp")
    if word.dep in {"ccomp", "xcomp", "acomp", "oprd"} and not below and cue.first < word.index:
        below = [child for child in kids(parsed, word.head, "ccomp") if child.index != word.index]
    return next((child for child in below if child.index > word.index and min(subtree(parsed, child.index)) > word.index), None)


def _clause_before(parsed: Parsed, cue: Cue, word: Word) -> bool:
    return word.dep == "parataxis" or any(child.index < word.index for child in kids(parsed, word.index, "ccomp"))


def _to_the_right(parsed: Parsed, word: Word, clause: Word) -> Span:
    """The clause below the verb, without "that"; under a main verb, up to the end of the sentence or the speaker's next act."""
    reach = sorted(subtree(parsed, clause.index))
    first, last = reach[0], reach[-1]
    if word.dep == "ROOT":
        stops = (
            min(subtree(parsed, child.index)) for child in kids(parsed, word.index) if child.index > clause.index and _stops(parsed, child)
        )
        stop = next(stops, sentence_of(parsed, word.index).last)
        last = max(last, stop - 1)
    while first < last and (parsed.words[first].text.lower() in {"that", ",", ":"} or parsed.words[first].pos == "SPACE"):
        first += 1
    while last > first and parsed.words[last].dep in {"cc", "punct"} and parsed.words[last].text not in MARKS + "?!.":
        last -= 1
    return parsed.words[first].start, parsed.words[last].end


def _stops(parsed: Parsed, child: Word) -> bool:
    """Whether a later child of a reporting verb begins what is no longer said: another act of the speaker's, a new sentence."""
    if child.dep == "conj":
        return child.lemma in frames() or bool(kids(parsed, child.index, "nsubj", "nsubjpass"))
    return child.dep == "parataxis" or child.text == ";"


def _end_after_colon(text: str, start: int, end: int, quotes: list[Quote]) -> int:
    opening = start + len(text[start:]) - len(text[start:].lstrip(": " + MARKS))
    quote = quote_at(quotes, opening)
    return quote.end if quote and quote.start - start < 6 else end


def segment(text: str, start: int, end: int, at: int) -> Span:
    """The part of a sentence between semicolons that holds the attribution."""
    before = max(text.rfind("; ", start, at), text.rfind(": ", start, at))
    after = text.find(";", at, end)
    return (before + 1 if before >= 0 else start), (after if after >= 0 else end)


def _around_source(parsed: Parsed, cue: Cue) -> Span | None:
    """The sentence around "according to X": what follows it at the start, what precedes it at the end, all of it in the middle."""
    text = parsed.document.text
    start, end = core(parsed, cue)
    low, high = segment(text, *stretch(parsed, cue.word), start)
    left, right = text[low:start].strip(EDGE), text[end:high].strip(EDGE + ".")
    if len(left.split()) < 2 and right:
        return end, high
    if not right:
        return (low, start) if left else None
    return low, high


def iter_labels(parsed: Parsed, paragraphs: list[Span]) -> Iterator[tuple[Span, Span]]:
    """The speaker's label and the words of each paragraph of a transcript: "THE WITNESS: ..."."""
    for start, end in paragraphs:
        found = LABEL.match(parsed.document.text, start, end)
        if found:
            yield found.span(1), (found.end(), end)


LABEL = re.compile(r"([A-Z][A-Z'’.-]*(?: [A-Z'’.-]+){0,7}(?: \([^)\n]{2,60}\))?):\s+(?=\S)")
