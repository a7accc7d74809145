"""The verbs about parties, by noun: organisations, people, certificates, appointments, sessions."""

from bidding.party.service import appointments, certificates, organisations, people, sessions

__all__ = ["appointments", "certificates", "organisations", "people", "sessions"]
