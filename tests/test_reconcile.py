"""Tests of reconcile/: SIPRI's columns and conventions, other tables by a mapping, what is in both and where it differs, hostile files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli import main
from onrecord.errors import BadInput
from onrecord.reconcile.comparing import Both, Compared, Reconciled
from onrecord.reconcile.lines import Line, Number, Years, read_table
from onrecord.reconcile.mapping import Mapped, read_mapping
from onrecord.reconcile.matching import goods_alike
from onrecord.reconcile.written import as_csv, as_json
from reports import OWN_TEXT, TEXT, make_report, record_of

HEAD = (
    "Recipient,Supplier,Year of order,,Number ordered,,Weapon designation,Weapon description,Number delivered,,Year(s) of delivery,status,"
    "Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons"
)
PREAMBLE = "A register of transfers\nwritten for this test\n\n'?' marks doubt\n" + "\n" * 7
ORDERED = [("contract", "actual", "2017-12"), ("delivery", "actual", "2019-07")]


def sipri(path: Path, *lines: str, encoding: str = "cp1252") -> Path:
    out = path / "register.csv"
    out.write_bytes((PREAMBLE + HEAD + "\n" + "\n".join(lines) + "\n").encode(encoding))
    return out


def line(
    recipient: str = "Turkey",
    supplier: str = "Russia",
    year: str = "2017",
    ordered: str = "4",
    weapon: str = "S-400",
    delivered: str = "",
    years: str = "",
    doubts: tuple[str, str, str] = ("", "", ""),
) -> str:
    cells = [
        recipient,
        supplier,
        year,
        doubts[0],
        ordered,
        doubts[1],
        weapon,
        "SAM system",
        delivered,
        doubts[2],
        years,
        "New",
        "",
        "1",
        "4",
        "4",
    ]
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def read(path: Path, *lines: str, mapped: Mapped | None = None) -> list[Line]:
    return list(read_table(sipri(path, *lines), mapped or Mapped()).lines)


def cells_of(both: Both) -> dict[str, Compared]:
    return {cell.cell: cell for cell in both.cells}


def verdicts(found: Reconciled) -> dict[str, str]:
    (both,) = found.both
    return {name: cell.verdict for name, cell in cells_of(both).items()}


def test_a_line_of_sipri_is_read_by_its_conventions(tmp_path: Path) -> None:
    (found,) = read(tmp_path, line(year="(2017)", ordered="100", delivered="30", years="2019; 2020", doubts=("", "?", "")))
    assert (found.recipient, found.supplier, found.designation, found.description) == ("TR", "RU", "S-400", "SAM system")
    assert found.order_year == Years((2017,), True) and found.ordered == Number(100.0, True)
    assert found.delivered == Number(30.0, False) and found.delivery_years == Years((2019, 2020), False)
    assert found.number == PREAMBLE.count("\n") + 2


@pytest.mark.parametrize("unknown", [". .", "..", "", "n/a", "-"])
def test_unknown_is_no_value(tmp_path: Path, unknown: str) -> None:
    (found,) = read(tmp_path, line(year=unknown, ordered=unknown, delivered=unknown, years=unknown))
    assert (found.order_year, found.ordered, found.delivered, found.delivery_years) == (None,) * 4


@pytest.mark.parametrize(
    ("years", "wanted"),
    [
        ("2019", (2019,)),
        ("2017-2019", (2017, 2018, 2019)),
        ("2017\u201319", (2017, 2018, 2019)),
        ("(2015); 2017", (2015, 2017)),
        ("1890", None),
    ],
)
def test_years_are_read_in_every_form(tmp_path: Path, years: str, wanted: tuple[int, ...] | None) -> None:
    (found,) = read(tmp_path, line(years=years))
    assert (found.delivery_years.years if found.delivery_years else None) == wanted


@pytest.mark.parametrize(
    ("number", "wanted"), [("1,000", 1000), ("1 000", 1000), ("(12)", 12), ("c. 30", 30), ("1.200", 1200), ("2.5", 2.5)]
)
def test_numbers_are_read_in_every_form(tmp_path: Path, number: str, wanted: float) -> None:
    (found,) = read(tmp_path, line(ordered=number))
    assert found.ordered is not None and found.ordered.value == wanted


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Turkiye", "TR"),
        ("Türkiye", "TR"),
        ("United States", "US"),
        ("United Kingdom", "GB"),
        ("South Korea", "KR"),
        ("North Korea", "KP"),
        ("Viet Nam", "VN"),
        ("UAE", "AE"),
        ("Czechia", "CZ"),
        ("Czech Republic", "CZ"),
        ("Cote d'Ivoire", "CI"),
        ("Côte d'Ivoire", "CI"),
        ("DR Congo", "CD"),
        ("Bosnia-Herzegovina", "BA"),
        ("Myanmar", "MM"),
        ("Syria", "SY"),
        ("Taiwan", "TW"),
        ("Soviet Union", "SU"),
        ("NATO**", "org:NATO"),
        ("Laos", "LA"),
        ("Brunei", "BN"),
        ("Eswatini", "SZ"),
        ("North Macedonia", "MK"),
        ("Iran", "IR"),
    ],
)
def test_names_of_states_as_registers_write_them(tmp_path: Path, name: str, code: str) -> None:
    (found,) = read(tmp_path, line(recipient=name))
    assert (found.recipient, found.strange) == (code, ())


def test_a_name_that_no_table_holds_is_told_and_can_be_mapped(tmp_path: Path) -> None:
    (found,) = read(tmp_path, line(recipient="Hezbollah (Lebanon)*", supplier="unknown supplier(s)"))
    assert found.supplier is None and (found.recipient or found.strange)
    (found,) = read(tmp_path, line(recipient="Ruritania"))
    assert found.strange == ("Ruritania",) and found.recipient is None
    (found,) = read(tmp_path, line(recipient="Ruritania"), mapped=Mapped(states={"ruritania": "TR"}))
    assert found.recipient == "TR"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_found_out(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = list(csv.reader(io.StringIO(HEAD + "\n" + line(recipient="Türkiye"))))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    (tmp_path / "register.csv").write_bytes((PREAMBLE + out.getvalue()).encode(encoding))
    (found,) = read_table(tmp_path / "register.csv", Mapped()).lines
    assert (found.recipient, found.order_year) == ("TR", Years((2017,), False))


@pytest.mark.parametrize(
    ("theirs", "ours", "how"),
    [
        ("S-400", "S-400", "same"),
        ("S-400/SA-21", "S-400", "same"),
        ("K-2", "K2", "same"),
        ("F-16C Block-50", "F-16", "variant"),
        ("Leopard-2A4", "Leopard 2", "variant"),
        ("Leopard-2", "Leopard 2", "same"),
        ("S-300", "S-400", ""),
        ("Su-35S", "Su-35", "same"),
        ("Su-30", "Su-3", ""),
        ("", "S-400", ""),
    ],
)
def test_designations_are_compared_by_the_table(theirs: str, ours: str, how: str) -> None:
    assert goods_alike(theirs, ours) in ((how, "same") if how == "variant" else (how,))


def test_what_agrees_agrees(tmp_path: Path) -> None:
    record = record_of(tmp_path, make_report(stages=ORDERED))
    found = record.reconcile(sipri(tmp_path, line(delivered="4", years="2019")))
    assert verdicts(found) == {
        "recipient": "same",
        "supplier": "same",
        "equipment": "same",
        "year of order": "same",
        "number ordered": "same",
        "years of delivery": "same",
        "number delivered": "only there",
    }
    assert found.counts()["both"] == 1 and found.counts()["both_with_a_difference"] == 0
    evidence = cells_of(found.both[0])["number ordered"].evidence
    assert evidence is not None and TEXT[evidence.start : evidence.end] == evidence.quote == "4 S-400 batteries"


def test_what_differs_differs_with_our_words(tmp_path: Path) -> None:
    record = record_of(tmp_path, make_report(stages=ORDERED))
    found = record.reconcile(sipri(tmp_path, line(year="2018", ordered="8", years="2021")))
    told = verdicts(found)
    assert (told["year of order"], told["number ordered"], told["years of delivery"]) == ("differs", "differs", "differs")
    cell = cells_of(found.both[0])["year of order"]
    assert (cell.here, cell.there) == ("2017", "2018") and cell.evidence is not None and found.both[0].differs


def test_a_value_that_fewer_reports_give_is_also_said(tmp_path: Path) -> None:
    reports = [
        make_report(key, number=number, text=TEXT + f" {key}.", stages=ORDERED) for key, number in (("one", 4), ("two", 4), ("three", 5))
    ]
    found = record_of(tmp_path, *reports).reconcile(sipri(tmp_path, line(ordered="5")))
    cell = cells_of(found.both[0])["number ordered"]
    assert (cell.verdict, cell.here, cell.reports) == ("also said", "4 battery; 5 battery", 1)
    assert cell.evidence is not None and cell.evidence.document_key == "three"


def test_an_order_there_that_is_none_here_is_told(tmp_path: Path) -> None:
    record = record_of(tmp_path, make_report(stages=[("contract", "planned", "2020")]))
    found = record.reconcile(sipri(tmp_path, line()))
    cell = cells_of(found.both[0])["order"]
    assert (cell.verdict, cell.there) == ("differs", "made") and "contract (planned)" in cell.here
    assert cells_of(found.both[0])["year of order"].verdict == "only there"


def test_lines_and_deals_of_one_pair_are_told_apart_by_year_and_number(tmp_path: Path) -> None:
    first = make_report("one", number=4, stages=[("contract", "actual", "2009")], published="2009-02-01")
    second = make_report("two", number=12, stages=[("contract", "actual", "2017")], text=OWN_TEXT)
    record = record_of(tmp_path, first, second)
    assert len(record.register()) == 2
    found = record.reconcile(
        sipri(tmp_path, line(year="2017", ordered="12"), line(year="2009", ordered="4"), line(year="2017", ordered="12"))
    )
    numbers = {both.pair.line.number: both.pair.deal.row.quantity for both in found.both}
    assert [quantity and quantity["number"] for quantity in numbers.values()] == [12, 4]
    (there,) = found.only_there
    assert there.near is not None and there.near.deal.row.quantity == {"number": 12, "unit": "battery"}


def test_what_is_on_one_side_alone(tmp_path: Path) -> None:
    record = record_of(tmp_path, make_report(), make_report("two", recipient="IN", text=TEXT + " Two."))
    found = record.reconcile(sipri(tmp_path, line(), line(recipient="Poland", supplier="United States", weapon="HIMARS")))
    assert [both.pair.line.recipient for both in found.both] == ["TR"]
    assert [deal.row.recipient for deal in found.only_here] == [("IN",)]
    assert [there.line.equipment for there in found.only_there] == ["HIMARS"]
    only_poland = record.reconcile(sipri(tmp_path, line()), recipient="India")
    assert (len(only_poland.both), len(only_poland.only_here), len(only_poland.only_there)) == (0, 1, 1)


def test_another_buyer_is_never_lined_up(tmp_path: Path) -> None:
    record = record_of(tmp_path, make_report(stages=ORDERED))
    found = record.reconcile(sipri(tmp_path, line(recipient="India"), line(supplier="China"), line(weapon="S-300")))
    assert (len(found.both), len(found.only_there)) == (0, 3)


def test_our_own_export_lines_up_with_itself(tmp_path: Path) -> None:
    reports = [
        make_report("one", stages=ORDERED),
        make_report("two", recipient="IN", number=5, text=TEXT + " 2.", stages=[("offer", "actual", "2018")]),
        make_report("three", supplier="US", recipient="PL", equipment="HIMARS", number=20, text=TEXT + " 3.", stages=ORDERED),
    ]
    record = record_of(tmp_path, *reports)
    record.export("sipri-csv", tmp_path / "own.csv")
    found = record.reconcile(tmp_path / "own.csv")
    assert [both.pair.deal.row.deal for both in found.both] == [row.deal for row in record.register()]
    assert not found.only_here and not found.only_there and not [both for both in found.both if both.differs]


MAP = """
delimiter = ";"
[columns]
recipient = "Buyer"
supplier = ["Maker's state", "Seller"]
equipment = "System"
ordered = "Pieces"
order_year = "Signed"
[states]
"Anatolia" = "Turkey"
[equipment]
"Growler" = "S-400"
"""


def test_any_table_by_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(MAP)
    (tmp_path / "mine.csv").write_text("my notes\nSystem;Seller;Buyer;Pieces;Signed\nGrowler;Russia;Anatolia;4;2017-12-29\n")
    found = record_of(tmp_path, make_report(stages=ORDERED)).reconcile(tmp_path / "mine.csv", mapping=tmp_path / "map.toml")
    assert {verdicts(found)[name] for name in ("recipient", "supplier", "year of order", "number ordered")} == {"same"}
    assert found.both[0].pair.line.number == 3


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("columns = 3", "says which heading"),
        ("[columns]\nbuyer = 'x'", "'buyer'"),
        ("[columns]\nrecipient = 'x'", "lacks supplier"),
        ("x = 1", "means nothing"),
        ("[columns", "is no TOML"),
        (MAP.replace('";"', '";;"'), "one character"),
        (MAP.replace('"Turkey"', '"Atlantis"'), "Atlantis"),
        ("header = 0\n" + MAP, "from 1"),
        ("encoding = 'klingon'\n" + MAP, "no encoding"),
        (MAP.replace('"Buyer"', "[]"), "is a heading"),
        ("states = 1\n" + MAP.split("[states]")[0], "maps your names"),
    ],
)
def test_a_mapping_that_means_nothing_is_told(tmp_path: Path, toml: str, words: str) -> None:
    (tmp_path / "map.toml").write_text(toml)
    with pytest.raises(BadInput, match=words):
        read_mapping(tmp_path / "map.toml")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no line of headings"),
        (b"a,b\n1,2\n", "no line of headings"),
        (b"PK\x03\x04", "save the table as CSV"),
        (b"\x00\x01" * 20, "is no text"),
        ((HEAD + '\n"' + "x" * 200_000).encode(), "is no line of a CSV"),
    ],
)
def test_a_file_that_is_no_table_is_told(tmp_path: Path, body: bytes, words: str) -> None:
    (tmp_path / "register.csv").write_bytes(body)
    with pytest.raises(BadInput, match=words):
        read_table(tmp_path / "register.csv", Mapped())


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_table(tmp_path / "none.csv", Mapped())


def test_lines_that_name_nothing_are_counted(tmp_path: Path) -> None:
    table = read_table(sipri(tmp_path, line(), ",,,,,,,,,,,,,,,", "Source: a note below the table", line(weapon="")), Mapped())
    assert len(table.lines) == 1 and len(table.not_read) == 2


def test_json_and_csv_hold_all_and_no_formula(tmp_path: Path) -> None:
    record = record_of(
        tmp_path, make_report(outlet="=cmd|' /C calc'!A0", stages=ORDERED), make_report("two", recipient="IN", text=TEXT + " 2.")
    )
    found = record.reconcile(sipri(tmp_path, line(ordered="9"), line(recipient="=1+1", supplier="Russia", weapon="@SUM(A1)")))
    rows = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert {row["where"] for row in rows} == {"both", "only here", "only there"}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "@", "+"))]
    differing = [row for row in rows if row["verdict"] == "differs"]
    assert [(row["cell"], row["here"], row["there"], row["quote"]) for row in differing] == [
        ("number ordered", "4 battery", "9", "4 S-400 batteries")
    ]
    held = json.loads(json.dumps(as_json(found)))
    assert held["counts"]["both"] == 1 and held["both"][0]["cells"] and held["only_here"][0]["recipient"] == ["IN"]
    assert held["names_not_known"] == {"=1+1": 1}


def test_the_command_shows_and_writes(tmp_path: Path) -> None:
    record_of(tmp_path, make_report(stages=ORDERED)).close()
    table = sipri(tmp_path, line(year="2018"), line(recipient="Rurit\x1bania", weapon="X-99"))
    shown = CliRunner().invoke(main, ["reconcile", str(tmp_path / "record.db"), str(table)])
    assert shown.exit_code == 0, shown.output
    for words in ("1 deal in both (1 with a difference)", "≠", "year of order", "2017", "2018", "1 only there"):
        assert words in shown.output
    assert "\x1b" not in shown.output
    out = tmp_path / "out.csv"
    done = CliRunner().invoke(main, ["reconcile", str(tmp_path / "record.db"), str(table), "--format", "csv", "--out", str(out)])
    assert done.exit_code == 0 and out.read_text("utf-8").startswith("where,deal,line")
    told = CliRunner().invoke(main, ["reconcile", str(tmp_path / "record.db"), str(table), "--format", "json"])
    assert json.loads(told.output)["counts"]["only_there"] == 1


def test_a_register_of_ten_thousand_lines_takes_seconds(tmp_path: Path) -> None:
    states = ["Turkey", "India", "Poland", "Egypt", "Brazil", "Japan", "Chile", "Kenya", "Peru", "Spain"]
    lines = [line(recipient=states[n % 10], year=str(1960 + n % 60), ordered=str(n % 97 + 1)) for n in range(10_000)]
    found = record_of(tmp_path, make_report(stages=ORDERED)).reconcile(sipri(tmp_path, *lines))
    assert len(found.both) == 1 and len(found.only_there) == 9_999 and found.both[0].pair.line.ordered == Number(4.0, False)
