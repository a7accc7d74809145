"""A client of the platform: sign in, act, upload, and follow the live feed without a gap.

It speaks HTTP and sockets alone and knows none of the server's own rooms, so that what it can do anyone can.
"""

from web.client.answers import ClientError, Refused, Unreachable
from web.client.calls import Client
from web.client.credentials import load_credential, sign
from web.client.feed import Feed, Heard
from web.client.keyholding import post_shares, prove_alive, release_bid, release_layer
from web.client.sealing import Order, documents, seal_bid, sealing_facts
from web.client.sheets import SheetDefective, check_sheet
from web.client.submission import Submission, submit, upload_folder
from web.client.uploads import Progress, upload_file
from web.client.witnessing import Cosigned, cosign

__all__ = [
    "Client",
    "ClientError",
    "Cosigned",
    "Feed",
    "Heard",
    "Order",
    "Progress",
    "Refused",
    "SheetDefective",
    "Submission",
    "Unreachable",
    "check_sheet",
    "cosign",
    "documents",
    "load_credential",
    "post_shares",
    "prove_alive",
    "release_bid",
    "release_layer",
    "seal_bid",
    "sealing_facts",
    "sign",
    "submit",
    "upload_file",
    "upload_folder",
]
