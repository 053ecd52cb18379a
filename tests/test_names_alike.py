"""Names side by side: what is taken for one name and what is not. The people are office-holders' names alone, or invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.link.name_sounds import latin, sound, sound_keys, sounds, word_likeness
from onrecord.link.name_words import LONGEST_NAME, MOST_WORDS, read_name
from onrecord.link.names_alike import compare, names_alike

ONE = [
    ("Sergei Chemezov", "Sergey Tchemisov"),
    ("Yuri Pilpson", "Yuri Pilipson"),
    ("John Tune", "John Thune"),
    ("Mariusz Błaszczak", "Mariusz Blaszczak"),
    ("Nureddin Janikli", "Nurettin Canikli"),
    ("Rejep Tayip Erdogan", "Recep Tayyip Erdoğan"),
    ("Dmitry Shugaev", "Dmitry Shugayev"),
    ("Mike Pompeo", "Michael Pompeo"),
    ("THUNE, John R.", "John Thune"),
    ("Гульмира Асенова", "Gulmira Asenova"),
    ("Ольга Викторовна Дремова", "Olga Dremova"),
    ("أحمد الكريم", "Ahmed al-Karim"),
    ("Abd al-Rahim Darwesh", "Abdelrahim Darwish"),
    ("Park Min-seo", "Min-seo Park"),
    ("Sheikh Faisal bin Tarif Al Nour", "Faisal ibn Tarif al-Nour"),
    ("Gen. Ole Brandvik", "Ole Brandvik"),
    ("Anne-Lise Quist", "Anne Lise Quist"),
    ("AnneLise Quist", "Anne Lise Quist"),
    ("T. Halvorsen", "Torbjørn Halvorsen"),
    ("Ludmila van der Merve", "Ludmila Vandermerwe"),
    ("Nikos Papadaki", "Νίκος Παπαδάκη"),
]
TWO = [
    ("Sergei Ivanov", "Sergei Lavrov"),
    ("Hans O. Brandvik", "Hans Joachim Brandvik"),
    ("Igor Halvorsen", "Oleg Halvorsen"),
    ("Ada Ekdal", "Ada Holmgren"),
    ("Faisal bin Tarif al-Nour", "Faisal bin Tarif al-Hamdan"),
    ("Boris Dremova", "Olga Dremova"),
    ("Park Min-seo", "Park Tae-hyun"),
    ("Владимир Орлов", "Vladimir Sokolov"),
    ("Hulusi Akar", "Yaşar Güler"),
]


@pytest.mark.parametrize(("one", "other"), ONE)
def test_one_name(one: str, other: str) -> None:
    found = names_alike(one, other)
    assert found.score >= 0.5, found
    assert names_alike(other, one).score >= 0.5


@pytest.mark.parametrize(("one", "other"), TWO)
def test_two_names(one: str, other: str) -> None:
    found = names_alike(one, other)
    assert found.score < 0.5, found
    assert names_alike(other, one).score < 0.5


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Norvik Arms AG", "Norvik Arms Aktiengesellschaft", True),
        ("OAO Severny Zavod", "Severny Zavod JSC", True),
        ("Halmar & Sons Ltd.", "Halmar and Sons Limited", True),
        ("A.K.V. Aviation", "AKV Aviation", True),
        ("Brigade Forty-four", "Brigade 44", True),
        ("Norvik Shipyards", "Norvik Ammunition", False),
        ("Halmar Systems Sweden AB", "Halmar Systems Norway AS", False),
    ],
)
def test_organisations(one: str, other: str, same: bool) -> None:
    assert (names_alike(one, other, organization=True).score >= 0.5) is same


def test_the_reason_names_what_fits_and_what_does_not() -> None:
    assert names_alike("Sergei Ivanov", "Sergei Petrenko").reason == "sergei; ivanov against petrenko"
    said = names_alike("Sergey Tchemisov", "Sergei Viktorovich Chemezov").reason
    assert "chemezov sounds like tchemisov 0.83" in said and "no partner for viktorovich" in said


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Sheikh AL-NOUR, Faisal bin Tarif", ("faisal", "tarif", "nour")),
        ("Kim Jong-un", ("jong", "un", "kim")),
        ("习近平", ("jin", "ping", "xi")),
        ("이재명", ("jae", "myeong", "i")),
        ("Abd al-Aziz", ("abdul", "aziz")),
        ("Dr. Ada Ekdal Jr.", ("ada", "ekdal")),
        ("Ekdal, Jr.", ("ekdal",)),
        ("J.-C. Halvorsen", ("j", "c", "halvorsen")),
        ("Ig0r Dremov", ("igor", "dremov")),
        ("President", ("president",)),
        ("", ()),
        ("…", ()),
    ],
)
def test_a_name_is_taken_apart(written: str, words: tuple[str, ...]) -> None:
    assert read_name(written).words == words


def test_a_child_is_not_its_parent() -> None:
    turned = names_alike("Tarif bin Faisal al-Nour", "Faisal bin Tarif al-Nour").score
    assert turned < names_alike("Faisal bin Tarif al-Nour", "Faisal bin Tareef al-Nour").score


@pytest.mark.parametrize(
    ("one", "other"), [("Chemezov", "Tchemisov"), ("Thune", "Tune"), ("Canikli", "Janikli"), ("Bagheri", "Baqeri"), ("Wolff", "Volf")]
)
def test_alike_words_have_one_key(one: str, other: str) -> None:
    assert sound_keys(one.lower()) & sound_keys(other.lower())


def test_other_words_have_other_keys() -> None:
    assert len({key for word in ("chemezov", "ivanov", "erdogan", "thune", "ay") for key in sound_keys(word)}) == 5


def test_letters_of_any_script_are_read() -> None:
    assert latin("Błaszczak Ørsted") == "Blaszczak Orsted"
    assert latin("Шойгу") == "Shoygu" and sounds("Шойгу") == sounds("Shoygu")


def test_likeness_of_words_is_bounded_and_symmetric() -> None:
    assert word_likeness("thune", "thune") == 1.0 and word_likeness("michael", "mike") == word_likeness("mike", "michael") == 0.9
    assert 0 <= word_likeness("a", "zzzzzzzzzz") < 0.2


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_compared_alike_from_both_sides(one: str, other: str) -> None:
    found = names_alike(one, other)
    assert 0 <= found.score <= 1 and found.reason
    assert 0 <= names_alike(one, other, organization=True).score <= 1


def test_endless_names_are_cut_off() -> None:
    name = read_name("Ada " * 100_000)
    assert len(name.words) <= MOST_WORDS and len(name.raw) <= LONGEST_NAME
    assert sound("a" * 10_000) == "a"
    assert not compare(name, name).left_over
