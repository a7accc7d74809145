"""The townships of the district by their 12-digit codes, as data with validity dates (domain §7.5)."""

from dataclasses import dataclass
from datetime import date

DISTRICT_CODE = "330703"


@dataclass(frozen=True, kw_only=True)
class Township:
    """One township; `until` is None while the code is in force."""

    code: str
    zh: str
    en: str
    since: date
    until: date | None = None


def _township(code: str, zh: str, en: str) -> Township:
    return Township(code=DISTRICT_CODE + code, zh=zh, en=en, since=date(2020, 1, 1))


TOWNSHIPS = (
    _township("001000", "多湖街道", "Duohu Subdistrict"),
    _township("002000", "东孝街道", "Dongxiao Subdistrict"),
    _township("101000", "孝顺镇", "Xiaoshun Town"),
    _township("102000", "傅村镇", "Fucun Town"),
    _township("103000", "曹宅镇", "Caozhai Town"),
    _township("104000", "澧浦镇", "Lipu Town"),
    _township("105000", "岭下镇", "Lingxia Town"),
    _township("106000", "江东镇", "Jiangdong Town"),
    _township("107000", "塘雅镇", "Tangya Town"),
    _township("108000", "赤松镇", "Chisong Town"),
    _township("200000", "源东乡", "Yuandong Township"),
)
