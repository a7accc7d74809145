"""Where ciphertext is kept: parts that are durable before anyone is told so, and never joined.

`open_vault` takes an address; a directory is written with fsync, anything else goes through obstore.
"""

from collections.abc import Mapping

from bidding.bid.vault.base import Chunks, Digest, StoredObject, Vault
from bidding.bid.vault.local import LocalVault
from bidding.bid.vault.reader import Part

__all__ = ["Chunks", "Digest", "LocalVault", "Part", "StoredObject", "Vault", "open_vault"]


def open_vault(url: str, options: Mapping[str, str] | None = None) -> Vault:
    """The vault at *url*: a directory (a path, or `file:///…`) or `s3://bucket/prefix` with *options*."""
    if "://" not in url or url.startswith("file://"):
        return LocalVault(url.removeprefix("file://"))
    from bidding.bid.vault.remote import RemoteVault

    return RemoteVault(url, options or {})
