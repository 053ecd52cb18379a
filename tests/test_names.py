"""Names of states, bodies, people, agencies and programmes: each case is a sentence, the words in it, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord.records import Mention, Parsed, Person

Parse = Callable[..., Parsed]


def found(parsed: Parsed, text: str, *kinds: str) -> Mention | None:
    """The mention that stands on exactly these words, of one of the kinds."""
    return next((m for m in parsed.mentions if m.text == text and (not kinds or m.kind in kinds)), None)


STATES = [
    ("Turkey signed the order.", "Turkey", "TR", "name"),
    ("The Turkish side signed the order.", "Turkish", "TR", "adjective"),
    ("Ankara signed the order.", "Ankara", "TR", "capital"),
    ("The Saudis signed the order.", "Saudis", "SA", "demonym"),
    ("Seoul will supply tanks.", "Seoul", "KR", "capital"),
    ("The U.S. sold two ships.", "U.S.", "US", "name"),
    ("US-made helicopters are wanted.", "US", "US", "name"),
    ("Turkish-made drones are wanted.", "Turkish", "TR", "adjective"),
    ("Russia's offer stands.", "Russia", "RU", "name"),
    ("The Emirates ordered a frigate.", "Emirates", "AE", "name"),
    ("A Franco-German programme was agreed.", "Franco", "FR", "adjective"),
    ("A Franco-German programme was agreed.", "German", "DE", "adjective"),
    ("Russian-Turkish talks went on.", "Turkish", "TR", "adjective"),
    ("An Anglo-Italian helicopter flew.", "Anglo", "GB", "adjective"),
    ("Côte d'Ivoire took patrol boats.", "Côte d'Ivoire", "CI", "name"),
    ("Türkiye builds drones.", "Türkiye", "TR", "name"),
    ("In Washington, officials agreed to the arms sale.", "Washington", "US", "capital"),
    ("The guns come from Rheinmetall. Washington threatened sanctions.", "Washington", "US", "capital"),
    ("The US-Israeli missile flew.", "Israeli", "IL", "adjective"),
    ("Georgia asked for air defence radars.", "Georgia", "GE", "name"),
    ("Jordan took delivery of the helicopters.", "Jordan", "JO", "name"),
    ("Chad bought armoured vehicles.", "Chad", "TD", "name"),
    ("The Soviet Union delivered tanks.", "Soviet Union", "SU", "name"),
    ("Taiwan wants more missiles.", "Taiwan", "TW", "name"),
    ("Kosovo will get armoured vehicles.", "Kosovo", "XK", "name"),
    ("Korean howitzers are cheap.", "Korean", "KR", "adjective"),
    ("North Korean shells were found.", "North Korean", "KP", "adjective"),
]


@pytest.mark.parametrize(("sentence", "words", "party", "how"), STATES, ids=[f"{s[1]}-{s[3]}" for s in STATES])
def test_states(parse: Parse, sentence: str, words: str, party: str, how: str) -> None:
    mention = found(parse(sentence), words, "state")
    assert mention is not None
    assert (mention.party, mention.how) == (party, how)


NO_STATES = [
    ("Michael Jordan scored thirty points.", "Jordan"),
    ("We had roast Turkey with stuffing for dinner.", "Turkey"),
    ("The Washington Post reported it.", "Washington"),
    ("The Washington Commanders won the game.", "Washington"),
    ("George Washington crossed the river.", "Washington"),
    ("The tanks were shown to Gen. Washington.", "Washington"),
    ("The jets came by way of Ft. Washington.", "Washington"),
    ("The tea set was of fine china.", "china"),
    ("A governor in Atlanta said that Georgia would build a factory.", "Georgia"),
    ("Give us more time.", "us"),
    ("Chad Miller runs the shop.", "Chad"),
]


@pytest.mark.parametrize(("sentence", "words"), NO_STATES, ids=[s[0][:24] for s in NO_STATES])
def test_no_states(parse: Parse, sentence: str, words: str) -> None:
    assert found(parse(sentence), words, "state") is None


@pytest.mark.parametrize(
    ("day", "party"), [("1988-05-02", "SU"), ("1991-12-25", "SU"), ("1992-01-10", "RU"), ("2019-07-12", "RU")], ids=lambda value: str(value)
)
def test_a_shared_capital_is_the_states_of_the_day(parse: Parse, day: str, party: str) -> None:
    mention = found(parse("Moscow sold fighters to Syria.", published=day), "Moscow", "state")
    assert mention is not None
    assert mention.party == party


def test_the_kingdom_is_the_one_that_the_report_names(parse: Parse) -> None:
    mention = found(parse("Saudi Arabia ordered frigates. The kingdom will pay next year."), "kingdom", "state")
    assert mention is not None
    assert (mention.party, mention.how) == ("SA", "short")
    assert found(parse("Norway ordered frigates. The kingdom will pay next year."), "kingdom", "state") is None


def test_a_bare_ministry_is_the_one_spelt_out_later(parse: Parse) -> None:
    parsed = parse("The Foreign Ministry sees no obstacle. Turkey, Turkey and Turkey, the Russian Foreign Ministry said, may buy missiles.")
    mention = found(parsed, "Foreign Ministry", "body")
    assert mention is not None
    assert mention.name == "Russian Foreign Ministry"


def test_a_dateline_and_a_place_are_told_from_a_government(parse: Parse) -> None:
    parsed = parse("OSLO, June 10 (Wire) - Norway ordered tanks. In Berlin the talks went on. Madrid refused.")
    reasons = {m.text: m.reason for m in parsed.mentions if m.how == "capital"}
    assert reasons == {"OSLO": "dateline", "Berlin": "place", "Madrid": ""}


BODIES = [
    ("The Turkish Foreign Ministry summoned the envoy.", "Turkish Foreign Ministry", "Turkish Foreign Ministry", "TR"),
    ("The Ministry of Defence of Latvia signed.", "Ministry of Defence of Latvia", "Latvian Defence Ministry", "LV"),
    ("Poland's defence ministry signed.", "Poland's defence ministry", "Polish Defence Ministry", "PL"),
    ("The Foreign Ministry in Warsaw protested.", "Foreign Ministry in Warsaw", "Polish Foreign Ministry", "PL"),
    ("The Pentagon agreed.", "Pentagon", "Pentagon", "US"),
    ("The Kremlin denied it.", "Kremlin", "Kremlin", "RU"),
    ("Foggy Bottom had doubts.", "Foggy Bottom", "US State Department", "US"),
    ("The White House agreed.", "White House", "White House", "US"),
    ("Whitehall agreed.", "Whitehall", "Whitehall", "GB"),
    ("The State Department approved the sale.", "State Department", "US State Department", "US"),
    ("The Royal Thai Air Force wants fighters.", "Royal Thai Air Force", "Royal Thai Air Force", "TH"),
    ("The Peruvian air force wants fighters.", "Peruvian air force", "Peruvian Air Force", "PE"),
    ("Congress was told of the sale.", "Congress", "US Congress", "US"),
    ("NATO agreed.", "NATO", "NATO", "org:NATO"),
    ("The EU lifted the embargo.", "EU", "European Union", "org:EU"),
    ("The United Nations lifted the embargo.", "United Nations", "United Nations", "org:UN"),
    ("The Biden administration cleared the sale.", "Biden administration", "US government", "US"),
    ("Hungary's ruling coalition collapsed.", "Hungary's ruling coalition", "Hungarian government", "HU"),
    ("The government of Chile ordered frigates.", "government of Chile", "Chilean government", "CL"),
]


@pytest.mark.parametrize(("sentence", "words", "name", "party"), BODIES, ids=[s[1] for s in BODIES])
def test_bodies(parse: Parse, sentence: str, words: str, name: str, party: str) -> None:
    mention = found(parse(sentence), words, "body")
    assert mention is not None, [(m.kind, m.text) for m in parse(sentence).mentions]
    assert (mention.name, mention.party) == (name, party)


def test_the_ministry_is_the_one_named_before(parse: Parse) -> None:
    parsed = parse("The Latvian Defence Ministry ordered howitzers from Austria. The ministry named no price.")
    mention = found(parsed, "ministry", "body")
    assert mention is not None
    assert (mention.name, mention.party, mention.how) == ("Latvian Defence Ministry", "LV", "short")


def test_a_bare_body_belongs_to_the_sentences_state(parse: Parse) -> None:
    parsed = parse("Portugal bought drones from Israel. In Denmark the air force wants frigates too.")
    mention = found(parsed, "air force", "body")
    assert mention is not None
    assert (mention.name, mention.party) == ("Royal Danish Air Force", "DK")


OWNERS = [
    ("Israel urged Russia for years not to hand the missiles to Iran. Its government argued that they shield sites.", "government", "IL"),
    ("China denies that it plans to buy from Italy. It wants, says its foreign ministry, respect.", "foreign ministry", "CN"),
    ("Ukraine buys. In Moscow this was criticised. US arms, a source in the Foreign Ministry said, harm all.", "Foreign Ministry", "RU"),
    ("Algeria chooses its suppliers. From Moscow, a diplomat of the Foreign Ministry denounced the pressure.", "Foreign Ministry", "RU"),
    ("OSLO, June 10 (Wire) - Twelve howitzers, ordered from Germany, have arrived, an army spokesman said.", "army", "NO"),
    ("OSLO, June 10 (Wire) - The Spanish Defence Ministry sold tanks. The Defence Ministry paid.", "Defence Ministry", "NO"),
    ("Manila bought ships from Spain. The DND named no price.", "DND", "PH"),
    ("Spain agreed to send Ukraine tanks to Kyiv. The country's Defence Ministry paid.", "Defence Ministry", "ES"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "words", "party"), OWNERS, ids=[f"{s[1]} of {s[2]}" for s in OWNERS])
def test_whose_a_bare_body_is(parse: Parse, sentence: str, words: str, party: str) -> None:
    bodies = [m for m in parse(sentence).mentions if m.kind == "body" and m.text == words]
    assert [m.party for m in bodies] == [party]


def test_an_embassy_is_not_its_hosts(parse: Parse) -> None:
    parsed = parse("The Russian embassy in Oslo declined to speak.")
    mention = found(parsed, "Russian embassy", "body")
    assert mention is not None
    assert mention.party == "RU"


def test_military_aid_is_no_body(parse: Parse) -> None:
    assert not [m for m in parse("Canada sent military aid to Ukraine.").mentions if m.kind == "body"]


PROGRAMMES = [
    ("Sanctions under CAATSA are possible.", "CAATSA", "CAATSA"),
    (
        "The Countering America's Adversaries Through Sanctions Act applies.",
        "Countering America's Adversaries Through Sanctions Act",
        "CAATSA",
    ),
    ("The NDAA holds an amendment.", "NDAA", "NDAA"),
    ("The sale falls under ITAR.", "ITAR", "ITAR"),
    ("It goes through Foreign Military Sales.", "Foreign Military Sales", "Foreign Military Sales"),
    ("Turkey left the F-35 programme.", "F-35 programme", "F-35 programme"),
    ("It breaches Resolution 2098.", "Resolution 2098", "Resolution 2098"),
    ("It breaches the Maritime Goods Act.", "Maritime Goods Act", "Maritime Goods Act"),
]


@pytest.mark.parametrize(("sentence", "words", "name"), PROGRAMMES, ids=[s[1][:30] for s in PROGRAMMES])
def test_programmes(parse: Parse, sentence: str, words: str, name: str) -> None:
    mention = found(parse(sentence), words, "programme")
    assert mention is not None, [(m.kind, m.text) for m in parse(sentence).mentions]
    assert mention.name == name


def test_agencies_and_companies(parse: Parse) -> None:
    parsed = parse("Lockheed Martin will build the jets, RIA Novosti reported, citing the newspaper Time.")
    assert [(m.kind, m.name, m.party) for m in parsed.mentions if m.kind in {"company", "agency"}] == [
        ("company", "Lockheed Martin", "US"),
        ("agency", "RIA Novosti", "RU"),
        ("agency", "Time", "US"),
    ]


def test_a_common_word_is_no_agency(parse: Parse) -> None:
    assert not [m for m in parse("Time is short and the Focus is on price.").mentions if m.kind == "agency"]


def test_people_have_the_role_of_the_reports_day(parse: Parse) -> None:
    minister = found(parse("Sergei Shoigu arrived. Later Shoigu left.", published="2019-07-12"), "Sergei Shoigu", "person")
    assert minister is not None
    assert minister.value == Person("minister of defence", "Russian Defence Ministry")


@pytest.mark.parametrize(
    ("person", "day", "role", "organization"),
    [
        ("Antony Blinken", "2022-05-01", "secretary of state", "US State Department"),
        ("Vladimir Putin", "2021-05-01", "president", "Russia"),
        ("Annalena Baerbock", "2022-05-01", "minister for foreign affairs", "German Foreign Ministry"),
    ],
    ids=lambda value: str(value)[:16],
)
def test_an_office_belongs_to_a_body(parse: Parse, person: str, day: str, role: str, organization: str) -> None:
    mention = found(parse(f"{person} arrived.", published=day), person, "person")
    assert mention is not None
    assert mention.value == Person(role, organization)


def test_a_surname_alone_is_the_person_named_before(parse: Parse) -> None:
    parsed = parse("Sergei Shoigu arrived. Later Shoigu left.", published="2019-07-12")
    later = found(parsed, "Shoigu", "person")
    assert later is not None
    assert (later.name, later.how) == ("Sergei Shoigu", "short")
    assert found(parse("Later Shoigu left.", published="2019-07-12"), "Shoigu", "person") is None


@pytest.mark.parametrize(
    ("text", "day", "surname", "name"),
    [
        pytest.param("Putin met Turkey's Erdogan in Moscow.", "2019-07-12", "Putin", "Vladimir Putin", id="first word"),
        pytest.param("Putin met Turkey's Erdogan in Moscow.", "2019-07-12", "Erdogan", "Recep Tayyip Erdogan", id="behind a state"),
        pytest.param("In Paris President Macron left.", "2019-07-12", "Macron", "Emmanuel Macron", id="behind a title"),
        pytest.param("Putin met Erdogan in Moscow.", "2019-07-12", "Erdogan", None, id="state not named"),
        pytest.param("France under Macron left.", "2012-07-12", "Macron", None, id="not in office"),
        pytest.param("In Portugal Ana Costa left. Costa was ill.", "2019-07-12", "Costa", None, id="somebody else"),
        pytest.param("Portugal sold ten Costa-class boats.", "2019-07-12", "Costa", None, id="part of a name"),
    ],
)
def test_a_surname_alone_is_the_head_in_office(parse: Parse, text: str, day: str, surname: str, name: str | None) -> None:
    mention = found(parse(text, published=day), surname, "person")
    assert (mention and mention.name) == name


def test_a_monarch_of_many_realms_is_of_the_first(parse: Parse) -> None:
    mention = found(parse("Charles III arrived.", published="2023-05-01"), "Charles III", "person")
    assert mention is not None
    assert mention.party == "GB"


def test_mentions_do_not_overlap_and_cut_their_words(parse: Parse) -> None:
    text = "The Turkish Foreign Ministry and Poland's defence ministry spoke of S-400 systems, F-16V Block 70 fighters and CAATSA."
    parsed = parse(text)
    names = [m for m in parsed.mentions if m.kind not in {"quantity", "money", "date"}]
    assert all(text[m.start : m.end] == m.text for m in names)
    assert all(a.end <= b.start for a, b in zip(names, names[1:], strict=False))
