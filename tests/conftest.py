"""A tiny guide of near-identical sentences, an embedder that is arithmetic, and an index built from both."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser
from servers import can_run_postgres, running_postgres

from assistant import retrieve
from eval.browser import running_browser
from index.build import build_index
from index.catalog import Catalog
from index.chunk import split_document
from index.document import read_corpus
from index.embed import Tokens, Vectors, normalise
from index.load import Index, open_index

SOURCES = """\
lov-om-fond:
  utgiver: Lovdata
  tittel: Lov om fond
  url: https://example.org/lov
  publisert: 1. januar 2026
  hentet: '2026-02-01'
  lisens: NLOD 2.0
  gjelder: 2026..
fylket-frister:
  utgiver: Fjord fylkeskommune
  tittel: Frister for tilskudd
  url: https://example.org/fylket
  publisert: 2026
  hentet: '2026-02-01'
  lisens: opphavsrett hos utgiver; bare fakta er brukt
  gjelder: 2026
kommunen-frister:
  utgiver: Ås kommune
  tittel: Fristar for tilskot
  publisert: udatert brosjyre
  hentet: 2026-02-01
  lisens: opphavsrett hos utgiver; bare fakta er brukt
"""

TERMS = """\
- begrep: aksjekapital
  forkortelser: []
  hverdagsord: [startkapital, penger på konto for å starte firma]
  nynorsk: [pengar i selskapet]
  engelsk: [share capital]
- begrep: aksjeselskap
  forkortelser: [AS]
  hverdagsord: [firma]
"""

_HEAD = """\
---
tittel: {title}
ingress: "{ingress}"
spørsmål:
  - {question}
stikkord: [{keywords}]
målgruppe: [gründer]
fase: [oppstart]
sted: [Norge]
gjelder: {{fra: 2026-01-01, til: null}}
sist_kontrollert: 2026-02-01
kontrolleres_igjen: 2027-02-01
{card}---

"""

CARD = """\
kort:
  forvalter:
    - verdi: "Fjord fylkeskommune forvalter etableringsfondet."
      kilde: [fylket-frister]
  hjemmel:
    - verdi: "Etableringsfondet står i fondsloven § 2."
      kilde: [lov-om-fond]
  status:
    - verdi: "Etableringsfondet er åpent i 2026."
      status: åpen
      kilde: [fylket-frister]
  hvem_kan_søke:
    - verdi: "Aksjeselskap og stiftelser kan søke etableringsfondet."
      former: [aksjeselskap, stiftelse]
      kilde: [lov-om-fond]
  krav:
    - verdi: "Etableringsfondet krever en skriftlig plan."
      kilde: [lov-om-fond]
    - verdi: "Etableringsfondet krever et regnskap."
      kilde: [lov-om-fond]
  beløp:
    - verdi: "Etableringsfondet gir inntil 200 000 kroner."
      kroner: 200000
      kilde: [fylket-frister@2026]
  frister:
    - verdi: "Søknadsfristen for etableringsfondet er 15. mai 2026."
      dato: 2026-05-15
      kilde: [fylket-frister@2026]
  søknad:
    - verdi: "Søknaden til etableringsfondet sendes til Fjord fylkeskommune."
      kilde: [fylket-frister]
  rapportering:
    - verdi: "Den som får penger fra etableringsfondet, leverer rapport innen ett år."
      kilde: [lov-om-fond]
  varighet:
    - verdi: "Støtten fra etableringsfondet varer i ett år."
      kilde: [lov-om-fond]
  egenandel:
    - verdi: "Etableringsfondet krever at søkeren betaler 10 prosent selv."
      kilde: [lov-om-fond]
  kombinasjon:
    - verdi: "Ikke kjent"
      kilde: [ubekreftet]
  dekker_ikke:
    - verdi: "Etableringsfondet dekker ikke gjeld."
      kilde: [lov-om-fond]
