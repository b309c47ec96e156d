"""The page and its turns as HTML, from templates and the texts of one language."""

from datetime import date
from functools import lru_cache

from markupsafe import Markup

from assistant.choices import filter_choices
from assistant.lookup.onward import find_onward
from assistant.screen import MAX_CHARS
from assistant.texts import LANGUAGES, load_texts, say
from assistant.types import Answer
from assistant.ui.about import render_about
from assistant.ui.addresses import onward_address
from assistant.ui.feedback import render_feedback
from assistant.ui.lookup import render_lookup
from assistant.ui.reply import render_reply
from assistant.ui.sources import render_sources
from assistant.ui.templates import templates
from index.load import Index
from index.statements import plain

HOME = "nb"  # the language where a browser asks for none of ours
NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
_ROLES = ("founder", "nav", "municipality")
_EXAMPLES = (1, 2)  # of each role
_WORDS = (
    "title", "working", "slow", "ready", "gone", "failed", "stopped", "copied", "not_copied", "not_downloaded",
    "remove", "placeholder", "placeholder_next",
)  # fmt: skip


@lru_cache(maxsize=4 * len(LANGUAGES))  # the same for everyone until the day, the version or the address changes
def render_page(
    index: Index, language: str, *, today: date, origin: str, keep_days: int, contact: str = "", llm: str = "",
    is_watched: bool = False,
) -> str:  # fmt: skip
    """The page before anything is asked, with its three views; for an editor where the files `is_watched`.

    The rest as `render_about`.
    """
    t = load_texts(language)
    about = render_about(
        index.catalog, index.manifest, language,
        today=today, origin=origin, keep_days=keep_days, contact=contact, llm=llm,
    )  # fmt: skip
    return (
        templates()
        .get_template("page.html")
        .render(
            t=t,
            language=language,
            is_watched=is_watched,
            languages=[(code, NAMES[code]) for code in LANGUAGES],
            words={name: t[f"page_{name}"] for name in _WORDS},
            max_length=MAX_CHARS,
            examples=[(t[f"page_role_{role}"], [t[f"page_example_{role}_{n}"] for n in _EXAMPLES]) for role in _ROLES],
            choices=_choices(index, language),
            lookup=Markup(render_lookup(language)),  # noqa: S704 - likewise
            about=Markup(about),  # noqa: S704 - escaped where it is made
        )
    )


def _choices(index: Index, language: str) -> list[dict[str, object]]:
    """The filters with what there is to choose from; the municipalities of a county stand right after it."""
    choices = filter_choices(index.catalog)
    return [
        {
            "name": kind,
            "label": say(language, f"page_{kind}"),
            "options": [(choice.value, choice.names[language]) for choice in getattr(choices, kind)],
        }
        for kind in ("phase", "form", "place")
    ]


def render_turn(question: str, answer: Answer, index: Index, turn: int, language: str, *, asks_feedback: bool) -> str:
    """A question with its whole answer, what can be done with it, what to ask next, and its sources."""
    *_, reply = render_reply(answer, turn, language)
    return (
        templates()
        .get_template("turn.html")
        .render(
            t=load_texts(language),
            question=question,
            turn=turn,
            language=language,
            status=answer.status,
            reply=Markup(reply),  # noqa: S704 - escaped where it is made
            simple=_short_answer(answer, index),
            onward=_onward(question, answer, index, language),
            cites=bool(answer.citations),
            feedback=Markup(render_feedback(turn, language)) if asks_feedback and answer.receipt else "",  # noqa: S704 - likewise
            follow_ups=answer.follow_ups,
            follow_language=answer.language,
            sources=Markup(render_sources(answer, index.catalog, turn, language)),  # noqa: S704 - likewise
        )
    )


def _onward(question: str, answer: Answer, index: Index, language: str) -> dict[str, str] | None:
    """Where the lookup shows more of what is answered, and what that is called."""
    onward = find_onward(answer, question, index.catalog, date.today())
    if onward is None:
        return None
    kind = ("list", "scheme", "compare")[min(len(onward.doc_ids), 2)]
    return {"address": onward_address(language, onward), "label": say(language, f"onward_{kind}")}


def _short_answer(answer: Answer, index: Index) -> str:
    """The short answer of the document that the answer leans on most; empty where the answer says it already."""
    if not answer.citations:
        return ""
    document = index.documents[answer.citations[0].doc_id]
    said = {(citation.doc_id, citation.start) for citation in answer.citations}
    if all((document.doc_id, statement.start) in said for statement in document.ingress):
        return ""
    return " ".join(plain(document.text[statement.start : statement.end]) for statement in document.ingress)
