"""The question under an answer: was it any help, and if not, why. `feedback.js` gives it life."""

from html import escape

from assistant.feedback.types import Rating, Reason
from assistant.texts import say


def render_feedback(turn: int, language: str) -> str:
    """The buttons for the answer numbered `turn`, in the page's language; what they send is in `data-` attributes.

    To be shown only where the store `is_on`.
    """
    reasons, kept = f"feedback-reasons-{turn}", f"feedback-kept-{turn}"

    def told(key: str) -> str:
        return escape(say(language, key))

    why = "".join(
        f'<button type="button" data-rating="{Rating.NOT_HELPFUL}" data-reason="{reason}">'
        f"{told(f'reason_{reason}')}</button>"
        for reason in Reason
    )
    return (
        f'<div class="feedback" data-feedback="{turn}" data-language="{escape(language)}" '
        f'data-thanks="{told("feedback_thanks")}" data-failed="{told("feedback_failed")}">'
        f'<fieldset aria-describedby="{kept}"><legend>{told("feedback_question")}</legend>'
        f'<button type="button" data-rating="{Rating.HELPFUL}" aria-label="{told("feedback_yes_name")}">'
        f"{told('feedback_yes')}</button>"
        f'<button type="button" aria-expanded="false" aria-controls="{reasons}" '
        f'aria-label="{told("feedback_no_name")}">{told("feedback_no")}</button>'
        f'<p id="{kept}">{told("feedback_kept")}</p></fieldset>'
        f'<fieldset id="{reasons}" hidden><legend>{told("feedback_why")}</legend>{why}</fieldset>'
        '<p role="status" tabindex="-1"></p></div>'
    )
