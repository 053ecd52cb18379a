"""Transfers and their stages: every trigger of a report is read in text order against what the report has said so far.

A trigger proposes; the judge chooses its equipment, recipient, supplier and stage, or drops it. Tellings that agree on the parties
and the item build one transfer, unless they are of two lots (lots.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from onrecord.choosing import Models, choose, learnt_models
from onrecord.extract.acceptance import deal_readings, fit, telling_readings
from onrecord.extract.amounts import Amounts, quantity_readings, value_readings
from onrecord.extract.cells import transfer_findings
from onrecord.extract.gapping import with_gaps
from onrecord.extract.items import companion_readings, equipment_readings
from onrecord.extract.joint import joint_recipients, joint_suppliers, suppliers_listed
from onrecord.extract.lots import part_lots
from onrecord.extract.parties import party_readings
from onrecord.extract.scene import Draft, Scene, is_generic, is_party, parties_in_slots, set_scene, slots_of_mentions
from onrecord.extract.sellers import blamed_seller, makers_together, told_seller, with_partners, with_sellers
from onrecord.extract.sizes import settle_sizes
from onrecord.extract.stages import is_spelled_out, stage_readings
from onrecord.extract.timing import when_of
from onrecord.extract.told import Amount, Deal, Party, Told
from onrecord.extract.triggers import Trigger, find_triggers
from onrecord.records import Finding, Mention, Parsed
from onrecord.syntax import clause_span, kids

# Below this belief that it tells of any stage, a trigger is not looked into; of what is, a telling is kept from the second belief on.
# Both chosen on held-out folds of the training reports for the best F1 of stages.
STAGE_FLOOR = 0.15
TELLING_FLOOR = 0.35
# A deal is put on record when the judge believes in it at least this much. On held-out folds F1 peaks at 0.3; at 0.45 it loses 0.015 and
# three deals in four are right instead of two in three, which is what a register is for.
DEAL_FLOOR = 0.45
# A lot parted from another of the same deal, since what has arrived cannot be what is still spoken of, needs less.
PARTED_FLOOR = 0.3
# And so does what a predicate with both sides of its own tells this firmly: "Serbia exported mortars to Cyprus" may stand alone.
PLAIN = 0.6
# Goods without a designation that are held back, refused or asked for need less still, "Norway suspended all arms exports to Turkey": of
# the 34 deals that lay below the first floor in 1,492 annotated reports 28 are right.
HELD_BACK_FLOOR = 0.1
HELD_BACK = frozenset({"suspension", "refusal", "request"})
# What a seller refuses by saying that he will not do it.
REFUSABLE = frozenset({"delivery", "contract", "approval", "production", "offer"})
# A designation in one of these slots of a predicate is what it is about; no other name of the report competes.
OWN_SLOTS = frozenset({"slot:object", "slot:of"})
# What opens a noun phrase that takes up a deal told before.
DEFINITE = frozenset({"the", "this", "that", "such", "these"})
# How many recipients are tried with their best supplier.
RECIPIENTS = 3
# How the noun for a deal stands to the verb of which it is the object or, in a passive, the subject.
BELOW = frozenset({"dobj", "nsubjpass"})


def find_transfers(parsed: Parsed, statements: Sequence[Finding] = (), models: Models | None = None) -> list[Finding]:
    """The report's transfers (keys t1, t2, ...) and their stages (t1.s1, ...), in the order in which the text tells them.

    Weighed with the learnt models, or with those given.
    """
    scene = set_scene(parsed, models or learnt_models(encoded=parsed.encoding is not None))
    found: list[Finding] = []
    kept = [deal for deal in find_deals(scene) if _is_kept(deal)]
    for number, (deal, size) in enumerate(zip(kept, settle_sizes(kept), strict=True), 1):
        found += transfer_findings(parsed, deal, size, f"t{number}", statements, makers_together(scene, deal))
    return found


def _is_kept(deal: Deal) -> bool:
    best = max(deal.told, key=lambda told: told.score)
    if is_generic(best.item) and best.stage in HELD_BACK and best.modality != "conditional":
        return deal.score >= HELD_BACK_FLOOR
    told_whole = any(told.spelled_out or (told.filled and told.score >= PLAIN) for told in deal.told)
    return deal.score >= (PARTED_FLOOR if deal.parted or told_whole else DEAL_FLOOR)


def find_deals(scene: Scene) -> list[Deal]:
    """Every deal that the report's triggers build up, each with the belief that it is one to put on record."""
    deals = part_lots(scene, find_tellings(scene))
    for deal in deals:
        deal.drop_echoes(scene.parsed)
    for deal in deals:
        deal.score = choose(scene.models.get("deal", {}), [["no deal"], deal_readings(scene, deal, deals)])[1]
    return deals


