"""What the guide lacks: grouped by meaning, told to a maintainer, and drafted without entering anything by itself."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from conftest import WordSumEmbedder

from assistant.answer import Engine
from assistant.cli import FAULT, OK, USAGE, main
from assistant.draft.name import free_slug
from assistant.feedback.keep import FeedbackStore
from assistant.feedback.types import Feedback, Kept, Rating, Reason
from assistant.gaps.alike import group_alike, without_common
from assistant.gaps.lacks import Lack, Nearest, describe_lack, group_lacks
from assistant.gaps.propose import add_question, as_document, as_note, as_question, figures_in, proposal_path
from assistant.gaps.raised import collect
from assistant.gaps.report import as_lines
from assistant.record.questions import QuestionStore
from assistant.record.types import Asking, Channel, KeptQuestion, question_id
from assistant.types import Answer, Status
from eval.questions import check_judgements, read_all_qrels, read_questions
from index.document import parse_document, read_corpus
from index.embed import load_embedder
from index.frontmatter import CorpusError
from index.load import Index
from index.types import SHIPPED_MODEL

NOW = datetime(2026, 11, 29, 13, tzinfo=UTC)
LAWYER = "Hva koster det å leie en advokat?"


def kept(question: str, status: Status = Status.NO_EVIDENCE, hours: int = 0, answer_id: str = "") -> KeptQuestion:
    return KeptQuestion(
        NOW - timedelta(hours=hours), question, "", status, "nb", Channel.API, "000001-abc", answer_id=answer_id
    )


def said(question: str, reason: Reason | None = Reason.WRONG, answer_id: str = "x", **changes: object) -> Kept:
    rating = Rating.NOT_HELPFUL if reason else Rating.HELPFUL
    feedback = Feedback(answer_id, question, Status.ANSWERED, rating, reason, "000001-abc", (), "nb")
    return Kept(NOW, replace(feedback, **changes))  # type: ignore[arg-type]


# Questions and feedback together


def test_the_same_words_count_as_one_question() -> None:
    [raised] = collect([kept("HVA koster det?", hours=1), kept("Hva koster det?", Status.PARTIAL, hours=5)], [])
    assert (raised.text, raised.num_asked, raised.num_unmet, raised.last) == (
        "HVA koster det?", 2, 2, NOW - timedelta(hours=1),
    )  # fmt: skip
    assert raised.statuses == {Status.NO_EVIDENCE: 1, Status.PARTIAL: 1}
    assert raised.question_id == question_id("hva koster det?")


def test_feedback_joins_its_answer_and_is_found_by_what_was_typed() -> None:
    asked = replace(kept("og fristen?", Status.ANSWERED, answer_id="a1"), understood="Hva er fristen for fondet?")
    [raised] = collect([asked], [said("og fristen?", Reason.OUTDATED, "a1"), said("og fristen?", None, "a1")])
    assert (raised.text, raised.num_unmet, raised.num_helpful) == ("Hva er fristen for fondet?", 1, 1)
    assert raised.reasons == {Reason.OUTDATED: 1}
    assert raised.is_called(question_id("og fristen?"))
    assert raised.is_called(question_id("Hva er fristen for fondet?")[:4])


def test_a_complaint_on_a_question_that_was_not_answered_counts_once() -> None:
    complaint = said("Hva?", Reason.NO_ANSWER, "a1", status=Status.NO_EVIDENCE)
    [raised] = collect([kept("Hva?", answer_id="a1")], [complaint])
    assert raised.num_unmet == 1


def test_feedback_counts_where_its_question_is_kept_no_longer() -> None:
    [raised] = collect([], [said("Hva?")])
    assert (raised.text, raised.num_asked, raised.num_unmet) == ("Hva?", 1, 1)


def test_greetings_and_forgotten_words_are_no_questions() -> None:
    assert collect([kept("Hei!", Status.CLARIFY), kept("", Status.PERSONAL_DATA)], [said("")]) == []


# Grouping


def test_places_are_grouped_by_average_cosine() -> None:
    angles = np.radians([0, 10, 20, 90, 95])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert sorted(map(sorted, group_alike(vectors, 0.9))) == [[0, 1, 2], [3, 4]]
    assert len(group_alike(vectors, 1.1)) == 5
    assert len(group_alike(vectors, -1.1)) == 1


@pytest.mark.parametrize("count", [0, 1])
def test_few_are_grouped_too(count: int) -> None:
    assert group_alike(np.ones((count, 1), np.float32)) == [[0]] * count


def test_grouping_gives_what_looking_at_every_pair_each_time_gives() -> None:
    random = np.random.default_rng(1)
    vectors = random.normal(size=(60, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    groups = [[place] for place in range(60)]
    while True:
        means = np.array([vectors[group].mean(axis=0) for group in groups])
        cosines = means @ means.T
        np.fill_diagonal(cosines, -9)
        one, other = sorted(np.unravel_index(cosines.argmax(), cosines.shape))
        if cosines[one, other] < 0.3:
            break
        groups[one] += groups.pop(other)
    assert {frozenset(group) for group in group_alike(vectors, 0.3)} == {frozenset(group) for group in groups}


WORDINGS = [
    [LAWYER, "Kva kostar det å leige advokat?", "How much does a lawyer cost?", "advokat timepris"],
    ["Hvordan lager vi en nettside?", "Korleis lagar vi ei nettside?", "How do we make a website?", "lage nettside"],
    ["Trenger vi brannslukker og rømningsplan?", "Treng vi brannsløkkjar og rømingsplan?",
     "Do we need a fire extinguisher and escape plan?", "brannsikring krav"],
]  # fmt: skip


def test_one_question_in_bokmal_nynorsk_english_and_keywords_is_one_group_and_others_are_apart() -> None:
    embedder = load_embedder(SHIPPED_MODEL)
    texts = [text for wordings in WORDINGS for text in wordings]
    usual = embedder.encode_queries(
        ["Hvem kan søke?", "Hvordan søker vi?", "Hva koster det?", "Når er fristen?", "Kva er eit aksjeselskap?",
         "How do we register?", "Må vi ha styre?", "Hvor mye kan vi få?"]
    )  # fmt: skip
    groups = group_alike(without_common(embedder.encode_queries(texts), usual))
    assert sorted(map(sorted, groups)) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]


@pytest.fixture
def engine(built_index: Index) -> Engine:
    return Engine(built_index, built_index.embedder)


def test_groups_come_most_asked_first_then_newest_and_named_by_the_most_central(engine: Engine) -> None:
    rows = [
        kept("advokat hvor mye timepris", hours=3), kept("advokat timepris hvor", hours=4),
        kept("advokat timepris hvor mye koster", hours=5),
        kept("vafler oppskrift", hours=9), kept("nettside domene", hours=8),
    ]  # fmt: skip
    groups = list(group_lacks(collect(rows, []), engine))
    assert [group[0].text for group in groups] == ["advokat hvor mye timepris", "nettside domene", "vafler oppskrift"]
    assert len(groups[0]) == 3


def test_a_question_with_a_good_answer_is_no_lack(engine: Engine) -> None:
    raised = collect([kept("Hvem kan søke?", Status.ANSWERED)], [said("Hva er bra?", None)])
    assert list(group_lacks(raised, engine)) == []


def test_a_lack_has_its_numbers_and_what_is_nearest(engine: Engine) -> None:
    [group] = group_lacks(collect([kept("Hvem kan søke etableringsfondet?")] * 2, []), engine)
    lack = describe_lack(group, engine)
    assert (lack.count, lack.last, lack.statuses) == (2, NOW, {Status.NO_EVIDENCE: 2})
    assert (lack.nearest.doc_id, lack.nearest.title) == ("ordninger/etableringsfondet", "Etableringsfondet")
    assert lack.nearest.section_id.startswith("ordninger/etableringsfondet#")
    assert json.loads(json.dumps(lack.as_json()))["members"][0]["ids"] == [lack.lack_id]


# What a maintainer reads, and gets to start from


@pytest.fixture
def lack() -> Lack:
    members = tuple(collect([kept(LAWYER), kept('advokat "pris": hva?', hours=1)], []))
    return Lack(
        members[0].question_id, LAWYER, "nb", 2, NOW, {Status.NO_EVIDENCE: 2}, {Reason.NO_ANSWER: 1}, members,
        Nearest("guide/aksjekapital", "Aksjekapital", "ingress", is_near=False), None,
    )  # fmt: skip


def test_report_tells_how_often_why_and_where(lack: Lack) -> None:
    lines = "\n".join(as_lines([lack], 3, 30))
    assert lines.startswith("3 slags spørsmål uten et godt svar de siste 30 dagene.")
    assert f"{lack.lack_id}  2 ×  «{LAWYER}»" in lines
    assert "ikke i guiden 2 ×; folk sier «Svarte ikke på spørsmålet» 1 ×. Sist 2026-11-29." in lines
    assert "nærmest er guide/aksjekapital, «ingress»" in lines
    assert 'også: «advokat "pris": hva?»' in lines
    assert "… og 2 til" in lines
    near = replace(lack, nearest=replace(lack.nearest, is_near=True))
    assert "Hører trolig til i guide/aksjekapital, «ingress»." in "\n".join(as_lines([near], 1, 30))
    assert "Kjent mangel: «Hva tar en advokat?»" in "\n".join(
        as_lines([replace(lack, known_gap="Hva tar en advokat?")], 1, 30)
    )


def test_draft_document_is_one_of_the_guide_once_a_person_has_filled_it_in(lack: Lack, corpus_dir: Path) -> None:
    text = as_document(lack, date(2026, 11, 29))
    assert "TODO" in text
    with pytest.raises(CorpusError):
        parse_document(text, "guide/advokat.md", {})
    lines = text.splitlines()
    start, end = lines.index("utkast:"), lines.index(next(line for line in lines if line.startswith("tittel")))
    filled = "\n".join([*lines[:start], *lines[end:]]).replace("TODO: ", "")
    filled = "\n".join(line for line in filled.splitlines() if not line.startswith("<!--")) + "\n"
    document = parse_document(filled, "guide/advokat.md", {})
    assert document.questions == (LAWYER, 'advokat "pris": hva?')


def test_drafts_are_never_part_of_the_guide(lack: Lack, corpus_dir: Path) -> None:
    before = [document.doc_id for document in read_corpus(corpus_dir).documents]
    (corpus_dir / "utkast").mkdir()
    (corpus_dir / "utkast" / "advokat.md").write_text(as_document(lack, date(2026, 11, 29)), encoding="utf-8")
    assert [document.doc_id for document in read_corpus(corpus_dir).documents] == before


def test_note_says_in_which_file_and_section_the_questions_belong(lack: Lack) -> None:
    note = as_note(lack)
    assert "`corpus/sporsmal/guide/aksjekapital.md`" in note
    assert f"## ingress\n- {LAWYER}\n- advokat" in note
    assert "## svarer ikke" in note


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Kva er ein søknad på øyå?", "kva-er-ein-soknad-pa-oya"),
        ("../../etc/passwd", "etc-passwd"),
        ("كيف أبدأ؟", "utkast"),
        ("Hva " * 40, "hva-" * 14 + "hva"),
    ],
)
def test_a_draft_is_named_as_files_of_the_guide_are(question: str, name: str, lack: Lack, tmp_path: Path) -> None:
    path = proposal_path(replace(lack, question=question), tmp_path / "corpus", tmp_path / "notes")
    assert path.name == f"{name}-{lack.lack_id}.md"
    assert free_slug(question, tmp_path) == name


def test_figures_become_facts_that_match_them_as_written() -> None:
    found = list(
        figures_in("Fristen er 15. mars 2028, inntil 500 000 kroner eller 10 prosent etter § 3-1. Søk i tide.")
    )
    assert found == [r"15\.\smars\s2028", r"500\s000\skroner", r"10\sprosent", r"§\s3\-1"]


def test_drafts_load_as_evaluation_questions_after_a_person_has_filled_them_in(
    lack: Lack, tmp_path: Path, built_index: Index
) -> None:
    raised, section = lack.members[0], "guide/aksjekapital#ingress"
    row = as_question(raised, kind="stjerne", answer="Minst 30 000 kroner.", sections=(section,), split="tuning")
    add_question(tmp_path / "questions.jsonl", row)
    with pytest.raises(ValueError, match="line 1"):
        read_questions(tmp_path)  # as it is it can't enter by itself
    draft = json.loads((tmp_path / "questions.jsonl").read_text(encoding="utf-8"))
    assert draft["judged_by"] == ""
    draft |= {"id": "f999", "role": "gründer", "style": "plain", "type": "fact", "status": "answered"}
    (tmp_path / "questions.jsonl").write_text(json.dumps(draft) + "\n", encoding="utf-8")
    for level, name in (("document", "qrels.txt"), ("section", "qrels-sections.txt")):
        judged = "".join(f"f999 0 {judged_id} {grade}\n" for judged_id, grade in draft["judged"][level].items())
        (tmp_path / name).write_text(judged, encoding="utf-8")
    [question] = read_questions(tmp_path)
    assert (question.turns, question.facts) == ((LAWYER,), (r"30\s000\skroner",))
    check_judgements([question], read_all_qrels(tmp_path), built_index.catalog.chunks)


def test_a_draft_takes_the_place_of_one_that_nobody_has_judged(lack: Lack, tmp_path: Path) -> None:
    file, raised = tmp_path / "drafts" / "eval.jsonl", lack.members[0]

    def add(answer: str) -> None:
        add_question(file, as_question(raised, kind="rettet", answer=answer, sections=(), split=""))

    def answers() -> list[str]:
        return [json.loads(line)["answer"] for line in file.read_text(encoding="utf-8").splitlines() if line[0] == "{"]

    add("Første")
    add("Andre")
    add("")  # of a lack that nobody has answered
    assert answers() == ["Andre"]
    judged = file.read_text(encoding="utf-8").replace('"judged_by": ""', '"judged_by": "Kari"')
    file.write_text("ødelagt av en redaktør\n" + judged, encoding="utf-8")
    add("Tredje")
    assert answers() == ["Andre"]
    assert file.read_text(encoding="utf-8").startswith("ødelagt")


# The command

Abc = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def abc(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    built_home: Path,
    corpus_dir: Path,
) -> Abc:
    """Runs `abc gaps` on the tiny guide: its exit code, what it wrote, and what it complained about."""
    for name in [name for name in os.environ if name.startswith("ABC_")]:
        monkeypatch.delenv(name)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, "1")
    shutil.copytree(built_home, folder / "index")
    for name, value in (("STORE", folder / "abc.sqlite"), ("INDEX", folder / "index"), ("CORPUS", corpus_dir)):
        monkeypatch.setenv(f"ABC_{name}", str(value))
    monkeypatch.setattr("assistant.live.load_embedder", lambda name: WordSumEmbedder())

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(["gaps", *arguments])
        except SystemExit as stop:
            code = stop.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def asked(folder: Path) -> None:
    """Two that the guide can't answer, one of them twice; and one with a good answer, which somebody liked."""
    store = QuestionStore(str(folder / "abc.sqlite"), 30)
    for question, status in (
        (LAWYER, Status.NO_EVIDENCE), (LAWYER, Status.NO_EVIDENCE), ("vafler", Status.OUT_OF_SCOPE),
        ("Hvor mye aksjekapital må vi ha?", Status.ANSWERED),
    ):  # fmt: skip
        store.add([Asking((question,), Answer(question_id(question), status, "", "nb"), (), "1", Channel.PAGE)])
    good = said("Hvor mye aksjekapital må vi ha?", None, question_id("Hvor mye aksjekapital må vi ha?"))
    FeedbackStore(str(folder / "abc.sqlite"), 30).add(good.feedback)


