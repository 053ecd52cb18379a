"""Dates in a sentence, as written and as counted from the report's day or from the date before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord import vocab
from onrecord.records import Mention, Parsed, When

Parse = Callable[..., Parsed]

# The reports of this file are of Wednesday 10 July 2019 unless a case says otherwise.
PUBLISHED = "2019-07-10"

FULL = [
    ("The contract was signed on 12 July 2018.", "2018-07-12"),
    ("The contract was signed on July 12, 2018.", "2018-07-12"),
    ("The contract was signed on July 12 2018.", "2018-07-12"),
    ("The contract was signed on 12th July 2018.", "2018-07-12"),
    ("The contract was signed on the 12th of July 2018.", "2018-07-12"),
    ("The contract was signed on the twelfth of July 2018.", "2018-07-12"),
    ("The contract was signed on Thursday, 12 July 2018.", "2018-07-12"),
    ("The contract was signed on Thursday, July 12, 2018.", "2018-07-12"),
    ("The contract was signed on 12 Jul 2018.", "2018-07-12"),
    ("The contract was signed on Sept. 4, 2018.", "2018-09-04"),
    ("The contract was signed on 2018-07-12.", "2018-07-12"),
    ("The contract was signed on 12.07.2018 in Ankara.", "2018-07-12"),
    ("The contract was signed in July 2018.", "2018-07"),
    ("The contract was signed in July of 2018.", "2018-07"),
    ("The contract was signed in Sept. 2018.", "2018-09"),
    ("The contract of December 2017 was signed.", "2017-12"),
    ("Deliveries began in mid-July 2018.", "2018-07"),
    ("Deliveries began in early March 2018.", "2018-03"),
    ("Deliveries began in late May 2018.", "2018-05"),
    ("Deliveries began at the beginning of June 2018.", "2018-06"),
    ("Deliveries began at the end of June 2018.", "2018-06"),
    ("Deliveries began in 2018.", "2018"),
    ("Deliveries began in early 2018.", "2018"),
    ("Deliveries began late in 2018.", "2018"),
    ("Deliveries began in mid-2018.", "2018"),
    ("Deliveries will end by the end of 2023.", "2023"),
    ("Deliveries will end in the course of 2023.", "2023"),
    ("Deliveries began in the spring of 2017.", "2017"),
    ("Deliveries began in spring 2017.", "2017"),
    ("Deliveries began in the summer of 2017.", "2017"),
    ("Deliveries began in winter 2017.", "2017"),
    ("Deliveries have run since 2015.", "2015"),
    ("Deliveries run until 2022.", "2022"),
    ("A 2017 contract covers two regiments.", "2017"),
    ("Ankara's 2017 order covers two regiments.", "2017"),
    ("The jets were ordered before Christmas 2016.", "2016-12"),
    ("The jets were ordered before Easter 2017.", "2017-04"),
    ("Deliveries began about 2016.", "2016~"),
    ("Deliveries began around March 2016.", "2016-03~"),
    ("Deliveries began around 2016.", "2016~"),
    ("The jets were bought in fiscal 2018.", "2018"),
    ("The jets were bought in fiscal year 2018.", "2018"),
    ("The jets were bought under the FY2018 budget.", "2018"),
]

SPANS = [
    ("Deliveries took place between 2016 and 2018.", "2016/2018"),
    ("Deliveries took place from 2016 to 2018.", "2016/2018"),
    ("Deliveries (2016-2018) went well.", "2016/2018"),
    ("Deliveries (2016–2018) went well.", "2016/2018"),
    ("Deliveries (2026-30) are planned.", "2026/2030"),
    ("They were delivered in 2016 and 2017.", "2016/2017"),
    ("They will be delivered in 2025 or 2026.", "2025/2026"),
    ("They will arrive in fiscal 2025 to fiscal 2027.", "2025/2027"),
    ("Deliveries took place from March 2016 to May 2018.", "2016-03/2018-05"),
    ("Deliveries took place between March and June 2018.", "2018-03/2018-06"),
    ("Deliveries took place between the end of 2012 and early 2013.", "2012/2013"),
    ("Deliveries took place between July 2015 and this spring.", "2015-07/2019"),
    ("They met from 3 to 5 March 2018.", "2018-03-03/2018-03-05"),
    ("They met on 3-5 March 2018.", "2018-03-03/2018-03-05"),
    ("They flew in the first quarter of 2018.", "2018-01/2018-03"),
    ("They will fly in the last quarter of 2025.", "2025-10/2025-12"),
    ("They flew in the first half of 2018.", "2018-01/2018-06"),
    ("They will fly in Q2 2025.", "2025-04/2025-06"),
    ("The jets were bought in the 1990s.", "1990/1999"),
    ("The jets were bought in the late 1990s.", "1990/1999"),
    ("The jets were bought in the eighties.", "1980/1989"),
]

FROM_REPORT = [
    ("The first aircraft landed yesterday.", "2019-07-09"),
    ("The first aircraft landed today.", "2019-07-10"),
    ("The first aircraft landed this morning.", "2019-07-10"),
    ("The first aircraft landed last night.", "2019-07-09"),
    ("The first aircraft will land tomorrow.", "2019-07-11"),
    ("The first aircraft landed the day before yesterday.", "2019-07-08"),
    ("The ministry announced it on Monday.", "2019-07-08"),
    ("The ministry announced it on Wednesday.", "2019-07-10"),
    ("The ministry announced it on Friday.", "2019-07-05"),
    ("The ministry announced it Tuesday.", "2019-07-09"),
    ("The ministry announced it on Tuesday evening.", "2019-07-09"),
    ("The ministry announced it last Saturday.", "2019-07-06"),
    ("The ministry announced it last Wednesday.", "2019-07-03"),
    ("The ministry announced it on Tuesday last week.", "2019-07-02"),
    ("The parliament will vote on Monday.", "2019-07-15"),
    ("The parliament will vote next Tuesday.", "2019-07-16"),
    ("The parliament is to vote on Friday.", "2019-07-12"),
    ("The contract was signed this month.", "2019-07"),
    ("The contract was signed earlier this month.", "2019-07"),
    ("The contract was signed last month.", "2019-06"),
    ("The contract will be signed next month.", "2019-08"),
    ("The contract was signed this week.", "2019-07"),
    ("The contract was signed last week.", "2019-07"),
    ("The contract was signed last year.", "2018"),
    ("The contract was signed this year.", "2019"),
    ("The contract will be signed next year.", "2020"),
    ("The contract will be signed in the course of next year.", "2020"),
    ("The contract will be signed by the end of this year.", "2019"),
    ("The contract will be signed by the end of the year.", "2019"),
    ("The contract will be signed before the year is out.", "2019"),
    ("The contract will be signed before the end of the month.", "2019-07"),
    ("The contract was signed in April of last year.", "2018-04"),
    ("The contract was signed in April last year.", "2018-04"),
    ("The contract was signed last April.", "2019-04"),
    ("The contract was signed last September.", "2018-09"),
    ("The contract was signed last August.", "2018-08"),
    ("The contract was signed this March.", "2019-03"),
    ("The contract will be signed next April.", "2020-04"),
    ("The contract was signed in March.", "2019-03"),
    ("The contract was signed in July.", "2019-07"),
    ("The contract was signed in December.", "2018-12"),
    ("The contract will be signed in December.", "2019-12"),
    ("The contract will be signed in March.", "2020-03"),
    ("The contract was to be signed in March.", "2019-03"),
    ("The jets were due in June.", "2019-06"),
    ("The jets were due in August.", "2019-08"),
    ("The handover was planned for March.", "2019-03"),
    ("The jets were supposed to arrive in March.", "2019-03"),
    ("The jets will be paid for under the contract of October.", "2018-10"),
    ("The contract is expected in May.", "2020-05"),
    ("The contract has been on hold since September.", "2018-09"),
    ("The contract was signed on 5 July.", "2019-07-05"),
    ("The contract was signed on 20 November.", "2018-11-20"),
    ("The contract will be signed on November 20.", "2019-11-20"),
    ("The contract was signed on September 30 last.", "2018-09-30"),
    ("The jets were bought last autumn.", "2018"),
    ("The jets were bought this spring.", "2019"),
    ("The jets will be bought next spring.", "2020"),
    ("The jets will arrive in the autumn.", "2019"),
    ("The jets will arrive before the spring.", "2020"),
    ("The jets were bought two years ago.", "2017"),
    ("The jets were bought four months ago.", "2019-03"),
    ("The jets were bought three days ago.", "2019-07-07"),
    ("The jets were bought a decade ago.", "2009"),
    ("The jets will arrive in three years.", "2022"),
    ("The jets will arrive within two months.", "2019-09"),
    ("The jets will arrive in five years' time.", "2024"),
    ("The jets arrived before Christmas.", "2018-12"),
    ("The jets will arrive before Christmas.", "2019-12"),
]

FROM_ANCHOR = [
    ("The order came in 2012. Two years later the jets arrived.", "2014"),
    ("The order came in March 2012. The following year the jets arrived.", "2013"),
    ("The order came in March 2012. The jets arrived a month later.", "2012-04"),
    ("The order came on 3 March 2012. The jets arrived a week later.", "2012-03-10"),
    ("The order came on 3 March 2012. Four days later it was cancelled.", "2012-03-07"),
    ("The order came on 3 March 2012. A day earlier the ministry denied it.", "2012-03-02"),
    ("The order came on 3 March 2012. It was cancelled the same day.", "2012-03-03"),
    ("The order came on 3 March 2012. It was cancelled the next day.", "2012-03-04"),
    ("The order came on 3 March 2012. It was cancelled at the same ceremony.", "2012-03-03"),
    ("The order came in March 2012. The jets arrived that autumn.", "2012"),
    ("The order came in March 2012. The jets arrived by the end of that year.", "2012"),
    ("The order came in March 2012. The jets arrived that November.", "2012-11"),
    ("The order came in March 2012. The jets arrived the following January.", "2013-01"),
    ("The order came in March 2012. Talks had failed the previous November.", "2011-11"),
    ("The order came in March 2012. The jets arrived the same month.", "2012-03"),
    ("The order came in March 2012. The jets arrived in December of the same year.", "2012-12"),
    ("The order came in March 2012. The jets arrived the following month.", "2012-04"),
    ("The order came in March 2012. Congress agreed on the 14th of that month.", "2012-03-14"),
    ("The order came in March 2012. On the nineteenth the parliament agreed.", "2012-03-19"),
    ("The order came in 2012. A year earlier talks had failed.", "2011"),
    ("It was offered in 2008; two years on, Beirut declined it.", "2010"),
]

NONE = [
    "The regiment has four batteries.",
    "The army bought 2,000 rifles.",
    "The army bought 2000 rifles.",
    "The officials may sell the tanks.",
    "They march to the border.",
    "The tanks will march on.",
    "Greece flies the Mirage 2000 and the Su-30.",
    "The S-400 and the F-35 do not go together.",
    "The price is $2019 a piece.",
    "Two second batteries are on order.",
    "The howitzers fire 155 mm shells.",
    "The others will follow in the coming weeks.",
]


def last_date(parse: Parse, text: str, published: str | None = PUBLISHED) -> Mention:
    dates = [m for m in parse(text, published=published).mentions if m.kind == "date"]
    assert dates, f"no date in {text!r}"
    return dates[-1]


def edtf(mention: Mention) -> str:
    assert isinstance(mention.value, When)
    return mention.value.edtf


@pytest.mark.parametrize(("text", "expected"), FULL + SPANS)
def test_date_said_in_full(parse: Parse, text: str, expected: str) -> None:
    assert edtf(last_date(parse, text)) == expected


@pytest.mark.parametrize(("text", "expected"), FROM_REPORT)
def test_date_counts_from_the_report(parse: Parse, text: str, expected: str) -> None:
    mention = last_date(parse, text)
    assert edtf(mention) == expected
    assert isinstance(mention.value, When)
    assert mention.value.relative


@pytest.mark.parametrize(("text", "expected"), FROM_ANCHOR)
def test_date_counts_from_the_date_before(parse: Parse, text: str, expected: str) -> None:
    assert edtf(last_date(parse, text)) == expected


@pytest.mark.parametrize("text", NONE)
def test_no_date(parse: Parse, text: str) -> None:
    assert [m.text for m in parse(text, published=PUBLISHED).mentions if m.kind == "date"] == []


@pytest.mark.parametrize("text", ["It was signed yesterday.", "It was signed last month.", "It was signed on Tuesday.", "It came in June."])
def test_relative_date_without_a_report_day_is_not_anchored(parse: Parse, text: str) -> None:
    mention = last_date(parse, text, None)
    assert isinstance(mention.value, When)
    assert not mention.value.anchored
    assert mention.value.edtf == ""


def test_dateline_is_no_date_of_anything_told(parse: Parse) -> None:
    parsed = parse("ANKARA, July 10 (Agency) - Turkey signed the contract on Tuesday.", published=PUBLISHED)
    assert [(m.text, edtf(m)) for m in parsed.mentions if m.kind == "date"] == [("Tuesday", "2019-07-09")]


def test_a_mention_cuts_its_words(parse: Parse) -> None:
    text = "Deliveries began in mid-July 2018 and end by the end of 2023."
    for mention in parse(text).mentions:
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    ("published", "text", "expected"),
    [
        ("2020-01-15", "The contract was signed in December.", "2019-12"),
        ("2020-01-15", "The contract was signed last month.", "2019-12"),
        ("2020-01-03", "The contract was signed on Tuesday.", "2019-12-31"),
        ("2020-03-31", "The contract was signed last month.", "2020-02"),
        ("2020-12-20", "The contract will be signed in January.", "2021-01"),
        ("2024-03-01", "The contract was signed yesterday.", "2024-02-29"),
    ],
)
def test_turn_of_the_year_and_short_months(parse: Parse, published: str, text: str, expected: str) -> None:
    assert edtf(last_date(parse, text, published)) == expected


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2019-07-10T23:59:00Z", "2018"),
        ("2019-07", "2018"),
        ("2019", "2018"),
        ("2019-02-30", ""),
        ("0001-01-01", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_report_day_of_any_shape(parse: Parse, published: str, expected: str) -> None:
    assert edtf(last_date(parse, "The contract was signed last year.", published)) == expected


@pytest.mark.parametrize("text", ["It fell a million years ago.", "It fell a million days later.", "It fell on 31 February 2018."])
def test_a_day_that_no_calendar_has(parse: Parse, text: str) -> None:
    assert all(len(edtf(m)) <= 10 for m in parse(text, published=PUBLISHED).mentions if m.kind == "date")


@pytest.mark.parametrize("example", vocab.words("dates")["examples"], ids=lambda example: example["text"])
def test_vocabulary_example(parse: Parse, example: dict[str, list[str]]) -> None:
    parsed = parse(example["text"], published=example["published"])
    assert [m.name for m in parsed.mentions if m.kind == "date"] == example["expect"]
