"""The single platform of the journeys, to be broken here."""

from tests.journeys.conftest import begin, district, keys, replica

__all__ = ["begin", "district", "keys", "replica"]
