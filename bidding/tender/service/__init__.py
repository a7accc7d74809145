"""The verbs of the tender room: each takes a Unit, locks, refuses, records one act, and never commits."""
