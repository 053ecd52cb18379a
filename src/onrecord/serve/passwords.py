"""This file hashes and checks passwords (argon2id, RFC 9106), one at a time, so that many attempts cannot fill the memory."""

from __future__ import annotations

from functools import cache
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from onrecord.errors import BadInput

# NIST SP 800-63B asks for length, not for signs of every kind; the upper bound keeps a request cheap.
SHORTEST, LONGEST = 12, 200
# RFC 9106's second recommendation: 64 MiB, three passes. A hash takes about a tenth of a second.
HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_ONE = Lock()


def hash_password(password: str) -> str:
    """The hash of a password; one that is too short or too long is a `BadInput`."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"a password has {SHORTEST} to {LONGEST} characters; a few words in a row make a good one")
    with _ONE:
        return HASHER.hash(password)


def is_password(hashed: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed. It takes as long where there is no account, so that names cannot be found out."""
    with _ONE:
        try:
            return HASHER.verify(hashed or _nobodys(), password[: LONGEST + 1]) and hashed is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    return HASHER.hash("no account has this password")
