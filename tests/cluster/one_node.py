"""A real SLURM with one node, for tests: its own munge key, ports, state and configuration in a
temporary folder, nothing in /etc.

It needs the Debian packages slurm-wlm and munge (tests/cluster/install.sh) and no root; a SLURM
that the machine belongs to is left alone. By hand: `python tests/cluster/one_node.py` starts it,
prints the SLURM_CONF to use, and stops it at Ctrl-C.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PROGRAMS = ("sbatch", "squeue", "scancel", "sinfo", "scontrol", "slurmctld", "slurmd", "munged")
UP_WITHIN = 30.0  # seconds
CONFIGURATION = """\
ClusterName=coercivity-test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SchedulerParameters=sched_interval=1,batch_sched_delay=0
KillWait=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory=1000 State=UNKNOWN
PartitionName=debug Nodes={host} Default=YES MaxTime=60 State=UP OverSubscribe=FORCE:4
"""


def programs() -> dict[str, str]:
    """Path of each program that is there; daemons lie where only root looks."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin", "/usr/local/sbin"))
    return {name: found for name in PROGRAMS if (found := shutil.which(name, path=path))}


def absent() -> str | None:
    """Which programs are not there, as a reason to skip; None where all are."""
    missing = [name for name in PROGRAMS if name not in programs()]
    return (
        f"no {', '.join(missing)} on this machine (Debian: slurm-wlm and munge)"
        if missing
        else None
    )


class OneNode:
    """The three daemons, as children in the foreground: they die with whoever started them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.programs = folder, programs()
        self.daemons: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start munge, controller and node, and wait until the node is idle."""
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        key = self.folder / "munge.key"
        key.touch(mode=0o600)
        key.write_bytes(os.urandom(128))
        host, user = socket.gethostname().partition(".")[0], pwd.getpwuid(os.getuid()).pw_name
        controller_port, node_port = _free_ports(2)
        values = {
            "folder": self.folder,
            "host": host,
            "user": user,
            "cores": os.cpu_count(),
            "controller_port": controller_port,
            "node_port": node_port,
        }
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(**values))
        (self.folder / "cgroup.conf").write_text("CgroupPlugin=disabled\n")
        files = {
            "--key-file": "munge.key",
            "--socket": "munge.socket",
            "--pid-file": "munge.pid",
            "--log-file": "munge.log",
            "--seed-file": "munge.seed",
        }
        self._daemon(
            "munged",
            "--foreground",
            "--force",
            *(f"{option}={self.folder / name}" for option, name in files.items()),
        )
        self._wait("munge", lambda: (self.folder / "munge.socket").exists())
        self._daemon("slurmctld", "-D", "-i", "-f", str(self.folder / "slurm.conf"))
        self._daemon("slurmd", "-D", "-f", str(self.folder / "slurm.conf"))
        self._wait("the node", lambda: self.ask("sinfo", "--noheader", "--format=%T") == "idle")

    def stop(self) -> None:
        """End all jobs, then the daemons; nothing is left running."""
        with contextlib.suppress(subprocess.SubprocessError, OSError, RuntimeError):
            user = str(os.getuid())
            subprocess.run(
                [self.programs["scancel"], "--user", user],
                env=self.environment(),
                capture_output=True,
                check=False,
                timeout=10,
            )
            self._wait("the queue", lambda: self.ask("squeue", "--noheader") == "")
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def ask(self, program: str, *arguments: str) -> str:
        """What a SLURM command prints, stripped; its words on standard error where it fails."""
        command = [self.programs[program], *arguments]
        done = subprocess.run(
            command, env=self.environment(), capture_output=True, text=True, check=False, timeout=60
        )
        return (done.stdout if done.returncode == 0 else f"failed: {done.stderr}").strip()

    def environment(self) -> dict[str, str]:
        """The environment in which SLURM's commands find this cluster and no other."""
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SLURM", "SBATCH", "SQUEUE"))
        }
        return {**clean, "SLURM_CONF": str(self.folder / "slurm.conf")}

    def _daemon(self, name: str, *arguments: str) -> None:
        command = [self.programs[name], *arguments]
        if setpriv := shutil.which("setpriv"):  # ends the daemon when the tests are killed with -9
            command = [setpriv, "--pdeathsig", "TERM", *command]
        with open(self.folder / f"{name}.out", "wb") as out:
            self.daemons.append(
                subprocess.Popen(
                    command,
                    env=self.environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
            )

    def _wait(self, what: str, ready: Callable[[], bool]) -> None:
        until = time.monotonic() + UP_WITHIN
        while not ready():
            dead = next((daemon for daemon in self.daemons if daemon.poll() is not None), None)
            if dead or time.monotonic() > until:
                said = "\n".join(
                    f"{path.name}: {path.read_text(errors='replace')[-1500:]}"
                    for path in sorted(self.folder.glob("*.out"))
                )
                raise RuntimeError(f"SLURM did not come up ({what}):\n{said}")
            time.sleep(0.1)


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextlib.contextmanager
def one_node() -> Iterator[OneNode]:
    """A running SLURM with one node; it is gone afterwards."""
    # short: a socket's path may have 107 characters
    folder = Path(tempfile.mkdtemp(prefix="slurm-"))
    node = OneNode(folder)
    try:
        node.start()
        yield node
    finally:
        node.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: nothing is left behind
    with one_node() as running, contextlib.suppress(KeyboardInterrupt):
        print(f"export SLURM_CONF={running.folder}/slurm.conf", flush=True)
        signal.pause()
