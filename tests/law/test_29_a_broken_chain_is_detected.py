"""Hard stop 29 (E-24): whoever forges, drops or reorders what was recorded is found out, and where."""

import pytest

from tests.crypto.ledger.makers import ring, take_in
from tests.crypto.ledger.test_audit import faults, tamper

EDITED = "UPDATE ledger_entry SET text = replace(text, '3,\"t', '4,\"t') WHERE id = 4"
DROPPED = "DELETE FROM ledger_entry WHERE id = 4"
EXCHANGED = "UPDATE ledger_entry SET seq = CASE seq WHEN 4 THEN 104 WHEN 5 THEN 4 ELSE seq END"


@pytest.mark.parametrize(
    ("forgery", "named"),
    [
        (EDITED, "entry 4 (tower/1 seq 4): its text is not what was committed to"),
        (DROPPED, "entry 5 (tower/1 seq 5): seq 4 is missing before it"),
        (EXCHANGED, "entry 5 (tower/1 seq 4): it does not continue the entry before it"),
    ],
    ids=["edited", "dropped", "exchanged"],
)
async def test_a_forged_record_is_named_by_the_audit_and_an_honest_one_is_not(db, forgery, named):
    await ring(db, 8)
    await take_in(db)
    assert await faults(db) == []
    await tamper(db, forgery)
    assert (await faults(db))[0] == named
