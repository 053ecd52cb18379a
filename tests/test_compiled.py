"""What `make compiled` built finds in reports what the plain package finds; skipped where it has not built this version."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BUILT = ROOT / "build" / "compiled"
# Prints whether the reading is compiled, then all that is found in the reports of the folders named.
FIND = """
import json, sys
from pathlib import Path
from onrecord import flow
from onrecord.clean.document import make_document
from onrecord.extract import transfers
print(not transfers.__file__.endswith(".py"))
paths = [path for folder in sys.argv[1:] for path in sorted(Path(folder).glob("*-*.json"))[:60]]
reports = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
made = [make_document(r["text"], key=r["id"], title=r.get("title") or "", published=r.get("published")) for r in reports if "text" in r]
print(len(made))
for analysis in flow.analyse(made):
    print(analysis.findings)
"""


def is_current() -> bool:
    """Whether the compiled package is there and no source is newer."""
    ready = BUILT / "ready"
    return ready.exists() and all(path.stat().st_mtime <= ready.stat().st_mtime for path in (ROOT / "src").rglob("*.py"))


@pytest.mark.skipif(not is_current(), reason="make compiled has not built this version")
def test_finds_the_same() -> None:
    def found(package: Path) -> list[str]:
        environment = {**os.environ, "PYTHONPATH": str(package), "PYTHONHASHSEED": "0"}
        command = [sys.executable, "-c", FIND, str(ROOT / "gold" / "dev"), str(ROOT / "gold" / "train")]
        return subprocess.run(command, env=environment, cwd=ROOT.parent, capture_output=True, text=True, check=True).stdout.splitlines()

    compiled, plain = found(BUILT), found(ROOT / "src")
    assert (compiled[0], plain[0]) == ("True", "False")
    assert int(plain[1]) > 80 and len(plain) == int(plain[1]) + 2
    assert compiled[1:] == plain[1:]
