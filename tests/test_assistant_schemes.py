"""Which questions ask for a whole list, narrowed to what; and that a list is what a loop over the documents finds."""

import itertools
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from conftest import catalog_of, read_guide

from assistant.lists.schemes import find_form, find_place
from assistant.lists.vocabulary import COUNTIES, FORMS
from assistant.lists.wanted import fitting, read_list
from assistant.lists.whole import list_whole
from assistant.types import Draft
from assistant.understand import understand
from assistant.verify import verify
from index.catalog import Catalog
from index.document import Document

TODAY = date(2026, 11, 29)
CORPUS = Path(__file__).parent.parent / "corpus"

# question | what is listed (`frist`: schemes by deadline) | what it is narrowed to
ASKED = """
Hvilke tilskudd kan en forening søke på? | ordning | form=forening
Kva for tilskot kan eit idrettslag i Telemark søkje? | ordning | place=Telemark; form=forening
Hvilke ordninger finnes for et ideelt AS i Sandefjord? | ordning | place=Sandefjord; form=aksjeselskap
Which funding schemes are open to foundations? | ordning | form=stiftelse
Hvilke tilskudd gis til kommuner? | ordning | form=kommune
Hvilke støtteordninger har Nav for arbeidsgivere? | ordning | manager=Nav; form=arbeidsgiver
Hvilke ordninger har Innovasjon Norge? | ordning | manager=Innovasjon Norge
Kva ordningar har Husbanken? | ordning | manager=Husbankens
Hvilke tilskudd forvalter Helsedirektoratet? | ordning | manager=Helsedirektoratet
Tilskudd fra Vestfold fylkeskommune | ordning | manager=Vestfold fylkeskommune
Hvilke tilskudd finnes i Larvik? | ordning | place=Larvik
Hvilke tilskudd kan vi søke på i Vestfold og Telemark? | ordning | place=Vestfold, Telemark
Hvilke ordninger er stengt? | ordning | status=stengt
Hvilke ordninger er åpne for samvirkeforetak? | ordning | form=samvirkeforetak
Hvilke tilskudd er åpne nå for en stiftelse? | ordning | form=stiftelse; status=åpen
Hvilke tilskudd har frist før jul? | frist | deadline=før jul
Hvilke tilskudd har søknadsfrist i desember? | frist | deadline=i desember
Hvilke frister kommer før 1. april? | frist | deadline=før 1. april
Hvilke søknadsfrister har vi de neste seks månedene? | frist | deadline=de neste seks månedene
Kva fristar kjem i vår? | frist | deadline=i vår
Upcoming deadlines | frist | -
Which deadlines are there in December? | frist | deadline=in december
What grants have a deadline before March 1? | frist | deadline=before march 1
alle søknadsfrister | frist | -
Liste over alle frister | frist | -
Hvilke tilskudd gir mer enn 500 000 kroner? | ordning | amount=mer enn 500 000 kroner
Hvilke ordninger gir over en million? | ordning | amount=over en million
Hvilke tilskudd er på under 50 000 kroner? | ordning | amount=under 50 000 kroner
Which grants give at least 1 million? | ordning | amount=at least 1 million
Hvilke tilskudd finnes til rusarbeid? | ordning | theme=rus
Hvilke tilskudd finnes for ungdom i Vestfold? | ordning | place=Vestfold; theme=barn og unge
Støtte til integrering av flyktninger | ordning | theme=integrering
Hvilke tilskudd finnes til psykisk helse? | ordning | theme=psykisk helse
Hvilke lønnstilskudd finnes? | ordning | theme=lønnstilskudd
Hvilke lån finnes for gründere? | ordning | theme=lån
Finst det støtte til arbeidstrening? | ordning | theme=arbeidstrening
Penger til barn og unge | ordning | theme=barn og unge
Hvilke tilskudd passer i idéfasen? | ordning | phase=idé
Hvilke støtteordninger finnes for oppstart? | ordning | phase=oppstart
Hvilke ordninger er for vekst? | ordning | phase=vekst
Vis alle tilskudd til kriminalitetsforebygging | ordning | theme=kriminalitet
Gi meg en oversikt over tilskudd for foreninger | ordning | form=forening
list all grants | ordning | -
Hvilke ordninger finnes i guiden? | ordning | -
Hvem gir penger til psykisk helse? | ordning | theme=psykisk helse
Hvor kan vi søke penger til rusarbeid? | ordning | theme=rus
Kven gjev støtte til ungdom? | ordning | theme=barn og unge
Hva kan en forening i Skien søke på? | ordning | place=Skien; form=forening
What can an association apply for? | ordning | form=forening
Hvilke tilskudd kan et enkeltpersonforetak få? | ordning | form=enkeltpersonforetak
Hvilke tilskudd kan en privatperson søke? | ordning | form=privatperson
Hvilke historier handler om ungdom? | historie | theme=barn og unge
Har dere eksempler fra Vestfold? | historie | place=Vestfold
Vis historier om demens | historie | theme=eldre
Kva historier handlar om rus? | historie | theme=rus
Which stories are about prisoners? | historie | theme=kriminalitet
Eksempler på arbeidstrening | historie | theme=arbeidstrening
Fortellinger fra Oslo | historie | place=Oslo
Hvilke historier handler om stiftelser? | historie | form=stiftelse
Alle historier | historie | -
Hvilke maler finnes? | mal | -
Har dere maler for avtaler? | mal | words=avtaler
Which templates do you have? | mal | -
Kva malar har de? | mal | -
Hvilke sjekklister har dere? | mal | words=sjekkliste
Hvem kan hjelpe oss i Telemark? | aktør | place=Telemark
Kven kan hjelpe oss i Sandefjord? | aktør | place=Sandefjord
Who can help us in Vestfold? | aktør | place=Vestfold
Hvilke aktører finnes i Telemark? | aktør | place=Telemark
Hvilke ordninger har løpende frist? | ordning | rolling=løpende
Hvilke tilskudd har løpende søknadsfrist for aksjeselskap? | ordning | rolling=løpende; form=aksjeselskap
Hvilke tilskudd har frist før mars i Telemark? | frist | deadline=før mars; place=Telemark
Kva tilskot kan ei stifting i Skien søkje før 1. mars? | frist | deadline=før 1. mars; place=Skien; form=stiftelse
Hvilke frister gjelder for foreninger? | frist | form=forening
Hvilke tilskudd fra Nav kan en forening søke? | ordning | manager=Nav; form=forening
Alle tilskudd fra Nav til arbeidsgivere | ordning | manager=Nav; form=arbeidsgiver
Which schemes does Nav run for employers? | ordning | manager=Nav; form=arbeidsgiver
hvilke tilskud kan en foreing i vestfoll søke | ordning | place=Vestfold; form=forening
Tilskudd til forskning | ordning | theme=forskning
Hvilke tilskudd handler om folkehelse i Vestfold? | ordning | place=Vestfold; theme=folkehelse
Hvilke ordninger støtter arbeidsinkludering? | ordning | theme=arbeidsinkludering
Hva slags støtte kan et idrettslag få? | ordning | form=forening
Kan du liste opp alle tilskudd vi kan søke som stiftelse? | ordning | form=stiftelse
Vi er en frivillig organisasjon i Horten. Hvilke tilskudd kan vi søke? | ordning | place=Horten; form=forening
Vi er et AS i Skien, hvilke støtteordninger finnes for oss? | ordning | place=Skien; form=aksjeselskap
Finnes det noen tilskudd for samvirkeforetak i Telemark? | ordning | place=Telemark; form=samvirkeforetak
Hvilke frister må vi huske de neste to månedene? | frist | deadline=de neste to månedene
Hva er de neste søknadsfristene? | frist | -
Hvilke søknadsfrister er i januar og februar? | frist | deadline=i januar og februar
Kva søknadsfristar er det før påske? | frist | deadline=før påske
Hvilke tilskudd kan man søke hele året? | ordning | rolling=løpende
Hvilke tilskudd er på mellom 50 000 og 200 000 kroner? | ordning | amount=mellom 50 000 og 200 000 kroner
Hvilke tilskudd fra fylkeskommunen kan vi søke? | ordning | manager=Fylkeskommunen
Which NAV schemes can employers use? | ordning | manager=Nav; form=arbeidsgiver
Which grants close before Christmas? | frist | deadline=before christmas
Hvilke virkemidler har Innovasjon Norge? | ordning | manager=Innovasjon Norge
Hvilke støttemuligheter har en forening? | ordning | form=forening
Vis meg eksempler på sosiale entreprenører i Oslo | historie | place=Oslo
Hvilke sosiale entreprenører finnes i Telemark? | historie | place=Telemark
Kven i Telemark kan hjelpe oss? | aktør | place=Telemark
Hvilke organisasjoner kan hjelpe oss i Vestfold? | aktør | place=Vestfold
Hvilke avtalemaler har dere? | mal | words=avtale
Hvilke tilskudd kan en forening i Vestfold få før 1. mars? | frist | deadline=før 1. mars; place=Vestfold; form=forening
Hvilke tilskudd kan idrettslaget vårt i Skien få? | ordning | place=Skien; form=forening
Kva tilskot kan stiftinga vår søkje på? | ordning | form=stiftelse
Hvilke støtteordninger finnes for aksjeselskapet vårt? | ordning | form=aksjeselskap
hvilke ordninger er åpne nå | ordning | status=åpen
alle tilskudd fra Bufdir | ordning | manager=Bufdir
hvilke ordninger har Nav | ordning | manager=Nav
kva kan vi søkje hos Sparebankstiftelsen | ordning | manager=Sparebankstiftelsen
tilskudd til barn og unge | ordning | theme=barn og unge
støtte til arbeidstrening | ordning | theme=arbeidstrening
penger til rusarbeid | ordning | theme=rus
alle frister | frist | -
frister framover | frist | deadline=framover
Hvilke frister har vi i vår? | frist | deadline=i vår
Hvilke søknadsfrister kommer de neste tre månedene? | frist | deadline=de neste tre månedene
Hvilke tilskudd gir over 100 000 kroner? | ordning | amount=over 100 000 kroner
Hvilke ordninger gir minst en halv million? | ordning | amount=minst en halv million
hvilke historier handler om rus | historie | theme=rus
eksempler fra Telemark | historie | place=Telemark
hvilke maler har dere | mal | -
hvem kan hjelpe oss i Vestfold | aktør | place=Vestfold
Which grants can a foundation in Telemark apply for? | ordning | place=Telemark; form=stiftelse
What grants are there for young people? | ordning | theme=barn og unge
Hvilke tilskudd finnes? | ordning | -
Hvilke støtteordninger har løpende søknadsfrist? | ordning | rolling=løpende
"""

