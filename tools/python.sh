#!/bin/sh
# Prints a Python 3.11+ that can make a virtual environment, or says which command installs one.
set -u

is_fit() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

chosen=""
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if is_fit "$candidate"; then
        chosen=$candidate
        break
    fi
done

if [ -z "$chosen" ]; then
    found=$(python3 --version 2>/dev/null || echo "no python3")
    cat >&2 <<MESSAGE
Jiannuo needs Python 3.11 or newer; found: $found.
Install one and run make again, for example on Debian 12:
    sudo apt-get install python3 python3-venv
or name one yourself:
    make run PYTHON=/path/to/python3.12
MESSAGE
    exit 1
fi

if ! "$chosen" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    cat >&2 <<MESSAGE
$chosen cannot make a virtual environment. Install its venv module and run make again:
    sudo apt-get install python3-venv
MESSAGE
    exit 1
fi

command -v "$chosen"
