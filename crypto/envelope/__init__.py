"""Envelope v1: a bid sealed on the bidder's machine, refused or taken in without a key, opened by all
its layers together.
"""

from crypto.envelope.accept import Accepted, Expected, Folder, Reader, accept, refuse_unencrypted
from crypto.envelope.context import Context
from crypto.envelope.fallback import Share, make_shares, open_share, recover
from crypto.envelope.layers import nest, open_key, peel
from crypto.envelope.manifest import Manifest
from crypto.envelope.open import open_docs, open_sheet
from crypto.envelope.seal import Sealed, SealJob, seal
from crypto.envelope.statement import Client, Committee, Member, Statement

__all__ = [
    "Accepted",
    "Client",
    "Committee",
    "Context",
    "Expected",
    "Folder",
    "Manifest",
    "Member",
    "Reader",
    "SealJob",
    "Sealed",
    "Share",
    "Statement",
    "accept",
    "make_shares",
    "nest",
    "open_docs",
    "open_key",
    "open_share",
    "open_sheet",
    "peel",
    "recover",
    "refuse_unencrypted",
    "seal",
]
