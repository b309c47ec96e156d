"""`abc` as a person or a script meets it: Norwegian words, exit codes that mean something, and never a traceback."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import assistant.answer
from assistant.cli import FAULT, NO_ANSWER, OK, USAGE, main
from assistant.config import Config, ConfigError, read_config
from assistant.evidence import Sufficiency
from index.build import build_index
from index.document import read_corpus
from index.embed import Embedder, load_embedder
from index.versions import read_pointer

QUESTION = "Hvem kan søke etableringsfondet?"
Abc = Callable[..., tuple[int, str, str]]
Batch = Callable[[bytes], tuple[int, list[dict[str, Any]]]]
Write = Callable[[Path, str], Path]
ENGLISH_HELP = re.compile(r"usage|optional arguments|positional arguments|show this help|^options", re.I | re.M)


@pytest.fixture(autouse=True)
def environment(
    corpus_dir: Path, index_home: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> pytest.MonkeyPatch:
    """The tiny guide in the settings, with the arithmetic embedder for whatever model is named."""
    for name in [name for name in os.environ if name.startswith("ABC_")]:
        monkeypatch.delenv(name)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, "1")  # `main` sets them for good
    monkeypatch.setenv("ABC_CORPUS", str(corpus_dir))
    monkeypatch.setenv("ABC_INDEX", str(index_home))
    monkeypatch.setattr("assistant.live.load_embedder", lambda name: embedder)
    monkeypatch.setattr("assistant.build.run.load_embedder", lambda name: embedder)
    monkeypatch.setattr("index.embed.load_embedder", lambda name: embedder)
    return monkeypatch


@pytest.fixture
def abc(capsys: pytest.CaptureFixture[str]) -> Abc:
    """Runs one command: its exit code, what it wrote, and what it complained about."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = main(list(arguments))
        except SystemExit as stop:  # argparse leaves this way
            code = stop.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def built(built_home: Path, index_home: Path) -> str:
    """The name of the first version of the tiny guide, which is in use."""
    return read_pointer(shutil.copytree(built_home, index_home))


def assert_one_fault(result: tuple[int, str, str], *words: str, code: int = FAULT) -> None:
    """The command stopped with one message on stderr that has these words, and nothing on stdout."""
    assert (result[0], result[1]) == (code, "")
    assert "Traceback" not in result[2]
    assert result[2].strip()
    for word in words:
        assert word in result[2]


# Help


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ([], ["kommandoer", "serve", "ask", "index", "validate", "version"]),
        (["serve"], ["valg", "--host", "--port", "--watch"]),
        (["ask"], ["argumenter", "SPØRSMÅL", "--batch", "--json"]),
        (["ordninger"], ["--kan-søke", "--sted", "--som-av", "--sammenlign", "--ics", "--json"]),
        (["index"], ["build", "status", "versions", "rollback"]),
        (["index", "build"], ["--force"]),
        (["index", "status"], ["--json"]),
        (["index", "versions"], ["--json"]),
        (["index", "rollback"], ["Bytter til forrige"]),
        (["validate"], ["FIL"]),
        (["version"], ["Viser versjonen"]),
    ],
)
def test_help_is_in_norwegian(abc: Abc, command: list[str], words: list[str]) -> None:
    code, out, err = abc(*command, "--help")
    assert (code, err) == (OK, "")
    assert out.startswith(" ".join(["bruk: abc", *command]))
    assert ENGLISH_HELP.search(out) is None
    for word in [*words, "vis denne hjelpen"]:
        assert word in out


def test_help_has_a_norwegian_flag_too(abc: Abc) -> None:
    assert abc("--hjelp") == abc("--help")


@pytest.mark.parametrize(
    "arguments", [[], ["finnes-ikke"], ["ask", "--finnes-ikke"], ["serve", "--port", "x"], ["index"]]
)
def test_wrong_use_points_to_the_help_with_its_own_exit_code(abc: Abc, arguments: list[str]) -> None:
    assert_one_fault(abc(*arguments), "Feil bruk", "Se hjelpen: abc", "--help", code=USAGE)


def test_a_flag_can_not_be_shortened(abc: Abc, built: str) -> None:
    assert abc("ask", "--js", QUESTION)[0] == USAGE