"""


def make_text(
    title: str = "Prøve",
    ingress: str = "Dette er en prøve.[^lov-om-fond]",
    question: str = "Hva er dette?",
    keywords: str = "prøve",
    body: str = "## Innhold\n\nHer står innholdet.[^lov-om-fond]\n",
    card: str = "",
) -> str:
    """One document as the editor would write it."""
    return _HEAD.format(title=title, ingress=ingress, question=question, keywords=keywords, card=card) + body


FILES = {
    "kilder.yaml": SOURCES,
    "begreper.yaml": TERMS,
    "guide/aksjekapital.md": make_text(
        title="Aksjekapital",
        ingress="Et aksjeselskap må ha minst 30 000 kroner i aksjekapital.[^lov-om-fond]",
        question="Hvor mye aksjekapital må vi ha?",
        keywords="aksjekapital, innskudd",
        body=(
            "## Hva er aksjekapital?\n\n"
            "Aksjekapital er pengene eierne skyter inn i selskapet.[^lov-om-fond] "
            "Pengene kan brukes i driften.[^ubekreftet]\n\n"
            "## Når må pengene være på konto?\n\n"
            "1. Åpne en konto i selskapets navn.[^råd]\n"
            "2. Sett inn aksjekapitalen før selskapet registreres.[^lov-om-fond]\n\n"
            "Les også om [tilskudd fra fylket](tilskudd-fra-fylket.md).[^råd]\n"
        ),
    ),
    "guide/tilskudd-fra-fylket.md": make_text(
        title="Tilskudd fra fylket",
        ingress="Søknadsfristen for tilskuddet fra fylkeskommunen er 1. mars.[^fylket-frister]",
        question="Når er fristen hos fylket?",
        keywords="frist, fylkeskommune",
        body=(
            "## Hvem kan søke?\n\n"
            "Foreninger kan søke fylkeskommunen om tilskudd.[^fylket-frister]\n\n"
            "## Hvor mye kan vi få?\n\n"
            "Tilskuddet fra fylkeskommunen er inntil 50 000 kroner.[^fylket-frister]\n"
        ),
    ),
    "guide/tilskot-fra-kommunen.md": make_text(
        title="Tilskot frå kommunen",
        ingress="Søknadsfristen for tilskotet frå kommunen er 1. april.[^kommunen-frister@2026]",
        question="Når er fristen hjå kommunen?",
        keywords="frist, kommune",
        body=(
            "## Kven kan søkje?\n\n"
            "Lag kan søkje kommunen om tilskot.[^kommunen-frister@udatert]\n\n"
            "## Kor mykje kan vi få?\n\n"
            "Tilskotet frå kommunen er inntil 20 000 kroner.[^kommunen-frister@2026]\n"
        ),
    ),
    "ordninger/etableringsfondet.md": make_text(
        title="Etableringsfondet",
        ingress="Etableringsfondet gir støtte til nye virksomheter.[^lov-om-fond]",
        question="Hvem kan søke etableringsfondet?",
        keywords="fond, etablering",
        card=CARD,
        body=(
            "## Slik behandles søknaden\n\n"
            "Fjord fylkeskommune svarer på søknaden innen 8 uker.[^fylket-frister]\n\n"
            "### Klage\n\n"
            "Du kan klage på et avslag fra etableringsfondet.[^lov-om-fond]\n"
        ),
    ),
    "historier/kafe-over-asen.md": make_text(
        title="Kafé Over Åsen",
        ingress="Kafé Over Åsen ansetter ungdom som har falt ut av skolen.[^ubekreftet]",
        question="Hvem har startet kafé?",
        keywords="kafé, ungdom",
        body="## Problemet\n\nMange unge i Ås mangler en første jobb.[^kommunen-frister@2026]\n",
    ),
    "maler/soknad-om-tilskudd.md": make_text(
        title="Søknad om tilskudd",
        ingress="Malen hjelper dere å skrive en søknad.[^råd]",
        question="Har dere en mal for søknad?",
        keywords="mal, søknad",
        body=(
            "## Slik bruker du malen\n\nKopier teksten og fyll inn.[^råd]\n\n"
            "## Mal\n\nTil [fyll inn mottaker]. Vi søker om 40 000 kroner.\n"
        ),
    ),
    "aktorer/as-nav-kontor.md": make_text(
        title="Ås Nav-kontor",
        ingress="Ås Nav-kontor gir råd til gründere.[^kommunen-frister@2026]",
        question="Hvem kan vi spørre i Ås?",
        keywords="nav, veiledning",
        body="## Hva de kan hjelpe med\n\nÅs Nav-kontor veileder om arbeidstrening.[^kommunen-frister@2026]\n",
    ),
    "sporsmal/ordninger/etableringsfondet.md": (
        "# Etableringsfondet: slik spør folk\n\n"
        "## beløp\n- Hvor mye penger gir etableringsfondet?\n\n"
        "## frister\n- Når må vi ha sendt papirene til etableringsfondet?\n"
        "> Søknadsfristen for etableringsfondet\n- Når er søknadsfristen for etableringsfondet?\n"
    ),
}


class WordSumEmbedder:
    """Each word counts once in the bucket that the sum of its code points falls in; `seen` is every text embedded."""

    buckets = 64

    def __init__(self, name: str = "ordsum", fingerprint: str = "ordsum-1") -> None:
        self.name, self.fingerprint = name, fingerprint
        self.seen: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return self._encode(texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def encode_tokens(self, texts: Sequence[str]) -> Tokens:
        rows = [text.lower().split() or [""] for text in texts]
        vectors = self._encode([word for row in rows for word in row])
        starts = np.cumsum([0, *map(len, rows)])[:-1]
        return Tokens(vectors, np.arange(len(vectors)), np.ones(len(vectors), np.float32), starts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.buckets), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in text.lower().split():
                row[sum(map(ord, word)) % self.buckets] += 1
        return normalise(vectors)


def catalog_of(folder: Path) -> Catalog:
    """The texts of a corpus as an index version has them, without building one."""
    corpus = read_corpus(folder)
    chunks = tuple(chunk for document in corpus.documents for chunk in split_document(document))
    return Catalog(corpus.documents, chunks, corpus.sources, corpus.terms, ())


@cache
def read_guide() -> Catalog:
    """The real guide, read once for all tests that look into it."""
    return catalog_of(Path(__file__).parent.parent / "corpus")


def pytest_configure(config: pytest.Config) -> None:
    """A warning that our own code causes is an error."""
    config.addinivalue_line("filterwarnings", r"error:::(index|assistant|eval)\.")


@pytest.fixture(autouse=True, scope="session")
def _steady_weights() -> Iterator[None]:
    """Weights of the tests' own: what is learned anew on the guide's questions changes no test of the tiny guide."""
    shipped, retrieve.LEARNED = retrieve.LEARNED, Path(__file__).parent / "data" / "learned.json"
    retrieve.read_learned.cache_clear()
    yield
    retrieve.LEARNED = shipped
    retrieve.read_learned.cache_clear()


@pytest.fixture
def write() -> Callable[[Path, str], Path]:
    """Writes a text as UTF-8, folders and all, and gives the path back."""

    def write_file(path: Path, text: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


@pytest.fixture
def document_text() -> Callable[..., str]:
    """`make_text`: a whole document with the named parts replaced."""
    return make_text


def write_corpus(folder: Path) -> Path:
    """`FILES` as a folder."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def corpus_dir(tmp_path: Path) -> Path:
    """A folder with seven documents, one of every kind and two more, three sources and two terms; nothing is wrong."""
    return write_corpus(tmp_path / "corpus")


