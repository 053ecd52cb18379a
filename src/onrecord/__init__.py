"""onrecord: reports in, a sourced register out.

`onrecord.open(path)` opens a record, `onrecord.extract(text, published="2020-07-23")` reads one report without a record.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onrecord.api import open_record as open

__all__ = ["extract", "open"]


class _Surface(ModuleType):
    """The package's own names, loaded at their first use, so that `import onrecord` costs nothing."""

    @property
    def open(self) -> Any:
        """Opens a record."""
        from onrecord.api import open_record

        return open_record

    @property
    def extract(self) -> Any:
        """Reads one text."""
        from onrecord.api import extract_text

        return extract_text

    @extract.setter
    def extract(self, module: ModuleType) -> None:
        """The folder `extract/` has the same name: once imported, Python would put it in the function's place."""


sys.modules[__name__].__class__ = _Surface
