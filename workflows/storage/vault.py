"""Keep personal data unreadable in the database: one key per owner, wrapped by the office's key.

Search goes through a blind index: a keyed hash that tells equal values and nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, select

from workflows.errors import NotFound
from workflows.models import ProtectionKey, Sealed
from workflows.storage.reading import Source, read_one
from workflows.storage.statements import Insertion, Query
from workflows.storage.unit_of_work import UnitOfWork

NONCE_BYTES = 12
WRAPPED_KEY: Query[Sealed] = Query(
    select(ProtectionKey.wrapped_key).where(ProtectionKey.owner_id == bindparam("owner_id")),
    lambda values: values[0],
)
ADD_KEY = Insertion(ProtectionKey)


class Vault:
    """Seals and opens protected values under a 32-byte master key."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != 32:
            raise ValueError("the master key has 32 bytes")
        self._master = AESGCM(master_key)
        self._index_key = hashlib.sha256(b"blind index" + master_key).digest()

    def seal(self, source: Source, *, office_id: str, owner_id: str, text: str) -> Sealed:
        """Return the text enciphered under the owner's key, making that key on first use."""
        return _encipher(AESGCM(self._key_of(source, office_id, owner_id)), text.encode())

    def open(self, source: Source, *, owner_id: str, value: Sealed | None) -> str:
        """Return the plain text, or an empty string for no value.

        Raises NotFound when the owner's key has been destroyed.
        """
        if value is None:
            return ""
        wrapped = read_one(source, WRAPPED_KEY, owner_id=owner_id)
        if wrapped is None:
            raise NotFound("error.protected_value_gone")
        key = _decipher(self._master, wrapped)
        return _decipher(AESGCM(key), value).decode()

    def blind_index(self, text: str) -> str:
        """Return a keyed hash of the normalised text for exact search."""
        normal = "".join(text.split()).upper()
        return hmac.new(self._index_key, normal.encode(), hashlib.sha256).hexdigest()

    def _key_of(self, source: Source, office_id: str, owner_id: str) -> bytes:
        known = read_one(source, WRAPPED_KEY, owner_id=owner_id)
        if known is not None:
            return _decipher(self._master, known)
        key = AESGCM.generate_key(256)
        row = {
            "office_id": office_id,
            "owner_id": owner_id,
            "wrapped_key": _encipher(self._master, key),
        }
        if isinstance(source, UnitOfWork):
            source.add(ADD_KEY, **row)
        else:
            source.add(ProtectionKey(**row))
            source.flush()
        return key


def read_master_key(path: Path) -> bytes:
    """Return the office's master key, making the file (readable by its owner only) on first use."""
    if path.exists():
        return path.read_bytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(32))
    return path.read_bytes()


def _encipher(cipher: AESGCM, plain: bytes) -> Sealed:
    nonce = os.urandom(NONCE_BYTES)
    return Sealed(nonce + cipher.encrypt(nonce, plain, None))


def _decipher(cipher: AESGCM, value: bytes) -> bytes:
    return cipher.decrypt(value[:NONCE_BYTES], value[NONCE_BYTES:], None)
