"""The tables: every one loads, says where it is from, and holds what the code relies on."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files

import pytest

from onrecord import vocab
from onrecord.errors import BadVocab
from onrecord.parse.forms import class_nouns, plain, plural

FOLDER = files("onrecord").joinpath("vocab", "tables")
TABLES = sorted(path.name.removesuffix(".csv") for path in FOLDER.iterdir() if path.name.endswith(".csv"))
KEYS = {
    "states": ("iso3",),
    "metonyms": ("surface",),
    "bodies": ("name",),
    "companies": ("name",),
    "programmes": ("name",),
    "agencies": ("name",),
    "people": ("person_id", "iso2", "role", "start"),
    "equipment": ("designation",),
    "equipment_ambiguous": ("surface",),
    "goods": ("name",),
    "units": ("unit",),
    "currencies": ("row", "name"),
    "exchange_rates": ("month",),
    "reporting_verbs": ("lemma", "pos"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_its_origin_licence_and_date(name: str) -> None:
    head = [line for line in FOLDER.joinpath(f"{name}.csv").read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert any("Origin:" in line for line in head)
    assert any("Licence:" in line and re.search(r"Date: \d{4}-\d{2}-\d{2}", line) for line in head)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_unique_keys_and_no_empty_one(name: str) -> None:
    keys = Counter(tuple(row[column] for column in KEYS[name]) for row in vocab.table(name))
    assert [key for key, count in keys.items() if count > 1] == []
    assert all(key[0].strip() for key in keys)


@pytest.mark.parametrize("name", TABLES)
def test_no_cell_holds_an_empty_or_untrimmed_value(name: str) -> None:
    bad = [cell for row in vocab.table(name) for cell in row.values() if cell != cell.strip() or "||" in cell or "\ufffd" in cell]
    assert bad == []


def test_at_least_800_designations_over_every_class() -> None:
    classes = Counter(row["class"] for row in vocab.table("equipment"))
    assert sum(classes.values()) >= 800
    wanted = {
        "fighter",
        "helicopter",
        "drone",
        "air defence system",
        "anti-ship missile",
        "tank",
        "howitzer",
        "frigate",
        "submarine",
        "radar",
        "engine",
    }
    assert all(classes[kind] >= 20 for kind in wanted)


def test_no_surface_stands_in_two_rows_of_equipment() -> None:
    surfaces = Counter(s for row in vocab.table("equipment") for s in {row["designation"], *vocab.cells(row["aliases"])})
    assert [surface for surface, count in surfaces.items() if count > 1] == []


def test_makers_are_states() -> None:
    known = {row["iso2"] for row in vocab.table("states")}
    wrong = {code for row in vocab.table("equipment") for code in vocab.cells(row["maker_country"])} - known
    assert wrong == set()


def test_doubtful_surfaces_mean_rows_of_the_table() -> None:
    rows = {row["designation"] for row in vocab.table("equipment")}
    means = {m for row in vocab.table("equipment_ambiguous") for m in vocab.cells(row["means"])}
    assert means - rows == set()


def test_ambiguous_cells_name_surfaces_of_their_row() -> None:
    columns = {
        "bodies": ["name", "aliases"],
        "companies": ["name", "aliases"],
        "programmes": ["name", "aliases"],
        "agencies": ["name", "aliases"],
    }
    for table, names in columns.items():
        for row in vocab.table(table):
            own = {surface for column in names for surface in vocab.cells(row[column])}
            assert set(vocab.cells(row["ambiguous"])) <= own, (table, row["name"])


@pytest.mark.parametrize(
    ("noun", "many"),
    [("battery", "batteries"), ("aircraft", "aircraft"), ("torpedo", "torpedoes"), ("mine", "mines"), ("howitzer", "howitzers")],
)
def test_plurals(noun: str, many: str) -> None:
    assert plural(noun) == many


def test_goods_classes_are_classes_of_equipment() -> None:
    classes = {row["class"] for row in vocab.table("equipment")}
    assert {kind for _, kind in class_nouns().values()} <= classes


def test_plain_keeps_the_length() -> None:
    text = "Sjöormen – “Mi‑17” ’s Łódź\xa0Æ"
    assert len(plain(text)) == len(text)
    assert plain("Sjöormen “Mi‑17”") == 'Sjoormen "Mi-17"'


def test_body_examples_are_read(parse) -> None:  # type: ignore[no-untyped-def]
    for entry in vocab.words("names")["body"]:
        for example in entry.get("examples", []):
            assert any(m.kind == "body" for m in parse(example).mentions), example


def test_a_missing_table_is_said_by_name() -> None:
    with pytest.raises(BadVocab, match="no_such_table"):
        vocab.table("no_such_table")
