"""This file gives each family of equipment one name in a report: the usual one, or the one that the report itself uses."""

from __future__ import annotations

import re
from dataclasses import replace

from rapidfuzz.distance import OSA

from onrecord.parse.designations import family_forms
from onrecord.parse.scene import Scene
from onrecord.records import Mention

# Names that differ in so few letters are one name in two spellings, if they are longer than this.
OTHER_SPELLING, SHORT_NAME = 2, 5


def settle_names(scene: Scene, found: list[Mention]) -> list[Mention]:
    """The mentions, each family of equipment under one name: the usual one if the report uses it, else the shortest that it uses."""
    settled: dict[str, str] = {}
    result = []
    for mention in found:
        if mention.kind == "equipment" and mention.how in {"name", "alias"}:
            key = mention.reason
            if key not in settled:
                settled[key] = _name_in(scene.whole, family_forms().get(key, [mention.name]), mention)
            mention = replace(mention, name=settled[key], reason="" if settled[key] == mention.name else f"of the family {mention.name}")
        result.append(mention)
    return result


def _name_in(whole: str, forms: list[str], mention: Mention) -> str:
    """The first form that stands in the report, else the mention's own words; a family of one form goes by it in any case."""
    usual = mention.name
    if not forms or usual.replace(" class", "-class") in whole:
        return usual
    for form in [forms[0], usual.removesuffix(" class"), *forms[1:]]:
        at = whole.find(form)
        while at >= 0:
            after = whole[at + len(form) : at + len(form) + 1]
            # A variant letter is cut off where the code has a hyphen ("CH-47" in "CH-47F").
            closed = not after.isalnum() or after == "s" or (form[-1].isdigit() and after.isupper() and (form == usual or "-" in form))
            if closed and not whole[at - 1 : at].isalnum():
                return usual if _is_spelling(form, usual) else re.sub(r"-class$", " class", form)
            at = whole.find(form, at + 1)
    written = _singular(mention.text)
    whole_or_cut = {_folded(mention.text), _folded(written)}
    known = next((form for form in forms if _folded(form) in whole_or_cut), written)
    return known if written.isalpha() and not _is_spelling(written, usual) else usual


def _is_spelling(name: str, usual: str) -> bool:
    """Whether a name is the usual one written otherwise: "Brahmos" of BrahMos, "Pantsyr" of Pantsir; a short one is rather another name."""
    one, other = _folded(name), _folded(usual)
    words = name.isalpha() and usual.isalpha() and len(usual) > SHORT_NAME
    return one == other or (words and OSA.distance(one, other) <= OTHER_SPELLING)


def _singular(name: str) -> str:
    """A name as it stands in the plural, less the ending ("Archers", "Lynxes"; "Aegis" stays)."""
    if name.endswith(("is", "us", "ss")):
        return name
    return name.removesuffix("es") if name.endswith(("xes", "shes")) else name.removesuffix("s")


def _folded(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()
