"""A template of the guide → the text to copy, as Markdown or as a Word file."""

import re

from assistant.export.markdown import read_markdown
from assistant.language import GUIDE
from index.document import COPY_HEADING, Document

_COPY = re.compile(rf"^## {COPY_HEADING}\s*$", re.MULTILINE)


def template_markdown(document: Document) -> str | None:
    """What stands under the heading `Mal`, under the document's title; None for a document that is no template."""
    found = _COPY.search(document.text) if document.doc_class == "mal" else None
    return f"# {document.title}\n\n{document.text[found.end() :].strip()}\n" if found else None


def template_word(document: Document) -> bytes | None:
    """The same as a Word file (.docx): headings, paragraphs, lists and tables; None as `template_markdown`."""
    text = template_markdown(document)
    if text is None:
        return None
    from assistant.export.word import write_word

    return write_word(read_markdown(text), document.title, GUIDE)
