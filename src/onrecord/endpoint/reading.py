"""This file reads documents by an endpoint: the same findings as the project's own analysis gives, and a count of what they cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from onrecord.endpoint.asking import Cost, Endpoint, NoAnswer, ask
from onrecord.endpoint.grounding import ground
from onrecord.records import Document, Finding, Issue
from onrecord.vocab import meanings

# Characters of a report that are sent; what is longer is cut, and the record says so.
MOST_CHARACTERS = 24_000


@dataclass(slots=True)
class Tally:
    """What reading by an endpoint came to: reports read and without an answer, claims kept, claims dropped by reason, and the cost."""

    read: int = 0
    without_answer: int = 0
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    cost: Cost = field(default_factory=Cost)

    def lines(self, endpoint: Endpoint) -> list[str]:
        """The tally as lines for a person."""
        cost, price = self.cost, self.cost.price(endpoint)
        spent = f", {price:.4f} at the prices given" if price is not None else ""
        gone = "; ".join(f"{count} {why}" for why, count in self.dropped.most_common())
        each = f" ({cost.seconds / cost.questions:.1f} s each)" if cost.questions else ""
        return [
            f"{endpoint.model}: {self.read} reports read, {self.without_answer} without an answer; {cost.tries} tries, {cost.seconds:.1f} s"
            f"{each}, {cost.tokens_read} tokens read and {cost.tokens_written} written{spent}.",
            f"{self.kept} claims stand on exact words; {sum(self.dropped.values())} were dropped{': ' + gone if gone else ''}.",
        ]


@dataclass(frozen=True, slots=True)
class Read:
    """One document with what was found in it; `answered` is False where the endpoint gave no answer."""

    document: Document
    findings: tuple[Finding, ...]
    issues: tuple[Issue, ...]
    answered: bool


def analysis_of(endpoint: Endpoint) -> str:
    """What the record says made the findings: the model, and the version of what it is asked."""
    return f"llm/{meanings('endpoint')['version']}+{endpoint.model}"


def read_documents(endpoint: Endpoint, documents: Iterable[Document], tally: Tally) -> Iterator[Read]:
    """Each document read; one without an answer comes with an issue that says why and no findings."""
    told = meanings("endpoint")
    for document in documents:
        where, issues = document.uri or document.key, list[Issue]()
        if len(document.text) > MOST_CHARACTERS:
            what = f"only the first {MOST_CHARACTERS} of {len(document.text)} characters were sent to the model"
            issues.append(Issue("endpoint", what, where, notice=True))
        text = document.text[:MOST_CHARACTERS]
        user = told["user"].format(published=document.published or "unknown", title=document.title, text=text)
        try:
            answer = ask(endpoint, told["system"].strip(), user.strip(), tally.cost)
        except NoAnswer as error:
            tally.without_answer += 1
            issues.append(Issue("endpoint", f"the model gave no answer: {error}", where, "add the report again, or with --extractor rules"))
            yield Read(document, (), tuple(issues), False)
            continue
        found = ground(document, answer, made_by=analysis_of(endpoint))
        tally.read += 1
        tally.kept += found.kept
        tally.dropped += found.dropped
        if found.dropped:
            what = f"{sum(found.dropped.values())} claims of the model were dropped: {'; '.join(sorted(found.dropped))}"
            issues.append(Issue("endpoint", what, where, notice=True))
        yield Read(document, tuple(found.findings), tuple(issues), True)
