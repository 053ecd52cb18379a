"""This file asks an OpenAI-compatible endpoint one question within bounds of time, size and tries, and tells what it cost.

Nothing is sent but the report and what is asked; the key goes to the endpoint alone, since no redirect is followed.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from onrecord.endpoint.answers import answer_schema
from onrecord.errors import BadInput

# Where the key is looked for; it is never an argument, which other users of a machine could see.
KEY = "ONRECORD_LLM_KEY"
# Bytes of an answer, and tokens that a model may write.
MOST_BYTES, MOST_TOKENS = 2**22, 4096
CONNECT_SECONDS = 10.0
# What is worth another try: busy, broken or gone for a moment.
AGAIN = {408, 409, 425, 429, 500, 502, 503, 504}
LONGEST_WAIT = 30.0
# The ways to ask for JSON, from the strictest on: a server that does not know one is asked the next way.
SCHEMA, OBJECT, NOTHING = "json_schema", "json_object", ""


class NoAnswer(Exception):
    """The endpoint gave no answer to one question; the words say why."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and what to ask: the address ("http://127.0.0.1:8080/v1"), the model's name, and the bounds.

    `seconds` bounds one try as a whole, `tries` how many there are, `prices` is what a million tokens read and written costs.
    """

    url: str
    model: str
    seconds: float = 120.0
    tries: int = 3
    prices: tuple[float, float] | None = None
    most_tokens: int = MOST_TOKENS

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadInput(f"{self.url!r} is no address of an endpoint; give one such as http://127.0.0.1:8080/v1")
        if not self.model.strip():
            raise BadInput("an endpoint needs the name of a model: --llm-model NAME")


@dataclass(slots=True)
class Cost:
    """What asking cost so far: questions, tries, tokens read and written, seconds."""

    questions: int = 0
    tries: int = 0
    tokens_read: int = 0
    tokens_written: int = 0
    seconds: float = 0.0
    way: list[str] = field(default_factory=lambda: [SCHEMA, OBJECT, NOTHING])

    def price(self, endpoint: Endpoint) -> float | None:
        """What the tokens cost, where prices are given."""
        if endpoint.prices is None:
            return None
        return (self.tokens_read * endpoint.prices[0] + self.tokens_written * endpoint.prices[1]) / 1e6


def ask(endpoint: Endpoint, system: str, user: str, cost: Cost) -> Any:
    """The answer, parsed; a `NoAnswer` where there was none within the bounds, or none that is JSON."""
    cost.questions += 1
    started = time.monotonic()
    why = ""
    try:
        for place in range(endpoint.tries):
            cost.tries += 1
            try:
                return _try(endpoint, system, user, cost)
            except _Again as error:
                why = str(error)
                if place + 1 < endpoint.tries:
                    time.sleep(min(error.wait if error.wait is not None else 2.0**place, LONGEST_WAIT))
    finally:
        cost.seconds += time.monotonic() - started
    raise NoAnswer(f"{why} ({endpoint.tries} tries)")


class _Again(Exception):
    """A try that failed in a way that may pass; `wait` is for how long the endpoint asks to be left alone."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


def _try(endpoint: Endpoint, system: str, user: str, cost: Cost) -> Any:
    while True:
        status, body, wait = _post(endpoint, _question(endpoint, system, user, cost.way[0]))
        if status == 400 and len(cost.way) > 1:
            # It does not know this way of asking for JSON: the next one holds for all that is asked after.
            cost.way.pop(0)
            continue
        break
    if status in AGAIN:
        raise _Again(f"the endpoint answered {status}", wait)
    if status != 200:
        raise NoAnswer(f"the endpoint answered {status}: {_plain(body)}")
    try:
        held = json.loads(body)
        used = held.get("usage") or {}
        cost.tokens_read += int(used.get("prompt_tokens") or 0)
        cost.tokens_written += int(used.get("completion_tokens") or 0)
        return json.loads(_bare(held["choices"][0]["message"]["content"]))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise _Again(f"the answer is no JSON ({type(error).__name__})", 0.0) from error


def _question(endpoint: Endpoint, system: str, user: str, way: str) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "model": endpoint.model, "temperature": 0, "seed": 1, "max_tokens": endpoint.most_tokens, "stream": False,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
    }  # fmt: skip
    if way == SCHEMA:
        schema = {"name": "record", "strict": True, "schema": answer_schema()}
        asked["response_format"] = {"type": SCHEMA, "json_schema": schema}
    else:
        asked["messages"][0]["content"] += f"\nSchema: {json.dumps(answer_schema())}"
        if way == OBJECT:
            asked["response_format"] = {"type": OBJECT}
    return asked


def _post(endpoint: Endpoint, asked: dict[str, Any]) -> tuple[int, bytes, float | None]:
    """The status, the body and for how long the endpoint wants to be left alone; time and size are bounded as a whole."""
    ends = time.monotonic() + endpoint.seconds
    try:
        with _stream(endpoint, asked) as response:
            body = b""
            for piece in response.iter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    raise NoAnswer(f"the answer is longer than {MOST_BYTES} bytes")
                # Each piece may come in time, and all of them never.
                if time.monotonic() > ends:
                    raise _Again(f"no whole answer within {endpoint.seconds:g} seconds", 0.0)
            return response.status_code, body, _wait(response)
    except httpx.TimeoutException as error:
        raise _Again(f"no answer within {endpoint.seconds:g} seconds", 0.0) from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise _Again(f"the endpoint cannot be reached ({type(error).__name__}: {str(error)[:100]})") from error


@contextmanager
def _stream(endpoint: Endpoint, asked: dict[str, Any]) -> Iterator[httpx.Response]:
    headers = {"Authorization": f"Bearer {os.environ[KEY]}"} if os.environ.get(KEY) else {}
    limits = httpx.Timeout(endpoint.seconds, connect=min(CONNECT_SECONDS, endpoint.seconds))
    # No proxy is asked on the way to an endpoint on this machine, and no other host is followed to.
    local = urlsplit(endpoint.url).hostname in ("127.0.0.1", "localhost", "::1")
    with httpx.Client(timeout=limits, follow_redirects=False, trust_env=not local) as client:
        url = endpoint.url.rstrip("/") + "/chat/completions"
        with client.stream("POST", url, json=asked, headers=headers) as response:
            yield response


def _wait(response: httpx.Response) -> float | None:
    try:
        return max(0.0, float(response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _bare(content: str) -> str:
    """The JSON of an answer that a model put between fences or words."""
    first, last = content.find("{"), content.rfind("}")
    return content[first : last + 1] if first >= 0 else content


def _plain(body: bytes) -> str:
    return " ".join(body[:200].decode("utf-8", "replace").split())
