"""A question that the guide should answer → what a person can start from: a draft document, or where it belongs."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from assistant.checks.patterns import SCAN
from assistant.draft.name import slug_of
from assistant.draft.pending import DRAFTS
from assistant.gaps.lacks import Lack
from assistant.gaps.raised import Raised
from index.asked import FOLDER, GAPS

_REVIEW = timedelta(days=365)
_MAX_SHOWN = 8  # questions at the top of a document; the handbook asks for three to eight


def write_proposal(lack: Lack, corpus: Path, notes: Path, today: date) -> Path:
    """The file written: a draft document, or a note on the document that the questions belong in where one is near.

    What a person has begun to write in a draft that is there is left as it is.
    """
    path = proposal_path(lack, corpus, notes)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        text = as_note(lack) if lack.nearest.is_near else as_document(lack, today)
        path.write_text(text, encoding="utf-8")
    return path


def proposal_path(lack: Lack, corpus: Path, notes: Path) -> Path:
    """Where `write_proposal` writes."""
    folder = notes if lack.nearest.is_near else corpus / DRAFTS
    return folder / f"{slug_of(lack.question)}-{lack.lack_id}.md"


def as_document(lack: Lack, today: date) -> str:
    """A document as the handbook has it, with TODO wherever a person must write."""
    questions = "\n".join(f"  - {_quote(raised.text)}" for raised in lack.members[:_MAX_SHOWN])
    return f"""---
utkast:
  fra: {_quote(f"spørsmål {lack.lack_id}")}
  klasse: veiledning
  språk: {lack.language}
  hentet_inn: {today}
tittel: "TODO: kort navn på temaet"
ingress: "TODO: skriv det korte svaret i én til to setninger.[^ubekreftet]"
spørsmål:
{questions}
stikkord: [TODO]
målgruppe: [gründer]
fase: [oppstart]
sted: [Norge]
gjelder: {{fra: {today}, til: null}}
sist_kontrollert: {today}
kontrolleres_igjen: {today + _REVIEW}
---

<!-- UTKAST. Slett denne linjen når hele teksten er skrevet. Spurt {_times(lack.count)} uten et godt svar. -->
<!-- Ordene i spørsmålene er folks egne. Skriv dem om hvis de røper hvem som spurte. -->
<!-- Nærmest i guiden: {lack.nearest.doc_id}. -->

## TODO: overskrift som spørsmål

TODO: skriv svaret først, så hvorfor, så hvordan. Hver setning slutter med et kildemerke.[^ubekreftet]
"""


def as_note(lack: Lack) -> str:
    """Where the questions belong: the document and section that are near, and the lines for its file of questions."""
    near, questions = lack.nearest, "\n".join(f"- {raised.text}" for raised in lack.members)
    file = f"corpus/{FOLDER}/{near.doc_id}.md"
    known = f"\nGuiden har det alt blant det den ikke svarer på: «{lack.known_gap}».\n" if lack.known_gap else ""
    return f"""# {lack.question}

Spurt {_times(lack.count)} uten et godt svar. Hører trolig til i `corpus/{near.doc_id}.md`, «{near.section}».
{known}
TODO: velg ett av dette.

1. Avsnittet svarer alt: legg spørsmålene i `{file}`, så blir det lettere å finne.
2. Svaret mangler: skriv det i `corpus/{near.doc_id}.md` med kilde, og legg spørsmålene under overskriften du lager.
3. Guiden skal ikke svare: legg spørsmålene i `{file}` under `## {GAPS}`.

```markdown
## {near.section}
{questions}
```

Ordene i spørsmålene er folks egne. Skriv dem om hvis de røper hvem som spurte.
"""


def figures_in(text: str) -> Iterator[str]:
    """A regular expression for each amount, date, percentage and section number in the text, as it is written there."""
    for match in SCAN.finditer(text):
        if not match["word"] and not match["break"]:
            yield r"\s".join(re.escape(part) for part in match[0].split())


def as_question(raised: Raised, *, kind: str, answer: str, sections: tuple[str, ...], split: str) -> dict[str, object]:
    """A question for the evaluation as its file has them, but a draft: a person fills in what is empty, and `status`.

    `answer` is what is right, and `sections` say so; both are empty where nobody has written it yet.
    """
    documents = dict.fromkeys(section.partition("#")[0] for section in sections)
    return {
        "id": f"utkast-{raised.question_id}",
        "turns": [raised.text],
        "role": "",
        "language": raised.language,
        "style": "",
        "type": "",
        "split": split,
        "status": "utkast",
        "facts": list(dict.fromkeys(figures_in(answer))),
        "pair": "",
        "draft": kind,
        "answer": answer,
        "judged": {"document": dict.fromkeys(documents, 2), "section": dict.fromkeys(sections, 2)},
        "judged_by": "",
    }


def add_question(path: Path, row: dict[str, object]) -> None:
    """Adds the draft to the file, in place of an earlier one for the same question that nobody has judged.

    One without an answer takes nobody's place.
    """
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    there = [line for line in lines if _read(line).get("id") == row["id"]]
    if there and (not row["answer"] or _read(there[0]).get("judged_by")):
        return
    kept = [line for line in lines if line not in there]
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".ny")  # a full disk takes nothing of what is there
    aside.write_text("\n".join([*kept, json.dumps(row, ensure_ascii=False)]) + "\n", encoding="utf-8")
    aside.replace(path)


def _read(line: str) -> dict[str, object]:
    """The draft on the line, empty where a person has broken it: then it is left as it is."""
    try:
        row = json.loads(line)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


def _times(count: int) -> str:
    """How many times, in words that go with the number."""
    return f"{count} {'gang' if count == 1 else 'ganger'}"


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
