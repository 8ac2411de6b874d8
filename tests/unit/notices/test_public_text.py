"""What must not stand in a public text, in English and inside Japanese."""

import pytest

from consentry.notices.phrases import phrases
from consentry.notices.public_text import Leak, leaks


@pytest.mark.parametrize(
    ("text", "leak"),
    [
        ("See https://pictures.example/p/1", Leak.WEB_ADDRESS),
        ("画像はpictures.exampleにあります", Leak.WEB_ADDRESS),
        ("www.pictures", Leak.WEB_ADDRESS),
        ("served from 203.0.113.7", Leak.WEB_ADDRESS),
        ("write to hanako@mail.test", Leak.EMAIL),
        ("投稿者は@tarouです", Leak.HANDLE),
        ("by @山田 yesterday", Leak.HANDLE),
        ("posted by u/someone", Leak.HANDLE),
        ("hash " + "ab12" * 16, Leak.HASH),
        ("ハッシュ" + "AB12" * 8 + "です", Leak.HASH),
        ("the file IMG_2034.JPG", Leak.FILE_NAME),
        ("写真.png", Leak.FILE_NAME),
        ("call +81 90-1234-5678", Leak.TELEPHONE),
        ("電話０９０－１２３４－５６７８", Leak.TELEPHONE),
        ("ｈｔｔｐｓ：／／pictures.example", Leak.WEB_ADDRESS),
    ],
)
def test_what_is_found(text: str, leak: Leak) -> None:
    assert leak in leaks(text)


def test_what_the_caller_knows_is_found_in_any_case_and_width() -> None:
    assert leaks("posted by ＹＡＭＡＤＡ hanako", ["Yamada Hanako"]) == (Leak.KNOWN_PERSONAL,)
    assert leaks("posted by nobody", ["", "  ", "Yamada"]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Removed after a notice from the person depicted. No personal data.",
        "TAKE IT DOWN Act (PL 119-12), 3(a)",
        "Regulation (EU) 2022/2065, art. 16",
        "情報流通プラットフォーム対処法 (Act 137 of 2001 as amended), 27",
        "On 2026-11-25 at 09:00 UTC",
        "House terms: nonconsensual_sexualised",
    ],
)
def test_what_is_harmless(text: str) -> None:
    assert leaks(text) == ()


def test_our_own_sentences_are_clean() -> None:
    for codes in phrases().values():
        for words in codes.values():
            assert leaks(words["en"]) == ()
            assert leaks(words["ja"]) == ()
