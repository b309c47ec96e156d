"""A sentence passes only when the words it cites say every figure, date, name and negation of it."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from mutations import MUTATIONS

from assistant.types import Draft, Passage
from assistant.verify import is_supported, quote_of, verify
from index.document import read_corpus
from index.load import Index
from index.statements import plain

MakeDraft = Callable[..., Draft]
ROOT = Path(__file__).parent
PARAPHRASES = [json.loads(line) for line in (ROOT / "data/paraphrases.jsonl").open(encoding="utf-8")]
# Honest sentences that verification takes for more than their quotes say; each is a price we know.
KNOWN_LOSSES = 7
SWAPPED = "Et aksjeselskap må ha 30 000 kroner og en stiftelse 100 000 kroner i kapital."
DATED = "I 2021 var støtten 30 000 kroner, og i 2024 var den 50 000 kroner."


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Støtten er 10 000 kroner.", "Støtten er 100 000 kroner."),
        ("Støtten er 100 000 kroner.", "Støtten er 10 000 kroner."),
        ("Støtten er 1 000 kroner.", "Støtten er 1 000 000 kroner."),
        ("Støtten er 2,5 prosent.", "Støtten er 25 prosent."),
        ("Støtten er 2 millioner kroner.", "Støtten er 2 milliarder kroner."),
        ("Støtten er 30 kroner.", "Støtten er 30 prosent."),
        ("Støtten er 30 prosent.", "Støtten er 30 kroner."),
        ("Søk innen 3 uker.", "Søk innen 3 måneder."),
        ("Søk innen 3 dager.", "Søk innen 3 virkedager."),
        ("Støtten varer i 2 år.", "Støtten varer i 2 måneder."),
        ("Støtten er 50 000 kroner.", "Støtten blir fastsatt hvert år."),
    ],
)
def test_another_amount_or_unit_is_not_supported(sentence: str, quote: str) -> None:
    assert not is_supported(sentence, quote)


@pytest.mark.parametrize(
    "written",
    ["30 000 kroner", "30\u00a0000 kroner", "30\u202f000 kroner", "30.000 kroner", "30000 kroner", "30 000 kr"],
)
def test_the_same_amount_written_another_way_is_supported(written: str) -> None:
    assert is_supported(f"Kapitalen er {written}.", "Kapitalen er minst 30 000 kroner.")
    assert is_supported("Kapitalen er 30 000 kroner.", f"Kapitalen er {written} eller mer.")


def test_percent_sign_is_the_word_for_it() -> None:
    assert is_supported("Egenandelen er 10 %.", "Søkeren betaler en egenandel på 10 prosent.")


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Ordningen gjelder 2021.", "Ordningen gjelder 2024."),
        ("Fristen er 1. mars.", "Fristen er 1. april."),
        ("Fristen er 1. mars.", "Fristen er 11. mars."),
        ("Fristen er 15. mai 2024.", "Fristen er 15. mai 2021."),
        ("Fristen er i mars.", "Fristen er ikke fastsatt."),
    ],
)
def test_another_year_month_or_day_is_not_supported(sentence: str, quote: str) -> None:
    assert not is_supported(sentence, quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Du kan søke.", "Du kan ikke søke."),
        ("Du kan ikke søke.", "Du kan søke."),
        ("Du kan søkje.", "Du kan ikkje søkje."),
        ("Foreninger kan søke.", "Bare foreninger kan søke."),
        ("Alle kan søke.", "Ingen kan søke."),
        ("Du får støtte med rapport.", "Du får støtte uten rapport."),
        ("You can apply.", "Du kan ikke søke."),
    ],
)
def test_a_lost_or_added_negation_is_not_supported(sentence: str, quote: str) -> None:
    assert not is_supported(sentence, quote)


@pytest.mark.parametrize("sentence", ["Du kan ikkje søkje.", "You can not apply.", "Søke kan du ikke."])
def test_the_same_negation_in_another_language_or_place_is_supported(sentence: str) -> None:
    assert is_supported(sentence, "Du kan ikke søke.")


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Det står i aksjeloven § 3-1.", "Det står i aksjeloven § 3-2."),
        ("Det står i aksjeloven § 3-1.", "Det står i aksjeloven § 3-10."),
        ("Det står i § 5 a.", "Det står i § 5."),
        ("Det står i § 3-1.", "Det gjelder for 3-1."),
    ],
)
def test_another_section_is_not_supported(sentence: str, quote: str) -> None:
    assert not is_supported(sentence, quote)


def test_the_same_section_written_without_a_space_is_supported() -> None:
    assert is_supported("Se aksjeloven §3-1.", "Kravet står i aksjeloven § 3-1.")


@pytest.mark.parametrize("sentence", ["Støtten kommer fra Røde Kors.", "Dere søker hos Fjord fylkeskommune i Bergen."])
def test_an_invented_proper_name_is_not_supported(sentence: str) -> None:
    assert not is_supported(sentence, "Støtten kommer fra Fjord fylkeskommune.")


def test_a_name_of_the_quote_is_supported() -> None:
    assert is_supported("Dere søker hos Fjord fylkeskommune.", "Støtten kommer fra Fjord fylkeskommune.")


def test_the_number_of_a_mark_is_no_figure() -> None:
    assert is_supported("Foreninger kan søke [7].", "Foreninger kan søke fylket.")


def test_source_marks_and_emphasis_of_the_quote_do_not_disturb() -> None:
    assert is_supported("Kapitalen er 30 000 kroner.", "Kapitalen er **30 000** kroner.[^lov-om-fond@2026]")


@pytest.fixture
def make_draft(built_index: Index) -> MakeDraft:
    """A draft that says `text` and cites the ingress of `doc_id`."""
    documents = {document.doc_id: document for document in built_index.catalog.documents}

    def make(text: str, doc_id: str = "guide/aksjekapital", is_item: bool = False) -> Draft:
        chunk = next(chunk for chunk in built_index.catalog.chunks if chunk.doc_id == doc_id)
        return Draft(text, Passage(1, documents[doc_id], chunk, 1.0), chunk.statements[0], is_item)

    return make


def test_verify_keeps_what_is_supported_and_counts_what_is_not(make_draft: MakeDraft) -> None:
    right = make_draft("Kapitalen er 30 000 kroner.")
    kept, removed = verify([right, make_draft("Kapitalen er 20 000 kroner."), make_draft("Kapitalen er 1 krone.")])
    assert (kept, removed) == ([right], 2)


def test_quote_is_the_words_of_the_document_as_they_stand(make_draft: MakeDraft) -> None:
    assert quote_of(make_draft("Noe annet.")) == "Et aksjeselskap må ha minst 30 000 kroner i aksjekapital."
    assert quote_of(Draft("Kravene er:")) == ""


def test_a_line_that_opens_a_list_stays_above_its_list(make_draft: MakeDraft) -> None:
    lines = [Draft("Kravene er:"), make_draft("Kapitalen er 30 000 kroner.", is_item=True)]
    assert verify(lines) == (lines, 0)


def test_a_line_that_opens_a_list_goes_with_the_last_of_its_items(make_draft: MakeDraft) -> None:
    lines = [Draft("Kravene er:"), make_draft("Kapitalen er 20 000 kroner.", is_item=True)]
    assert verify(lines) == ([], 2)


def test_a_line_that_opens_a_list_goes_where_running_text_follows(make_draft: MakeDraft) -> None:
    sentence = make_draft("Kapitalen er 30 000 kroner.")
    assert verify([Draft("Kravene er:"), sentence]) == ([sentence], 1)


def test_a_sentence_that_cites_nothing_is_taken_out(make_draft: MakeDraft) -> None:
    sentence = make_draft("Kapitalen er 30 000 kroner.")
    assert verify([sentence, Draft("Dere får 900 000 kroner.")]) == ([sentence], 1)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Støtten er 10 000.", "Støtten er 10 000 euro."),
        ("Støtten er 10 000 euro.", "Støtten er 10 000."),
        ("Støtten øker 5 prosent.", "Støtten øker 5 prosentpoeng."),
        ("Støtten gjelder 5 år.", "Støtten gjelder 5 prosent."),
        ("Støtten er 5 000 kroner per år.", "Støtten er 5 000 kroner per måned."),
        ("Støtten er 5 000 kroner.", "Støtten er 5 000 kroner per måned."),
        ("Dere må ha 3 ansatte.", "Dere må ha 3 styremedlemmer."),
        ("Støtten varer i tre år.", "Støtten varer i to år."),
        ("You get NOK 300,000.", "Dere får 30 000 kroner."),
        ("You get 2.5 per cent.", "Dere får 25 prosent."),
    ],
)
def test_a_figure_of_another_thing_is_not_supported(sentence: str, quote: str) -> None:
    assert not is_supported(sentence, quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Støtten er 2 500 000 kroner.", "Støtten er 2,5 millioner kroner."),
        ("Støtten varer i 2 år.", "Støtten varer i to år."),
        ("Støtten varer i ett år.", "Støtten varer i 1 år."),
        ("Støtten er mellom 10 og 15 prosent.", "Støtten er fra 10 til 15 prosent."),
        ("You get NOK 30,000.", "Dere får 30 000 kroner."),
        ("You get 2.5 per cent.", "Dere får 2,5 prosent."),
        ("Støtta varer i to veker.", "Støtten varer i 2 uker."),
    ],
)
def test_the_same_figure_in_other_words_is_supported(sentence: str, quote: str) -> None:
    assert is_supported(sentence, quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Fristen er 15. mars 2021.", "Fristen er 15. januar 2021."),
        ("Fristen er 15. januar 2024.", "Fristen er 15. januar 2021."),
        ("Fristen er 15. mars 2021.", "Fristen er 15. januar 2021 og 1. mars 2024."),
        ("Fristen er 1. januar 2024.", "Fristen er 1. januar 2021 og 1. mars 2024."),
        ("Ordningen gjelder til 2021.", "Ordningen gjelder fra 2021."),
        ("Søk før 1. mars.", "Søk etter 1. mars."),
        ("Apply by 15 March 2021.", "Søk innen 15. januar 2021."),
    ],
)
def test_a_date_is_one_thing(sentence: str, quote: str) -> None:
    assert not is_supported(sentence, quote)


@pytest.mark.parametrize(
    "sentence",
    ["Fristen er 15. januar 2021.", "Fristen er 15.1.2021.", "Fristen er 2021-01-15.", "Fristen er 15. januar."],
)
def test_the_same_date_written_another_way_is_supported(sentence: str) -> None:
    assert is_supported(sentence, "Fristen for å søke er 15. januar 2021.")


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Dere må ha høyst 3 ansatte.", "Dere må ha minst 3 ansatte."),
        ("Dere må ha minst 3 ansatte.", "Dere må ha høyst 3 ansatte."),
        ("Dere må ha minst 3 ansatte.", "Dere må ha 3 ansatte."),
        ("Støtten er 50 000 kroner.", "Støtten er inntil 50 000 kroner."),
        ("Støtten er over 50 000 kroner.", "Støtten er under 50 000 kroner."),
        ("Kontrollen skjer høyst hver tredje måned.", "Kontrollen skjer minst hver tredje måned."),
        ("You get at least NOK 50,000.", "Dere får inntil 50 000 kroner."),
    ],
)
def test_another_limit_is_not_supported(sentence: str, quote: str) -> None:
    assert not is_supported(sentence, quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Alle må søke.", "Alle kan søke."),
        ("Alle kan søke.", "Noen kan søke."),
        ("Foreninger kan levere regnskap.", "Foreninger må levere regnskap."),
        ("Foreninger må levere regnskap.", "Foreninger bør levere regnskap."),
        ("Foreninger får tilskudd.", "Foreninger kan få tilskudd."),
        ("Foreninger må ha en plan, og lag må ha et budsjett.", "Foreninger må ha en plan, og lag kan ha et budsjett."),
        ("Foreninger får tilskudd.", "Foreninger får tilskudd hvis de har en plan."),
        ("Kommuner får tilskudd.", "Kommuner får tilskudd, med mindre staten betaler."),
        ("Associations must apply.", "Foreninger kan søke."),
    ],
)
def test_another_strength_or_a_lost_condition_is_not_supported(sentence: str, quote: str) -> None:
    assert not is_supported(sentence, quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Du kan søke hvis du ikke har en plan.", "Du kan ikke søke hvis du ikke har en plan."),
        ("Foreninger kan ikke søke, men kommuner kan.", "Foreninger kan søke, men kommuner kan ikke."),
        ("It covers debt.", "Fondet dekker ikke gjeld."),
    ],
)
def test_a_negation_belongs_to_its_words(sentence: str, quote: str) -> None:
    assert not is_supported(sentence, quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Et aksjeselskap må ha 100 000 kroner.", SWAPPED),
        ("En stiftelse må ha 30 000 kroner.", SWAPPED),
        ("Et aksjeselskap må ha 100 000 kroner og en stiftelse 30 000 kroner i kapital.", SWAPPED),
        ("I 2024 var støtten 30 000 kroner.", DATED),
        ("Aksjeloven § 14 gjelder.", "Aksjeloven § 3-1 og stiftelsesloven § 14 gjelder."),
    ],
)
def test_a_value_of_another_holder_is_not_supported(sentence: str, quote: str) -> None:
    assert not is_supported(sentence, quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Et aksjeselskap må ha 30 000 kroner.", SWAPPED),
        ("En stiftelse må ha 100 000 kroner i kapital.", SWAPPED),
        ("I 2024 var støtten 50 000 kroner.", DATED),
        ("Stiftelsesloven § 14 gjelder.", "Aksjeloven § 3-1 og stiftelsesloven § 14 gjelder."),
    ],
)
def test_a_value_with_its_own_holder_is_supported(sentence: str, quote: str) -> None:
    assert is_supported(sentence, quote)


@pytest.mark.parametrize(
    "sentence",
    [
        "Husbanken gir støtte.",
        "Kavlifondet gir støtte.",
        "NAV gir støtte.",
        "IMDi gir støtte.",
        "Røde Kors gir støtte.",
        "Aksjeloven gir støtte.",
        "Støtten kommer fra husbanken.",
        "Stiftelsen gir støtte.",
        "Bufdir gir støtte til barn.",
    ],
)
def test_another_giver_or_receiver_is_not_supported(sentence: str) -> None:
    assert not is_supported(sentence, "Bufdir gir støtte til foreninger.")


@pytest.mark.parametrize("address", ["www.annet.no", "https://annet.no/x", "post@annet.no", "annet.no"])
def test_an_address_that_the_quote_lacks_is_not_supported(address: str) -> None:
    assert not is_supported(f"Søk på {address}.", "Søk på altinn.no.")
    assert is_supported(f"Dere må søke på {address}.", f"Søk på {address}.")


def test_honest_paraphrases_are_kept_but_for_the_losses_we_know() -> None:
    lost = [row["sentence"] for row in PARAPHRASES if not is_supported(row["sentence"], row["quote"])]
    assert len(PARAPHRASES) == 84
    assert len(lost) <= KNOWN_LOSSES, lost


@pytest.fixture(scope="module")
def quotes() -> list[str]:
    """Every statement of the guide, as it stands."""
    documents = read_corpus(ROOT.parent / "corpus").documents
    return [document.text[s.start : s.end] for document in documents for s in document.statements()]


def test_no_statement_of_the_guide_fails_itself(quotes: list[str]) -> None:
    """Also where it isn't letter by letter the same: every rule holds for a sentence and itself."""
    assert [quote for quote in quotes if not is_supported(plain(quote), quote)] == []
    assert [quote for quote in quotes if not is_supported(f"{plain(quote).rstrip('.')} .", quote)] == []


def test_hardly_any_statement_of_the_guide_can_be_made_wrong_unseen(quotes: list[str]) -> None:
    """Of some thousand changed sentences fewer than one in a thousand pass (2 of 13 000 when all are tried)."""
    rng = random.Random(20261129)
    tried, passed = 0, []
    for quote in rng.sample([plain(quote) for quote in quotes], 2000):
        for kind, mutate in MUTATIONS.items():
            changed = mutate(quote, rng)
            if changed and changed != quote:
                tried += 1
                passed += [(kind, changed)] if is_supported(changed, quote) else []
    assert tried > 2000
    assert len(passed) <= tried / 1000, passed
