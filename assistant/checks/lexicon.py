"""Words that verification treats as equal across bokmål, nynorsk and English, and words with a part to play."""

import re
from functools import lru_cache

from index.analyse import stem

# Canonical word (bokmål), then what means the same. Only words that a sentence about the guide's field turns on.
_SAME_TEXT = """
søke: søkje søker søkjer apply applies applied applying
søknad: søknader application applications søknaden
søker: søkjar søkjaren applicant applicants
tilskudd: tilskot tilskotet tilskudds grant grants subsidy subsidies
støtte: stønad stønaden støtta støtter support supports funding
ordning: ordninga ordningar scheme schemes
penger: pengar pengane money midler midlar funds
virksomhet: verksemd verksemda verksemder enterprise enterprises business businesses
bedrift: bedrifta bedrifter firma
aksjeselskap: aksjeselskaper aksjeselskapet aksjeselskapa company companies
forening: foreining foreininga foreiningar association associations
stiftelse: stifting stiftinga stiftingar foundation foundations
samvirkeforetak: samvirkeføretak samvirke cooperative cooperatives
enkeltpersonforetak: enkeltpersonføretak proprietorship proprietorships
kommune: kommunar kommunen municipality municipalities municipal kommunale
fylkeskommune: fylkeskommunar fylket county counties
stat: staten state government statlige statlege
departement: ministry
organisasjon: organisasjonar organisation organisations organization organizations
lag: laga laget
styre: board styret
styremedlem: styremedlemer
medlem: medlemer medlemmer member members
årsmøte: årsmøtet assembly
vedtekter: vedtektene articles bylaws statutes
regnskap: rekneskap rekneskapen regnskapet accounts
revisor: revisoren auditor auditors
budsjett: budget budgets
rapport: report reports rapporten
rapportere: reporting rapporterer
plan: plans plans
skriftlig: skriftleg written writing
kapital: capital
aksje: share shares
egenandel: eigendel eigendelen
aksjekapital: share-capital
skatt: tax taxes
mva: moms meirverdiavgift merverdiavgift vat
avgift: fee fees gebyr
frist: deadline deadlines fristen søknadsfrist søknadsfristen
krav: krava kravet requirement requirements vilkår vilkåra condition conditions
innskudd: innskot
ansatt: tilsett tilsette ansatte employee employees
ansette: tilsetje employ employs hire hires
arbeid: work arbeidet
arbeidsgiver: arbeidsgjevar arbeidsgjevaren employer employers
deltaker: deltakar deltakaren deltakarane participant participants
eier: eigar eigarar eigarane owner owners
lån: loan loans
gjeld: debt debts
betale: betaler betalar pays pay paid
utbetale: utbetalt utbetales
motta: mottek mottar receives receive received
registrere: registrert registrerer registered register registers registering
register: registeret
sende: send sends sent sendast sendes sender
levere: leverer leverast submit submitted submits delivered deliver
svare: svar svarar svarer reply replies answer answers respond responds
dekke: dekkjer dekkje dekker dekkes cover covers covered
gi: gir gjev gjeve gis gives give given gave
kreve: krev krever kreves krevst require requires required
vare: varer lasts last
gjelde: gjeld gjelder applies
avtale: avtalar agreement agreements contract contracts kontrakt
prosjekt: project projects
anskaffelse: anskaffing anskaffingar procurement procurements
oppstart: startup start-up
ny: nye nytt new
sosial: sosiale social
entreprenør: entreprenørar entreprenører entrepreneur entrepreneurs
entreprenørskap: entrepreneurship
drive: driv driver runs run operate operates
ledig: vacant
frivillig: frivillige voluntary volunteer volunteers
klage: klagar appeal appeals complain complaint
avslag: rejection refusal
vedtak: decision decisions
år: year years året åra
uke: uker uka ukene veke veker week weeks
måned: måneder måneden månad månader month months
dag: dager dagen day days dagar
time: timer timen timar hour hours
eie: eier eig eige owns own
spørre: spørje spør ask asks
lov: law act loven lova
forskrift: regulation regulations
gratis: free
åpen: open ope opent opne åpent åpne
stengt: closed
ungdom: youth
unge: young
barn: children child
skole: skule school skolen
jobb: job jobs
opplæring: training
kurs: course courses
mål: goal goals
effekt: effect effects impact
resultat: result results
samfunn: samfunnet society
problem: problems problemet
kunde: kundar customer customers
marked: marknad market
pris: price prices
inntekt: inntekter income revenue
overskudd: overskot profit profits surplus
utbytte: dividend dividends
rente: interest
lønn: løn wage wages salary pay
utgift: utgifter expense expenses kostnad kostnader kostnadar cost costs
del: part share
halvpart: halvparten half
side: page
plass: place places
regel: rule rules
verdi: value
starte: start starts started
sats: rate rates
kjent: kjende known
stifte: stiftet stifta founded
endring: change changes
fylle: fill fills
skjema: form
nettside: website
leder: leiar leiaren leader chair
daglig: dagleg
ansvar: responsibility liability
offentlig: offentleg public
privat: private
ideell: non-profit nonprofit
fra: frå from
hvem: kven who
hva: kva what
først: fyrst first
første: fyrste
næring: nærings
årlig: årleg yearly annual annually
tiltak: measure measures
person: people persons folk personar
forvalte: forvaltar administers administer administered manages
vurdere: vurderer assess assesses assessed
godkjenne: godkjend godkjent approve approved approves
innkjøp: purchase purchases
kontor: office
veilede: rettleier rettleie veileder guidance advise advises
råd: advice
"""
# What an answer may use to join or open what it says, without that it stands in the quote.
_GLUE_TEXT = """
jeg eg vi me du de dere deres dykk dykkar han hun ho den det dei dem denne dette disse desse seg sin sitt sine hans si
vår vårt våre min mitt mine you your we our they their it its this that these those he she his her i
en ei et ein eit én a an the og eller samt både men så da når hva hvem hvor hvordan som at å om for til av på i med ved
fra under over mellom etter før hos mot ut inn opp ned også òg dessuten derfor altså dermed i and or both but so then
when what who where how which that as at on in of to for by with from about into also therefore thus than per each
er var være vere vært blir bli ble vert verte ha har hadde få får fikk fekk kan kunne må skal skulle vil ville bør burde
is are was were be been being become becomes have has had get gets got can could must shall will would may might should
do does did there here not no only need needs
gi gir gå går gjøre gjør gjere gjer ta tar tek komme kommer kjem stå står si sier seier finne finnes finn finst
trenge trenger treng bruke bruker brukar brukes use uses used
hente levere få støtte ordning tilskudd penger søker beløp sum krav frist gjelde kreve motta
virksomhet organisasjon bedrift tiltak selskap selskapet prosjekt
dere selv sjølv egen eget egne eigen eige own
slik slike ja nei yes dersom hvis if while mens mens fordi because
mulig mogleg mulighet rett possible able eligible entitled right allowed necessary nødvendig required
her nå no now der there noe noko noen nokon some any something someone
hele heile all alle hver kvar hvert kvart every each take takes part make makes
stk cirka ca about around
betyr tyder innebærer inneber means mean
gang ganger
person part amount amounts sum limit grense size høy high stor large
mindre enn meir mer more less at least most up out maximum minimum about
minst høyst høgst maks maksimalt maksimum inntil opptil innen innan senest seinast tidligst tidlegast siden
sidan omtrent rundt within until till since after before above below between
last se sjå see les read
"""
# Words that may not be exchanged for another, and so must stand in the quote: forms of organisation, and opposites.
_FIXED_TEXT = """
aksjeselskap forening stiftelse samvirkeforetak enkeltpersonforetak kommune fylkeskommune stat departement lag
styre årsmøte revisor medlem ansatt deltaker eier arbeidsgiver ungdom barn
åpen stengt lukket lovlig ulovlig forbudt tillatt gratis frivillig obligatorisk skattefri skattepliktig fritatt unntatt
offentlig privat ideell økt økning redusert reduksjon mer mindre flere færre større høyere lavere skriftlig muntlig
tidligere senere første andre tredje fjerde femte siste ny gammel lån overskudd underskudd inntekt utgift innenfor
prosent prosentpoeng kroner euro år måned uke dag time halvår kvartal
utenfor månedlig årlig ukentlig daglig øke redusere
"""
_IMPERATIVE_TEXT = """
søk send be les sjekk skriv bruk lag ta finn velg meld registrer fyll snakk vis sett start begynn regn husk legg
kontakt spør gi hold avtal dokumenter lever betal se ha vær bestem følg gjør ring test mål bygg tenk
"""
# Nynorsk parts of compounds: "næringsverksemd" is "næringsvirksomhet".
_NYNORSK_PARTS = (
    ("verksemd", "virksomhet"), ("rekneskap", "regnskap"), ("tilskot", "tilskudd"), ("gjevar", "giver"),
    ("føretak", "foretak"), ("innskot", "innskudd"), ("overskot", "overskudd"), ("foreining", "forening"),
    ("stifting", "stiftelse"), ("tilsett", "ansatt"), ("heim", "hjem"), ("bustad", "bolig"), ("kjelde", "kilde"),
    ("oppnåing", "oppnåelse"), ("løyve", "tillatelse"), ("skule", "skole"), ("utbyte", "utbytte"),
)  # fmt: skip


