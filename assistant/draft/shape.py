"""A clean text and what it seems to be → the draft: front matter, notes to the editor, all of it unconfirmed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import yaml

from assistant.draft.guess import Guess
from assistant.draft.types import Block, SourceText
from index.document import COPY_HEADING
from index.frontmatter import CARD_FIELDS
from index.statements import split_sentences
from index.types import UNCONFIRMED

TODO = "TODO"
DRAFT_MARK = "UTKAST"
_MARK = f"[^{UNCONFIRMED}]"
_REVIEW = timedelta(days=365)
_LONG = 1500  # words: more than one concept or one task
_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_LEADING = re.compile(r"(\d*)(?=(?:#{1,6}|[-+*>|=]+|(?<=\d)[.)])(?:\s|$)|```|~~~|\|)")


@dataclass(frozen=True)
class Origin:
    """Where a draft comes from: the file's name, the hash of its content, and the proposed id of the source."""

    file: str
    fingerprint: str
    source_id: str


def write_draft(source: SourceText, guess: Guess, origin: Origin, today: date) -> str:
    """The whole file."""
    head = _front_matter(source, guess, origin, today)
    notes = "\n".join(f"<!-- {note.replace('--', '–')} -->" for note in _notes(source, origin))
    is_template = guess.doc_class == "mal"
    intro = (
        f"## Slik bruker du malen\n\n{TODO}: skriv når malen passer.[^råd]\n\n## {COPY_HEADING}\n\n"
        if is_template
        else ""
    )
    body = "\n\n".join(_body(source, guess.title, "" if is_template else _MARK, 3 if is_template else 2))
    return f"---\n{head}---\n\n{notes}\n\n{intro}{body}\n"


def dump(values: Mapping[str, object]) -> str:
    """The values as YAML, in their order, each on one line."""
    return yaml.safe_dump(dict(values), allow_unicode=True, sort_keys=False, width=10**6)


def _front_matter(source: SourceText, guess: Guess, origin: Origin, today: date) -> str:
    draft = {
        "fra": origin.file,
        "fingeravtrykk": origin.fingerprint,
        "kilde": origin.source_id,
        "klasse": guess.doc_class,
        "språk": guess.language,
        "hentet_inn": today,
        "gjettet": list(guess.reasons),
    }
    lists = {"stikkord": guess.keywords, "målgruppe": guess.audience, "fase": guess.phases, "sted": guess.places}
    flow = "".join(
        f"{key}: {yaml.safe_dump(list(values), allow_unicode=True, default_flow_style=True, width=10**6)}"
        for key, values in lists.items()
    )
    return (
        f"{dump({'utkast': draft, 'tittel': guess.title})}"
        f'ingress: "{TODO}: skriv det korte svaret i én til to setninger.{_MARK}"\n'
        f'spørsmål:\n  - "{TODO}: hvordan spør folk om dette?"\n{flow}'
        f"gjelder: {{fra: {today}, til: null}}\n"
        f"sist_kontrollert: {today}\nkontrolleres_igjen: {today + _REVIEW}\n"
        f"{_card() if guess.doc_class == 'regel' else ''}"
    )


def _card() -> str:
    rows = ["kort:"]
    for field, name in CARD_FIELDS.items():
        rows += [f"  {field}:", f'    - verdi: "{TODO}: {name}?"']
        rows += ["      status: ukjent"] if field == "status" else []
        rows.append(f"      kilde: [{UNCONFIRMED}]")
    return "\n".join(rows) + "\n"


def _notes(source: SourceText, origin: Origin) -> Iterator[str]:
    yield f"{DRAFT_MARK}. Slett denne linjen når du har lest gjennom og skrevet om hele teksten."
    yield (
        f"Teksten under er kopiert ord for ord fra «{origin.file}», som andre kan ha opphavsrett til. "
        "Den må skrives om med egne ord før den settes fri."
    )
    yield (
        f"Hver setning er ubekreftet. Bytt [^{UNCONFIRMED}] med [^{origin.source_id}@ÅÅÅÅ] etter hvert som du har "
        f"sjekket den. Kilden «{origin.source_id}» er foreslått i utkast/kilder.yaml; fyll ut det som mangler der."
    )
    if (num_words := len(source.said().split())) > _LONG:
        yield f"Teksten er lang ({num_words} ord). Guiden har ett begrep eller én oppgave per fil, så del den i flere."
    yield from (f"Merk: {note}" for note in source.notes)


def _body(source: SourceText, title: str, mark: str, top: int) -> Iterator[str]:
    """The text, block by block; headings at `top` and one below it, and a comment where each page begins."""
    outermost = min((b.level for b in source.blocks() if b.kind == "heading" and b.text != title), default=1)
    items: list[str] = []
    for page in source.pages:
        parts = [f"<!-- side {page.number} -->"] if page.number and page.blocks else []
        for block in page.blocks:
            if items and block.kind != "item":
                parts.append("\n".join(items))
                items = []
            if block.kind == "heading":
                level = min(top + block.level - outermost, max(3, top))
                parts += [] if block.text == title else [f"{'#' * max(top, level)} {_neutral(block.text)}"]
            elif block.kind == "item":
                items.append(f"- {' '.join(_sentences(block.text, mark))}")
            elif block.kind == "table":
                parts += [_table(block, mark)] if block.rows else []
            else:
                parts.append("\n".join(_sentences(block.text, mark)))
        if items:
            parts.append("\n".join(items))
            items = []
        yield from parts


def _sentences(text: str, mark: str) -> list[str]:
    return [_neutral(sentence) + mark for sentence in split_sentences(text)]


def _table(block: Block, mark: str) -> str:
    width = max(map(len, block.rows))
    header, *rows = [[*row, *[""] * (width - len(row))] for row in block.rows]
    lines = [_row([_neutral(cell) for cell in header]), _row(["---"] * width)]
    lines += [_row([" ".join(_sentences(cell, mark)) for cell in row]) for row in rows]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    joined = " | ".join(cell.replace("|", "\\|") for cell in cells)
    return f"| {joined} |"


def _neutral(text: str) -> str:
    """The text so that nothing in it is read as a source mark, a tag, or a block of another kind."""
    inert = _TAG.sub(r"\\<", text.replace("[^", "[ ^"))
    leading = _LEADING.match(inert)
    return f"{leading[1]}\\{inert[leading.end() :]}" if leading else inert
