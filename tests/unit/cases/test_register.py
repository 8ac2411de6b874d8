"""Adult and child never join again."""

from consentry.cases.register import Register, joined, may_bank, may_merge, may_preview, register_of


def test_dr_03_child_wins_in_every_order_and_never_turns_back() -> None:
    for other in Register:
        assert joined(Register.CHILD, other) is Register.CHILD
        assert joined(other, Register.CHILD) is Register.CHILD
    assert joined(Register.ADULT, Register.ADULT) is Register.ADULT


def test_dr_03_the_child_register_is_not_banked_not_shown_and_not_merged() -> None:
    assert not may_bank(Register.CHILD)
    assert not may_preview(Register.CHILD)
    assert not may_merge(Register.CHILD, Register.ADULT)
    assert may_merge(Register.CHILD, Register.CHILD)
    assert may_bank(Register.ADULT)
    assert may_preview(Register.ADULT)


def test_only_saying_so_sets_apart() -> None:
    assert register_of(is_child=True) is Register.CHILD
    assert register_of(is_child=False) is Register.ADULT
    assert register_of(is_child=None) is Register.ADULT
