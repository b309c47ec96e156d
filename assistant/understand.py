"""A conversation → a query: what its last turn asks, in which language, and what kind of answer it wants."""

from collections.abc import Sequence

from assistant.conversation.names import NO_NAMES, Names
from assistant.conversation.standalone import TitleOf, stand_alone
from assistant.intent import is_small_talk, wants_list
from assistant.types import Query


def understand(turns: Sequence[str], names: Names = NO_NAMES, title_of: TitleOf = lambda _: None) -> Query:
    """The query of the last turn; a follow-up borrows what it leaves out from the turns before it.

    `names` are those of the guide, `title_of` the title of the document that answers an earlier question best, asked
    only where the question names nothing that the guide has a name for.
    """
    said = stand_alone([*(turn for turn in turns[:-1] if not is_small_talk(turn)), turns[-1]], names, title_of)
    last = turns[-1] if said.is_follow_up else ""
    return Query(said.text, said.language, said.intent, said.is_follow_up, wants_list(turns[-1]), last)
