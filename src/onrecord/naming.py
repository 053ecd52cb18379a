"""This file tells how a record is named: by the path of a file, or by the address of a database on a server."""

from __future__ import annotations

import re
import shlex


def is_address(record: object) -> bool:
    """Whether a record is named by an address and not by the path of a file."""
    return "://" in str(record)


def shown(record: object) -> str:
    """A record's path, or its address without a password, as it may be printed."""
    bare = re.sub(r"([?&]password=)[^&#]*", r"\1…", str(record))
    return re.sub(r"(://[^/?#\s]*?):[^/?#]*@", r"\1@", bare)


def as_typed(record: object) -> str:
    """The same as a word of a command that can be copied into a shell; a path with a blank in it stands in quotes."""
    return shlex.quote(shown(record))
