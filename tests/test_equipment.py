"""Equipment: designations of the table, of unknown shape, common nouns, and the other readings of doubtful names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord.records import Equipment, Mention, Parsed

Parse = Callable[..., Parsed]


def equipment(parsed: Parsed) -> list[Mention]:
    """The equipment mentions of a text."""
    return [m for m in parsed.mentions if m.kind == "equipment"]


def names(parsed: Parsed) -> list[str]:
    """Their names, in text order."""
    return [m.name for m in equipment(parsed)]


KNOWN = [
    ("Turkey took S-400 air defense systems.", ["S-400"]),
    ("Turkey took S-400 Triumf systems.", ["S-400"]),
    ("Norway ordered F-35s and F-16s.", ["F-35", "F-16"]),
    ("Greece wants the F-16V Block 70.", ["F-16"]),
    ("Norway ordered Leopard 2A7+ tanks.", ["Leopard 2"]),
    ("Egypt builds K9A1 howitzers.", ["K9"]),
    ("Norway gave away Leopard 1 A5 and Leopard 2 A6 tanks.", ["Leopard 1", "Leopard 2"]),
    ("Belarus has T-72 B3 and T-90 MS tanks.", ["T-72", "T-90"]),
    ("Peru wants F-16 C/D aircraft and F-15 EX jets.", ["F-16", "F-15EX"]),
    ("Syria flies the SU-35S and the Mig-29K.", ["Su-35", "MiG-29K"]),
    ("Peru wants Brahmos missiles and Panzir air defence systems.", ["BrahMos", "Pantsir"]),
    ("Finland bought K-9 howitzers.", ["K9"]),
    ("Malaysia flies the Su-30MKM.", ["Su-30"]),
    ("Iraq has T-72M1 and T-90S tanks.", ["T-72", "T-90"]),
    ("Ukraine flies Bayraktar TB2 drones.", ["Bayraktar TB2"]),
    ("Kenya wants Mi-17V-5 helicopters.", ["Mi-17"]),
    ("Four Patriot batteries will go to Romania.", ["Patriot"]),
    ("Greece flies Rafales.", ["Rafale"]),
    ("Kuwait's Typhoons arrived at the squadron.", ["Eurofighter"]),
    ("Pakistan bought Type 054A frigates.", ["Type 054A"]),
    ("Thailand ordered an S26T submarine.", ["S26T"]),
    ("Algeria has Kilo-class submarines.", ["Kilo class"]),
    ("A Cheongung-II battery went to Iraq.", ["Cheongung"]),
    ("Northrop offered the F-18L to Iran as a fighter.", ["F-18L"]),
    ("Turkey unveiled Altay tanks.", ["Altay"]),
    ("They were fighters of the Su-35 type.", ["Su-35"]),
    ("Chile wants the F-16 fighter jet.", ["F-16"]),
    ("Belgium sent an air defence system NASAMS.", ["NASAMS"]),
    ("Sjöormen-class submarines went to Singapore.", ["Sjoormen"]),
    ("Denmark gave nineteen CAESAR howitzers.", ["Caesar"]),
    ("Ukraine fired Storm Shadow missiles.", ["Storm Shadow"]),
    ("Israel sold Spyder batteries.", ["SPYDER"]),
    ("Qatar ordered F-15EX jets.", ["F-15EX"]),
    ("Peru has MiG-29/35 fighters.", ["MiG-29", "MiG-35"]),
    ("India bought MiG-29K fighters for its carrier.", ["MiG-29K"]),
]


@pytest.mark.parametrize(("sentence", "expected"), KNOWN, ids=[s[1][0] + " " + s[0][:18] for s in KNOWN])
def test_known_designations(parse: Parse, sentence: str, expected: list[str]) -> None:
    found = [m for m in equipment(parse(sentence)) if m.how != "noun"]
    assert [m.name for m in found] == expected
    assert all(isinstance(m.value, Equipment) and m.value.known for m in found)


def test_a_class_noun_belongs_to_its_designation(parse: Parse) -> None:
    assert names(parse("Turkey took S-400 air defense systems and F-16 fighter jets.")) == ["S-400", "F-16"]


UNKNOWN = [
    ("Algeria ordered Su-99E fighters from Russia.", "Su-99E", "fighter"),
    ("The army tested a Zorvan-3 battery of missiles and Zorvan-3 missiles.", "Zorvan-3", "ballistic missile"),
    ("Peru ordered QX-45 frigates.", "QX-45", "frigate"),
    ("The navy and the army want Kestrava tanks and howitzers.", "Kestrava", "tank"),
    ("Chile wants KZH helicopters for the army and the navy.", "KZH", "helicopter"),
]


@pytest.mark.parametrize(("sentence", "name", "category"), UNKNOWN, ids=[s[1] for s in UNKNOWN])
def test_designations_that_no_table_holds(parse: Parse, sentence: str, name: str, category: str) -> None:
    mention = next((m for m in equipment(parse(sentence)) if m.name == name), None)
    assert mention is not None, names(parse(sentence))
    assert mention.how == "shape"
    assert isinstance(mention.value, Equipment)
    assert (mention.value.category, mention.value.known) == (category, False)


GOODS = [
    ("Sudan bought drones and fighter jets.", ["drone", "fighter"]),
    ("Greece sold submarines and frigates.", ["submarine", "frigate"]),
    ("Serbia delivered howitzers and cluster munitions.", ["howitzer", "cluster munition"]),
    ("Kenya wants armoured vehicles.", ["armoured vehicle"]),
    ("Japan gave patrol boats.", ["patrol boat"]),
    ("France sold ammunition and shells.", ["ammunition", "shell"]),
    ("Italy sold bombs, radars and missiles.", ["bomb", "radar", "missile"]),
    ("Bulgaria sold 155mm shells.", ["shell"]),
    ("Kyiv asks for air defence systems.", ["air defence system"]),
    ("The submarine contract was signed.", ["submarine"]),
    ("Estonia sells machine guns and spare parts.", ["machine gun", "spare part"]),
    ("The navy wants patrol ships, cutters and landing craft.", ["patrol ship", "cutter", "landing craft"]),
    ("Norway may deliver radios and rifle scopes.", ["radio set", "rifle scope"]),
    ("Canada stopped the export of cameras and gearboxes.", ["camera", "gearbox"]),
    ("Malaysia offered riot vehicles and armoured ambulances.", ["riot vehicle", "ambulance"]),
    ("China sold surface-to-air missiles and anti-drone guns.", ["surface-to-air missile", "anti-drone gun"]),
    ("Peru may order 8x8s.", ["8x8"]),
]


@pytest.mark.parametrize(("sentence", "expected"), GOODS, ids=[s[0][:28] for s in GOODS])
def test_common_nouns_for_goods(parse: Parse, sentence: str, expected: list[str]) -> None:
    found = equipment(parse(sentence))
    assert [m.name for m in found] == expected
    assert all(m.how == "noun" and isinstance(m.value, Equipment) and m.value.generic for m in found)


NO_GOODS = [
    "The fighter pilot was decorated.",
    "A think tank in Berlin published a study.",
    "An arms embargo was imposed.",
    "The tank crew came home.",
]


@pytest.mark.parametrize("sentence", NO_GOODS)
def test_nouns_that_are_no_goods_here(parse: Parse, sentence: str) -> None:
    assert names(parse(sentence)) == []


NOT_EQUIPMENT = [
    "The Patriots won the game in the last season; the coach praised the quarterback.",
    "At the zoo the Leopard had two cubs, and the keepers closed the enclosure.",
    "A Typhoon made landfall; winds and flooding drove families from their homes.",
    "The Eagles beat the Falcons in the league; fans filled the stadium.",
    "An Eagle built its nest in the forest.",
    "She drove her Jaguar down the A-4 motorway.",
    "The Hawk, a rare species, raised three chicks.",
    "In May the council met in Kent.",
    "Tiger Woods won the tournament.",
    "Mr Kornet opened a bakery.",
    "The Spike in prices worried shops.",
    "He printed it on A4 paper.",
    "It cost the army $375 million (around P21.03 billion).",
]


@pytest.mark.parametrize("sentence", NOT_EQUIPMENT, ids=[s[:24] for s in NOT_EQUIPMENT])
def test_other_readings_are_no_equipment(parse: Parse, sentence: str) -> None:
    assert names(parse(sentence)) == []


def test_a_noun_beside_a_name_chooses_between_namesakes(parse: Parse) -> None:
    vehicle = equipment(parse("Hungary ordered Lynx infantry fighting vehicles."))[0]
    helicopter = equipment(parse("The navy flies Lynx helicopters."))[0]
    assert isinstance(vehicle.value, Equipment)
    assert isinstance(helicopter.value, Equipment)
    assert (vehicle.value.category, helicopter.value.category) == ("infantry fighting vehicle", "helicopter")


def test_a_nickname_goes_by_the_designation_that_the_report_uses(parse: Parse) -> None:
    assert names(parse("Poland flies the RQ-4 drone. The Global Hawk flew on.")) == ["RQ-4", "RQ-4"]
    assert names(parse("Japan ordered the Global Hawk drone.")) == ["Global Hawk"]


def test_the_title_is_judged_with_the_text(parse: Parse) -> None:
    parsed = parse("Australia will buy 129 Redback infantry fighting vehicles for its army.", title="Canberra sticks to Redback")
    assert parsed.title is not None
    assert names(parsed.title) == ["Redback"]


def test_a_definite_noun_says_what_it_takes_up(parse: Parse) -> None:
    taken = [m for m in equipment(parse("Peru ordered Gripen fighters. The jets arrive in 2027.")) if m.how == "noun"]
    assert [(m.name, m.reason) for m in taken] == [("fighter", "takes up Gripen")]


@pytest.mark.parametrize(
    ("text", "taken_up"),
    [
        ("Turkey has ordered S-400 missiles and F-35 fighters. The Russian system arrived in July.", ["S-400"]),
        ("Peru flies the Mirage 2000 and has ordered F-16 fighters. The French jets came in 1985.", ["Mirage 2000"]),
        ("Peru has ordered F-16 fighters. The Dutch jets came in 1985.", ["F-16"]),
        ("Peru has ordered F-16 fighters. The Russian system of alliances is older.", []),
    ],
    ids=[
        "a system by its maker",
        "of two of a kind the one made there",
        "where nobody makes it, who sells it",
        "no designation of that maker",
    ],
)
def test_the_state_before_a_noun_tells_which_it_takes_up(parse: Parse, text: str, taken_up: list[str]) -> None:
    taken = [m.reason.removeprefix("takes up ") for m in equipment(parse(text)) if m.how == "noun"]
    assert taken == taken_up


# A doubtful name of its own kind of report: the class of goods stands anywhere in it, and no person or place of that name does.
EVIDENCE = [
    ("Three nations want guns for their brigades. Norway, too, took twelve Archers.", "Archer"),
    ("The gun is French. The army ordered howitzers, among them the CAESAR of Nexter.", "Caesar"),
    ("Israel sold launchers to the army. Rocket artillery is wanted, and Elbit offers its Puls.", "PULS"),
    ("New fighters are sought by the air force: New Delhi's Tejas, also offered, was turned down.", "Tejas"),
    ("The army bought tanks. Abrams from the stockpile came first, 58 of them.", "Abrams"),
    ("The navy wants corvettes. The Khareef project was given to a yard.", "Khareef"),
    ("Two elderly Sjoormens went to the navy.", "Sjoormen"),
    ("The navy bought a pair of used Maestrales.", "Maestrale"),
    ("Six new FREMMs were ordered for the navy.", "FREMM"),
    ("The army asked for 200 Lynxes, an infantry fighting vehicle.", "Lynx"),
    ("The Canadian navy was offered the four Upholders, and paid.", "Upholder"),
    ("China gave the navy a submarine, a Ming, free of charge.", "Ming"),
    ("The generals want fighters. KAAN is one of the jets on offer.", "Kaan"),
]


@pytest.mark.parametrize(("text", "name"), EVIDENCE, ids=[e[1] for e in EVIDENCE])
def test_a_report_speaks_for_a_doubtful_name(parse: Parse, text: str, name: str) -> None:
    assert name in [m.name for m in equipment(parse(text)) if m.how != "noun"]


NAMESAKES = [
    "The tanks arrived in May. Abrams said that the army had waited for years. Elliott Abrams left.",
    "The senator asked about tanks. Creighton Abrams had commanded them, and Abrams never forgot the army.",
    "The fighters flew on. Dr Tejas Rao wrote about jets; the air force read what Tejas wrote.",
    "The archers shot at the targets. Jofra Archer scored in the match, and Archer's coach praised the game.",
    "Caesar crossed the river with his legions.",
    "They ordered a Caesar salad at the barracks.",
    "The guns fell silent in Archer, and the army left; in Archer the shops opened.",
    "Three Songs topped the chart.",
    "The submarine was shown in Shanghai. An Istanbul court let the frigate go; the Stockholm government wants corvettes.",
    "The frigate Istanbul sailed. In Istanbul on Saturday an order was placed for corvettes.",
]


@pytest.mark.parametrize("text", NAMESAKES, ids=[n[:24] for n in NAMESAKES])
def test_a_person_or_place_of_that_name_speaks_against_it(parse: Parse, text: str) -> None:
    assert [m.name for m in equipment(parse(text)) if m.how != "noun"] == []


WHAT_FOR = [
    ("Switzerland let no Gepard ammunition go to Kyiv.", ["ammunition"]),
    ("Canada offered used Orion engines to the navy.", ["engine"]),
    ("Brazil kept its Leopard shells.", ["shell"]),
    ("The army bought RD-93 engines.", ["RD-93"]),
    ("Ukraine got Patriot missiles.", ["Patriot"]),
    ("Poland bought HIMARS rockets.", ["HIMARS"]),
]


@pytest.mark.parametrize(("sentence", "expected"), WHAT_FOR, ids=[w[1][0] + " " + w[0][:16] for w in WHAT_FOR])
def test_goods_made_for_a_platform_are_the_goods(parse: Parse, sentence: str, expected: list[str]) -> None:
    assert names(parse(sentence)) == expected


CODES = [
    ("The navy asked for submarines. Saab ran with its ZQ718, Damen with another boat.", "ZQ718"),
    ("Frigates are wanted by the navy. The QF-5000 of Harbour Yards was the nearest.", "QF-5000"),
]


@pytest.mark.parametrize(("text", "name"), CODES, ids=[c[1] for c in CODES])
def test_a_code_that_stands_alone_among_arms(parse: Parse, text: str, name: str) -> None:
    assert name in names(parse(text))


NO_CODES = [
    "The army drove its tanks down the E40 to the border.",
    "Missiles were discussed at the G20 in June.",
    "The jets flew by; the A320 of the president landed.",
    "Tanks were seen; the COVID-19 rules were kept.",
    "The howitzers were paid from the FY2024 budget.",
    "Drones were bought with the USD450 left.",
]


@pytest.mark.parametrize("text", NO_CODES, ids=[n[-24:] for n in NO_CODES])
def test_codes_of_roads_meetings_and_sums_are_no_arms(parse: Parse, text: str) -> None:
    assert [m.name for m in equipment(parse(text)) if m.how == "shape"] == []
