"""Builds the package; with ONRECORD_COMPILED=1 the modules that read a report are compiled, by mypyc, and find the same in less time."""

import os
from pathlib import Path

from setuptools import setup

PACKAGE = Path("src/onrecord")
# What most of the time is spent in that no library spends. Their Python files lie beside the compiled ones in the wheel, which come first.
COMPILED = ("extract/*.py", "attribute/*.py", "link/*.py", "parse/*.py", "syntax.py", "choosing.py", "confidence.py")
# mypyc 2.4 ends with an error of its own on this one.
LEFT_OUT = {PACKAGE / "parse" / "date_steps.py"}


def modules() -> list[str]:
    """The files to compile, none unless that is asked for."""
    if os.environ.get("ONRECORD_COMPILED") != "1":
        return []
    found = {path for pattern in COMPILED for path in PACKAGE.glob(pattern)}
    return sorted(str(path) for path in found - LEFT_OUT if path.name != "__init__.py")


def extensions() -> list[object]:
    """The compiled modules."""
    files = modules()
    if not files:
        return []
    from mypyc.build import mypycify

    # Above the first level the compiler takes twice as long, and the analysis no less.
    return mypycify(["--strict", "--ignore-missing-imports", *files], opt_level="1", debug_level="0")


setup(ext_modules=extensions())
