"""The errors that onrecord raises; each says what was wrong, where, and what to do.

OnrecordError
├── BadInput      a report or option that cannot be read; a batch records it and goes on
├── BadVocab      a vocabulary file or table that does not hold together; stops the run
├── BadOffset     a claim whose words cannot be cut from the text; a bug, stops the run
├── AssetMissing  a required model or table is not installed
├── StoreError    a record that cannot be opened, migrated or written
└── WorkerLost    a process that helps reading ended again and again
"""


class OnrecordError(Exception):
    """The root of all errors raised on purpose."""


class BadInput(OnrecordError):
    """A report, file or option that cannot be read."""


class BadVocab(OnrecordError):
    """A vocabulary file or table that does not hold together."""


class BadOffset(OnrecordError):
    """A claim whose words cannot be cut from the text."""


class AssetMissing(OnrecordError):
    """A required model or table is not installed."""


class StoreError(OnrecordError):
    """A record that cannot be opened, migrated or written."""


class WorkerLost(OnrecordError):
    """A process that helps reading ended again and again."""