def _read_same() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _SAME_TEXT.strip().splitlines():
        head, _, others = line.partition(":")
        for word in (head, *others.split()):
            found.setdefault(word, stem(head))
    return found


_SAME = _read_same()
_SAME_STEMS = {stem(word): head for word, head in reversed(_SAME.items())}


@lru_cache(maxsize=50_000)
def canonical(word: str) -> str:
    """The stem that a lower-cased word shares with its equals in the three languages; the name of a law stays whole."""
    if len(word) > 5 and word.endswith(("loven", "lova")):
        return f"{word[:-1]}en" if word.endswith("a") else word
    for nynorsk, part in _NYNORSK_PARTS:
        word = word.replace(nynorsk, part)
    stemmed = stem(word)
    return _SAME.get(word) or _SAME_STEMS.get(stemmed) or _SAME.get(stemmed) or stemmed


GLUE = frozenset(canonical(word) for word in _GLUE_TEXT.split()) | frozenset(_GLUE_TEXT.split())
FIXED = frozenset(canonical(word) for word in _FIXED_TEXT.split())
IMPERATIVES = frozenset(_IMPERATIVE_TEXT.split())
_KNOWN = frozenset(_SAME) | frozenset(_SAME_STEMS) | GLUE

_ENGLISH = re.compile(
    r"\b(?:the|of|and|is|are|was|be|must|may|can|you|your|have|has|an|by|with|not|which|who|from|apply|applies|least"
    r"|this|that|they|their|cannot|will|should|if|or|as|on|than|it|only|up|a|in|year|years)\b",
    re.I,
)
_NORWEGIAN = re.compile(
    r"\b(?:og|er|på|av|som|det|du|dere|de|dykk|må|skal|kan|ikke|ikkje|til|med|en|et|ein|eit|ei|den|fra|frå|ved|eller|om"
    r"|seg|blir|har|etter|hos|hjå|kroner|søke|søkje|bør|vi|å)\b",
    re.I,
)


@lru_cache(maxsize=10_000)
def is_english(text: str) -> bool:
    """Whether more of its small words are English than Norwegian."""
    return len(_ENGLISH.findall(text)) > len(_NORWEGIAN.findall(text))


def is_known(word: str) -> bool:
    """Whether a lower-cased word is ordinary here, so that its capital at the start of a sentence makes no name."""
    return word in _KNOWN or canonical(word) in _KNOWN
