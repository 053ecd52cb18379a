"""Tests of export/ftm.py by the package followthemoney, which runs in a process of its own from the folder that CI installs it to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from export_readers import json_lines
from onrecord.export.ftm import FORMER, NOT_ISO
from onrecord.vocab import table
from reports import TEXT, make_report, record_of

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / ".venv" / "followthemoney"
INSTALL = "python -m pip install --no-deps --only-binary :all: --require-hashes --target .venv/followthemoney -r tests/followthemoney.lock"
needs_package = pytest.mark.skipif(not PACKAGE.is_dir(), reason=f"followthemoney is not installed: {INSTALL}")
# Reads entities as any program of that world does, and says for each what it kept, what it refused and what it holds against it.
READ = """
import json, sys
from followthemoney import model
from followthemoney.types import registry
for line in open(sys.argv[1], encoding="utf-8"):
    data = json.loads(line)
    if "code" in data:
        print(json.dumps({"code": data["code"], "valid": registry.country.validate(data["code"])}))
        continue
    proxy = model.get_proxy(data, cleaned=False)
    kept = proxy.to_dict()
    schema = model.get(data["schema"])
    schema.validate(kept)
    print(json.dumps({
        "id": proxy.id, "schema": proxy.schema.name, "caption": proxy.caption,
        "lost": {name: sorted(set(values) - set(kept["properties"].get(name, []))) for name, values in data["properties"].items()
                 if set(values) - set(kept["properties"].get(name, []))},
        "beside": [name for name in ("evidence", "record") if data.get(name) != kept.get(name)],
        "points": [v for name, values in kept["properties"].items() if schema.properties[name].type is registry.entity for v in values],
        "edge": proxy.schema.edge and [proxy.first(proxy.schema.source_prop), proxy.first(proxy.schema.target_prop)],
    }))
"""


def read_by_package(path: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ, str(path)],
        env={**os.environ, "PYTHONPATH": str(PACKAGE)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@needs_package
def test_the_package_takes_every_entity_and_loses_nothing(tmp_path: Path) -> None:
    dates = [("contract", "actual", "2017-12-29~"), ("delivery", "actual", "2019-07/2020-01"), ("cancellation", "actual", None)]
    signed = make_report("one", stages=dates)
    spoken = make_report(
        "two", supplier="org:NATO", recipient="SU", equipment="", stages=[("offer", "possible", "2027")], text=TEXT + " No."
    )
    object.__setattr__(signed.document, "uri", "https://news.example/a b?x=1")
    record_of(tmp_path, signed, spoken).export("ftm", tmp_path / "out")
    written, found = json_lines(tmp_path / "out"), read_by_package(tmp_path / "out")
    assert [entity["id"] for entity in found] == [entity["id"] for entity in written]
    assert {entity["id"]: entity["lost"] for entity in found if entity["lost"]} == {}
    assert not [entity for entity in found if entity["beside"]]
    ids = {entity["id"] for entity in found}
    assert not [point for entity in found for point in entity["points"] if point not in ids]
    assert {entity["schema"] for entity in found} >= {
        "Article",
        "PublicBody",
        "Organization",
        "Contract",
        "ContractAward",
        "Project",
        "Event",
    }
    assert all(None not in entity["edge"] for entity in found if entity["edge"])


@needs_package
def test_every_state_is_a_country_there_or_none(tmp_path: Path) -> None:
    codes = [FORMER.get(row["iso2"], row["iso2"].lower()) for row in table("states") if row["iso2"] not in NOT_ISO]
    (tmp_path / "codes").write_text("".join(json.dumps({"code": code}) + "\n" for code in codes))
    assert [line["code"] for line in read_by_package(tmp_path / "codes") if not line["valid"]] == []


@pytest.mark.parametrize("modality", ["planned", "possible", "conditional", "denied"])
@pytest.mark.parametrize("stage", ["contract", "delivery", "request"])
def test_what_did_not_happen_is_no_contract(tmp_path: Path, stage: str, modality: str) -> None:
    record_of(tmp_path, make_report(stages=[(stage, modality, "2027")])).export("ftm", tmp_path / "out")
    schemas = [entity["schema"] for entity in json_lines(tmp_path / "out")]
    assert schemas.count("Project") == 1 and schemas.count("ProjectParticipant") == 2
    assert not {"Contract", "ContractAward"} & set(schemas)


def test_a_contract_has_its_sides_its_sum_and_its_words(tmp_path: Path) -> None:
    stages = [("contract", "actual", "2017-12"), ("cancellation", "actual", "2020")]
    record_of(tmp_path, make_report(stages=stages)).export("ftm", tmp_path / "out")
    entities = {entity["schema"]: entity for entity in json_lines(tmp_path / "out")}
    own, award = entities["Contract"]["properties"], entities["ContractAward"]["properties"]
    assert (own["authority"], award["supplier"]) == (["onrecord-party-TR"], ["onrecord-party-RU"])
    assert (own["amount"], own["currency"], own["contractDate"], own["cancelled"]) == (["2000000000"], ["USD"], ["2017-12"], ["2020"])
    for words in entities["Contract"]["evidence"]:
        assert TEXT[words["start"] : words["end"]] == words["quote"] and words["report"] == entities["Article"]["id"]
    assert {words["field"] for words in entities["Contract"]["evidence"]} > {
        "supplier",
        "recipient",
        "equipment",
        "quantity",
        "value",
        "stage",
    }