def find_tellings(scene: Scene) -> list[Told]:
    """All that the report's triggers tell, in text order; `scene` then holds what was told of whom."""
    if not scene.designations:
        return []
    triggers = find_triggers(scene)
    if scene.opinions:
        scene.opinions.learn([scene.parsed.words[trigger.index] for trigger in triggers])
    kept: dict[int, list[Told]] = {}
    for trigger in triggers:
        kept[trigger.index] = read_trigger(scene, trigger)
        for told in kept[trigger.index]:
            note(scene, told)
    _lend_sums(scene, triggers, kept)
    tellings = [told for trigger in triggers for told in (*kept[trigger.index], *_joined(scene, trigger, kept))]
    return with_partners(scene, with_gaps(scene, with_sellers(scene, tellings)))


def _lend_sums(scene: Scene, triggers: Sequence[Trigger], kept: dict[int, list[Told]]) -> None:
    """Gives what a verb tells the sum of the deal's noun below it, which tells nothing itself: "cleared a $3 billion sale of jets"."""
    words = scene.parsed.words
    for noun in triggers:
        above = words[words[noun.index].head]
        if noun.pos != "noun" or kept[noun.index] or words[noun.index].dep not in BELOW or not kept.get(above.index):
            continue
        for number, told in enumerate(kept[above.index]):
            if told.value is None and (value := best_amount(scene, noun, "value", value_readings(scene, noun, told.item))):
                kept[above.index][number] = replace(told, value=value)


def read_trigger(scene: Scene, trigger: Trigger) -> list[Told]:
    """What a trigger tells, once for each item that it tells of; nothing where it says no stage or names nothing."""
    return [told for told in propose(scene, trigger) if told.score >= TELLING_FLOOR or told.spelled_out]


def propose(scene: Scene, trigger: Trigger) -> list[Told]:
    """Every telling that a trigger may stand for, its score the judge's belief over all that is known of it."""
    belief, stage = _stage(scene, trigger)
    spelled_out = is_spelled_out(scene, trigger)
    taken_up = _taken_up(scene, trigger)
    # A predicate of several words that takes up the deal just told says what it says: "a condition of the purchase is …".
    explicit = taken_up is not None and bool(trigger.phrase)
    if belief < STAGE_FLOOR and not spelled_out and not explicit:
        return []
    default = next(f.modality for f in trigger.frames if f.stage == stage)
    modality, reason = scene.modality(trigger.index, default)
    word = scene.parsed.words[trigger.index]
    core = (word.start, word.end)
    stage, modality = _refused(scene, trigger, stage, modality)
    span = clause_span(scene.parsed, trigger.index)
    when = when_of(scene.parsed, trigger.index, *span, carry=True)
    found = []
    items = [(scene.item_mention[taken_up.equipment], 1.0)] if taken_up else _items(scene, trigger)
    for item, sure_item in items:
        sure, recipient, supplier = _same_parties(scene, taken_up) if taken_up else _parties(scene, trigger, item)
        quantity = best_amount(scene, trigger, "quantity", quantity_readings(scene, trigger, item))
        value = best_amount(scene, trigger, "value", value_readings(scene, trigger, item))
        told = Told(trigger, core, span, stage, modality, reason, belief, sure, item, recipient, supplier, quantity, value, when, sure_item)
        for each in (_by_side(scene, each) for each in (told, *joint_recipients(scene, told), *joint_suppliers(scene, told))):
            score = choose(scene.models.get("telling", {}), [["not told"], telling_readings(scene, each, spelled_out=spelled_out)])[1]
            filled = _is_filled(scene, each)
            whole = spelled_out and filled
            if (belief >= STAGE_FLOOR or whole or explicit) and not _is_buyers_no(scene, each):
                found.append(replace(each, score=score, spelled_out=whole, filled=filled))
    return found


