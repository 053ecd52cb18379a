"""Tests of export/jsonld.py by foreign processors: PyLD and rdflib read the same triples, SHACL holds, selectors cut their words."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

import onrecord.store.write as store
from onrecord.api import Record, open_record
from onrecord.store.database import writing
from onrecord.store.deals import settle
from onrecord.store.write import Report
from reports import TEXT, make_report

ROOT = Path(__file__).parent.parent
with warnings.catch_warnings():
    # Of rdflib's and pySHACL's own making.
    warnings.simplefilter("ignore")
    import pyshacl
    import rdflib
    from pyld import jsonld
OA, REC = rdflib.Namespace("http://www.w3.org/ns/oa#"), rdflib.Namespace("urn:onrecord:vocab#")
PROV, SCHEMA = rdflib.Namespace("http://www.w3.org/ns/prov#"), rdflib.Namespace("http://schema.org/")
OTHER = TEXT.replace("4 S-400", "5 S-400").replace("“We", "\U0001f680 “We")


def record_of(path: Path, *reports: Report) -> Record:
    record = open_record(path / "record.db")
    with writing(record.engine) as db:
        store.add_reports(db, reports, analysed_by="analysis/9+model 1")
        settle(db)
    return record


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Two reports that disagree on the number, a third that copies the first."""
    claim = make_report(
        "two", number=4, outlet="The Gazette", published="2019-07-25", text=TEXT + " Two.", stages=[("delivery", "planned", "2020")]
    )
    record_of(tmp_path, make_report(), claim, make_report("three", outlet="The Copy")).export("jsonld", tmp_path / "out.jsonld")
    return tmp_path / "out.jsonld"


def parsed(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rdflib.Graph().parse(path, format="json-ld")


def refuse(url: str, options: Any) -> Any:
    raise AssertionError(f"the context is inside, yet {url} was asked for")


def test_two_processors_read_the_same_triples(written: Path) -> None:
    rows = jsonld.to_rdf(json.loads(written.read_text("utf-8")), {"format": "application/n-quads", "documentLoader": refuse})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = rdflib.Graph().parse(data=rows, format="nt")
        same = rdflib.compare.isomorphic(other, parsed(written)) if hasattr(rdflib, "compare") else None
    assert len(other) == len(parsed(written)) > 300
    assert same in (True, None)


def test_every_key_means_something(written: Path) -> None:
    (graph,) = [jsonld.expand(json.loads(written.read_text("utf-8")), {"documentLoader": refuse})]
    kept = jsonld.compact(graph, json.loads(written.read_text("utf-8"))["@context"], {"documentLoader": refuse})["@graph"]
    before = {node["@id"]: set(node) for node in json.loads(written.read_text("utf-8"))["@graph"]}
    assert {node["@id"]: set(node) for node in kept} == before


def test_the_shapes_hold(written: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        conforms, _, words = pyshacl.validate(parsed(written), shacl_graph=str(ROOT / "docs" / "record.shapes.ttl"))
    assert conforms, words


@pytest.mark.parametrize("break_it", ["end", "sha", "target"])
def test_the_shapes_see_what_is_wrong(written: Path, break_it: str) -> None:
    graph = parsed(written)
    if break_it == "end":
        selector = next(graph.subjects(OA.end, None))
        graph.set((selector, OA.end, rdflib.Literal(0, datatype=rdflib.XSD.nonNegativeInteger)))
    elif break_it == "sha":
        graph.set((next(graph.subjects(REC.textSha256, None)), REC.textSha256, rdflib.Literal("none")))
    else:
        graph.remove((next(graph.subjects(OA.hasTarget, None)), OA.hasTarget, None))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        conforms, _, _ = pyshacl.validate(graph, shacl_graph=str(ROOT / "docs" / "record.shapes.ttl"))
    assert not conforms


def test_selectors_cut_the_words(tmp_path: Path) -> None:
    record_of(tmp_path, make_report(text=OTHER, number=None)).export("jsonld", tmp_path / "out")
    graph = parsed(tmp_path / "out")
    found = list(graph.subject_objects(OA.exact))
    assert len(found) > 10
    for quote, exact in found:
        target = next(graph.subjects(OA.hasSelector, quote))
        place = next(s for s in graph.objects(target, OA.hasSelector) if s != quote)
        start, end = (int(graph.value(place, OA[name])) for name in ("start", "end"))
        assert OTHER[start:end] == str(exact)
        assert OTHER[:start].endswith(str(graph.value(quote, OA.prefix) or "")) and OTHER[end:].startswith(
            str(graph.value(quote, OA.suffix) or "")
        )


def test_provenance_leads_to_the_report_and_the_analysis(written: Path) -> None:
    graph = parsed(written)
    claims = list(graph.subjects(rdflib.RDF.type, OA.Annotation))
    assert len(claims) == 3 * len([1 for c in claims]) // 3 and claims
    for claim in claims:
        activity, report = graph.value(claim, PROV.wasGeneratedBy), graph.value(claim, PROV.wasQuotedFrom)
        assert str(graph.value(activity, SCHEMA.name)) == "analysis/9+model 1"
        assert graph.value(activity, PROV.wasAssociatedWith) == rdflib.URIRef("urn:onrecord:software")
        assert graph.value(report, SCHEMA.headline) is not None
    copies = list(graph.subject_objects(PROV.alternateOf))
    assert len(copies) == 2 and len({original for _, original in copies}) == 1


def test_conflicts_point_to_their_cells(tmp_path: Path) -> None:
    other = make_report("two", number=5, text=TEXT + " So it is.", outlet="The Gazette", published="2019-07-25")
    record_of(tmp_path, make_report("one", number=4), other).export("jsonld", tmp_path / "out")
    graph = parsed(tmp_path / "out")
    (conflict,) = graph.subjects(rdflib.RDF.type, REC.Conflict)
    held = [graph.value(cell, REC.holds) for cell in graph.objects(conflict, REC.between)]
    assert sorted(float(graph.value(value, REC.number)) for value in held) == [4.0, 5.0]
