"""This file decides which addresses of the web may be asked: public ones, by the number that a name stands for, not by the name."""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from onrecord.errors import BadInput

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

# What campaigns append to an address; the page is the same without it.
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|cmpid|ocid|at_(?:medium|campaign)", re.IGNORECASE)
# Ranges that carry an IPv4 address inside an IPv6 one: the translation prefix of RFC 6052.
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class Refused(BadInput):
    """An address that is not asked, for a reason that asking again would not change."""


def tidy_address(address: str) -> str:
    """The address without fragment and the parameters of campaigns, so that one page has one address."""
    parts = urlsplit(address.strip())
    query = parts.query
    if query and TRACKING.search(query):
        query = urlencode([(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not TRACKING.fullmatch(name)])
    return urlunsplit((parts.scheme.lower(), parts.netloc, parts.path, query, ""))


def find_numbers(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The IP addresses of a host, checked; `Refused` if one of them is not public, `BadInput` if there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise BadInput(f"the host {host} cannot be found") from error
    numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private and any(not is_public(number) for number in numbers):
        raise Refused("leads to a private address (this machine or the network around it)")
    return numbers


def is_public(number: str) -> bool:
    """Whether an IP address belongs to the open internet, and not to this machine, its network or a special use."""
    address: IPv4Address | IPv6Address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            address = inner
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