# Questions for a fact, a way to do something or one scheme, however much they sound like a list.
NOT_ASKED = """
Hvilke krav stilles til tilskudd fra Bufdir?
Hvilken støtte får vi når noen blir syke?
Hvilken ordning passer for oss?
Hvilke krav har etableringsfondet?
Hvilke krav må vi oppfylle for å få tilskudd til sosialt entreprenørskap?
Hvilke dokumenter trenger vi for å stifte et AS?
Hvilke vedlegg skal søknaden ha?
Hvilken frist har Frifond?
Når er fristen for momskompensasjon?
Når må vi søke?
Hvem kan søke tilskudd til sosialt entreprenørskap?
Kan et aksjeselskap søke Bufdir?
Kan en forening i Vestfold få penger fra fylkeskommunen?
Hvor mye kan vi få i oppstartstilskudd?
Hvor mye støtte gir Nav til lønn?
Hva er et tilskudd?
Hva er støtte?
Må vi rapportere på alle tilskudd?
Hvilke utgifter dekker tilskuddet?
Hvilke regler gjelder for offentlig støtte?
Hvilke foreninger får tilskudd?
Hvilke kommuner gir tilskudd?
Hvilke stegene må vi gjennom for å søke støtte?
Hvilken lov gjelder for stiftelser?
Hvilke skatter betaler en forening?
Hvilke frister gjelder for årsregnskapet?
Hvilke frister gjelder for skattemeldingen?
Hvilke frister har Skatteetaten?
Hvilken organisasjonsform passer for oss?
Hvilke organisasjonsformer finnes?
Hvilke oppgaver har styret?
Hvilke plikter har en arbeidsgiver?
Hvilke register må vi stå i?
Hvordan søker vi tilskudd fra Bufdir?
Hvordan får vi støtte til ungdom?
Hvem avgjør søknaden om tilskudd?
Hvem betaler når kommunen ikke har penger?
Hvem kan hjelpe oss med regnskap?
Hvem kan hjelpe oss å skrive søknad?
Hvem kan jeg ringe i krise?
Hva gjorde Sandefjord kommune?
Hva er Frifond?
Hvilket beløp kan stiftelser få fra Gjensidigestiftelsen?
Hvilke kostnader dekker lønnstilskudd?
Hvilke ordninger kan kombineres med dagpenger?
Hvilke tilskudd krever revisor?
Hvilke tilskudd krever egenandel?
Hva må en søknad om tilskudd inneholde?
Hva slags avtale trenger vi med kommunen?
Har dere en mal for vedtekter?
Gi meg et eksempel på en effektkjede
Har dere et eksempel på budsjett?
Eksempel på effektmål
Hvilke eksempler finnes på indikatorer?
Kva krav stiller Nav til tiltaksarrangørar?
Kva støtte får me når nokon er sjuke?
Kven kan søkje om tilskot?
Kor mykje tilskot kan vi få?
Kva for reglar gjeld for frivillige?
Kva fristar har arbeidsgjevaren ved oppseiing?
Kva er ei stifting?
Korleis søkjer vi støtte frå fylket?
Må alle foreiningar ha revisor?
What requirements are there for the grant?
What is a grant?
What is the deadline for VAT compensation?
Which documents do we need to start a company?
How do we apply for funding from Nav?
What support can we get when employees are sick?
Who can apply for grants from Bufdir?
Can a foundation get funding?
How much funding can we get?
What happens to the money if we close down?
Do all associations need an auditor?
Is the grant taxable?
Alle ansatte må ha pensjon, hvilke krav gjelder?
Er alle tilskudd skattefrie?
Må vi betale tilbake alle midler vi ikke bruker?
Hvilken støtte kan Nav gi når vi ansetter en med hull i CV-en?
Hvilke penger må vi ha på konto for å starte AS?
Hvilke penger kan stiftelsen dele ut?
Hva slags støtte kan en kommune gi uten at det blir ulovlig?
Vi er en forening som driver kafé, må vi betale moms?
Tilskudd til sosialt entreprenørskap
Navs tilskudd til sosialt entreprenørskap
tilskudd søknadsfrist nav
Hvilke midler kan vi bruke til å betale husleie?
Hvilke lån har vi rett til å gi styremedlemmer?
Finnes det støtte hvis vi går konkurs?
Støtte fra Nav ved sykdom
Penger til eierne
Midler fra kommunen som ikke er brukt opp
Hva kan vi bruke pengene fra Nav til?
Hvem kan støtte oss når vi får avslag?
Hvilke aktører deltar i en effektkontrakt?
Hvilke tilskudd fikk Sandefjord kommune i 2019?
Hvorfor finnes det ingen ordninger for sosiale entreprenører?
Hvilke tilskudd må vi skatte av?
Hvilke tilskudd gir rett til momsfradrag?
Hvilke tilskudd regnes som offentlig støtte?
Hvilke ordninger må kommunen søke for oss?
Hvilken støtte kan et AS få fra Nav når vi tar inn en på arbeidstrening?
Hvilke steg er det i en søknad om tilskudd?
Hvilke feil gjør folk i søknader om tilskudd?
Hvilke kriterier bruker Bufdir når de gir tilskudd?
Hva skjer med tilskuddet hvis vi legger ned foreningen?
Hva må en stiftelse rapportere til tilskuddsgiver?
Hvor finner jeg en oversikt over tilskudd?
Hvor står fristene for tilskudd?
Hva gjør vi når fristen er gått ut?
Hvilke kostnader kan vi føre på prosjektet?
Kva papir treng vi for å søkje tilskot?
Kva må vi ha i vedtektene for å få tilskot?
Hva er kravene for å få støtte fra Frifond?
Hvem har rett til støtte?
What are the conditions for the grant?
What does the grant cover?
What is the maximum amount from Bufdir?
How long does it take to get funding?
Alle må ha politiattest, stemmer det?
Kan alle foreninger få momskompensasjon?
Har alle ansatte rett på pensjon?
Hvilken mal bør vi bruke for avtale med kommunen?
Hvilke punkter skal stå i en pilotavtale?
Hvilke eksempler bør vi ta med i søknaden?
Fortell om Medarbeiderne
Hvilken historie passer best å vise politikerne?
Hva kan vi lære av Sandefjord?
Hvem kan hjelpe oss med personvern?
Hvem kan klage på vedtaket?
Hvem kan gi oss attest?
Hvem støtter sosialt entreprenørskap i kommunen?
Hvilke aktører er viktige i et økosystem?
Hvem gir oss organisasjonsnummer?
Hva kan vi bruke tilskudd fra Bufdir til?
Hva kan vi søke om når vi ansetter?
Hva kan Nav støtte oss med?
Hvor kan jeg søke jobb?
Hvilke frister gjelder for å klage?
Hvilke frister har vi for å levere årsregnskap og skattemelding?
Når er fristene for moms?
Hvilke deadlines gjelder for a-meldingen?
Hvilke oppstartstilskudd passer for oss som ikke har omsetning?
Hva gir Nav i lønnstilskudd for en som er 50 år?
Hvilket lønnstilskudd varer lengst?
Hvilke lån kan gå til drift?
Støtte ved sykdom
tilskudd rapportering revisor
Hvilke av tilskuddene krever at vi står i Frivillighetsregisteret?
Kan vi kombinere alle tilskudd?
Hvilke utgifter gir støtte fra Kompetansepluss?
Hva kan vi bruke pengene fra Nav til?
Hvilke tilskudd gir Sandefjord kommune?
Hvilke private stiftelser gir penger?
Hvilke tilskudd finnes for lag som har barn som medlemmer?
Hvilke ordninger gir mest penger?
"""


