"""Who sells, where a buyer's words name it, whoever makes the goods; and who sells together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onrecord import vocab
from onrecord.extract.acceptance import fit
from onrecord.extract.arguments import Slots, arguments
from onrecord.extract.lexicon import frames_at
from onrecord.extract.scene import Scene, head_of_phrase, is_party, makers_of, phrase_mentions
from onrecord.extract.told import Deal, Party, Told
from onrecord.extract.triggers import Trigger
from onrecord.records import Mention, Parsed
from onrecord.syntax import is_passive, kids

# What joins the adjectives of states into one word.
HYPHENS = ("-", "\N{HYPHEN}", "\N{NON-BREAKING HYPHEN}", "\N{EN DASH}")

# What a third state does to the transfer of others, the acts that it is done to, and in which of its slots they stand.
CONSENT = frozenset({"approval", "refusal", "suspension"})
ACTS = frozenset({"delivery", "contract"})
BELOW = ("xcomp", "clause", "object", "of", "to", "from")
BELOW_VERB = frozenset({"xcomp", "ccomp", "pcomp", "acl"})

# What stands between a word and the act that somebody is blamed or thanked for.
FOR = frozenset({"of", "for", "over", "about", "against"})

# Words for what a party has.
OWN = frozenset({"its", "their", "our"})


def told_seller(scene: Scene, trigger: Trigger, item: Mention) -> str:
    """The party that the words around a trigger tell to be the seller, whoever made the goods; "" where they tell of none."""
    by_act = named_seller(scene, trigger, item) or named_sender(scene, trigger) or blamed_seller(scene, trigger)
    return by_act or own_seller(scene, trigger, item)


def named_seller(scene: Scene, trigger: Trigger, item: Mention) -> str:
    """The one party that a buyer's verb names with "from", whoever made the goods; else "".

    "Bought the S-400 from Ankara", or a noun over such a verb: "the desire to buy the S-400 from Ankara". Of several items each may have
    its own: "bought Rafales from Paris and F-35s from Washington".
    """
    if item in scene.first_word and trigger.side == "buy" and (top := head_of_phrase(scene, item)).dep == "conj":
        if own := _only_party(scene, arguments(scene.parsed, top.index), "from"):
            return own
    below = [*trigger.slots.get("clause", []), *trigger.slots.get("xcomp", [])] if trigger.pos == "noun" else []
    if not (trigger.pos == "verb" and trigger.side == "buy") and not any(_is_buying(scene.parsed, index) for index in below):
        return ""
    return _only_party(scene, trigger.slots, "from")


def named_sender(scene: Scene, trigger: Trigger) -> str:
    """The party that is to hand goods on where a third state lets or forbids it, else "": "Bern barred Denmark from sending the Piranha".

    The trigger is what the third state does, or the act that it is done to.
    """
    parsed, index = scene.parsed, trigger.index
    if not CONSENT.isdisjoint(trigger.stages):
        upper, slots = index, trigger.slots
        below = [head for slot in BELOW for head in slots.get(slot, [])]
    else:
        governor = parsed.words[index].head
        upper = parsed.words[governor].head if parsed.words[governor].pos == "ADP" else governor
        if parsed.words[index].dep not in BELOW_VERB or all(frame.stage not in CONSENT for frame in frames_at(parsed, upper)):
            return ""
        slots, below = arguments(parsed, upper), [index]
    if by_leave := _with_leave(scene, upper):
        return by_leave
    third = {m.party for m in _parties_in(scene, slots, "subject", "possessor")}
    senders = (m for act in below if third and _is_handing_on(parsed, act) for m in _senders(scene, slots, upper, act))
    return next((m.party or "" for m in senders if m.party not in third), "")


def _with_leave(scene: Scene, index: int) -> str:
    """Who gets or needs another's leave to hand goods on, by verb or noun, else "": "received US approval to hand over the jets"."""
    parsed = scene.parsed
    word = parsed.words[index]
    verb = word if word.pos == "VERB" else parsed.words[word.head]
    nouns = kids(parsed, verb.index, "dobj") if word.pos == "VERB" else [word] if word.dep == "dobj" else []
    if verb.lemma.lower() not in vocab.words("stages")["leave"]["got"]:
        return ""
    for noun in nouns:
        granted = any(frame.stage == "approval" for frame in frames_at(parsed, noun.index))
        acts = [*kids(parsed, noun.index, "acl"), *kids(parsed, verb.index, "advcl", "xcomp")]
        if granted and any(_is_handing_on(parsed, act.index) for act in acts):
            slots = arguments(parsed, noun.index)
            giver = {m.party for m in _parties_in(scene, slots, "from", "by", "of", "possessor", "compound")}
            return next((m.party or "" for m in _subjects_of(scene, verb.index) if m.party not in giver), "")
    return ""


