"""A deal's cells: claims with the words they stand on, made of all that was told of the deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onrecord import vocab
from onrecord.extract.hedges import hedges
from onrecord.extract.sizes import Size
from onrecord.extract.timing import is_ahead
from onrecord.extract.told import ENDS, Deal, Told
from onrecord.records import Claim, Document, Equipment, Finding, Json, Mention, Money, Parsed, Quantity, make_claim, make_finding
from onrecord.scope import speaker_at
from onrecord.syntax import kids, sentence_of

MADE_BY = "transfers/1"
# Words that tell a stage again stand for it only if they are surer by so much: what a report says first is what it means to say.
SURER = 0.1
# What a "no" may amount to, and what lies ahead as a rule when a day to come is told with it.
NOES = frozenset({"refusal", "cancellation"})
AHEAD = frozenset({"negotiation", "production", "delivery", "service"})
# Why a value is inferred whose words stand in none of the deal's sentences.
ELSEWHERE = "named elsewhere in the report"


def transfer_findings(
    parsed: Parsed, deal: Deal, size: Size, key: str, statements: Sequence[Finding], beside: Sequence[Mention] = ()
) -> list[Finding]:  # fmt: skip
    """The transfer and its stages as findings; acts told twice are one stage, with the finer date. `beside` names further suppliers."""
    document = parsed.document
    claims = [*_party_claims(parsed, deal, beside), _item_claim(parsed, deal), *_amount_claims(document, deal, size)]
    found = [make_finding("transfer", key, document, claims, made_by=MADE_BY, score=deal.score)]
    for number, told in enumerate(_stages(parsed, deal, statements), 1):
        cells = _stage_claims(document, told, statements)
        found.append(make_finding("stage", f"{key}.s{number}", document, cells, part_of=key, made_by=MADE_BY, score=told.score))
    return found


def _party_claims(parsed: Parsed, deal: Deal, beside: Sequence[Mention]) -> list[Claim]:
    found: list[tuple[str, str, Mention, str]] = []
    for role in ("supplier", "recipient"):
        party: str = getattr(deal, role)
        if not party:
            continue
        said = [mention for told in deal.told for _, mention in [getattr(told, role)] if mention is not None and mention.party == party]
        here = [m for m in said if _is_told(parsed, deal, m)]
        place = (here or said or [deal.told[0].item])[0]
        found.append((role, party, place, "" if here else ELSEWHERE if said else "not named; the maker of the item"))
    found += [("supplier", maker.party or "", maker, "" if _is_told(parsed, deal, maker) else ELSEWHERE) for maker in beside]
    belief = max(told.party_score for told in deal.told)
    return [
        make_claim(parsed.document, role, party, start=place.start, end=place.end, inferred=bool(reason), reason=reason, score=belief)
        for role, party, place, reason in found
    ]


def _item_claim(parsed: Parsed, deal: Deal) -> Claim:
    """The designation on its own words; inferred where the sentences of the deal only take it up ("the jets", "another batch")."""
    name = deal.equipment
    named = [m for m in parsed.mentions if m.kind == "equipment" and m.name == name]
    here = [m for m in named if _is_told(parsed, deal, m)]
    item = (here or named or [deal.told[0].item])[0]
    reason = "" if here else ELSEWHERE
    belief = max(told.item_score for told in deal.told)
    return make_claim(
        parsed.document, "equipment", name, start=item.start, end=item.end, inferred=not here, reason=reason or item.reason, score=belief
    )


def _is_told(parsed: Parsed, deal: Deal, mention: Mention) -> bool:
    """Whether a mention stands in a sentence that tells of the deal."""
    sentences = (sentence_of(parsed, told.trigger.index) for told in deal.told)
    return any(s.start <= mention.start and mention.end <= s.end for s in sentences)


def _amount_claims(document: Document, deal: Deal, size: Size) -> list[Claim]:
    claims = []
    quantity, money = size
    if quantity is not None and isinstance(quantity.value, Quantity):
        number = quantity.value.number
        value: Json = {"number": int(number) if number == int(number) else number, "unit": quantity.value.unit or _unit(deal.told[0].item)}
        claims.append(make_claim(document, "quantity", value, start=quantity.start, end=quantity.end, reason=quantity.value.bound,
                                 score=_belief(deal, quantity)))  # fmt: skip
    if money is not None and isinstance(money.value, Money):
        amount = money.value.amount
        total: Json = {"amount": int(amount) if amount == int(amount) else amount, "currency": money.value.currency}
        claims.append(make_claim(document, "value", total, start=money.start, end=money.end, reason=money.value.bound,
                                 score=_belief(deal, money)))  # fmt: skip
    return claims


def _belief(deal: Deal, amount: Mention) -> float:
    """How firmly the deal's tellings claim an amount."""
    said = (claimed for told in deal.told for claimed in (told.quantity, told.value) if claimed is not None)
    return max(belief for mention, belief in said if mention == amount)


