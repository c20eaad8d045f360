"""The keys kept outside the database: what encrypts phone numbers and what chains the audit."""

import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from storage.engine import StorageError


@dataclass(frozen=True)
class Vault:
    """Encrypts and signs with the office's key."""

    key: bytes

    def encrypt(self, plain: str) -> bytes:
        """Encrypt a text, e.g. a phone number."""
        return Fernet(self.key).encrypt(plain.encode())

    def decrypt(self, secret: bytes) -> str:
        """Decrypt what `encrypt` gave.

        Raises: StorageError where it was encrypted with another key.
        """
        try:
            return Fernet(self.key).decrypt(secret).decode()
        except InvalidToken as error:
            raise StorageError(
                "what was encrypted cannot be read: [database] key_file is not the key it was kept with"
            ) from error

    def sign(self, text: str) -> str:
        """Give a keyed hash of a text."""
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()


def create_key(path: Path) -> None:
    """Write a new key readable by its owner alone; an existing key is kept."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key())


def open_vault(path: Path) -> Vault:
    """Read the office's key.

    Raises: StorageError where the file is missing or holds no key.
    """
    try:
        key = path.read_bytes().strip()
        Fernet(key)
    except FileNotFoundError as error:
        raise StorageError(
            f"[database] key_file {path} is missing; restore it from where you keep it, or run `duban init`"
        ) from error
    except ValueError as error:
        raise StorageError(f"[database] key_file {path} holds no key; restore it from where you keep it") from error
    return Vault(key)
