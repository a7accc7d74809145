"""Trust: sealing, signing, logging, drawing and verifying. This room has no idea what a tender is.

age/ and envelope/ seal and open bids; shares and keys hold what opens them; certificates/, challenge,
cms, timestamps and pdf say who signed and when; ledger/ is the append-only record of acts, and merkle,
notes, tiles, proofs, cosign and receipts make it a log that outsiders can check; draws/ are fair
draws anyone can redo; verify/ is the offline verifier.
"""
