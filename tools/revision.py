"""Writes a migration from the models, so that nobody types one by hand (`make revision`)."""

from __future__ import annotations

import subprocess
import sys

from workflows.storage.migrate import write_revision


def main() -> int:
    """Write the revision named on the command line and say where it is."""
    if len(sys.argv) != 2:
        print('Type: make revision NAME="what changes"', file=sys.stderr)
        return 2
    path = write_revision(message=sys.argv[1])
    for arguments in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, str(path)], check=True)
    print(f"Written: {path}. Read it, then type: make check")
    return 0


if __name__ == "__main__":
    sys.exit(main())
