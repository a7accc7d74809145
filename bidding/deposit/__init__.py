"""The facts about bid deposits that the opening needs; the money ledger itself comes later."""
