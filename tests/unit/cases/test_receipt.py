"""The receipt code: strong, forgiving to type, silent in errors."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentry.cases.errors import ReceiptError
from consentry.cases.receipt import ALPHABET, Locator, Receipt, parse

KNOWN = Receipt(Locator("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[:8]), "ZYXWVTSRQPNMKJHGFEDC")


def test_a_code_reads_back_as_itself() -> None:
    receipt = Receipt.new()
    assert parse(receipt.code) == receipt
    assert len(receipt.code) == 39
    assert receipt.code.startswith("R1")


def test_the_code_of_a_known_receipt_never_changes() -> None:
    assert KNOWN.code == "R101-2345-67ZY-XWVT-SRQP-NMKJ-HGFE-DCTB"


def test_the_secret_alone_has_100_bits_and_shows_nowhere() -> None:
    assert len(KNOWN.secret) * 5 >= 100
    assert KNOWN.secret not in repr(KNOWN)
    assert KNOWN.secret_bytes.startswith(b"consentry-receipt-R1:")
    assert len({Receipt.new().code for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    "typed",
    [
        "r101 2345 67zy xwvt srqp nmkj hgfe dctb",
        "R1O1-2345-67ZY-XWVT-SRQP-NMKJ-HGFE-DCTB",
        "RIOI-2345-67ZY-XWVT-SRQP-NMKJ-HGFE-DCTB",
        "Rl0l-2345-67ZY-XWVT-SRQP-NMKJ-HGFE-DCTB",
        "Ｒ１０１ー２３４５ー６７ＺＹーＸＷＶＴーＳＲＱＰーＮＭＫＪーＨＧＦＥーＤＣＴＢ",
        "  R1012345\t67ZYXWVT\nSRQPNMKJ—HGFEDCTB  ",
    ],
)
def test_typing_is_forgiven(typed: str) -> None:
    assert parse(typed) == KNOWN


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "R1",
        "x" * 5000,
        "R101-2345-67ZY-XWVT-SRQP-NMKJ-HGFE-DCT",
        "R201-2345-67ZY-XWVT-SRQP-NMKJ-HGFE-DCTB",
        "R101-2345-67ZY-XWVT-SRQP-NMKJ-HGFE-DCUB",
        "R101-2345-67ZY-XWVT-SRQP-NMKJ-HGFE-DC受B",
    ],
)
def test_what_cannot_be_a_code_is_refused_without_being_repeated(typed: str) -> None:
    with pytest.raises(ReceiptError) as caught:
        parse(typed)
    assert "67ZY" not in str(caught.value)
    assert "x" * 20 not in str(caught.value)


def test_every_single_wrong_symbol_and_every_swap_is_noticed() -> None:
    plain = KNOWN.code.replace("-", "")
    for at in range(1, len(plain)):
        for sign in set(ALPHABET) - {plain[at]}:
            with pytest.raises(ReceiptError):
                parse(plain[:at] + sign + plain[at + 1 :])
    for a, b in itertools.combinations(range(2, len(plain)), 2):
        swapped = list(plain)
        swapped[a], swapped[b] = swapped[b], swapped[a]
        if swapped != list(plain):
            with pytest.raises(ReceiptError):
                parse("".join(swapped))


@given(st.data())
def test_any_two_wrong_symbols_are_noticed(data: st.DataObject) -> None:
    plain = list(KNOWN.code.replace("-", ""))
    places = data.draw(st.lists(st.integers(2, len(plain) - 1), min_size=2, max_size=2, unique=True))
    for at in places:
        plain[at] = data.draw(st.sampled_from(sorted(set(ALPHABET) - {plain[at]})))
    with pytest.raises(ReceiptError):
        parse("".join(plain))


@given(st.text(max_size=120))
def test_no_text_makes_it_fail_in_another_way(typed: str) -> None:
    try:
        parse(typed)
    except ReceiptError:
        return
    assert typed.strip()
