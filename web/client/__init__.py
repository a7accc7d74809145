"""A client of the platform: sign in, act, upload, and follow the live feed without a gap.

It speaks HTTP and sockets alone and knows none of the server's own rooms, so that what it can do anyone can.
"""

from web.client.answers import ClientError, Refused, Unreachable
from web.client.calls import Client
from web.client.credentials import load_credential, sign
from web.client.feed import Feed, Heard
from web.client.submission import Submission, submit, upload_folder
from web.client.uploads import Progress, upload_file

__all__ = [
    "Client",
    "ClientError",
    "Feed",
    "Heard",
    "Progress",
    "Refused",
    "Submission",
    "Unreachable",
    "load_credential",
    "sign",
    "submit",
    "upload_file",
    "upload_folder",
]
