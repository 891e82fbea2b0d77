"""Make .venv and install the hashed requirements. Usage: setup.py run|test

Plain old Python on purpose: it must start on a Python that is too old, to say so.
"""

import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
OLDEST = (3, 11)
NEEDED_BYTES = 1200 * 1024 * 1024


def stop(message):
    sys.stderr.write("\n[x] " + message + "\n")
    sys.exit(1)


def newer_python():
    """Another interpreter on this machine that is new enough, or None."""
    for minor in (13, 12, 11, 14):
        found = getattr(shutil, "which", lambda _name: None)("python3.%d" % minor)
        if found:
            return found
    return None


def check_python():
    if sys.version_info[:2] >= OLDEST:
        return
    other = newer_python()
    if other and os.environ.get("YAKUBA_SETUP_AGAIN") != "1":
        os.environ["YAKUBA_SETUP_AGAIN"] = "1"
        os.execv(other, [other] + sys.argv)
    stop(
        "Python %d.%d では動きません。3.11 以上が要ります (this needs Python 3.11 or newer).\n"
        "    例: make run PYTHON=python3.12" % sys.version_info[:2]
    )


def check_place():
    if not os.access(ROOT, os.W_OK):
        stop(
            "このフォルダーに書き込めません: %s\n    書き込める場所へ複製してから、もう一度実行してください。\n"
            "    (cannot write here; clone into a folder of your own)" % ROOT
        )
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES and not os.path.exists(os.path.join(VENV, ".run-installed")):
        stop(
            "空き容量が足りません: あと %d MB、必要なのは %d MB です (disk too full)。"
            % (free >> 20, NEEDED_BYTES >> 20)
        )


def venv_python():
    return os.path.join(VENV, "bin", "python")


def make_venv():
    if os.path.exists(venv_python()):
        works = subprocess.call(
            [venv_python(), "-c", "import sys, pip; sys.exit(sys.version_info[:2] < (3, 11))"],
            stderr=subprocess.DEVNULL,
        )
        if works == 0:
            return
        if os.path.islink(VENV):
            stop(".venv のリンク先が使えません: %s" % os.path.realpath(VENV))
        shutil.rmtree(VENV)
    result = subprocess.run(
        [sys.executable, "-m", "venv", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if result.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        stop(
            "仮想環境を作れません。Debian / Ubuntu では `apt-get install python3-venv` を実行してから、もう一度どうぞ。\n"
            + result.stdout.decode("utf-8", "replace")
        )


def with_progress(title, command):
    """Run a command, telling every second how long it has been; its output is shown only if it fails."""
    log = os.path.join(VENV, "setup.log")
    started = time.time()
    with open(log, "wb") as out:
        child = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        while child.poll() is None:
            if sys.stdout.isatty():
                sys.stdout.write("\r    %s … %d 秒" % (title, time.time() - started))
                sys.stdout.flush()
            time.sleep(0.2)
    print("%s    %s: %d 秒" % ("\r" if sys.stdout.isatty() else "", title, round(time.time() - started)))
    if child.returncode:
        with open(log, "rb") as written:
            tail = written.read()[-3000:].decode("utf-8", "replace")
        hint = ""
        if "No space left" in tail:
            hint = "空き容量がありません (the disk is full)。\n"
        elif "Could not fetch" in tail or "connection" in tail.lower() or "Temporary failure" in tail:
            hint = (
                "部品の配布元につながりません。ネットワークを確かめて、もう一度 make を実行してください。\n"
            )
        stop("%s に失敗しました。%s\n%s" % (title, hint, tail))


def install(kind):
    requirements = os.path.join("requirements", kind + ".txt")
    pip = [venv_python(), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    with_progress("部品の導入 (%s)" % requirements, pip + ["--require-hashes", "-r", requirements])
    # built with the setuptools that the hashed list installed, so nothing is fetched for the build
    with_progress("yakuba の導入", pip + ["--no-deps", "--no-build-isolation", "-e", "."])


def main():
    kind = sys.argv[1] if len(sys.argv) > 1 else "run"
    if kind not in ("run", "test"):
        stop("使い方: setup.py run|test")
    check_python()
    check_place()
    print("yakuba を用意しています(初回は1、2分かかります)")
    make_venv()
    install(kind)
    if kind == "test":
        if subprocess.call(["sh", os.path.join(ROOT, "scripts", "debian-packages.sh")]) != 0:
            stop("試験に使うプログラムを入れられませんでした(上の説明を見てください)。")
        open(os.path.join(VENV, ".test-installed"), "w").close()
    open(os.path.join(VENV, ".run-installed"), "w").close()


if __name__ == "__main__":
    main()
