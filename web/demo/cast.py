"""Who plays: invented organisations and people, with identifiers that check out and belong to nobody."""

from collections.abc import Iterator
from dataclasses import dataclass

from bidding.party.identifiers import id_number_check, organisation_code_check, uscc_check
from bidding.party.kinds import OrganisationKind as Kind
from bidding.party.roles import Role
from crypto.certificates import Profile

_REGION = "330703"
_STEMS = "甲乙丙丁戊己庚辛壬癸子丑"
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"


@dataclass(frozen=True)
class Firm:
    """An organisation; `prefix` is what its code begins with (11 office, 12 institution, 91 company)."""

    key: str
    name: str
    kind: Kind
    number: int
    prefix: str = "91"

    @property
    def uscc(self) -> str:
        """A code whose check characters hold (GB 32100, GB 11714)."""
        body = f"MA{self.number:06d}"
        whole = f"{self.prefix}{_REGION}{body}{organisation_code_check(body)}"
        return whole + uscc_check(whole)


@dataclass(frozen=True)
class Part:
    """A person of a firm, with its roles on the platform."""

    key: str
    firm: str
    number: int
    roles: frozenset[Role] = frozenset()
    profile: Profile = Profile.STAFF

    @property
    def name(self) -> str:
        return f"示例{_FAMILY[self.number % len(_FAMILY)]}某"

    @property
    def id_number(self) -> str:
        """A number whose check character holds, of someone born in 1900."""
        body = f"{_REGION}19000101{self.number:03d}"
        return body + id_number_check(body)


CENTRE = Firm("centre", "示例区公共资源交易中心", Kind.CENTRE, 1, "12")
OWNER = Firm("owner", "示例镇人民政府", Kind.PROCURING_ENTITY, 2, "11")
AGENCY = Firm("agency", "示例招标代理有限公司", Kind.AGENCY, 3)
OFFICE = Firm("office", "示例区公共资源交易监督管理办公室", Kind.SUPERVISOR, 4, "11")
AUDIT = Firm("audit", "示例区审计局", Kind.SUPERVISOR, 5, "11")
JUSTICE = Firm("justice", "示例区司法局", Kind.SUPERVISOR, 6, "11")

BIDDERS = tuple(
    Firm(f"bidder-{number}", f"示例{stem}建设有限公司", Kind.BIDDER, 100 + number)
    for number, stem in enumerate(_STEMS, 1)
)
FIRMS = (CENTRE, OWNER, AGENCY, OFFICE, AUDIT, JUSTICE, *BIDDERS)

FIRST = Part("ops", "centre", 1, frozenset({Role.CENTRE_OPS}))
DESK = (
    Part("ops-2", "centre", 2, frozenset({Role.CENTRE_OPS})),
    Part("witness", "centre", 3, frozenset({Role.OPENING_WITNESS})),
    Part("entity", "owner", 4, frozenset({Role.PROCURING_ENTITY})),
    Part("layer-1", "owner", 5, frozenset({Role.LAYER_HOLDER})),
    Part("host", "agency", 6, frozenset({Role.AGENCY_HOST})),
    Part("recorder", "agency", 7, frozenset({Role.RECORDER})),
    Part("supervisor", "office", 8, frozenset({Role.SUPERVISOR})),
    Part("layer-2", "office", 9, frozenset({Role.LAYER_HOLDER})),
)
LAYERS = ("layer-1", "layer-2")
MEMBERS = tuple(
    Part(f"member-{number}", firm, 10 + number)
    for number, firm in enumerate(("centre", "audit", "audit", "justice", "justice"), 1)
)


def bidders(firms: tuple[Firm, ...] = BIDDERS) -> Iterator[Part]:
    """The one who acts for each bidder."""
    for number, firm in enumerate(firms, 20):
        yield Part(firm.key, firm.key, number, frozenset({Role.BIDDER}), Profile.BIDDER)


def everyone() -> tuple[Part, ...]:
    """All but the first person, who is there already."""
    return (*DESK, *MEMBERS, *bidders())