def test_version_is_named(abc: Abc) -> None:
    code, out, err = abc("version")
    assert (code, err) == (OK, "")
    assert re.fullmatch(r"abc \d+\.\d+\.\d+\n", out)


# Questions


def test_a_question_is_answered_with_its_sources_below(abc: Abc, built: str) -> None:
    code, out, err = abc("ask", QUESTION)
    assert (code, err) == (OK, "")
    assert out.startswith("Aksjeselskap og stiftelser kan søke etableringsfondet. [1]")
    assert re.search(r"^\[1\] Etableringsfondet › Hvem kan søke \(regel\)\. Lovdata: Lov om fond\.", out, re.M)


def test_json_is_one_line_that_a_program_can_read(abc: Abc, built: str) -> None:
    code, out, err = abc("ask", "--json", QUESTION)
    assert (code, err, out.count("\n")) == (OK, "", 1)
    data = json.loads(out)
    assert data["status"] == "answered"
    assert data["citations"][0]["quote"] == "Aksjeselskap og stiftelser kan søke etableringsfondet."
    assert "søke" in out  # as letters, not escapes


@pytest.mark.parametrize("sufficiency", [Sufficiency.UNKNOWN, Sufficiency.OUT_OF_SCOPE])
def test_a_question_that_the_guide_does_not_answer_has_an_exit_code_of_its_own(
    abc: Abc, built: str, environment: pytest.MonkeyPatch, sufficiency: Sufficiency
) -> None:
    gather = assistant.answer.gather
    environment.setattr(assistant.answer, "gather", lambda *a: replace(gather(*a), sufficiency=sufficiency))
    code, out, err = abc("ask", "--json", QUESTION)
    assert (code, err) == (NO_ANSWER, "")
    assert json.loads(out)["citations"] == []
    code, out, err = abc("ask", QUESTION)
    assert (code, err) == (NO_ANSWER, "")
    assert "[1]" not in out


@pytest.mark.parametrize(
    ("question", "status"),
    [("", "clarify"), ("🙂👍", "clarify"), ("a" * 100_000, "blocked"), ("22 33 44 55", "personal_data")],
)
def test_what_can_not_be_searched_for_gets_an_answer_that_says_why(
    abc: Abc, built: str, question: str, status: str
) -> None:
    code, out, err = abc("ask", "--json", question)
    assert (code, err) == (NO_ANSWER, "")
    data = json.loads(out)
    assert (data["status"], data["citations"]) == (status, [])
    assert len(data["text"]) < 300
    assert abc("ask", question)[1].strip() == data["text"]


@pytest.mark.parametrize("arguments", [["ask"], ["ask", QUESTION, "--batch", "fil.jsonl"]])
def test_a_question_and_a_file_can_not_both_be_asked_and_one_must(abc: Abc, built: str, arguments: list[str]) -> None:
    assert_one_fault(abc(*arguments), "enten et spørsmål", "--batch")


def test_explain_shows_why_each_hit_came_and_gives_no_answer(abc: Abc, built: str) -> None:
    question = "Når er søknadsfristen for etableringsfondet?"
    code, out, _ = abc("ask", question, "--explain")
    assert code == OK
    assert "ordninger/etableringsfondet#frister" in out.split(" 2. ")[0]
    assert "15. mai" not in out
    data = json.loads(abc("ask", question, "--explain", "--json")[1])
    assert data["hits"][0]["section"] == "ordninger/etableringsfondet#frister"
    assert sum(data["hits"][0]["added"].values()) == pytest.approx(data["hits"][0]["score"], abs=0.02)


def test_filters_are_given_beside_the_question_and_said_with_the_answer(abc: Abc, built: str) -> None:
    question = "Hvilke tilskudd finnes?"
    code, out, _ = abc("ask", question, "--form", "AS", "--sted", "skien", "--fase", "Oppstart")
    assert code == OK
    assert "(filter: aksjeselskap · Skien · fase: oppstart)" in out
    assert "(Filter: Aksjeselskap (AS) · Skien · Oppstart)" in out
    data = json.loads(abc("ask", question, "--form", "aksjeselskap", "--json")[1])
    assert data["filters"] == {"form": "aksjeselskap", "place": "", "phase": ""}
    assert "Filter: " not in abc("ask", question)[1]


