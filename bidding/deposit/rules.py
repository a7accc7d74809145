"""The law of deposit facts: each function refuses one wrong, or lets it pass."""

from bidding.refusals.opening import SamePerson


def refuse_same_person(*, entered_by: str, confirmed_by: str) -> None:
    """D-TWO, domain §5: what one person entered, another confirms."""
    if entered_by == confirmed_by:
        raise SamePerson(attempted="deposit.confirmed")
