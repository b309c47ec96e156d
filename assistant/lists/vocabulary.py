"""How people name what a list can be narrowed to: forms of organisation, places, themes, phases; patterns of words.

The patterns are matched against lower-cased words with single spaces between them (`asking.Rest`).
"""

EVERYWHERE = "Norge"
# The municipalities of the guide's two counties: what holds for the county holds there too.
COUNTIES = {
    "Vestfold": ("Færder", "Holmestrand", "Horten", "Larvik", "Sandefjord", "Tønsberg"),
    "Telemark": (
        "Bamble", "Drangedal", "Fyresdal", "Hjartdal", "Kragerø", "Kviteseid", "Midt-Telemark", "Nissedal", "Nome",
        "Notodden", "Porsgrunn", "Seljord", "Siljan", "Skien", "Tinn", "Tokke", "Vinje",
    ),
}  # fmt: skip

ABROAD = ("Danmark", "Sverige")  # places of documents that no part of Norway is in

# The forms of a card by what people call them. One name may stand for several forms.
FORMS = {
    ("aksjeselskap",): r"(?:ideel(?:t|le) )?(?:aksjeselskap(?:et|a|er|ene)?|as)|limited compan(?:y|ies)",
    ("forening",): (
        r"\w*(?:forening|foreining)(?:en|er|ene|a|ar|ane)?|\w*klubb(?:en|er|ar)?|\w*korps(?:et)?"
        r"|(?:idretts|bygde|ungdoms|sanitets|bonde|historie|sogne?|song|sang|skytter|skyttar|helse|grende|lokal)?"
        r"lag(?:et|a|ene|i)?|(?:frivillige?|friviljuge?|ideelle?) (?:organisasjon(?:er|ar|en)?|lag)"
        r"|organisasjon(?:er|ar|en|a)?|associations?|clubs?|charit(?:y|ies)|ngos?"
        r"|(?:(?:voluntary|volunteer|non profit|nonprofit) )?organi[sz]ations?"
    ),
    ("stiftelse",): r"stiftelse(?:r|n|ne)?|stifting(?:a|ar|en|ane)?|foundations?",
    ("samvirkeforetak",): r"samvirke(?:t|f\w+)?|kooperativ(?:et)?|cooperatives?|co op",
    ("enkeltpersonforetak",): r"enkeltpersonf\w+|enkeltmannsf\w+|enk|sole (?:proprietor\w*|traders?)",
    ("ansvarlig selskap",): r"ansvarl[ie]ge?t? selskap|ans|general partnerships?",
    ("kommune",): r"kommune(?:r|n|ne|ar|ane)?|municipalit(?:y|ies)",
    ("arbeidsgiver",): r"arbeidsgi(?:v|vd)er(?:e|en|ne)?|arbeidsgjevar(?:ar|en|ane)?|employers?",
    ("privatperson",): r"privatperson(?:er|ar)?|enkeltperson(?:er|ar)?|private (?:persons?|individuals?)|individuals?",
    ("aksjeselskap", "enkeltpersonforetak", "samvirkeforetak", "ansvarlig selskap"): (
        r"\w*bedrift(?:er|en|a|ar|ene)?|firma(?:et|er)?|selskap(?:et|er)?|business(?:es)?|compan(?:y|ies)"
    ),
}

