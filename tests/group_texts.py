"""Reports that the tests of copies share: one original, what became of it, and what only looks like it. People and outlets are invented."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.clean.document import make_document
from onrecord.records import Document

ORIGINAL = (
    "NORHAVEN, March 4 (Polaris) - Sudland has agreed to buy 12 Tarn coastal radars from Norland for 340"
    " million euros, the defence ministry"
    " in Norhaven said on Monday.\n\n"
    "The contract, signed by minister Edda Korsvik, provides for deliveries between 2021 and 2024. The"
    " first two sets will stand on the"
    " island of Hvalrey.\n\n"
    "“A coast that nobody watches belongs to the smugglers,” Korsvik told reporters after the ceremony.\n\n"
    "Sudland had turned down a cheaper offer by Westmark in November. Its navy lost 3 patrol boats in"
    " 2018, when a storm was seen too late."
)
ABRIDGED = (
    "Sudland has agreed to buy 12 Tarn coastal radars from Norland for 340 million euros, the defence"
    " ministry in Norhaven said on Monday.\n\n"
    "“A coast that nobody watches belongs to the smugglers,” minister Edda Korsvik told reporters after the ceremony."
)
NEW_LEAD = (
    "Fishermen of the southern coast will soon be seen even at night, whether they like it or not.\n\n"
    + ORIGINAL
    + "\n\nThe harbour fair opens on Saturday with a concert of the fire brigade's band."
)
TRANSLATED = (
    "The Sudland has given agreement on acquiring in the Norland of 12 radars of coast type Tarn for the"
    " sum 340 millions euro, transmits the"
    " agency Polaris on Monday with reference to the military department in Norhafen.\n\n"
    "The contract, under which put signature minister Eda Corsvik, foresees supplies from 2021 until"
    " 2024 year. First two complexes will be"
    " placed on island Hvalrei.\n\n"
    "“The coast, which nobody watches, belongs to smugglers”, declared Corsvik to journalists after the ceremony.\n\n"
    "In November the Sudland rejected more cheap proposal of the Westmark. In 2018 its fleet lost 3"
    " patrol boats, since the storm was noticed late."
)
SAME_AFFAIR = (
    "For a third of a billion euros the Sudland navy gets the eyes that it has asked for since the storm"
    " of 2018: twelve coastal radars of the"
    " Tarn type, made in Norland. Minister Edda Korsvik signed in Norhaven on Monday.\n\n"
    "Shares of the maker, Tarn Elektro, rose by 6 percent. Analyst Iver Lund of Osthaven Bank expects a"
    " second order, since 5 stretches of the"
    " coast stay dark even when all sets are in place.\n\n"
    "“We would have taken the Westmark ones for 280 million, but they cannot look through rain,” a navy"
    " captain said at the harbour.\n\n"
    "Parliament has still to vote the money. The opposition wants to know why no open tender was held."
)
OTHER = (
    "The parliament of Bergheim voted on Thursday to send 20 used howitzers to Osthaven. The guns, built"
    " in 1994, come from the reserve and will"
    " be handed over by the end of June, deputy minister Olaf Grenn said.\n\n"
    "“We give what we can spare, and we can spare these,” Grenn told the house. Ammunition worth 14"
    " million crowns goes with them."
)
THIRD = (
    "Castlerock's air force has grounded its 8 Merlin trainers after a crack was found in the wing of"
    " one of them on Tuesday. Inspectors of the"
    " maker are on their way from Rivermouth, a spokesman said, and flights will not be resumed before the middle of May."
)
ROUND_UP = "The week in arms\n\n" + "\n\n".join((ORIGINAL, OTHER, THIRD, "That was the week. We are back on Monday with more of the same."))


def document(
    key: str, text: str, *, outlet: str = "", published: str | None = "2019-03-05", title: str = "", read: str | None = "2026-11-28"
) -> Document:
    """A report with a place of its own, so that its id differs from that of others with the same text."""
    return make_document(
        text, key=key, title=title, outlet=outlet or f"The {key} courier", published=published, read=read, uri=f"{key}.txt"
    )


REPORTS = {
    item.key: item
    for item in (
        document("original", ORIGINAL, outlet="Polaris News Agency", published="2019-03-04"),
        document("abridged", ABRIDGED),
        document("new lead", NEW_LEAD),
        document("translated", TRANSLATED, published="2019-03-06"),
        document("exact", ORIGINAL, outlet="Saltmarsh Post"),
        document("same affair", SAME_AFFAIR, published="2019-03-04"),
        document("other", OTHER, published="2019-03-07"),
        document("third", THIRD, published="2019-03-06"),
        document("round-up", ROUND_UP, published="2019-03-09"),
    )
}


def groups_of(groups: Iterable[Iterable[str]]) -> set[frozenset[str]]:
    """Groups of ids as sets of keys."""
    keys = {item.id: key for key, item in REPORTS.items()}
    return {frozenset(keys[id] for id in group) for group in groups}
