"""Where templates, migrations and guides lie: in a wheel inside the package, else beside it."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """Return the folder `name`; raise FileNotFoundError if this installation lacks it.

    `_data` is looked at first and never exists in a checkout, so the two cannot be mixed up.
    """
    for parent in (PACKAGE / "_data", PACKAGE.parent):
        if (parent / name).is_dir():
            return parent / name
    raise FileNotFoundError(f"factcheck was installed without its {name}/ folder")
