"""LibreOffice's cell from inside, tried by a program that does all it can; and where it is not installed."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.gateway.corpus import office_files
from tests.gateway.corpus.specimen import EVERYTHING
from yakuba.gateway.checks import office_documents
from yakuba.gateway.envelope import AttachmentRef
from yakuba.gateway.sanitise import bubblewrap, office_cell
from yakuba.gateway.sanitise.clean import clean
from yakuba.gateway.sanitise.limits import RASTER, Limits
from yakuba.gateway.sanitise.sandbox import Sandbox

_HERE = office_cell.installation()
needs_bubblewrap = pytest.mark.skipif(
    not (_HERE.bubblewrap and _HERE.prlimit and shutil.which("perl")),
    reason="bubblewrap, prlimit or perl is missing",
)
_PROGRAM = r"""
use Socket; use POSIX;
open(my $o, ">", "/tmp/said"); select((select($o), $| = 1)[0]);
sub ls { opendir(my $d, $_[0]) or return "none"; join(" ", sort grep { !/^\.\.?$/ } readdir $d) }
print $o "root: ", ls("/"), "\netc: ", ls("/etc"), "\nin: ", ls("/in"), "\nhome: ", ls("/home"), "\n";
print $o "processes: ", scalar(grep { /^\d+$/ } split / /, ls("/proc")), "\n";
print $o "user: $>\n", "fork: ", (defined(fork()) ? "yes" : "no"), "\n";
print $o "run: ", (system("/usr/bin/true") == 0 ? "yes" : "no"), "\n";
for my $f (AF_INET, 10, 16, 17) { print $o "socket $f: ", ((socket(my $s, $f, SOCK_STREAM, 0) || socket($s, $f, SOCK_DGRAM, 0) || socket($s, $f, SOCK_RAW, 0)) ? "yes" : "no"), "\n" }
for my $p ("/x", "/usr/lib/x", "/etc/x", "/dev/x", "/in/document", "/in/x", "/fonts.conf", "/proc/sys/kernel/hostname") { print $o "write $p: ", (open(my $h, ">>", $p) ? "yes" : "no"), "\n" }
print $o "root again: ", (POSIX::setuid(0) ? "yes" : "no"), "\n";
print $o "mount: ", (syscall(165, "none", "/tmp", "tmpfs", 0, 0) == 0 ? "yes" : "no"), "\n";
"""


def inside(program: str, limits: Limits = RASTER) -> str:
    return office_cell.run(["/usr/bin/perl", "-e", program], limits, _HERE, ["/usr/bin", "/usr/share/perl"])


@needs_bubblewrap
def test_nothing_can_be_reached_from_inside_but_the_one_file() -> None:
    said = dict(line.split(": ", 1) for line in inside(_PROGRAM).splitlines())
    assert set(said.pop("root").split()) <= {
        "dev",
        "etc",
        "fonts",
        "fonts.conf",
        "in",
        "lib",
        "lib64",
        "proc",
        "tmp",
        "usr",
    }
    assert said.pop("etc") in ("libreoffice", "none")
    assert (said.pop("in"), said.pop("home")) == ("document", "none")
    assert int(said.pop("processes")) == 2
    assert said.pop("user") != "0" or os.geteuid() != 0
    assert said
    assert set(said.values()) == {"no"}, said


@needs_bubblewrap
def test_what_it_writes_computes_and_waits_is_bounded() -> None:
    small = replace(RASTER, office_seconds=3, office_cpu_seconds=1, office_memory=400_000_000)
    full = 'open(my $h, ">", "/tmp/big"); my $n = 0; $n++ while $n < 200 and syswrite($h, "x" x 1e6) == 1e6; close($h); unlink "/tmp/big"; open(my $o, ">", "/tmp/said"); print $o $n'
    assert int(inside(full, small)) <= 50
    memory = 'open(my $o, ">", "/tmp/said"); syswrite($o, "began"); my $n = 600_000_000; my $x = "x" x $n; syswrite($o, " ended")'
    assert inside(memory, small) == "began"
    endless = 'open(my $o, ">", "/tmp/said"); syswrite($o, "began"); 1 while 1'
    assert inside(endless, small) == "began"
    asleep = 'open(my $o, ">", "/tmp/said"); syswrite($o, "began"); sleep 600'
    assert inside(asleep, replace(small, office_seconds=1)) == "began"


@needs_bubblewrap
def test_a_link_where_the_result_should_be_is_not_followed() -> None:
    assert inside('symlink("/etc/hostname", "/tmp/said")') == ""


def test_where_it_is_not_installed_the_file_is_refused_and_the_operator_told(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.ZONE = "lgwan"
    missing = office_cell.Installation(
        "", "/usr/bin/prlimit", Path(), ("bubblewrap", "libreoffice-writer-nogui")
    )
    monkeypatch.setattr(office_cell, "installation", lambda: missing)
    data, sandbox = office_files.docx(), Sandbox()
    after = clean(AttachmentRef("s", "a.docx", "", len(data), ""), data, sandbox, policy=EVERYTHING)
    sandbox.close()
    assert (after.ref.refused, after.data) == ("office_not_installed", b"")
    assert (after.ref.evidence or {})["missing"] == ["bubblewrap", "libreoffice-writer-nogui"]
    warning = office_documents()[0]
    assert (warning.id, "libreoffice-writer-nogui" in str(warning.hint)) == ("gateway.W003", True)


def test_the_walls_are_in_the_evidence_of_an_office_document() -> None:
    if _HERE.missing:
        pytest.skip(f"not installed: {_HERE.missing}")
    data, sandbox = office_files.docx(), Sandbox()
    after = clean(AttachmentRef("s", "a.docx", "", len(data), ""), data, sandbox, policy=EVERYTHING)
    sandbox.close()
    evidence = after.ref.evidence or {}
    assert evidence["office_walls"] == list(bubblewrap.WALLS)
    assert (evidence["method"], after.ref.filename, after.ref.media_type) == (
        "office",
        "a.pdf",
        "application/pdf",
    )
