"""After the opening: the committee, its scores and its report. Not built yet; see docs/next.md."""
