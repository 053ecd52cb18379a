"""The arguments of a predicate by slot, the same for active and passive verbs, participles, infinitives and nouns.

Slots: `subject` (doer), `object` (what is done to), `dative`, every preposition by its own word, and for nouns `possessor`,
`compound` (nouns and adjectives before it). An argument that a verb shares with its governor (control, conjunction, relative
clause) is found there.
"""

from __future__ import annotations

from onrecord.records import Parsed, Word
from onrecord.syntax import is_passive, kids

Slots = dict[str, list[int]]
SUBJECTS = ("nsubj", "csubj")
RELATIVES = frozenset({"that", "which", "who", "whom"})
# Verbs whose object, not subject, does the act of the infinitive below them: "asked Turkey to return", "allow Poland to send".
OBJECT_CONTROL = frozenset(
    "ask urge tell order allow permit enable force press persuade convince want expect let help invite require compel push authorize"
    " authorise forbid advise encourage call pressure oblige".split()
)


def arguments(parsed: Parsed, index: int) -> Slots:
    """Slot -> head words of what fills it, nearest first; an empty dict for a word that governs nothing."""
    word = parsed.words[index]
    slots: Slots = {}
    if word.pos in {"VERB", "AUX"}:
        _verb_slots(parsed, word, slots)
    else:
        _noun_slots(parsed, word, slots)
    return slots


def _verb_slots(parsed: Parsed, verb: Word, slots: Slots) -> None:
    passive = is_passive(parsed, verb.index)
    # "That Oslo had until then refused" may be read with all that stands before "had" below it.
    astray = [below for helper in kids(parsed, verb.index, "aux") for below in kids(parsed, helper.index, *SUBJECTS, "dobj")]
    for child in (*kids(parsed, verb.index), *astray):
        if child.dep in SUBJECTS:
            _put(parsed, slots, "subject", child.index)
        elif child.dep == "nsubjpass" or child.dep in {"dobj", "attr", "oprd"}:
            _put(parsed, slots, "object", child.index)
            if child.dep == "dobj":
                _prepositions(parsed, child.index, slots)
        elif child.dep == "dative":
            _put(parsed, slots, "dative", child.index)
            for inner in kids(parsed, child.index, "pobj"):
                _put(parsed, slots, "dative", inner.index)
        elif child.dep in {"ccomp", "xcomp"}:
            slots.setdefault("xcomp", []).append(child.index)
    _prepositions(parsed, verb.index, slots)
    if "object" not in slots and not passive:
        _shared_object(parsed, verb, slots)
    if "subject" not in slots or (passive and "object" not in slots):
        _shared_arguments(parsed, verb, slots, passive)
    if verb.dep == "relcl":
        _relative(parsed, verb, slots, passive)


def _shared_object(parsed: Parsed, verb: Word, slots: Slots) -> None:
    """The object of a verb that is coordinated right after this one without an object of its own: "delay or cancel the sale"."""
    for partner in kids(parsed, verb.index, "conj"):
        between = parsed.words[verb.index + 1 : partner.index]
        if partner.pos == "VERB" and all(w.pos in {"CCONJ", "ADV", "PART", "AUX"} or w.text == "," for w in between):
            for child in kids(parsed, partner.index, "dobj"):
                _put(parsed, slots, "object", child.index)


