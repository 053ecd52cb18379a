"""Writing findings and registers in other forms; EXPORTS names the forms of a whole register (see docs/exports.md)."""

from collections.abc import Callable
from pathlib import Path

from onrecord.export.ftm import ftm
from onrecord.export.graphml import graphml
from onrecord.export.jsonld import jsonld
from onrecord.export.parquet import FILES, parquet
from onrecord.export.plover import plover
from onrecord.export.sipri_csv import sipri_csv
from onrecord.export.told import Told
from onrecord.export.xlsx import xlsx

# Each writes what is told to a new file (of FOLDERS: to a new folder) at the path, the same bytes for the same record.
EXPORTS: dict[str, Callable[[Told, Path], None]] = {
    "sipri-csv": sipri_csv,
    "xlsx": xlsx,
    "ftm": ftm,
    "plover": plover,
    "jsonld": jsonld,
    "parquet": parquet,
    "graphml": graphml,
}
# The forms that are a folder, each with the files that it holds.
FOLDERS: dict[str, frozenset[str]] = {"parquet": FILES}
