"""What one trigger told, and the deal that tellings build up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from onrecord.extract.triggers import Trigger
from onrecord.records import Mention, Parsed, Quantity, When
from onrecord.syntax import ancestors, kids

# A party's code, or "" where none is believed, and the mention that it stands on, if the report names it.
Party = tuple[str, Mention | None]
# A count or sum and the belief that it is this deal's.
Amount = tuple[Mention, float]
# The stages that end a deal or hold it up.
ENDS = frozenset({"suspension", "cancellation", "refusal"})


@dataclass(frozen=True, slots=True)
class Told:
    """One stage as a trigger told it of one item: `core` are the trigger's own letters, `span` its clause.

    `when` is the date's mention and why it belongs here; `stage_score`, `party_score` and `item_score` are the beliefs in its parts, and
    `score` that in the telling as a whole. Of what is `filled` both parties stand where the trigger's frame has them; what is `spelled_out`
    names its goods there, too. `mark` says which lot it is of, where its own words do and not those with the trigger.
    """

    trigger: Trigger
    core: tuple[int, int]
    span: tuple[int, int]
    stage: str
    modality: str
    reason: str
    stage_score: float
    party_score: float
    item: Mention
    recipient: Party
    supplier: Party
    quantity: Amount | None
    value: Amount | None
    when: tuple[Mention, str] | None
    item_score: float = 1.0
    score: float = 0.0
    spelled_out: bool = False
    filled: bool = False
    mark: str = ""

    @property
    def is_heard(self) -> bool:
        """Whether no frame of the trigger knows the stage, which the English model alone heard in it."""
        return not any(frame.predicate for frame in self.trigger.frames if frame.stage == self.stage)

    @property
    def count(self) -> Quantity | None:
        """How many pieces were told of, if that was said."""
        return self.quantity[0].value if self.quantity and isinstance(self.quantity[0].value, Quantity) else None

    @property
    def edtf(self) -> str | None:
        """When it happens, in EDTF, if that was said."""
        return self.when[0].value.edtf or None if self.when and isinstance(self.when[0].value, When) else None

    @property
    def year(self) -> str | None:
        """The year of `edtf`."""
        return self.edtf[:4] if self.edtf else None


@dataclass(slots=True)
class Deal:
    """One lot of an item between two parties: all that was told of it in text order, the mark of each telling, the belief that it is one.

    `parted` tells that another lot of the same stands beside it which it cannot be.
    """

    supplier: str
    recipient: str
    equipment: str
    told: list[Told] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    score: float = 0.0
    parted: bool = False

    @property
    def triple(self) -> tuple[str, str, str]:
        """Supplier, recipient and equipment."""
        return self.supplier, self.recipient, self.equipment

    @property
    def counts(self) -> list[Quantity]:
        """The numbers of pieces that were told, in order."""
        return [told.count for told in self.told if told.count is not None]

    def has(self, stage: str, modality: str = "actual") -> bool:
        """Whether it was told to have come to a stage."""
        return any((told.stage, told.modality) == (stage, modality) for told in self.told)

    def drop_echoes(self, parsed: Parsed) -> None:
        """Drops what is only heard where the same sentence says that stage by a known word, or is heard to more surely.

        A day that only what is dropped is told with stays, with the telling that stays. What a contract is made for is no further contract:
        "signed a deal to acquire 25 jets".
        """

        def sentence_of(told: Told) -> int:
            return parsed.words[told.trigger.index].sentence

        surest: dict[tuple[int, str], Told] = {}
        days: dict[tuple[int, str], tuple[Mention, str]] = {}
        for told in sorted(self.told, key=lambda t: (t.is_heard, -t.score)):
            same = sentence_of(told), told.stage
            surest.setdefault(same, told)
            if told.when is not None and surest[same].when is None and told.is_heard:
                days.setdefault(same, told.when)
        kept: list[Told] = []
        for told in self.told:
            same = sentence_of(told), told.stage
            if surest[same] is told:
                kept.append(replace(told, when=days[same]) if same in days else told)
            elif not told.is_heard:
                kept.append(told)
        made = {told.trigger.index for told in kept if (told.stage, told.modality) == ("contract", "actual")}
        self.told = [told for told in kept if not made & _purpose_of(parsed, told)]


def _purpose_of(parsed: Parsed, told: Told) -> set[int]:
    """The words that an infinitive tells a contract to be made for, up to the next verb above it; none for other tellings."""
    infinitive = any(word.text.lower() == "to" for word in kids(parsed, told.trigger.index, "aux"))
    above: set[int] = set()
    for word in ancestors(parsed, told.trigger.index) if infinitive and (told.stage, told.modality) == ("contract", "planned") else ():
        above.add(word.index)
        if word.pos == "VERB":
            break
    return above
