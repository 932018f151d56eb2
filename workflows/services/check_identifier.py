"""Say what is wrong with an identifier, so that the registers hold none that cannot exist.

GB 32100 defines the unified social credit code (N37), GB 11643 the citizen identification number
(N38), GB/T 2260 the division codes (N39). A filing is never refused for its code; a register is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from stdnum import numdb
from stdnum.cn import ric, uscc

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# GB 32100 leaves these letters out because they look like digits.
LOOKS_LIKE = {"I": "1", "O": "0", "S": "5", "Z": "2"}
LEFT_OUT = "IOSVZ"


class Problem(NamedTuple):
    """What is wrong: the key of a sentence and what fills it."""

    key: str
    facts: Mapping[str, Any] = {}


def clean_code(value: str) -> str:
    """Return a code as it is written on paper: no spaces or hyphens, half width, capitals."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", value)).upper()


def problem_of_uscc(code: str) -> Problem | None:
    """Return what is wrong with a clean unified social credit code, its first wrong character."""
    if len(code) != 18:
        return Problem("check.uscc.length", {"count": len(code)})
    for place, letter in enumerate(code, start=1):
        problem = _uscc_character(place, letter)
        if problem is not None:
            return problem
    if uscc.calc_check_digit(code[:17]) != code[17]:
        return Problem("check.uscc.checksum")
    return None


def _uscc_character(place: int, letter: str) -> Problem | None:
    facts = {"place": place, "letter": letter}
    if letter in LOOKS_LIKE:
        return Problem("check.uscc.letter", {**facts, "digit": LOOKS_LIKE[letter]})
    if letter in LEFT_OUT:
        return Problem("check.uscc.letter_only", facts)
    if letter not in USCC_ALPHABET:
        return Problem("check.uscc.character", facts)
    if 3 <= place <= 8 and not letter.isdigit():
        return Problem("check.uscc.digits", facts)
    return None


def problem_of_id_number(code: str) -> Problem | None:
    """Return what is wrong with a clean citizen identification number."""
    if len(code) != 18:
        return Problem("check.id.length", {"count": len(code)})
    for place, letter in enumerate(code, start=1):
        if not (letter in "0123456789" or (place == 18 and letter == "X")):
            return Problem("check.id.character", {"place": place, "letter": letter})
    if birthday_in(code) is None:
        return Problem("check.id.birthday")
    if ric.calc_check_digit(code) != code[17]:
        return Problem("check.id.checksum")
    return None


def problem_of_division(code: str) -> Problem | None:
    """Return what is wrong with a division code. Codes below the province change every year."""
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        return Problem("check.division_code")
    province = numdb.get("cn/loc").info(code)[0][1]
    return None if province.get("province") else Problem("check.division_unknown", {"code": code})


def birthday_in(code: str) -> date | None:
    """Return the day of birth that an identification number tells, or None."""
    try:
        return date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return None
