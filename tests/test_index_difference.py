"""Every kind of edit gives one line that names the document, the field, and what it was and is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import FILES, catalog_of, read_guide, write_corpus

from assistant.build.difference import as_json, describe, describe_change, summarise
from index.catalog import Catalog, read_catalog, write_catalog
from index.change import Kind
from index.difference import compare_catalogs
from index.document import read_corpus
from index.edited import compare_documents
from index.reworded import changed_figures, figures_of, pair_texts, weigh

FUND, CAPITAL, COUNTY = "ordninger/etableringsfondet", "guide/aksjekapital", "guide/tilskudd-fra-fylket"
LAYOUT = "bare oppsettet er endret (mellomrom, lenker, rekkefølge eller setningen et spørsmål hører til)"
Edited = Callable[..., list[str]]


def _catalog(folder: Path) -> Catalog:
    return replace(catalog_of(folder), gaps=read_corpus(folder).gaps())


@pytest.fixture
def edited(corpus_dir: Path) -> Edited:
    """The lines after replacing texts in files of the tiny guide; each text must be there."""

    def edit(*edits: tuple[str, str, str]) -> list[str]:
        before = _catalog(corpus_dir)
        for file, old, new in edits:
            path = corpus_dir / file
            text = path.read_text(encoding="utf-8") if path.exists() else ""
            assert old in text
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace(old, new) if old else text + new, encoding="utf-8")
        return describe(compare_catalogs(before, _catalog(corpus_dir)))

    return edit


EDITS = {
    "amount": (
        f"{FUND}.md",
        "inntil 200 000 kroner.",
        "inntil 250 000 kroner.",
        f"{FUND}, beløp: 200 000 kroner → 250 000 kroner",
    ),
    "the amount for programs alone": (
        f"{FUND}.md",
        "kroner: 200000",
        "kroner: 250000",
        f"{FUND}, beløp: tallet «kroner» 200 000 → 250 000",
    ),
    "deadline": (
        f"{FUND}.md",
        "er 15. mai 2026.",
        "er 1. juni 2026.",
        f"{FUND}, frister: 15. mai 2026 → 1. juni 2026",
    ),
    "the date for programs alone": (
        f"{FUND}.md",
        "dato: 2026-05-15",
        "dato: 2026-06-01",
        f"{FUND}, frister: datoen 2026-05-15 → 2026-06-01",
    ),
    "a date for programs that was not there": (
        f"{FUND}.md",
        "      dato: 2026-05-15\n",
        "",
        f"{FUND}, frister: datoen 2026-05-15 → (tomt)",
    ),
    "status": (f"{FUND}.md", "status: åpen", "status: stengt", f"{FUND}, status: status åpen → stengt"),
    "forms": (
        f"{FUND}.md",
        "[aksjeselskap, stiftelse]",
        "[aksjeselskap, forening]",
        f"{FUND}, hvem_kan_søke: kan søke: + forening, − stiftelse",
    ),
    "period of a source": (
        f"{FUND}.md",
        "kilde: [fylket-frister@2026]\n  frister",
        "kilde: [fylket-frister@2027]\n  frister",
        f"{FUND}, beløp: kilde fylket-frister@2026 → @2027",
    ),
    "another source": (
        f"{FUND}.md",
        'dekker ikke gjeld."\n      kilde: [lov-om-fond]',
        'dekker ikke gjeld."\n      kilde: [ubekreftet]',
        f"{FUND}, dekker_ikke: kilde lov-om-fond → ubekreftet",
    ),
    "one more source": (
        f"{COUNTY}.md",
        "50 000 kroner.[^fylket-frister]",
        "50 000 kroner.[^fylket-frister][^lov-om-fond]",
        f"{COUNTY}, «Hvor mye kan vi få?»: kilde + lov-om-fond",
    ),
    "a value of the card in other words": (
        f"{FUND}.md",
        "dekker ikke gjeld.",
        "dekker ingen gjeld.",
        f"{FUND}, dekker_ikke: «Etableringsfondet dekker ikke gjeld.» → «Etableringsfondet dekker ingen gjeld.»",
    ),
    "a value that becomes known": (
        f"{FUND}.md",
        "Ikke kjent",
        "Andre tilskudd trekkes fra.",
        f"{FUND}, kombinasjon: «Ikke kjent» → «Andre tilskudd trekkes fra.»",
    ),
    "one more value": (
        f"{FUND}.md",
        "  beløp:\n",
        '    - verdi: "Revisor må signere alle bilag."\n      kilde: [lov-om-fond]\n  beløp:\n',
        f"{FUND}, krav: nytt: «Revisor må signere alle bilag.»",
    ),
    "one value less": (
        f"{FUND}.md",
        '    - verdi: "Etableringsfondet krever et regnskap."\n      kilde: [lov-om-fond]\n',
        "",
        f"{FUND}, krav: borte: «Etableringsfondet krever et regnskap.»",
    ),
    "short answer": (
        f"{CAPITAL}.md",
        "minst 30 000 kroner i",
        "minst 20 000 kroner i",
        f"{CAPITAL}, ingress: 30 000 kroner → 20 000 kroner",
    ),
    "amount in the body": (
        f"{COUNTY}.md",
        "inntil 50 000 kroner.",
        "inntil 60 000 kroner.",
        f"{COUNTY}, «Hvor mye kan vi få?»: 50 000 kroner → 60 000 kroner",
    ),
    "span in weeks": (
        f"{FUND}.md",
        "innen 8 uker",
        "innen 6 uker",
        f"{FUND}, «Slik behandles søknaden»: 8 uker → 6 uker",
    ),
    "sentence in other words": (
        f"{CAPITAL}.md",
        "pengene eierne skyter inn i selskapet",
        "det eierne betaler inn i selskapet",
        f"{CAPITAL}, «Hva er aksjekapital?»: «Aksjekapital er pengene eierne skyter inn i selskapet.» → "
        "«Aksjekapital er det eierne betaler inn i selskapet.»",
    ),
    "new sentence": (
        f"{CAPITAL}.md",
        "i driften.[^ubekreftet]",
        "i driften.[^ubekreftet] Eierne må vedta innskuddet.[^lov-om-fond]",
        f"{CAPITAL}, «Hva er aksjekapital?»: nytt: «Eierne må vedta innskuddet.»",
    ),
    "sentence that is gone": (
        f"{CAPITAL}.md",
        " Pengene kan brukes i driften.[^ubekreftet]",
        "",
        f"{CAPITAL}, «Hva er aksjekapital?»: borte: «Pengene kan brukes i driften.»",
    ),
    "heading": (
        f"{COUNTY}.md",
        "## Hvem kan søke?",
        "## Hvem får søke?",
        f"{COUNTY}, overskrift: «Hvem kan søke?» → «Hvem får søke?»",
    ),
    "new heading with text": (
        f"{COUNTY}.md",
        "## Hvem kan søke?",
        "## Klage\n\nDu kan klage til fylkesrådet.[^råd]\n\n## Hvem kan søke?",
        f"{COUNTY}: ny del «Klage» (1 setning)",
    ),
    "heading and text gone": (
        f"{FUND}.md",
        "### Klage\n\nDu kan klage på et avslag fra etableringsfondet.[^lov-om-fond]\n",
        "",
        f"{FUND}: delen «Klage» er fjernet (1 setning)",
    ),
    "text to copy": (
        "maler/soknad-om-tilskudd.md",
        "søker om 40 000 kroner",
        "søker om 45 000 kroner",
        "maler/soknad-om-tilskudd, «Mal»: 40 000 kroner → 45 000 kroner",
    ),
    "title": (
        f"{COUNTY}.md",
        "tittel: Tilskudd fra fylket",
        "tittel: Fylkets tilskudd",
        f"{COUNTY}, tittel: «Tilskudd fra fylket» → «Fylkets tilskudd»",
    ),
    "keywords": (
        f"{COUNTY}.md",
        "[frist, fylkeskommune]",
        "[frist, fylke]",
        f"{COUNTY}, stikkord: + fylke, − fylkeskommune",
    ),
    "audience": (f"{COUNTY}.md", "målgruppe: [gründer]", "målgruppe: [gründer, nav]", f"{COUNTY}, målgruppe: + nav"),
    "phase": (f"{COUNTY}.md", "fase: [oppstart]", "fase: [oppstart, drift]", f"{COUNTY}, fase: + drift"),
    "place": (f"{COUNTY}.md", "sted: [Norge]", "sted: [Vestfold]", f"{COUNTY}, sted: + Vestfold, − Norge"),
    "period": (
        f"{COUNTY}.md",
        "til: null",
        "til: 2026-12-31",
        f"{COUNTY}, gjelder: fra 2026-01-01 uten slutt → fra 2026-01-01 til 2026-12-31",
    ),
    "checked": (
        f"{COUNTY}.md",
        "sist_kontrollert: 2026-02-01",
        "sist_kontrollert: 2026-03-01",
        f"{COUNTY}, sist_kontrollert: 2026-02-01 → 2026-03-01",
    ),
    "review": (
        f"{COUNTY}.md",
        "kontrolleres_igjen: 2027-02-01",
        "kontrolleres_igjen: 2027-08-01",
        f"{COUNTY}, kontrolleres_igjen: 2027-02-01 → 2027-08-01",
    ),
    "owner": (
        f"{COUNTY}.md",
        "stikkord: [frist",
        "eier: Fylkesrådgiver\nstikkord: [frist",
        f"{COUNTY}, eier: (tomt) → Fylkesrådgiver",
    ),
    "question for the document": (
        f"{COUNTY}.md",
        "  - Når er fristen hos fylket?\n",
        "  - Når er fristen hos fylket?\n  - Kor mykje får vi?\n",
        f"{COUNTY}: +1 spørsmål om dokumentet: «Kor mykje får vi?»",
    ),
    "questions for a field": (
        f"sporsmal/{FUND}.md",
        "- Når må vi ha sendt papirene til etableringsfondet?\n",
        "- Når?\n- Kva dag?\n",
        f"{FUND}: +2 −1 spørsmål under frister",
    ),
    "questions for a heading": (
        f"sporsmal/{FUND}.md",
        "## beløp",
        "## Klage\n- Kan vi klage?\n\n## beløp",
        f"{FUND}: +1 spørsmål under «Klage»: «Kan vi klage?»",
    ),
    "question that is not answered": (
        f"sporsmal/{FUND}.md",
        "",
        "## svarer ikke\n- Hva koster en advokat?\n",
        f"{FUND}: +1 spørsmål som guiden ikke svarer på: «Hva koster en advokat?»",
    ),
    "question of another field": (
        "sporsmal/utenfor.md",
        "",
        "## svarer ikke\n- Blir det regn?\n",
        "sporsmal/utenfor.md: +1 spørsmål som guiden ikke svarer på: «Blir det regn?»",
    ),
    "period of a register's source": (
        "kilder.yaml",
        "gjelder: 2026\nkommunen",
        "gjelder: 2026..2027\nkommunen",
        "kilder.yaml, fylket-frister: gjelder 2026 → 2026..2027; 9 setninger bygger på den",
    ),
    "publisher of a source": (
        "kilder.yaml",
        "utgiver: Ås kommune",
        "utgiver: Ås",
        "kilder.yaml, kommunen-frister: utgiver Ås kommune → Ås; 6 setninger bygger på den",
    ),
    "new source": (
        "kilder.yaml",
        "",
        "ny-kilde:\n  utgiver: Nav\n  tittel: Satser\n  publisert: 2026\n  hentet: 2026-02-01\n  lisens: fri\n",
        "kilder.yaml, ny-kilde: ny kilde, Nav: Satser; 0 setninger bygger på den",
    ),
    "term": (
        "begreper.yaml",
        "hverdagsord: [firma]",
        "hverdagsord: [firma, bedrift]",
        "begreper.yaml, «aksjeselskap»: + bedrift",
    ),
    "new term": ("begreper.yaml", "", "- begrep: moms\n  hverdagsord: [mva]\n", "begreper.yaml: + moms"),
    "the sentence of a question": (
        f"sporsmal/{FUND}.md",
        "> Søknadsfristen for etableringsfondet\n",
        "",
        f"{FUND}: {LAYOUT}",
    ),
    "only a link": (
        f"{CAPITAL}.md",
        "[tilskudd fra fylket](tilskudd-fra-fylket.md)",
        "tilskudd fra fylket",
        f"{CAPITAL}: {LAYOUT}",
    ),
    "only spaces": (
        f"{COUNTY}.md",
        "Foreninger kan søke",
        "Foreninger  kan søke",
        f"{COUNTY}: {LAYOUT}",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "line"), EDITS.values(), ids=EDITS)
def test_an_edit_is_one_line_that_names_the_place_and_both_sides(
    edited: Edited, file: str, old: str, new: str, line: str
) -> None:
    assert edited((file, old, new)) == [line]


def test_a_version_is_no_different_from_itself_as_read_and_as_stored(corpus_dir: Path, tmp_path: Path) -> None:
    catalog = _catalog(corpus_dir)
    write_catalog(tmp_path, catalog)
    assert compare_catalogs(catalog, catalog) == compare_catalogs(read_catalog(tmp_path), catalog) == ()
    assert summarise(()) == "Ingenting er endret."


@pytest.mark.parametrize("file", sorted(file for file in FILES if file.endswith(".md") and "sporsmal" not in file))
def test_a_document_that_came_or_went_is_one_line_and_the_other_way_round_the_opposite(
    corpus_dir: Path, tmp_path: Path, file: str
) -> None:
    whole, less = _catalog(corpus_dir), write_corpus(tmp_path / "less")
    (less / file).unlink()
    (less / "sporsmal" / file).unlink(missing_ok=True)
    doc_id, title = file.removesuffix(".md"), next(d.title for d in whole.documents if d.file == file)
    gone, come = compare_catalogs(whole, _catalog(less)), compare_catalogs(_catalog(less), whole)
    assert describe(gone) == [f"{doc_id}: dokumentet «{title}» er fjernet"]
    assert describe(come) == [f"{doc_id}: nytt dokument, «{title}»"]
    assert summarise(come) == "Dokumenter: 0 endret, 1 lagt til, 0 fjernet. Endringer i alt: 1."


def test_a_file_with_a_new_name_is_told_as_such_with_what_else_is_other(corpus_dir: Path) -> None:
    before = _catalog(corpus_dir)
    text = (corpus_dir / f"{COUNTY}.md").read_text(encoding="utf-8")
    (corpus_dir / f"{COUNTY}.md").unlink()
    link = corpus_dir / f"{CAPITAL}.md"
    link.write_text(link.read_text(encoding="utf-8").replace("tilskudd-fra-fylket.md", "fylket.md"), encoding="utf-8")
    (corpus_dir / "guide/fylket.md").write_text(text.replace("50 000", "55 000"), encoding="utf-8")
    assert describe(compare_catalogs(before, _catalog(corpus_dir))) == [
        f"guide/fylket: het før {COUNTY}",
        "guide/fylket, «Hvor mye kan vi få?»: 50 000 kroner → 55 000 kroner",
        f"{CAPITAL}: {LAYOUT}",
    ]


def test_an_amount_and_its_number_for_programs_changed_together_are_told_once(edited: Edited) -> None:
    lines = edited(
        (f"{FUND}.md", "200 000 kroner.", "250 000 kroner."), (f"{FUND}.md", "kroner: 200000", "kroner: 250000")
    )
    assert lines == [f"{FUND}, beløp: 200 000 kroner → 250 000 kroner"]


def test_a_number_for_programs_that_the_text_does_not_say_is_told_beside_it(edited: Edited) -> None:
    lines = edited(
        (f"{FUND}.md", "200 000 kroner.", "250 000 kroner."), (f"{FUND}.md", "kroner: 200000", "kroner: 25000")
    )
    assert lines == [f"{FUND}, beløp: 200 000 kroner → 250 000 kroner; tallet «kroner» 200 000 → 25 000"]


def test_a_date_and_its_date_for_programs_changed_together_are_told_once(edited: Edited) -> None:
    lines = edited(
        (f"{FUND}.md", "15. mai 2026", "20. mai 2026"),
        (f"{FUND}.md", "dato: 2026-05-15", "dato: 2026-05-20"),
    )
    assert lines == [f"{FUND}, frister: 15. mai 2026 → 20. mai 2026"]


def test_a_figure_among_several_sentences_says_which_one(edited: Edited) -> None:
    long = "Etableringsfondet krever en skriftlig plan for tre år."
    lines = edited((f"{FUND}.md", "en skriftlig plan.", "en skriftlig plan for tre år."))
    assert lines == [f"{FUND}, krav: «Etableringsfondet krever en skriftlig plan.» → «{long}»"]
    lines = edited((f"{FUND}.md", "plan for tre år.", "plan for fem år."))
    assert lines == [f"{FUND}, krav: tre år → fem år (i «{long.replace('tre', 'fem')}»)"]


def test_a_sentence_under_another_heading_has_moved(edited: Edited) -> None:
    sentence = "Foreninger kan søke fylkeskommunen om tilskudd."
    lines = edited(
        (f"{COUNTY}.md", f"{sentence}[^fylket-frister]", "Alle kan lese om fristen.[^råd]"),
        (f"{COUNTY}.md", "## Hvor mye kan vi få?\n\n", f"## Hvor mye kan vi få?\n\n{sentence}[^fylket-frister] "),
    )
    assert f"{COUNTY}, «Hvor mye kan vi få?»: «{sentence}» er flyttet hit fra «Hvem kan søke?»" in lines
    assert len(lines) == 2


def test_questions_that_follow_a_heading_to_its_new_name_are_no_change(edited: Edited) -> None:
    edited((f"sporsmal/{FUND}.md", "## beløp", "## Klage\n- Kan vi klage?\n\n## beløp"))
    lines = edited(
        (f"{FUND}.md", "### Klage", "### Vil dere klage?"), (f"sporsmal/{FUND}.md", "## Klage", "## Vil dere klage?")
    )
    assert lines == [f"{FUND}, overskrift: «Klage» → «Vil dere klage?»"]


def test_amounts_come_before_conditions_and_conditions_before_wording(corpus_dir: Path) -> None:
    before = _catalog(corpus_dir)
    for file, old, new in (
        (f"{CAPITAL}.md", "eierne skyter inn i selskapet", "eierne gir selskapet"),
        (f"{COUNTY}.md", "Foreninger kan søke", "Bare foreninger kan søke"),
        (f"{FUND}.md", "200 000 kroner.", "300 000 kroner."),
        ("begreper.yaml", "[firma]", "[bedrift]"),
    ):
        path = corpus_dir / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    changes = compare_catalogs(before, _catalog(corpus_dir))
    assert [c.kind for c in changes] == [Kind.FIGURE, Kind.CONDITION, Kind.WORDING, Kind.FINDING]
    assert describe(changes, most=1) == [describe_change(changes[0]), "… og 3 endringer til"]


def test_a_change_as_json_has_its_values_and_its_line(edited: Edited, corpus_dir: Path) -> None:
    before = _catalog(corpus_dir)
    line = edited((f"{FUND}.md", "200 000 kroner.", "250 000 kroner."))
    [row] = as_json(compare_catalogs(before, _catalog(corpus_dir)))
    assert (row["kind"], row["place"], row["part"], [row["line"]]) == ("figure", FUND, "beløp", line)
    assert row["edits"] == [
        {
            "what": "",
            "before": "Etableringsfondet gir inntil 200 000 kroner.",
            "after": "Etableringsfondet gir inntil 250 000 kroner.",
        }
    ]


def test_a_long_text_is_cut_round_what_is_other(edited: Edited) -> None:
    head, tail = (
        "Kommunen ser på mange saker fra folk i bygda og byen",
        "før de svarer dem alle i løpet av våren eller høsten",
    )
    edited((f"{COUNTY}.md", "Foreninger kan søke", f"{head} nøye {tail}.[^råd] Foreninger kan søke"))
    assert edited((f"{COUNTY}.md", "byen nøye", "byen raskt")) == [
        f"{COUNTY}, «Hvem kan søke?»: «… bygda og byen nøye før de svarer …» → «… bygda og byen raskt før de svarer …»"
    ]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Inntil 2,5 millioner kroner eller 50 prosent.", ["2,5 millioner kroner", "50 prosent"]),
        ("Fristen er 1. mars 2027, etter § 3-1.", ["1. mars 2027", "§ 3-1"]),
        ("Støtten varer i tre år, men to ganger blir det ikke.", ["tre år", "to ganger"]),
        ("En av flere kan komme.", []),
    ],
)
def test_figures_are_read_with_their_units(text: str, figures: list[str]) -> None:
    assert figures_of(text) == figures


def test_other_words_beside_a_figure_are_no_change_of_figures_alone() -> None:
    assert changed_figures("Inntil 10 kroner.", "Minst 12 kroner.") == []
    assert weigh("Inntil 10 kroner.", "Minst 10 kroner.") is Kind.CONDITION
    assert weigh("Fondet støtter dere.", "Fondet støtter deg.") is Kind.WORDING


def test_the_most_alike_texts_go_together_and_strangers_stay_alone() -> None:
    before = ["Foreninger kan søke om tilskudd.", "Fristen er i mars."]
    after = ["Fristen er i april.", "Foreninger kan søke om støtte.", "Ring 110 om det brenner."]
    assert sorted(pair_texts(before, after)) == [(0, 1), (1, 0)]


def test_a_tenth_of_the_guide_can_be_taken_apart_and_put_beside_itself() -> None:
    for document in read_guide().documents[::10]:
        later = replace(document, text=document.text.replace("sist_kontrollert: ", "sist_kontrollert: 2030-01-01 # "))
        [change] = compare_documents(document, later, {}, {})
        assert (change.part, change.edits[0].after) == ("sist_kontrollert", "2030-01-01")


def test_a_catalog_from_before_there_were_owners_is_read_and_no_different(corpus_dir: Path, tmp_path: Path) -> None:
    catalog = _catalog(corpus_dir)
    write_catalog(tmp_path, catalog)
    file = tmp_path / "catalog.json"
    file.write_text(file.read_text(encoding="utf-8").replace(',"owner":"uten eier"', ""), encoding="utf-8")
    assert "owner" not in file.read_text(encoding="utf-8")
    assert compare_catalogs(read_catalog(tmp_path), catalog) == ()


def test_a_file_of_questions_that_is_gone_is_one_line(corpus_dir: Path) -> None:
    before = _catalog(corpus_dir)
    (corpus_dir / "sporsmal" / f"{FUND}.md").unlink()
    assert describe(compare_catalogs(before, _catalog(corpus_dir))) == [f"{FUND}: −3 spørsmål under alle deler"]