@pytest.fixture(scope="module")
def guide() -> Catalog:
    return read_guide()


@pytest.fixture
def tiny(corpus_dir: Path) -> Catalog:
    return catalog_of(corpus_dir)


def ask(question: str, catalog: Catalog) -> list[Draft] | None:
    return list_whole(understand([question]), catalog, TODAY)


def ids(drafts: list[Draft] | None) -> list[str]:
    return [draft.passage.document.doc_id for draft in drafts or [] if draft.passage]


def test_the_tables_are_long_enough() -> None:
    assert len(ASKED.strip().splitlines()) >= 80
    assert len(NOT_ASKED.strip().splitlines()) >= 60


@pytest.mark.parametrize("line", ASKED.strip().splitlines())
def test_a_question_for_a_list_is_read_with_its_filter(line: str, guide: Catalog) -> None:
    question, listed, narrowed = (part.strip() for part in line.split("|"))
    asked = read_list(understand([question]), guide, TODAY)
    assert asked is not None
    assert listed == ("frist" if asked.by_deadline else asked.doc_class.replace("regel", "ordning"))
    assert narrowed == ("; ".join(f"{c.kind}={c.value}" for c in asked.conditions) or "-")


@pytest.mark.parametrize("question", NOT_ASKED.strip().splitlines())
def test_a_question_for_a_fact_goes_on_to_retrieval(question: str, guide: Catalog) -> None:
    assert ask(question, guide) is None


