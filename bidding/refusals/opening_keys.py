"""Why the opening hall may say no where keys are released and coefficients drawn."""

from dataclasses import dataclass

from bidding.refusals import Defective, NotEntitled, OutOfOrder, OutOfTime, Who


@dataclass(eq=False)
class WrongKey(Defective):
    """The key is not the one this bid was sealed with."""

    code = "wrong-key"
    rule = "KEY-B"
    article = "电子招标投标办法第三十条；cryptography 3.5 t2"
    who = Who.BIDDER
    zh = "非正确的加密锁：该密钥与投标文件加密时所用的不一致。"
    en = "Not the right key: this is not the one the bid was sealed with."
    remedy_zh = "请选择本项目、本轮投标时生成的密钥文件，在解密时限内重试。"
    remedy_en = "Choose the key file made with this very bid, and try again within the window."

    recipient: str


@dataclass(eq=False)
class NotALayerHolder(NotEntitled):
    """The notice names other holders for its layers."""

    code = "not-a-layer-holder"
    rule = "KEY-L"
    article = "招标公告约定"
    who = Who.CALLER
    zh = "公告未指定您为本项目的密钥层持有人。"
    en = "The notice does not name you as a holder of a layer."
    remedy_zh = "请由公告指定的人员操作。"
    remedy_en = "The person named in the notice must do this."

    tender_id: str


@dataclass(eq=False)
class WrongLayerKey(Defective):
    """The identity does not belong to the recipient in the notice."""

    code = "wrong-layer-key"
    rule = "KEY-L-FIT"
    article = "cryptography 3.10 S6"
    who = Who.LAYER_HOLDER
    zh = "该密钥与公告公布的密钥层公钥不一致。"
    en = "This identity does not belong to the layer's recipient in the notice."
    remedy_zh = "请核对密钥文件。"
    remedy_en = "Check the key file."

    order: int
    recipient: str


@dataclass(eq=False)
class LayerTooEarly(OutOfOrder):
    """No layer is released before every bidder's key is in or its window is over."""

    code = "layer-too-early"
    rule = "S5"
    article = "电子招标投标办法第三十条；cryptography 3.5 t4"
    who = Who.LAYER_HOLDER
    zh = "投标人解密与委员会补救尚未结束，不得释放密钥层。"
    en = "Bidders' release and the committee's fallback have not ended; no layer may be released yet."
    remedy_zh = "请等待主持人进入招标人解密步骤。"
    remedy_en = "Wait until the host enters that step."

    stage: str


@dataclass(eq=False)
class LayerOutOfTurn(OutOfOrder):
    """The layers are released in the order of the notice."""

    code = "layer-out-of-turn"
    rule = "S5-ORDER"
    article = "cryptography 3.5 t4"
    who = Who.LAYER_HOLDER
    zh = "应由第 {due} 层先释放，您持有第 {order} 层。"
    en = "Layer {due} is released first; you hold layer {order}."
    remedy_zh = "请等待前一层持有人。"
    remedy_en = "Wait for the holder before you."

    order: int
    due: int


@dataclass(eq=False)
class LayersNotMissing(OutOfTime):
    """A layer is given up only when its window is over and it is still missing."""

    code = "layers-not-missing"
    rule = "E-15-LAYER"
    article = "电子招标投标办法第三十一条"
    who = Who.SUPERVISOR
    zh = "密钥层释放时段未结束，或各层均已释放。"
    en = "The window for the layers is not over, or every layer is in."
    remedy_zh = "请等待时段届满，或延长时段。"
    remedy_en = "Wait until it is over, or extend it."

    tender_id: str


@dataclass(eq=False)
class NotAShareHolder(NotEntitled):
    """The notice names other members of the committee."""

    code = "not-a-share-holder"
    rule = "KEY-M"
    article = "招标公告约定"
    who = Who.CALLER
    zh = "公告未指定您为本项目的密钥委员会成员。"
    en = "The notice does not name you as a member of the key committee."
    remedy_zh = "请由公告指定的成员操作。"
    remedy_en = "A member named in the notice must do this."

    tender_id: str


@dataclass(eq=False)
class ShareUnwanted(Defective):
    """The committee opens only what its bidder did not release in time."""

    code = "share-unwanted"
    rule = "KEY-M-RULE"
    article = "cryptography 3.6；招标文件约定"
    who = Who.CALLER
    zh = "该投标文件不需要或没有委员会补救（{status}）。"
    en = "This bid does not need the committee, or has no valid fallback ({status})."
    remedy_zh = "只需提交列表中的份额。"
    remedy_en = "Post only the shares that are listed."

    bid_id: str
    status: str


@dataclass(eq=False)
class ShareMalformed(Defective):
    """These bytes are not the member's share."""

    code = "share-malformed"
    rule = "KEY-M-FORM"
    article = "cryptography 2.3"
    who = Who.CALLER
    zh = "份额格式不正确，或不是您的份额。"
    en = "The share is malformed, or not yours."
    remedy_zh = "请用您的成员密钥重新解密份额文件。"
    remedy_en = "Decrypt your share file again with your member's key."

    bid_id: str


@dataclass(eq=False)
class DrawOutOfOrder(OutOfOrder):
    """The draw is not where this could follow."""

    code = "draw-out-of-order"
    rule = "DRAW-STEP"
    article = "domain §2.9；cryptography §4"
    who = Who.CALLER
    zh = "抽取当前为「{state}」，不能执行「{attempted}」。"
    en = "The draw is at “{state}”; “{attempted}” cannot follow from there."
    remedy_zh = "请按抽取步骤进行。"
    remedy_en = "Follow the steps of the draw."

    state: str
    attempted: str


@dataclass(eq=False)
class DrawPartyUnknown(NotEntitled):
    """Only the parties of the draw commit and reveal, each for itself."""

    code = "draw-party-unknown"
    rule = "DRAW-PARTY"
    article = "cryptography §4.2 D1"
    who = Who.CALLER
    zh = "您不是本次抽取的参与方，或该参与方已承诺。"
    en = "You are not a party of this draw, or that party has committed."
    remedy_zh = "请由抽取规则列明的参与方操作。"
    remedy_en = "A party named in the draw must do this."

    party: str


@dataclass(eq=False)
class DrawSecretForeign(Defective):
    """What is revealed is not what was committed to."""

    code = "draw-secret-foreign"
    rule = "DRAW-REVEAL"
    article = "cryptography §4.2 D3"
    who = Who.CALLER
    zh = "揭示值与先前的承诺不符。"
    en = "What is revealed is not what was committed to."
    remedy_zh = "请提交承诺时保存的随机数。"
    remedy_en = "Reveal the number kept when committing."

    party: str


@dataclass(eq=False)
class BeaconsDiffer(Defective):
    """The two people typed in different values."""

    code = "beacons-differ"
    rule = "DRAW-BEACON"
    article = "cryptography §4.2 D4"
    who = Who.HOST
    zh = "两人录入的公共随机源不一致。"
    en = "The two typings of the beacon differ."
    remedy_zh = "请共同核对来源后重新录入。"
    remedy_en = "Check the source together and type it again."

    beacon: str
