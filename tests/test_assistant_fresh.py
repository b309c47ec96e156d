"""`abc fersk`: what runs out, in which order and for whom; each rule by hand on the tiny guide."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from assistant.cli import FAULT, OK, USAGE, main
from assistant.fresh.find import What, Work, find_work
from assistant.fresh.tell import review_calendar, tell_task, tell_work
from index.document import Corpus, read_corpus

TODAY = date(2026, 4, 1)  # the tiny guide is checked on 1 February 2026 and read again by 1 February 2027
FUND, CAPITAL, COUNTY = "ordninger/etableringsfondet", "guide/aksjekapital", "guide/tilskudd-fra-fylket"
STORY = "historier/kafe-over-asen"
Edit = Callable[[str, str, str], None]


@pytest.fixture
def edit(corpus_dir: Path) -> Edit:
    """Replaces a text of a file; it must be there."""

    def replace_in(file: str, old: str, new: str) -> None:
        path = corpus_dir / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace_in


def _work(corpus_dir: Path, today: date = TODAY, days: int = 60) -> dict[str, Work]:
    corpus = read_corpus(corpus_dir)
    return {work.document.doc_id: work for work in find_work(corpus.documents, corpus.sources, today, days)}


def _kinds(corpus_dir: Path, doc_id: str, today: date = TODAY) -> list[What]:
    works = _work(corpus_dir, today)
    return [task.what for task in works[doc_id].tasks] if doc_id in works else []


def test_a_guide_that_was_just_checked_has_nothing_to_do(corpus_dir: Path) -> None:
    corpus = read_corpus(corpus_dir)
    works = find_work(corpus.documents, corpus.sources, TODAY, 60)
    assert tell_work(works, len(corpus.documents), TODAY) == ["Ingenting å gjøre: alle 7 dokumenter er ferske."]


@pytest.mark.parametrize(("days_before", "near"), [(61, []), (60, [What.REVIEW_NEAR]), (0, [What.REVIEW_NEAR])])
def test_a_review_is_near_from_so_many_days_before_and_on_its_day(
    corpus_dir: Path, edit: Edit, days_before: int, near: list[What]
) -> None:
    edit(
        f"{CAPITAL}.md", "kontrolleres_igjen: 2027-02-01", f"kontrolleres_igjen: {TODAY + timedelta(days=days_before)}"
    )
    assert _kinds(corpus_dir, CAPITAL) == near


def test_a_review_is_past_the_day_after_and_comes_before_one_that_is_near(corpus_dir: Path, edit: Edit) -> None:
    edit(f"{COUNTY}.md", "kontrolleres_igjen: 2027-02-01", "kontrolleres_igjen: 2026-03-31")
    edit(f"{CAPITAL}.md", "kontrolleres_igjen: 2027-02-01", "kontrolleres_igjen: 2026-04-01")
    works = _work(corpus_dir)
    assert list(works) == [COUNTY, CAPITAL]
    assert works[COUNTY].is_past and not works[CAPITAL].is_past
    assert tell_task(works[COUNTY].tasks[0]) == "les dokumentet på nytt; det skulle vært gjort 2026-03-31"


def test_a_deadline_that_went_by_since_the_last_check_has_run_out(corpus_dir: Path) -> None:
    assert _kinds(corpus_dir, FUND, date(2026, 5, 15)) == []
    work = _work(corpus_dir, date(2026, 5, 16))[FUND]
    assert work.is_past
    assert [tell_task(task) for task in work.tasks] == [
        "sett inn neste søknadsfrist; den siste i kortet gikk ut 2026-05-15"
    ]


def test_a_deadline_that_was_past_when_last_checked_waits_for_the_next_check(corpus_dir: Path, edit: Edit) -> None:
    edit(f"{FUND}.md", "dato: 2026-05-15", "dato: 2025-05-15")
    work = _work(corpus_dir)[FUND]
    assert not work.is_past
    assert [(task.what, task.due) for task in work.tasks] == [(What.DEADLINE_KNOWN, date(2027, 2, 1))]


def test_a_document_whose_period_is_over_is_known_only_for_the_past(corpus_dir: Path, edit: Edit) -> None:
    edit(f"{CAPITAL}.md", "til: null", "til: 2026-03-31")
    [task] = _work(corpus_dir)[CAPITAL].tasks
    assert (task.what, task.day, task.due) == (What.PERIOD_PAST, date(2026, 3, 31), date(2027, 2, 1))


def test_a_document_whose_every_fact_is_over_is_known_only_for_the_past(corpus_dir: Path, edit: Edit) -> None:
    assert COUNTY not in _work(corpus_dir, date(2026, 12, 31), 0)
    [past] = _work(corpus_dir, date(2027, 1, 1), 0)[COUNTY].tasks
    assert (past.what, past.day) == (What.PERIOD_PAST, date(2026, 12, 31))
    edit(f"{COUNTY}.md", "50 000 kroner.[^fylket-frister]", "50 000 kroner.[^lov-om-fond]")  # one holds on
    assert COUNTY not in _work(corpus_dir, date(2027, 1, 1), 0)


def test_sentences_on_a_source_known_for_two_years_ago_are_counted_by_source(corpus_dir: Path, edit: Edit) -> None:
    edit(f"{CAPITAL}.md", "skyter inn i selskapet.[^lov-om-fond]", "skyter inn i selskapet.[^lov-om-fond@2024]")
    assert _kinds(corpus_dir, CAPITAL, date(2026, 12, 30)) == [What.REVIEW_NEAR]
    *_, old = _work(corpus_dir, date(2026, 12, 31))[CAPITAL].tasks
    assert (old.what, old.num_sentences, old.sources) == (What.SOURCE_OLD, 1, (("lov-om-fond", 1),))
    assert tell_task(old) == "let etter nyere kilder; 1 setning bygger på kilder over to år: lov-om-fond (1)"


def test_a_newer_source_beside_an_old_one_makes_the_sentence_fresh(corpus_dir: Path, edit: Edit) -> None:
    edit(f"{CAPITAL}.md", "inn i selskapet.[^lov-om-fond]", "inn i selskapet.[^lov-om-fond@2015][^lov-om-fond@2026..]")
    assert _kinds(corpus_dir, CAPITAL) == []


def test_a_source_that_nobody_has_read_for_two_years_is_old(corpus_dir: Path, edit: Edit) -> None:
    published = "publisert: 1. januar 2026\n  hentet: "
    edit("kilder.yaml", f"{published}'2026-02-01'", f"{published}'2024-04-01'")
    [task] = _work(corpus_dir)[CAPITAL].tasks
    assert (task.what, task.num_sentences) == (What.SOURCE_OLD, 3)  # the short answer and two in the body


def test_a_story_is_not_wrong_for_being_old(corpus_dir: Path, edit: Edit) -> None:
    edit(f"{STORY}.md", "første jobb.[^kommunen-frister@2026]", "første jobb.[^kommunen-frister@2015]")
    edit(f"{STORY}.md", "til: null", "til: 2026-01-02")
    assert _kinds(corpus_dir, STORY) == []


def test_the_table_has_each_owner_the_worst_first(corpus_dir: Path, edit: Edit) -> None:
    edit(f"{CAPITAL}.md", "kontrolleres_igjen: 2027-02-01", "eier: Gründerveilederen\nkontrolleres_igjen: 2026-04-02")
    edit(f"{COUNTY}.md", "kontrolleres_igjen: 2027-02-01", "kontrolleres_igjen: 2026-03-01")
    corpus = read_corpus(corpus_dir)
    lines = tell_work(find_work(corpus.documents, corpus.sources, TODAY, 60), 7, TODAY)
    assert lines == [
        "Uten eier: 1 dokument, 1 utløpt",
        "",
        f"! 2026-03-01  {COUNTY}  les dokumentet på nytt; det skulle vært gjort 2026-03-01",
        "",
        "Gründerveilederen: 1 dokument, 0 utløpt",
        "",
        f"  2026-04-02  {CAPITAL:<{len(COUNTY)}}  les dokumentet på nytt innen 2026-04-02",
        "",
        "2 dokumenter av 7 har noe å gjøre, 1 er utløpt.",
    ]


def _events(corpus: Corpus, **settings: str) -> list[dict[str, str]]:
    calendar = Calendar.from_ical(review_calendar(corpus.documents, TODAY, **settings))
    return [{key: str(event[key]) for key in ("UID", "SUMMARY", "DESCRIPTION")} for event in calendar.events]


def test_the_calendar_has_an_event_for_each_review_date_with_its_documents(corpus_dir: Path, edit: Edit) -> None:
    edit(f"{CAPITAL}.md", "kontrolleres_igjen: 2027-02-01", "eier: Gründerveilederen\nkontrolleres_igjen: 2026-03-01")
    corpus = read_corpus(corpus_dir)
    late, others = _events(corpus)
    assert late["SUMMARY"] == "Forfalt: les «Aksjekapital» i guiden på nytt"
    assert late["DESCRIPTION"] == f"{CAPITAL}: Aksjekapital (Gründerveilederen)"
    assert (others["SUMMARY"], len(others["DESCRIPTION"].splitlines())) == ("Les 6 dokumenter i guiden på nytt", 6)
    assert others["UID"] == "kontroll-2027-02-01@abc-assistenten"


def test_the_calendars_of_two_owners_do_not_overwrite_each_other(corpus_dir: Path) -> None:
    corpus = read_corpus(corpus_dir)
    assert [_events(corpus, owner=name)[0]["UID"] for name in ("Nav-rådgiver", "Fylkets kontor")] == [
        "kontroll-nav-rådgiver-2027-02-01@abc-assistenten",
        "kontroll-fylkets-kontor-2027-02-01@abc-assistenten",
    ]


@pytest.fixture
def fersk(corpus_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs the command on the tiny guide, where every review is far off; exit status, output and errors."""
    monkeypatch.setenv("ABC_CORPUS", str(corpus_dir))
    monkeypatch.setenv("ABC_INDEX", str(corpus_dir / "no-index-here"))
    for path in corpus_dir.rglob("*.md"):
        text = path.read_text(encoding="utf-8").replace(
            "kontrolleres_igjen: 2027-02-01", "kontrolleres_igjen: 2990-02-01"
        )
        path.write_text(text.replace("dato: 2026-05-15", "dato: 2990-01-01"), encoding="utf-8")

    def run(*flags: str) -> tuple[int, str, str]:
        status = main(["fersk", *flags])
        return (status, *capsys.readouterr())

    return run


