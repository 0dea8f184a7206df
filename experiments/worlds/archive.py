"""A folder, or one .zip file, that is there whole or not at all, and whose every byte is vouched
for: a manifest beside the files says what each of them is.

Written under another name beside its place and renamed at the end. Read file by file, each against
the sum that the manifest has of it; nothing that is read is ever run.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import threading
import tokenize
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from coercivity.experiments.worlds.atomic import push
from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.inputs import place_of

MANIFEST: Final = "manifest.json"
FORMAT: Final = "coercivity"  # how what a manifest says of its kind begins
ZIP: Final = ".zip"
PACKED: Final = ".npz"  # is packed already
# The largest run of a shipped scenario takes 21 MB in one file, and unpacks to five times its size.
LARGEST: Final = 400_000_000  # bytes of one file
# How many files a packed one holds has no bound of its own. Each takes at least 46 bytes in its
# directory, and about 550 in memory: less than what it may unpack to.
UNPACKED: Final = 20  # times its own size that a packed file may unpack to,
SMALL: Final = 10_000_000  # beside these bytes that each may
SUM: Final = "sum"  # what a manifest says of itself
# whatever reading what somebody else has written may raise
FAULTS: Final = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    MemoryError,
    RecursionError,
    RuntimeError,  # of zipfile: what is locked or packed in ways that it does not know
    SyntaxError,  # of what describes an array
    tokenize.TokenError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)


class StoredFiles:
    """What stands in a folder or a .zip file, or in a folder of it: `read` gives a file's bytes."""

    def __init__(self, read: Callable[[str], bytes], below: str = "") -> None:
        self._read, self._below = read, below

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises one of FAULTS."""
        return self._read(f"{self._below}{name}")

    def within(self, folder: str) -> StoredFiles:
        """What stands in a folder of it."""
        return StoredFiles(self._read, f"{self._below}{folder}/")

    def manifest(self) -> dict[str, Any]:
        """The manifest. Raises ValueError for one that is not as it was written."""
        found = json.loads(self.read(MANIFEST))
        if not isinstance(found, dict) or not str(found.get("format", "")).startswith(FORMAT):
            raise ValueError(f"{MANIFEST} is that of something else")
        if found.get(SUM) != _sum_of(found):
            raise ValueError(f"{MANIFEST} is not as it was written")
        return found

    def checked(self, manifest: Mapping[str, Any], name: str) -> bytes:
        """The bytes of a file. Raises ValueError where they are not those of the manifest."""
        data = self.read(name)
        if manifest["files"][name] != manifest_digest(data):
            raise ValueError(f"{name} is not as it was written")
        return data


def manifest_digest(data: bytes) -> str:
    """What a manifest says of a file: sha256 of its bytes."""
    return hashlib.sha256(data).hexdigest()


def _sum_of(manifest: Mapping[str, Any]) -> str:
    """Sum of what a manifest says, but for the sum itself."""
    rest = {key: value for key, value in manifest.items() if key != SUM}
    return manifest_digest(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode())


def write_manifest(folder: Path, content: Mapping[str, Any], files: Iterable[str]) -> None:
    """Write the manifest of files that stand in a folder."""
    told = {
        **content,
        "files": {name: manifest_digest((folder / name).read_bytes()) for name in files},
    }
    text = json.dumps({**told, SUM: _sum_of(told)}, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


# ---------------------------------------------------------------- to the disk


def store(path: str | Path, overwrite: bool, fill: Callable[[Path], None]) -> Path:
    """Let *fill* write into a new folder and give it its place at *path*, packed where that ends in
    .zip. Returns the place. Raises InputError, one line, and leaves nothing behind.
    """
    place, told = place_of(path, "path"), path_phrase(path)
    _check_free(place, overwrite, told)
    mine = f"{os.getpid()}-{threading.get_ident()}"
    hidden = place.with_name(f".{place.name[:80]}.{mine}.partial")
    made = [folder for folder in place.parents if not folder.exists()]
    done = False
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(hidden, ignore_errors=True)
        hidden.mkdir()
        fill(hidden)
        for file in (path for path in hidden.rglob("*") if path.is_file()):
            _check_written(file, told, "run fewer months, firms or draws")
        ready = hidden
        if place.suffix.lower() == ZIP:
            ready = _zip_folder(hidden)
            _check_written(ready, told, "save it as a folder, under a name without .zip")
        for file in (path for path in [ready, *ready.rglob("*")] if path.is_file()):
            push(file)
        _check_free(place, overwrite, told)  # somebody may have used it meanwhile
        _move_into_place(ready, place)
        done = True
    except OSError as error:
        raise InputError(
            "{told} cannot be written ({why})",
            "give a place where you may write",
            told=told,
            why=error.strerror or error,
        ) from None
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
        with suppress(OSError):
            hidden.with_suffix(ZIP).unlink()
        for folder in () if done else made:  # nearest first
            with suppress(OSError):
                folder.rmdir()
    return place


def path_phrase(path: str | Path) -> Phrase:
    """A path as a refusal says it."""
    return Phrase.of("path '{path}'", path=Phrase(shorten(path, 200)))


def _check_free(place: Path, overwrite: bool, told: Phrase) -> None:
    """Refuse a place where something is; where it may be overwritten, what `store` did not put
    there.
    """
    if not place.exists() or (place.is_dir() and not any(place.iterdir())):
        return
    if not overwrite:
        raise InputError(
            "{told} is there already",
            "give another name, or overwrite=True to take its place",
            told=told,
        )
    try:
        with open_stored(place) as found:
            found.manifest()
    except FAULTS:
        raise InputError(
            "{told} holds something that save() did not write, and is left alone",
            "give another name, or remove it yourself",
            told=told,
        ) from None


def _check_written(file: Path, told: Phrase, fix: str) -> None:
    """Refuse a file that would not be read."""
    try:
        size = file.stat().st_size
        if file.suffix != ZIP:
            _check_size(file.name, size)
        if file.suffix in (ZIP, PACKED):
            with zipfile.ZipFile(file) as packed:
                check_unpacked(packed, size)
    except ValueError as error:
        raise InputError(Phrase(str(error)), fix, where=told) from None


def _zip_folder(folder: Path) -> Path:
    """The files of a folder in one file beside it, the same bytes for the same files."""
    target = folder.with_suffix(ZIP)
    with zipfile.ZipFile(target, "w") as packed:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo(file.relative_to(folder).as_posix())
            info.external_attr = 0o644 << 16
            kind = zipfile.ZIP_STORED if file.suffix == PACKED else zipfile.ZIP_DEFLATED
            packed.writestr(info, file.read_bytes(), kind)
    return target


def _move_into_place(ready: Path, place: Path) -> None:
    """Give what is ready its place; what stood there goes once it is taken."""
    if not place.exists():
        ready.rename(place)
        return
    old = ready.with_name(f"{ready.name}.old")
    place.rename(old)
    try:
        ready.rename(place)
    except OSError:
        old.rename(place)
        raise
    if old.is_dir():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.unlink()


# ---------------------------------------------------------------- from the disk


@contextmanager
def open_stored(place: Path) -> Iterator[StoredFiles]:
    """What stands at a place, a folder or a .zip file, to be read within. Raises one of FAULTS."""
    if place.is_dir():
        yield StoredFiles(lambda name: _read_file(place / name))
        return
    if not place.is_file():
        raise ValueError("it is no file and no folder")
    with zipfile.ZipFile(place) as packed:
        check_unpacked(packed, place.stat().st_size)
        yield StoredFiles(lambda name: read_member(packed, packed.getinfo(name)))


def check_unpacked(packed: zipfile.ZipFile, size: int) -> None:
    """Raise ValueError where a packed file of *size* bytes tells of more than one may hold."""
    total = sum(info.file_size for info in packed.infolist())
    limit = SMALL + UNPACKED * size
    if total > limit:
        raise ValueError(
            f"it unpacks to {total:,} bytes, more than the {limit:,} allowed: {SMALL:,} plus "
            f"{UNPACKED} times its own size"
        )
    for info in packed.infolist():
        _check_size(info.filename, info.file_size)


def read_member(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The bytes of a file in a packed one, never more than are told of (`check_unpacked`). Raises
    one of FAULTS.
    """
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"{info.filename} is packed in a way of its own")
    with packed.open(info) as file:
        return file.read(info.file_size + 1)  # `read()` unpacks all of it before it counts


def _read_file(path: Path) -> bytes:
    if not path.is_file():
        raise ValueError(f"{path.name} is missing")
    _check_size(path.name, path.stat().st_size)
    return path.read_bytes()


def _check_size(name: str, size: int) -> None:
    if size > LARGEST:
        raise ValueError(f"{name} has {size:,} bytes, and may have {LARGEST:,}")
