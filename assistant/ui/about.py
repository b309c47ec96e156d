"""The view «Om» as HTML: what the assistant is and isn't, how fresh the guide is, and whom to tell what is wrong."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape

from assistant.describe import describe_day
from assistant.freshness import Freshness, Standing, measure
from assistant.language import GUIDE
from assistant.texts import say
from assistant.web import is_web_address
from index.catalog import Catalog
from index.document import FOLDERS, Document
from index.versions import Manifest

_API, _EMBEDDED = "/api/openapi.json", "/innebygd"
# The words that the licence of Lovdata's texts asks for.
_NLOD = "«Inneholder data under norsk lisens for offentlige data (NLOD) tilgjengeliggjort av Lovdata.»"
_MAIL = re.compile(r"(?:mailto:)?([^\s\"'<>@:?&]+@[^\s\"'<>@:?&]+\.\w+)")
# What pages and answers say of a fact's age, and what explains it.
_AGE_WORDS = {
    "about_known": "about_known_means",
    "about_checked": "about_checked_means",
    "source_stale": "about_stale_means",
    "source_undated": "about_undated_means",
    "source_unconfirmed": "about_unconfirmed_means",
    "advice_title": "about_advice_means",
}


def render_about(
    catalog: Catalog,
    manifest: Manifest,
    language: str,
    *,
    today: date,
    origin: str,
    keep_days: int,
    contact: str = "",
    llm: str = "",
) -> str:
    """The view in the page's language, from its `<h1>` on.

    `origin` is the page's own address without a path (`https://example.org`), for those who embed it. `keep_days` is
    how long feedback is kept, 0 where none is asked for; `contact` and `llm` are the settings of these names.
    """
    parts = (
        f"<h1>{say(language, 'about_title')}</h1>",
        _intro(language, llm),
        _limits(language),
        _privacy(language, keep_days, llm),
        _freshness(measure(catalog, today), manifest, language, today),
        _classes(language),
        _tell(language, keep_days, contact),
        _embed(language, origin),
        _licences(language),
    )
    return f'<div class="about" lang="{language}">{"".join(parts)}</div>'


def _intro(language: str, llm: str) -> str:
    steps = [say(language, f"about_step_{n}") for n in range(1, 5)]
    steps.append(say(language, "about_refusal", words=say(language, "no_evidence")))
    # "ollama:MODEL": the reader is told of the model, not of what runs it
    model = say(language, "about_model_on", model=escape(llm.partition(":")[2])) if llm else ""
    return (
        f"{_heading(language, 'about_what')}"
        f"<p>{say(language, 'about_for')}</p><p>{say(language, 'about_languages')}</p>"
        f"<h3>{say(language, 'about_how')}</h3><ol>{_items(steps)}</ol>"
        f"<p>{model or say(language, 'about_model_off')}</p>"
    )


def _limits(language: str) -> str:
    return f"{_heading(language, 'about_not')}<ul>{_items(say(language, f'about_not_{n}') for n in range(1, 5))}</ul>"


def _privacy(language: str, keep_days: int, llm: str) -> str:
    points = [say(language, f"about_privacy_{n}") for n in range(1, 4)]
    points.append(say(language, "about_kept" if keep_days else "about_kept_off", days=keep_days))
    points.append(say(language, "about_sent_on" if llm else "about_sent_off"))
    return f"{_heading(language, 'about_privacy')}<ul>{_items(points)}</ul>"


def _freshness(fresh: Freshness, manifest: Manifest, language: str, today: date) -> str:
    groups = [(say(language, f"class_{g.doc_class}"), g.num_documents, g.num_overdue) for g in fresh.groups]
    groups.append((say(language, "about_total"), sum(g[1] for g in groups), len(fresh.overdue)))
    total = sum(fresh.standings.values())
    rows = [(say(language, f"about_rests_{standing}"), fresh.standings[standing]) for standing in Standing]
    rows.append((say(language, "about_total"), total))
    sentences = [(name, _number(part), _share(language, part, total)) for name, part in rows]
    counted = say(
        language,
        "about_counted",
        today=_day(language, today),
        documents=_number(groups[-1][1]),
        sources=_number(fresh.num_sources),
        checked=_checked(language, fresh),
        version=f"<code>{escape(manifest.version)}</code>",
        built=_day(language, datetime.fromisoformat(manifest.built_at).date()),
    )
    documents = [(name, _number(number), _number(late)) for name, number, late in groups]
    return (
        f"{_heading(language, 'about_fresh')}<p>{counted}</p>"
        f"{_table(language, 'documents', ('class', 'number', 'overdue'), documents)}"
        f"{_overdue(language, fresh.overdue)}"
        f"{_table(language, 'sentences', ('rests_on', 'number', 'share'), sentences)}"
    )


def _checked(language: str, fresh: Freshness) -> str:
    oldest, newest = (_day(language, day) for day in (fresh.oldest_check, fresh.newest_check))
    if oldest == newest:
        return say(language, "about_checked_on", day=newest)
    return say(language, "about_checked_between", oldest=oldest, newest=newest)


def _share(language: str, part: int, total: int) -> str:
    percent = round(100 * part / total) if total else 0
    is_small = part > 0 and percent == 0
    return say(language, "about_percent_small" if is_small else "about_percent", share=percent)


def _table(language: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose rows have their name first; the last one sums up."""
    head = "".join(f'<th scope="col">{say(language, f"about_{column}")}</th>' for column in columns)
    *lines, total = (
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        for first, *cells in rows
    )
    return (
        f"<table><caption>{say(language, f'about_{name}')}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody><tfoot>{total}</tfoot></table>"
    )


