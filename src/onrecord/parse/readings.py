"""This file chooses, for a surface in its context, the reading that the words around it allow, or none."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from onrecord import vocab
from onrecord.parse.forms import Reading, class_nouns
from onrecord.parse.neighbours import has_namesake, inside_name, neighbours, of_a_person
from onrecord.parse.scene import Scene, arms_nouns
from onrecord.records import Equipment

COMBINING = {"Sino", "Franco", "Anglo", "Indo", "Luso", "Italo", "Hispano", "Russo", "Viet", "Pak", "Helvetic"}
FORMER_UNTIL = {"SU": "1991-12-25", "CS": "1992-12-31", "YU": "2003-02-03", "DD": "1990-10-02"}
SHARED_CAPITALS = {
    "Moscow", "Moskva", "Prague", "Praha", "Belgrade", "Beograd", "Tripoli", "Delhi", "Almaty", "Lagos", "Aden", "Santiago", "Wellington"
}  # fmt: skip
PRIORITY = {
    "equipment": 0,
    "state": 1,
    "body": 2,
    "company": 3,
    "programme": 4,
    "person": 5,
    "agency": 6,
    "goods": 7,
    "office": 8,
    "short office": 9,
}
ROAD = re.compile(
    r"\b(?:highway|motorway|road|route|exit|junction|paper|sheet|page|room|gate|seat|row|terminal|platform|bus|line|size|visa|channel|vitamin)\s$"
)
ROAD_AFTER = (" motorway", " highway", " road", " paper", " visa", " sheet", " bus", " junction")
SOURCED = re.compile(
    r"report|told|according|newspaper|daily|agency|magazine|quot|cit|wrote|writes|said|says|news|correspondent|broadcaster|\(\||\|\)"
)
GEORGIA_US = re.compile(r"\b(?:atlanta|savannah|marietta|augusta|governor|u\.s\. state|state of|sen\.|macon)\b")
# A person's or a place's name that comes with an article, a possessor, a count or in quotation marks is a thing's.
INTRODUCED = re.compile(
    r"(?:\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|his|[Ss]ome|[Mm]ore|[Aa]nother|our|used|former|old|older|new|newer|second-hand|secondhand|elderly|retired|surplus|\d[\d,]*|[A-Z]\w+(?:an|ish|ese|i|ch)|US|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|\w+teen|\w+ty|dozen|hundred|(?i:two|three|four|five|six|seven|eight|nine|ten)|'s|s')[ ]|\")$"
)
COUNTED = re.compile(
    r"\b(?:\d[\d,]*|(?i:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)|\w+teen|\w+ty|dozen|both|all|several|pair of)[ ]"
    r"(?:of (?:the|its) )?(?:[a-z-]+[ ])?$"
)
CODE = re.compile(r"\b[a-z]{1,4}-?\d{1,3}")
GLUE = (
    r"(?:and|or|with|for|to|from|in|on|at|the|a|an|its|their|his|are|is|was|were|be|by|plus|while|as|has|have|had|into|but|than|over|against|that|which"
    r"|of|will|would|said|says)"
)


def choose(scene: Scene, start: int, end: int, readings: tuple[Reading, ...], known: frozenset[str]) -> Reading | None:
    """The best reading that the context allows; `known` holds the names and keys that the report gives without doubt."""
    allowed = [r for r in readings if allows(scene, start, end, r, known)]
    if len(allowed) < 2:
        return allowed[0] if allowed else None
    if all(r.kind == "state" for r in allowed):
        return _state_of_the_day(scene, allowed, known)
    surface = scene.text[start:end].removesuffix("s")

    def order(reading: Reading) -> tuple[bool, int, bool, int, bool]:
        common = reading.kind == "equipment" and reading is allowed[0]
        named = reading.key in known and reading.how != "namesake"
        return bool(reading.guard), PRIORITY[reading.kind], not named, _kin(reading, scene, start, end, common), reading.key != surface

    return min(allowed, key=order)


def allows(scene: Scene, start: int, end: int, reading: Reading, known: frozenset[str]) -> bool:
    """Whether the context allows a reading."""
    if reading.kind == "state":
        return _allows_state(scene, start, end, reading, known)
    if reading.kind == "equipment" and (of_a_person(scene, start) if scene.text[start:end].isalpha() else _is_road(scene, start, end)):
        return False
    if not reading.guard:
        return True
    if reading.kind == "equipment":
        return _allows_equipment(scene, start, end, reading, known)
    if reading.kind == "agency":
        return bool(SOURCED.search(scene.near(start, end, 25)))
    if scene.text[start:end].isupper():
        return scene.arms
    return scene.arms and not inside_name(scene, start, end)


def beside_noun(scene: Scene, start: int, end: int) -> str:
    """The goods noun or unit of equipment that stands right after a span or right before it in the same phrase; "" for none."""
    after, before = _beside()
    found = after.match(scene.lower, end, end + 50) or before.search(scene.lower[max(0, start - 50) : start])
    return found.group("noun") if found else ""


@cache
def _beside() -> tuple[re.Pattern[str], re.Pattern[str]]:
    step = rf"(?:(?!{GLUE}\b)[\w/-]+[ -])"
    noun = rf"(?P<noun>{arms_nouns()})"
    after = re.compile(rf"[\"']?[ -]{step}{{0,3}}?{noun}\b")
    named = r"(?: of| of the| of type| type| named| called| known as(?: the)?| such as(?: the)?)?(?: the| its)?"
    before = re.compile(rf"(?<![\w-]){noun}{named}[ ][\"(]?{step}?$")
    return after, before


def fits_noun(reading: Reading, noun: str) -> bool:
    """Whether a noun beside a name may speak of that reading: a unit, or a class of the same group."""
    kind = _kind_of(noun)
    if not noun or kind is None or not isinstance(reading.value, Equipment):
        return bool(noun)
    return reading.value.category == kind or not _groups(kind) or bool(_groups(kind) & _groups(reading.value.category))


@cache
def _kind_of(noun: str) -> str | None:
    if noun in vocab.words("names")["beside"]["words"]:
        return None
    kinds = (
        {kind for form, (_, kind) in class_nouns().items() if form.split(" ")[-1] == noun}
        if noun not in class_nouns()
        else {class_nouns()[noun][1]}
    )
    return kinds.pop() if len(kinds) == 1 else None


@cache
def _groups(category: str) -> frozenset[str]:
    return frozenset(name for name, kinds in vocab.words("names")["groups"].items() if category in kinds)


def _kin(reading: Reading, scene: Scene, start: int, end: int, common: bool) -> int:
    """How ill an equipment reading goes with the nouns nearby and in the report; the commonest reading needs less to speak for it."""
    if not isinstance(reading.value, Equipment):
        return 0
    if noun := beside_noun(scene, start, end):
        return 0 if fits_noun(reading, noun) else 4
    pattern = _nouns_of(reading.value.category)
    if pattern.search(scene.near(start, end, 80)):
        return 1
    return 1 if common else 2 if pattern.search(scene.lower) else 3


@cache
def _nouns_of(category: str) -> re.Pattern[str]:
    forms = [form for form, (_, kind) in class_nouns().items() if kind == category] or [category]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, forms)) + r")\b")


def _allows_state(scene: Scene, start: int, end: int, reading: Reading, known: frozenset[str]) -> bool:
    surface, words = scene.text[start:end], vocab.words("names")["not_state"]
    if reading.guard == "dateline":
        return scene.dateline is not None and scene.dateline[0] <= start < scene.dateline[1]
    if surface in COMBINING:
        return scene.text[end : end + 1] == "-"
    if reading.how in {"name", "capital"}:
        following = scene.text[end + 1 : end + 22]
        if any(following.startswith(w) and not following[len(w) : len(w) + 1].isalpha() for w in words["after"]):
            return False
        if scene.sport and reading.how == "capital":
            return False
    if not reading.guard:
        return True
    if neighbours(scene, start, end)[0] in words["before"]:
        return False
    if reading.how == "capital":
        return surface in SHARED_CAPITALS or (
            not inside_name(scene, start, end) and (surface in {"Washington", "D.C."} or reading.name in known)
        )
    if surface == "US":
        before, after = neighbours(scene, start, end)
        return not (before.isupper() and len(before) > 2 and after.isupper() and len(after) > 2)
    if surface.isupper() and surface.isalpha():
        return reading.name in known or surface.capitalize() in known
    if surface == "Turkey" and any(re.search(rf"\b{w}\b", scene.near(start, end, 25)) for w in words["bird"]):
        return False
    if surface == "Georgia" and GEORGIA_US.search(scene.near(start, end, 60)):
        return False
    return reading.how != "name" or not inside_name(scene, start, end)


def _state_of_the_day(scene: Scene, readings: list[Reading], known: frozenset[str]) -> Reading:
    for former in readings:
        if former.party in FORMER_UNTIL and "" < scene.day <= FORMER_UNTIL[former.party]:
            return former
    today = [r for r in readings if r.party not in FORMER_UNTIL] or readings
    return next((r for r in today if r.name in known), today[0])


def _allows_equipment(scene: Scene, start: int, end: int, reading: Reading, known: frozenset[str]) -> bool:
    surface = scene.text[start:end]
    if not (surface[:1].isupper() or surface[:1].isdigit()) or scene.sport or scene.nature:
        return False
    if reading.guard == "code":
        return scene.arms or bool(beside_noun(scene, start, end))
    if reading.guard == "sister":
        return scene.arms and (_is_counted(scene, start, end) or (_is_sister(scene, start, end) and _of_its_kind(scene, reading)))
    if noun := beside_noun(scene, start, end):
        return fits_noun(reading, noun) or reading.key in known
    if inside_name(scene, start, end):
        return False
    if reading.key in known:
        return True
    if not scene.arms:
        return False
    before = scene.text[max(0, start - 40) : start]
    introduced = bool(INTRODUCED.search(before))
    if reading.guard == "capitals":
        around = scene.near(start, end, 60)
        near = surface.endswith("s") or bool(CODE.search(around)) or bool(re.search(rf"\b(?:{arms_nouns()})\b", around))
        return near or (len(surface) > 3 and introduced and _of_its_kind(scene, reading))
    if reading.guard == "noun":
        return False
    if reading.guard == "reporting":
        return before.endswith('"') or (introduced and surface.endswith("s") and _of_its_kind(scene, reading))
    if reading.guard == "class":
        return _is_counted(scene, start, end) or ((introduced or surface.endswith("s")) and _of_its_kind(scene, reading))
    return reading.guard == "word" or introduced or (_of_its_kind(scene, reading) and not has_namesake(scene.whole, surface))


def _is_counted(scene: Scene, start: int, end: int) -> bool:
    """Whether a name stands in the plural after a number ("six Kilos")."""
    return scene.text[end - 1] == "s" and bool(COUNTED.search(scene.text[max(0, start - 40) : start]))


def _is_sister(scene: Scene, start: int, end: int) -> bool:
    """Whether a ship's or a town's name stands for a class of ships: "a Ming,", "four Upholders", "Hangor-class"."""
    if scene.text.startswith(("-class", " class"), end):
        return True
    before, many = scene.text[max(0, start - 40) : start], scene.text[start:end].endswith("s")
    if inside_name(scene, start, end) or not INTRODUCED.search(before):
        return False
    return many or (re.search(r"\b(?:[Aa]n?|[Aa]nother) $", before) is not None and scene.text[end : end + 1] in ",.;:)")


def _of_its_kind(scene: Scene, reading: Reading) -> bool:
    """Whether the report, its title with it, names the class of goods that a reading is of."""
    return isinstance(reading.value, Equipment) and bool(_nouns_of(reading.value.category).search(_lower(scene.whole)))


@lru_cache(maxsize=4)
def _lower(whole: str) -> str:
    return whole.lower()


def _is_road(scene: Scene, start: int, end: int) -> bool:
    return scene.lower.startswith(ROAD_AFTER, end) or bool(ROAD.search(scene.lower[max(0, start - 14) : start]))
