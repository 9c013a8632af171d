"""Where things are: the sources, and the cache below `.build`."""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parent.parent
RIGS = HERE.parent / "Rigs"
CACHE = Path(os.environ.get("VIRTUAL_DOCK_CACHE", SOURCES / ".build/virtual-dock"))
LOGS = CACHE / "logs"
PROGRAM = Path(os.environ.get("VIRTUAL_DOCK_PROGRAM", SOURCES / ".build/release/bodydock")).resolve()