@pytest.mark.parametrize(
    ("flag", "words"),
    [("--form", ["organisasjonsform", "aksjeselskap, stiftelse"]), ("--sted", ["sted", "Vestfold, Færder"]),
     ("--fase", ["fase", "oppstart"])],
)  # fmt: skip
def test_an_unknown_filter_names_the_known_ones(abc: Abc, built: str, flag: str, words: list[str]) -> None:
    assert_one_fault(abc("ask", QUESTION, flag, "månen"), "«månen»", *words)


@pytest.mark.parametrize("other", [["--batch", "fil.jsonl"], [QUESTION, "--explain"]])
def test_filters_are_for_the_answer_to_one_question(abc: Abc, built: str, other: list[str]) -> None:
    assert_one_fault(abc("ask", *other, "--form", "stiftelse"), "--form", "ett spørsmål")


# Many questions from a file


@pytest.fixture
def batch(abc: Abc, tmp_path: Path) -> Batch:
    """Runs `abc ask --batch --json` on a file: the exit code and one answer per line."""

    def run(lines: bytes) -> tuple[int, list[dict[str, Any]]]:
        file = tmp_path / "spørsmål.jsonl"
        file.write_bytes(lines)
        code, out, err = abc("ask", "--json", "--batch", str(file))
        assert err == ""
        return code, [json.loads(line) for line in out.splitlines()]

    return run


def as_line(**row: object) -> bytes:
    return json.dumps(row).encode() + b"\n"


def test_a_batch_answers_the_last_turn_of_each_line_in_order(batch: Batch, built: str) -> None:
    code, answers = batch(
        as_line(id="b", turns=[QUESTION, "Og når er fristen?"])
        + as_line(id="a", turns=["🙂"])
        + as_line(id=7, turns=[QUESTION])
    )
    assert code == OK
    assert [(row["id"], row["status"]) for row in answers] == [
        ("b", "answered"),
        ("a", "clarify"),
        ("7", "answered"),
    ]
    assert "15. mai 2026" in answers[0]["text"]


@pytest.mark.parametrize(
    "broken",
    [
        b"tull\n",
        b'{"id": "x"\n',
        b'{"turns": ["hei"]}\n',
        b'{"id": "x"}\n',
        b'{"id": "x", "turns": []}\n',
        b'{"id": "x", "turns": "hei"}\n',
        b'{"id": "x", "turns": [1]}\n',
        b"[1]\n",
        b"null\n",
        b"\xff\xfe\n",
    ],
)
def test_a_broken_line_gets_an_answer_that_names_it_and_the_others_theirs(
    batch: Batch, built: str, broken: bytes
) -> None:
    code, answers = batch(as_line(id="før", turns=[QUESTION]) + broken + as_line(id="etter", turns=[QUESTION]))
    assert code == FAULT
    assert [row["status"] for row in answers] == ["answered", "error", "answered"]
    assert (answers[0]["id"], answers[2]["id"]) == ("før", "etter")
    assert answers[1]["text"].startswith("Kan ikke lese linje 2: ")
    assert answers[1]["citations"] == []


def test_each_line_of_a_batch_has_filters_of_its_own(batch: Batch, built: str) -> None:
    code, answers = batch(
        as_line(id="a", turns=["Hvilke tilskudd finnes?"], filters={"form": "stiftelse", "place": None})
        + as_line(id="b", turns=["Hvilke tilskudd finnes?"])
    )
    assert code == OK
    assert [row["filters"]["form"] for row in answers] == ["stiftelse", ""]


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        ({"form": "gmbh"}, "Ukjent organisasjonsform «gmbh». Velg en av: aksjeselskap, stiftelse"),
        ({"sted": "Skien"}, "Filtre oppgis med feltene form, place, phase"),
        ("Skien", "Filtre oppgis med feltene form, place, phase"),
    ],
)
def test_a_line_with_unknown_filters_says_which_there_are(
    batch: Batch, built: str, filters: object, reason: str
) -> None:
    code, answers = batch(as_line(id="a", turns=[QUESTION], filters=filters))
    assert code == FAULT
    assert answers[0]["text"] == f"Kan ikke lese linje 1: {reason}."


