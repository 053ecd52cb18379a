"""Tests of events between states: the frames' own examples, who did it to whom, modality, date, instrument."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord import vocab
from onrecord.errors import BadVocab
from onrecord.extract import events_frames
from onrecord.extract.events import find_events, matches
from onrecord.extract.events_readings import options
from onrecord.extract.events_scene import Scene
from onrecord.records import Claim, Parsed, make_claim, make_finding

Parse = Callable[..., Parsed]
EXAMPLES = [(frame["root"], e["text"], e["actor"], e["recipient"]) for frame in vocab.words("events")["frame"] for e in frame["examples"]]


@pytest.mark.parametrize(("root", "text", "actor", "recipient"), EXAMPLES, ids=[e[1][:40] for e in EXAMPLES])
def test_a_frames_example_finds_its_parties_in_its_slots(parse: Parse, root: str, text: str, actor: str, recipient: str) -> None:
    parsed = parse(text)
    scene = Scene(parsed, (), ())
    pairs = []
    for match in matches(parsed):
        if match.frame.root == root:
            actors, recipients = options(scene, match)
            pairs += [(a.parties, r.parties) for a in actors for r in recipients if "near" not in (a.place, r.place)]
    assert (frozenset({actor}), frozenset({recipient})) in pairs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Turkey was accused by the United States of breaking its word on the S-400 missiles.", ("ACCUSE", ["US"], ["TR"])),
        ("Washington threatened Ankara with sanctions over the S-400 missiles.", ("THREATEN", ["US"], ["TR"])),
        ("Kyiv thanked Oslo for the howitzers.", ("SUPPORT", ["UA"], ["NO"])),
        ("Berlin rejected the Polish request for the re-export of Leopard 2 tanks.", ("REJECT", ["DE"], ["PL"])),
        ("Sweden lifted its arms embargo on Turkey.", ("CONCEDE", ["SE"], ["TR"])),
        ("Moscow urged Israel not to give the missiles to Ukraine.", ("REQUEST", ["RU"], ["IL"])),
        ("Ankara urged its NATO partner Canada to deliver the missiles.", ("REQUEST", ["TR"], ["CA"])),
        ("The missiles were bought under the threat of American sanctions against Turkey.", ("THREATEN", ["US"], ["TR"])),
        (
            "France recalled its ambassadors to Australia and the United States in protest at a decision of Canberra on the submarines.",
            ("SANCTION", ["FR"], ["AU", "US"]),
        ),
        ("Russia delivered the S-400 missiles. Soon after, Turkey was expelled from the F-35 programme.", ("SANCTION", ["US"], ["TR"])),
        ("Switzerland would not let Spain pass on the Aspide missiles.", ("REJECT", ["CH"], ["ES"])),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_act_goes_on_record(parse: Parse, text: str, expected: tuple[str, list[str], list[str]]) -> None:
    assert expected in [(e["plover"], e.all("actor"), e.all("recipient")) for e in find_events(parse(text), (), ())]


@pytest.mark.parametrize(
    "text",
    [
        "Serbia beat Croatia in Belgrade and will meet Spain in the final.",
        "Kenya exports tea to Egypt.",
        "The museum in Paris shows a Leopard tank.",
        "The missiles are to meet the Chinese threat to Taiwan.",
        "Greece regards the missiles as a threat from Turkey.",
        "Turkey, a NATO member, was threatened with sanctions over the S-400 missiles.",
    ],
)
def test_what_is_no_act_between_states_stays_off_record(parse: Parse, text: str) -> None:
    assert find_events(parse(text), (), ()) == []


def test_an_event_carries_modality_date_and_instrument_with_their_words(parse: Parse) -> None:
    parsed = parse("The United States imposed sanctions on Turkey under CAATSA on 14 December 2020 over the S-400 missiles.")
    event = next(e for e in find_events(parsed, (), ()) if e["plover"] == "SANCTION")
    assert (event["modality"], event["when"], event["instrument"]) == ("actual", "2020-12-14", "CAATSA")
    assert all(parsed.document.text[c.start : c.end] == c.quote for c in event.claims)


@pytest.mark.parametrize(
    ("text", "root", "modality"),
    [
        ("Israel will not supply Spike missiles to Ukraine.", "REJECT", "actual"),
        ("Ankara will not bow to Washington over the S-400 missiles.", "REJECT", "actual"),
        ("Belgium promised Kyiv military aid, F-16 jets among it.", "AID", "planned"),
        ("Belgium donated thirty F-16 jets to Ukraine.", "AID", "actual"),
    ],
)
def test_who_says_no_has_said_it_and_a_gift_promised_is_to_come(parse: Parse, text: str, root: str, modality: str) -> None:
    assert [e["modality"] for e in find_events(parse(text), (), ()) if e["plover"] == root] == [modality]


def test_to_be_shut_out_of_a_programme_is_another_sanction_than_the_rest(parse: Parse) -> None:
    text = "The United States imposed sanctions on Turkey over the S-400 missiles. Turkey had been expelled from the F-35 programme before."
    sanctions = [e for e in find_events(parse(text), (), ()) if e["plover"] == "SANCTION"]
    assert [e["instrument"] for e in sanctions] == [None, "F-35 programme"]


def test_each_thing_threatened_under_a_law_of_its_own_is_a_threat(parse: Parse) -> None:
    text = (
        "Washington demanded to withdraw from the S-400 deal, threatening to cancel the sale of F-35 fighters to Turkey, as well as to"
        " impose sanctions under CAATSA."
    )
    found = [
        (e["plover"], e["modality"], e["instrument"], (e.claim("plover") or e.claims[0]).quote) for e in find_events(parse(text), (), ())
    ]
    threats = [told for told in found if told[0] == "THREATEN"]
    assert [told[1:3] for told in threats] == [("actual", None), ("actual", "CAATSA")]
    assert "CAATSA" not in threats[0][3]
    assert "cancel" not in threats[1][3]
    assert all(told[2] is None for told in found if told[0] == "REQUEST")


def test_in_protest_is_how_an_act_is_meant_and_no_second_one(parse: Parse) -> None:
    found = find_events(parse("France recalled its ambassador to Australia in protest at the loss of the submarines."), (), ())
    assert [e["plover"] for e in found] == ["SANCTION"]


def test_a_pronoun_in_a_quotation_is_its_speaker(parse: Parse) -> None:
    parsed = parse('"We reject the American demand," the Turkish Foreign Ministry said about the S-400 missiles.')
    text = parsed.document.text
    statement = make_finding(
        "statement",
        "q1",
        parsed.document,
        [_claim(parsed, "content", "We reject the American demand,"), _claim(parsed, "speaker", "Turkish Foreign Ministry")],
    )
    found = [(e["plover"], e.all("actor"), e.all("recipient")) for e in find_events(parsed, [statement], ())]
    assert ("REJECT", ["TR"], ["US"]) in found, text


def test_the_same_act_told_twice_is_one_event(parse: Parse) -> None:
    parsed = parse("Washington threatened Ankara with sanctions over the missiles. The United States threatened Turkey again on Monday.")
    threats = [e for e in find_events(parsed, (), ()) if e["plover"] == "THREATEN"]
    assert len(threats) == 1


@pytest.mark.parametrize(
    ("told", "match"),
    [
        pytest.param([{"number": 0, "root": "SHOUT"}], "SHOUT", id="an unknown root"),
        pytest.param([{"number": 0, "root": "AID"}, {"number": 0, "root": "AID"}], "number 0", id="one number twice"),
        pytest.param([{"root": "AID"}], "no number", id="no number"),
    ],
)
def test_a_frame_that_cannot_be_told_from_others_is_refused(
    told: list[dict[str, object]], match: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"verbs": ["shout"], "actor": [], "recipient": [], "examples": [], **row} for row in told]
    events_frames.frames.cache_clear()
    monkeypatch.setattr(events_frames.vocab, "words", lambda *_: {"classes": {}, "frame": rows})
    with pytest.raises(BadVocab, match=match):
        events_frames.frames()
    events_frames.frames.cache_clear()


def _claim(parsed: Parsed, field: str, words: str, value: str = "") -> Claim:
    start = parsed.document.text.index(words)
    return make_claim(parsed.document, field, value or words, start=start, end=start + len(words))


ASKED = "Peru has ordered Gripen fighters from Sweden. Paris demanded that Lima give up the deal. "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ASKED + "Lima refused to make concessions.", ("REJECT", ["PE"], ["FR"])),
        (ASKED + "The answer took a week. Lima refused.", ("REJECT", ["PE"], ["FR"])),
        ("Rome threatened Cairo with sanctions over the Gripen fighters from Sweden. Cairo declined to yield.", ("REJECT", ["EG"], ["IT"])),
        (
            "Sweden builds the Gripen. Paris demanded a halt, threatening to cancel the sale of Rafale jets to Peru.",
            ("REQUEST", ["FR"], ["PE"]),
        ),
    ],
)
def test_an_act_that_names_no_target_is_aimed_where_the_acts_around_it_are(
    parse: Parse, text: str, expected: tuple[str, list[str], list[str]]
) -> None:
    assert expected in [(e["plover"], e.all("actor"), e.all("recipient")) for e in find_events(parse(text), (), ())]


def test_a_refusal_answers_nobody_who_asked_somebody_else(parse: Parse) -> None:
    parsed = parse("Paris demanded that Oslo give up the Gripen deal. Lima refused the Swedish request.")
    found = [(e["plover"], e.all("actor"), e.all("recipient")) for e in find_events(parsed, (), ())]
    assert ("REJECT", ["PE"], ["FR"]) not in found
    assert ("REJECT", ["PE"], ["SE"]) in found


def test_blame_stands_on_the_words_that_blame_and_on_the_accusers_own(parse: Parse) -> None:
    parsed = parse(
        "Lima regards the French demand on the Gripen deal as a further proof of a policy of pressure, said Ana Quispe, a"
        ' spokeswoman of the Peruvian Foreign Ministry.\n\n"We see it as one more attempt of the French government to win by blackmail,"'
        " said Ana Quispe."
    )
    content = "We see it as one more attempt of the French government to win by blackmail,"
    statement = make_finding(
        "statement",
        "q1",
        parsed.document,
        [
            _claim(parsed, "content", content),
            _claim(parsed, "speaker", "Peruvian Foreign Ministry"),
            _claim(parsed, "kind", content, value="direct"),
        ],
    )
    events = find_events(parsed, [statement], ())
    blame = [e for e in events if e["plover"] == "ACCUSE"]
    assert [(e.all("actor"), e.all("recipient")) for e in blame] == [(["PE"], ["FR"])]
    claim = blame[0].claim("plover")
    assert claim is not None
    assert (claim.quote.startswith("We see it"), claim.quote.endswith("blackmail")) == (True, True)
    assert "COERCE" not in [e["plover"] for e in events]