def _is_filled(scene: Scene, told: Told) -> bool:
    """Whether both parties stand where the trigger's frame has them; the seller also does where he is blamed for the act."""
    if fit(scene, told, "recipient") != "yes":
        return False
    return fit(scene, told, "supplier") == "yes" or "" != told.supplier[0] == blamed_seller(scene, told.trigger)


def _taken_up(scene: Scene, trigger: Trigger) -> Draft | None:
    """The deal that a noun takes up which names neither goods nor parties: "… by buying them. A condition of the purchase is …".

    It is the one told last, in the sentence before and the same paragraph.
    """
    parsed, word = scene.parsed, scene.parsed.words[trigger.index]
    last = scene.drafts[-1] if scene.drafts else None
    if trigger.pos != "noun" or last is None or last.touched[-1] != word.sentence - 1 or last.equipment not in scene.item_mention:
        return None
    before, here = parsed.sentences[word.sentence - 1], parsed.sentences[word.sentence]
    nouns = [i for i in (trigger.index, *trigger.phrase) if parsed.words[i].pos == "NOUN"]
    definite = any(child.text.lower() in DEFINITE for i in nouns for child in kids(parsed, i, "det"))
    if not definite or before.paragraph != here.paragraph:
        return None
    goods = any(m.kind == "equipment" and not is_generic(m) for m in scene.by_sentence[word.sentence])
    own = {*trigger.supplier, *trigger.recipient, *trigger.equipment}
    filled = any((is_party(m) or m.kind == "equipment") and own & {*slots} for m, slots in slots_of_mentions(scene, trigger.slots).items())
    return None if goods or filled else last


def _same_parties(scene: Scene, draft: Draft) -> tuple[float, Party, Party]:
    """The parties of a deal that a noun takes up, as sure as they are there."""
    recipient, supplier = ((party, scene.party_mention.get(party)) for party in (draft.recipient, draft.supplier))
    return 1.0, recipient, supplier


def _by_side(scene: Scene, told: Told) -> Told:
    """A "no" that its word leaves open is a refusal where its subject sells: "jets that Washington had refused"."""
    known = {frame.stage for frame in told.trigger.frames if frame.predicate}
    word = scene.parsed.words[told.trigger.index]
    bare = word.tag == "VBN" and not kids(scene.parsed, word.index, "aux", "auxpass")
    if told.stage != "cancellation" or "refusal" not in known or bare:
        return told
    parties = parties_in_slots(scene, told.trigger.slots, ("subject",))
    sells = told.supplier[0] in parties and told.recipient[0] not in parties
    return replace(told, stage="refusal") if sells else told


def _is_buyers_no(scene: Scene, told: Told) -> bool:
    """Whether the buyer is the one who refuses: no refusal of a transfer, which is the seller's or a third state's."""
    if told.stage != "refusal":
        return False
    parties = parties_in_slots(scene, told.trigger.slots, ("subject",))
    return told.recipient[0] in parties and told.supplier[0] not in parties


def _joined(scene: Scene, trigger: Trigger, kept: Mapping[int, list[Told]]) -> list[Told]:
    """What a verb tells that shares its object with the verb joined to it, where only that one was kept: "delay or cancel the sale"."""
    if kept[trigger.index] or trigger.pos != "verb":
        return []
    partners = [k.index for k in kids(scene.parsed, trigger.index, "conj") if kept.get(k.index)]
    word = scene.parsed.words[trigger.index]
    if not partners or any(w.pos not in {"CCONJ", "ADV"} and w.text != "," for w in scene.parsed.words[trigger.index + 1 : partners[0]]):
        return []
    _, stage = _stage(scene, trigger)
    same = [t for t in kept[partners[0]] if t.stage != stage]
    return [replace(t, trigger=trigger, core=(word.start, word.end), stage=stage) for t in same]


def note(scene: Scene, told: Told) -> None:
    """Puts what was told on the running list by which later words are read."""
    scene.note(told.supplier[0], told.recipient[0], told.item.name, trigger=told.trigger.index, stage=told.stage)


