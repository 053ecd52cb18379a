"""This file is the Python surface: open a record and add, register, show, search it; extract from one text without a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType

from onrecord import passes
from onrecord.answers import Added, DealView, Dispute, Update
from onrecord.asked import check_day, check_sure, check_words, wanted_of
from onrecord.changes import Change, read_changes
from onrecord.clean.document import make_document
from onrecord.deal_cells import updates
from onrecord.errors import BadInput
from onrecord.export import EXPORTS
from onrecord.export.gold import gold_report
from onrecord.export.told import Told
from onrecord.export.writing import write_export
from onrecord.gold_folder import GoldFolder
from onrecord.intake import SCREENS, STREAMS
from onrecord.reconcile.comparing import Reconciled
from onrecord.reconcile.record import reconcile_table
from onrecord.records import Document, Issue, Json, Raw
from onrecord.register import RegisterRow, Wanted, read_disputed, read_register
from onrecord.review import judge
from onrecord.store import deal_reading, doubts, query
from onrecord.store.database import Database, file_of, open_database, reading
from onrecord.store.origins import deal_stories
from onrecord.store.people import Named, all_people, people_named
from onrecord.store.query import Fault, Hit, Statement
from onrecord.waiting import apply_waiting


class Record:
    """An open record; also a context manager. Every verb of the command line is a method."""

    def __init__(self, engine: Database) -> None:
        self.engine = engine

    def __enter__(self) -> Record:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the database; the record can be opened again."""
        self.engine.dispose()

    def add(
        self,
        *sources: str | Path,
        jobs: int = 1,
        screen: str = STREAMS,
        allow_private: bool = False,
        contact: str = "",
        tell: Callable[[passes.Step], None] | None = None,
    ) -> Added:
        """Reads files, folders, addresses of the web and standard input (`-`) and puts on record what is not there yet.

        `tell` hears of each batch as it is safe. `screen` says what has to pass the gate first: streams (archives of pages, feeds), all, or
        none. Addresses of this machine and its network are asked only if `allow_private`; `contact` is said to servers.
        """
        if screen not in SCREENS:
            raise BadInput(f"{screen!r} can not be screened; there are: {', '.join(SCREENS)}")
        from onrecord.read.files import read_sources
        from onrecord.read.web import Web
        from onrecord.store.feeds import Visits

        visits = Visits(self.engine)
        web = Web(visits, allow_private=allow_private, contact=contact)
        found = (item for item in read_sources(sources, web=web) if not self._is_own_file(item))
        names = [str(source) for source in sources]
        with closing(web):
            added = _total(passes.add_raws(self.engine, found, sources=names, jobs=jobs, screen=screen), tell)
        visits.keep()
        return added

    def _is_own_file(self, item: Raw | Issue) -> bool:
        """Whether an issue is about the record's own file, which may lie in the folder that is read."""
        own = file_of(self.engine)
        place = item.where if isinstance(item, Issue) else ""
        return own is not None and bool(place) and str(Path(place).resolve()).startswith(str(own.resolve()))

    def add_documents(
        self,
        documents: Iterable[Document | Issue],
        *,
        sources: Sequence[str] = (),
        jobs: int = 1,
        tell: Callable[[passes.Step], None] | None = None,
    ) -> Added:
        """The same for documents that were made by the caller; none of them is screened."""
        return _total(passes.add_documents(self.engine, documents, sources=sources, jobs=jobs), tell)

    def register(
        self, *, as_of: str | None = None, supplier: str | None = None, recipient: str | None = None, equipment: str | None = None,
        sure: float = 0.0,
    ) -> list[RegisterRow]:  # fmt: skip
        """The register, today or as it could be known on a past day; states by code or name. Cells less sure than `sure` are left out."""
        wanted = wanted_of(as_of, supplier, recipient, equipment, sure)
        with reading(self.engine) as db:
            return list(read_register(db, wanted))

    def export(
        self,
        form: str,
        out: str | Path,
        *,
        as_of: str | None = None,
        supplier: str | None = None,
        recipient: str | None = None,
        equipment: str | None = None,
        sure: float = 0.0,
    ) -> int:
        """Writes the register, filtered as `register` does, in a form of EXPORTS; the number of deals written (plover: of events)."""
        if form not in EXPORTS:
            raise BadInput(f"{form!r} is no form of export; there are: {', '.join(EXPORTS)}")
        with reading(self.engine) as db:
            told = Told(db, wanted_of(as_of, supplier, recipient, equipment, sure))
            write_export(form, told, Path(out))
        return told.written

    def reconcile(
        self, table: str | Path, *, mapping: str | Path | None = None, as_of: str | None = None, supplier: str | None = None,
        recipient: str | None = None, equipment: str | None = None, sure: float = 0.0,
    ) -> Reconciled:  # fmt: skip
        """A table of the user's own (SIPRI's trade register, or any that a TOML file maps) lined up with the register, filtered alike."""
        return reconcile_table(self.engine, table, mapping, wanted_of(as_of, supplier, recipient, equipment, sure))

    def show(self, deal: str, *, as_of: str | None = None) -> DealView:
        """One deal, by its id or the start of it."""
        day = check_day(as_of)
        with reading(self.engine) as db:
            number = deal_reading.find_deal(db, deal).joined_to
            wanted = Wanted(as_of=day, deal=number)
            found = next(read_disputed(db, wanted), None)
            if found is None:
                raise BadInput(f"deal {deal}: no report of it was known on {day}; give a later day")
            row, cells, against = found
            return DealView(
                row,
                cells,
                tuple(deal_reading.deal_sources(db, number, as_of=day)),
                tuple(Dispute(*pair) for pair in against),
                tuple(query.deal_statements(db, number, as_of=day)),
                tuple(deal_reading.deal_events(db, number, as_of=day)),
                tuple(doubts.deal_doubts(db, number, as_of=day)),
                tuple(doubts.deal_judgements(db, number)),
                tuple(Update(*pair) for pair in updates(cells)),
                tuple(deal_stories(db, number, as_of=day)),
            )

    def statements(
        self, *, speaker: str | None = None, about: str | None = None, since: str | None = None, sure: float = 0.0
    ) -> Iterator[Statement]:
        """Statements by speaker, by what they are about (deal id, state code, equipment, words), since a day, none less than `sure`."""
        day, least = check_day(since), check_sure(sure)
        speaker, about = check_words(speaker, what="speaker"), check_words(about, what="subject")
        with reading(self.engine) as db:
            yield from query.read_statements(db, speaker=speaker, about=about, since=day, sure=least)

    def people(self, *, name: str | None = None) -> list[Named]:
        """Who speaks in the record, each person under all spellings; with a name, only those whom it may mean."""
        with reading(self.engine) as db:
            return all_people(db) if name is None else people_named(db, name)

    def search(self, words: str, *, limit: int = 20) -> list[Hit]:
        """The reports that hold all the words, best first."""
        with reading(self.engine) as db:
            return query.search_reports(db, words, limit=limit)

    def check(self) -> list[Fault]:
        """Every claim whose quote its text does not bear out; empty when all is well."""
        with reading(self.engine) as db:
            return list(query.find_faults(db))

    def changes(self, since: str) -> list[Change]:
        """What became known after a day: every value that no report published by then gave, deal by deal."""
        day = check_day(since)
        assert day is not None
        with reading(self.engine) as db:
            return list(read_changes(db, day))

    def judge(self, left: str, right: str, verdict: str, *, by: str, reason: str = "") -> None:
        """A person's verdict (same, different, unsure) on two deals or two transfers; it outranks the rule from now on.

        Each side is a deal's id or the start of it (its founding transfer is meant), a transfer's full id, or REPORT#t1.
        """
        judge(self, left, right, verdict, by=by, why=reason)

    def counts(self) -> dict[str, int]:
        """How much is on record: documents, findings by kind, claims, deals, issues."""
        with reading(self.engine) as db:
            return query.counts(db)


