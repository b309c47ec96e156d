"""«Kan vi få …?»: what counts as asking it, what counts as said, and what is marked as met by it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import CARD, WordSumEmbedder, make_text, write_corpus

import assistant.answer
from assistant.answer import Engine, answer
from assistant.eligibility.asking import asks_whether
from assistant.eligibility.conditions import Mark, Stated, admits, judge, judge_applicants
from assistant.eligibility.stated import is_reply, read_form, read_turn
from assistant.evidence import Sufficiency
from assistant.texts import LANGUAGES, load_texts
from assistant.types import Answer, Status
from index.build import build_index
from index.document import read_corpus
from index.frontmatter import FORMS, CardValue
from index.load import open_index
from index.types import Statement

TODAY = date(2026, 3, 1)
ASK_FOR_THE_SCHEME = """
Kan vi få Frifond?
Kan en forening i Larvik søke momskompensasjon?
Kan et AS få grasrotandelen?
Har vi rett på grasrotandel?
Er vi kvalifisert for Navs tilskudd til sosialt entreprenørskap?
Vi er et AS med tre ansatte, kan vi søke tilskudd til sosialt entreprenørskap fra Nav?
Kan et enkeltpersonforetak få tilskudd til sosialt entreprenørskap?
Kan me få tilskot til sosialt entreprenørskap frå Nav?
Can we get the Nav grant for social entrepreneurship?
Can an association apply for VAT compensation (momskompensasjon)?
Are we eligible for Grasrotandelen as a foundation?
Do we qualify for Frifond?
Kan vi søke oppstartslån fra Innovasjon Norge?
Vi er et enkeltpersonforetak. Kan vi få oppstartslån?
Kan en stiftelse få Oppstartstilskudd 3?
Kan ENK få oppstartstilskudd 2?
Oppfyller vi kravene til oppstartstilskudd 1 når bedriften er to år gammel?
Kan vi søke SkatteFUNN?
Kan en forening bruke SkatteFUNN?
Kan vi som er et AS få penger fra Gjensidigestiftelsen?
Kan eit aksjeselskap søkje Gjensidigestiftelsen?
Kan vi få gave fra Sparebankstiftelsen DNB?
Kan en kommune søke Bufdir om tilskudd til inkludering av barn og unge?
Vi driver et enkeltpersonforetak og vil søke Bufdir-tilskudd til inkludering av barn og unge, kan vi det?
Kan foreningen vår få tilskudd fra IMDi til integreringsarbeid?
Kan vi bli AFT-arrangør?
Kan en ideell forening bli godkjent som arrangør av arbeidsforberedende trening?
Kan vi få mentortilskudd?
Har vi krav på inkluderingstilskudd når vi ansetter en med nedsatt arbeidsevne?
Får vi sommerjobbtilskudd fra Nav?
Kan vi få varig lønnstilskudd for en ansatt?
Kan et AS få midlertidig lønnstilskudd?
Kan eg få kvalifiseringsprogrammet?
Har jeg rett på AAP mens jeg starter egen bedrift?
Kan jeg få dagpenger mens jeg starter firma?
Kan vi få skattefradrag for gaver, altså bli godkjent som mottaker?
Kan en stiftelse i Skien søke Husbanken om tilskudd til boligtiltak?
Kan et lag i Horten søke om Tilskudd til inkludering i Vestfold?
Kan eit samvirke søkje tilskot til næringsutvikling frå Vestfold fylkeskommune?
Vi er ikke registrert i Frivillighetsregisteret. Kan vi få momskompensasjon?
Vi er registrert i Frivillighetsregisteret, kan vi søke om lavterskel arbeidsrettede aktiviteter?
Lurer på om vi kan få støtte fra Stiftelsen Dam
Er foreningen vår berettiget til grasrotandel?
Kan vi, en forening med 40 medlemmer, få Frifond organisasjon?
Kan vi kvalifisere til FORREGION?
Kan et AS på fire år få oppstartslån, og hvor mye?
Can a sole proprietor get an Innovation Norway startup loan (oppstartslån)?
Could our foundation apply to Kavlifondet?
Can our company get SkatteFUNN?
Are we allowed to apply for Kompetansepluss?
Har bedriften vår krav på tilskudd til ekspertbistand?
Kan vi som arbeidsgiver få funksjonsassistanse?
kan vi søke tilskud til rusforebygging fra helsedirektoratet
kvalifiserer vi til tilskudd til forebygging av kriminalitet fra konfliktrådet?
Kan vi få StartOff?
Kan ein kommune søkje post 63-midlar til utvikling av sosiale tenester?
Kan foreninga vår få mva-kompensasjon?
Kan vi være med i Impact StartUp?
Kan vi søke Ferd?
er vi aktuelle for vta-o
Eg driv eit enkeltpersonføretak, kan eg få SkatteFUNN?
Hei! Vi er en nystartet stiftelse i Porsgrunn. Kan vi søke Husbankens tilskudd til boligtiltak?
kan vi få grasrotandelen selv om vi er et as
Kan idrettslaget vårt få grasrotandel?
Er det mulig for et AS å få momskompensasjon?
Vi lurer på om en stiftelse kan søke Frifond
Kan en borettslagsforening få Frifond?
Kan vi som sosial entreprenør få støtte fra Kavlifondet?
Kan vi få oppstartstilskot 1?
Er bedriften min for gammel til å få oppstartslån?
Har eit samvirke rett på kompetansepluss?
Would a foundation be eligible for Sparebankstiftelsen DNB?
Is a sole proprietorship eligible for Grasrotandelen?
We are a small association in Larvik, can we apply for Frifond?
Can an AS get the mentor grant from Nav?
Kan kommunen vår søke om post 63?
Kan vi søke IMDi-tilskuddet når vi bare er en lokal gruppe?
Vil vi kunne få varig lønnstilskudd?
Kvalifiserer en ideell stiftelse for grasrotandelen?
Passer Oppstartstilskudd 2 for et enkeltpersonforetak?
Kan vi få momskompenssjon?
Kan vi få inkluderingstilskud?
Får foreningen vår momskompensasjon?
Har vi lov til å søke Stiftelsen Dam direkte?
Kan vi registreres som grasrotmottaker?
Kan vi bli tiltaksarrangør for VTA?
Kan en bedrift i Vestfold få støtte fra FORREGION?
Kan jeg søke KVP?
Kan vi få støtte av Ferd Sosiale Entreprenører?
Kan vi få næringsutviklingstilskudd fra Vestfold fylkeskommune som enkeltpersonforetak?
"""
ASK_FOR_SOMETHING_ELSE = """
Kan vi betale ut utbytte?
Kan styremedlemmer få lønn?
Kan vi bruke pengene fra Frifond til husleie?
Kan vi få Frifond samtidig med grasrotandelen?
Kan vi få utsatt frist hos Nav?
Kan vi få utsatt frist for momskompensasjon?
Hvor mye kan vi få fra Frifond?
Når kan vi søke momskompensasjon?
Hvordan kan vi få grasrotandel?
Hvilke tilskudd kan vi få?
Hvilke tilskudd kan en forening i Larvik søke?
Hvem kan søke momskompensasjon?
Kan vi ansette noen på prøvetid?
Kan jeg starte AS uten penger?
Kan en forening eie et aksjeselskap?
Kan en stiftelse endre vedtektene?
Kan vi kombinere mentortilskudd og lønnstilskudd?
Kan vi få inkluderingstilskudd i tillegg til mentor?
Kan vi søke flere ganger hos Gjensidigestiftelsen?
Kan vi få svar fra Innovasjon Norge innen to uker?
Kan vi klage hvis vi ikke får Frifond?
Kan vi få hjelp til å skrive søknad til Bufdir?
Kan vi få dekket reiseutgifter med inkluderingstilskudd?
Kan vi få pengene fra Nav utbetalt på forskudd?
Hva er Frifond?
Hva kreves for å få momskompensasjon?
Kan frivillige få betalt?
Får vi lov til å bruke SkatteFUNN-pengene på lønn?
Kan et AS registreres i Frivillighetsregisteret?
Kan vi få fritak for moms?
Har vi rett til innsyn i saken?
Har jeg rett på feriepenger?
Har ansatte rett på pause?
Er vi skattepliktige?
Må vi ha revisor for å søke momskompensasjon?
Can we pay dividends?
Can we use the grant for rent?
Can we combine Frifond with other grants?
How much can we get from Frifond?
Can board members be paid?
Can we get an extension of the deadline?
When can we apply for momskompensasjon?
What can we get from Nav?
Kan me betale ut utbyte?
Kan me få lengre frist?
Kva tilskot kan me få?
Kor mykje kan me få i oppstartstilskudd 1?
Korleis kan me søkje SkatteFUNN?
Kan me bruke pengane til løn?
Kan vi få en mal for søknad?
Kan vi få se et eksempel på budsjett?
Kan du skrive søknaden for oss?
Kan vi leie lokale av kommunen?
Hvem avgjør om vi får Frifond?
Kan Nav si opp avtalen?
Kan vi få lønnstilskudd og bruke det på opplæring samtidig med mentor?
Kan vi søke om Frifond på nytt neste år?
Kan vi få mer enn 200 000 kroner fra Gjensidigestiftelsen?
Har vi krav på å få kontrakten når vi er ideelle?
Kan vi selge tjenester til kommunen uten anbud?
Hvor lenge kan vi få varig lønnstilskudd?
Vil vi få avslag på søknaden?
Hvorfor kan ikke vi få grasrotandel?
Kan vi få Frifond utbetalt før prosjektet starter?
Kan vi beholde momskompensasjonen hvis foreningen legges ned?
Kan vi få avslag fra Gjensidigestiftelsen?
Kan en forening ha ansatte?
Kan et AS være ideelt?
Kan vi få godkjent vedtektene?
Kan vi få reise på kurs for tilskuddet?
Kan vi få innsyn i hvem som fikk grasrotandel?
Kan vi få bistand fra Nav-kontoret?
Har en deltaker på arbeidstrening rett på lønn?
Er vi ansvarlige for HMS?
Får vi beholde aksjekapitalen?
Kan vi få mentor til to deltakere på samme tid?
Hva må til for at vi kan få Frifond?
Hvem kan få mentortilskudd?
Når får vi svar på søknaden til Bufdir?
Hvor kan vi søke om Frifond?
Kan vi levere rapporten til Bufdir for sent?
Kan vi sende søknaden til Innovasjon Norge på e-post?
Kan vi endre budsjettet etter at vi har fått tilskudd?
Kan vi overføre pengene fra Frifond til neste år?
Kan kommunen kjøpe tjenester uten konkurranse?
Kan en kommune gi støtte til et AS?
Can we get help writing the application to Bufdir?
Can we get paid in advance from Nav?
Can an association own a company?
Can we apply after the deadline?
How can we apply for Grasrotandelen?
Kan ein stiftar ta ut løn?
Kan vi få støtte til husleie fra Sparebankstiftelsen DNB?
Kan vi få penger til lønn fra Gjensidigestiftelsen?
Kan vi få både AAP og dagpenger?
Kan deltakeren få fri fra arbeidstrening?
Hva skjer hvis vi ikke får momskompensasjon?
Kan vi få dekket mat med Frifond?
Kan vi trekke søknaden hos Husbanken?
"""


def lines(text: str) -> list[str]:
    return text.strip().split("\n")


def said(*turns: str) -> Stated:
    stated = Stated()
    for turn in turns:
        stated = read_turn(stated, turn, [], TODAY.year)
    return stated


# What counts as asking whether one can have a scheme


def test_the_tables_are_long_and_have_all_three_languages() -> None:
    for table in (ASK_FOR_THE_SCHEME, ASK_FOR_SOMETHING_ELSE):
        assert len(lines(table)) >= 50
        assert all(re.search(rf"\b{word}\b", table, re.I) for word in ("vi", "me", "we"))


@pytest.mark.parametrize("question", lines(ASK_FOR_THE_SCHEME))
def test_asking_whether_one_can_have_a_scheme_is_heard(question: str) -> None:
    assert asks_whether(question)


@pytest.mark.parametrize("question", lines(ASK_FOR_SOMETHING_ELSE))
def test_asking_about_law_use_time_sum_or_combination_is_something_else(question: str) -> None:
    assert not asks_whether(question)


# What counts as said


@pytest.mark.parametrize(
    ("turn", "kind", "expected"),
    [
        ("Vi står i Frivillighetsregisteret.", "voluntary_register", True),
        ("Kan vi som er registrert i Frivillighetsregisteret få støtte?", "voluntary_register", True),
        ("We are registered in the voluntary register", "voluntary_register", True),
        ("Vi er ikke registrert i Frivillighetsregisteret", "voluntary_register", False),
        ("Me er ikkje registrerte i Frivilligheitsregisteret", "voluntary_register", False),
        ("Kan vi få støtte når vi ikke er registrert i Frivillighetsregisteret?", "voluntary_register", False),
        ("Vi er verken i Frivillighetsregisteret eller Enhetsregisteret", "voluntary_register", False),
        ("Vi er i Frivillighetsregisteret, men ikke i Enhetsregisteret", "unit_register", False),
        ("Vi har organisasjonsnummer", "unit_register", True),
        ("Vedtektene våre forbyr utbytte", "dividend_ban", True),
        ("Vedtektene våre forbyr ikke utbytte", "dividend_ban", False),
        ("Vi betaler ut utbytte til eierne", "pays_dividend", True),
        ("Vi er et ideelt AS", "nonprofit", True),
        ("Vi er en kommersiell bedrift", "commercial", True),
        ("Vi har inkassosaker", "debts", True),
        ("Prosjektet er allerede i gang", "project_started", True),
        ("Vi har ingen avtale med Nav", "nav_agreement", False),
    ],
)
def test_a_plain_statement_is_a_yes_or_a_no(turn: str, kind: str, expected: bool) -> None:
    assert said(turn).answers[kind] is expected


@pytest.mark.parametrize(
    "turn",
    [
        "Må vi være registrert i Frivillighetsregisteret?",
        "Vi skal registrere oss i Frivillighetsregisteret",
        "Vi er snart i Frivillighetsregisteret",
        "Vi har søkt om å bli registrert i Frivillighetsregisteret",
        "Vi er ikke sikre på om vi er registrert i Frivillighetsregisteret",
        "Eieren vår er registrert i Frivillighetsregisteret",
        "Naboforeningen er i Frivillighetsregisteret",
        "Vi var registrert i Frivillighetsregisteret før",
        "Vi er slettet fra Frivillighetsregisteret",
        "Vi er for små til å stå i Frivillighetsregisteret",
        "Vi er registrert i Foretaksregisteret",
        "Vedtektene sier ikke noe om utbytte",
        "Vi betaler ikke ut utbytte",  # the bylaws may still allow it
        "Vi har ingen betalingsanmerkninger",  # the key people may have some
        "Vi har avtale med Nav",  # the participant may not
        "Vi har nesten 20 medlemmer",
        "Vi har under 10 ansatte",
        "Vi skal ansette fem personer",
        "Vi har en ansatt som er 55 år gammel",
        "Jeg er 17 år gammel",
        "Vi har 5 medlemmer under 26 år",
    ],
)
def test_what_is_asked_doubted_planned_or_someone_elses_is_not_said(turn: str) -> None:
    assert said(turn) == Stated()


@pytest.mark.parametrize(
    ("turn", "unit", "expected"),
    [
        ("Vi har tre ansatte og 40 medlemmer", "employees", (3, 3)),
        ("Vi har tre ansatte og 40 medlemmer", "members", (40, 40)),
        ("Vi er et AS med to årsverk", "full_time", (2, 2)),
        ("Bedriften er to år gammel", "age", (2, 3)),
        ("Vi er et AS på fire år", "age", (4, 5)),
        ("Vi startet i 2019", "age", (6, 8)),
        ("Our company is 3 years old", "age", (3, 4)),
    ],
)
def test_a_figure_is_read_with_its_unit(turn: str, unit: str, expected: tuple[float, float]) -> None:
    assert said(turn).numbers[unit] == expected


@pytest.mark.parametrize(
    ("turn", "form"),
    [
        ("Vi er et AS eid av en stiftelse", "aksjeselskap"),
        ("Vi er ikke et AS, men en forening", "forening"),
        ("Kan foreningen vår søke?", "forening"),
        ("Kan ENK søke?", "enkeltpersonforetak"),
        ("Vi er et enkeltpersonforetak i Larvik kommune", "enkeltpersonforetak"),
        ("Can we apply as a foundation?", "stiftelse"),
        ("hva med en stiftelse?", "stiftelse"),
        ("Kan en kommune søke?", "kommune"),
        ("Vi er en forening og et AS", None),
        ("Can our company apply?", None),
        ("Kan Stiftelsen Dam gi oss penger?", None),
        ("Kan vi søke sammen med kommunen?", None),
        ("Vi hjelper foreninger", None),
    ],
)
def test_the_form_is_the_askers_own(turn: str, form: str | None) -> None:
    assert read_form(turn) == form


def test_the_last_word_on_a_matter_counts() -> None:
    stated = said(
        "Vi er en forening.", "Vi står i Frivillighetsregisteret", "Vi er et AS", "Vi har organisasjonsnummer"
    )
    assert (stated.form, sorted(stated.answers)) == ("aksjeselskap", ["unit_register", "voluntary_register"])


def test_a_bare_yes_or_no_answers_what_was_asked_and_nothing_else() -> None:
    assert read_turn(Stated(), "ja, det er vi", ["voluntary_register"], 2026).answers == {"voluntary_register": True}
    assert read_turn(Stated(), "nei, men snart", ["debts"], 2026).answers == {"debts": False}
    assert read_turn(Stated(), "to år", ["age"], 2026).numbers == {"age": (2, 3)}
    assert read_turn(Stated(), "ja", [], 2026) == Stated()
    assert not is_reply("ja, men bare i Enhetsregisteret")


# What is marked as met

AGE = "Bedriften som søker, skal være yngre enn tre år, unntaksvis fem."
FTE = "Teamet bak tilskuddet må være på minst to årsverk."


@pytest.mark.parametrize(
    ("condition", "turn", "mark"),
    [
        (
            "Organisasjonen må stå i Frivillighetsregisteret for å få støtte.",
            "Vi står i Frivillighetsregisteret",
            "met",
        ),
        ("Organisasjonen må stå i Frivillighetsregisteret.", "Vi står ikke i Frivillighetsregisteret", "failed"),
        ("Organisasjonen må stå i Frivillighetsregisteret og ha vedtekter.", "Vi er i Frivillighetsregisteret", "open"),
        ("Organisasjonen må ha et kontonummer i Frivillighetsregisteret.", "Vi er i Frivillighetsregisteret", "open"),
        ("Søkere bør normalt stå i Frivillighetsregisteret.", "Vi er ikke i Frivillighetsregisteret", "open"),
        ("Søkeren måtte i 2021 stå i Frivillighetsregisteret.", "Vi er ikke i Frivillighetsregisteret", "open"),
        ("Alderen regnes fra den stod i Enhetsregisteret.", "Vi er ikke i Enhetsregisteret", "open"),
        ("Krav 3: Vedtektene må slå fast at eierne ikke kan få utbytte.", "Vedtektene forbyr utbytte", "met"),
        ("Krav 3: Vedtektene må slå fast at eierne ikke kan få utbytte.", "Vi betaler ut utbytte", "failed"),
        ("Krav 3: Vedtektene må slå fast at eierne ikke kan få utbytte.", "Vi betaler ikke utbytte", "open"),
        ("Aktiviteten kan ikke være fortjenestebasert.", "Vi er en kommersiell bedrift", "failed"),
        ("Aktiviteten kan ikke være fortjenestebasert.", "Vi er en ideell forening", "open"),
        (AGE, "Bedriften er to år gammel", "met"),
        (AGE, "Bedriften er tre år gammel", "open"),
        (AGE, "Bedriften er fem år gammel", "failed"),
        (FTE, "Vi har to årsverk", "met"),
        (FTE, "Vi har ett årsverk", "failed"),
        (FTE, "Vi har to ansatte", "open"),
        ("Bedrifter med inntil 250 ansatte kan få lån.", "Vi har 300 ansatte", "failed"),
        ("Laget må ha minst 20 tellende medlemmer.", "Vi har 30 medlemmer", "open"),
        ("Laget må ha minst 20 tellende medlemmer.", "Vi har 10 medlemmer", "failed"),
        ("Organisasjonen må ha eksistert i minst ett år.", "Vi startet i 2019", "met"),
    ],
)
def test_a_condition_is_met_or_failed_only_where_what_was_said_decides_it(condition: str, turn: str, mark: str) -> None:
    assert judge(condition, said(turn)) == mark


def who(text: str, *forms: str) -> tuple[CardValue, str]:
    return CardValue("hvem_kan_søke", Statement(0, 1, ()), forms), text


PLAIN = who("Aksjeselskap og stiftelser kan søke fondet.", "aksjeselskap", "stiftelse")
WITH_MORE = who("Foreninger kan søke fondet når de er ideelle.", "forening")
REFUSES = who("Privatpersoner og enkeltpersonforetak kan ikke søke fondet.")
NOT_KNOWN = who("Om enkeltpersonforetak kan søke fondet, er ikke kjent.")
USUAL = who("Aksjeselskap er de vanlige søkerne til fondet.", "aksjeselskap")
EMPLOYERS = who("Private arbeidsgivere kan få støtten.", "arbeidsgiver")
ONLY = who("Bare kommuner kan få penger til loser.", "kommune")


@pytest.mark.parametrize(
    ("values", "form", "fits", "marks"),
    [
        ([PLAIN, WITH_MORE], "aksjeselskap", "met", ["met", "others"]),
        ([PLAIN, WITH_MORE], "forening", "named", ["others", "named"]),
        ([PLAIN], "kommune", "failed", ["others"]),
        ([PLAIN, REFUSES], "enkeltpersonforetak", "failed", ["others", "failed"]),
        ([PLAIN, REFUSES], "stiftelse", "met", ["met", "others"]),
        ([PLAIN, NOT_KNOWN], "enkeltpersonforetak", "open", ["open", "open"]),
        ([USUAL], "forening", "open", ["open"]),
        ([EMPLOYERS], "aksjeselskap", "open", ["open"]),
        ([ONLY], "forening", "failed", ["failed"]),
        ([ONLY, WITH_MORE], "forening", "named", ["others", "named"]),
    ],
)
def test_who_can_apply_is_read_from_the_card(
    values: list[tuple[CardValue, str]], form: str, fits: str, marks: list[str]
) -> None:
    assert admits(values, form) == fits
    assert judge_applicants(values, Stated(form)) == marks


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_that_a_card_may_name_has_a_name_in_a_sentence(language: str) -> None:
    assert {f"form_{form.replace(' ', '_')}" for form in FORMS} <= set(load_texts(language))


# The answer

FUND = CARD.replace(
    """    - verdi: "Etableringsfondet krever et regnskap."