def drafts_in(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "drafts" / "eval.jsonl").read_text(encoding="utf-8").splitlines()]


def test_command_has_norwegian_help(abc: Abc) -> None:
    code, out, _ = abc("--help")
    assert code == OK
    assert all(word in out for word in ("bruk: abc gaps", "--dager", "--json", "--utkast", "--stjerne", "--rett"))


def test_command_reports_nothing_without_making_a_database(abc: Abc, folder: Path) -> None:
    code, out, err = abc()
    assert (code, out.splitlines()[0][:8], err) == (OK, "0 slags ", "")
    assert not (folder / "abc.sqlite").exists()


def test_command_lists_what_is_lacking_as_text_and_as_json(abc: Abc, asked: None) -> None:
    out = abc()[1]
    assert out.index(f"2 ×  «{LAWYER}»") < out.index("1 ×  «vafler»")
    assert "aksjekapital må" not in out
    lacks = json.loads(abc("--json", "--dager", "5")[1])["lacks"]
    assert [(lack["question"], lack["count"]) for lack in lacks] == [(LAWYER, 2), ("vafler", 1)]


def test_drafts_of_all_leave_out_what_is_not_for_the_guide(
    abc: Abc, asked: None, folder: Path, corpus_dir: Path
) -> None:
    code, out, _ = abc("--utkast", "alle")
    assert (code, "Hoppet over 1" in out) == (OK, True)
    [path] = [*(corpus_dir / "utkast").glob("*.md"), *(folder / "drafts").glob("*.md")]
    assert LAWYER in path.read_text(encoding="utf-8")
    assert [(row["turns"], row["status"], row["draft"]) for row in drafts_in(folder)] == [
        ([LAWYER], "utkast", "mangler")
    ]


