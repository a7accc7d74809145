"""Every table below the doors, gathered for migrations: importing this module makes `Base` whole."""

import importlib
from pathlib import Path

import crypto.ledger.tables

_HERE = Path(__file__).parent

__all__ = ["crypto"]

for _rows in sorted(_HERE.glob("*/tables.py")):
    importlib.import_module(f"bidding.{_rows.parent.name}.tables")
for _name in ("log_tables",):
    if (Path(crypto.ledger.tables.__file__).parent / f"{_name}.py").exists():
        importlib.import_module(f"crypto.ledger.{_name}")
