"""Tests of resolve/: what speaks for one deal and against it, what counts as disagreement, and that the order of arrival is idle."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from onrecord.clean.document import make_document
from onrecord.records import Json, make_claim, make_finding
from onrecord.resolve import (
    Facts,
    Said,
    Transfer,
    compare,
    deal_disagreements,
    disagreement,
    disagreements,
    fold,
    group,
    known_day,
    view_transfer,
)
from onrecord.resolve.dates import compatible, stretch, years_between
from onrecord.resolve.facts import pack, placing_order, unpack
from onrecord.resolve.goods import alike, goods_of
from onrecord.resolve.money import in_dollars, sums_agree
from onrecord.vocab import words
from reports import make_report


def facts(day: str = "2018-03-01", report: str = "one", **given: Any) -> Facts:
    """What a report of that day says: Russia sells S-400 to Turkey, unless given otherwise."""
    made = Facts(placing_order(day, report, "t1"), day, ("RU",), ("TR",), "S-400")
    return replace(made, **given)


def transfer(day: str, report: str, key: str = "t1", **given: Any) -> Transfer:
    return Transfer(f"{report}#{key}", report, key, replace(facts(day, report, **given), order=placing_order(day, report, key)))


@pytest.mark.parametrize("example", words("another_batch")["examples"], ids=lambda example: example["text"])
def test_batch_words(example: dict[str, str]) -> None:
    document = make_document(example["text"])
    start = document.text.index(example["goods"])
    claim = make_claim(document, "equipment", example["goods"], start=start, end=start + len(example["goods"]))
    made = make_finding("transfer", "t1", document, [claim])
    assert view_transfer(document, made, []).facts.batch == example["expect"]


BATTERIES: dict[str, Any] = {"quantities": ((4.0, "battery"),)}
SIGNED = (("contract", "actual", "2017-12-29"),)


@pytest.mark.parametrize(
    ("left", "right", "joins"),
    [
        pytest.param({}, {}, True, id="all agrees"),
        pytest.param({}, {"suppliers": ("TR",), "recipients": ("RU",)}, False, id="buyer and seller swapped"),
        pytest.param({}, {"recipients": ("IN",)}, False, id="another buyer"),
        pytest.param({}, {"suppliers": ()}, True, id="no supplier said"),
        pytest.param({}, {"recipients": ()}, False, id="no recipient said, and nothing else in common"),
        pytest.param(
            {**BATTERIES, "stages": SIGNED}, {"recipients": (), **BATTERIES, "stages": SIGNED}, True, id="no recipient, but count and day"
        ),
        pytest.param({"recipients": ()}, {"recipients": ()}, False, id="neither says a recipient"),
        pytest.param({}, {"equipment": "air defence system"}, True, id="a noun for the designation"),
        pytest.param({}, {"equipment": "fighter"}, False, id="a noun for other goods"),
        pytest.param({}, {"equipment": "S-300"}, False, id="another family"),
        pytest.param(BATTERIES, {"quantities": ((5.0, "battery"),)}, True, id="a disagreement about one count"),
        pytest.param(BATTERIES, {"quantities": ((10.0, "battery"),)}, False, id="another batch by its count"),
        pytest.param(BATTERIES, {"quantities": ((32.0, "launcher"),)}, True, id="counts of two units"),
        pytest.param({}, {"batch": "more"}, False, id="an additional batch"),
        pytest.param(BATTERIES, {**BATTERIES, "batch": "more"}, True, id="an equal count outweighs a batch word"),
        pytest.param({"stages": SIGNED}, {"stages": (("contract", "actual", "2013"),)}, False, id="contracts years apart"),
        pytest.param(
            {"stages": SIGNED},
            {"stages": (("offer", "actual", ""), ("cancellation", "actual", ""))},
            False,
            id="a bid that was lost beside a deal that was made",
        ),
        pytest.param(
            {"quantities": ((24.0, "aircraft"),), "stages": SIGNED},
            {"quantities": ((6.0, "aircraft"),), "stages": (("delivery", "actual", "2018-05"),)},
            True,
            id="an instalment that came",
        ),
        pytest.param(
            {"quantities": ((24.0, "aircraft"),), "stages": SIGNED},
            {"quantities": ((6.0, "aircraft"),), "stages": (("contract", "planned", ""),)},
            False,
            id="a smaller order",
        ),
        pytest.param(
            {"quantities": ((24.0, "aircraft"),), "batch": "more"},
            {"quantities": ((6.0, "aircraft"),), "batch": "more", "stages": (("delivery", "actual", "2018-05"),)},
            False,
            id="two more batches, one of which came",
        ),
        pytest.param(
            {"stages": (("request", "actual", ""), ("cancellation", "actual", ""), ("contract", "planned", "2018"))},
            {"stages": SIGNED},
            True,
            id="a tender was given up on the way to the deal",
        ),
        pytest.param(
            {"stages": (("contract", "actual", "2018-03-01~"),), **BATTERIES},
            {"stages": (("contract", "actual", "2021-01-17"),), **BATTERIES},
            True,
            id="contracts announced years apart for one count",
        ),
        pytest.param({"suppliers": ("DE", "FR")}, {"suppliers": ("DE",), "sums": ((1e9, "EUR"),)}, True, id="one supplier of two is named"),
        pytest.param({"recipients": ("AT", "HU")}, {"recipients": ("HU",)}, True, id="one recipient of two is named"),
    ],
)
def test_two_transfers_are_one_deal_unless_something_speaks_against_it(left: dict[str, Any], right: dict[str, Any], joins: bool) -> None:
    one, other = facts(**left), facts("2018-06-01", "two", **right)
    assert compare(one, other).joins == joins
    assert compare(one, other) == compare(other, one)


def test_copies_of_one_report_tell_of_one_deal() -> None:
    maker, seller = facts(**BATTERIES), facts("2018-03-02", "two", suppliers=("IL",), **BATTERIES)
    assert compare(maker, seller, copies=True).joins
    assert compare(seller, maker, copies=True) == compare(maker, seller, copies=True)
    assert not compare(maker, seller).joins, "two sellers of two reports"
    assert not compare(maker, replace(seller, suppliers=("TR",), recipients=("RU",)), copies=True).joins, "buyer and seller swapped"
    assert not compare(maker, replace(seller, suppliers=("RU",), quantities=((60.0, "battery"),)), copies=True).joins, "two batches"


def test_a_verdict_has_its_score_and_reasons() -> None:
    sure = compare(facts(**BATTERIES), facts("2018-03-02", "two", **BATTERIES))
    assert (sure.verdict, sure.reasons) == ("same", ("same count", "reports of the same week"))
    torn = compare(facts(), facts("2019-03-02", "two", batch="more"))
    assert torn.verdict in ("unsure", "different")
    assert compare(facts(), facts("2019-03-02", "two", recipients=("IN",))).reasons == ("another recipient",)


@pytest.mark.parametrize(
    ("left", "right", "how"),
    [
        ("S-400", "S-400 Triumf", "same"),
        ("Eurofighter", "Typhoon", "same"),
        ("submarine", "diesel submarine class X", ""),
        ("fighter", "Su-35", "general"),
        ("fighter", "S-400", ""),
        ("aircraft", "fighter", "general"),
        ("tank", "howitzer", ""),
        ("ZX-9", "ZX-9 Block 2", "variant"),
        ("ZX-9", "ZX-90", ""),
        ("F-16", "F-15", ""),
        ("Vik-class", "Vik Type", "same"),
        ("Mistral", "Mistral class", ""),
        ("ZX-9 class", "ZX-9", "same"),
        ("class", "type", ""),
    ],
)
def test_goods_that_can_be_one(left: str, right: str, how: str) -> None:
    assert alike(goods_of(left), goods_of(right)) == how
    assert alike(goods_of(right), goods_of(left)) == how


def reports_of_a_story() -> list[Transfer]:
    """Two batches, a nameless report, one without a recipient, one that swaps the sides, and some without a date."""
    first, second = ((4.0, "battery"),), ((2.0, "regiment"),)
    return [
        transfer("2017-12-29", "a", quantities=first, stages=SIGNED),
        transfer("2018-01-03", "b", equipment="air defence system"),
        transfer("2018-01-03", "c", suppliers=(), quantities=first),
        transfer("2018-02-01", "d", recipients=(), quantities=first, stages=SIGNED),
        transfer("2018-02-02", "e", suppliers=("TR",), recipients=("RU",)),
        transfer("2019-07-12", "f", "t1", quantities=first, stages=(("delivery", "actual", "2019-07"),)),
        transfer("2019-07-12", "f", "t2", batch="more", stages=(("negotiation", "actual", ""),)),
        transfer("2019-09-01", "g", batch="more", quantities=second),
        transfer("2021-03-01", "h", quantities=second, batch="more", stages=(("contract", "actual", "2021"),)),
        transfer("", "i", quantities=first),
        transfer("", "j", batch="more"),
    ]


def test_the_order_of_arrival_changes_no_deal() -> None:
    story, chance = reports_of_a_story(), random.Random(20261128)
    deals = {frozenset(t.id for t in members) for members in group(story)}
    assert frozenset({"a#t1", "b#t1", "c#t1", "d#t1", "f#t1", "i#t1"}) in deals
    assert frozenset({"f#t2", "g#t1", "h#t1", "j#t1"}) in deals
    assert frozenset({"e#t1"}) in deals
    for _ in range(60):
        chance.shuffle(story)
        assert {frozenset(t.id for t in members) for members in group(story)} == deals


def test_the_deals_known_on_a_day_are_what_was_told_by_then() -> None:
    story = [item for item in reports_of_a_story() if item.facts.day]
    now = {t.id: place for place, members in enumerate(group(story)) for t in members}
    for day in {item.facts.day for item in story}:
        then = [{t.id for t in members} for members in group(t for t in story if t.facts.day <= day)]
        known = {id for members in then for id in members}
        for members in then:
            (deal,) = {now[id] for id in members}
            assert members == {id for id in known if now[id] == deal}


def test_transfers_of_one_report_are_never_one_deal() -> None:
    deals = group([transfer("2018-01-01", "a", "t1"), transfer("2018-01-01", "a", "t2"), transfer("2018-01-02", "b", "t1")])
    assert sorted(len(members) for members in deals) == [1, 2]


@pytest.mark.parametrize(
    ("published", "read", "known"),
    [
        ("2018-03-01", "2026-11-28", "2018-03-01"),
        ("2018-03-01", None, "2018-03-01"),
        ("1970-01-01", "2026-11-28", "2026-11-28"),
        ("1970-01-01", None, ""),
        ("2099-01-01", "2026-11-28", "2026-11-28"),
        (None, "2026-11-28", "2026-11-28"),
        (None, None, ""),
    ],
)
def test_a_date_of_a_broken_clock_is_none(published: str | None, read: str | None, known: str) -> None:
    assert known_day(make_document("Words.", published=published, read=read)) == known


def test_a_report_of_a_broken_clock_founds_no_deal_of_others() -> None:
    texts = {"one": "2018-03-01", "two": "1970-01-01", "three": "2099-01-01"}
    made = [make_report(key, published=day) for key, day in texts.items()]
    views = [view_transfer(r.document, r.findings[0], [f for f in r.findings if f.kind == "stage"]) for r in made]
    (members,) = group(views)
    assert [t.document_id for t in members][0] == made[0].document.id


def test_facts_survive_packing() -> None:
    whole = facts(quantities=((4.0, "battery"),), sums=((2.5e9, "USD"),), stages=SIGNED, batch="more")
    assert unpack(pack(whole)) == whole


def test_what_is_left_unsaid_is_taken_from_the_deal() -> None:
    early = facts(**BATTERIES, stages=SIGNED)
    told = facts("2018-06-01", "two", suppliers=(), equipment="air defence system").completed(early)
    assert (told.suppliers, told.equipment, told.quantities, told.contract_days) == (
        ("RU",),
        "S-400",
        ((4.0, "battery"),),
        ("2017-12-29",),
    )


@pytest.mark.parametrize(
    ("left", "right", "agree"),
    [
        ("2018", "2018-03-04", True),
        ("2018-03-04", "2018-03-05", False),
        ("2018-03-04~", "2018-03-09", True),
        ("2018-03~", "2018-04-30", True),
        ("2018-03~", "2018-06", False),
        ("2018~", "2019-05", True),
        ("2017/2019", "2018-05", True),
        ("2017/2018", "2019", False),
        ("../2018", "2012", True),
        ("nonsense", "2018", True),
    ],
)
def test_dates_that_can_be_one(left: str, right: str, agree: bool) -> None:
    assert compatible(left, right) == compatible(right, left) == agree


def test_dates_as_stretches() -> None:
    assert stretch("2018-02~") == ("2018-01-01", "2018-03-31")
    assert stretch("9999-12-31~") == ("9999-12-24", "9999-12-31")
    assert stretch("soon") is None
    assert (years_between("2012/2014", "2017-03"), years_between("2017", "2017-03"), years_between("?", "2017")) == (3, 0, 0)


def test_sums_are_compared_at_the_rate_of_the_day() -> None:
    assert in_dollars(10.0, "USD", "1900-01-01") == 10.0
    assert in_dollars(1.0, "EUR", "2017-12-15") == pytest.approx(1.18, abs=0.02)
    assert in_dollars(1.0, "EUR", "1990-01-01") is None
    assert in_dollars(1.0, "XYZ", "2017-12-15") is None
    assert sums_agree((2.5e9, "USD"), (2.12e9, "EUR"), days=("2017-12-29",)) is True
    assert sums_agree((2.5e9, "USD"), (2.5e9, "EUR"), days=("2017-12-29",)) is False
    assert sums_agree((2.5e9, "USD"), (2.5e9, "XYZ"), days=("2017-12-29",)) is None
    assert sums_agree((2.5e9, "USD"), (2.55e9, "USD"), days=("2017-12-29",)) is True


def stage(stage: str, modality: str, when: str | None = None) -> Json:
    return {"stage": stage, "modality": modality, "when": when, "according_to": None}


def said(field: str, value: Json, day: str = "2018-03-01", *, concluded: bool = True) -> Said:
    return Said(field, value, day, day, day if concluded else "")


EARLY, SOON, LATE = "2018-02-01", "2018-02-20", "2019-06-01"


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param(
            said("quantity", {"number": 18, "unit": "aircraft"}),
            said("quantity", {"number": 24, "unit": "aircraft"}),
            "quantity",
            id="18 or 24",
        ),
        pytest.param(
            said("quantity", {"number": 4, "unit": "battery"}), said("quantity", {"number": 32, "unit": "launcher"}), None, id="two units"
        ),
        pytest.param(
            said("quantity", {"number": 14, "unit": "tank"}, EARLY, concluded=False),
            said("quantity", {"number": 18, "unit": "tank"}, LATE),
            None,
            id="a guess that was given up",
        ),
        pytest.param(
            said("quantity", {"number": 14, "unit": "tank"}, EARLY, concluded=False),
            said("quantity", {"number": 18, "unit": "tank"}, SOON, concluded=False),
            "quantity",
            id="two guesses of one month",
        ),
        pytest.param(
            said("quantity", {"number": 14, "unit": "tank"}, EARLY),
            said("quantity", {"number": 18, "unit": "tank"}, LATE),
            "quantity",
            id="a figure that was signed",
        ),
        pytest.param(
            said("value", {"amount": 2.5e9, "currency": "USD"}), said("value", {"amount": 2e9, "currency": "USD"}), "value", id="two sums"
        ),
        pytest.param(
            said("value", {"amount": 2.5e9, "currency": "USD"}), said("value", {"amount": 2.51e9, "currency": "USD"}), None, id="rounded"
        ),
        pytest.param(
            said("value", {"amount": 2.5e9, "currency": "USD"}),
            said("value", {"amount": 2.03e9, "currency": "EUR"}),
            None,
            id="one sum in two currencies",
        ),
        pytest.param(
            said("value", {"amount": 2.5e9, "currency": "USD"}),
            said("value", {"amount": 2.5e9, "currency": "EUR"}),
            "value",
            id="one figure in two currencies",
        ),
        pytest.param(
            said("value", {"amount": 2.5e9, "currency": "USD"}),
            said("value", {"amount": 2.5e9, "currency": "RUB"}),
            None,
            id="a currency without a rate",
        ),
        pytest.param(
            said("stage", stage("contract", "actual"), EARLY),
            said("stage", stage("contract", "denied"), SOON),
            "contract.modality",
            id="denied",
        ),
        pytest.param(
            said("stage", stage("contract", "actual"), LATE), said("stage", stage("contract", "denied"), SOON), None, id="signed since"
        ),
        pytest.param(
            said("stage", stage("contract", "actual", "2018-02-14"), LATE),
            said("stage", stage("contract", "denied"), SOON),
            "contract.modality",
            id="said later to have been signed before the denial",
        ),
        pytest.param(
            said("stage", stage("contract", "actual", "2018-02"), LATE),
            said("stage", stage("contract", "denied"), SOON),
            None,
            id="signed in the same month, perhaps after the denial",
        ),
        pytest.param(said("stage", stage("interest", "actual")), said("stage", stage("interest", "denied")), None, id="a change of mind"),
        pytest.param(said("stage", stage("contract", "planned")), said("stage", stage("contract", "actual")), None, id="an update"),
        pytest.param(
            said("stage", stage("contract", "actual", "2017-09")),
            said("stage", stage("contract", "actual", "2017-12")),
            "contract.when",
            id="two days",
        ),
        pytest.param(
            said("stage", stage("contract", "actual", "2017")),
            said("stage", stage("contract", "actual", "2017-12")),
            None,
            id="a finer day",
        ),
        pytest.param(
            said("stage", stage("delivery", "actual", "2019-07")),
            said("stage", stage("delivery", "actual", "2019-08")),
            None,
            id="two deliveries",
        ),
        pytest.param(said("stage", stage("offer", "actual")), said("stage", stage("contract", "denied")), None, id="two stages"),
        pytest.param(
            Said("quantity", {"number": 25, "unit": "aircraft"}, EARLY, EARLY, ""),
            Said("quantity", {"number": 36, "unit": "aircraft"}, LATE, LATE, LATE, ("2017-06",)),
            "quantity",
            id="no guess, since the contract was signed by then",
        ),
        pytest.param(
            Said("quantity", {"number": 25, "unit": "aircraft"}, EARLY, EARLY, ""),
            Said("quantity", {"number": 36, "unit": "aircraft"}, LATE, LATE, LATE, ("2018",)),
            None,
            id="a guess of the year of the contract",
        ),
        pytest.param(
            said("stage", stage("contract", "actual", "2018-02-20~")),
            said("stage", stage("contract", "actual", "2018-01-29")),
            None,
            id="announced three weeks after it was signed",
        ),
        pytest.param(
            said("stage", stage("contract", "actual", "2018-02-20~")),
            said("stage", stage("contract", "actual", "2017-06-29")),
            "contract.when",
            id="announced months after another day",
        ),
        pytest.param(said("equipment", "S-400"), said("equipment", "S-300"), None, id="not compared"),
        pytest.param(
            said("value", {"amount": 2.5e9, "currency": "USD"}), said("quantity", {"number": 4, "unit": "tank"}), None, id="two fields"
        ),
    ],
)
def test_disagreement(left: Said, right: Said, expected: str | None) -> None:
    assert disagreement(left, right) == expected
    assert disagreement(right, left) == expected


def told(day: str, report: str, *stages: Json) -> Transfer:
    return replace(transfer(day, report), cells=tuple(("stage", cell) for cell in stages))


def test_a_report_that_tells_of_a_quarrel_takes_no_side() -> None:
    both = told("2018-03-02", "b", stage("contract", "actual"), stage("contract", "denied"))
    assert disagreements(told("2018-03-01", "a", stage("contract", "denied")), both) == []
    assert disagreements(told("2018-03-01", "a", stage("contract", "denied")), told("2018-02-01", "c", stage("contract", "actual"))) == [
        "contract.modality"
    ]


def test_an_act_that_is_half_still_to_come_denies_nothing() -> None:
    denied = told("2019-03-01", "a", stage("delivery", "denied"))
    assert disagreements(denied, told("2018-03-01", "b", stage("delivery", "actual"))) == ["delivery.modality"]
    assert disagreements(denied, told("2018-03-01", "b", stage("delivery", "actual"), stage("delivery", "planned", "2019"))) == []


@pytest.mark.parametrize(
    ("stages", "concluded"),
    [
        ((("contract", "actual", ""),), True),
        ((("contract", "actual", ""), ("contract", "planned", "2019")), False),
        ((("contract", "actual", "2018-02"), ("contract", "planned", "2019")), True),
        ((("contract", "actual", ""), ("contract", "planned", ""), ("production", "actual", "")), True),
        ((("delivery", "planned", ""),), False),
    ],
)
def test_a_deal_is_concluded_by_what_is_told_as_done_and_not_also_as_to_come(
    stages: tuple[tuple[str, str, str], ...], concluded: bool
) -> None:
    assert facts(stages=stages).is_concluded() == concluded


def test_an_exact_day_outweighs_the_day_of_an_announcement() -> None:
    both = told("2014-10-27", "a", stage("contract", "actual", "2014-10-27~"), stage("contract", "actual", "2014-08-24"))
    assert disagreements(both, told("2019-09-12", "b", stage("contract", "actual", "2014-10-27"))) == ["contract.when"]


def test_a_count_of_an_instalment_contradicts_no_order() -> None:
    order = replace(transfer("2018-03-01", "a", quantities=((24.0, "tank"),)), cells=(("quantity", {"number": 24, "unit": "tank"}),))
    part = replace(
        transfer("2018-03-09", "b", quantities=((6.0, "tank"),), stages=(("delivery", "actual", ""),)),
        cells=(("quantity", {"number": 6, "unit": "tank"}),),
    )
    assert disagreements(order, part) == []
    assert disagreements(order, replace(part, facts=replace(part.facts, stages=()))) == ["quantity"]


def test_most_copies_outvote_a_slip_and_copies_do_not_contradict_each_other() -> None:
    counts = {"a": 11, "b": 11, "c": 4, "d": 11, "e": 12}
    deal = [replace(transfer(EARLY, report), cells=(("quantity", {"number": n, "unit": "tank"}),)) for report, n in counts.items()]
    copies = {report: frozenset("abc") - {report} for report in "abc"}

    def pairs(**given: Any) -> list[str]:
        return [left.document_id + right.document_id for left, right, _ in deal_disagreements(deal, **given)]

    assert pairs(copies=copies) == ["ae", "be", "de"]
    assert pairs() == ["ac", "ae", "bc", "be", "cd", "ce", "de"]
    assert pairs(copies={"a": frozenset("c"), "c": frozenset("a")}) == ["ae", "bc", "be", "cd", "ce", "de"], (
        "one against one proves nothing"
    )


def test_one_date_in_common_is_enough() -> None:
    two = told("2018-03-02", "b", stage("contract", "actual", "2007"), stage("contract", "actual", "2015-11"))
    assert disagreements(told("2018-03-01", "a", stage("contract", "actual", "2015-11-09")), two) == []
    assert disagreements(told("2018-03-01", "a", stage("contract", "actual", "2014")), two) == ["contract.when"]


def test_transfers_are_grouped_without_a_record() -> None:
    reports = [make_report("one"), make_report("two", number=5), make_report("three", recipient="IN")]
    views = [view_transfer(r.document, r.findings[0], [f for f in r.findings if f.kind == "stage"]) for r in reports]
    deals = sorted(group(views), key=len)
    assert [len(deal) for deal in deals] == [1, 2]
    assert disagreements(*deals[1]) == ["quantity"]


@pytest.mark.parametrize(
    ("name", "expected"), [("S-400 Triumf", "s400triumf"), ("Rafale", "rafale"), ("Błysk", "bysk"), ("С-400", "400"), ("мина", "мина")]
)
def test_names_are_compared_by_letters_and_digits(name: str, expected: str) -> None:
    assert fold(name) == expected
