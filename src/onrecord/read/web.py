"""This file asks the web politely: robots.txt, a pause between two requests to a host, retries with longer pauses, no page asked twice."""

from __future__ import annotations

import copy
import random
import re
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from onrecord.errors import BadInput
from onrecord.read.addresses import Refused, tidy_address
from onrecord.read.pages import address_key
from onrecord.read.warc import recoded
from onrecord.records import Issue, Raw

if TYPE_CHECKING:
    from onrecord.read.fetch import Answer, Fetcher

# Seconds between two requests to one host, unless its robots.txt asks for more; what it asks for is kept to up to the second number.
PAUSE, LONGEST_PAUSE = 1.0, 30.0
ATTEMPTS = 3
BACK_OFF = 2.0
# A server that asks to come back within this many seconds is waited for.
LONGEST_WAIT = 60.0
# A host that did not answer is left alone for so long, that a list of its pages does not wait for each.
DOWN = 120.0
# An address that failed rests for ten minutes, then three times as long each time, up to a day; a page that failed five times is given up.
FIRST_REST, LONGEST_REST, GIVEN_UP = 600.0, 86400.0, 5
FOR_NOW = (429, 500, 502, 503, 504)
# What robots.txt said is asked anew after a day, as RFC 9309 has it; what is longer than half a megabyte is taken for none.
MOST_ROBOTS, ROBOTS_KEPT = 500_000, 86400.0
ASK_LATER = "it is asked again in the next run"
SAVE = "open it in a browser and give the saved page"


@dataclass(frozen=True, slots=True)
class Visit:
    """What is remembered of an address: its marks for conditional requests, when it last answered (UTC) and what came of it.

    `failures` counts the attempts without a good answer since the last one; before `retry_at` (UTC, or empty) it is not asked again.
    """

    address: str
    etag: str = ""
    last_modified: str = ""
    answered_at: str = ""
    outcome: str = ""
    failures: int = 0
    retry_at: str = ""
    moved_to: str = ""


class Memory(Protocol):
    """What remembers visits between runs."""

    def recall(self, address: str) -> Visit | None:
        """The last visit to an address, if there was one."""

    def settled(self, addresses: Collection[str]) -> set[str]:
        """Those of the addresses whose page was read already, or cannot be."""

    def note(self, visit: Visit) -> None:
        """Remembers a visit in place of the last one."""


@dataclass(slots=True)
class ShortMemory:
    """Remembers for as long as one run lasts."""

    visits: dict[str, Visit] = field(default_factory=dict)

    def recall(self, address: str) -> Visit | None:
        """The last visit in this run."""
        return self.visits.get(address)

    def settled(self, addresses: Collection[str]) -> set[str]:
        """Those that answered in this run."""
        return {address for address in addresses if address in self.visits and not self.visits[address].failures}

    def note(self, visit: Visit) -> None:
        """Remembers a visit."""
        self.visits[visit.address] = visit


@dataclass(frozen=True, slots=True)
class Page:
    """What an address holds: where it was found in the end, its bytes, what the server said of them; `unchanged` since the last visit."""

    asked: str
    address: str
    body: bytes
    media_type: str
    charset: str
    unchanged: bool = False
    moved_for_good: bool = False

    def xml(self) -> bytes:
        """The page's bytes as XML: what a file says of its own letters outranks what its server says."""
        return self.body if b"encoding=" in self.body[:200] else recoded(self.body, self.charset)

    def raw(self, media_type: str, hints: Mapping[str, str] | None = None) -> Raw:
        """The page as one report, with what is known of it from elsewhere."""
        own = {"key": address_key(self.address), "where": self.address}
        return Raw(self.address, media_type, recoded(self.body, self.charset), {**own, **{k: v for k, v in (hints or {}).items() if v}})


