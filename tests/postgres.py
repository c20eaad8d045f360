"""A PostgreSQL server of the tests' own, on a socket in a temporary folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine

from storage.schema import create_database


def binaries() -> Path | None:
    """Find PostgreSQL's programs on this machine."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return installed[-1].parent if installed else None


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """Start a server and give its socket's folder; as root it runs as `postgres`, since it refuses root."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    wrap: list[str] = []
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        wrap = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    data = folder / "data"
    _run([*wrap, str(programs / "initdb"), "-D", str(data), "-U", "duban", "-A", "trust", "-E", "UTF8", "--no-sync"])
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    control = [*wrap, str(programs / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w"]
    _run([*control, "-o", options, "start"])
    try:
        yield str(folder)
    finally:
        _run([*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder)


def new_database(socket: str, name: str) -> str:
    """Make a database with today's tables and give its address."""
    maker = create_engine(_address(socket, "postgres"), isolation_level="AUTOCOMMIT")
    with maker.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    maker.dispose()
    url = _address(socket, name).replace("+psycopg", "")
    create_database(url)
    return url


def _address(socket: str, name: str) -> str:
    return f"postgresql+psycopg://duban@/{name}?host={socket}"


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
