"""Stub."""

from html import escape


def render_card(card, manifest, language, today):
    return (
        f'<div class="scheme"><h1 tabindex="-1">{escape(card.title)}</h1><button data-pick="{card.id}">Sammenlign</button><button data-ask="Hva er {escape(card.title)}?">Spør om denne</button>'
        + "".join(
            f'<h3 id="{s.id}" tabindex="-1">{escape(s.heading_path[-1])}</h3><p>'
            + " ".join(escape(r.text) for r in s.rules)
            + "</p>"
            for s in card.sections
        )
        + "</div>"
    )


def render_past(card, past, manifest, language):
    return f"<h1>{escape(card.title)} {past.day}</h1>"
