"""Reads one file of unknown make in a process of its own; each piece leaves as a line of JSON as soon as it is read.

A parser that hangs, crashes or eats memory takes nothing with it but this process.
"""

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from assistant.draft.types import Piece, ReadFault, as_json

MAX_MEMORY = 2_000_000_000  # bytes of address space
MAX_OUTPUT = 100_000_000  # bytes of what is read
_ENCODINGS = ("utf-8-sig", "utf-16", "cp1252")


def read_pieces(path: Path, kind: str, first: int, last: int) -> Iterator[Piece]:
    """The pieces of the file; pages `first` to `last` where it is a PDF. Raises: ReadFault."""
    if kind == "pdf":
        from assistant.draft.pdf import read_pdf

        return read_pdf(path, first, last)
    if kind == "docx":
        from assistant.draft.word import read_word

        return read_word(path)
    if kind == "odt":
        from assistant.draft.odt import read_odt

        return read_odt(path)
    from assistant.draft.web import read_html, read_markdown, read_plain

    read = {"html": read_html, "md": read_markdown, "txt": read_plain}[kind]
    return read(_decode(path.read_bytes()).replace("\r\n", "\n"))


def _decode(data: bytes) -> str:
    """The text in the first encoding that it is valid in; UTF-16 only where it says so itself."""
    for encoding in _ENCODINGS:
        if encoding == "utf-16" and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ReadFault("Fila er ikke en tekst. Lagre den som PDF, Word (.docx), HTML, Markdown eller ren tekst.")


def main(path: str, kind: str, first: str, last: str) -> None:
    """Writes the pieces to standard output, then how it ended."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_OUTPUT, MAX_OUTPUT))
    ending: dict[str, object] = {"end": True}
    try:
        for piece in read_pieces(Path(path), kind, int(first), int(last)):
            print(json.dumps(as_json(piece)), flush=True)
    except ReadFault as fault:
        ending = {"fault": str(fault)}
    except MemoryError:
        ending = {"fault": "Fila krever for mye minne å lese. Del den opp, eller hent inn færre sider med --sider."}
    print(json.dumps(ending), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