def test_a_broken_line_keeps_its_id_where_it_can_be_read(batch: Batch, built: str) -> None:
    _, answers = batch(as_line(id="x", turns=[]) + b"tull\n")
    assert [row["id"] for row in answers] == ["x", "linje 2"]


def test_blank_lines_are_not_questions(batch: Batch, built: str) -> None:
    code, answers = batch(b"\n" + as_line(id="a", turns=[QUESTION]) + b"   \n\r\n")
    assert (code, [row["id"] for row in answers]) == (OK, ["a"])


def test_an_empty_or_endless_turn_in_a_batch_is_answered_as_such(batch: Batch, built: str) -> None:
    code, answers = batch(as_line(id="a", turns=[""]) + as_line(id="b", turns=["a" * 100_000]))
    assert (code, [row["status"] for row in answers]) == (OK, ["clarify", "blocked"])


def test_a_batch_file_that_is_not_there_is_named(abc: Abc, built: str, tmp_path: Path) -> None:
    assert_one_fault(abc("ask", "--batch", str(tmp_path / "borte.jsonl")), "finnes ikke", "borte.jsonl")


# Settings


def test_an_unknown_setting_is_named_with_the_known_ones(abc: Abc, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ABC_CORPSU", "x")
    assert_one_fault(abc("version"), "Ukjent innstilling ABC_CORPSU", "ABC_CORPUS", "ABC_INDEX")


def test_a_setting_that_must_be_a_number_says_so(abc: Abc, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ABC_PORT", "åtti")
    assert_one_fault(abc("version"), "ABC_PORT må være et helt tall", "«åtti»")


def test_an_unknown_kind_of_language_model_is_refused(abc: Abc, built: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ABC_LLM", "gpt")
    assert_one_fault(abc("ask", QUESTION), "ABC_LLM må være", "«gpt»")


def test_settings_are_read_with_their_types_and_others_are_left_alone() -> None:
    config = read_config({"ABC_PORT": "8080", "ABC_INDEX": "/x", "ABC_LLM": "ollama:m", "HOME": "/h"})
    assert config == Config(port=8080, index=Path("/x"), llm="ollama:m")


def test_no_settings_are_the_defaults_and_only_this_machine_is_served() -> None:
    assert read_config({}) == Config()
    assert (Config().host, Config().llm) == ("127.0.0.1", "")


def test_the_key_of_the_language_model_is_never_shown() -> None:
    config = read_config({"ABC_LLM_KEY": "hemmelig-123"})
    assert config.llm_key == "hemmelig-123"
    assert "hemmelig-123" not in f"{config!r} {config}"


def test_an_unknown_setting_raises_before_anything_is_read() -> None:
    with pytest.raises(ConfigError, match="ABC_FEIL"):
        read_config({"ABC_FEIL": "", "ABC_PORT": "x"})


# The index


@pytest.mark.parametrize(
    "arguments", [["ask", QUESTION], ["index", "status"], ["index", "versions"], ["index", "rollback"]]
)
def test_without_an_index_every_command_says_how_to_build_one(abc: Abc, arguments: list[str]) -> None:
    assert_one_fault(abc(*arguments), "ikke bygd noen indeks", "abc index build")


def test_an_index_built_with_another_model_is_refused_with_both_named(
    abc: Abc, corpus_dir: Path, index_home: Path, embedder: Embedder
) -> None:
    other = type(embedder)(name="annen-modell", fingerprint="annet-1")
    build_index(read_corpus(corpus_dir), index_home, other)
    for arguments in (["ask", QUESTION], ["index", "status"]):
        assert_one_fault(abc(*arguments), "annen-modell (annet-1)", "ordsum (ordsum-1)", "abc index build")


def test_a_build_reports_what_it_did_and_a_second_one_that_nothing_changed(abc: Abc) -> None:
    code, out, _ = abc("index", "build")
    assert code == OK
    assert "dette er den første versjonen.\nlagt til: 7\n  aktorer/as-nav-kontor\n" in out
    assert re.search(r"^Versjon 000001-[0-9a-f]{8} er i bruk: \d+ biter, 0 gjenbrukt", out, re.M)

    code, out, _ = abc("index", "build")
    assert code == OK
    assert re.fullmatch(r"Ingenting er endret siden versjon 000001-[0-9a-f]{8}, som er i bruk.\n", out)


def test_a_build_names_the_documents_that_changed(abc: Abc, built: str, corpus_dir: Path, write: Write) -> None:
    file = corpus_dir / "guide/aksjekapital.md"
    write(file, file.read_text(encoding="utf-8").replace("30 000", "45 000"))
    code, out, _ = abc("index", "build")
    assert code == OK
    assert "endret: 1\n  guide/aksjekapital: teksten er endret\n" in out
    assert "uendret: 6\n" in out
    assert "30 000 kroner → 45 000 kroner" in out


def test_an_invalid_corpus_is_listed_and_leaves_the_old_index_serving(
    abc: Abc, built: str, corpus_dir: Path, write: Write
) -> None:
    write(corpus_dir / "guide/aksjekapital.md", "uten hode")
    write(corpus_dir / "guide/tilskudd-fra-fylket.md", "---\ntittel: x\n---\n")
    result = abc("index", "build")
    assert_one_fault(result, "guide/aksjekapital.md:1: feil:", "guide/tilskudd-fra-fylket.md:", "Ingenting er endret")
    assert "30 000 kroner" in abc("ask", "Hvor mye aksjekapital må vi ha?")[1]
    assert abc("index", "versions")[1].count("\n") == 1


def test_a_corpus_that_lost_most_of_its_documents_is_built_only_by_force(
    abc: Abc, built: str, corpus_dir: Path
) -> None:
    for name in ("aksjekapital", "tilskudd-fra-fylket", "tilskot-fra-kommunen"):
        (corpus_dir / f"guide/{name}.md").unlink()
    code, out, complaint = abc("index", "build")
    assert (code, "fjernet: 3\n  guide/aksjekapital\n" in out) == (FAULT, True)
    assert "3 av 7 dokumenter" in complaint and "--force" in complaint
    assert abc("index", "versions")[1].count("\n") == 1
    assert abc("index", "build", "--force")[0] == OK


def test_a_missing_corpus_is_named(abc: Abc, environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("ABC_CORPUS", str(tmp_path / "borte"))
    assert_one_fault(abc("index", "build"), "borte", "Ingenting er endret")


def test_status_shows_the_version_in_use_and_that_it_is_whole(abc: Abc, built: str) -> None:
    code, out, err = abc("index", "status")
    assert (code, err) == (OK, "")
    assert built in out
    assert "Indeksen er hel." in out
    data = json.loads(abc("index", "status", "--json")[1])
    assert (data["version"], data["num_documents"], data["healthy"]) == (built, 7, True)


def test_an_index_that_lost_its_vectors_is_a_fault_that_says_how_to_mend_it(
    abc: Abc, built: str, environment: pytest.MonkeyPatch
) -> None:
    environment.setattr("index.store.VectorStore.count", lambda store: 0)
    code, out, _ = abc("index", "status")
    assert code == FAULT
    assert "mistet vektorer" in out
    assert "abc index build --force" in out
    code, out, _ = abc("index", "status", "--json")
    assert (code, json.loads(out)["healthy"]) == (FAULT, False)


def test_rollback_takes_the_version_before_into_use_and_versions_show_it(
    abc: Abc, built: str, corpus_dir: Path, write: Write
) -> None:
    file = corpus_dir / "guide/aksjekapital.md"
    write(file, file.read_text(encoding="utf-8").replace("30 000", "45 000"))
    abc("index", "build")
    rows = [json.loads(line) for line in abc("index", "versions", "--json")[1].splitlines()]
    assert [row["current"] for row in rows] == [False, True]

    code, out, _ = abc("index", "rollback")
    assert (code, out) == (OK, f"Versjon {built} er i bruk igjen.\n")
    shown = abc("index", "versions")[1].splitlines()
    assert [line[0] for line in shown] == ["→", " "]
    assert shown[0].split()[1] == built
    assert "30 000 kroner" in abc("ask", "Hvor mye aksjekapital må vi ha?")[1]


def test_there_is_nothing_to_roll_back_to_from_the_first_version(abc: Abc, built: str) -> None:
    assert_one_fault(abc("index", "rollback"), "ingen eldre versjon", built)
    assert built in abc("index", "status")[1]


# The corpus


def test_a_whole_corpus_is_valid(abc: Abc) -> None:
    code, out, err = abc("validate")
    assert (code, err) == (OK, "")
    assert out.splitlines()[-1].startswith("0 feil, ")


def test_an_unmarked_sentence_is_an_error_with_file_and_line(abc: Abc, corpus_dir: Path, write: Write) -> None:
    file = corpus_dir / "guide/aksjekapital.md"
    write(file, file.read_text(encoding="utf-8") + "\nHer er det ingen kilde.\n")
    code, out, err = abc("validate")
    line = len(file.read_text(encoding="utf-8").splitlines())
    assert (code, err) == (FAULT, "")
    assert f"guide/aksjekapital.md:{line}: feil: setningen «Her er det ingen kilde.» mangler kildemerke" in out
    assert "\n1 feil, " in out


def test_only_the_faults_of_the_named_files_are_shown(abc: Abc, corpus_dir: Path, write: Write) -> None:
    write(corpus_dir / "guide/aksjekapital.md", "uten hode")
    write(corpus_dir / "guide/tilskudd-fra-fylket.md", "uten hode")
    code, out, _ = abc("validate", str(corpus_dir / "guide/aksjekapital.md"))
    assert code == FAULT
    assert "guide/aksjekapital.md" in out
    assert "tilskudd-fra-fylket" not in out
    assert abc("validate", str(corpus_dir / "historier/kafe-over-asen.md"))[0] == OK


def test_the_state_of_the_guide_is_written_when_nothing_is_wrong(abc: Abc, corpus_dir: Path, write: Write) -> None:
    code, out, _ = abc("validate", "--status")
    assert code == OK
    assert "STATUS.md" in out
    assert (corpus_dir / "STATUS.md").read_text(encoding="utf-8").startswith("# ")
    (corpus_dir / "STATUS.md").unlink()
    write(corpus_dir / "guide/aksjekapital.md", "uten hode")
    assert abc("validate", "--status")[0] == FAULT
    assert not (corpus_dir / "STATUS.md").exists()


# The server


def test_a_port_in_use_is_a_fault_that_says_how_to_choose_another(
    abc: Abc, built: str, environment: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment.setenv("ABC_PORT", str(port))
        assert_one_fault(abc("serve"), f"127.0.0.1:{port}", "abc serve --port")


# What a command costs


def modules_after(*arguments: str) -> set[str]:
    """The top-level modules that a fresh Python has imported when the command has run."""
    program = (
        "import sys\n"
        "from assistant.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit:\n    pass\n"
        "print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout
    return set(done.stderr.split())


HEAVY = {
    "llama_index", "gradio", "fastapi", "sqlalchemy", "torch", "sentence_transformers", "transformers", "pandas",
    "scipy", "bm25s", "matplotlib", "icalendar", "docx", "chromadb",
}  # fmt: skip


def test_a_question_without_a_language_model_imports_nothing_heavy(
    corpus_dir: Path, index_home: Path, environment: pytest.MonkeyPatch
) -> None:
    environment.undo()
    environment.setenv("ABC_CORPUS", str(corpus_dir))
    environment.setenv("ABC_INDEX", str(index_home))
    build_index(read_corpus(corpus_dir), index_home, load_embedder())
    imported = modules_after("ask", QUESTION)
    assert {"numpy", "tokenizers"} <= imported  # it did answer
    assert imported & HEAVY == set()


def test_help_imports_nothing_heavy() -> None:
    assert modules_after("--help") & {*HEAVY, "numpy", "pydantic"} == set()
    assert modules_after("version") & {*HEAVY, "numpy", "pydantic"} == set()


def test_a_build_lists_twenty_faults_and_says_where_the_rest_are(
    abc: Abc, built: str, corpus_dir: Path, write: Write
) -> None:
    for number in range(30):
        write(corpus_dir / f"guide/feil-{number}.md", "uten hode")
    code, _, complaint = abc("index", "build")
    assert code == FAULT
    assert complaint.count(": feil:") == 20
    assert "30 feil i corpus" in complaint
    assert "abc validate" in complaint
