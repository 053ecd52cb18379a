"""The scorer: small cases by hand, and frozen rows over gold reports that were spoilt at random in a known way."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onrecord.measure.score import Row, Tally, fold, overlap, pair_up, same_equipment, same_name, score, score_links, score_report

ROOT = Path(__file__).parent.parent
FROZEN = ROOT / "tests" / "gold" / "spoilt_scores.json"
PARTIES = ("RU", "US", "TR", "IN", "org:NATO")


EMPTY: dict[str, Any] = {"text": "", "statements": [], "events": []}


def stage(name: str, when: str) -> dict[str, Any]:
    return {"stage": name, "modality": "actual", "when": when}


def deal(key: str, *stages: dict[str, Any]) -> dict[str, Any]:
    return {"key": key, "supplier": ["RU"], "recipient": ["TR"], "equipment": "S-400", "stages": list(stages)}


def read(name: str) -> dict[str, Any]:
    folder = ROOT / "gold" / name
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def spoil(report: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A copy of a report with some things dropped, doubled or changed, so that every row of the score is tried."""
    spoilt = copy.deepcopy(report)
    for transfer in spoilt["transfers"]:
        change(transfer, chance, supplier=[chance.choice(PARTIES)], equipment=transfer["equipment"] + " II", quantity=None, value=None)
        for stage in transfer["stages"]:
            change(stage, chance, modality="possible", when="2019", stage="delivery")
    for statement in spoilt["statements"]:
        content = statement["content"]
        change(statement, chance, speaker="Mr " + statement["speaker"], as_written="he", content=content[: len(content) // 2 + 2], about=[])
    for event in spoilt["events"]:
        change(event, chance, plover="REQUEST", modality="planned", instrument="CAATSA", evidence=spoilt["text"][:40])
    for part in ("transfers", "statements", "events"):
        spoilt[part] = [thing for thing in spoilt[part] if chance.random() > 0.15]
        spoilt[part] += [copy.deepcopy(thing) for thing in spoilt[part] if chance.random() < 0.15]
    return spoilt


def change(thing: dict[str, Any], chance: random.Random, **changes: Any) -> None:
    for name, value in changes.items():
        if chance.random() < 0.2:
            thing[name] = value


def spoilt_rows(name: str, seed: int) -> dict[str, list[float]]:
    gold, chance = read(name), random.Random(seed)
    links = gold.pop("links", None)
    said = {key: spoil(report, chance) for key, report in gold.items()}
    said_links = links and {name: groups[: len(groups) // 2] for name, groups in links.items()}
    rows = score(gold, said, links, said_links).rows()
    return {title: [row.precision, row.recall, row.f1, row.gold, row.said] for title, row in rows.items()}


@pytest.mark.parametrize("case", json.loads(FROZEN.read_text(encoding="utf-8")), ids=lambda case: f"{case['gold']}-{case['seed']}")
def test_spoilt_gold_scores_as_frozen(case: dict[str, Any]) -> None:
    rows = spoilt_rows(case["gold"], case["seed"])
    assert rows == case["rows"]
    assert list(rows) == list(case["rows"])


def test_gold_scores_itself_in_full() -> None:
    gold = read("dev")
    links = gold.pop("links")
    tally = score(gold, gold, links, links)
    assert {row.f1 for row in tally.rows().values()} == {1.0}
    assert tally.errors == []


def test_nothing_said_scores_nothing_but_keeps_clean() -> None:
    rows = score(read_reports(), {}).rows()
    assert rows["transfers"] == Row(0.0, 0.0, 0.0, 1, 0)
    assert rows["no-transfer reports kept clean"] == Row(1.0, 1.0, 1.0, 1, 1)


def read_reports() -> dict[str, Any]:
    transfer = {"key": "t1", "supplier": ["RU"], "recipient": ["TR"], "equipment": "S-400", "quantity": None, "value": None, "stages": []}
    empty: dict[str, Any] = {"text": "Text.", "transfers": [], "statements": [], "events": [], "credits": []}
    return {"a": {**empty, "id": "a", "transfers": [transfer]}, "b": {**empty, "id": "b"}}


def test_errors_name_what_was_missed_and_made_up() -> None:
    gold = read_reports()
    said = copy.deepcopy(gold["a"])
    said["transfers"][0]["recipient"] = ["IN"]
    tally = Tally()
    score_report(gold["a"], said, tally)
    assert tally.errors == ["a transfer missed: ['RU']>['TR'] S-400", "a transfer made up: ['RU']>['IN'] S-400"]


@pytest.mark.parametrize(
    ("number", "hit"),
    [({"number": 4, "unit": "launcher"}, 1), ({"number": 5, "unit": "battery"}, 0), (None, 0)],
    ids=["same", "other", "none"],
)
def test_quantity_is_its_number(number: Any, hit: int) -> None:
    gold = read_reports()["a"]
    gold["transfers"][0]["quantity"] = {"number": 4, "unit": "battery"}
    said = copy.deepcopy(gold)
    said["transfers"][0]["quantity"] = number
    tally = Tally()
    score_report(gold, said, tally)
    assert tally.counts["quantity"] == [1, int(number is not None), hit]


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("S-400", "S-400 Triumf", True),
        ("S-400", "S-300", False),
        ("Bayraktar TB2", "TB2", True),
        ("F-35", None, False),
        (None, None, False),
    ],
)
def test_same_equipment(left: str | None, right: str | None, same: bool) -> None:
    assert same_equipment(left, right) is same


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Ines Okoro", "Okoro", True),
        ("Ines Okoro", "Ines Okafor", False),
        ("Russian Foreign Ministry", "Foreign Ministry", True),
        (None, None, True),
        ("Ines Okoro", None, False),
    ],
)
def test_same_name(left: str | None, right: str | None, same: bool) -> None:
    assert same_name(left, right) is same


