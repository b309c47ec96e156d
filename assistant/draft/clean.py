"""A text as it was read → one that may be kept: no unseen characters, no personal data, no running heads."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from assistant.draft.types import Block, Page, SourceText
from assistant.screen import take_unseen
from index.personal import find_personal

_HARMLESS = "\u00ad\ufeff"  # a soft hyphen and a byte order mark hide nothing
_MIN_PAGES = 3  # pages that a line must stand on, as the first or the last, to be a running head
MASKED = re.compile(r"\[\w[\w-]* fjernet\]")  # what stands where personal data stood


def clean_text(source: SourceText) -> SourceText:
    """The same text with notes on what was taken out."""
    source, unseen = _map_texts(source, _show)
    source, found = _map_texts(source, mask)
    notes = list(source.notes)
    if unseen:
        notes.append(f"{sum(unseen.values())} usynlige tegn er tatt bort (tegn uten bredde og lignende).")
    for kind, count in found.items():
        notes.append(f"Personopplysninger er tatt bort: {kind} ({count}). Se etter «[{kind} fjernet]» i utkastet.")
    source, num_heads = _drop_running_heads(source)
    if num_heads:
        notes.append(f"{num_heads} topp- og bunntekster som går igjen på sidene, er tatt bort.")
    return replace(source, notes=tuple(notes))


def mask(text: str) -> tuple[str, Counter[str]]:
    """The text with a word in the place of personal data, and how much of each kind there was."""
    found: Counter[str] = Counter()
    for kind, start, end in sorted(find_personal(text), key=lambda find: -find[1]):
        text = f"{text[:start]}[{kind} fjernet]{text[end:]}"
        found[kind] += 1
    return text, found


def _show(text: str) -> tuple[str, Counter[str]]:
    shown = take_unseen(text)
    harmless = sum(text.count(character) for character in _HARMLESS)
    unseen = len(unicodedata.normalize("NFC", text)) - len(shown) - harmless
    return " ".join(shown.split()), Counter({"": unseen} if unseen > 0 else {})


def _map_texts(
    source: SourceText, change: Callable[[str], tuple[str, Counter[str]]]
) -> tuple[SourceText, Counter[str]]:
    total: Counter[str] = Counter()

    def changed(text: str) -> str:
        new, counts = change(text)
        total.update(counts)
        return new

    def block(old: Block) -> Block:
        rows = tuple(tuple(map(changed, row)) for row in old.rows)
        return replace(old, text=changed(old.text), rows=rows)

    about = replace(source.about, title=changed(source.about.title), author=changed(source.about.author))
    pages = tuple(Page(page.number, tuple(map(block, page.blocks))) for page in source.pages)
    return replace(source, about=about, pages=pages), total


def _drop_running_heads(source: SourceText) -> tuple[SourceText, int]:
    """Without the first and last lines that half of the pages share, whatever numbers they have, or bare numbers."""
    ends = [(page, page.blocks[place]) for page in source.pages if page.blocks for place in {0, len(page.blocks) - 1}]
    counts = Counter(_without_numbers(block, page) for page, block in ends if block.text)
    needed = max(_MIN_PAGES, len(source.pages) / 2)
    running = {"#", *(text for text, count in counts.items() if count >= needed)}
    pages = []
    for page in source.pages:
        last = len(page.blocks) - 1
        kept = tuple(
            block
            for place, block in enumerate(page.blocks)
            if page.number is None or place not in (0, last) or _without_numbers(block, page) not in running
        )
        pages.append(Page(page.number, kept))
    dropped = len(source.blocks()) - sum(len(page.blocks) for page in pages)
    return replace(source, pages=tuple(pages)), dropped


def _without_numbers(block: Block, page: Page) -> str:
    """What a running line says on every page; of a heading, only the page's own number is taken out."""
    pattern = rf"\b{page.number}\b" if block.kind == "heading" else r"\d+"
    return re.sub(pattern, "#", block.text)
