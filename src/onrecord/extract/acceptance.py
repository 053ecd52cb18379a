"""Whether a telling, and then the deal that tellings built up, is one to put on record: the judgements over all that was found."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.extract.scene import Scene, is_generic, makers_of, parties_in_slots
from onrecord.extract.told import Deal, Told
from onrecord.records import Equipment, Mention


def telling_readings(scene: Scene, told: Told, *, spelled_out: bool) -> list[str]:
    """Features of "this was told": how sure stage and parties are, where the item and the parties stand, what is on record already."""
    item = told.item
    makers = makers_of(item)
    sentence = scene.parsed.words[told.trigger.index].sentence
    triple = (told.supplier[0], told.recipient[0], item.name)
    drafts = scene.drafts
    known = any((d.supplier, d.recipient, d.equipment) == triple for d in drafts)
    rival = any(d.equipment == item.name and (d.supplier, d.recipient) != triple[:2] for d in drafts)
    pair = any((d.supplier, d.recipient) == triple[:2] for d in drafts)
    stage, parties, goods = _grade(told.stage_score), _grade(told.party_score), _grade(told.item_score)
    fits = [(role, fit(scene, told, role)) for role in ("supplier", "recipient")]
    held = "known" if known else "rival" if rival else "pair" if pair else "new" if drafts else "first"
    return [
        "told",
        f"stage:{stage}",
        f"parties:{parties}",
        f"both:{stage}:{parties}",
        f"goods:{goods}",
        f"whole:{_grade(told.stage_score * told.party_score * told.item_score)}",
        f"{told.stage}:{stage}",
        f"{told.stage}:{told.modality}",
        f"modality:{told.modality}:{stage}",
        f"spelled-out:{spelled_out}",
        f"item:{_stands(scene, item, sentence)}:{is_generic(item)}",
        f"item:{_stands(scene, item, sentence)}:{stage}",
        f"anaphor:{item.how == 'noun'}",
        f"recipient:{_stands(scene, told.recipient[1], sentence)}",
        f"supplier:{_stands(scene, told.supplier[1], sentence)}",
        "maker:" + ("unknown" if not makers else str(told.supplier[0] in makers)),
        f"recipient-makes:{told.recipient[0] in makers}",
        f"unknown:{not told.supplier[0]}:{not told.recipient[0]}",
        f"held:{held}",
        f"held:{held}:{parties}",
        f"held:{held}:{stage}",
        f"counted:{told.quantity is not None and told.quantity[1] > 0.5}",
        f"worth:{told.value is not None and told.value[1] > 0.5}",
        f"dated:{told.when is not None}",
        f"lemma:{told.trigger.lemma}",
        *(f"fits:{role}:{fit}" for role, fit in fits),
        f"fits:{':'.join(fit for _, fit in fits)}:{told.stage}",
        f"pos:{told.trigger.pos}:{stage}",
    ]


def fit(scene: Scene, told: Told, role: str) -> str:
    """Whether the party chosen for a role fills the frame's own slots for it, another party does, or none."""
    there = parties_in_slots(scene, told.trigger.slots, getattr(told.trigger, role))
    chosen = getattr(told, role)[0]
    return "empty" if not there else "yes" if chosen in there else "no"


def _stands(scene: Scene, mention: Mention | None, sentence: int) -> str:
    """Where a filler stands as seen from a sentence: in it, before it, after it, or nowhere in the text."""
    if mention is None or mention not in scene.first_word:
        return "nowhere"
    place = scene.parsed.words[scene.first_word[mention]].sentence
    return "here" if place == sentence else "before" if place == sentence - 1 else "far"


def deal_readings(scene: Scene, deal: Deal, deals: Sequence[Deal]) -> list[str]:
    """Features of "this deal is real": how sure its tellings are, how much of it is said, and how the report stands to it."""
    told = deal.told
    best = max(told, key=lambda t: t.score)
    makers = makers_of(best.item)
    words = scene.parsed.words
    sentences = {words[t.trigger.index].sentence for t in told}
    here = [t for t in told if t.item in scene.first_word and words[scene.first_word[t.item]].sentence == words[t.trigger.index].sentence]
    twins = [d for d in deals if d.triple == deal.triple]
    rivals = [d for d in deals if d.equipment == deal.equipment and d.triple != deal.triple]
    first_sentence = min(sentences)
    return [
        "deal",
        f"belief:{_grade(best.score)}",
        f"parties:{_grade(max(t.party_score for t in told))}",
        f"belief:{_grade(best.score)}:parties:{_grade(max(t.party_score for t in told))}",
        f"goods:{_grade(max(t.item_score for t in told))}",
        f"tellings:{min(4, len(told))}",
        f"sentences:{min(3, len(sentences))}",
        f"item-here:{bool(here)}",
        f"generic:{is_generic(best.item)}",
        f"generic:{is_generic(best.item)}:named:{min(2, scene.named)}",
        f"known:{isinstance(best.item.value, Equipment) and best.item.value.known}",
        "maker:" + ("unknown" if not makers else str(deal.supplier in makers)),
        f"recipient-makes:{deal.recipient in makers}",
        f"supplier:{bool(deal.supplier)}",
        f"recipient:{bool(deal.recipient)}",
        f"twins:{min(3, len(twins))}",
        f"last-twin:{len(twins) > 1 and deal is twins[-1]}",
        f"rivals:{min(2, len(rivals))}",
        f"rival-tellings:{max((len(d.told) for d in rivals), default=0) > len(told)}",
        f"counted:{bool(deal.counts)}",
        f"worth:{any(t.value for t in told)}",
        f"dated:{any(t.when for t in told)}",
        f"title-item:{deal.equipment in scene.title_equipment}",
        f"title-recipient:{deal.recipient in scene.title_parties}",
        f"lead:{first_sentence <= 1}",
        f"mentions:{min(3, scene.items[deal.equipment])}",
        f"report-deals:{min(4, len(deals))}",
        f"report-belief:{_grade(max(t.score for d in deals for t in d.told))}",
        f"report-items:{min(3, scene.named)}",
        f"stage:{best.stage}",
        f"modality:{best.modality}",
        f"only:{best.stage if len({t.stage for t in told}) == 1 else 'several'}",
    ]


def _grade(score: float) -> int:
    """A belief as one of nine grades."""
    return sum(score >= edge for edge in (0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95))
