"""The demo office moved to another province: the same bodies, people and records, other rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from webapp.demo.install_office import DATA


@dataclass(frozen=True)
class Region:
    """What of the demo office's data names its region."""

    province: str
    city: str
    division: str


HOME = Region("吉林", "通化", "22")
REGIONS = {
    "jiangsu": Region("江苏", "南京", "32"),
    "shandong": Region("山东", "济南", "37"),
}


def region_data(name: str) -> dict[str, Any]:
    """Return the demo office's data as it would read in this region."""
    there = REGIONS[name]
    text = DATA.read_text(encoding="utf-8")
    text = text.replace(HOME.province, there.province).replace(HOME.city, there.city)
    codes = f'"division_code": "{HOME.division}', f'"division_code": "{there.division}'
    data: dict[str, Any] = json.loads(text.replace(*codes))
    return data
