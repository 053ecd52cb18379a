"""The pages in a real browser: on a desk and a telephone, in light and dark, by the rules of axe-core, with hostile texts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
import uvicorn

from onrecord.api import Record
from onrecord.serve.app import make_app
from page_records import hostile_report, make_record, some_reports

BROWSER = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium here; on Debian and Ubuntu: apt-get install -y chromium")
# The sandbox needs rights that a container lacks; the rest keeps the browser from calling home.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
PATIENCE = 150
WIDTHS = {"desk": (1280, 800), "telephone": (390, 780)}
PAGES = {
    "register": "/register",
    "filtered": "/register?state=TR&sort=equipment",
    "empty": "/register?year=1950",
    "deal": "/deals/{deal}",
    "deal then": "/deals/{deal}?as_of=2019-07-31",
    "report": "/reports/two?words=13-24#words",
    "beside": "/reports/one/beside/two",
    "changes": "/changes?since=2000-01-01",
    "states": "/states",
    "state": "/states/TR",
    "people": "/people",
    "person": "/people/Ada Ek",
    "body": "/bodies/Norland",
    "search": "/search?q=glad",
    "sources": "/sources",
    "source": "/sources/The Courier",
    "reports": "/reports",
    "interface": "/api",
    "sign in": "/sign-in",
    "nowhere": "/nowhere",
    "hostile": "/reports/hostile?words=0-20",
    "hostile deal": "/deals/{hostile}",
}
HOSTILE = "<script>window.broken=1</script><svg onload=window.broken=1>\u202e" + "W" * 400


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with make_record(tmp_path_factory.mktemp("record") / "r.db", [*some_reports(), hostile_report(HOSTILE)]) as made:
        yield made


@contextmanager
def served(record: Record) -> Iterator[str]:
    """The address of a server of the record's pages."""
    server = uvicorn.Server(uvicorn.Config(make_app(record), port=0, log_level="error"))
    thread = Thread(target=server.run)
    thread.start()
    end = monotonic() + PATIENCE
    while not server.started and monotonic() < end:
        sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def address(record: Record) -> Iterator[str]:
    with served(record) as place:
        yield place


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield opened
        opened.close()


@contextmanager
def window(browser: Any, *, size: str = "desk", colours: str = "light", scripts: bool = True) -> Iterator[tuple[Any, list[str]]]:
    """A page of the browser, and what it complains of."""
    width, height = WIDTHS[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=colours, java_script_enabled=scripts)
    # A machine that does much else at once takes its time; what is waited for is told by what comes, never by the clock.
    context.set_default_timeout(PATIENCE * 1000)
    page, complaints = context.new_page(), list[str]()
    # The failed load of a page that is not there is the test's own doing.
    page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") and "404" not in told.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page, complaints
    finally:
        context.close()


def places(record: Record, address: str) -> dict[str, str]:
    deals = {row.equipment: row.deal for row in record.register()}
    hostile = next(deal for equipment, deal in deals.items() if "<script>" in equipment)
    return {name: address + path.format(deal=deals["S-400"], hostile=hostile) for name, path in PAGES.items()}


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", WIDTHS)
def test_every_page_fits_its_window_and_breaks_no_rule_of_axe(browser: Any, record: Record, address: str, size: str, colours: str) -> None:
    found: list[str] = []
    with window(browser, size=size, colours=colours) as (page, complaints):
        for name, place in places(record, address).items():
            page.goto(place)
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found += [f"{name}: {over} px too wide"] if over > 0 else []
            found += [f"{name}: {text}" for text in complaints]
            complaints.clear()
            page.evaluate(AXE)
            told = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            found += [
                f"{name}: {broken['id']} at {broken['nodes'][0]['target']}"
                for broken in told["violations"]
                if broken["impact"] in ("serious", "critical")
            ]
    assert found == []


def test_nothing_of_a_hostile_text_runs(browser: Any, record: Record, address: str) -> None:
    with window(browser) as (page, complaints):
        for name in ("hostile", "hostile deal", "register", "changes"):
            page.goto(places(record, address)[name])
            assert page.evaluate("window.broken") is None and page.evaluate("document.scripts.length") <= 1, name
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.broken=1>')")
        end = monotonic() + PATIENCE
        while not any("Content Security Policy" in text for text in complaints) and monotonic() < end:
            page.wait_for_timeout(50)
        assert page.evaluate("window.broken") is None, "the policy stops what escaping would not"
        assert any("Content Security Policy" in text for text in complaints)


def test_a_reader_without_scripts_goes_from_the_register_to_the_words(browser: Any, address: str) -> None:
    with window(browser, scripts=False) as (page, _):
        page.goto(address + "/register")
        page.select_option("select[name=recipient]", "TR")
        page.get_by_role("button", name="Filter").click()
        assert page.locator("table.register tbody tr").count() == 2
        page.get_by_role("link", name="S-400").click()
        page.locator("svg.timeline a").first.click()
        assert page.locator("mark.wanted").first.inner_text() == "Delivery began in July 2019"
        assert page.locator("#words").is_visible()


