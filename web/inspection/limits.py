"""How much one stranger's file may cost, and how large it may claim to be."""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a child may take, and the caps above which a file is named unsafe.

    `memory`, `unpacked` (all that streams or entries unpack to), `stream` (one of them) and `held` (an
    archive inside an archive, which is looked into in memory) in bytes; `cpu` and `wall` in seconds.
    """

    memory: int = 1024 * MIB
    cpu: int = 30
    wall: float = 60.0
    descriptors: int = 32
    unpacked: int = 4096 * MIB
    stream: int = 1024 * MIB
    held: int = 64 * MIB
    pages: int = 20_000
    objects: int = 200_000
    entries: int = 20_000
    depth: int = 3
    pixels: int = 200_000_000
