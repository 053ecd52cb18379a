"""This file writes deals as a network in GraphML, as Gephi and networkx read it: states and bodies are nodes, each deal an edge.

A deal of several suppliers or recipients is an edge for each pair, and `shared` tells how many there are; a side that no report names is
the node "unknown".
"""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from onrecord.export.tables import DEALS, deal_values
from onrecord.export.told import Told
from onrecord.parties import ORGANISATION, party_name

TYPES = {"text": "string", "list": "string", "whole": "long", "number": "double", "flag": "boolean"}
NODE = (("label", "string"), ("kind", "string"))
# What the ends of an edge say already.
ENDS = {"supplier", "supplier_name", "recipient", "recipient_name"}
EDGE = (("label", "string"), ("weight", "double"), ("shared", "long"), *((c.name, TYPES[c.kind]) for c in DEALS if c.name not in ENDS))
UNKNOWN = "unknown"
# What no XML can hold.
CONTROLS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SPACE = "http://graphml.graphdrawing.org/xmlns"


def graphml(told: Told, out: Path) -> None:
    """The network; `weight` is the number of independent origins."""
    with out.open("w", encoding="utf-8", newline="\n") as file:
        xml = XMLGenerator(file, "utf-8", short_empty_elements=True)
        xml.startDocument()
        xml.startElement("graphml", _attributes(xmlns=SPACE))
        for place, columns in (("node", NODE), ("edge", EDGE)):
            for name, kind in columns:
                _element(xml, "key", {"id": f"{place}_{name}", "for": place, "attr.name": name, "attr.type": kind})
        xml.startElement("graph", _attributes(edgedefault="directed", id="register"))
        for code in sorted({code for deal in told.deals() for code in (*_side(deal.row.supplier), *_side(deal.row.recipient))}):
            kind = "unknown" if code == UNKNOWN else "organisation" if code.startswith(ORGANISATION) else "state"
            _part(xml, "node", {"id": code}, {"label": party_name(code), "kind": kind})
        for deal in told.deals():
            pairs = list(product(_side(deal.row.supplier), _side(deal.row.recipient)))
            for number, (supplier, recipient) in enumerate(pairs):
                id = deal.row.deal if len(pairs) == 1 else f"{deal.row.deal}.{number}"
                values = deal_values(deal) | {"label": deal.row.equipment, "weight": float(deal.row.origins), "shared": len(pairs)}
                _part(xml, "edge", {"id": id, "source": supplier, "target": recipient}, {name: values[name] for name, _ in EDGE})
        xml.endElement("graph")
        xml.endElement("graphml")
        xml.endDocument()


def _attributes(**values: str) -> AttributesImpl[str]:
    return AttributesImpl(values)


def _side(codes: tuple[str, ...]) -> tuple[str, ...]:
    return codes or (UNKNOWN,)


def _part(xml: XMLGenerator, kind: str, attributes: dict[str, str], values: dict[str, Any]) -> None:
    """A node or an edge with its values; those that are not known are left out."""
    xml.startElement(kind, AttributesImpl(attributes))
    for name, value in values.items():
        if value not in (None, "", []):
            text = " ".join(value) if isinstance(value, list) else str(value)
            _element(xml, "data", {"key": f"{kind}_{name}"}, CONTROLS.sub("\ufffd", text))
    xml.endElement(kind)
    xml.characters("\n")


def _element(xml: XMLGenerator, name: str, attributes: dict[str, str], text: str = "") -> None:
    xml.startElement(name, AttributesImpl(attributes))
    xml.characters(text)
    xml.endElement(name)