""",
    """    - verdi: "Søkeren må stå i Frivillighetsregisteret."
      kilde: [lov-om-fond]
    - verdi: "Bedriften må være yngre enn fem år for å få etableringsfondet."
""",
)
OLD_FUND = CARD.replace("etableringsfond", "gammelfond").replace("Etableringsfond", "Gammelfond")
OLD_FUND = OLD_FUND.replace("Gammelfondet er åpent i 2026.", "Gammelfondet er avviklet.").replace("åpen", "stengt")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine on the tiny guide, where one scheme asks for a register and an age, and another is closed."""
    folder: Path = tmp_path_factory.mktemp("eligibility")
    corpus = write_corpus(folder / "corpus")
    (corpus / "ordninger/etableringsfondet.md").write_text(
        make_text(title="Etableringsfondet", question="Hvem kan søke etableringsfondet?", card=FUND)
        .replace("sted: [Norge]", "sted: [Telemark]"),
        encoding="utf-8",
    )  # fmt: skip
    (corpus / "ordninger/gammelfondet.md").write_text(
        make_text(title="Gammelfondet", question="Hva er gammelfondet?", card=OLD_FUND), encoding="utf-8"
    )
    (corpus / "sporsmal/ordninger/etableringsfondet.md").unlink()
    embedder = WordSumEmbedder()
    build_index(read_corpus(corpus), folder / "index", embedder)
    index = open_index(folder / "index", embedder)
    yield Engine(index, embedder)
    index.store.close()


