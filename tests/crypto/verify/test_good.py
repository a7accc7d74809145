"""An honest bundle passes every step, as a folder and as a zip, in both editions."""

import subprocess
import sys

import pytest

from crypto.verify import Outcome, failed, verify_bundle
from crypto.verify.writing import zipped


@pytest.mark.parametrize("edition", ["public", "supervision"])
def test_every_step_passes_on_an_honest_bundle(edition, world, request):
    findings = verify_bundle(request.getfixturevalue(edition), world.trust())
    assert [one.line("en") for one in findings if one.outcome is not Outcome.PASS] == []
    assert [one.step for one in findings] == ["T", *(f"S{number}" for number in range(12))]