# What a scheme, a story or a template is about: what people say, and what stands in its title, keywords or short
# answer. Strict on purpose: a theme that is not here is looked for word by word.
THEMES = {
    "barn og unge": (
        r"(?:barn|born|ungar)\w{0,3} (?:og|and|eller) (?:unge|unges|ungdom\w*)|ungdom\w{0,4}|ungdommar\w*|unge"
        r"|barn\w{0,2}|children(?: and (?:youth|young people|adolescents))?|youth|young people|kids",
        r"barn\w* og (?:unge|ungdom)\w*|ungdom\w*|for unge|unge|barn",
    ),
    "rus": (
        r"rus|rus(?:arbeid|omsorg|felt|problem|avheng|bruk|misbruk|forebygg|førebygg|tiltak|lid)\w*|avhengighet\w*"
        r"|addict\w*|substance (?:abuse|use)|drug (?:problems|abuse|use|addiction)|drugs",
        r"rus(?!s)\w*",
    ),
    "psykisk helse": (
        r"psykiske? (?:helse\w*|plager|lid\w+|vansker|vanskar|problem\w*)|mental helse|mental health",
        r"psykiske? \w+|psykiatri\w*",
    ),
    "arbeidstrening": (
        r"arbeidstrening\w*|arbeidspraksis|praksisplass\w*|work (?:training|placements?|experience)",
        r"arbeidstrening\w*|arbeidsforberedende|praksisplass\w*",
    ),
    "arbeidsinkludering": (
        r"arbeidsinkludering\w*|arbeidsretta|arbeidsrettede?|work inclusion|employment inclusion"
        r"|(?:få|hjelpe) (?:folk|noen|nokon|flere|fleire|unge|menneske\w*) (?:ut |inn |tilbake )?"
        r"(?:i|til) (?:jobb|arbeid)",
        r"arbeidsinkludering\w*|arbeidsrett\w*|arbeidstrening\w*|arbeidsforberedende|tilrettelagt arbeid"
        r"|\w*lønnstilskudd\w*|mentortilskudd\w*|aktivisering\w*|inkluderingstilskudd\w*",
    ),
    "integrering": (
        r"integrering\w*|integration|innvandr\w*|flyktning\w*|minoritet\w*|refugees?|immigrants?|migrants?",
        r"integrering\w*|innvandr\w*|flyktning\w*|minoritet\w*|norskopplæring\w*|norskkurs",
    ),
    "inkludering": (
        r"inkludering\w*|utenforskap\w*|utanforskap\w*|social exclusion|inclusion",
        r"inkludering|utenforskap\w*|inkluderer",
    ),
    "bolig": (
        r"bolig\w*|bustad\w*|bustadsosial\w*|bostedsløs\w*|housing|homeless\w*",
        r"bolig\w*|bosted\w*|uten bolig",
    ),
    "kriminalitet": (
        r"kriminal\w*|straffedømt\w*|innsatt\w*|fengsel\w*|fengslet|soning\w*|løslat\w*|crime|prison\w*|ex offenders",
        r"kriminal\w*|straffedømt\w*|domfelt\w*|fengsel\w*|soning\w*|løslat\w*",
    ),
    "fattigdom": (r"fattig\w*|lavinntekt\w*|låginntekt\w*|poverty", r"fattigdom\w*|lavinntekt\w*"),
    "forskning": (r"forskning\w*|forsking\w*|fou|research(?: and development)?", r"forskning\w*|forsknings\w*|fou"),
    "folkehelse": (r"folkehelse\w*|public health", r"folkehelse\w*"),
    "innovasjon": (r"innovasjon\w*|innovation", r"innovasjon(?! norge)\w*|innovativ\w*"),
    "lønnstilskudd": (r"lønnstilskudd\w*|lønstilskot\w*|wage subsid\w*", r"\w*lønnstilskudd\w*"),
    "lån": (r"\w*lån(?:et|ene|a)?|loans?", r"\w*lån(?:et|ene)?"),
    "sykefravær": (r"sykefravær\w*|sjukefråvær\w*|sick leave|sickness absence", r"sykefravær\w*|sykmeld\w*"),
    "tilrettelegging": (
        r"tilrettelegg\w*|tilrettelagt\w*|funksjonsnedsett\w*|funksjonshem\w*|disabilit\w*",
        r"tilrettelegg\w*|funksjonsnedsett\w*|funksjonshem\w*|nedsatt arbeidsevne",
    ),
    "EU": (r"eu|eøs", r"eu|eøs\w*|interreg|erasmus\w*"),
    "eldre": (r"eldre|elderly|older people|demens|dementia|sykehjem\w*", r"eldre|demens|sykehjem\w*|senior\w*"),
}

PHASES = {
    "idé": r"(?:i |in )?(?:the )?(?:idé|ide)(?:en|fase|fasen|stadiet)?|idea (?:stage|phase)",
    "oppstart": (
        r"(?:i |in )?(?:the )?oppstart(?:en|sfase|sfasen|sstøtte|smidler|shjelp)?|start ?up(?: (?:phase|stage))?"
        r"|(?:å )?(?:starte|starta|komme i gang)(?: opp)?"
    ),
    "drift": r"(?:i |in )?(?:vanlig )?drift(?:a|en|sfase|sfasen|sstøtte|stilskudd|smidler)?|operating costs|operations",
    "vekst": r"(?:i |in )?(?:the )?vekst(?:en|fase|fasen)?|skalering|growth(?: (?:phase|stage))?|scaling(?: up)?",
}
AUDIENCES = {
    "nav": r"(?:veiledere|rettleiarar|ansatte|tilsette) i nav|nav (?:ansatte|tilsette|veiledere|rettleiarar)",
    "støttespiller": r"støttespillere|støttespelarar|supporters",
}
STATES = {
    "ukjent": r"(?:med )?(?:ukjent|usikker) status|unknown status",
    "åpen": (
        r"(?:åpne|åpen|åpent|opne|opent|open)(?: for søknad\w*|(?! (?:for|to)\b))"
        r"(?: (?:nå|no|akkurat nå|i dag|now|today|right now))?"
    ),
    "stengt": r"stengt|stengte|lukket|lukkede|avviklet|avviklede|avvikla|nedlagt|nedlagte|closed|discontinued",
}
ROLLING = (
    r"(?:søke |søkje )?(?:hele|heile) året|året rundt|all year(?: round)?"
    r"|(?:med |har )?løpende(?: søknads?frist\w*| frist\w*| behandling)?|(?:with )?(?:a )?rolling(?: deadlines?)?"
)

