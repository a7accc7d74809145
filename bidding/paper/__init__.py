"""The papers of a tender: which there are, what exactly each shows, and which signed files are filed."""

from enum import StrEnum


class Paper(StrEnum):
    """One kind of document that the platform signs for a tender."""

    RECORD = "record"
    SIGN_IN = "sign-in"
    SUBMISSIONS = "submissions"
    FAILURE = "failure"


OF_A_VERSION = (Paper.RECORD, Paper.SIGN_IN, Paper.SUBMISSIONS)
"""Those that belong to a version of the opening record; the record of a failure stands alone."""

__all__ = ["OF_A_VERSION", "Paper"]
