"""Whether a zipped document may be unpacked: no bomb, no password, not broken."""

import zipfile
from pathlib import Path

from assistant.draft.types import ReadFault

MAX_UNPACKED = 200_000_000  # bytes
_MAX_RATIO = 100  # times its packed size; running text packs to a tenth, tables to a fiftieth
_SMALL = 5_000_000  # bytes that are no danger, however well they are packed


def check_archive(path: Path) -> None:
    """Looks at the list of parts only. Raises: ReadFault."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise ReadFault("Fila er ødelagt eller ikke fullstendig. Åpne den og lagre den på nytt.") from None
    if any(part.flag_bits & 1 for part in parts):
        raise ReadFault("Fila er beskyttet med passord. Lagre en kopi uten passord, og hent inn den.")
    unpacked, packed = sum(p.file_size for p in parts), sum(p.compress_size for p in parts)
    if unpacked > MAX_UNPACKED or (unpacked > _SMALL and unpacked > _MAX_RATIO * packed):
        raise ReadFault(
            f"Fila pakker ut til {unpacked // 1_000_000} MB fra {max(1, packed // 1_000_000)} MB, og er ikke åpnet."
        )
