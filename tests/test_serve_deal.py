"""The pages of a deal and of a report: their words, their disagreements, their copies, and what is not on record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from onrecord.api import Record
from onrecord.deal_cells import Cell, Evidence
from onrecord.serve.marked import paragraphs, side_by_side
from onrecord.serve.timeline import NARROW, NEAR, WIDE, Sheet, draw_timeline
from onrecord.store.pages import Marked
from page_records import LONGER, client_of, make_record, some_reports
from reports import make_report


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    copies = [make_report("copy", published="2019-08-03", outlet="The Echo", text=LONGER)]
    with make_record(tmp_path_factory.mktemp("record") / "r.db", [*some_reports(), *copies]) as made:
        yield made


@pytest.fixture(scope="module")
def client(record: Record) -> TestClient:
    return client_of(record)


def deal_of(record: Record, equipment: str) -> str:
    return next(row.deal for row in record.register() if row.equipment == equipment)


class Text(HTMLParser):
    """What a page shows of one element, by its id or class."""

    def __init__(self, page: str, name: str) -> None:
        super().__init__()
        self.name, self.depth, self.shown, self.found = name, 0, "", 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = any(self.name in (value or "").split() for key, value in attrs if key in ("id", "class"))
        self.found += wanted
        if tag not in ("br", "input", "link", "meta") and (self.depth or wanted):
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= bool(self.depth)

    def handle_data(self, data: str) -> None:
        self.shown += data if self.depth else ""


def test_a_deal_shows_both_sides_of_a_disagreement(client: TestClient, record: Record) -> None:
    deal = deal_of(record, "S-400")
    page = client.get(f"/deals/{deal}").text
    fields = {dispute["field"] for dispute in client.get(f"/deals/{deal}.json").json()["disputes"]}
    assert fields == {"delivery.modality", "quantity"}
    sides = Text(page, "sides").shown
    for words in ("4 batteries", "6 batteries", "delivery denied", "delivery happened 2019-07", "The Courier", "The Lantern"):
        assert words in sides, words


def test_each_point_of_the_timeline_opens_its_words(client: TestClient, record: Record) -> None:
    page = client.get(f"/deals/{deal_of(record, 'S-400')}").text
    drawings = re.findall(r"<svg class=\"timeline (?:wide|narrow)\".*?</svg>", page, re.DOTALL)
    assert len(drawings) == 2
    for drawing in drawings:
        for address in re.findall(r'<a href="(/reports/[^"#]+)#words"', drawing):
            assert Text(client.get(address).text, "words").shown == "Delivery began in July 2019"
        assert {"m-actual", "m-denied"} <= set(re.findall(r'class="(m-\w+)"', drawing))


def test_linked_deals_are_told(client: TestClient, record: Record) -> None:
    linked = client.get(f"/deals/{deal_of(record, 'S-400')}.json").json()["linked"]
    assert {"how": "rival", "deal": deal_of(record, "Patriot")} in linked


def test_a_deal_as_known_on_a_day_and_by_the_start_of_its_id(client: TestClient, record: Record) -> None:
    deal = deal_of(record, "S-400")
    then = client.get(f"/deals/{deal[:8]}.json?as_of=2019-07-31").json()
    assert then["deal"]["reports"] == 1 and then["disputes"] == []
    assert "as known on 2019-07-31" in client.get(f"/deals/{deal}?as_of=2019-07-31").text


def test_a_deal_is_handed_out_as_one_page(client: TestClient, record: Record) -> None:
    from onrecord.serve.handout import deal_page

    deal = deal_of(record, "S-400")
    answer = client.get(f"/deals/{deal}/alone?as_of=2019-07-31")
    assert answer.content == deal_page(record, deal, as_of="2019-07-31")
    assert answer.headers["content-disposition"] == f'attachment; filename="deal-{deal[:12]}.html"'
    assert client.get("/deals/abc123/alone").status_code == 404


def test_the_head_alone_is_answered(client: TestClient) -> None:
    assert client.head("/register").status_code == 200 and client.head("/nowhere").status_code == 404


@pytest.mark.parametrize(
    "address", ["/deals/abc123", "/deals/%20", "/deals/..%2F..", "/reports/none", "/nowhere", "/reports/x/beside/y", "/deals/S-400"]
)
def test_what_is_not_on_record_is_not_found(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404
    assert client.get(address, headers={"accept": "application/json"}).json()["status"] == 404


def test_a_report_by_its_own_key_marks_what_is_on_record(client: TestClient) -> None:
    page = client.get("/reports/one").text
    assert Text(page, "k-transfer").found >= 5
    assert Text(page, "text").shown.split() == LONGER.split() or "Norland sold 4 S-400 batteries" in Text(page, "text").shown
    assert Text(page, "found").found == 3 and "Ada Ek" in page and "agree" in Text(page, "beside").shown
    view = client.get("/reports/one.json").json()["view"]
    assert all(view["text"][claim["start"] : claim["end"]] for claim in view["claims"])


def test_words_pointed_at_are_marked_whole_though_claims_overlap_them(client: TestClient) -> None:
    text = client.get("/reports/one.json").json()["view"]["text"]
    start = text.index("sold 4")
    page = client.get(f"/reports/one?words={start}-{start + 20}").text
    assert Text(page, "wanted").shown == text[start : start + 20]
    assert page.count('id="words"') == 1


@pytest.mark.parametrize("words", ["9-3", "0-99999", "a-b", "", "-1-4", "3"])
def test_words_that_are_none_are_ignored(client: TestClient, words: str) -> None:
    page = client.get("/reports/one", params={"words": words})
    assert page.status_code == 200 and 'id="words"' not in page.text


def test_copies_are_told_and_set_side_by_side(client: TestClient) -> None:
    copies = client.get("/reports/two.json").json()["view"]["copies"]
    assert [copy["how"] for copy in copies if copy["report"]["outlet"] == "The Echo"] == ["exact"]
    assert client.get("/reports/two/beside/copy").status_code == 200
    compared = client.get("/reports/two/beside/one.json").json()["compared"]
    assert " ".join(part["left"] for part in compared if part["left"]).split() == LONGER.split()
    assert any(part["same"] and "S-400 batteries to Sudland" in part["left"] for part in compared)


def test_short_runs_in_common_are_no_common_words() -> None:
    compared, whole = side_by_side("the old town of Sudland sold it", "the new harbour of Norland lost all")
    assert whole and [part.same for part in compared] == [False]


def test_long_texts_are_compared_as_far_as_a_bound() -> None:
    compared, whole = side_by_side("word " * 10_000, "word " * 10_000)
    assert not whole and sum(len(part.left) for part in compared) < 20_000


def test_a_text_is_shown_whole_whatever_is_marked_in_it() -> None:
    text = "One two.\n\nThree four five."
    claims = [
        Marked("f", kind, "k", "", "", "x", None, start, end, False, "")
        for kind, start, end in (("transfer", 0, 12), ("event", 4, 20), ("stage", 4, 7))
    ]
    shown = paragraphs(text, claims, [(10, 15)], wanted=(5, 14))
    assert ["".join(piece.text for piece in pieces) for pieces in shown] == ["One two.", "Three four five."]


def cell(stage: str, when: str | None, *, modality: str = "actual", first: str = "2020-05-01") -> Cell:
    value = {"stage": stage, "modality": modality, "when": when, "according_to": None}
    return Cell("stage", value, 1, 1, 1, first, first, False, Evidence("w", "d", "k", 0, 1, "o", first, "t"))


def test_a_bar_is_as_long_as_a_date_is_vague() -> None:
    drawn = draw_timeline([cell("contract", "2017"), cell("contract", "2019-03-02"), cell("delivery", "2019/2021")])
    assert drawn is not None
    year, day = drawn.lanes[0].points
    assert day.bar[0] == day.bar[1] and year.bar[1] - year.bar[0] > 50
    span = drawn.lanes[1].points[0].bar
    assert span[1] - span[0] > 2.5 * (year.bar[1] - year.bar[0])
    assert [lane.stage for lane in drawn.lanes] == ["contract", "delivery"]


@pytest.mark.parametrize("sheet", [WIDE, NARROW])
@pytest.mark.parametrize("when", ["2019/..", "../2019", "2019-02~", "2019?", None, "soon", "0001", "9999-12-31", "2019-02-31"])
def test_any_date_is_drawn(when: str | None, sheet: Sheet) -> None:
    drawn = draw_timeline([cell("contract", when), cell("delivery", "2020-01")], sheet)
    assert drawn is not None and len(drawn.ticks) <= sheet.most_ticks + 1
    assert all(drawn.gutter <= point.x <= drawn.width for lane in drawn.lanes for point in lane.points)


def test_the_first_month_of_the_axis_tells_its_year() -> None:
    drawn = draw_timeline([cell("contract", "2019-03-02"), cell("delivery", "2019-07")])
    assert drawn is not None and [label for _, label in drawn.ticks] == ["Mar 2019", "Apr", "May", "Jun", "Jul", "Aug"]


def test_points_of_one_day_do_not_hide_each_other() -> None:
    drawn = draw_timeline([cell("contract", "2019-03-02", first=f"2020-01-0{number}") for number in range(1, 6)])
    assert drawn is not None
    places = [(point.x, point.y) for point in drawn.lanes[0].points]
    assert len(set(places)) == 5
    assert all(abs(a[1] - b[1]) >= NEAR or abs(a[0] - b[0]) >= NEAR for n, a in enumerate(places) for b in places[n + 1 :])


def test_no_stage_no_timeline() -> None:
    assert draw_timeline([]) is None
    assert draw_timeline([replace(cell("contract", None), first_said="", last_said="")]) is None
