from hypothesis import given
from hypothesis import strategies as st

from loaders.folding import fold

# Plain, full-width, Kangxi and other radicals, characters that grow when folded, characters outside the BMP.
ODD = [*"ＡＺ０９％，（）", *"⾎⼥⽯⻄⻢", *"Ⅲ㎎℃ﬁ㍉", *"😀𠮷𝟗", "\u3000"]
CHARACTERS = st.sampled_from([*"骨病aZ09≥%,。 \n", *ODD])
TEXTS = st.text(CHARACTERS, max_size=40)


@given(TEXTS)
def test_every_folded_character_comes_from_one_raw_character(text: str) -> None:
    folded = fold(text)

    for place, character in enumerate(folded.text):
        start, end = folded.span(place, place + 1)
        assert end == start + 1
        assert character in fold(text[start:end]).text


@given(TEXTS, TEXTS)
def test_what_is_found_is_what_stands_there(before: str, after: str) -> None:
    needle = "血钙≥2.1mmol/L"
    printed = "⾎钙≥２.１mmol/L"

    spans = list(fold(before + printed + after).find_all(needle))

    assert (len(before), len(before) + len(printed)) in spans


@given(TEXTS, TEXTS, TEXTS)
def test_characters_put_in_before_shift_offsets_by_their_number(before: str, more: str, after: str) -> None:
    needle = "地舒单抗"
    text = before + needle + after

    first = list(fold(text).find_all(needle))
    shifted = list(fold(more + text).find_all(needle))

    assert [(start + len(more), end + len(more)) for start, end in first] == shifted


@given(TEXTS)
def test_positions_go_there_and_back(text: str) -> None:
    folded = fold(text)

    for place, raw in enumerate(folded.origins):
        position = folded.position(raw)
        assert folded.origins[position] == raw
        assert position <= place


def test_radicals_that_normalisation_leaves_are_folded_too() -> None:
    assert fold("中⻄医⾎液⼥⽯").text == "中西医血液女石"