def loop(catalog: Catalog, fits: Callable[[Document], bool]) -> set[str]:
    return {document.doc_id for document in catalog.documents if document.card and fits(document)}


def may_apply(form: str) -> Callable[[Document], bool]:
    return lambda d: any(form in value.forms for value in d.card if value.field == "hvem_kan_søke")


def is_in(place: str) -> Callable[[Document], bool]:
    around = {place, "Norge", *COUNTIES.get(place, ()), *(c for c, parts in COUNTIES.items() if place in parts)}
    return lambda d: bool(around & set(d.places))


def pays(least: int) -> Callable[[Document], bool]:
    return lambda d: max((value.kroner or 0 for value in d.card), default=0) > least


def is_open(document: Document) -> bool:
    return {value.status for value in document.card} - {None} == {"åpen"}


FORM_FILTERS = [("", lambda d: True)] + [(f"for {forms[0]}", may_apply(forms[0])) for forms in FORMS if len(forms) == 1]
PLACE_FILTERS = [("", lambda d: True), *((f"i {p}", is_in(p)) for p in ("Vestfold", "Telemark", "Skien", "Sandefjord"))]
OTHER_FILTERS = [
    ("", lambda d: True),
    ("som gir over 100 000 kroner", pays(100_000)),
    ("som er åpne nå", is_open),
    ("i oppstartsfasen", lambda d: "oppstart" in d.phases),
]


