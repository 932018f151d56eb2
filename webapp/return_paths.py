"""Where a page may send its reader back to: paths of this site and nowhere else."""

from __future__ import annotations


def safe_target(target: str) -> str:
    """Return a path of this site, or nothing: no page ever leads elsewhere."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_path and "\n" not in target else ""