def _subjects_of(scene: Scene, verb: int) -> list[Mention]:
    """The parties that are subject of a verb, or, where it has a pronoun for one, of the verb above: "Oslo confirmed it received …"."""
    parsed = scene.parsed
    found = _parties_in(scene, arguments(parsed, verb), "subject")
    word = parsed.words[verb]
    if not found and word.dep == "ccomp" and any(kid.pos == "PRON" for kid in kids(parsed, verb, "nsubj")):
        found = _parties_in(scene, arguments(parsed, word.head), "subject")
    return found


def blamed_seller(scene: Scene, trigger: Trigger) -> str:
    """The party that is blamed or thanked for a seller's act, else "": "accused Poland of delivering tanks to Ukraine".

    For a noun its buyer or its owner has to be told, for one may also be warned of what others sell: "thanked Denmark for its delivery".
    """
    parsed, act = scene.parsed, scene.parsed.words[trigger.index]
    link = parsed.words[act.head]
    if act.dep not in {"pcomp", "pobj"} or link.lemma not in FOR or not _is_handing_on(parsed, act.index):
        return ""
    blamed = _only_party(scene, arguments(parsed, link.head), "object")
    buyers = {mention.party for mention in _parties_in(scene, trigger.slots, "to", "dative")}
    told = act.pos == "VERB" or buyers or any(owner.text.lower() in OWN for owner in kids(parsed, act.index, "poss"))
    return blamed if told and blamed not in buyers else ""


def own_seller(scene: Scene, trigger: Trigger, item: Mention) -> str:
    """The party that hands on goods of its own or of a named make, else "": "Ecuador will hand its Russian Mi-17s to the United States".

    So do "50 French-built AMX-30s" that somebody gives, and "Russia's S-300" that Slovakia hands to Ukraine.
    """
    parsed = scene.parsed
    if trigger.pos != "verb" or item not in scene.first_word:
        return ""
    top = head_of_phrase(scene, item)
    made = any(m.kind == "state" for m in phrase_mentions(scene, top.index))
    if top.index < trigger.index or not (made or any(owner.text.lower() in OWN for owner in kids(parsed, top.index, "poss"))):
        return ""
    if not _is_handing_on(parsed, trigger.index):
        return ""
    return _only_party(scene, trigger.slots, "subject")


def _is_handing_on(parsed: Parsed, index: int) -> bool:
    """Whether a word is a seller's act by its frames."""
    acts = [frame for frame in frames_at(parsed, index) if frame.stage in ACTS]
    return any({"subject", "possessor"} & {*frame.supplier} for frame in acts) and not any(
        {"subject", "possessor"} & {*frame.recipient} for frame in acts
    )


def _senders(scene: Scene, slots: Slots, upper: int, act: int) -> list[Mention]:
    """The parties that are to do an act which a word above it, with these slots, lets or forbids."""
    parsed = scene.parsed
    if parsed.words[act].pos not in {"VERB", "AUX"}:
        return _parties_in(scene, arguments(parsed, act), "possessor", "by", "from")
    # The one who is let stands between the two words, or is what a passive is done to: "Denmark was barred from sending".
    let = [*_parties_in(scene, arguments(parsed, act), "subject"), *_parties_in(scene, slots, "object", "dative", "compound")]
    return [m for m in let if is_passive(parsed, upper) or upper < scene.first_word[m] < act]


def _parties_in(scene: Scene, slots: Slots, *names: str) -> list[Mention]:
    """The parties that fill some slots, in order."""
    held = (scene.by_word.get(head) for name in names for head in slots.get(name, []))
    return [mention for mention in held if mention is not None and is_party(mention)]


def _only_party(scene: Scene, slots: Slots, name: str) -> str:
    """The one party that fills a slot; "" where none or several do."""
    parties = {mention.party for mention in _parties_in(scene, slots, name)}
    return (parties.pop() or "") if len(parties) == 1 else ""


def _is_buying(parsed: Parsed, index: int) -> bool:
    """Whether a verb is a buyer's act by the frames that it evokes."""
    frames = frames_at(parsed, index) if parsed.words[index].pos == "VERB" else ()
    return any("subject" in frame.recipient for frame in frames) and not any("subject" in frame.supplier for frame in frames)


