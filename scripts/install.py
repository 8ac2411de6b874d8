"""Install the locked dependencies and Consentry itself into ``.venv``: safe to run twice at once, and to interrupt.

Usage: ``python3 scripts/install.py demo|server|dev|core``. Needs Python 3.11 with its ``venv`` module, nothing else.

Invariants: a second installer waits for the first; ``.venv/consentry-installed.json`` is written only after success
and names the locks by digest, so nothing is done again without need; an installation that was broken off is thrown
away and begun anew; every file that pip takes must have a hash from the lock.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "consentry-installed.json")
UNFINISHED = os.path.join(VENV, "consentry-installation-unfinished")
WAITING = os.path.join(ROOT, "build", "install.lock")
MEGABYTES = {"core": 500, "server": 800, "demo": 1200, "dev": 1500}
CONTAINS = {"core": {"core"}, "server": {"core", "server"}, "demo": {"core", "server", "demo"}}
CONTAINS["dev"] = {*CONTAINS["demo"], "dev"}


def main():
    """Install the profile named on the command line; returns the exit status."""
    if sys.version_info < OLDEST:
        return use_newer_python()
    profile = sys.argv[1] if len(sys.argv) == 2 else ""
    if profile not in CONTAINS:
        return fail(f"Usage: install.py {'|'.join(CONTAINS)}")
    os.makedirs(os.path.dirname(WAITING), exist_ok=True)
    with open(WAITING, "w") as lock:
        wait_for_turn(lock)
        if is_installed(profile):
            return 0
        return install(profile)


def use_newer_python():
    """Run this script again with a newer interpreter from the path, or say that there is none."""
    for minor in (13, 12, 11):
        other = shutil.which(f"python3.{minor}")
        if other and subprocess.call([other, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return subprocess.call([other, *sys.argv])
    return fail(
        f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this one is {sys.version.split()[0]}. "
        "Nothing was installed. "
        "Install python3.11 and python3.11-venv, or name another: make PYTHON=/path/to/python3.12 demo"
    )


def wait_for_turn(lock):
    """Hold the lock until this process ends, however it ends; say so when another one holds it."""
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another installation into .venv is running; waiting for it to end.")
        fcntl.flock(lock, fcntl.LOCK_EX)


def is_installed(profile):
    """Whether ``.venv`` holds ``profile`` (or one that contains it) from exactly the present locks."""
    try:
        with open(STAMP) as file:
            stamp = json.load(file)
        wide = stamp["profile"]
        return profile in CONTAINS[wide] and stamp["digest"] == digest(wide) and runs(venv_python())
    except (OSError, ValueError, KeyError):
        return False


def digest(profile):
    """SHA-256 over everything that an installation depends on."""
    hashed = hashlib.sha256(ROOT.encode("utf-8", "surrogateescape"))
    for name in (os.path.join("requirements", profile + ".lock"), "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            hashed.update(file.read())
    return hashed.hexdigest()


def install(profile):
    """Make the environment, take the locked packages, and put Consentry itself in as an editable package."""
    started = time.monotonic()
    if os.path.exists(UNFINISHED) or (os.path.exists(VENV) and not runs(venv_python())):
        say("The last installation was broken off; starting it again from nothing.")
        shutil.rmtree(VENV)
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < MEGABYTES[profile]:
        return fail(
            f"About {MEGABYTES[profile]} MB are needed in {ROOT} and {free} MB are free. Nothing was installed. "
            "Make room and run it again."
        )
    say(f"Installing into .venv from requirements/{profile}.lock (a minute or so, once).")
    if not os.path.exists(VENV) and subprocess.call([sys.executable, "-m", "venv", VENV]) != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        return fail("The environment could not be made. On Debian and Ubuntu: apt-get install python3-venv")
    for path in (STAMP, UNFINISHED):
        if os.path.exists(path):
            os.remove(path)
    open(UNFINISHED, "w").close()
    if subprocess.call([venv_python(), "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        subprocess.check_call([venv_python(), "-m", "ensurepip"], stdout=subprocess.DEVNULL)
    lock = os.path.join("requirements", profile + ".lock")
    with open(os.path.join(ROOT, lock), encoding="utf-8") as file:
        total = sum("==" in line for line in file)
    steps = (["--require-hashes", "-r", lock], ["--no-deps", "--no-build-isolation", "--no-index", "-e", "."])
    for step in steps:
        status = pip(step, total)
        if status != 0:
            return status
    finish(profile)
    say(f"Installed in {time.monotonic() - started:.0f} s.")
    return 0


def finish(profile):
    """Write the stamp, whole or not at all, and take the mark of an unfinished installation away."""
    with open(STAMP + ".new", "w") as file:
        json.dump({"profile": profile, "digest": digest(profile)}, file)
    os.replace(STAMP + ".new", STAMP)
    os.remove(UNFINISHED)


def pip(arguments, total):
    """Run pip, show one line of progress a package, and its last words when it fails; returns its exit status."""
    command = [venv_python(), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    lines, seen = [], 0
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command + arguments,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            for line in process.stdout:
                lines.append(line.rstrip())
                if line.startswith("Collecting "):
                    seen += 1
                    say(f"  {seen:3}/{total}  {line.split()[1]}")
                elif line.startswith("Installing collected packages"):
                    say("  putting them in place")
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            process.wait()
            raise
    if process.returncode != 0:
        print("\n".join(lines[-25:]), file=sys.stderr)
        fail(
            "pip could not install the locked packages (its last lines are above). The demo was not started. "
            "Mend the cause (network, disk space) and run the same command again."
        )
    return process.returncode


def venv_python():
    """The environment's interpreter."""
    return os.path.join(VENV, "bin", "python")


def runs(python):
    """Whether ``python`` starts and is new enough."""
    question = f"import sys; raise SystemExit(sys.version_info < {OLDEST})"
    try:
        return subprocess.call([python, "-c", question], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def say(text):
    """One line of progress, at once."""
    print(text, flush=True)


def fail(text):
    """Say why, on standard error; returns the exit status of a failure."""
    print(text, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(fail("\nInterrupted. Nothing half-installed is used: run the same command again.") and 130)