def _overdue(language: str, documents: Sequence[Document]) -> str:
    if not documents:
        return f"<p>{say(language, 'about_overdue_none')}</p>"
    lines = (
        f'<span lang="{GUIDE}">{escape(document.title)}</span> '
        f"({say(language, f'class_{document.doc_class}')}), "
        f"{say(language, 'about_due', date=_day(language, document.review_by))}"
        for document in documents
    )
    opening = say(language, "about_overdue_list", count=_number(len(documents)))
    return f"<details><summary>{opening}</summary><ul>{_items(lines)}</ul></details>"


def _classes(language: str) -> str:
    classes = {f"class_{name}": f"about_class_{name}" for name in FOLDERS.values()}
    return (
        f"{_heading(language, 'about_classes')}{_words(language, classes)}"
        f"<h3>{say(language, 'about_ages')}</h3>{_words(language, _AGE_WORDS)}"
    )


def _words(language: str, keys: dict[str, str]) -> str:
    pairs = (f"<dt>{say(language, word)}</dt><dd>{say(language, means)}</dd>" for word, means in keys.items())
    return f"<dl>{''.join(pairs)}</dl>"


def _tell(language: str, keep_days: int, contact: str) -> str:
    buttons = f"<p>{say(language, 'about_tell_buttons')}</p>" if keep_days else ""
    someone = say(language, "about_tell_contact", contact=_link(contact)) if contact else ""
    return f"{_heading(language, 'about_tell')}{buttons}<p>{someone or say(language, 'about_tell_someone')}</p>"


def _link(contact: str) -> str:
    """The contact as a link where it is an e-mail address or an address on the web, else as the text it is."""
    if is_web_address(contact):
        return f'<a href="{escape(contact)}" rel="noopener noreferrer">{escape(contact)}</a>'
    if mail := _MAIL.fullmatch(contact):
        return f'<a href="mailto:{escape(mail[1])}">{escape(mail[1])}</a>'
    return escape(contact)


def _embed(language: str, origin: str) -> str:
    title, address = say(language, "page_title"), escape(origin + _EMBEDDED)
    frame = f'<iframe src="{address}" title="{title}" width="100%" height="700"></iframe>'
    api = say(language, "about_embed_api", link=f'<a href="{_API}"><code>{_API}</code></a>')
    return (
        f"{_heading(language, 'about_embed')}<p>{say(language, 'about_embed_frame')}</p>"
        f"<pre><code>{escape(frame)}</code></pre><p>{api}</p>"
    )


def _licences(language: str) -> str:
    words = f'<span lang="{GUIDE}">{_NLOD}</span>'
    law = say(language, "about_licence_law", words=words)
    lines = (say(language, "about_licence_code"), say(language, "about_licence_guide"), law)
    return f"{_heading(language, 'about_licences')}<ul>{_items(lines)}</ul>"


def _heading(language: str, key: str) -> str:
    """A heading with an id, so that a link can lead to what is below it."""
    return f'<h2 id="{key.replace("_", "-")}">{say(language, key)}</h2>'


def _items(lines: Iterable[str]) -> str:
    return "".join(f"<li>{line}</li>" for line in lines)


def _day(language: str, day: date) -> str:
    return f'<time datetime="{day}">{describe_day(day, language)}</time>'


def _number(number: int) -> str:
    """With a space that never breaks between thousands, which all three languages read."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")
