"""Whose story a group of copies tells."""

from __future__ import annotations

import pytest

from onrecord.group.origin import Carrier, name_origin

WIRE = ("Reuters",)


@pytest.mark.parametrize(
    ("carriers", "how", "name"),
    [
        ([Carrier("Post", "2020-01-02", WIRE), Carrier("Star", "2020-01-01", WIRE)], "credited", "Reuters"),
        ([Carrier("Post", "2020-01-02", ("Reuter",)), Carrier("Star", "2020-01-01", ("Thomson Reuters",))], "credited", "Reuters"),
        ([Carrier("Reuters", "2020-01-01"), Carrier("Post", "2020-01-02", WIRE), Carrier("Star", "2020-01-02")], "credited", "Reuters"),
        ([Carrier("Post", "2020-01-02", WIRE), Carrier("Star", "2020-01-01"), Carrier("Echo", "2020-01-03")], "earliest", "Star"),
        ([Carrier("Post", "2020-01-02", WIRE), Carrier("Star", "2020-01-01", ("Associated Press",))], "earliest", "Star"),
        ([Carrier("Post", "2020-01-02"), Carrier("Star", "2020-01-01")], "earliest", "Star"),
        ([Carrier("Post", "2020-01-01"), Carrier("Star", "2020-01-01")], "unknown", ""),
        ([Carrier("Post", None), Carrier("Star", "2020-01-01")], "unknown", ""),
        ([Carrier("Post", None)], "earliest", "Post"),
    ],
)
def test_an_original_is_the_credited_agency_s_or_the_earliest_report_s_or_nobody_s(carriers: list[Carrier], how: str, name: str) -> None:
    found = name_origin(carriers)
    assert (found.how, found.name) == (how, name)
    assert found.why


def test_the_order_of_the_reports_does_not_matter() -> None:
    carriers = [Carrier("Post", "2020-01-02", WIRE), Carrier("Star", "2020-01-01", WIRE), Carrier("Echo", "2020-01-03")]
    assert name_origin(carriers) == name_origin(carriers[::-1])
