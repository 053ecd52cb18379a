"""Writing findings and registers in other forms; EXPORTS names the forms of a whole register (see docs/exports.md)."""

from collections.abc import Callable, Sequence

from onrecord.export.sipri_csv import sipri_csv
from onrecord.export.told import ToldDeal

# Each takes the deals and the day as known on which (None: today), and gives the file's bytes, the same for the same deals.
EXPORTS: dict[str, Callable[[Sequence[ToldDeal], str | None], bytes]] = {"sipri-csv": sipri_csv}