def _shared_arguments(parsed: Parsed, verb: Word, slots: Slots, passive: bool) -> None:
    """Arguments that a non-finite or conjoined verb takes from what governs it."""
    governor = parsed.words[verb.head]
    role = "object" if passive else "subject"
    if verb.dep in {"acl", "amod"}:
        if verb.tag == "VBN":
            _put(parsed, slots, "object", governor.index)
        elif verb.tag == "VBG":
            _put(parsed, slots, "subject", governor.index)
        slots.setdefault("head", []).append(governor.index)
        return
    steps = 0
    while governor.pos in {"VERB", "AUX"} and steps < 4:
        if verb.dep in {"xcomp", "ccomp", "advcl"} and steps == 0 and governor.lemma in OBJECT_CONTROL:
            found = kids(parsed, governor.index, "dobj", "nsubjpass", "dative") or kids(parsed, governor.index, *SUBJECTS)
        else:
            found = kids(parsed, governor.index, *SUBJECTS) or (kids(parsed, governor.index, "nsubjpass") if verb.dep != "advcl" else [])
        if found:
            if found[0].dep == "nsubjpass" and verb.dep == "conj" and is_passive(parsed, verb.index):
                role = "object"
            if role not in slots or role == "subject":
                _put(parsed, slots, role, found[0].index)
            return
        if governor.dep in {"relcl", "acl"}:
            _put(parsed, slots, role, governor.head)
            return
        if governor.head == governor.index:
            return
        governor = parsed.words[governor.head]
        steps += 1


def _relative(parsed: Parsed, verb: Word, slots: Slots, passive: bool) -> None:
    """A relative clause's gap is filled by the noun that it modifies."""
    noun = verb.head
    for slot in ("subject", "object"):
        heads = slots.get(slot, [])
        pronouns = [h for h in heads if parsed.words[h].lemma in RELATIVES]
        if pronouns:
            slots[slot] = [noun, *(h for h in heads if h not in pronouns)]
            return
    if passive and "object" not in slots:
        _put(parsed, slots, "object", noun)
    elif "subject" not in slots:
        _put(parsed, slots, "subject", noun)
    elif "object" not in slots:
        _put(parsed, slots, "object", noun)


def _noun_slots(parsed: Parsed, noun: Word, slots: Slots) -> None:
    for child in kids(parsed, noun.index):
        if child.dep == "poss":
            _put(parsed, slots, "possessor", child.index)
        elif child.dep in {"compound", "amod", "nmod", "nummod"}:
            slots.setdefault("compound", []).append(child.index)
            slots["compound"].extend(k.index for k in kids(parsed, child.index, "compound", "conj"))
        elif child.dep in {"acl", "relcl"}:
            slots.setdefault("clause", []).append(child.index)
        elif child.dep == "appos":
            _put(parsed, slots, "apposition", child.index)
    _prepositions(parsed, noun.index, slots)
    governor = parsed.words[noun.head]
    if noun.dep in {"dobj", "nsubjpass", "attr"} and governor.pos in {"VERB", "AUX"}:
        above: Slots = {}
        _verb_slots(parsed, governor, above)
        for slot, heads in above.items():
            target = "governor_" + slot if slot in {"subject", "object", "dative"} else slot
            slots.setdefault(target, []).extend(h for h in heads if h != noun.index)
    elif noun.dep == "pobj" and parsed.words[governor.head].pos in {"VERB", "AUX"}:
        above = {}
        _verb_slots(parsed, parsed.words[governor.head], above)
        for slot in ("subject", "object"):
            slots.setdefault("governor_" + slot, []).extend(above.get(slot, []))


def _prepositions(parsed: Parsed, index: int, slots: Slots) -> None:
    for child in kids(parsed, index, "prep", "agent", "dative"):
        name = "subject" if child.dep == "agent" or (child.lemma == "by" and parsed.words[index].pos == "NOUN") else child.lemma.lower()
        for inner in kids(parsed, child.index, "pobj", "pcomp"):
            _put(parsed, slots, name, inner.index)
        for chained in kids(parsed, child.index, "prep"):
            for inner in kids(parsed, chained.index, "pobj"):
                _put(parsed, slots, chained.lemma.lower(), inner.index)


def _put(parsed: Parsed, slots: Slots, name: str, index: int) -> None:
    """The word and all that is coordinated with it."""
    heads = slots.setdefault(name, [])
    queue = [index]
    while queue:
        top = queue.pop(0)
        if top not in heads:
            heads.append(top)
            queue.extend(k.index for k in kids(parsed, top, "conj") if k.pos not in {"VERB", "AUX"})