@pytest.fixture
def embedder() -> WordSumEmbedder:
    return WordSumEmbedder()


@pytest.fixture
def index_home(tmp_path: Path) -> Path:
    """Where versions go; nothing is built yet."""
    return tmp_path / "index"


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny guide, built once; only to be copied."""
    folder = tmp_path_factory.mktemp("built")
    build_index(read_corpus(write_corpus(folder / "corpus")), folder / "index", WordSumEmbedder())
    return folder / "index"


@pytest.fixture
def built_index(corpus_dir: Path, index_home: Path, built_home: Path, embedder: WordSumEmbedder) -> Iterator[Index]:
    """The tiny guide of `corpus_dir`, built under `index_home` and opened."""
    shutil.copytree(built_home, index_home)
    index = open_index(index_home, embedder)
    yield index
    index.store.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium for the tests of one file; each test opens a page that nobody has been on."""
    with running_browser() as browser:
        yield browser


@pytest.fixture
def postgres() -> Iterator[str]:
    """The URL of an empty PostgreSQL of our own."""
    if not can_run_postgres():
        pytest.skip("PostgreSQL or psycopg is not installed")
    with running_postgres() as url:
        yield url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many attacks were tried, where the attack tests ran."""
    import attacks

    if attacks.tried:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(attacks.tried.items()))
        terminalreporter.write_line(f"attack cases tried: {sum(attacks.tried.values())} ({kinds})")