def _unit(item: Mention) -> str:
    """What pieces of an item are counted in where the report says a bare number."""
    if not isinstance(item.value, Equipment):
        return "piece"
    if item.value.generic:
        return item.name
    unit: str = vocab.words("amounts")["units"]["by_equipment"].get(item.value.category, "piece")
    return unit


def _stages(parsed: Parsed, deal: Deal, statements: Sequence[Finding]) -> list[Told]:
    """One telling per stage, modality and date; of two that may be the same act, the one with the finer date stays, else a surer one.

    One that somebody is said to have told stays before one that nobody is, unless it is less sure.
    """
    kept: list[Told] = []
    for told in (_as_it_can_be(parsed, told) for told in deal.told):
        twin = next((k for k in kept if (k.stage, k.modality) == (told.stage, told.modality) and _same_day(k.edtf, told.edtf)), None)
        if twin is None:
            kept.append(told)
            continue
        sourced = speaker_at(statements, *told.core) is not None and speaker_at(statements, *twin.core) is None
        if (len(told.edtf or ""), told.score) > (len(twin.edtf or ""), twin.score + (0 if sourced else SURER)):
            kept[kept.index(twin)] = told
    return kept


def _as_it_can_be(parsed: Parsed, told: Told) -> Told:
    """A telling without what no report tells: that something was done on a day yet to come, or that what only "will not" means was not.

    A plan to buy is an interest that is there, a decision to cancel has cancelled, and a consent that a state "would have to" give is a
    condition.
    Of a deed told in the past the day is another's; what else is told to come on such a day is planned. A seller who cannot deliver, and a
    contract that will not be executed, are a refusal and a cancellation, not their denial, where the model alone heard them in the words.
    """
    if told.is_heard and told.modality == "denied" and told.stage in NOES:
        return replace(told, modality="actual", reason="heard in a no")
    if told.modality == "planned":
        decided = told.stage in ENDS and not hedges().decides.isdisjoint(told.reason.split())
        if decided or told.stage == "interest":
            return replace(told, modality="actual")
        if told.stage == "approval" and "have to" in told.reason:
            return replace(told, modality="conditional")
    if told.modality == "actual" and told.is_heard and _is_to_be(parsed, told.trigger.index):
        return replace(told, modality="planned", reason="to be")
    if told.modality != "actual" or told.when is None or not is_ahead(parsed, told.when[0]):
        return told
    if told.stage in AHEAD or told.stage == "contract" and parsed.words[told.trigger.index].tag not in {"VBD", "VBN"}:
        return replace(told, modality="planned", reason="its day lies ahead")
    return replace(told, when=None)


def _is_to_be(parsed: Parsed, index: int) -> bool:
    """Whether a word is the verb of "are to be in Oslo by May", "was to have been in Oslo"."""
    below = kids(parsed, index, "xcomp") if parsed.words[index].lemma == "be" else ()
    return any(helper.tag == "TO" for word in below for helper in kids(parsed, word.index, "aux"))


def _same_day(one: str | None, other: str | None) -> bool:
    """Whether two dates may be one: either is unsaid, or the coarser holds the finer."""
    a, b = (one or "").rstrip("~?"), (other or "").rstrip("~?")
    return a.startswith(b) or b.startswith(a)


def _stage_claims(document: Document, told: Told, statements: Sequence[Finding]) -> list[Claim]:
    start, end = told.span
    claims = [
        make_claim(document, "stage", told.stage, start=start, end=end, score=told.score),
        make_claim(document, "modality", told.modality, start=start, end=end, reason=told.reason),
    ]
    if told.when is not None and told.edtf:
        mention, reason = told.when
        claims.append(make_claim(document, "when", told.edtf, start=mention.start, end=mention.end, reason=reason))
    speaker = speaker_at(statements, *told.core)
    cell = speaker.claim("speaker") if speaker else None
    if cell is not None:
        claims.append(make_claim(document, "according_to", cell.value, start=cell.start, end=cell.end, reason=cell.reason))
    return claims
