"""Where a page may send its reader back to: paths of this site and nowhere else."""

from __future__ import annotations


def safe_target(target: str) -> str:
    """Return a path of this site, or nothing: no page ever leads elsewhere.

    Browsers drop tabs and line ends and read a backslash as a slash, so a target with any of
    them is no path of ours, however it begins.
    """
    is_path = target.startswith("/") and not target.startswith("//")
    is_plain = "\\" not in target and all(sign.isprintable() for sign in target)
    return target if is_path and is_plain else ""
