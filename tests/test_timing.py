"""Which of a sentence's dates says when an act happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord.extract.timing import when_of
from onrecord.records import Parsed, When

Parse = Callable[..., Parsed]

DATED = [
    ("Turkey signed the contract in December 2017.", "signed", "2017-12"),
    ("In December 2017 Turkey signed the contract.", "signed", "2017-12"),
    ("The contract was signed in December 2017.", "contract", "2017-12"),
    ("The first batch arrived in 2019.", "arrived", "2019"),
    ("Deliveries will begin in 2023.", "Deliveries", "2023"),
    ("Deliveries are to begin in 2023.", "Deliveries", "2023"),
    ("The jets, ordered in 2011, arrived in 2014.", "ordered", "2011"),
    ("The jets, ordered in 2011, arrived in 2014.", "arrived", "2014"),
    ("The tanks were ordered in 2011 and delivered in 2014.", "ordered", "2011"),
    ("The tanks were ordered in 2011 and delivered in 2014.", "delivered", "2014"),
    ("In March 2014 Croatia chose the jets and signed the contract.", "signed", "2014-03"),
    ("Egypt placed an order for twelve tanks in 2015.", "order", "2015"),
    ("An order for 34 tanks, placed in March 2006, was never met.", "order", "2006-03"),
    ("The jets were bought under a contract of July 2012.", "bought", "2012-07"),
    ("The first tanks are expected to arrive in 2024.", "arrive", "2024"),
    ("Ordered 2016, the tanks are still in the yard.", "Ordered", "2016"),
    ("It was in January 2017 that the sale was halted.", "halted", "2017-01"),
    ("Syria has been a client since 1956, when the first tanks were delivered.", "delivered", "1956"),
    ("The first tanks have arrived, the ministry said on Tuesday.", "arrived", "2019-12-31~"),
    ("The ministry announced on Tuesday that it would not open its ports.", "open", "2019-12-31~"),
    ("In August 2018 the exporter reported the signing of a contract for a second batch.", "signing", "2018-08~"),
    ("Indonesia has ordered 42 Rafale fighters from France, Defence Minister Budi Example said on Tuesday.", "ordered", "2019-12-31~"),
    ("The premier confirmed on Tuesday that Australia was pulling out of the contract.", "pulling", "2019-12-31~"),
    ("Norway signed a contract to supply the frigates in October 2018.", "signed", "2018-10"),
    ("Norway signed a contract to supply the frigates in October 2028.", "supply", "2028-10"),
    ("In 2016 Norway signed a contract to supply the frigates in 2018.", "signed", "2016"),
    ("In 2016 Norway signed a contract to supply the frigates in 2018.", "supply", "2018"),
]

UNDATED = [
    ("The tanks will be sold, the minister said on Tuesday.", "sold"),
    ("The tanks were delivered under a contract of 2012.", "delivered"),
    ("Turkey ordered tanks that Germany built in 1985.", "ordered"),
    ("The minister promised last year to sell the tanks.", "sell"),
    ("On Tuesday the minister pledged thirty tanks.", "pledged"),
    ("The tanks arrived in 2014; the contract is worth a billion.", "contract"),
    ("The order follows the 2015 purchase of twelve tanks.", "order"),
    ("The order follows the 2015 purchase of twelve tanks.", "follows"),
    ("Norway signed a contract to supply the frigates in October 2018.", "supply"),
]


def when(parsed: Parsed, word: str) -> str | None:
    index = next(w.index for w in parsed.words if w.text == word)
    sentence = parsed.sentences[parsed.words[index].sentence]
    found = when_of(parsed, index, sentence.start, sentence.end)
    if found is None:
        return None
    mention, reason = found
    assert reason
    assert isinstance(mention.value, When)
    return mention.value.edtf


@pytest.mark.parametrize(("text", "word", "expected"), DATED)
def test_act_takes_its_own_date(parse: Parse, text: str, word: str, expected: str) -> None:
    assert when(parse(text, published="2020-01-01"), word) == expected


@pytest.mark.parametrize(("text", "word"), UNDATED)
def test_act_takes_no_date_of_another(parse: Parse, text: str, word: str) -> None:
    assert when(parse(text, published="2020-01-01"), word) is None


def test_a_date_of_the_clause_before_only_on_request(parse: Parse) -> None:
    parsed = parse("In October 1990 the law came into force and Washington stopped all deliveries.", published="2020-01-01")
    index = next(w.index for w in parsed.words if w.text == "stopped")
    sentence = parsed.sentences[0]
    assert when_of(parsed, index, sentence.start, sentence.end) is None
    carried = when_of(parsed, index, sentence.start, sentence.end, carry=True)
    assert carried is not None
    assert isinstance(carried[0].value, When)
    assert carried[0].value.edtf == "1990-10"
