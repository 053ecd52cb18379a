"""Names swapped for the encoder's lessons: the same everywhere, in every form, and each span still cuts what it cut."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from onrecord.records import Parsed

Parse = Callable[..., Parsed]
TRAINING = Path(__file__).parent.parent / "training"


@pytest.fixture(scope="module")
def swaps() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(TRAINING))
        import encoder_swaps

    return sys.modules[encoder_swaps.__name__]


@pytest.mark.parametrize(
    ("span", "cut"),
    [
        ((0, 6), "Uruguay"),
        ((7, 13), "bought"),
        ((14, 17), "six"),
        ((18, 23), "Gripen"),
        ((24, 29), "tanks"),
        ((2, 4), "Uruguay"),
        ((0, 13), "Uruguay bought"),
    ],
)
def test_a_span_moves_with_the_words_that_it_cuts(swaps: ModuleType, span: tuple[int, int], cut: str) -> None:
    edits = [(0, 6, "Uruguay"), (18, 23, "Gripen")]
    text = swaps.rewritten("Norway bought six Abram tanks", edits)
    assert text == "Uruguay bought six Gripen tanks"
    start, end = swaps.moved(span, edits)
    assert text[start:end] == cut


def test_a_state_changes_in_all_its_forms_and_a_designation_within_its_class(swaps: ModuleType, parse: Parse) -> None:
    parsed = parse("Turkey wants F-16s. The Turkish ministry said in Ankara that Norway may sell F-16s.", title="Turkey asks Norway")
    title, text = swaps.swaps(parsed, random.Random(3))
    new_title, new_text = swaps.rewritten("Turkey asks Norway", title), swaps.rewritten(parsed.document.text, text)
    for old in ("Turkey", "Turkish", "Ankara", "Norway", "F-16"):
        assert old not in new_title + new_text
    buyer, seller = new_title.split(" asks ")
    row = next(row for row in swaps._states().values() if row["names"][0] == buyer)
    assert new_text.startswith(f"{buyer} wants ")
    assert f"The {row['adjectives'][0]} ministry said in {row['capital'][0]} that {seller} may sell " in new_text
    jets = {item for items in swaps._classes().values() if "F-16" in items for item in items}
    assert new_text.split(" wants ")[1].split("s. The")[0] in jets


def test_the_same_seed_swaps_alike_and_another_does_not(swaps: ModuleType, parse: Parse) -> None:
    parsed = parse("Peru bought ten tanks from Norway.")
    assert swaps.swaps(parsed, random.Random(1)) == swaps.swaps(parsed, random.Random(1)) != swaps.swaps(parsed, random.Random(2))


def test_a_text_without_states_or_known_designations_stays(swaps: ModuleType, parse: Parse) -> None:
    assert swaps.swaps(parse("The choir sang in the rain."), random.Random(1)) == ([], [])
