"""Tests of group/: what two reports are compared by, which pairs are copies, and what only looks like one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from group_texts import ABRIDGED, NEW_LEAD, ORIGINAL, OTHER, REPORTS, ROUND_UP, SAME_AFFAIR, THIRD, TRANSLATED, document, groups_of
from onrecord.group.compare import Ready, compare
from onrecord.group.copies import judge, worth_comparing
from onrecord.group.groups import SURE, binding, connected, copy_pairs, group_reports, sure_copies
from onrecord.group.keys import BANDS, KEPT, NEAR_DAYS, is_fact_key, key_within, look_up_keys, near_periods, period_of
from onrecord.group.signatures import pack, plausible_day, sign, unpack
from onrecord.group.tokens import MOST_WORDS, cut, distinctive, hash_text, initials, skeleton, stem
from onrecord.records import Document


def ready(text: str, **head: str) -> Ready:
    return Ready(sign(document("one", text, **head)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pilpson", "Pilipson"),
        ("Chemezov", "Tchemisov"),
        ("Thune", "Tune"),
        ("Błaszczak", "Blaszczak"),
        ("Watcharin", "Vacharin"),
        ("Norhaven", "Norhafen"),
        ("Mohammed", "Muhamad"),
    ],
)
def test_a_name_written_by_ear_keeps_its_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("Pilipson", "Lipson"), ("Korsvik", "Korsten"), ("Grenn", "Green Valley")])
def test_another_name_has_another_skeleton(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize(
    ("word", "said"),
    [("2,500", "2500"), ("2.500", "2500"), ("13,5", "13.5"), ("13.5", "13.5"), ("Acquisition", "acqui"), ("Müller", "mulle")],
)
def test_words_and_numbers_have_one_form(word: str, said: str) -> None:
    assert stem(word) == said


def test_a_text_is_cut_into_sentences_quotations_and_names() -> None:
    tokens = cut("The minister, Edda Korsvik, was brief. “We have signed it at last today,” she said. The “Tarn” cost 12 million.")
    assert tokens.sentences == (0, 6, 15)
    assert tokens.quotes == ((6, 13),), "a name in quotation marks is no quotation"
    assert {hash_text(skeleton(name)) for name in ("Edda", "Korsvik", "Tarn")} <= tokens.names
    assert hash_text(skeleton("The")) not in tokens.names, "a capital that only opens a sentence makes no name"
    assert tokens.numbers == {hash_text("12")}


def test_straight_quotation_marks_are_paired_in_order() -> None:
    tokens = cut('The export variant of type "Yuan" is due in 2023, he said. "A gulf without a boat is a house without a door," he added.')
    assert [end - start for start, end in tokens.quotes] == [11]


def test_scripts_without_spaces_are_cut_sign_by_sign() -> None:
    assert len(cut("国防部宣布购买雷达").stems) == 9


def test_a_hostile_text_costs_no_more_than_a_long_one() -> None:
    assert len(cut("word " * (MOST_WORDS * 3)).stems) == MOST_WORDS


def test_an_outlet_is_told_by_its_own_words_and_its_initials() -> None:
    assert distinctive("Polaris News Agency") == distinctive("Polaris")
    assert distinctive("The Times"), "a name of common words alone keeps them"
    assert initials("Adria News Service") == distinctive("ANS")


@pytest.mark.parametrize(
    ("published", "read", "known"),
    [
        pytest.param("2019-03-04", "2026-11-28", True, id="a day"),
        pytest.param("1985-03-04", "2026-11-28", True, id="long ago"),
        pytest.param("2027-05-01", "2026-11-28", False, id="in the future"),
        pytest.param("1970-01-01", "2026-11-28", False, id="the epoch of machines"),
        pytest.param("2019-02-31", "2026-11-28", False, id="no such day"),
        pytest.param(None, "2026-11-28", False, id="none"),
        pytest.param("2027-05-01", None, True, id="nobody knows when it was read"),
    ],
)
def test_a_day_that_cannot_be_is_unknown(published: str | None, read: str | None, known: bool) -> None:
    assert (plausible_day(published, read=read) > 0) is known


def test_a_signature_survives_packing() -> None:
    signature = sign(REPORTS["translated"])
    again = unpack(signature.id, pack(signature))
    for name in ("outlet", "called", "credits", "title", "stems", "sentences", "quotes", "numbers", "names"):
        assert np.array_equal(getattr(signature, name), getattr(again, name)), name
    assert (again.id, again.text, again.day) == (signature.id, signature.text, signature.day)


def test_keys_are_few_and_an_abridgement_shares_some() -> None:
    whole, part, other = (set(look_up_keys(sign(document("x", text)))) for text in (ORIGINAL, ABRIDGED, OTHER))
    assert len(whole) <= KEPT + BANDS
    assert any(not is_fact_key(key) for key in whole & part)
    assert not worth_comparing(whole & other, 0)


def test_runs_of_frequent_words_alone_are_no_keys() -> None:
    """Two strangers that both say "the minister of foreign affairs said that it was in the" share no key; a text of nothing else has."""
    phrase = "the minister of foreign affairs said that it was in the"
    one, other = (set(look_up_keys(sign(document("x", f"{before} {phrase} {after}"))))
                  for before, after in (("Twelve orchards burnt when", "hangar"), ("Nobody mended bicycles since", "attic")))  # fmt: skip
    assert not one & other
    assert len(look_up_keys(sign(document("x", phrase)))) == 8


@pytest.mark.parametrize(
    ("runs", "facts", "days", "worth"),
    [
        pytest.param(1, 0, 10, True, id="one run, near"),
        pytest.param(1, 5, 11, False, id="one run, months apart: chance"),
        pytest.param(2, 0, 4000, True, id="two runs, years apart"),
        pytest.param(1, 0, -1, True, id="one run, a day unknown"),
        pytest.param(0, 1, 0, False, id="one fact"),
        pytest.param(0, 2, 10, True, id="two facts, near"),
        pytest.param(0, 9, 11, False, id="names alone, not near"),
        pytest.param(0, 2, -1, True, id="two facts, a day unknown"),
        pytest.param(0, 0, 0, False, id="nothing"),
    ],
)
def test_what_makes_two_reports_worth_comparing(runs: int, facts: int, days: int, worth: bool) -> None:
    assert worth_comparing([*range(0, 2 * runs, 2), *range(1, 2 * facts, 2)], days) is worth


@given(day=st.integers(1, 3_652_059), apart=st.integers(0, NEAR_DAYS), key=st.integers(-(2**63), 2**63 - 1))
def test_near_days_are_of_near_periods_and_keys_stay_in_bounds(day: int, apart: int, key: int) -> None:
    assert {period_of(day + apart), period_of(day - apart)} <= near_periods(day)
    stored = key_within(key, period_of(day))
    assert -(2**63) <= stored < 2**63
    assert is_fact_key(stored) == is_fact_key(key)
    assert (stored == key) or is_fact_key(key), "a run of words is looked up in all periods"


def test_a_translation_is_met_under_its_names_and_numbers() -> None:
    shared = set(look_up_keys(sign(REPORTS["original"]))) & set(look_up_keys(sign(REPORTS["translated"])))
    assert worth_comparing(shared, 2)
    assert not worth_comparing({key for key in shared if is_fact_key(key)}, 400), "names alone, a year apart"


@pytest.mark.parametrize(
    ("text", "how"),
    [
        pytest.param(ORIGINAL, "exact", id="the same text"),
        pytest.param(NEW_LEAD, "copy", id="new lead and tail"),
        pytest.param(ABRIDGED, "abridgement", id="abridged"),
        pytest.param(TRANSLATED, "rewrite", id="clumsily translated, names garbled"),
    ],
)
def test_copies_are_told_with_how_and_why(text: str, how: str) -> None:
    verdict = judge(ready(ORIGINAL), ready(text))
    assert (verdict.same, verdict.how) == (True, how)
    assert verdict.reason


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SAME_AFFAIR, id="the same deal on the same day by another reporter"),
        pytest.param(OTHER, id="another affair"),
        pytest.param(
            f"{OTHER}\n\n{THIRD}\n\nEarlier, Sudland turned down a cheaper offer by Westmark in November.", id="a sentence of background"
        ),
    ],
)
def test_what_only_looks_like_a_copy_is_none(text: str) -> None:
    assert not judge(ready(ORIGINAL), ready(text)).same


def test_the_order_of_two_reports_does_not_matter() -> None:
    for one in REPORTS.values():
        for other in REPORTS.values():
            left, right = Ready(sign(one)), Ready(sign(other))
            assert compare(left, right) == compare(right, left)


def test_a_story_its_outlet_repeats_daily_is_one_origin() -> None:
    daily = [document(f"day-{day}", ORIGINAL, outlet="Bay Herald", published=f"2019-03-{day:02}") for day in range(5, 15)]
    assert len(group_reports(daily)) == 1


def test_a_bulletin_with_other_figures_every_day_is_never_one_report() -> None:
    form = (
        "The general staff of Osthaven said on {day} that its guns had fired {a} times at the positions near {place} and hit {b} depots."
        " It put its own losses at {c} men and {d} vehicles, and counted {e} flights of the other side."
    )
    places = ("Lindow", "Karsk", "Mirvale", "Tolna")
    days = ("Monday", "Tuesday", "Thursday", "Sunday")
    said = [
        document(
            f"bulletin-{n}",
            form.format(day=days[n], place=places[n], a=41 + 37 * n, b=12 + 9 * n, c=23 + 14 * n, d=17 + 6 * n, e=31 + 22 * n),
            published=f"2019-03-{5 + n:02}",
        )
        for n in range(4)
    ]
    assert len(group_reports(said)) == 4


@pytest.mark.parametrize("published", ["1970-01-01", "2031-01-01", None])
def test_a_day_that_cannot_be_neither_ties_nor_parts(published: str | None) -> None:
    odd = [document("copy", NEW_LEAD, published=published), document("stranger", OTHER, published=published)]
    groups = group_reports([REPORTS["original"], *odd])
    assert sorted(len(group) for group in groups) == [1, 2]


def test_a_round_up_is_a_copy_of_none_and_ties_none() -> None:
    sources = [document("original", ORIGINAL), document("other", OTHER), document("third", THIRD)]
    assert len(group_reports([*sources, document("round-up", ROUND_UP)])) == 4


def test_a_round_up_speaks_for_no_deal_as_a_copy_would() -> None:
    signatures = [
        sign(document(key, text)) for key, text in (("one", ORIGINAL), ("again", ORIGINAL + " So it is."), ("round-up", ROUND_UP))
    ]
    pairs = copy_pairs(signatures)
    assert {(left, right) for left, right, score in pairs if score >= SURE} == {(0, 1), (0, 2), (1, 2)}
    one, again = (signature.id for signature in signatures[:2])
    assert sure_copies(signatures, pairs) == {one: {again}, again: {one}}


def test_copies_of_a_round_up_are_copies_of_each_other() -> None:
    texts: dict[str, str] = {"original": ORIGINAL, "other": OTHER, "third": THIRD, "round-up": ROUND_UP, "again": ROUND_UP}
    groups = group_reports(document(key, text) for key, text in texts.items())
    assert sorted(len(group) for group in groups) == [1, 1, 1, 2]


def test_the_whole_story_falls_into_its_groups() -> None:
    found = groups_of(group_reports(REPORTS.values()))
    assert frozenset({"original", "abridged", "new lead", "translated", "exact"}) in found
    assert len(found) == 5


def test_a_caption_is_a_copy_only_of_the_same_words() -> None:
    text = "Sudland buys radars."
    one, same, other = (document(key, words) for key, words in (("one", text), ("same", text), ("other", text + " Why?")))
    assert not judge(Ready(sign(one)), Ready(sign(other))).same
    assert judge(Ready(sign(one)), Ready(sign(same))).same


def test_an_unsure_pair_joins_a_loner_and_never_ties_two_groups() -> None:
    sure, unsure = 0.99, 0.7
    assert binding([(0, 1, sure), (2, 3, sure), (1, 2, unsure)]) == [(0, 1), (2, 3)]
    assert binding([(0, 1, sure), (1, 2, unsure), (0, 2, 0.8)]) == [(0, 1), (0, 2)]
    assert connected(3, [(0, 2)]) == [[0, 2], [1]]


def test_ids_are_those_of_the_documents() -> None:
    copy: Document = replace(REPORTS["original"])
    assert group_reports([copy]) == [[copy.id]]
