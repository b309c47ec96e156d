"""Which questions compare, what they compare, and that each cell of the table is a quote."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.lists.contrast import compare
from assistant.render import render
from assistant.types import Draft
from assistant.understand import understand
from assistant.verify import verify
from eval.answers import marked_sentences
from index.catalog import Catalog
from index.chunk import split_document
from index.document import read_corpus
from index.frontmatter import CARD_FIELDS

AFT, VTA = "Arbeidsforberedende trening", "Varig tilrettelagt arbeid i forhåndsgodkjent virksomhet"

# question | the columns of the table
COMPARED = f"""
Hva er forskjellen på forening og stiftelse? | Forening, Stiftelse
Kva er skilnaden mellom AS og samvirke? | Aksjeselskap, Samvirkeforetak
What is the difference between an association and a foundation? | Forening, Stiftelse
AS eller forening, hva lønner seg? | Aksjeselskap, Forening
AS, forening eller stiftelse – hva passer best? | Aksjeselskap, Forening, Stiftelse
Bør vi velge enkeltpersonforetak eller aksjeselskap? | Enkeltpersonforetak, Aksjeselskap
Should we start a limited company or an association? | Aksjeselskap, Forening
hva skiller ANS fra AS | Ansvarlig selskap, Aksjeselskap
Sammenlign ENK, AS og forening | Enkeltpersonforetak, Aksjeselskap, Forening
Samanlikn stifting og foreining | Stiftelse, Forening
AS vs ENK | Aksjeselskap, Enkeltpersonforetak
AS vs. stiftelse | Aksjeselskap, Stiftelse
Sammenlign Oppstartstilskudd 1 og 2 | Oppstartstilskudd 1, Oppstartstilskudd 2
varig lønnstilskudd vs midlertidig lønnstilskudd | Varig lønnstilskudd, Midlertidig lønnstilskudd
midlertidig og varig lønnstilskudd, hva er forskjellen? | Midlertidig lønnstilskudd, Varig lønnstilskudd
forskjellen på AFT og VTA-S | {AFT}, {VTA}
compare Frifond and Kavlifondet | Frifond, Kavlifondet
Hva er forskjellen på ideelt AS og vanlig AS? | Ideelt aksjeselskap, Aksjeselskap
forskjellen på SROI og effektkontrakt | SROI, Effektkontrakt
forskjellen på grasrotandelen og momskompensasjon | Grasrotandelen, Momskompensasjon
Sammenlign Frifond med Sparebankstiftelsen DNB | Frifond, Sparebankstiftelsen DNB
"""

# Comparisons with something that the guide has no document of its own for, and questions that only sound like one.
NOT_COMPARED = """
forskjellen på tilskudd og anskaffelse
forskjell på varsling og klage
Hva er forskjellen på frivillig og ansatt?
Hva er forskjellen på sosial entreprenør og vanlig gründer?
hvor mye aksjekapital har AS og hvor mye stiftelse
Kan AS eller stiftelse søke Bufdir?
Hva er forskjellen på forening og stiftelse når det gjelder skatt?
Bør AS eller forening ha revisor?
Er tilskudd skattepliktig eller ikke?
Må vi være AS eller stiftelse for å få tilskudd?
Hva gjør forskjellen i en god søknad?
Hva er forskjellen på mal for pilotavtale og mal for samarbeidsavtale?
Hva er forskjellen på Medarbeiderne og Monsterbedriften?
Hva er forskjellen på forening og forening?
Compare the municipality and Nav
Sammenlign prisene våre
Skal vi søke Frifond før eller etter nyttår?
"""


@pytest.fixture(scope="module")
def guide() -> Catalog:
    corpus = read_corpus(Path(__file__).parent.parent / "corpus")
    chunks = tuple(chunk for document in corpus.documents for chunk in split_document(document))
    return Catalog(corpus.documents, chunks, corpus.sources, corpus.terms, ())


def ask(question: str, guide: Catalog) -> list[Draft] | None:
    return compare(understand([question]), guide)


def cells(drafts: list[Draft] | None) -> list[Draft]:
    return [draft for draft in drafts or [] if draft.row]


def columns(drafts: list[Draft] | None) -> list[str]:
    return list(dict.fromkeys(draft.column for draft in drafts or [] if draft.column))


@pytest.mark.parametrize("line", COMPARED.strip().splitlines())
def test_a_comparison_has_a_column_for_each_name(line: str, guide: Catalog) -> None:
    question, names = line.split(" | ")
    assert ", ".join(columns(ask(question, guide))) == names


@pytest.mark.parametrize("question", NOT_COMPARED.strip().splitlines())
def test_what_is_not_known_by_name_is_not_compared(question: str, guide: Catalog) -> None:
    assert ask(question, guide) is None


def test_two_schemes_are_compared_by_the_fields_of_their_cards(guide: Catalog) -> None:
    drafts = ask("Sammenlign Oppstartstilskudd 1 og 2", guide) or []
    rows = list(dict.fromkeys(draft.row for draft in cells(drafts)))
    assert rows == [label for field, label in CARD_FIELDS.items() if label in rows] or len(rows) >= 8
    for row in rows:
        assert {draft.column for draft in drafts if draft.row == row} == {"Oppstartstilskudd 1", "Oppstartstilskudd 2"}
    assert "Ikke kjent" in {draft.text for draft in drafts if draft.row == CARD_FIELDS["varighet"]}


def test_a_comparison_of_one_field_has_that_row_alone(guide: Catalog) -> None:
    drafts = ask("Hva er forskjellen på fristen for Frifond og Kompetansepluss?", guide) or []
    assert {draft.row for draft in cells(drafts)} == {CARD_FIELDS["frister"]}


def test_guide_texts_are_compared_by_what_differs(guide: Catalog) -> None:
    drafts = ask("Hva er forskjellen på forening og stiftelse?", guide) or []
    money = {draft.column: draft.text for draft in drafts if draft.row == "Hvor mye penger må dere ha?"}
    assert "uten kapital" in money["Forening"]
    assert "grunnkapital" in money["Stiftelse"]


@pytest.mark.parametrize("line", COMPARED.strip().splitlines())
def test_every_cell_is_borne_out_by_its_quote_and_read_anew_from_the_table(line: str, guide: Catalog) -> None:
    drafts, removed = verify(ask(line.split(" | ")[0], guide) or [])
    assert removed == 0
    text, cited = render(drafts)
    assert [(sentence, numbers) for sentence, numbers in marked_sentences(text) if len(numbers) == 1] == [
        (draft.text, [next(n for n, other in enumerate(cited, 1) if other.statement == draft.statement
                           and other.passage and draft.passage and other.passage.document == draft.passage.document)])
        for draft in sorted(cells(drafts), key=lambda d: _place(d, drafts))
    ]  # fmt: skip


def _place(draft: Draft, drafts: list[Draft]) -> tuple[int, int]:
    rows = list(dict.fromkeys(d.row for d in cells(drafts)))
    return rows.index(draft.row), columns(drafts).index(draft.column)


def test_a_cell_that_its_quote_does_not_bear_out_is_taken_out_alone(guide: Catalog) -> None:
    drafts = ask("Hva er forskjellen på forening og stiftelse?", guide) or []
    false = replace(cells(drafts)[0], text="En forening må ha 900 000 kroner.")
    kept, removed = verify([*drafts[:3], false, *drafts[4:]])
    text, _ = render(kept)
    assert removed == 1
    assert "| Kort fortalt | Det er gratis å registrere" in text


def test_a_table_has_as_many_cells_in_every_line(guide: Catalog) -> None:
    text, _ = render(ask("Sammenlign ENK, AS og forening", guide) or [])
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {5}
    assert lines[1] == "| --- | --- | --- | --- |"


def test_a_bar_in_a_cell_does_not_end_it(guide: Catalog) -> None:
    drafts = ask("Hva er forskjellen på forening og stiftelse?", guide) or []
    barred = replace(cells(drafts)[0], text="En forening | et lag.")
    text, _ = render([*drafts[:3], barred, *drafts[4:]])
    assert "| En forening \\| et lag. [1] " in text
    assert next(marked_sentences(text)) == ("En forening | et lag.", [1])
