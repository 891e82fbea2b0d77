"""What an authority makes public, handed to those who check against it."""

import shutil
from pathlib import Path


def copy_public(source: Path, target: Path) -> None:
    """Copy ``roots`` and ``crls`` file by file, each in one step: readers never see half a list."""
    for part in ("roots", "crls"):
        (target / part).mkdir(parents=True, exist_ok=True)
        for file in sorted((source / part).iterdir()):
            partial = target / part / f".{file.name}"
            shutil.copyfile(file, partial)
            partial.replace(target / part / file.name)
