"""What the guide lacks, drafted: where drafts lie, and both drafts of one: the text, and the question to measure."""

from datetime import date
from pathlib import Path

from assistant.config import Config
from assistant.gaps.lacks import Lack
from assistant.gaps.propose import add_question, as_question, proposal_path, write_proposal


def draft_lack(lack: Lack, config: Config, today: date) -> Path:
    """The file in which a person goes on; what is begun there already is left as it is."""
    path = write_proposal(lack, config.corpus, _folder(config), today)
    add_question(eval_file(config), as_question(lack.members[0], kind="mangler", answer="", sections=(), split=""))
    return path


def find_draft(lack: Lack, config: Config) -> Path | None:
    """The file that `draft_lack` has written, if it is there."""
    path = proposal_path(lack, config.corpus, _folder(config))
    return path if path.exists() else None


def eval_file(config: Config) -> Path:
    """The file with drafts of questions for the evaluation."""
    return _folder(config) / "eval.jsonl"


def _folder(config: Config) -> Path:
    return config.index.parent / "drafts"
