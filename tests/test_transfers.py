"""Transfers and their stages from plain sentences, whatever the weights of the day."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord.choosing import learnt_models
from onrecord.extract.amounts import quantity_readings, value_readings
from onrecord.extract.items import equipment_readings
from onrecord.extract.parties import party_readings
from onrecord.extract.scene import set_scene
from onrecord.extract.transfers import find_deals, find_transfers, note, propose, read_trigger
from onrecord.extract.triggers import find_triggers
from onrecord.records import Finding, Parsed, make_claim, make_finding

Parse = Callable[..., Parsed]

DEALS = [
    ("Norway signed a contract with Germany for 54 Leopard 2 tanks in February 2019.", "DE", "NO", "Leopard 2", "contract"),
    ("Norway ordered ten Leopard 2 tanks from Germany.", "DE", "NO", "Leopard 2", "contract"),
    ("France sold Peru twelve Rafale jets.", "FR", "PE", "Rafale", "contract"),
    ("Peru's purchase of Gripen fighters from Sweden was announced in 2018.", "SE", "PE", "Gripen", "contract"),
    ("Germany delivered ten Leopard 2 tanks to Norway in May 2019.", "DE", "NO", "Leopard 2", "delivery"),
    ("Ten Leopard 2 tanks were delivered to Norway by Germany in May 2019.", "DE", "NO", "Leopard 2", "delivery"),
    ("Norway received ten Leopard 2 tanks from Germany.", "DE", "NO", "Leopard 2", "delivery"),
    ("The delivery of Leopard 2 tanks from Germany to Norway began in 2018.", "DE", "NO", "Leopard 2", "delivery"),
    ("Russian S-400 systems were delivered to Turkey in July 2019.", "RU", "TR", "S-400", "delivery"),
    ("Sweden donated ten Gripen fighters to Ukraine in March 2019.", "SE", "UA", "Gripen", "delivery"),
    ("The sale of ten Leopard 2 tanks by Germany to Norway was approved.", "DE", "NO", "Leopard 2", "approval"),
    ("Germany offered Norway ten Leopard 2 tanks.", "DE", "NO", "Leopard 2", "offer"),
    ("Paris urged Lima to give up the deal and in return to buy Rafale jets.", "FR", "PE", "Rafale", "offer"),
    ("Norway requested ten Leopard 2 tanks from Germany.", "DE", "NO", "Leopard 2", "request"),
    ("Norway is negotiating with Germany over the purchase of Leopard 2 tanks.", "DE", "NO", "Leopard 2", "negotiation"),
    ("Norway cancelled its order for Leopard 2 tanks from Germany.", "DE", "NO", "Leopard 2", "cancellation"),
    ("Germany halted the delivery of Leopard 2 tanks to Norway.", "DE", "NO", "Leopard 2", "suspension"),
    ("Germany refused to deliver Leopard 2 tanks to Norway.", "DE", "NO", "Leopard 2", "refusal"),
    ("Germany has frozen all shipments of weapons to Norway.", "DE", "NO", "weapon", "suspension"),
    ("Norway sold frigates to Chile in 2019.", "NO", "CL", "frigate", "contract"),
]


def deals(findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.kind == "transfer"]


def stages(findings: list[Finding], key: str = "t1") -> list[Finding]:
    return [f for f in findings if f.part_of == key]


@pytest.mark.parametrize(("text", "supplier", "recipient", "item", "stage"), DEALS)
def test_who_gives_whom_what_and_how_far_it_is(parse: Parse, text: str, supplier: str, recipient: str, item: str, stage: str) -> None:
    found = find_transfers(parse(text))
    assert [(d.all("supplier"), d.all("recipient"), d["equipment"]) for d in deals(found)] == [([supplier], [recipient], item)]
    assert stage in [s["stage"] for s in stages(found)]


@pytest.mark.parametrize("blamed", ["denounced", "rebuked", "condemned"])
def test_blame_for_a_sale_is_no_stage_of_it(parse: Parse, blamed: str) -> None:
    scene = set_scene(parse(f"China {blamed} the United States over the sale of F-16 jets to Taiwan."), {})
    assert blamed not in [scene.parsed.words[trigger.index].text for trigger in find_triggers(scene)]


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Germany delivered ten Leopard 2 tanks to Norway.", "actual"),
        ("Germany will deliver ten Leopard 2 tanks to Norway.", "planned"),
        ("Norway may buy Leopard 2 tanks from Germany.", "possible"),
        ("Norway did not buy Leopard 2 tanks from Germany.", "denied"),
    ],
)
def test_a_stage_says_how_real_it_is(parse: Parse, text: str, modality: str) -> None:
    assert [s["modality"] for s in stages(find_transfers(parse(text)))] == [modality]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Norway decided to cancel its order for Leopard 2 tanks from Germany.", ("cancellation", "actual")),
        ("Norway will cancel its order for Leopard 2 tanks from Germany.", ("cancellation", "planned")),
        ("Germany would have to approve the sale of Leopard 2 tanks to Norway.", ("approval", "conditional")),
        ("Norway wants Leopard 2 tanks, which Germany had until then refused.", ("refusal", "actual")),
    ],
)
def test_who_decides_has_done_it_and_who_must_consent_has_not(parse: Parse, text: str, told: tuple[str, str]) -> None:
    assert told in [(s["stage"], s["modality"]) for s in stages(find_transfers(parse(text)))]


def test_count_sum_and_date_go_on_record_with_their_words(parse: Parse) -> None:
    parsed = parse("The United States sold Poland 32 F-35 fighters for $4.6 billion in January 2020.")
    found = find_transfers(parsed)
    deal, stage = deals(found)[0], stages(found)[0]
    assert deal["quantity"] == {"number": 32, "unit": "aircraft"}
    assert deal["value"] == {"amount": 4_600_000_000, "currency": "USD"}
    assert stage["when"] == "2020-01"
    assert all(parsed.document.text[c.start : c.end] == c.quote for f in found for c in f.claims)
    value = deal.claim("value")
    assert value is not None and value.quote == "$4.6 billion"


@pytest.mark.parametrize(
    ("told", "is_its_own"),
    [
        ("It is worth $4.6 billion.", True),
        ("Together they are worth $4.6 billion.", False),
        ("The package also includes missiles and is worth $4.6 billion in all.", False),
        ("The whole programme is put at $4.6 billion.", False),
        ("Together with the missiles the sum is $4.6 billion.", False),
    ],
)
def test_what_several_deals_cost_together_is_no_ones_price(parse: Parse, told: str, is_its_own: bool) -> None:
    scene = set_scene(parse(f"Poland bought 32 F-35 fighters from the United States. {told}"), {})
    trigger = next(t for t in find_triggers(scene) if t.lemma == "buy")
    item = next(m for m in scene.first_word if m.kind == "equipment")
    assert bool(value_readings(scene, trigger, item)) == is_its_own


@pytest.mark.parametrize(
    ("text", "trigger", "kind"),
    [
        ("France delivers Rafale jets to Peru at a rate of three aircraft a year.", "delivers", "quantity"),
        ("France delivers Rafale jets to Peru at a rate of 3 to 5 aircraft per year.", "delivers", "quantity"),
        ("Peru paid an instalment of roughly $650 million for the Rafale jets.", "paid", "value"),
        ("Peru paid a first instalment of $650 million for the Rafale jets.", "paid", "value"),
    ],
)
def test_a_rate_and_a_part_are_no_size_of_a_deal(parse: Parse, text: str, trigger: str, kind: str) -> None:
    scene = set_scene(parse(text), {})
    told = next(t for t in find_triggers(scene) if scene.parsed.words[t.index].text == trigger)
    item = next(m for m in scene.first_word if m.kind == "equipment")
    assert not (quantity_readings if kind == "quantity" else value_readings)(scene, told, item)


def test_what_a_contract_is_made_for_is_no_further_contract(parse: Parse) -> None:
    found = find_transfers(parse("Norway signed a deal with Sweden to acquire 25 Gripen jets."))
    assert [(s["stage"], s["modality"]) for s in stages(found)] == [("contract", "actual")]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Peru signed a deal to replace its obsolete F-5 aircraft with Gripen jets from Sweden.", ["Gripen"]),
        ("Peru ordered Gripen jets to replace the F-5 aircraft that Chile sold to it.", ["Gripen"]),
        ("Peru ordered the Gripen, which is similar to the F-16.", ["Gripen"]),
    ],
)
def test_what_goods_are_set_beside_is_no_item(parse: Parse, text: str, items: list[str]) -> None:
    scene = set_scene(parse(text), {})
    trigger = next(t for t in find_triggers(scene) if scene.parsed.words[t.index].text in {"signed", "ordered"})
    assert [name for name, told in equipment_readings(scene, trigger)[0].items() if told[0].startswith("here:")] == items


def test_of_what_is_replaced_its_own_clause_tells(parse: Parse) -> None:
    scene = set_scene(parse("Peru ordered Gripen jets to replace the F-5 aircraft that Chile sold to it."), {})
    trigger = next(t for t in find_triggers(scene) if scene.parsed.words[t.index].text == "sold")
    assert "F-5" in equipment_readings(scene, trigger)[0]


@pytest.mark.parametrize("text", ["Norway blocked the sale of weapons to Peru.", "Peru has asked Norway for weapons."])
def test_goods_without_a_designation_that_are_refused_or_asked_for_go_on_record(parse: Parse, text: str) -> None:
    assert [(d["supplier"], d["recipient"]) for d in deals(find_transfers(parse(text)))] == [("NO", "PE")]


def test_stages_of_one_deal_in_several_sentences_are_one_transfer(parse: Parse) -> None:
    found = find_transfers(parse("Norway ordered 54 Leopard 2 tanks from Germany in 2018. The tanks were delivered in 2020."))
    assert len(deals(found)) == 1
    assert [(s["stage"], s["when"]) for s in stages(found)] == [("contract", "2018"), ("delivery", "2020")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Egypt received 24 Rafale fighters from France in 2015.\n\nIn 2021 Egypt ordered another 30 Rafale fighters from France.",
            [(24, "delivery"), (30, "contract")],
        ),
        (
            "Russia delivered four S-400 systems to Turkey in 2019."
            "\n\nTurkey is negotiating with Russia over a second batch of S-400 systems.",
            [(4, "delivery"), (None, "negotiation")],
        ),
    ],
)
def test_two_batches_are_two_transfers(parse: Parse, text: str, told: list[tuple[int | None, str]]) -> None:
    found = find_transfers(parse(text))
    counts = [deal["quantity"] for deal in deals(found)]
    assert [count["number"] if isinstance(count, dict) else None for count in counts] == [number for number, _ in told]
    assert [[s["stage"] for s in stages(found, deal.key)] for deal in deals(found)] == [[stage] for _, stage in told]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("France sold Rafale jets and Mistral ships to Egypt.", ["Rafale", "Mistral"]),
        ("The United States delivered F-16 jets and AMRAAM missiles to Poland.", ["F-16", "AMRAAM"]),
    ],
)
def test_each_item_of_a_list_is_a_transfer(parse: Parse, text: str, items: list[str]) -> None:
    assert [d["equipment"] for d in deals(find_transfers(parse(text)))] == items


@pytest.mark.parametrize(
    ("text", "recipients"),
    [
        ("Germany sold Leopard 2 tanks to Norway, Poland and Finland.", ["NO", "PL", "FI"]),
        ("Germany sold Leopard 2 tanks to Norway, which borders Finland.", ["NO"]),
    ],
)
def test_each_buyer_of_a_list_has_a_transfer(parse: Parse, text: str, recipients: list[str]) -> None:
    assert sorted(d["recipient"] for d in deals(find_transfers(parse(text)))) == sorted(recipients)  # type: ignore[type-var]


@pytest.mark.parametrize(
    "text",
    [
        "The German army ordered its Leopard 2 tanks to advance.",
        "The commander ordered ten Leopard 2 tanks to the border.",
        "Norway beat Germany in Berlin after the striker delivered the decisive pass.",
        "Germany sold Norway its best goalkeeper for 20 million euros.",
        "The museum bought a painting from a dealer in Paris.",
        "Germany exports cars to Norway.",
        "",
    ],
)
def test_what_is_no_transfer_stays_off_record(parse: Parse, text: str) -> None:
    assert find_transfers(parse(text)) == []


def test_a_stage_in_somebodys_words_is_according_to_them(parse: Parse) -> None:
    parsed = parse("Ada Ek said that Germany delivered ten Leopard 2 tanks to Norway in May 2019.")
    text = parsed.document.text
    start = text.index("Germany")
    cells = [
        make_claim(parsed.document, "speaker", "Ada Ek", start=0, end=6),
        make_claim(parsed.document, "content", text[start:], start=start, end=len(text)),
    ]
    found = find_transfers(parsed, [make_finding("statement", "q1", parsed.document, cells)])
    assert [s["according_to"] for s in stages(found)] == ["Ada Ek"]


def test_a_report_that_names_no_equipment_builds_no_deal(parse: Parse) -> None:
    assert find_deals(set_scene(parse("Norway signed a contract with Germany."), learnt_models())) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Germany will not deliver Leopard 2 tanks to Norway.", ("refusal", "actual")),
        ("Germany did not deliver Leopard 2 tanks to Norway.", ("delivery", "denied")),
        ("Norway will not receive Leopard 2 tanks from Germany.", ("delivery", "denied")),
    ],
)
def test_a_seller_that_will_not_has_refused(parse: Parse, text: str, told: tuple[str, str]) -> None:
    models: dict[str, dict[str, float]] = {name: {} for name in ("equipment", "companion", "recipient", "supplier", "quantity", "value")}
    scene = set_scene(parse(text), models | {"stage": {"delivery": 9.0}, "recipient": {"here:wanted": 9.0}})
    proposed = [t for trigger in find_triggers(scene) for t in propose(scene, trigger)]
    assert [(t.stage, t.modality) for t in proposed] == [told]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (" A condition of the sale is the consent of Washington.", ("FR", "PE", "Rafale")),
        (" The condition of this purchase is a loan.", ("FR", "PE", "Rafale")),
    ],
)
def test_a_condition_hangs_on_the_deal_told_just_before(parse: Parse, after: str, told: tuple[str, str, str]) -> None:
    text = "Sweden delivered ten Gripen fighters to Peru in 2018.\n\nFrance may sell Peru twelve Rafale jets." + after
    found = find_transfers(parse(text))
    conditional = {s.part_of for s in found if s.kind == "stage" and s["modality"] == "conditional"}
    assert [(d["supplier"], d["recipient"], d["equipment"]) for d in deals(found) if d.key in conditional] == [told]


def test_who_makes_a_thing_is_no_seller_where_another_is_named(parse: Parse) -> None:
    found = find_transfers(
        parse("Peru wants to buy S-400 systems from Turkey.\n\nMoscow noted the desire of Peru to buy the Russian S-400.")
    )
    assert [(d["supplier"], d["recipient"], d["equipment"]) for d in deals(found)] == [("TR", "PE", "S-400")]


@pytest.mark.parametrize(
    "text",
    [
        "The United States cleared a $3.4 billion sale of Patriot missiles to Norway.",
        "A $3.4 billion sale of Patriot missiles to Norway was approved by the United States.",
    ],
)
def test_a_verb_has_the_sum_of_the_deal_it_decides_on(parse: Parse, text: str) -> None:
    (deal,) = deals(find_transfers(parse(text)))
    assert (deal["value"] or {}).get("amount") == 3.4e9


@pytest.mark.parametrize(
    ("text", "suppliers"),
    [
        ("Norway, Denmark and Portugal promised Ukraine F-16 jets.", {"NO", "DK", "PT"}),
        ("Ukraine received F-16 jets from Norway, Denmark and Portugal.", {"NO", "DK", "PT"}),
        ("Norway, Denmark and Portugal promised Ukraine nineteen F-16 jets.", {"NO"}),
    ],
)
def test_each_supplier_of_a_list_has_a_transfer(parse: Parse, text: str, suppliers: set[str]) -> None:
    scene = set_scene(parse(text), learnt_models(encoded=False))
    trigger = next(t for t in find_triggers(scene) if scene.parsed.words[t.index].text in {"promised", "received"})
    told = propose(scene, trigger)
    assert {each.supplier[0] for each in told} == suppliers
    assert {each.recipient[0] for each in told} == {"UA"}


@pytest.mark.parametrize(
    ("text", "stands_here"),
    [
        ("Malaysia chose the FA-50 over India's Tejas.", False),
        ("Malaysia chose the FA-50 of India over the Tejas.", True),
        ("Malaysia chose India's Tejas over the FA-50.", True),
    ],
)
def test_a_state_named_as_maker_of_other_goods_alone_does_not_supply(parse: Parse, text: str, stands_here: bool) -> None:
    scene = set_scene(parse(text), {})
    trigger = next(t for t in find_triggers(scene) if scene.parsed.words[t.index].text == "chose")
    item = next(m for m in scene.first_word if m.kind == "equipment")
    told = party_readings(scene, trigger, "supplier", item)[0].get("IN", [])
    assert any(feature.startswith("here:") for feature in told) == stands_here


@pytest.mark.parametrize(("gap", "taken_up"), [(" ", True), ("\n\n", False)])
def test_only_a_deal_of_the_same_paragraph_is_taken_up(parse: Parse, gap: str, taken_up: bool) -> None:
    scene = set_scene(parse(f"France may sell Peru twelve Rafale jets.{gap}A condition of the sale is a loan."), learnt_models())
    told = []
    for trigger in find_triggers(scene):
        told += [t for t in propose(scene, trigger) if trigger.pos == "noun" and trigger.phrase]
        for each in read_trigger(scene, trigger):
            note(scene, each)
    assert [t.party_score == 1.0 for t in told] == [taken_up] * len(told)
    assert told or not taken_up


def test_two_deals_of_one_sentence_keep_their_own_parties(parse: Parse) -> None:
    found = find_transfers(parse("The United States sold F-16 fighters to Poland and Germany sold Leopard 2 tanks to Norway."))
    assert [(d["supplier"], d["recipient"], d["equipment"]) for d in deals(found)] == [("US", "PL", "F-16"), ("DE", "NO", "Leopard 2")]