@pytest.mark.parametrize("corpus", ["tiny", "guide"])
def test_a_list_is_what_a_loop_over_the_documents_finds(corpus: str, request: pytest.FixtureRequest) -> None:
    catalog = request.getfixturevalue(corpus)
    checked = 0
    for parts in itertools.product(FORM_FILTERS, PLACE_FILTERS, OTHER_FILTERS):
        question = f"Hvilke tilskudd finnes {' '.join(text for text, _ in parts if text)}?"
        expected = loop(catalog, lambda d, parts=parts: all(fits(d) for _, fits in parts))
        asked = read_list(understand([question]), catalog, TODAY)
        assert asked is not None, question
        assert {document.doc_id for document in fitting(asked, catalog)} == expected, question
        drafts = ask(question, catalog)
        if expected:
            assert drafts is not None, question
            assert sorted(ids(drafts)) == sorted(expected), question
            assert drafts[0].text.startswith(f"{len(expected)} av "), question
            checked += 1
        elif drafts is not None:
            assert drafts[0].text.startswith("0 av "), question
    assert checked >= 8


def test_every_line_of_every_list_is_borne_out_by_its_quote(guide: Catalog) -> None:
    for line in ASKED.strip().splitlines():
        drafts = ask(line.split("|")[0], guide)
        assert drafts, line
        kept, removed = verify(drafts)
        assert (kept, removed) == (drafts, 0), line
        assert len(ids(drafts)) == len(set(ids(drafts))), line
        assert all(draft.lead == draft.passage.document.title for draft in drafts if draft.passage)