def test_a_draft_that_a_person_has_begun_to_write_in_is_left_as_it_is(
    abc: Abc, asked: None, folder: Path, corpus_dir: Path
) -> None:
    wanted = question_id(LAWYER)[:6]
    abc("--utkast", wanted)
    [path] = [*(corpus_dir / "utkast").glob("*.md"), *(folder / "drafts").glob("*.md")]
    path.write_text("Mitt eget arbeid.", encoding="utf-8")
    assert abc("--utkast", wanted)[0] == OK
    assert path.read_text(encoding="utf-8") == "Mitt eget arbeid."


def test_a_star_drafts_a_question_with_what_the_guide_answers_now(abc: Abc, asked: None, folder: Path) -> None:
    code, out, _ = abc("--stjerne", question_id("Hvor mye aksjekapital må vi ha?"))
    assert (code, "30 000 kroner" in out) == (OK, True)
    [row] = drafts_in(folder)
    assert row["facts"] == [r"30\s000\skroner"]
    assert row["judged"] == {"document": {"guide/aksjekapital": 2}, "section": {"guide/aksjekapital#ingress": 2}}
    assert (row["split"], row["judged_by"]) in (("tuning", ""), ("test", ""))


def test_a_corrected_answer_drafts_a_question_with_the_corrections_figures(abc: Abc, asked: None, folder: Path) -> None:
    assert abc("--rett", question_id(LAWYER), "En advokat tar 2 500 kroner i timen.")[0] == OK
    [row] = drafts_in(folder)
    assert row["answer"] == "En advokat tar 2 500 kroner i timen."
    assert row["facts"][0].startswith(r"2\s500\skroner")  # type: ignore[index]


