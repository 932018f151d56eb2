#!/bin/sh
# Makes sure that the browser tests have a Chromium and Chinese type, and prints Chromium's path.
# Installs Debian's packages where it may; otherwise stops with the command to type. Never skips.
set -u

find_chromium() {
    for candidate in "${JIANNUO_CHROMIUM:-}" chromium chromium-browser google-chrome \
        google-chrome-stable "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

has_chinese_type() {
    [ "$(uname -s)" != "Linux" ] || [ -n "$(fc-list :lang=zh family 2>/dev/null)" ]
}

install() {
    become=""
    [ "$(id -u)" -eq 0 ] || become="sudo -n"
    command -v apt-get >/dev/null 2>&1 && $become true 2>/dev/null || return 0
    echo "Installing for the browser tests: $*" >&2
    # The package lists may be old or missing; when the update fails, install still has its try.
    $become apt-get update -qq >&2
    $become env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >&2
}

find_chromium >/dev/null || install chromium
has_chinese_type || install fontconfig fonts-noto-cjk

if ! find_chromium >/dev/null || ! has_chinese_type; then
    cat >&2 <<MESSAGE
The browser tests need Chromium and Chinese type. Type this, then run make again:
    sudo apt-get update && sudo apt-get install chromium fontconfig fonts-noto-cjk
A Chromium elsewhere can be named: make test JIANNUO_CHROMIUM=/path/to/chromium
MESSAGE
    exit 1
fi

find_chromium