def test_the_form_is_found_in_compounds_and_inflections() -> None:
    assert find_form("Kan idrettslaget vårt søke?") == "forening"
    assert find_form("stiftinga") == "stiftelse"
    assert find_form("aksjeselskapet vårt") == "aksjeselskap"
    assert find_form("et forslag") is None
    assert find_form("organisasjonsform") is None


def test_a_business_may_have_any_of_four_forms(guide: Catalog) -> None:
    asked = read_list(understand(["Hvilke tilskudd kan en bedrift søke?"]), guide, TODAY)
    assert asked is not None
    forms = ("aksjeselskap", "enkeltpersonforetak", "samvirkeforetak", "ansvarlig selskap")
    expected = loop(guide, lambda d: any(may_apply(form)(d) for form in forms))
    assert {document.doc_id for document in fitting(asked, guide)} == expected


def test_the_place_is_found_by_its_whole_name(guide: Catalog) -> None:
    assert find_place("tilskudd i Midt-Telemark", guide) == "Midt-Telemark"
    assert find_place("tilskudd i Drøbak", guide) is None


def test_open_schemes_stand_before_those_not_known_to_be_open(guide: Catalog) -> None:
    drafts = ask("Hvilke tilskudd kan en stiftelse i Vestfold søke på?", guide) or []
    line = next(place for place, draft in enumerate(drafts) if draft.text.startswith("Det er ikke kjent om disse"))
    for place, draft in enumerate(drafts):
        if draft.passage:
            assert (place > line) == any(value.status == "ukjent" for value in draft.passage.document.card)


def test_a_closed_scheme_stands_last_under_a_line_of_its_own(guide: Catalog) -> None:
    drafts = ask("Hvilke ordninger finnes i guiden?", guide) or []
    assert drafts[-2].text == "Disse er stengt:"
    assert ids(drafts)[-1] == "ordninger/startoff"


def test_deadlines_to_come_stand_by_date_and_those_of_earlier_years_apart(guide: Catalog) -> None:
    drafts = ask("Alle frister", guide) or []
    line = next(place for place, draft in enumerate(drafts) if "tidligere år" in draft.text)
    coming, earlier = ids(drafts[:line]), ids(drafts[line:])
    assert coming.index("ordninger/kriminalomsorgen-tilskudd") < coming.index("ordninger/husbanken-boligsosiale-tiltak")
    assert coming.index("ordninger/husbanken-boligsosiale-tiltak") < coming.index("ordninger/momskompensasjon")
    assert "ordninger/frifond" in earlier
    assert not set(coming) & set(earlier)
    for draft in drafts[line:]:  # never as upcoming: each names the year that it was known for, or a past one
        if draft.passage and draft.statement:
            assert re.search(r"var|hadde", draft.text), draft.text