def test_the_command_needs_no_index_and_exits_with_zero_whatever_it_finds(fersk, edit: Edit) -> None:
    edit(f"{CAPITAL}.md", "kontrolleres_igjen: 2990-02-01", "kontrolleres_igjen: 2020-01-01")
    status, out, err = fersk()
    assert (status, err) == (OK, "")
    assert f"! 2020-01-01  {CAPITAL}" in out


@pytest.mark.parametrize(("review", "status"), [("2990-02-01", OK), ("2020-01-01", FAULT)])
def test_for_a_timer_the_exit_tells_whether_something_has_run_out(fersk, edit: Edit, review: str, status: int) -> None:
    edit(f"{CAPITAL}.md", "kontrolleres_igjen: 2990-02-01", f"kontrolleres_igjen: {review}")
    assert fersk("--feil-ved-utløpt")[0] == status


def test_a_file_that_cannot_be_read_is_told_and_the_rest_goes_on(fersk, edit: Edit) -> None:
    edit(f"{CAPITAL}.md", "kontrolleres_igjen: 2990-02-01", "kontrolleres_igjen: snart")
    edit(f"{COUNTY}.md", "kontrolleres_igjen: 2990-02-01", "kontrolleres_igjen: 2020-01-01")
    status, out, err = fersk()
    assert (status, err.count("\n")) == (OK, 1)
    assert err.startswith(f"{CAPITAL}.md:12: kan ikke leses og er ikke med: feltet «kontrolleres_igjen»")
    assert f"! 2020-01-01  {COUNTY}" in out
    assert fersk("--feil-ved-utløpt", "--eier", "uten eier")[0] == FAULT


