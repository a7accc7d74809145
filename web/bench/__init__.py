"""The benchmark table: each of our figures beside a peer or a physical limit, measured in the same run."""
