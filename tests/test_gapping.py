"""What a sentence tells of others without saying its verb again: another subject, another party, another lot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from onrecord.extract.gapping import with_gaps
from onrecord.extract.scene import Scene, set_scene
from onrecord.extract.told import Party, Told
from onrecord.extract.triggers import find_triggers
from onrecord.records import Parsed

Parse = Callable[..., Parsed]


def telling(parsed: Parsed, word: str, supplier: str, recipient: str) -> tuple[Scene, Told]:
    """What the verb `word` tells of the first goods and a count before them between two parties, where they are first named."""
    scene = set_scene(parsed, {})
    trigger = next(t for t in find_triggers(scene) if parsed.words[t.index].text == word)
    goods = next(m for m in scene.first_word if m.kind == "equipment")
    count = next((m for m in scene.first_word if m.kind == "quantity" and m.start <= goods.start), None)
    parties: list[Party] = [(code, next((m for m in scene.first_word if m.party == code), None)) for code in (recipient, supplier)]
    amount = (count, 0.9) if count else None
    return scene, Told(trigger, (0, 1), (0, 1), "delivery", "actual", "", 1.0, 1.0, goods, parties[0], parties[1], amount, None, None)


def gapped(parsed: Parsed, word: str, supplier: str, recipient: str) -> list[tuple[str, str, str, float | None]]:
    """Supplier, recipient, goods and count of what the sentence tells without its verb."""
    scene, told = telling(parsed, word, supplier, recipient)
    return [(t.supplier[0], t.recipient[0], t.item.name, t.count and t.count.number) for t in with_gaps(scene, [told])[1:]]


@pytest.mark.parametrize(
    ("text", "word", "sides", "others"),
    [
        pytest.param("Norway gave Ukraine 32 F-16 jets and Portugal 17.", "gave", "NO UA", [("PT", "UA", "F-16", 17)], id="subject"),
        pytest.param(
            "Norway gave Ukraine 32 F-16 jets, Portugal up to ten and Spain another four.", "gave", "NO UA",
            [("PT", "UA", "F-16", 10), ("ES", "UA", "F-16", 4)], id="two subjects",
        ),
        pytest.param("Norway ordered 32 F-35 jets, Denmark 27.", "ordered", "US NO", [("US", "DK", "F-35", 27)], id="who receives"),
        pytest.param(
            "France supplied Caesar howitzers to Ukraine, Spain a NASAMS battery.", "supplied", "FR UA", [("ES", "UA", "NASAMS", 1)],
            id="other goods",
        ),
        pytest.param(
            "Norway gave Ukraine ten M113 vehicles; Spain a dozen howitzers.", "gave", "NO UA", [("ES", "UA", "howitzer", 12)],
            id="goods without a name",
        ),
        pytest.param(
            "Ukraine was given 30 Caesar howitzers by France and 19 by Denmark.", "given", "FR UA", [("DK", "UA", "Caesar", 19)], id="by",
        ),
        pytest.param(
            "Romania bought 32 F-16 jets from Norway and 17 from Portugal.", "bought", "NO RO", [("PT", "RO", "F-16", 17)], id="from",
        ),
        pytest.param("Korea sold 180 K2 tanks to Poland and 48 to Norway.", "sold", "KR PL", [("KR", "NO", "K2", 48)], id="to"),
        pytest.param(
            "Greece was offered the F-16 by Norway, the Gripen by Sweden and, in May, the Rafale by France.", "offered", "NO GR",
            [("SE", "GR", "Gripen", None), ("FR", "GR", "Rafale", None)], id="designations alone",
        ),
        pytest.param(
            "From Sweden came 28 Gripen jets for Norway, from Britain 24 Hawk trainers.", "came", "SE NO", [("GB", "NO", "Hawk", 24)],
            id="the party before its goods",
        ),
        pytest.param(
            "Thailand bought Gripens from Sweden, and Indonesia Rafales from France.", "bought", "SE TH", [("FR", "ID", "Rafale", None)],
            id="both parties",
        ),
        pytest.param(
            "France sold Rafales to Egypt and submarines to India.", "sold", "FR EG", [("FR", "IN", "submarine", None)],
            id="goods without a name or count",
        ),
        pytest.param("Norway wants Rafales from France, the Swedish Gripen or F-35s.", "wants", "FR NO", [], id="whose make it is"),
        pytest.param("Norway gave Ukraine 32 F-16 jets and Portugal sent 17.", "gave", "NO UA", [], id="a verb of its own"),
        pytest.param("Norway gave Ukraine 32 F-16 jets in May.", "gave", "NO UA", [], id="nothing more"),
        pytest.param("Norway gave Ukraine 32 F-16 jets, 12 of them new.", "gave", "NO UA", [], id="a part"),
        pytest.param("Norway gave Ukraine 32 F-16 jets, and perhaps two more.", "gave", "NO UA", [], id="more, but nothing else of them"),
        pytest.param("Ministers of Spain and 12 others met after Norway gave Ukraine 32 F-16 jets.", "gave", "NO UA", [], id="before"),
    ],
)  # fmt: skip
def test_the_verb_holds_for_what_is_told_without_it(
    parse: Parse, text: str, word: str, sides: str, others: list[tuple[str, str, str, float]]
) -> None:
    assert gapped(parse(text), word, *sides.split()) == others


def test_another_lot_has_its_own_date_and_sum(parse: Parse) -> None:
    parsed = parse("Israel sold 24 Kfir jets to Colombia in 1989, and 13 more in 2008 for 200 million dollars.")
    scene, told = telling(parsed, "sold", "IL", "CO")
    _, more = with_gaps(scene, [told])
    assert (more.mark, more.edtf, more.value and more.value[0].text) == ("another lot", "2008", "200 million dollars")
    assert more.count is not None and more.count.number == 13


def test_a_party_of_its_own_stretch_has_no_other_part_in_the_verb(parse: Parse) -> None:
    scene, told = telling(parse("France supplied Caesar howitzers to Ukraine, Spain a NASAMS battery."), "supplied", "FR", "UA")
    spain = next(m for m in scene.first_word if m.party == "ES")
    tellings = with_gaps(scene, [told, replace(told, recipient=("ES", spain))])
    assert [(t.supplier[0], t.recipient[0]) for t in tellings] == [("FR", "UA"), ("ES", "UA")]


def test_what_stands_with_other_goods_is_theirs(parse: Parse) -> None:
    scene, told = telling(parse("France delivered Rafales to Egypt and Mistral ships to Russia."), "delivered", "FR", "RU")
    tellings = with_gaps(scene, [told])
    assert [(t.supplier[0], t.recipient[0], t.item.name) for t in tellings] == [("FR", "EG", "Rafale"), ("FR", "RU", "Mistral")]
