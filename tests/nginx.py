"""A real nginx with the configuration that is shipped, for tests; installed by apt where it can be.

The lines marked "set" are set as an operator would, nothing else is changed.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[1] / "deploy" / "nginx.conf"
PACKAGES = ("nginx", "libnginx-mod-http-brotli-static")
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
PATHS = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


def found() -> str | None:
    """Return the path of nginx, or None."""
    return shutil.which("nginx", path=PATHS)


def make_sure() -> str | None:
    """Return the path of nginx, installing it where that is ours to do; None where it is not."""
    if found() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", *PACKAGES]):
            subprocess.run(
                ["apt-get", *command], check=False, capture_output=True, env=environment,
                timeout=200,
            )  # fmt: skip
    return found()


def configured(site: Path, *, port: int, service_port: int, brotli: bool) -> str:
    """Return the shipped configuration with its lines set for this place."""
    values = {
        "server": f"127.0.0.1:{service_port}", "listen": f"127.0.0.1:{port}",
        "server_name": "_", "root": str(site),
    }  # fmt: skip
    text = SHIPPED.read_text(encoding="utf-8")
    for name, value in values.items():
        text, count = re.subn(rf"(?m)^(\s*{name} )[^;\n]*;(\s*# set)", rf"\g<1>{value};\2", text)
        assert count == 1, name
    return text.replace("# brotli_static on;", "brotli_static on;") if brotli else text


def around(folder: Path, server: str, *, brotli: bool) -> str:
    """Return a whole configuration with that server, which writes into `folder` alone."""
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    aside = " ".join(f"{name}_temp_path {folder / name};" for name in names)
    user = f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else ""
    module = f"load_module {BROTLI};" if brotli else ""
    return f"""{module} {user} daemon off; worker_processes 1; pid {folder / "pid"};
error_log {folder / "errors"}; events {{ worker_connections 256; }}
http {{ access_log off; sendfile on; {aside}
{server} }}
"""


@contextmanager
def running(folder: Path, site: Path, service_port: int, *, brotli: bool) -> Iterator[str]:
    """Run nginx on a site until the block ends; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder.mkdir()
    server = configured(site, port=port, service_port=service_port, brotli=brotli)
    config = folder / "nginx.conf"
    config.write_text(around(folder, server, brotli=brotli), encoding="utf-8")
    program = found()
    assert program is not None
    command = [program, "-p", str(folder), "-e", str(folder / "errors"), "-c", str(config)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, process.communicate()[0]
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not answer")
