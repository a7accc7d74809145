"""The child: `python -m web.inspection.worker <path> <limits as JSON>` judges one file, and may die of it.

Every line it prints is a whole judgement; the last one counts. It takes its limits before it looks at a
single byte.
"""

import json
import logging
import resource
import sys
from pathlib import Path

from web.inspection.images import inspect_jpeg, inspect_png
from web.inspection.judgement import UNSAFE, Notes
from web.inspection.kinds import HEAD, is_misnamed, kind_of
from web.inspection.limits import Limits


def main(arguments: list[str]) -> int:
    """Judge the file and print what was found."""
    path, limits = Path(arguments[0]), Limits(**json.loads(arguments[1]))
    confine(limits)
    logging.disable()
    notes = Notes(limits)
    try:
        judge(path, notes)
    except MemoryError:
        notes.find(f"{UNSAFE}:memory")
    except RecursionError:
        notes.find(f"{UNSAFE}:depth")
    tell(notes)
    return 0


def confine(limits: Limits) -> None:
    """Take the limits for good: memory, processor, open files; nothing is written, nothing started."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_NOFILE, limits.descriptors),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(kind, (most, most))
    # The soft limit ends the child under its own signal, a second before the hard one kills it.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))


def judge(path: Path, notes: Notes) -> None:
    """Write into *notes* what *path* is and what is wrong with it."""
    with path.open("rb") as src:
        notes.kind = kind_of(src.read(HEAD))
    notes.facts["size"] = path.stat().st_size
    if not notes.facts["size"]:
        notes.find("file-empty")
    tell(notes)
    _look_inside(path, notes)
    if is_misnamed(path.name, notes.kind):
        notes.find("file-misnamed")


def _look_inside(path: Path, notes: Notes) -> None:
    """Parsers are imported for the kind at hand, so that a text costs no more than a text."""
    if notes.kind == "pdf":
        from web.inspection.pdfs import inspect_pdf

        return inspect_pdf(path, notes, tell)
    with path.open("rb") as src:
        if notes.kind == "zip":
            from web.inspection.archives import inspect_zip

            return inspect_zip(src, notes)
        if notes.kind == "xml":
            from web.inspection.markup import inspect_xml

            return inspect_xml(src, notes)
        if notes.kind in _IMAGES:
            return _IMAGES[notes.kind](src, notes)
    return None


_IMAGES = {"png": inspect_png, "jpeg": inspect_jpeg}


def tell(notes: Notes) -> None:
    """Print what is known by now."""
    sys.stdout.buffer.write(notes.judgement().raw())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