# Names that one manager goes by in the cards, beside the one that people use.
SAME_MANAGER = {"nav": ("arbeids velferdsdirektoratet", "arbeids velferdsetaten")}
BEFORE_MANAGER = (
    r"fra|frå|hos|hjå|gjennom|via|av|i regi av|from|by|through|at|does|gir|gjev|gi|har|deler ut|forvalter|forvaltar"
    r"|tilbyr|tilbyd|offer|offers"
)

# What may stand in a question for a list beside what is asked for: it narrows nothing.
_FILLERS = """
vi jeg eg me man oss meg du dere de dei dykk vår våre vårt våra min mitt mine deres dykkar en et ein ei eit den det
som er og å til i på om for med av fra frå hos hjå ved å her der nå no seg å vere være kan kunne får få fått skal
vil har ha finnes fins finst finnast eksisterer søke søkje søker søkjer søka søkt hente motta gir gis gjev
gi gjelder gjeld går ut passer passar høver aktuelle aktuell mulige moglege mulig riktig relevante relevant
guiden guide oversikt oversikten liste lista alle alt samtlige andre ulike forskjellige slags typer type noen nokon
nokre noko noe også så videre vennligst takk hei nåværende dette disse denne handler handlar omhandler dreier
jobber jobbar arbeider arbeidar driver driv retter rettet retta mot innen innenfor innan angående gjennom sosial
sosiale sosialt entreprenør entreprenører entreprenørar entreprenørskap gründer gründere gründerar gründarar grunder
virksomhet virksomheten virksomheter verksemd verksemda verksemder støtte stønad penger pengar midler midlar
finansiering tilskudd tilskot ordning ordninger ordningar støtteordninger dem dere nede hele heile
landet kjenner kjente kommer kjem frist frister fristen fristar søknadsfrist søknadsfrister utlyst utlyses lyst
deler delt tilbyr tilbyd forvalter forvaltar støtter gitt tilgjengelig tilgjengelige tilgjengeleg fremover framover
ligger held holder til bare berre si vis fortell gjerne trenger treng ønsker vise hjelp
the a an of to for in on at by with from and or is are be can could we i you our us me my do does did have has that
which what there any some all list show give available apply get receive seek eligible exist exists fund funding
grants grant scheme schemes money support social entrepreneurship enterprise enterprises entrepreneur entrepreneurs
norway guide
deadline deadlines due coming kinds kind types different please about work works working who it they offer offers
give gives given run runs offered close closes closing use bruke hjelpe hjelpa help
"""
FILLERS = frozenset(_FILLERS.split())
# These only go with a theme: "prosjekter for ungdom", "arbeid med rus".
_SOFT_FILLERS = """
arbeid arbeidet prosjekt prosjekter prosjekt tiltak tiltaket aktivitet aktiviteter aktivitetar tilbud tilbod
formål føremål projects project activities work mennesker menneske personer folk people temaet tema
"""
SOFT_FILLERS = frozenset(_SOFT_FILLERS.split())
_BEFORE_THEME = """
til for om mot innen innenfor innan med på i som å og about on for in to towards within with
gjelder gjeld handler handlar omhandler og
"""
BEFORE_THEME = frozenset(_BEFORE_THEME.split())
# Words whose misspellings are seen: heads of lists, forms and places.
SPELLED = """
tilskudd tilskot ordninger ordningar støtteordninger stønader søknadsfrister frister fristar historier eksempler
forening foreining foreninger stiftelse stiftelser stifting aksjeselskap organisasjon organisasjoner samvirkeforetak
enkeltpersonforetak kommune kommuner arbeidsgiver arbeidsgivere arbeidstrening integrering ungdom kriminalitet
forskning forskjellen sammenlign grants schemes deadlines association foundation
"""