@pytest.fixture
def ask(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    """Asks with evidence that is judged as known, whatever the thresholds are."""
    gather = assistant.answer.gather
    monkeypatch.setattr(
        assistant.answer, "gather", lambda *a, **k: replace(gather(*a, **k), sufficiency=Sufficiency.KNOWN)
    )
    return lambda *turns: answer(engine, turns, TODAY)


def marks_of(result: Answer) -> list[str]:
    return re.findall(r"^- \*\*(\S)", result.text, re.M)


def test_every_condition_of_the_card_is_listed_whole_marked_and_cited(ask) -> None:
    result = ask("Kan et AS få etableringsfondet?")
    assert result.status is Status.ANSWERED
    assert result.text.startswith("Ja, et aksjeselskap står blant dem som kan søke")
    assert "«Etableringsfondet»" in result.text.split("\n")[0]
    assert "- **✓ oppfylt:** Aksjeselskap og stiftelser kan søke etableringsfondet. [1]" in result.text
    assert "- **? må avklares:** Søkeren må stå i Frivillighetsregisteret. [3]" in result.text
    assert marks_of(result) == ["✓", "?", "?", "?"]
    assert [c.quote for c in result.citations][1] == "Etableringsfondet krever en skriftlig plan."
    assert all(citation.verified for citation in result.citations)


def test_a_mark_stands_outside_the_quote(ask) -> None:
    assert all(
        "oppfylt" not in c.quote and "✓" not in c.quote for c in ask("Kan et AS få etableringsfondet?").citations
    )


def test_it_asks_for_at_most_one_yes_or_no_and_says_who_decides(ask) -> None:
    text = ask("Kan et AS få etableringsfondet?").text
    assert "Hvor mange år er virksomheten? Er dere registrert i Frivillighetsregisteret?" in text
    assert text.endswith("Det er bare Fjord fylkeskommune som avgjør.")
    assert "Hvilken organisasjonsform" in ask("Kan vi få etableringsfondet?").text


def test_replies_in_later_turns_are_counted(ask) -> None:
    first = "Kan vi få etableringsfondet?"
    assert marks_of(ask(first, "vi er en stiftelse")) == ["✓", "?", "?", "?"]
    assert marks_of(ask(first, "vi er en stiftelse", "ja, det er vi")) == ["✓", "?", "✓", "?"]
    assert marks_of(ask(first, "vi er en stiftelse", "nei", "bedriften er to år gammel")) == ["✓", "?", "✗", "✓"]
    assert "et enkeltpersonforetak står ikke" in ask(first, "ja", "hva med et enkeltpersonforetak?").text.lower()


def test_a_yes_to_something_else_is_no_answer_to_us(ask) -> None:
    asked = ("Kan en stiftelse få etableringsfondet?", "Når er søknadsfristen for etableringsfondet?")
    assert not marks_of(ask(*asked, "ja"))


def test_a_condition_that_is_not_met_is_said_first(ask) -> None:
    result = ask("Vi er et AS som er seks år gammelt. Kan vi få etableringsfondet? Bedriften er seks år gammel.")
    assert "minst ett vilkår ikke oppfylt" in result.text.split("\n")[0]
    assert marks_of(result) == ["✓", "?", "?", "✗"]


def test_a_form_that_can_not_apply_is_told_so_and_asked_nothing(ask) -> None:
    result = ask("Kan en forening søke etableringsfondet?")
    assert result.text.startswith("En forening står ikke blant dem som kan søke.")
    assert "Si gjerne mer" not in result.text


def test_a_place_outside_the_scheme_is_named(ask) -> None:
    assert "Telemark" in ask("Kan en stiftelse i Larvik søke etableringsfondet?").text.split("\n")[0]
    assert "Telemark" not in ask("Kan en stiftelse i Skien søke etableringsfondet?").text


def test_the_sum_is_added_only_where_it_is_asked_for(ask) -> None:
    assert "200 000" in ask("Kan et AS få etableringsfondet, og hvor mye?").text
    assert "200 000" not in ask("Kan et AS få etableringsfondet?").text


def test_a_closed_scheme_says_so_first(ask) -> None:
    result = ask("Kan et AS få gammelfondet?")
    assert result.text.startswith("Gammelfondet er avviklet. [1]")
    assert marks_of(result)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Kan eit AS få etableringsfondet, eller kva?", "avklarast"),
        ("Can an association get the etableringsfondet?", "not among"),
    ],
)
def test_the_frame_is_in_the_language_of_the_question(ask, question: str, word: str) -> None:
    assert word in ask(question).text


@pytest.mark.parametrize(
    "question",
    ["Hvem kan søke etableringsfondet?", "Kan vi betale ut utbytte?", "Kan vi få utsatt frist for etableringsfondet?",
     "Kan en forening få gammelfondet og etableringsfondet?", "Kan et AS få aksjekapital?"],
)  # fmt: skip
def test_other_questions_are_answered_as_before(ask, question: str) -> None:
    assert not set(marks_of(ask(question))) & {"✓", "✗", "?"}


def test_a_scheme_that_we_do_not_know_is_not_assessed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    gather = assistant.answer.gather
    monkeypatch.setattr(
        assistant.answer, "gather", lambda *a, **k: replace(gather(*a, **k), sufficiency=Sufficiency.UNKNOWN)
    )
    assert answer(engine, ["Kan vi få etableringsfondet?"], TODAY).status is Status.NO_EVIDENCE


def test_every_mark_and_verdict_has_its_text() -> None:
    assert {f"mark_{mark}" for mark in Mark} <= set(load_texts("nb"))
