"""Modality is composed from the words around a predicate; the sentences are ours, and none is a report's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord.errors import BadVocab
from onrecord.extract.hedges import read_hedges
from onrecord.extract.modality import is_imagined, modality_of
from onrecord.records import Parsed
from onrecord.vocab import words

CASES = {
    "actual": [
        ("Oslo carried out its threat to block the sale.", "block"),
        ("Oslo made good on its threat to cancel the order.", "cancel"),
        ("Oslo has not yet realised its threat to impose sanctions on Peru.", "threat"),
        ("Oslo never carried out its threat to block the sale.", "threat"),
        ("Turkey bought four batteries from Russia in 2017.", "bought"),
        ("Soon after Russia began shipping the batteries, the sale was condemned.", "shipping"),
        ("Russia soon delivered the batteries.", "delivered"),
        ("Norway has bought five patrol aircraft.", "bought"),
        ("Norway began receiving the jets in 2017.", "receiving"),
        ("The yard managed to deliver the corvette on time.", "deliver"),
        ("The jets, which it had ordered in 2010, arrived.", "ordered"),
        ("The jets ordered in 2010 arrived in May.", "ordered"),
        ("The jet is in service with two wings.", "service"),
        ("The jets entered service in 2010.", "entered"),
        ("Work on the boats was not only begun but completed.", "begun"),
        ("The contract was signed in May.", "contract"),
        ("Chile holds an option for three more.", "option"),
        ("The offer, made in May, still stands.", "made"),
        ("Manila had bought the jets without a tender.", "bought"),
        ("The ministry rejected the offer.", "offer"),
        ("Oslo said no to the request.", "said"),
        ("The minister was told no.", "told"),
        ("Oslo, not Bergen, ordered the boats.", "ordered"),
        ("The talks have not been completed.", "talks"),
        ("The air force would like more jets.", "like"),
        ("The jets were given away for nothing.", "given"),
        ("Oslo has no objection to the sale.", "has"),
        ("Berlin was able to deliver the boats.", "deliver"),
        ("The jets were delivered after Spain paid.", "delivered"),
        ("The order was not only signed but paid for.", "signed"),
        ("Oslo withdrew its offer.", "offer"),
        ("Oslo sold the jets to Lima to save money.", "sold"),
        ("The boats lie idle, undelivered.", "undelivered"),
        ("Oslo is said to have bought the jets.", "bought"),
        ("Oslo is believed to have bought the jets.", "bought"),
        ("Oslo appears to have bought the jets.", "bought"),
        ("Lima did buy the jets.", "buy"),
        ("The talks have stalled.", "talks"),
        ("Oslo is in the process of buying jets.", "buying"),
        ("Oslo announced that it had cancelled the order.", "cancelled"),
        ("The contract is said to have been signed in March.", "contract"),
        ("An offer from Oslo is being examined.", "offer"),
        ("The navy studied the proposal.", "proposal"),
        ("The jets are in use since May.", "use"),
        ("Twelve jets are to arrive under an agreement of May.", "agreement"),
        ("Slovenia gives up the tanks.", "gives"),
        ("Berlin's consent, which was needed, came in May.", "consent"),
    ],
    "planned": [
        ("A contract is in preparation.", "contract"),
        ("A contract is being drawn up.", "contract"),
        ("The delivery was supposed to begin in March.", "delivery"),
        ("The boats ought to be handed over in May.", "handed"),
        ("Delivery had been set for May.", "Delivery"),
        ("Oslo is on the verge of signing the contract.", "signing"),
        ("Denmark is giving Ukraine 19 jets.", "giving"),
        ("Slovenia gives Ukraine ten tanks.", "gives"),
        ("The jets can now be delivered.", "delivered"),
        ("The jets cannot be delivered before 2026.", "delivered"),
        ("Norway will buy five patrol aircraft.", "buy"),
        ("The ministry said that it would buy twelve jets.", "buy"),
        ("The jets are to be delivered in 2025.", "delivered"),
        ("The jets are due to be delivered in 2025.", "delivered"),
        ("The first boat is expected to arrive in May.", "arrive"),
        ("Oslo plans to buy four frigates.", "buy"),
        ("Oslo is going to buy four frigates.", "buy"),
        ("Lima to buy two frigates", "buy"),
        ("Denmark agreed to sell the jets.", "sell"),
        ("The planned purchase of the jets drew criticism.", "purchase"),
        ("The jets to be delivered in May cost a billion.", "delivered"),
        ("The contract will be signed in May.", "contract"),
        ("Delivery is expected in 2025.", "Delivery"),
        ("Deliveries will begin next year.", "Deliveries"),
        ("Deliveries begin in 2024.", "begin"),
        ("It opened a line to build the tanks in Gdansk.", "build"),
        ("The jets will enter service in 2024.", "enter"),
        ("The Gripens will not be seen before 2024.", "seen"),
        ("Minsk promised to hand over the tanks.", "hand"),
        ("The tanks will be built and delivered in 2025.", "delivered"),
        ("Finland has decided to buy the jets.", "buy"),
        ("The engines were to have been delivered in 2019.", "delivered"),
        ("The government intends to have the boats built in Cadiz.", "built"),
        ("Lima had planned to buy the jets.", "buy"),
        ("Delivery of the first boat is scheduled for May.", "Delivery"),
        ("Delivery, expected in May, has been paid for.", "Delivery"),
        ("Arrangements for the delivery of the jets are complete.", "delivery"),
        ("The contract is ready for signature.", "signature"),
        ("The agreement is to be signed in June.", "agreement"),
        ("Deliveries from 2025.", "Deliveries"),
        ("Talks with Oslo start in April.", "start"),
        ("The first boat will arrive as early as May.", "arrive"),
        ("The contract is still to be signed.", "signed"),
        ("The minister is to sign the contract on Monday.", "sign"),
        ("The minister signs the contract on Monday.", "signs"),
        ("Deliveries will not begin until 2024.", "Deliveries"),
        ("The deal would see Oslo deliver ten jets.", "deliver"),
        ("Under the deal, Oslo will deliver ten jets.", "deliver"),
        ("A deal to buy jets was signed.", "buy"),
        ("Ten jets will have been delivered by 2024.", "delivered"),
        ("Oslo was to have delivered ten jets.", "delivered"),
        ("The court allowed the sale.", "sale"),
        ("Oslo is set to buy jets.", "buy"),
        ("The army must receive its tanks by 2024.", "receive"),
        ("Oslo, which will receive the jets in May, is glad.", "receive"),
        ("Oslo announced that it would cancel the order.", "cancel"),
    ],
    "possible": [
        ("Norway may buy five patrol aircraft.", "buy"),
        ("Norway could buy five patrol aircraft.", "buy"),
        ("The minister did not rule out cancelling the order.", "cancelling"),
        ("Sweden threatened to suspend the deliveries.", "suspend"),
        ("Lima is considering cancelling the order.", "cancelling"),
        ("Lima wants to buy the jets.", "buy"),
        ("Lima hopes to receive the jets.", "receive"),
        ("The minister raised the possibility of a sale.", "sale"),
        ("They discussed the purchase of twelve jets.", "purchase"),
        ("The potential sale of the jets drew criticism.", "sale"),
        ("Will Lima buy the jets?", "buy"),
        ("The minister asked Berlin to deliver the tanks.", "deliver"),
        ("He could not confirm that the jets had arrived.", "arrived"),
        ("It is unclear whether the jets have arrived.", "arrived"),
        ("The navy might not get its helicopters after all.", "get"),
        ("Russia is prepared to supply the radars.", "supply"),
        ("The army is interested in buying the tanks.", "buying"),
        ("Rome threatened that it would cancel the contract.", "cancel"),
        ("Rome warned that it could cancel the contract.", "cancel"),
        ("A rumour that Lima had bought the jets spread in May.", "bought"),
        ("The delivery of the jets cannot be excluded.", "delivery"),
        ("The parliament is likely to approve the sale.", "approve"),
        ("Perhaps the tanks went to Mali.", "went"),
        ("Oslo urged Berlin to approve the export.", "approve"),
        ("He did not say whether the jets had been paid for.", "paid"),
        ("Talks about a purchase continue.", "purchase"),
        ("The prospect of a sale unnerved Oslo.", "sale"),
        ("A hold by one senator remains possible.", "hold"),
        ("Lima is likely to cancel the order.", "cancel"),
        ("It has yet to be seen whether the jets will be delivered.", "delivered"),
        ("Oslo could have bought the jets.", "bought"),
        ("The government is looking to buy jets.", "buy"),
        ("Oslo considered buying the jets.", "buying"),
        ("A possible purchase of jets was discussed.", "purchase"),
        ("Lima wants Oslo to deliver the jets.", "deliver"),
        ("Oslo asked whether Lima would sell the jets.", "sell"),
        ("Oslo might yet cancel the order.", "cancel"),
        ("The two sides are close to a contract.", "contract"),
        ("It would be a mistake to buy the jets.", "buy"),
        ("Oslo wants an offer.", "offer"),
        ("The government fears that Lima will cancel the order.", "cancel"),
    ],
    "conditional": [
        ("If Spain pays, the jets will be delivered in May.", "delivered"),
        ("The jets will be delivered if Spain pays.", "delivered"),
        ("The jets will not be delivered unless Spain pays.", "delivered"),
        ("Should Parliament agree, six could be ordered in 2024.", "ordered"),
        ("The aircraft will be handed over provided that the loan is approved.", "handed"),
        ("Delivery depends on the consent of the Bundestag.", "Delivery"),
        ("The sale is subject to a vote in Oslo.", "sale"),
        ("The tanks would be bought only after a vote.", "bought"),
        ("Without a vote, nothing can be delivered.", "delivered"),
        ("The tanks cannot be passed on without Swiss consent.", "passed"),
        ("The tanks would then be delivered.", "delivered"),
        ("They could only leave with Swiss consent.", "leave"),
        ("Had Oslo not paid, the boats would have been sold.", "sold"),
        ("Barring a veto, the jets will be sold.", "sold"),
        ("Otherwise the contract will be cancelled.", "cancelled"),
        ("Oslo could, if Lima agrees, sell the jets.", "sell"),
        ("Subject to a vote, the jets will be sold.", "sold"),
        ("The jets will be sold, provided that Lima agrees.", "sold"),
        ("The jets may be sold, Oslo said, if Lima agrees.", "sold"),
        ("The jets will be sold should Lima agree.", "sold"),
        ("The sale needs the approval of Congress.", "approval"),
        ("Any resale would require Swiss approval.", "approval"),
        ("Consent would be needed.", "Consent"),
        ("The boats can be delivered once the loan is paid.", "delivered"),
        ("The boats are to be delivered once the loan has been paid.", "delivered"),
    ],
    "denied": [
        ("The contract has not been signed.", "signed"),
        ("No contract has been signed.", "signed"),
        ("No contract has been signed.", "contract"),
        ("Nothing was ever ordered.", "ordered"),
        ("None of the six ships had been delivered.", "delivered"),
        ("Neither type ever arrived.", "arrived"),
        ("Not one launcher has changed hands.", "changed"),
        ("Riyadh has yet to sign the contract.", "sign"),
        ("The contract has yet to be signed.", "has"),
        ("A notice does not imply that a sale has been concluded.", "concluded"),
        ("Oslo insisted that the order was never cancelled.", "cancelled"),
        ("The Danes have not yet approved the sale.", "approved"),
        ("Quito failed to sign the contract.", "sign"),
        ("Berlin refused to deliver the missiles.", "deliver"),
        ("The ministry denied that the tanks had been handed over.", "handed"),
        ("The ministry denied having sold the tanks.", "sold"),
        ("The minister denied plans to cancel the order.", "cancel"),
        ("The minister ruled out a sale of the jets.", "sale"),
        ("Lima cancelled the delivery of the jets.", "delivery"),
        ("The jet is not in service.", "service"),
        ("Kyiv has no plans to buy the jets.", "buy"),
        ("He said that no contract had been signed.", "signed"),
        ("The court stopped the export of the parts.", "export"),
        ("Reports that Lima had bought the jets were dismissed by the ministry.", "bought"),
        ("Oslo left the competition without ordering a single jet.", "ordering"),
        ("Instead of buying the jets, Oslo kept its old ones.", "buying"),
        ("Oslo no longer wants the jets.", "wants"),
        ("Oslo no longer operates the jets.", "operates"),
        ("It is not true that the jets were delivered.", "delivered"),
        ("Hungary will not buy the jets.", "buy"),
        ("Nobody ordered the jets.", "ordered"),
        ("Washington blocked the sale of the jets.", "sale"),
        ("The order has yet to take effect.", "order"),
        ("The navy asked for nothing.", "asked"),
        ("It has sold the jets; the ministry denies it.", "sold"),
        ("Oslo bought the jets. The ministry denied this.", "bought"),
        ("The suspension of the sale drew criticism.", "sale"),
        ("The cancelled purchase cost a billion.", "purchase"),
        ("Neither Oslo nor Lima signed the contract.", "signed"),
        ("Reports of a sale are untrue.", "sale"),
        ("There was no question of a sale.", "sale"),
        ("The sale never took place.", "sale"),
        ("The boats, none of which has been delivered, cost a billion.", "delivered"),
        ("The contract remains to be signed.", "signed"),
        ("Oslo called reports of a sale a fabrication.", "sale"),
        ("The yard stopped short of signing the contract.", "signing"),
        ("Oslo leased the jets rather than buy them.", "buy"),
        ("Oslo leased the jets rather than buying them.", "buying"),
        ("No decision to buy has been taken.", "buy"),
        ("Oslo has made no decision on the purchase.", "purchase"),
        ("Not a single jet has been delivered.", "delivered"),
        ("The boats were taken out of service.", "service"),
        ("The talks ended without a contract.", "contract"),
        ("There is no truth in reports that Oslo bought the jets.", "bought"),
        ("There is no evidence that Oslo bought the jets.", "bought"),
        ("Oslo has ordered the jets, which the ministry denies.", "ordered"),
        ("Oslo has ordered the jets, a claim that the ministry denied.", "ordered"),
        ("The ministry rejected a report that Oslo had bought the jets.", "bought"),
        ("The ministry refuted claims of a sale.", "sale"),
        ("The ministry described the report of a sale as false.", "sale"),
        ("Oslo has neither ordered nor bought the jets.", "ordered"),
        ("Oslo has neither ordered nor bought the jets.", "bought"),
        ("Nobody has asked for the jets.", "asked"),
        ("Oslo has never asked for the jets.", "asked"),
        ("Oslo is not in talks with Lima.", "talks"),
        ("The deal has not gone ahead.", "deal"),
        ("The jets are no longer in service.", "service"),
        ("The sale fell through in May.", "sale"),
        ("Oslo denied that there had been any talks.", "talks"),
        ("It is not planned to buy more jets.", "buy"),
        ("There are no plans for a purchase.", "purchase"),
        ("A purchase is not on the agenda.", "purchase"),
        ("A purchase is out of the question.", "purchase"),
        ("The purchase is off the table.", "purchase"),
        ("Oslo has not so far placed an order.", "order"),
        ("Oslo has not so far placed an order.", "placed"),
        ("The order, Oslo says, does not exist.", "order"),
        ("The jets are not for sale.", "sale"),
        ("Delivery has been ruled out for now.", "Delivery"),
        ("Far from ordering jets, Oslo sold some.", "ordering"),
        ("A sale is not being considered.", "sale"),
        ("No purchase is under consideration.", "purchase"),
        ("The purchase was debated but not approved.", "approved"),
        ("The contract remains unsigned.", "contract"),
        ("The order came to nothing.", "order"),
        ("The deal exists only on paper.", "deal"),
        ("Nor has Oslo ordered the jets.", "ordered"),
        ("Oslo has still not ordered the jets.", "ordered"),
        ("Oslo hasn't ordered the jets.", "ordered"),
        ("No such talks have taken place.", "talks"),
        ("Oslo won't buy the jets.", "buy"),
        ("Neither has been delivered.", "delivered"),
        ("Oslo has not yet realised its threat to impose sanctions on Peru.", "impose"),
        ("Oslo never carried out its threat to block the sale.", "block"),
        ("Oslo has not made good on its threat to cancel the order.", "cancel"),
        ("Lima did not exercise its option to buy six jets.", "buy"),
        ("Three boats, none of them delivered, lie in Oslo.", "delivered"),
        ("Oslo has as yet signed no contract.", "contract"),
        ("It is too early to speak of a contract.", "contract"),
        ("It is premature to talk about deliveries.", "deliveries"),
        ("A report that a contract had been signed was described as premature.", "signed"),
        ("There is no reason to cancel the contract.", "cancel"),
        ("Oslo has lost interest in the jets.", "interest"),
    ],
}
EXAMPLES = [(e["text"], e["word"], e["modality"]) for entry in words("modality")["governor"] for e in entry.get("examples", [])]


def _modality(parsed: Parsed, word: str, default: str = "actual") -> tuple[str, str]:
    index = next(w.index for w in parsed.words if w.text.lower() == word.lower())
    return modality_of(parsed, index, default=default)


@pytest.mark.parametrize(("text", "word", "expected"), [(text, word, modality) for modality, rows in CASES.items() for text, word in rows])
def test_a_predicate_takes_the_modality_that_its_sentence_gives_it(
    parse: Callable[..., Parsed], text: str, word: str, expected: str
) -> None:
    assert _modality(parse(text), word)[0] == expected


@pytest.mark.parametrize(("text", "word", "expected"), EXAMPLES)
def test_the_examples_of_the_vocabulary_hold(parse: Callable[..., Parsed], text: str, word: str, expected: str) -> None:
    assert _modality(parse(text), word)[0] == expected


def test_the_reason_names_the_words_from_the_predicate_outwards(parse: Callable[..., Parsed]) -> None:
    assert _modality(parse("The minister did not rule out cancelling the order."), "cancelling") == ("possible", "rule < not")


def test_a_sentence_that_says_nothing_leaves_the_default_of_the_frame(parse: Callable[..., Parsed]) -> None:
    assert _modality(parse("The boats were due in May."), "due", "planned") == ("planned", "")


@pytest.mark.parametrize(("text", "expected"), [("Bern would not budge.", "actual"), ("Bern budged.", "denied")])
def test_a_predicate_that_counts_only_when_negated_turns_round(parse: Callable[..., Parsed], text: str, expected: str) -> None:
    word = "budge" if "would" in text else "budged"
    assert _modality(parse(text), word, "negated")[0] == expected


@pytest.mark.parametrize(("published", "expected"), [("2020-01-01", "planned"), ("2026-01-01", "actual")])
def test_a_year_lies_ahead_only_as_seen_from_the_report(parse: Callable[..., Parsed], published: str, expected: str) -> None:
    assert _modality(parse("Deliveries from 2025.", published=published), "Deliveries")[0] == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"governor": [{"effect": "certain", "verbs": ["know"]}]}, "certain"),
        ({"governor": [{"effect": "planned", "verbs": ["plan"]}, {"effect": "denied", "verbs": ["plan"]}]}, "stands twice"),
        ({"adverb": {"possible": ["maybe"], "planned": ["maybe"]}}, "maybe"),
        ({"light": {}}, "missing"),
    ],
)
def test_a_vocabulary_that_contradicts_itself_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(BadVocab, match=message):
        read_hedges({**words("modality"), **change})


@pytest.mark.parametrize(
    ("text", "imagined"),
    [
        ("Suppose that Oslo rang Lima tomorrow and ordered ten tanks.", True),
        ("Imagine that Norway ordered ten tanks.", True),
        ("Let us suppose that Norway ordered ten tanks.", True),
        ("Officials suppose that Norway ordered ten tanks.", False),
        ("He could not imagine that Norway ordered the tanks.", False),
        ("Norway ordered ten tanks; imagine the bill.", False),
    ],
)
def test_what_is_only_imagined_is_told_from_what_is_supposed_to_be(parse: Callable[..., Parsed], text: str, imagined: bool) -> None:
    parsed = parse(text)
    assert is_imagined(parsed, next(word.index for word in parsed.words if word.text == "ordered")) is imagined
