"""Tests of what only a record on PostgreSQL has: addresses and errors, the queue of writers, roles, accounts, and the same words found."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from sqlalchemy import inspect, text
from sqlalchemy.exc import ProgrammingError

from onrecord import review
from onrecord.api import Record, open_record
from onrecord.cli import main
from onrecord.errors import AssetMissing, BadInput, StoreError
from onrecord.export import EXPORTS
from onrecord.naming import shown
from onrecord.serve.app import make_app
from onrecord.store.accounts import Accounts
from onrecord.store.database import open_database, reading, writing
from onrecord.store.deals import settle
from onrecord.store.fulltext import find_documents
from onrecord.store.page_lists import search_statements
from onrecord.store.query import dump_tables
from onrecord.store.tables import RECORD
from onrecord.store.write import add_reports
from private_server import PASSWORD, PrivateServer
from reports import TEXT, make_report, record_of


@pytest.fixture
def address(server: PrivateServer) -> Iterator[str]:
    """The address of a database of a test's own, with an empty record in it."""
    name = server.new_database()
    yield server.address(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


def fill(record: Record, *keys: str) -> None:
    with writing(record.engine) as db:
        add_reports(db, [make_report(key, text=f"{TEXT} Told by {key}.") for key in keys], analysed_by="v1")
        settle(db)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("postgresql://ada:secret@127.0.0.1:1/arms", "nobody answers there"),
        ("postgresql://ada:secret@/arms?host=/none", "nobody answers there"),
        ("postgresql://ada:secret@localhost", "names no database"),
        ("mysql://ada:secret@localhost/arms", "is no address of a record; write postgresql://"),
        ("postgresql+psycopg2://ada:secret@localhost/arms", "is no address of a record"),
        ("postgresql://ada:secret@localhost:door/arms", "is no address of a record"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_without_its_password(record: str, said: str) -> None:
    with pytest.raises(StoreError) as error:
        open_database(record, create=True)
    assert said in str(error.value) and "secret" not in str(error.value)
    assert "secret" not in CliRunner().invoke(main, ["register", record]).output


def test_a_password_is_never_shown() -> None:
    assert shown("postgresql://ada:se@cret@db/arms?password=secret&host=x") == "postgresql://ada@db/arms?password=…&host=x"
    assert shown("my:odd@name.db") == "my:odd@name.db"


def test_who_is_not_let_in_and_what_is_not_there_is_said(server: PrivateServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    for record, said in (
        (server.address("none"), 'database "none" does not exist; make the database first: createdb'),
        (server.address("blank", user="nobody_knows"), 'role "nobody_knows" does not exist; the server knows no such user'),
        (server.address("blank", user="asked", password="wrong"), "the server does not let this user in"),
        (server.address("blank", user="asked"), "the server does not let this user in"),
    ):
        with pytest.raises(StoreError) as error:
            open_database(record)
        assert said in str(error.value) and "wrong" not in str(error.value)


def test_a_database_without_a_record_or_in_another_encoding_is_left_alone(server: PrivateServer) -> None:
    empty = server.new_database(empty=True)
    with pytest.raises(StoreError, match="no record in this database; make one with: onrecord add postgresql://"):
        open_database(server.address(empty))
    assert server.run("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", database=empty) == [(0,)]
    server.run("CREATE TABLE document (mine text)", database=empty)
    with pytest.raises(StoreError, match="tables of these names that are no record"):
        open_database(server.address(empty), create=True)
    assert server.run("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", database=empty) == [(1,)]
    server.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(StoreError, match="keeps text in LATIN1.*createdb -E UTF8"):
        open_database(server.address("latin"), create=True)
    server.run(f"DROP DATABASE {empty} WITH (FORCE)", "DROP DATABASE latin WITH (FORCE)")


def test_without_the_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(AssetMissing, match=r'psycopg is not installed.*pip install "onrecord\[postgres\]"'):
        open_database("postgresql://localhost/arms")


def test_the_tables_are_as_described_and_every_text_is_in_the_order_of_its_bytes(address: str) -> None:
    with open_record(address) as record:
        made = inspect(record.engine)
        for table in RECORD.sorted_tables:
            columns = made.get_columns(table.name)
            assert [(c["name"], c["nullable"]) for c in columns] == [(c.name, c.nullable) for c in table.columns], table.name
            wanted = [str(c.type.compile(record.engine.dialect)).replace("FLOAT", "DOUBLE PRECISION") for c in table.columns]
            assert [str(c["type"].compile(record.engine.dialect)).replace(' COLLATE "C"', "") for c in columns] == wanted, table.name
            assert {index["name"] for index in made.get_indexes(table.name) if not index.get("duplicates_constraint")} == {
                index.name for index in table.indexes
            }
        with reading(record.engine) as db:
            other = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text'"
            found = db.execute(text(f"{other} AND collation_name IS DISTINCT FROM 'C' AND table_name != 'migration'")).all()
    assert [row for row in found if row.table_name in RECORD.tables] == []


def test_openers_at_once_make_one_record(server: PrivateServer) -> None:
    name = server.new_database(empty=True)
    with ThreadPoolExecutor(4) as pool:
        engines = list(pool.map(lambda _: open_database(server.address(name), create=True), range(4)))
    for engine in engines:
        engine.dispose()
    assert server.run("SELECT count(*), count(DISTINCT number) FROM migration", database=name)[0][0] > 7
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


def test_writers_at_once_lose_nothing_and_count_without_gaps(address: str) -> None:
    def write(number: int) -> None:
        with open_record(address) as own:
            for turn in range(3):
                fill(own, f"{number}-{turn}")
                review.accept(own, f"{number}-{turn}#t1", by=f"Reader {number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with open_record(address) as record:
        with reading(record.engine) as db:
            tables = dump_tables(db)
        assert [row["number"] for row in tables["document"]] == list(range(1, 13))
        assert [row["number"] for row in tables["act"]] == list(range(1, 13))
        assert {row["state"] for row in tables["act_state"]} == {"applied"}
        assert sum(row.reports for row in record.register()) == 12


def test_a_reader_sees_one_state_however_much_is_written_beside_him(address: str) -> None:
    with open_record(address) as record, reading(record.engine) as db:
        assert db.execute(text("SELECT count(*) FROM document")).scalar() == 0
        with open_record(address) as other:
            fill(other, "one")
        assert db.execute(text("SELECT count(*) FROM document")).scalar() == 0
        with pytest.raises(StoreError, match="read-only transaction"), reading(record.engine) as mine:
            mine.execute(text("DELETE FROM document"))


ODD = (
    "Élysée İstanbul ﬁne naïve наука, S-400 2.5 U.S. “quoted” e\u0301t\u00e9 العربية 漢字かな a_b o'neil ÅNGSTRÖM ß."
    " New: sale of S-400 systems. "
)
LONG = "Brigade and battery moved on. " * 4000 + "The unmistakable zeppelin was sold. " + "More was told of it later. " * 2000
SEARCHES = [
    "S-400", "BATTERIES july", '"sold 4"', '"4 sold"', "norland sudland", "told", "elysee", "ISTANBUL", "naive", "наука", "ete", "angstrom",
    "a_b", "o'neil", "漢字かな", "2.5", "u.s", '"unmistakable zeppelin"', "brigade battery", '"battery moved"', "report", "none",
    "NOT batteries", '"two', "*", "sale OR s", "said minister norland", '"later more" told', "العربية", "ß",
]  # fmt: skip


def test_the_same_words_find_the_same_in_the_same_order_with_the_same_marks(address: str, tmp_path: Path) -> None:
    """Ranks and snippets are worked out by us on PostgreSQL and by FTS5 in a file."""
    texts = [TEXT, TEXT + " " + ODD, f"{TEXT} {ODD * 9}", f"{TEXT} {LONG}", TEXT + " Told, told and told: S-400 batteries. " * 300]
    reports = [make_report(f"r{n}", text=words, published=f"2019-07-{n + 1:02}") for n, words in enumerate(texts)]
    reports.append(make_report("s-400 told", text=f"{TEXT} Nothing else."))
    file, server = record_of(tmp_path, *reports), open_record(address)
    with writing(server.engine) as db:
        add_reports(db, reports, analysed_by="v1")
        settle(db)
    found = 0
    for words in SEARCHES:
        told = []
        for record in (file, server):
            with reading(record.engine) as db:
                try:
                    told.append((find_documents(db, words, limit=4), search_statements(db, words), record.search(words)))
                except BadInput as error:
                    told.append(str(error))  # type: ignore[arg-type]
            said = [statement.finding for statement in record.statements(about=words)] if words != "*" else []
            told[-1] = (told[-1], said)  # type: ignore[assignment]
        assert told[0] == told[1], words
        found += len(told[0][0][0]) > 0  # type: ignore[index]
    assert found > 20
    review.correct(server, "r1#t1:quantity", "5 batteries", by="Ada", why="a\x00b")
    assert review.acts(server)[0].act.why == "a\ufffdb" and server.search("bat\x00teries") == []
    with writing(server.engine) as db:
        add_reports(db, reports[:2], analysed_by="v2")
    with writing(file.engine) as db:
        add_reports(db, reports[:2], analysed_by="v2")
    assert server.search("glad s-400") == file.search("glad s-400")
    file.close()
    server.close()


@pytest.mark.parametrize("form", sorted(set(EXPORTS) - {"xlsx"}))
def test_an_export_is_the_same_byte_for_byte(address: str, tmp_path: Path, form: str) -> None:
    reports = [
        make_report("one"), make_report("zwei", number=6, outlet="Ärger", text=TEXT + " Ü."),
        make_report("b", recipient="IN", text="“" + TEXT), make_report("B", supplier="US", published=None, text=TEXT + " B."),
    ]  # fmt: skip
    with record_of(tmp_path, *reports) as file, open_record(address) as server:
        with writing(server.engine) as db:
            add_reports(db, reports, analysed_by="v1")
            settle(db)
        assert server.register() == file.register() and server.changes("2019-07-01") == file.changes("2019-07-01")
        assert list(server.statements()) == list(file.statements()) and server.counts() == file.counts()
        written = []
        for record, name in ((file, "file"), (server, "server")):
            record.export(form, tmp_path / name)
            parts = sorted((tmp_path / name).rglob("*")) if (tmp_path / name).is_dir() else [tmp_path / name]
            written.append([part.read_bytes() for part in parts if part.is_file()])
        assert written[0] == written[1] and written[0]


def test_the_pages_say_the_same_of_a_record_on_a_server(address: str, tmp_path: Path) -> None:
    reports = [make_report("one"), make_report("two", number=6, text=TEXT + " Two.", published="2019-08-02", outlet="The Lantern")]
    with record_of(tmp_path, *reports) as file, open_record(address) as server:
        with writing(server.engine) as db:
            add_reports(db, reports, analysed_by="v1")
            settle(db)
        deal, report = server.register()[0].deal, server.search("batteries")[0].document
        asked = ["/register", "/register?supplier=RU&as_of=2019-07-30", f"/deals/{deal}", f"/reports/{report}", "/reports", "/people"]
        asked += ["/people/Ada%20Ek", "/bodies/Norland", "/states", "/states/RU", "/sources", "/changes?since=2019-07-21"]
        pages = [TestClient(make_app(record)) for record in (file, server)]
        for path in [*asked, "/search?words=batteries+glad", "/sources/The%20Lantern"]:
            one, other = (page.get(path, headers={"accept": "application/json"}) for page in pages)
            assert one.status_code == other.status_code == 200 and one.json() == other.json(), path


@pytest.fixture
def users(server: PrivateServer) -> Iterator[Callable[[str], str]]:
    """users(name) makes a user of the server; all are gone after the test, with their rights."""
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name.replace('"', '""'))
        server.run(f'CREATE ROLE "{made[-1]}" LOGIN')
        return name

    yield make
    for name in made:
        for (database,) in server.run("SELECT datname FROM pg_database WHERE datallowconn AND datname != 'template1'"):
            server.run(f'DROP OWNED BY "{name}"', database=str(database))
        server.run(f'DROP ROLE "{name}"')


def refused(address: str, *statements: str) -> None:
    """Each of these is refused to whoever the address names."""
    engine = open_database(address)
    for statement in statements:
        with pytest.raises(ProgrammingError, match="permission denied|must be owner"), engine.begin() as db:
            db.execute(text(statement))
    engine.dispose()


WRITES = (
    "DELETE FROM document", "UPDATE claim SET quote = 'x'", "UPDATE act SET person = 'Bo'", "DELETE FROM act", "DELETE FROM act_target",
    "INSERT INTO finding SELECT * FROM finding", "DELETE FROM history", "UPDATE document_words SET length = 0", "DROP TABLE act",
    "TRUNCATE act", "CREATE TABLE mine (x int)", "DELETE FROM waiting_act", "UPDATE act_target SET root = 'x'", "DELETE FROM written",
)  # fmt: skip


def test_a_reader_reads_and_a_reviewer_only_appends_acts(server: PrivateServer, address: str, users: Callable[[str], str]) -> None:
    run = CliRunner().invoke
    database = address.split("/")[3].split("?")[0]
    ada, bo = (server.address(database, user=users(name)) for name in ("ada", 'b"o%d'))
    with open_record(address) as owner:
        fill(owner, "one")
    with pytest.raises(StoreError, match="permission denied.*onrecord grant RECORD USER"):
        open_record(ada, create=False)
    assert "ada may read now" in run(main, ["grant", address, "ada", "read"]).output
    assert "may review now" in run(main, ["grant", address, 'b"o%d', "review"]).output
    assert run(main, ["grant", address]).output.splitlines() == ["ada  read", 'b"o%d  review', "onrecord  admin"]
    refused(ada, *WRITES, "INSERT INTO act SELECT * FROM act", "INSERT INTO waiting_act VALUES (1)")
    refused(server.address(database, user='b"o%d'), *WRITES, "INSERT INTO unnoted VALUES (7)")
    with open_record(ada, create=False) as reader:
        assert len(reader.register()) == 1 and reader.search("batteries") and reader.check() == []
        with pytest.raises(StoreError, match="permission denied"):
            review.accept(reader, "one#t1", by="Ada")
    with open_record(bo, create=False) as reviewer:
        act = review.correct(reviewer, "one#t1:quantity", "7 batteries", by="Bo", why="counted")
        review.remark(reviewer, "one#t1", "odd", by="Bo")
        assert reviewer.register()[0].quantity == {"number": 4, "unit": "battery"}
    with open_record(address) as owner:
        assert owner.register()[0].quantity == {"number": 7, "unit": "battery"}
        assert [done.outcomes[0].state for done in review.acts(owner)][0] == "applied" and act.number == 1
    with open_record(bo, create=False) as reviewer:
        review.undo(reviewer, 1, by="Bo")
        with pytest.raises(StoreError, match="only the owner"), writing(reviewer.engine) as db:
            from onrecord.store.roles import grant

            grant(db, "ada", "admin")
    with open_record(address) as owner:
        assert owner.register()[0].quantity == {"number": 4, "unit": "battery"}
    assert "no right any more" in run(main, ["grant", address, "ada", "none"]).output
    with pytest.raises(StoreError, match="permission denied"):
        open_record(ada, create=False)


def test_an_admin_does_everything_and_nobody_else_reads_the_accounts(
    server: PrivateServer, address: str, users: Callable[[str], str]
) -> None:
    database = address.split("/")[3].split("?")[0]
    Accounts(address).add("Ada Ek", "reviewer", "hash")
    for name, role in (("eve", "admin"), ("rea", "read")):
        assert CliRunner().invoke(main, ["grant", address, users(name), role]).exit_code == 0
    with open_record(server.address(database, user="eve"), create=False) as admin:
        fill(admin, "one", "two")
        review.accept(admin, "one#t1", by="Eve")
        own = Accounts(admin.engine)
        own.add("Bo Ek", "reader", "hash")
        assert [one.name for one in own.all()] == ["Ada Ek", "Bo Ek"]
    with pytest.raises(StoreError, match="permission denied for schema public_accounts"):
        Accounts(server.address(database, user="rea")).all()
    unknown = CliRunner().invoke(main, ["grant", address, "nobody_knows", "read"])
    assert unknown.exit_code == 2 and "the server has no user 'nobody_knows'" in unknown.output


def test_users_of_a_file_are_those_of_its_rights(tmp_path: Path) -> None:
    record_of(tmp_path, make_report()).close()
    done = CliRunner().invoke(main, ["grant", str(tmp_path / "record.db"), "ada", "read"])
    assert done.exit_code == 2 and "onrecord account RECORD add NAME" in done.output


def test_accounts_stand_on_the_server_and_are_not_made_twice(address: str) -> None:
    own = Accounts(address)
    assert not own.exist() and own.password_of("Ada Ek") is None and own.may_try(("Ada Ek", 1))

    def add(_: int) -> str:
        mine = Accounts(address)
        try:
            return mine.add("Ada Ek", "admin", "hash").name
        except BadInput as error:
            return str(error)[:22]
        finally:
            mine.close()

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(add, range(3))) == ["Ada Ek", "there is an account Ad", "there is an account Ad"]
    token = own.begin_session("Ada Ek")
    session = own.session(token)
    assert session is not None and session.account.role == "admin" and own.session(token + "x") is None
    own.note_failure("Ada Ek", "10.0.0.1")
    assert not own.may_try(("Ada Ek", 1)) and own.may_try(("Ada Ek", 2))
    own.forget_failures("Ada Ek")
    own.set_password("Ada Ek", "other")
    assert own.session(token) is None and own.password_of("Ada Ek") == "other"
    own.remove("Ada Ek")
    assert own.all() == []
    own.close()


def test_a_user_with_a_password_is_let_in_by_it(server: PrivateServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with pytest.raises(StoreError, match="permission denied"):
        open_record(server.address("blank", user="asked"), create=False)
