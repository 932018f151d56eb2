#!/bin/sh
# Stops with the command to type when Node 20+ or npm is missing; the pages' scripts come through npm.
set -u

found=$(node --version 2>/dev/null || echo "no node")
major=$(printf '%s' "$found" | sed -n 's/^v\([0-9][0-9]*\)\..*/\1/p')

if [ "${major:-0}" -lt 20 ]; then
    cat >&2 <<MESSAGE
Jiannuo needs Node 20 or newer for the pages' scripts and fonts; found: $found.
Install it and run make again, for example on Debian 13:
    sudo apt-get install nodejs npm
MESSAGE
    exit 1
fi

if ! command -v npm >/dev/null 2>&1; then
    cat >&2 <<MESSAGE
Node $found is here, but npm is not. Install it and run make again:
    sudo apt-get install npm
MESSAGE
    exit 1
fi