def _stage(scene: Scene, trigger: Trigger) -> tuple[float, str]:
    """The belief that a trigger says a stage at all, and the likeliest one."""
    readings = stage_readings(scene, trigger)
    heard = scene.stage_beliefs(trigger.index, readings)
    beliefs = dict(zip(readings, choose(scene.models["stage"], list(readings.values()), heard), strict=True))
    return 1 - beliefs["none"], max((s for s in beliefs if s != "none"), key=lambda s: beliefs[s])


def _refused(scene: Scene, trigger: Trigger, stage: str, modality: str) -> tuple[str, str]:
    """A seller that "will not supply" or "would not license" has refused; any other stage and modality stay."""
    words = scene.parsed.words
    modal = any(words[c].tag == "MD" for c in scene.parsed.children[trigger.index])
    if modality == "denied" and modal and trigger.side == "sell" and stage in REFUSABLE:
        return "refusal", "actual"
    return stage, modality


def _items(scene: Scene, trigger: Trigger) -> list[tuple[Mention, float]]:
    """The equipment that a trigger tells of, each with the belief in it: the judge's choice, and what stands in one list with it."""
    readings, mentions = equipment_readings(scene, trigger)
    if not readings:
        return []
    own = {n: told for n, told in readings.items() if "designation" in told and "here:frame" in told and OWN_SLOTS & set(told)}
    readings = own or readings
    heard = scene.role_beliefs(trigger.index, "item", readings)
    name, belief = _best(readings, choose(scene.models["equipment"], list(readings.values()), heard))
    first = mentions[name]
    if first not in scene.first_word:
        return [(first, belief)]
    companions = companion_readings(scene, trigger, first)
    beliefs = {m: _joins(scene, trigger, m, told) for m, told in companions.items()}
    return [(first, belief), *((m, sure) for m, sure in beliefs.items() if sure > 0.5)]


def _joins(scene: Scene, trigger: Trigger, companion: Mention, told: list[str]) -> float:
    """The belief that a trigger says of a companion what it says of the item chosen."""
    return choose(scene.models["companion"], [["alone"], told], scene.companion_beliefs(trigger.index, companion.name))[1]


def _parties(scene: Scene, trigger: Trigger, item: Mention) -> tuple[float, Party, Party]:
    """The recipient and the supplier that are likeliest together, and how likely."""
    seller = told_seller(scene, trigger, item)
    recipients, named = party_readings(scene, trigger, "recipient", item, seller)
    heard = scene.role_beliefs(trigger.index, "recipient", [*recipients, ""])
    beliefs = choose(scene.models["recipient"], [*recipients.values(), ["unknown"]], heard)
    likeliest = sorted(zip(beliefs, [*recipients, ""], strict=True), key=lambda pair: -pair[0])[:RECIPIENTS]
    best: tuple[float, Party, Party] | None = None
    for belief, recipient in likeliest:
        if best is not None and belief <= best[0]:
            break
        suppliers, makers = party_readings(scene, trigger, "supplier", item, recipient)
        heard = scene.role_beliefs(trigger.index, "supplier", [*suppliers, ""])
        shares = choose(scene.models["supplier"], [*suppliers.values(), ["unknown"]], heard)
        supplier, share = _best([*suppliers, ""], shares)
        # Of several in one list each supplies, so that what speaks for one speaks for all: "Norway and Denmark promised jets".
        together = set() if is_generic(item) else suppliers_listed(scene, trigger, makers.get(supplier), makers)
        share = sum(shares[n] for n, party in enumerate(suppliers) if party in together) or share
        if seller in suppliers:
            supplier, share = seller, 1.0
        if best is None or belief * share > best[0]:
            best = (belief * share, (recipient, named.get(recipient)), (supplier, makers.get(supplier)))
    assert best is not None
    return best


def best_amount(scene: Scene, trigger: Trigger, model: str, readings: Amounts) -> Amount | None:
    """The amount that the judge believes in most, with the belief; None where it rather believes in none."""
    heard = scene.amount_beliefs(trigger.index, model, [mention for mention, _ in readings])
    beliefs = choose(scene.models[model], [["none"], *(told for _, told in readings)], heard)
    best = max(range(len(beliefs)), key=lambda i: beliefs[i])
    return (readings[best - 1][0], beliefs[best]) if best else None


def _best(names: Iterable[str], beliefs: Sequence[float]) -> tuple[str, float]:
    return max(zip(names, beliefs, strict=True), key=lambda pair: pair[1])
