"""What must never travel further is taken out of a question, and everything that only looks like it stays."""

import unicodedata

import pytest

from assistant.screen import MAX_CHARS, screen


def with_control_digits(nine: str) -> str:
    """An eleven-digit number whose last two digits are right: weighted sums that 11 divides."""
    digits = [int(digit) for digit in nine]
    for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)):
        digits.append(-sum(d * w for d, w in zip(digits, weights, strict=True)) % 11)
    assert max(digits) < 10, "these nine digits have no control digits; choose others"
    return "".join(map(str, digits))


# Born 15 June 1860, long before the numbers were introduced, so these belong to nobody. A D-number adds 4 to the day.
IDENTITY_NUMBER = with_control_digits("150660502")
D_NUMBER = with_control_digits("550660500")
# 5·1 + 4·2 + 3·3 + 2·4 + 7·5 + 6·6 + 5·7 + 4·8 + 3·9 + 2·0 = 195, and 195 + 3 = 18 · 11.
ACCOUNT = "12345678903"


@pytest.mark.parametrize("number", [IDENTITY_NUMBER, D_NUMBER])
@pytest.mark.parametrize("separator", ["", " ", "-", "."])
def test_identity_number_and_d_number_are_removed_and_named(number: str, separator: str) -> None:
    written = number[:6] + separator + number[6:]
    screened = screen(f"Jeg har nummer {written} og vil søke tilskudd.")
    assert screened.found == ("fødselsnummer",)
    assert screened.text == "Jeg har nummer og vil søke tilskudd."


def test_identity_number_glued_to_a_word_is_removed() -> None:
    assert screen(f"fnr{IDENTITY_NUMBER}, hva nå?").text == "fnr, hva nå?"


@pytest.mark.parametrize("place", [9, 10])
def test_eleven_digits_with_a_wrong_control_digit_are_no_identity_number(place: int) -> None:
    digits = list(IDENTITY_NUMBER)
    digits[place] = str((int(digits[place]) + 1) % 10)
    wrong = "".join(digits)
    assert screen(f"Saksnummer {wrong}").text == f"Saksnummer {wrong}"


@pytest.mark.parametrize("written", [ACCOUNT, "1234.56.78903", "1234 56 78903"])
def test_account_number_is_removed_and_named(written: str) -> None:
    screened = screen(f"Betal til {written} i dag")
    assert screened.found == ("kontonummer",)
    assert screened.text == "Betal til i dag"


def test_account_number_with_a_wrong_control_digit_stays() -> None:
    assert screen("Referanse 12345678904").text == "Referanse 12345678904"


@pytest.mark.parametrize(
    "written", ["41234567", "412 34 567", "22 33 44 55", "+47 412 34 567", "+4722334455", "0047 22334455"]
)
def test_phone_number_is_removed_and_named(written: str) -> None:
    screened = screen(f"Ring {written} i morgen")
    assert screened.found == ("telefonnummer",)
    assert screened.text == "Ring i morgen"


def test_phone_number_at_the_end_of_a_sentence_is_removed() -> None:
    assert "41234567" not in screen("Ring 41234567.").text


@pytest.mark.parametrize("written", ["kari.nordmann@example.no", "KARI+post@EXAMPLE.NO", "kari_n@post.ås-bedrift.no"])
def test_email_address_is_removed_and_named(written: str) -> None:
    screened = screen(f"Svar til {written}, takk")
    assert screened.found == ("e-postadresse",)
    assert screened.text == "Svar til , takk"


def test_every_kind_is_named_once_however_often_it_stands() -> None:
    screened = screen(f"{IDENTITY_NUMBER} og {D_NUMBER}, kari@example.no, ring 22 33 44 55 eller 41234567")
    assert sorted(screened.found) == ["e-postadresse", "fødselsnummer", "telefonnummer"]


@pytest.mark.parametrize(
    "harmless",
    [
        "974760673",  # organisation numbers have nine digits
        "974 760 673",
        "kr 25000000",
        "kr. 25000000",
        "NOK 25000000",
        "25000000 kroner",
        "25 000 000 kroner",
        "41234567 kr",
        "25.000.000 kroner",
        "15. mai 2026",
        "15.05.2026",
        "2026-05-15",
        "2021, 2022, 2023 og 2024",
        "2021 2022 2023 2024",
        "aksjeloven § 3-1 og §§ 16-1 til 16-20",
        "lov 13. juni 1997 nr. 44",
        "30 prosent av 1 200 000",
        "10 G",
    ],
)
def test_organisation_numbers_amounts_dates_years_and_sections_stay(harmless: str) -> None:
    screened = screen(f"Hva gjelder for {harmless} hos oss?")
    assert screened.text == f"Hva gjelder for {harmless} hos oss?"
    assert screened.found == ()


def test_a_phone_number_after_an_amount_is_still_removed() -> None:
    assert screen("Vi fikk kr 200000, ring 41234567").text == "Vi fikk kr 200000, ring"


@pytest.mark.parametrize(
    "invisible", ["\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "\u00ad", "\U000e0041", "\x00"]
)
def test_invisible_characters_are_stripped(invisible: str) -> None:
    assert screen(f"Hvem kan {invisible}sø{invisible}ke?").text == "Hvem kan søke?"


def test_an_identity_number_hidden_by_invisible_characters_is_removed() -> None:
    screened = screen("\u200b".join(IDENTITY_NUMBER))
    assert screened.found == ("fødselsnummer",)
    assert not any(character.isdigit() for character in screened.text)


def test_norwegian_letters_typed_as_two_code_points_become_one() -> None:
    decomposed = unicodedata.normalize("NFD", "Må vi ha årsregnskap?")
    assert screen(decomposed).text == "Må vi ha årsregnskap?"


def test_line_breaks_and_tabs_become_single_spaces() -> None:
    assert screen("  Hvem\n\nkan\tsøke?  ").text == "Hvem kan søke?"


def test_the_longest_question_passes_and_one_more_character_does_not() -> None:
    longest, too_long = screen("a" * MAX_CHARS), screen("a" * (MAX_CHARS + 1))
    assert (longest.text, longest.is_too_long) == ("a" * MAX_CHARS, False)
    assert (too_long.text, too_long.is_too_long) == ("", True)


@pytest.mark.parametrize("nothing", ["", "   \n", "🙂", "🙂🙂 👍🏽", "?!…", "\u200b"])
def test_what_has_no_word_is_empty(nothing: str) -> None:
    assert screen(nothing).is_empty


def test_only_personal_data_leaves_nothing_and_says_what_it_was() -> None:
    screened = screen(f" {IDENTITY_NUMBER} ")
    assert (screened.is_empty, screened.found) == (True, ("fødselsnummer",))


def test_an_emoji_beside_words_does_not_make_them_empty() -> None:
    assert not screen("Hvem kan søke? 🙂").is_empty