def test_one_owner_alone_and_one_that_nobody_is(fersk, edit: Edit) -> None:
    edit(f"{CAPITAL}.md", "kontrolleres_igjen: 2990-02-01", "eier: Nav-rådgiver\nkontrolleres_igjen: 2020-01-01")
    edit(f"{COUNTY}.md", "kontrolleres_igjen: 2990-02-01", "kontrolleres_igjen: 2020-01-01")
    _, out, _ = fersk("--eier", "nav-rådgiver", "--json")
    data = json.loads(out)
    assert [(o["owner"], [d["doc_id"] for d in o["documents"]]) for o in data["owners"]] == [
        ("Nav-rådgiver", [CAPITAL])
    ]
    assert (data["count"], data["num_past"], data["unreadable"]) == (1, 1, [])
    status, _, err = fersk("--eier", "Ola")
    assert (status, err) == (USAGE, "Ingen dokumenter har eieren «Ola». Eierne er: Nav-rådgiver, uten eier.\n")


def test_the_calendar_file_is_written(fersk, tmp_path: Path) -> None:
    target = tmp_path / "kontroll.ics"
    assert fersk("--ics", str(target)) == (OK, f"Skrev 1 kontrolldatoer til {target}.\n", "")
    assert len(Calendar.from_ical(target.read_bytes()).events) == 1


def test_a_folder_without_documents_is_a_fault(fersk, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABC_CORPUS", str(corpus_dir / "borte"))
    status, out, err = fersk()
    assert (status, out) == (FAULT, "")
    assert f"Fant ingen dokumenter å lese i {corpus_dir / 'borte'}." in err


@pytest.mark.parametrize("days", ["-1", "mange"])
def test_a_number_of_days_that_is_none_is_wrong_use(fersk, days: str) -> None:
    with pytest.raises(SystemExit, match=str(USAGE)):
        fersk("--dager", days)
