"""From inside the cell nothing can be reached: tried by a process that is as free as a taken-over decoder would be."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

_SRC = Path(__file__).parents[2] / "src"

_PRISONER = """
import ctypes, json, os, socket, sys
from yakuba.gateway.sanitise import confine
from yakuba.gateway.sanitise.limits import Limits
port, secret, out = int(sys.argv[1]), sys.argv[2], os.dup(1)
kill, libc = os.kill, ctypes.CDLL(None, use_errno=True)
walls = confine.leave_the_world(None) + confine.lock_cell(Limits(), None)

def tries(deed):
    try:
        deed()
    except OSError as error:
        return error.errno
    return "done"

def connect():
    with socket.socket() as s:
        s.connect(("127.0.0.1", port))

def fork():
    if libc.syscall(56 if os.uname().machine == "x86_64" else 220, 17, 0, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "clone")

said = {
    "connect": tries(connect),
    "socket": tries(lambda: socket.socket(socket.AF_UNIX)),
    "read": tries(lambda: os.close(os.open(secret, os.O_RDONLY))),
    "write": tries(lambda: os.close(os.open("/tmp/x", os.O_WRONLY | os.O_CREAT))),
    "kill": tries(lambda: kill(1, 0)),
    "exec": tries(lambda: os.execv("/bin/true", ["true"])),
    "fork": tries(fork),
    "regain root": tries(lambda: os.setuid(0)),
    "list": tries(lambda: os.listdir("/proc")),
}
os.write(out, json.dumps({"walls": walls, "said": said}).encode())
os._exit(0)
"""


@pytest.fixture(scope="module")
def prisoner(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    secret = tmp_path_factory.mktemp("secret") / "key"
    secret.write_text("key")
    secret.chmod(0o644)
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = subprocess.run(
            [sys.executable, "-c", _PRISONER, str(server.getsockname()[1]), str(secret)],
            capture_output=True,
            env={"PYTHONPATH": str(_SRC), "PATH": os.defpath},
            check=True,
        )
    said: dict[str, object] = json.loads(done.stdout)
    return said


@pytest.mark.parametrize(
    "deed", ["connect", "socket", "read", "write", "kill", "exec", "fork", "regain root", "list"]
)
def test_nothing_can_be_reached_from_inside(deed: str, prisoner: dict[str, dict[str, object]]) -> None:
    if not {"seccomp", "landlock"} <= set(prisoner["walls"]):
        pytest.skip("this kernel offers neither seccomp nor Landlock to us")
    assert prisoner["said"][deed] != "done"


_ORDINARY = """
import json, os
from tests.gateway import files
from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.sanitise.clean import clean
from yakuba.gateway.sanitise.sandbox import Sandbox
sandbox, ref = Sandbox(), AttachmentRef("slot", "a.pdf", "", 0, "")
done = [clean(ref, data, sandbox).ref for data in (files.one_page_pdf(), files.photograph("HEIF"), b"%PDF-x")]
sandbox.close()
print(json.dumps({"user": os.geteuid(), "refused": [ref.refused for ref in done], "walls": done[0].evidence["walls"]}))
"""


def test_files_are_rebuilt_behind_the_same_walls_where_the_relay_is_not_root() -> None:
    command = [sys.executable, "-c", _ORDINARY]
    if os.geteuid() == 0:
        command = ["unshare", "--user", "--map-user=1000", "--map-group=1000", *command]
        if subprocess.run([*command[:4], "true"], check=False, capture_output=True).returncode:
            pytest.skip("this kernel lets nobody play an unprivileged user")
    environment = {"PYTHONPATH": f"{_SRC}{os.pathsep}{_SRC.parent}", "PATH": os.environ["PATH"]}
    done = subprocess.run(command, capture_output=True, env=environment, check=True, text=True)
    said = json.loads(done.stdout)
    assert said["user"] != 0
    assert said["refused"] == [None, None, "broken"]
    assert {"no_new_privs", "limits"} <= set(said["walls"])
    if Path("/proc/sys/user/max_user_namespaces").read_text().strip() != "0":
        assert "network namespace" in said["walls"]