def with_sellers(scene: Scene, tellings: Sequence[Told]) -> list[Told]:
    """The tellings, where a make is no seller: "the Russian S-400" that a buyer wants is what it wants "from Ankara" elsewhere.

    Nor is it where somebody hands on goods of that make: "Ecuador will hand its Russian Mi-17s to the United States".
    """
    asked, owned = (
        {
            (told.recipient[0], told.item.name): told.supplier
            for told in tellings
            if told.supplier[0] and by(scene, told.trigger, told.item) == told.supplier[0]
        }
        for by in (named_seller, own_seller)
    )

    def seller(told: Told) -> Party:
        key = told.recipient[0], told.item.name
        makers = makers_of(told.item)
        if told.supplier[0] not in makers or fit(scene, told, "supplier") == "yes":
            return told.supplier
        return owned.get(key) or (asked.get(key, told.supplier) if told.trigger.side == "buy" else told.supplier)

    return [told if told.supplier == (named := seller(told)) else replace(told, supplier=named) for told in tellings]


def listed_parties(scene: Scene, mention: Mention | None) -> list[Mention]:
    """The parties that stand in one list with one, itself among them: "China and Pakistan"; none where it stands nowhere."""
    if mention is None or mention not in scene.first_word:
        return []
    words = scene.parsed.words
    top = words[scene.first_word[mention]]
    while top.dep == "conj" and top.head != top.index:
        top = words[top.head]
    listed, heads = [top.index], [top.index]
    while heads:
        below = [child.index for child in kids(scene.parsed, heads.pop(), "conj")]
        listed += below
        heads += below
    others = [scene.by_word[at] for at in listed if at in scene.by_word]
    return [m for m in others if is_party(m) and m.party and m.kind == mention.kind] if mention in others else []


def partners_of(scene: Scene, told: Told) -> list[Mention]:
    """The states that are written as one word with the supplier, itself among them, as its partners: "the Franco-Italian SAMP/T".

    None where the supplier stands alone, where the recipient is one of them ("a Russian-Indian deal"), or where the words are about other
    goods: the makers of these are known, and they do not stand right after them.
    """
    together = _compounded(scene, told.supplier[1])
    if not together or told.recipient[0] in {m.party for m in together}:
        return []
    makers = makers_of(told.item)
    sentence = scene.by_sentence[scene.parsed.words[scene.first_word[together[0]]].sentence]
    named = next((m.name for m in sentence if m.kind == "equipment" and m.start >= together[-1].end), "")
    return together if not makers or named == told.item.name or all(m.party in makers for m in together) else []


def _compounded(scene: Scene, mention: Mention | None) -> list[Mention]:
    """The states of the word that a state is part of, in order; none where it is a word of its own."""
    if mention is None or mention.kind != "state" or mention not in scene.first_word:
        return []
    text = scene.parsed.document.text
    states = [m for m in scene.by_sentence[scene.parsed.words[scene.first_word[mention]].sentence] if m.kind == "state" and m.party]
    starts, ends = {m.start: m for m in states}, {m.end: m for m in states}
    found = [mention]
    while text[found[0].start - 1 : found[0].start] in HYPHENS and (before := ends.get(found[0].start - 1)):
        found.insert(0, before)
    while text[found[-1].end : found[-1].end + 1] in HYPHENS and (after := starts.get(found[-1].end + 1)):
        found.append(after)
    return found if len(found) > 1 else []


def with_partners(scene: Scene, tellings: Sequence[Told]) -> list[Told]:
    """The tellings, where goods of several states have one supplier, the first named: what is told of each of them is of one deal."""
    partners: dict[tuple[str, str], list[Mention]] = {}
    for told in tellings:
        if together := partners_of(scene, told):
            partners.setdefault((told.recipient[0], told.item.name), together)

    def first_of(told: Told) -> Told:
        first, *others = partners.get((told.recipient[0], told.item.name), (None,))
        return replace(told, supplier=(first.party or "", first)) if first and told.supplier[0] in {m.party for m in others} else told

    return [first_of(told) for told in tellings]


def makers_together(scene: Scene, deal: Deal) -> list[Mention]:
    """Who supplies a deal's goods beside its supplier: states written as one word with it, and makers of the goods in one list with it,
    "bought from France and Italy".
    """
    found: dict[str, Mention] = {}
    for told in deal.told:
        found |= {m.party or "": m for m in partners_of(scene, told) if m.party != deal.supplier and m.party not in found}
        makers = makers_of(told.item)
        if deal.supplier in makers:
            for mention in listed_parties(scene, told.supplier[1]):
                if mention.party in makers and mention.party not in (deal.supplier, deal.recipient):
                    found.setdefault(mention.party or "", mention)
    return list(found.values())