class Web:
    """The web as readers see it; can be shared by threads."""

    def __init__(
        self,
        memory: Memory | None = None,
        *,
        allow_private: bool = False,
        contact: str = "",
        pause: float = PAUSE,
        back_off: float = BACK_OFF,
    ) -> None:
        self.memory = memory or ShortMemory()
        self._allow_private = allow_private
        self._contact = contact
        self._pause = pause
        self._back_off = back_off
        self._lock = threading.Lock()
        self._hosts: dict[str, threading.Lock] = {}
        self._free_at: dict[str, float] = {}
        self._robots: dict[str, tuple[float, Any]] = {}
        self._down: dict[str, float] = {}
        self._fetcher: Fetcher | None = None

    def close(self) -> None:
        """Closes all connections."""
        if self._fetcher is not None:
            self._fetcher.close()

    def fetch(self, address: str, *, again: bool = True) -> Page | Issue:
        """What an address holds, or the Issue that says why it is not read; a visit is noted either way.

        A page that did not change since the last visit comes back `unchanged` and empty, unless `again` is False: then it is asked as if
        for the first time.
        """
        address = tidy_address(address)
        last = self.memory.recall(address)
        conditions = {}
        if again and last is not None and not last.failures:
            marks = (("If-None-Match", last.etag), ("If-Modified-Since", last.last_modified))
            conditions = {name: said for name, said in marks if said}
        try:
            answer = self._ask(address, conditions)
        except BadInput as error:
            return self._failed(address, last, str(error), for_good=isinstance(error, Refused))
        if answer.status == 304 and last is not None:
            self.memory.note(Visit(address, last.etag, last.last_modified, _now(), last.outcome))
            return Page(address, answer.address, b"", "", "", unchanged=True)
        if answer.status != 200:
            what = f"the server answers {answer.status}{' (gone)' if answer.status == 410 else ''}"
            return self._failed(address, last, what, for_good=answer.status not in FOR_NOW, wait=_wait(answer))
        headers = answer.headers
        moved = answer.address if answer.moved_for_good and answer.address != address else ""
        self.memory.note(Visit(address, headers.get("etag", ""), headers.get("last-modified", ""), _now(), "read", moved_to=moved))
        media, _, rest = headers.get("content-type", "").partition(";")
        charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", rest)
        where = tidy_address(answer.address)
        return Page(address, where, answer.body, media.strip().lower(), charset[1] if charset else "", moved_for_good=bool(moved))

    def remembering(self, memory: Memory) -> Web:
        """The same web, with the same pauses and rules, that notes its visits elsewhere."""
        other = copy.copy(self)
        other.memory = memory
        self._client()  # made here, so that both share it
        other._fetcher = self._fetcher
        return other

    def _failed(self, address: str, last: Visit | None, what: str, *, for_good: bool, wait: float = 0.0) -> Issue:
        before = last or Visit(address)
        failures = before.failures + (GIVEN_UP if for_good else 1)
        pause = wait or LONGEST_REST if for_good else max(wait, min(FIRST_REST * 3 ** (failures - 1), LONGEST_REST))
        retry_at = (datetime.now(UTC) + timedelta(seconds=pause)).isoformat(timespec="seconds")
        self.memory.note(Visit(address, before.etag, before.last_modified, before.answered_at, what, failures, retry_at))
        todo = "give --allow-private if you trust it" if "private address" in what else SAVE if for_good else ASK_LATER
        return Issue("fetch", what, address, todo)

    def _ask(self, address: str, headers: Mapping[str, str]) -> Answer:
        """The answer after robots.txt was asked, pauses were kept and passing failures tried again."""
        from onrecord.read.fetch import Unreachable

        host = urlsplit(address).netloc.lower()
        with self._host_lock(host):
            if self._down.get(host, 0.0) > time.monotonic():
                raise Unreachable("its host did not answer just now")
            for attempt in range(ATTEMPTS):
                last = attempt + 1 == ATTEMPTS
                try:
                    answer = self._take_turn(host, address, headers, self._pause_for(address))
                    wait = _wait(answer)
                    if answer.status not in FOR_NOW or last or wait > LONGEST_WAIT:
                        return answer
                except Unreachable:
                    if last:
                        self._down[host] = time.monotonic() + DOWN
                        raise
                    wait = 0.0
                # A little chance, so that readers who failed together do not come back together.
                time.sleep(max(wait, self._back_off * 2**attempt * (0.75 + random.random() / 2)))
        raise AssertionError("the last attempt returns or raises")

    def _pause_for(self, address: str) -> float:
        """The seconds to leave between two requests to a site, `Refused` where its robots.txt forbids the address."""
        rules = self._rules(address)
        if rules is None:
            return self._pause
        agent = self._client().agent
        if not rules.can_fetch(address, agent):
            raise Refused("robots.txt of the site forbids it")
        return max(self._pause, min(float(rules.crawl_delay(agent) or 0), LONGEST_PAUSE))

    def _take_turn(self, host: str, address: str, headers: Mapping[str, str], pause: float) -> Answer:
        time.sleep(max(0.0, self._free_at.get(host, 0.0) - time.monotonic()))
        try:
            return self._client().get(address, headers)
        finally:
            self._free_at[host] = time.monotonic() + pause

    def _rules(self, address: str) -> Any:
        """What robots.txt of the address's site allows; None where it has none. One that cannot be read now forbids all (RFC 9309)."""
        from protego import Protego

        from onrecord.read.fetch import Unreachable

        parts = urlsplit(address)
        site = f"{parts.scheme}://{parts.netloc}"
        asked_at, rules = self._robots.get(site, (-ROBOTS_KEPT, None))
        if time.monotonic() - asked_at >= ROBOTS_KEPT:
            rules = None
            try:
                answer = self._client().get(f"{site}/robots.txt", most_bytes=MOST_ROBOTS)
                if answer.status in FOR_NOW:
                    raise Unreachable(f"robots.txt of the site cannot be read (the server answers {answer.status})")
                if answer.status == 200:
                    rules = Protego.parse(answer.body.decode("utf-8", "replace"))
            except Refused as error:
                if "larger" not in str(error):
                    raise
            self._robots[site] = (time.monotonic(), rules)
        return rules

    def _host_lock(self, host: str) -> threading.Lock:
        with self._lock:
            return self._hosts.setdefault(host, threading.Lock())

    def _client(self) -> Fetcher:
        from onrecord.read.fetch import Fetcher

        with self._lock:
            if self._fetcher is None:
                self._fetcher = Fetcher(allow_private=self._allow_private, contact=self._contact)
            return self._fetcher


def _wait(answer: Answer) -> float:
    """The seconds after which a server asks to come back, or 0."""
    from email.utils import parsedate_to_datetime

    said = answer.headers.get("retry-after", "").strip() if answer.status in FOR_NOW else ""
    if said.isdecimal():
        return float(min(int(said[:9]), 7 * 86400))
    try:
        return min(max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds()), 7 * 86400) if said else 0.0
    except (ValueError, TypeError):
        return 0.0


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
