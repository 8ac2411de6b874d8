"""The index answers exactly what a comparison with every hash answers, with tables and without."""

import numpy as np
import pytest

from consentry.basics.ids import PdqHex
from consentry.matching import index as module
from consentry.matching.index import PdqIndex


def random_hashes(count: int, seed: int) -> list[PdqHex]:
    rng = np.random.default_rng(seed)
    return [PdqHex(rng.bytes(32).hex()) for _ in range(count)]


def with_errors(value: PdqHex, places: np.ndarray) -> PdqHex:
    number = int(value, 16)
    for place in places.tolist():
        number ^= 1 << place
    return PdqHex(f"{number:064x}")


@pytest.fixture(params=["every hash compared", "tables"])
def few_or_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TABLES_FROM", 1 if request.param == "tables" else 10**9)


@pytest.mark.usefixtures("few_or_many")
def test_every_hash_within_the_distance_is_found_and_none_beyond() -> None:
    rng = np.random.default_rng(7)
    stored = random_hashes(300, 5)
    index = PdqIndex()
    index.build(stored, range(300))
    for key in range(0, 300, 3):
        errors = int(rng.integers(0, 40))
        asked = with_errors(stored[key], rng.choice(256, errors, replace=False))
        slow = sorted(
            ((d, k) for k, one in enumerate(stored) if (d := (int(one, 16) ^ int(asked, 16)).bit_count()) <= 31)
        )
        assert index.query(asked) == [(k, d) for d, k in slow]
        assert bool(slow) == (errors <= 31)


@pytest.mark.usefixtures("few_or_many")
def test_the_worst_spread_of_31_errors_is_found() -> None:
    """Two errors in each piece of 22 bits and one in each of 20 is the last case that a piece still catches."""
    value = random_hashes(1, 9)[0]
    index = PdqIndex()
    index.build([value], [42])
    places = [place * 22 + k for place in range(8) for k in (0, 21, 11)] + [176 + place * 20 for place in range(4)]
    places += [176 + place * 20 + 19 for place in range(4)]
    asked = with_errors(value, np.array(places[:31]))
    assert index.query(asked) == [(42, 31)]
    assert index.query(with_errors(value, np.array(places[:32]))) == []


@pytest.mark.usefixtures("few_or_many")
def test_adding_and_removing_change_the_answer() -> None:
    first, second = random_hashes(2, 11)
    index = PdqIndex()
    index.add(first, 1)
    index.add(second, 2)
    assert index.query(first) == [(1, 0)]
    index.remove(1)
    assert index.query(first) == []
    assert index.query(PdqHex("0" * 64)) == []
    index.add(first, 1)
    assert index.query(first) == [(1, 0)]
    assert len(index) == 2
    with pytest.raises(ValueError, match="stored already"):
        index.add(second, 2)


def test_as_many_ids_as_hashes_and_none_twice() -> None:
    with pytest.raises(ValueError, match="one id"):
        PdqIndex().build(random_hashes(2, 1), [1])
    with pytest.raises(ValueError, match="one id"):
        PdqIndex().build(random_hashes(2, 1), [1, 1])
