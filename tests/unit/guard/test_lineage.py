"""The root of a lineage: always the strictest that fits."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from consentry.basics.ids import PdqHex
from consentry.guard.lineage import InputSeen, Root, find_root
from consentry.guard.memory import Recollection

SHARES = st.floats(0, 1)


def seen(exposure: float, face: float = 0.0, root: float | None = None, name: str = "a") -> InputSeen:
    known = Recollection(root_exposure=root, root_pdq=None if root is None else PdqHex("f" * 64))
    return InputSeen(PdqHex(name * 64), exposure, face, known)


@pytest.mark.parametrize(
    ("inputs", "root"),
    [
        ([], Root(None, None)),
        ([seen(0.3)], Root(0.3, PdqHex("a" * 64))),
        ([seen(0.5, root=0.1)], Root(0.1, PdqHex("f" * 64))),
        ([seen(0.1, root=0.6)], Root(0.1, PdqHex("f" * 64))),
        ([seen(0.6, face=0.9), seen(0.0, name="b")], Root(0.6, PdqHex("a" * 64))),
        ([seen(0.1, face=0.9), seen(0.9, name="b")], Root(0.1, PdqHex("a" * 64))),
        ([seen(0.4), seen(0.2, name="b")], Root(0.2, PdqHex("b" * 64))),
    ],
)
def test_the_root_of_some_inputs(inputs: list[InputSeen], root: Root) -> None:
    assert find_root(inputs) == root


@given(SHARES, st.one_of(st.none(), SHARES), SHARES)
def test_what_is_remembered_never_loosens(exposure: float, remembered: float | None, other: float) -> None:
    """A wrongly linked family may lower what is allowed, never raise it."""
    plain = find_root([seen(exposure)]).exposure
    linked = find_root([seen(exposure, root=remembered)]).exposure
    assert plain is not None
    assert linked is not None
    assert linked <= plain
