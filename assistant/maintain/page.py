"""The maintainers' page whole: every section from what it is about, and a line on top for each."""

from dataclasses import dataclass
from datetime import date, datetime

from fastapi import Request, Response

from assistant.answer import Engine
from assistant.config import Config
from assistant.describe import describe_day
from assistant.fresh.command import DAYS
from assistant.live import LiveEngine
from assistant.maintain.access import Visitor
from assistant.maintain.check import Checked
from assistant.maintain.frame import render
from assistant.maintain.fresh import Fresh, read_fresh
from assistant.maintain.gaps import Asked, Gaps
from assistant.maintain.health import Health, RecentFaults, read_health
from assistant.maintain.job import Build
from assistant.maintain.plots import bars, columns, spaced
from assistant.maintain.texts import Texts
from assistant.maintain.versions import Prober, Versions, read_versions
from assistant.record.types import StoreFault

_BIG = 1_000_000_000


@dataclass(frozen=True)
class Site:
    """What the page tells of."""

    live: LiveEngine
    config: Config
    asked: Asked
    texts: Texts
    build: Build
    prober: Prober
    faults: RecentFaults


@dataclass(frozen=True)
class Point:
    """A line on top: whether all is well with a section, in words."""

    section: str
    is_well: bool
    text: str


def show_page(
    request: Request, visitor: Visitor, site: Site, *,
    fault: str = "", told: str = "", checked: Checked | None = None, drafted: str = "",
) -> Response:  # fmt: skip
    """The page; with a `fault` or what is `told` on top, what was found in a text that was sent, or a new draft."""
    engine, today = site.live.current(), date.today()
    index = engine.index
    versions = read_versions(index, site.config.index, site.prober)
    fresh = read_fresh(*site.texts.work(today), index.catalog, today)
    gaps, store_fault = _read_gaps(site.asked, engine)
    health = read_health(site.config.index, site.config.llm, site.faults)
    return render(
        request, "page.html", 409 if fault else 200,
        form_token=visitor.form_token, can_log_out=visitor.session is not None, fault=fault, told=told,
        points=_points(versions, fresh, gaps, store_fault, health), versions=versions, fresh=fresh, gaps=gaps,
        drafts=site.texts.drafts(today), corpus=site.config.corpus, drafted=drafted,
        store_fault=store_fault, health=health, build=site.build.told(), checked=checked,
        files=sorted(document.file for document in index.catalog.documents), today=today,
        bars=bars, columns=columns, spaced=spaced, day=_day, moment=_moment, size=_size,
    )  # fmt: skip


def show_build(request: Request, site: Site) -> Response:
    """Only what the build has told, for the script that asks while it runs."""
    return render(request, "build.html", build=site.build.told())


def _read_gaps(asked: Asked, engine: Engine) -> tuple[Gaps | None, str]:
    """What the store tells, or why it tells nothing."""
    if not asked.is_on:
        return None, "Lagring er slått av (ABC_KEEP_DAYS=0)."
    try:
        return asked.read(engine), ""
    except StoreFault as fault:
        return None, str(fault)


def _points(versions: Versions, fresh: Fresh, gaps: Gaps | None, store_fault: str, health: Health) -> list[Point]:
    whole = "Indeksen er hel." if versions.is_whole else "Indeksen har mistet vektorer. Bygg den på nytt."
    switching = "Serveren er ikke på den versjonen som er valgt." if versions.is_switching else ""
    stale = f"{fresh.num_past or 'Ingen'} dokumenter har noe som er utløpt."
    stale += f" {fresh.num_near} skal leses på nytt de neste {DAYS} dagene." if fresh.num_near else ""
    stale += f" {len(fresh.unreadable)} filer kan ikke leses." if fresh.unreadable else ""
    asked = store_fault
    if gaps:
        lacks = f"{gaps.num_lacks or 'ingen'} slags spørsmål uten et godt svar"
        asked = f"{spaced(gaps.num_asked)} spørsmål de siste {gaps.days} dagene, {lacks}."
    ill = [f"Bare {_size(health.disk_free)} ledig på disken."] if health.is_disk_low else []
    ill += [f"{len(health.faults)} feil og advarsler siden serveren startet."] if health.faults else []
    return [
        Point("status", versions.is_whole and not versions.is_switching, switching or whole),
        Point("ferskhet", not fresh.num_past and not fresh.unreadable, stale),
        Point("mangler", gaps is not None and not gaps.num_lacks, asked),
        Point("helse", not ill, " ".join(ill) or "Serveren har det bra."),
    ]


def _day(day: date) -> str:
    return describe_day(day, "nb")


def _moment(at: datetime | str) -> str:
    """`29. november 2026 kl. 18.40`, in the server's own time."""
    local = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone()
    return f"{describe_day(local.date(), 'nb')} kl. {local:%H.%M}"


def _size(num_bytes: int) -> str:
    return f"{num_bytes / _BIG:.1f} GB".replace(".", ",")
