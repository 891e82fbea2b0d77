#!/bin/sh
# What the tests use beyond Python packages: a real browser, a PDF reader of other hands, a software HSM, and fonts
# so that screenshots show Japanese.
# The town hall itself (make run) needs none of this.
set -eu

missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v pdftoppm >/dev/null 2>&1 || missing="$missing poppler-utils"
command -v softhsm2-util >/dev/null 2>&1 || missing="$missing softhsm2"
# What the sanitiser opens Word, Excel and PowerPoint with, and the cell it does that in.
command -v bwrap >/dev/null 2>&1 || missing="$missing bubblewrap"
[ -x /usr/lib/libreoffice/program/soffice.bin ] || missing="$missing libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
command -v ip >/dev/null 2>&1 || missing="$missing iproute2"
{ command -v nft >/dev/null 2>&1 || [ -x /usr/sbin/nft ]; } || missing="$missing nftables"
if ! command -v fc-list >/dev/null 2>&1 || ! fc-list 2>/dev/null | grep -qi "noto.*cjk"; then missing="$missing fontconfig fonts-noto-cjk"; fi
# A virtual card reader with an independent program that reads My Number cards, and an HSM in software.
command -v pcscd >/dev/null 2>&1 || missing="$missing pcscd"
[ -e /usr/lib/pcsc/drivers/serial/libifdvpcd.so ] || missing="$missing vsmartcard-vpcd"
command -v pkcs15-tool >/dev/null 2>&1 || missing="$missing opensc"
command -v softhsm2-util >/dev/null 2>&1 || missing="$missing softhsm2"
# What faults are done with: system calls made to fail, clocks set wrong.
command -v strace >/dev/null 2>&1 || missing="$missing strace"
command -v gcc >/dev/null 2>&1 || missing="$missing gcc libc6-dev"
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "[x] 次のものを入れてから、もう一度実行してください:$missing" >&2
  exit 1
fi
sudo=""
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null 2>&1 || { echo "[x] 管理者に頼んでください: apt-get install$missing" >&2; exit 1; }
  sudo="sudo"
fi
echo "    試験に使うプログラムを入れています:$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# shellcheck disable=SC2086 # the list is ours and is meant to be split
if ! { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
  tail -20 "$log" >&2
  exit 1
fi
rm -f "$log"