def _total(steps: Iterable[passes.Step], tell: Callable[[passes.Step], None] | None) -> Added:
    added = Added()
    for step in steps:
        added.take(step)
        if tell:
            tell(step)
    return added


def open_record(record: str | Path, *, create: bool = True) -> Record:
    """Opens the record at a path or a `postgresql://` address, making it if it is not there."""
    opened = Record(open_database(record, create=create))
    apply_waiting(opened)
    return opened


def extract_text(text: str, *, published: str | None = None, title: str = "", outlet: str = "", key: str = "text") -> dict[str, Json]:
    """What one English text puts on record, in the gold form: transfers with stages, statements, events, each with its words."""
    if not text.strip():
        raise BadInput("the text is empty; give a report's text")
    document = make_document(text, key=key, title=title, outlet=outlet, published=check_day(published))
    from onrecord.flow import analyse

    analysis = next(iter(analyse([document])))
    return gold_report(analysis.parsed.document, analysis.findings)


def extract_sources(
    sources: Sequence[str | Path], *, out: Path, jobs: int = 1, screen: str = STREAMS, allow_private: bool = False, contact: str = ""
) -> Iterator[passes.Step]:
    """Writes each report's findings to a file of its own in the gold form, and links.json over all of them; one Step a batch."""
    from onrecord.read.files import read_sources
    from onrecord.read.web import Web

    folder, web = GoldFolder(out), Web(allow_private=allow_private, contact=contact)
    for done in passes.analyse_raws(read_sources(sources, web=web), jobs=jobs, screen=screen):
        for report in done.reports:
            folder.add(report.document, report.findings)
        undated = sum(report.document.published is None for report in done.reports)
        yield passes.Step(len(done.reports), 0, undated, done.work.issues, done.work.refused, done.work.pages)
    folder.close()
