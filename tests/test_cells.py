"""A deal's cells and the words that they stand on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from onrecord.extract.cells import transfer_findings
from onrecord.extract.scene import set_scene
from onrecord.extract.told import Deal, Told
from onrecord.extract.triggers import find_triggers
from onrecord.records import Finding, Mention, Parsed, Quantity, When, make_claim, make_finding

Parse = Callable[..., Parsed]
TEXT = "The Leopard 2 is a tank. Germany sold ten to Norway for 90 million euros in May 2019."


def deal_of(parsed: Parsed, *, supplier: bool = True) -> Deal:
    """The sale of TEXT as one telling; without `supplier` no mention of Germany is known."""
    scene = set_scene(parsed, {})
    trigger = next(t for t in find_triggers(scene) if parsed.words[t.index].text == "sold")
    start = parsed.document.text.index("Germany")
    states = {m.party: m for m in parsed.mentions if m.kind == "state"}
    item = next(m for m in parsed.mentions if m.name == "Leopard 2")
    told = Told(
        trigger, (start + 8, start + 12), (start, len(parsed.document.text)), "contract", "actual", "told", 0.9, 0.9, item,
        ("NO", states["NO"]), ("DE", states["DE"] if supplier else None), None, None, None, 0.8,
    )  # fmt: skip
    return Deal("DE", "NO", "Leopard 2", [told], score=0.7)


def date(edtf: str) -> tuple[Mention, str]:
    return Mention(0, 3, "date", "The", edtf, value=When(edtf, "day")), "beside it"


def stages(parsed: Parsed, deal: Deal) -> list[tuple[object, ...]]:
    found = transfer_findings(parsed, deal, (None, None), "t1", ())
    return [(f["stage"], f["modality"], f["when"]) for f in found if f.kind == "stage"]


def test_a_party_named_in_the_telling_stands_on_its_words(parse: Parse) -> None:
    parsed = parse(TEXT)
    transfer, stage = transfer_findings(parsed, deal_of(parsed), (None, None), "t1", ())
    claims = {c.field: (c.value, c.quote, c.inferred) for c in transfer.claims}
    assert claims["supplier"] == ("DE", "Germany", False)
    assert claims["recipient"] == ("NO", "Norway", False)
    assert (transfer.key, transfer.score, stage.key, stage.part_of) == ("t1", 0.7, "t1.s1", "t1")


def test_what_is_not_said_in_the_telling_is_inferred_and_says_why(parse: Parse) -> None:
    parsed = parse(TEXT)
    transfer = transfer_findings(parsed, deal_of(parsed, supplier=False), (None, None), "t1", ())[0]
    supplier, item = transfer.claim("supplier"), transfer.claim("equipment")
    assert supplier is not None and supplier.inferred and "maker" in supplier.reason
    assert item is not None and item.inferred and "elsewhere" in item.reason and item.quote.startswith("Leopard 2")


def test_an_unknown_party_gives_no_cell(parse: Parse) -> None:
    parsed = parse(TEXT)
    deal = deal_of(parsed)
    deal.supplier = ""
    assert transfer_findings(parsed, deal, (None, None), "t1", ())[0].all("supplier") == []


def test_amounts_are_whole_numbers_where_they_can_be(parse: Parse) -> None:
    parsed = parse(TEXT)
    money = next(m for m in parsed.mentions if m.kind == "money")
    start = TEXT.index("ten")
    count = Mention(start, start + 3, "quantity", "ten", "ten", value=Quantity(10.0, ""))
    deal = deal_of(parsed)
    deal.told = [replace(deal.told[0], quantity=(count, 0.7), value=(money, 0.6))]
    transfer = transfer_findings(parsed, deal, (count, money), "t1", ())[0]
    assert [(claim.field, claim.score) for claim in transfer.claims][-2:] == [("quantity", 0.7), ("value", 0.6)]
    assert transfer["quantity"] == {"number": 10, "unit": "tank"}
    assert transfer["value"] == {"amount": 90_000_000, "currency": "EUR"}
    assert (transfer.claim("quantity") or transfer.claims[0]).quote == "ten"


@pytest.mark.parametrize(
    ("dates", "kept"),
    [
        ([None, "2019-05"], ["2019-05"]),
        (["2019", "2019-05-03"], ["2019-05-03"]),
        (["2019-05-03", "2019"], ["2019-05-03"]),
        (["2019-05", "2019-06"], ["2019-05", "2019-06"]),
        (["2019~", "2019-05"], ["2019-05"]),
    ],
)
def test_one_act_told_twice_is_one_stage_with_the_finer_date(parse: Parse, dates: list[str | None], kept: list[str]) -> None:
    parsed = parse(TEXT)
    deal = deal_of(parsed)
    deal.told = [replace(deal.told[0], when=date(edtf) if edtf else None) for edtf in dates]
    assert stages(parsed, deal) == [("contract", "actual", edtf) for edtf in kept]


def test_another_modality_is_another_stage(parse: Parse) -> None:
    parsed = parse(TEXT)
    deal = deal_of(parsed)
    deal.told.append(replace(deal.told[0], modality="planned"))
    assert [modality for _, modality, _ in stages(parsed, deal)] == ["actual", "planned"]


def test_a_stage_inside_a_statement_names_its_speaker(parse: Parse) -> None:
    parsed = parse("Ada Ek said: " + TEXT)
    text = parsed.document.text
    start = text.index("Germany")
    cells = [
        make_claim(parsed.document, "speaker", "Ada Ek", start=0, end=6),
        make_claim(parsed.document, "content", text[start:], start=start, end=len(text)),
    ]
    statement: Finding = make_finding("statement", "q1", parsed.document, cells)
    inside = transfer_findings(parsed, deal_of(parsed), (None, None), "t1", [statement])[1]
    outside = transfer_findings(parsed, deal_of(parsed), (None, None), "t1", ())[1]
    assert (inside["according_to"], outside["according_to"]) == ("Ada Ek", None)


def test_who_supplies_beside_has_a_cell_on_its_own_words(parse: Parse) -> None:
    parsed = parse("Germany and Poland are far away. " + TEXT)
    poland = next(m for m in parsed.mentions if m.party == "PL")
    transfer = transfer_findings(parsed, deal_of(parsed), (None, None), "t1", (), [poland])[0]
    suppliers = [(c.value, c.quote, c.inferred) for c in transfer.claims if c.field == "supplier"]
    assert suppliers[1:] == [("PL", "Poland", True)]


@pytest.mark.parametrize(
    ("stage", "heard", "modality", "day", "expected"),
    [
        pytest.param("delivery", False, "actual", "2021-05", ("delivery", "planned", "2021-05"), id="what comes later is planned"),
        pytest.param("contract", False, "actual", "2021-05", ("contract", "actual", None), id="a deed of the past has no day to come"),
        pytest.param("delivery", False, "actual", "2020", ("delivery", "actual", "2020"), id="the report's own year is no day to come"),
        pytest.param("refusal", True, "denied", None, ("refusal", "actual", None), id="a no that was heard is a refusal"),
        pytest.param("delivery", True, "denied", None, ("delivery", "denied", None), id="a denial of a deed stays"),
    ],
)
def test_no_report_tells_what_cannot_be(
    parse: Parse, stage: str, heard: bool, modality: str, day: str | None, expected: tuple[object, ...]
) -> None:
    parsed = parse(TEXT)
    deal = deal_of(parsed)
    told = deal.told[0]
    frame = replace(told.trigger.frames[0], stage="offer" if heard else stage)
    trigger = replace(told.trigger, frames=(frame,))
    deal.told = [replace(told, trigger=trigger, stage=stage, modality=modality, when=date(day) if day else None)]
    assert stages(parsed, deal) == [expected]
