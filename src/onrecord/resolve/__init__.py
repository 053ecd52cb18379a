"""Which transfers of different reports are one deal, and where two that are one disagree: facts → compare → placing → conflicts.

Nothing here touches a database: the store hands in the few transfers that stand under the same keys, `group` keeps all in memory.
"""

from onrecord.resolve.compare import RULE, Verdict, compare
from onrecord.resolve.conflicts import FIGURES, Said, deal_disagreements, disagreement, disagreements, kind_of, update
from onrecord.resolve.facts import Facts, Transfer, known_day, stage_cell, view_transfer
from onrecord.resolve.goods import fold
from onrecord.resolve.placing import Placed, group, place_report

__all__ = [
    "FIGURES",
    "RULE",
    "Facts",
    "Placed",
    "Said",
    "Transfer",
    "Verdict",
    "compare",
    "deal_disagreements",
    "disagreement",
    "disagreements",
    "fold",
    "group",
    "kind_of",
    "known_day",
    "place_report",
    "stage_cell",
    "update",
    "view_transfer",
]