def test_a_deadline_is_quoted_when_it_is_asked_for(tiny: Catalog) -> None:
    drafts = list_whole(understand(["Hvilke tilskudd har frist før 1. juni?"]), tiny, date(2026, 3, 1)) or []
    assert [draft.text for draft in drafts] == [
        "1 av 1 ordninger i guiden passer (filter: frist før 1. juni):",
        "Søknadsfristen for etableringsfondet er 15. mai 2026.",
    ]


def test_a_deadline_that_is_past_is_not_upcoming(tiny: Catalog) -> None:
    drafts = ask("Alle frister", tiny) or []
    assert drafts[0].text.startswith("0 av 1 ordninger")
    assert "tidligere år" in drafts[0].text
    assert ids(drafts) == ["ordninger/etableringsfondet"]


def test_the_amount_is_quoted_when_it_is_asked_for(tiny: Catalog) -> None:
    drafts = ask("Hvilke tilskudd gir over 100 000 kroner?", tiny) or []
    assert [draft.text for draft in drafts[1:]] == ["Etableringsfondet gir inntil 200 000 kroner."]
    assert drafts[1].lead == "Etableringsfondet"


def test_over_and_at_least_differ_at_the_limit(tiny: Catalog) -> None:
    assert ids(ask("Hvilke tilskudd gir minst 200 000 kroner for stiftelser?", tiny)) == ["ordninger/etableringsfondet"]
    over = ask("Hvilke tilskudd gir over 200 000 kroner for stiftelser?", tiny) or []
    assert over[0].text.startswith("0 av 1 ordninger i guiden passer (filter: over 200 000 kroner · stiftelse).")


def test_nothing_that_fits_is_said_with_what_is_nearest(guide: Catalog) -> None:
    drafts = ask("Hvilke tilskudd til psykisk helse har frist før jul?", guide) or []
    assert re.match(r"0 av \d+ ordninger i guiden passer \(filter: frist før jul · «psykisk helse»", drafts[0].text)
    assert f"Uten «frist før jul» er det {len(ids(drafts))}:" in drafts[0].text


def test_a_month_without_a_deadline_is_answered_with_those_of_other_months(guide: Catalog) -> None:
    drafts = ask("Hvilke frister har vi i juli?", guide) or []
    assert drafts[0].text.startswith("0 av 58 ordninger i guiden passer (filter: frist i juli; ")
    assert f"Uten «frist i juli» er det {len(ids(drafts))}:" in drafts[0].text
    assert len(ids(drafts)) > 3


def test_what_the_guide_has_no_amount_for_is_counted(guide: Catalog) -> None:
    drafts = ask("Hvilke tilskudd gir over 1 million kroner?", guide) or []
    unknown = sum(bool(d.card) and all(v.kroner is None for v in d.card) for d in guide.documents)
    assert f"for {unknown} til er beløpet ikke kjent" in drafts[0].text


def test_the_filter_is_in_the_language_of_the_question(guide: Catalog) -> None:
    assert (ask("Kva tilskot frå Nav kan ei stifting søkje?", guide) or [])[0].text.startswith("7 av 58 ordningar")
    opening = (ask("Which grants from Nav can a foundation apply for?", guide) or [])[0].text
    assert opening.startswith("7 of 58 schemes in the guide fit (filter: from Nav · stiftelse)")


def test_misspelled_names_are_seen(guide: Catalog) -> None:
    right = ask("Hvilke tilskudd kan en forening i Vestfold søke?", guide)
    assert ids(ask("hvilke tilskud kan en foreing i vestfoll søke", guide)) == ids(right)


def test_our_is_no_spring(guide: Catalog) -> None:
    asked = read_list(understand(["Hvilke tilskudd finnes i vår kommune?"]), guide, TODAY)
    assert asked is None or all(condition.kind != "deadline" for condition in asked.conditions)


def test_a_word_that_no_document_has_makes_no_list(guide: Catalog) -> None:
    assert ask("Hvilke tilskudd finnes til romfart i Vestfold?", guide) is None
    assert ask("Hvilke statlige tilskudd kan en forening søke?", guide) is None