@pytest.mark.parametrize(
    "arguments", [("--utkast", "ffffffff"), ("--stjerne", "ffffffff"), ("--rett", "ffffffff", "Ja.")]
)
def test_an_id_that_is_not_there_is_told(abc: Abc, asked: None, arguments: tuple[str, ...]) -> None:
    code, _, err = abc(*arguments)
    assert (code, "Fant ikke ffffffff" in err) == (FAULT, True)


def test_a_star_for_what_the_guide_does_not_answer_is_refused(abc: Abc, asked: None, folder: Path) -> None:
    assert abc("--stjerne", question_id("vafler"))[0] == FAULT
    assert not (folder / "drafts").exists()


def test_deleting_is_one_command_and_this_points_to_it(abc: Abc, asked: None, folder: Path) -> None:
    code, _, err = abc("--slett")
    assert (code, "abc tilbakemelding --slett" in err) == (USAGE, True)
    assert main(["tilbakemelding", "--slett", "--ja"]) == OK
    assert QuestionStore(str(folder / "abc.sqlite"), 30).rows(30) == []


def test_command_says_that_keeping_is_off_and_that_a_database_is_broken(
    abc: Abc, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "abc.sqlite").write_text("dette er ingen database" * 100)
    code, _, err = abc()
    assert (code, "ingen database" in err) == (FAULT, True)
    monkeypatch.setenv("ABC_KEEP_DAYS", "0")
    assert abc() == (OK, "Lagring er slått av (ABC_KEEP_DAYS=0).\n", "")


@pytest.mark.parametrize("days", ["0", "mange"])
def test_days_that_are_none_are_wrong_use(abc: Abc, days: str) -> None:
    assert abc("--dager", days)[0] == USAGE