def test_fold_keeps_letters_and_digits() -> None:
    assert fold("Éclair-2 «Mk. IV»") == "eclair2mkiv"


@pytest.mark.parametrize(
    ("gold", "said", "shared"), [("abcd", "abcd", 1.0), ("abcd", "cdef", 2 / 6), ("ab", "ef", 0.0), ("ab", "zz", 0.0), (None, "ab", 0.0)]
)
def test_overlap(gold: str | None, said: str | None, shared: float) -> None:
    assert overlap("abcdef", gold, said) == pytest.approx(shared)


def test_pairs_take_the_best_fit_first() -> None:
    nearness: Callable[[int, int], float] = lambda a, b: max(0.0, 3 - abs(a - b))  # noqa: E731
    assert pair_up([1, 5], [4, 5, 9], nearness) == [(5, 5)]


def test_links_are_scored_pair_by_pair() -> None:
    tally = Tally()
    score_links({"same_report": [["a", "b", "c"]]}, {"same_report": [["b", "a"], ["c", "d"]]}, tally)
    assert tally.counts["links: same_report"] == [3, 2, 1]


def test_paired_links_do_not_hang_on_the_order_of_a_report() -> None:
    first, second = stage("contract", "2017"), stage("contract", "2021")
    gold = {name: {**EMPTY, "id": name, "transfers": [deal("t1", first), deal("t2", second)]} for name in ("a", "b")}
    said = {"a": {"transfers": [deal("t1", second), deal("t2", first), deal("t3", first)]}, "b": gold["b"]}
    links = {"same_transfer": [["a#t1", "b#t1"], ["a#t2", "b#t2"]], "conflicts": [{"pair": ["a#t1", "b#t1"], "field": "value"}]}
    told = {"same_transfer": [["a#t2", "b#t1"], ["a#t1", "b#t2"], ["a#t3", "b#t1"]], "conflicts": []}
    counts = score(gold, said, links, told).counts
    assert counts["links: same_transfer"] == [2, 3, 0]
    assert counts["links: same_transfer, paired"] == [2, 3, 2]
    assert counts["links: conflicts, paired"] == [1, 0, 0]