def test_signs_of_modality_differ_without_colour(browser: Any, address: str) -> None:
    with window(browser) as (page, _):
        page.goto(address + "/register")
        page.emulate_media(forced_colors="active")
        drawn = {page.locator(".legend svg").nth(place).inner_html() for place in range(5)}
        assert len(drawn) == 5


def test_on_paper_the_filters_and_the_way_about_are_left_out(browser: Any, address: str) -> None:
    with window(browser) as (page, _):
        page.goto(address + "/register")
        page.emulate_media(media="print")
        assert not page.locator(".filters").is_visible() and page.locator("table.register").is_visible()


def test_one_page_of_a_deal_opens_from_a_file(browser: Any, record: Record, tmp_path: Path) -> None:
    from onrecord.serve.handout import deal_page

    deals = {row.equipment: row.deal for row in record.register()}
    (tmp_path / "deal.html").write_bytes(deal_page(record, deals["S-400"]))
    with window(browser, size="telephone") as (page, complaints):
        page.goto((tmp_path / "deal.html").as_uri())
        assert page.locator("svg.timeline circle").first.evaluate("sign => getComputedStyle(sign).fill") != "rgb(0, 0, 0)", (
            "its style is on"
        )
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert complaints == []


def test_the_queue_is_walked_and_decided_by_keyboard(browser: Any, tmp_path: Path) -> None:
    from onrecord import review
    from onrecord.serve.passwords import hash_password
    from onrecord.store.accounts import Accounts

    with make_record(tmp_path / "r.db", some_reports()) as record:
        Accounts(tmp_path / "r.db").add("Ada Ek", "reviewer", hash_password("four words in a row"))
        with served(record) as place, window(browser) as (page, complaints):
            page.goto(place + "/review")
            # A browser gives a field its autofocus when it draws, which a busy machine does after the page has loaded.
            page.wait_for_function("document.activeElement.name === 'name'")
            page.keyboard.type("Ada Ek")
            page.keyboard.press("Tab")
            page.keyboard.type("four words in a row")
            page.keyboard.press("Enter")
            page.wait_for_url("**/review")
            assert page.locator("[data-item]").count() >= 2
            for key, expected in (("j", "item-1"), ("j", "item-2"), ("k", "item-1")):
                page.keyboard.press(key)
                page.wait_for_function(f"document.activeElement.id === '{expected}'")
            page.keyboard.press("w")
            page.keyboard.type("both papers say so")
            page.keyboard.press("Escape")
            page.keyboard.press("a")
            page.wait_for_url("**/review?done=1")
            assert [(done.act.verb, done.act.by, done.act.why) for done in review.acts(record)] == [
                ("accept", "Ada Ek", "both papers say so")
            ]
            page.get_by_role("button", name="Undo it").click()
            page.wait_for_url("**/review?done=2")
            assert review.acts(record)[0].undone and complaints == []


@pytest.mark.parametrize("size", WIDTHS)
def test_the_pages_of_reviewers_fit_and_break_no_rule_of_axe(browser: Any, tmp_path: Path, size: str) -> None:
    from onrecord.serve.passwords import hash_password
    from onrecord.store.accounts import Accounts

    with make_record(tmp_path / "r.db", some_reports()) as record:
        Accounts(tmp_path / "r.db").add("Ada Ek", "admin", hash_password("four words in a row"))
        deal = next(row.deal for row in record.register() if row.equipment == "S-400")
        with served(record) as place, window(browser, size=size) as (page, complaints):
            page.goto(place + "/review")
            page.fill("input[name=name]", "Ada Ek")
            page.fill("input[name=password]", "four words in a row")
            page.keyboard.press("Enter")
            page.wait_for_url("**/review")
            page.locator("button[value=accept]").first.click()
            page.wait_for_url("**/review?done=1")
            for path in ("/review", "/acts", "/accounts", f"/deals/{deal}", "/reports/one", "/people/Ada Ek"):
                page.goto(place + path)
                page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
                page.evaluate(AXE)
                told = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
                assert [broken["id"] for broken in told["violations"] if broken["impact"] in ("serious", "critical")] == [], path
                assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
            assert complaints == []


def test_words_marked_in_a_report_fill_the_form(browser: Any, tmp_path: Path) -> None:
    from onrecord.serve.passwords import hash_password
    from onrecord.store.accounts import Accounts

    with make_record(tmp_path / "r.db", some_reports()) as record:
        Accounts(tmp_path / "r.db").add("Ada Ek", "reviewer", hash_password("four words in a row"))
        with served(record) as place, window(browser) as (page, _):
            page.goto(place + "/sign-in?back=%2Freports%2Fone")
            page.fill("input[name=name]", "Ada Ek")
            page.fill("input[name=password]", "four words in a row")
            page.keyboard.press("Enter")
            page.wait_for_url("**/reports/one")
            page.get_by_text("Add what was missed").click()
            page.locator("form[action='/review/add'] input[name=words]").nth(1).focus()
            mark = page.locator("article.text mark").first
            marked = mark.inner_text()
            mark.dblclick()
            assert page.locator("form[action='/review/add'] input[name=words]").nth(1).input_value().strip() in marked
            assert page.locator("form[action='/review/add'] input[name=words]").nth(1).input_value()
