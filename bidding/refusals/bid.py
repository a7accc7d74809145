"""Why a sealed bid, or the bytes of one, is not taken in."""

from dataclasses import dataclass, field
from datetime import datetime

from bidding.refusals import Absent, Defective, NotEntitled, OutOfOrder, OutOfTime, TooMuch, Who

_ORDER_20 = "《电子招标投标办法》"
_STATUTE = "《招标投标法》"
_REGULATION = "《招标投标法实施条例》"


@dataclass(eq=False)
class BidLate(OutOfTime):
    """The bid was not wholly received by the deadline."""

    code = "bid-late"
    rule = "E-03"
    article = f"{_STATUTE}第二十八条、{_ORDER_20}第二十七条"
    who = Who.NOBODY
    zh = "投标截止时间为 {deadline},本次提交于 {received_at} 到达,已逾期,平台依法拒收。"
    en = "The deadline was {deadline}; this arrived at {received_at} and is refused as late."
    remedy_zh = "截止后不能再提交。此前已收到回执的投标文件不受影响。"
    remedy_en = "Nothing can be submitted after the deadline. A bid already receipted is not affected."

    deadline: datetime
    received_at: datetime


@dataclass(eq=False)
class WithdrawalLate(OutOfTime):
    """After the deadline a bid is no longer withdrawn (撤回), only revoked (撤销)."""

    code = "withdrawal-late"
    rule = "T-11"
    article = f"{_STATUTE}第二十九条、{_REGULATION}第三十五条"
    who = Who.BIDDER
    zh = "投标截止时间为 {deadline},截止后不能撤回投标文件。"
    en = "The deadline was {deadline}; after it a bid can no longer be withdrawn."
    remedy_zh = "截止后只能书面撤销,投标保证金可能不予退还。"
    remedy_en = "After the deadline a bid can only be revoked in writing, at the risk of the deposit."

    deadline: datetime


@dataclass(eq=False)
class BiddingNotOpen(OutOfOrder):
    """The tender takes no bids as it stands."""

    code = "bidding-not-open"
    rule = "E-04"
    article = f"{_STATUTE}第二十八条"
    who = Who.HOST
    zh = "该标段当前状态为 {state},不接收投标文件。"
    en = "The tender is {state} and takes no bids."
    remedy_zh = "请等待招标文件开放,或待暂停解除后再提交。"
    remedy_en = "Wait until bidding is open, or until it has been resumed."

    state: str


@dataclass(eq=False)
class BidderNotInvited(NotEntitled):
    """The tender is by invitation and this organisation is not invited."""

    code = "bidder-not-invited"
    rule = "N-03"
    article = f"{_STATUTE}第十七条"
    who = Who.PROCURING_ENTITY
    zh = "本项目为邀请招标,贵单位不在受邀名单内。"
    en = "This tender is by invitation, and your organisation is not among those invited."
    remedy_zh = "如认为有误,请与招标人联系。"
    remedy_en = "If this is a mistake, speak to the procuring entity."


@dataclass(eq=False)
class SealedBeforeDeadline(OutOfTime):
    """Who bids, and how many, is told to nobody before the deadline."""

    code = "sealed-before-deadline"
    rule = "E-08"
    article = f"{_STATUTE}第二十二条、{_ORDER_20}第二十一条"
    who = Who.NOBODY
    zh = "投标截止前,任何人不得获知投标人名称、数量及投标文件。"
    en = "Before the deadline nobody may learn who bids, how many, or what."
    remedy_zh = "请待投标截止后在开标大厅查看。"
    remedy_en = "Look in the opening hall after the deadline."


@dataclass(eq=False)
class BidUnencrypted(Defective):
    """What was handed in is not encrypted."""

    code = "bid-unencrypted"
    rule = "E-02"
    article = f"{_ORDER_20}第二十六条、{_REGULATION}第三十六条"
    who = Who.BIDDER
    zh = "投标文件未加密({detail}),平台依法拒收并予提示。"
    en = "The bid is not encrypted ({detail}) and is refused, as the regulation demands."
    remedy_zh = "请用本平台的制作工具加密后在截止前重新提交。"
    remedy_en = "Seal it with the platform's bid tool and submit again before the deadline."

    detail: str


@dataclass(eq=False)
class BidIllFormed(Defective):
    """The sealed bid is not of the envelope's form."""

    code = "bid-ill-formed"
    rule = "E-02"
    article = f"{_ORDER_20}第二十六条"
    who = Who.BIDDER
    zh = "投标文件的密封格式不符合要求:{detail}。"
    en = "The sealed bid does not have the envelope's form: {detail}."
    remedy_zh = "请用本平台的制作工具重新密封后提交。"
    remedy_en = "Seal it again with the platform's bid tool and submit."

    check: str
    detail: str


@dataclass(eq=False)
class BidTruncated(Defective):
    """A ciphertext ends too soon."""

    code = "bid-truncated"
    rule = "E-03"
    article = f"{_ORDER_20}第二十七条"
    who = Who.BIDDER
    zh = "投标文件传输不完整:{detail}。"
    en = "The bid was not transmitted whole: {detail}."
    remedy_zh = "请在截止前重新上传完整的文件。"
    remedy_en = "Upload the whole file again before the deadline."

    detail: str


@dataclass(eq=False)
class BidForAnotherTender(Defective):
    """The envelope names another tender, lot, stage or deadline."""

    code = "bid-wrong-tender"
    rule = "E-02"
    article = f"{_ORDER_20}第二十六条"
    who = Who.BIDDER
    zh = "投标文件是为其他标段密封的:{detail}。"
    en = "The bid was sealed for another tender or lot: {detail}."
    remedy_zh = "请选择正确的标段重新密封后提交。"
    remedy_en = "Choose the right lot, seal again and submit."

    check: str
    detail: str


@dataclass(eq=False)
class BidOnOldNotice(Defective):
    """The bid names a version of the notice that no longer stands."""

    code = "bid-old-notice"
    rule = "T-04"
    article = f"{_STATUTE}第二十三条"
    who = Who.BIDDER
    zh = "投标文件依据的公告版本已被修改且要求重新提交,或不属于本标段。"
    en = "The bid rests on a notice that was amended with resubmission required, or on another tender's."
    remedy_zh = "请按最新公告版本 {newest} 重新密封后提交。"
    remedy_en = "Seal again to the newest notice {newest} and submit."

    named: str
    newest: str


@dataclass(eq=False)
class BidBoundToAnother(Defective):
    """The ciphertext was sealed for another bidder or altered after sealing."""

    code = "bid-bind-mismatch"
    rule = "E-02"
    article = f"{_REGULATION}第三十九条、第四十条"
    who = Who.BIDDER
    zh = "密文与其声明的投标人或内容不一致:{detail}。"
    en = "The ciphertext does not belong to the bidder or contents it is stated to be: {detail}."
    remedy_zh = "请用自己的证书重新密封后提交。"
    remedy_en = "Seal again with your own certificate and submit."

    check: str
    detail: str


@dataclass(eq=False)
class BidCopied(Defective):
    """A part of the bid was handed in before: by another bidder, or in an earlier round."""

    code = "bid-copied"
    rule = "E-02"
    article = f"{_REGULATION}第四十条"
    who = Who.BIDDER
    zh = "投标文件中的密文或密钥曾被提交过,不能再次使用。"
    en = "A ciphertext or key of this bid was handed in before and cannot be used again."
    remedy_zh = "请重新密封(每次密封都会产生新的密钥)后提交。"
    remedy_en = "Seal again, which makes fresh keys, and submit."


@dataclass(eq=False)
class BidReplayed(OutOfOrder):
    """The statement is not the next one of this bidder: an older one sent again, or a round left out."""

    code = "bid-replayed"
    rule = "E-04"
    article = f"{_STATUTE}第二十九条"
    who = Who.BIDDER
    zh = "应提交第 {expected} 轮,收到的是第 {given} 轮,或其所接续的上一轮不符。"
    en = "Round {expected} was expected and round {given} came, or it follows another statement."
    remedy_zh = "请以平台显示的最近一次提交为上一轮重新密封后提交。"
    remedy_en = "Seal again as the follower of your latest submission and submit."

    expected: int
    given: int


@dataclass(eq=False)
class BidSignatureBroken(Defective):
    """The statement is not signed by the certificate it names."""

    code = "bid-signature-broken"
    rule = "E-21"
    article = "《电子签名法》第十三条"
    who = Who.BIDDER
    zh = "投标声明的电子签名无效:{detail}。"
    en = "The signature of the statement is not valid: {detail}."
    remedy_zh = "请用数字证书重新签名后提交。"
    remedy_en = "Sign again with your certificate and submit."

    detail: str


@dataclass(eq=False)
class BidCertificateUntrusted(Defective):
    """The signing certificate is not trusted here, or not now."""

    code = "bid-certificate-untrusted"
    rule = "E-21"
    article = "《电子签名法》第十六条"
    who = Who.BIDDER
    zh = "签名证书不被信任或不在有效期内:{detail}。"
    en = "The signing certificate is not trusted, or not now: {detail}."
    remedy_zh = "请使用本平台认可且在有效期内的证书。"
    remedy_en = "Use a certificate that this platform trusts and that is valid."

    detail: str


@dataclass(eq=False)
class BidCertificateRevoked(Defective):
    """The signing certificate was revoked by its issuer."""

    code = "bid-certificate-revoked"
    rule = "E-21"
    article = "《电子签名法》第十五条"
    who = Who.BIDDER
    zh = "签名证书已被吊销。"
    en = "The signing certificate has been revoked."
    remedy_zh = "请换用有效证书重新密封后提交。"
    remedy_en = "Seal again with a valid certificate and submit."


@dataclass(eq=False)
class BidSignedByAnother(NotEntitled):
    """The statement is signed for another organisation than the one signed in."""

    code = "bid-signed-by-another"
    rule = "E-21"
    article = "《电子签名法》第十三条"
    who = Who.BIDDER
    zh = "投标声明由其他单位的证书签署。"
    en = "The statement is signed with another organisation's certificate."
    remedy_zh = "请用本单位的证书签名。"
    remedy_en = "Sign with your own organisation's certificate."


@dataclass(eq=False)
class BidIncomplete(Defective):
    """Objects named by the statement are missing, unknown or not wholly uploaded."""

    code = "bid-incomplete"
    rule = "E-03"
    article = f"{_ORDER_20}第二十七条"
    who = Who.BIDDER
    zh = "投标文件不完整或有多余对象:{detail}。"
    en = "The bid is not complete, or has more than it states: {detail}."
    remedy_zh = "请完成全部对象的上传后再提交。"
    remedy_en = "Finish uploading every object, then submit."

    detail: str


@dataclass(eq=False)
class BidAltered(Defective):
    """Stored bytes differ in hash or size from the signed statement."""

    code = "bid-altered"
    rule = "E-05"
    article = f"{_ORDER_20}第二十七条"
    who = Who.BIDDER
    zh = "已上传的内容与签名声明不一致:{detail}。"
    en = "What was uploaded is not what the signed statement says: {detail}."
    remedy_zh = "请重新上传该对象,或重新密封后提交。"
    remedy_en = "Upload that object again, or seal again and submit."

    check: str
    detail: str


@dataclass(eq=False)
class BidTooLarge(TooMuch):
    """The objects together exceed what the notice allows."""

    code = "bid-too-large"
    rule = "E-01"
    article = f"{_ORDER_20}第二十五条"
    who = Who.BIDDER
    zh = "投标文件共 {size} 字节,超过公告规定的上限 {limit} 字节。"
    en = "The bid is {size} bytes; the notice allows {limit}."
    remedy_zh = "请压缩图片或扫描件后重新密封。"
    remedy_en = "Reduce pictures or scans, and seal again."

    limit: int
    size: int


@dataclass(eq=False)
class NoStandingBid(OutOfOrder):
    """There is no standing bid of this bidder."""

    code = "no-standing-bid"
    rule = "E-04"
    article = f"{_STATUTE}第二十九条"
    who = Who.BIDDER
    zh = "贵单位在本标段没有有效的投标文件。"
    en = "Your organisation has no standing bid in this tender."
    remedy_zh = "如需投标,请提交投标文件。"
    remedy_en = "Submit a bid if you mean to take part."


@dataclass(eq=False)
class BidOutOfOrder(OutOfOrder):
    """The bid does not stand where this step could follow."""

    code = "bid-out-of-order"
    rule = "E-04"
    article = f"{_STATUTE}第二十九条"
    who = Who.CALLER
    zh = "投标文件当前状态为 {state},不能进行该操作。"
    en = "The bid is {state}; {attempted} does not follow from there."
    remedy_zh = "请刷新后查看投标文件的当前状态。"
    remedy_en = "Look again at where the bid stands."

    state: str
    attempted: str


@dataclass(eq=False)
class BidAbsent(Absent):
    """There is no such bid, or none that the caller may know of."""

    code = "bid-absent"
    rule = "E-08"
    article = f"{_STATUTE}第二十二条"
    who = Who.CALLER
    zh = "没有可供查看的投标文件。"
    en = "There is no bid here that you may see."
    remedy_zh = "请核对编号与登录身份。"
    remedy_en = "Check the number and who is signed in."


@dataclass(eq=False)
class OutcomeAbsent(Absent):
    """No act was taken in under this idempotency key."""

    code = "outcome-absent"
    rule = "E-05"
    article = f"{_ORDER_20}第二十七条"
    who = Who.CALLER
    zh = "该幂等键下没有已受理的操作。"
    en = "Nothing was taken in under this idempotency key."
    remedy_zh = "可以用同一幂等键安全地重新提交。"
    remedy_en = "It is safe to submit again with the same key."

    key: str


@dataclass(eq=False)
class ReceiptPending(Absent):
    """The act stands, but no checkpoint covers it yet."""

    code = "receipt-pending"
    rule = "E-05"
    article = f"{_ORDER_20}第二十七条"
    who = Who.CENTRE
    zh = "第 {seq} 号记录已受理,日志检查点尚未生成。"
    en = "Record {seq} stands; the log's next checkpoint is still to come."
    remedy_zh = "请稍候再取;此前已给出的平台签名承诺有效。"
    remedy_en = "Ask again in a moment; the platform's signed promise holds until then."

    seq: int


@dataclass(eq=False)
class KeyReused(OutOfOrder):
    """The idempotency key was used for another request."""

    code = "idempotency-key-reused"
    rule = "E-05"
    article = f"{_ORDER_20}第二十七条"
    who = Who.CALLER
    zh = "该幂等键已用于另一内容的请求。"
    en = "This idempotency key was used for a request with other contents."
    remedy_zh = "请为新的请求使用新的幂等键。"
    remedy_en = "Use a new key for a new request."

    key: str


@dataclass(eq=False)
class UploadAbsent(Absent):
    """There is no such upload, or it is another's, or it has expired."""

    code = "upload-absent"
    rule = "E-08"
    article = f"{_STATUTE}第二十二条"
    who = Who.CALLER
    zh = "没有该上传任务,或已过期清除。"
    en = "There is no such upload, or it has expired."
    remedy_zh = "请重新建立上传任务。"
    remedy_en = "Begin a new upload."


@dataclass(eq=False)
class UploadOutOfStep(OutOfOrder):
    """The bytes do not continue where the upload stands."""

    code = "upload-out-of-step"
    rule = "E-03"
    article = "tus 1.0 §PATCH"
    who = Who.CALLER
    zh = "上传偏移量不符:应为 {received},收到 {offset}。"
    en = "The upload stands at {received}; bytes came for {offset}."
    remedy_zh = "请用 HEAD 查询当前偏移量后继续。"
    remedy_en = "Ask for the offset with HEAD and go on from there."

    received: int
    offset: int


@dataclass(eq=False)
class UploadTaken(OutOfOrder):
    """The upload belongs to a submitted bid and stays as it is."""

    code = "upload-taken"
    rule = "E-24"
    article = f"{_ORDER_20}第十四条"
    who = Who.NOBODY
    zh = "该文件已属于已提交的投标文件,不能更改或删除。"
    en = "These bytes belong to a submitted bid and can be neither changed nor deleted."
    remedy_zh = "如需更换,请重新上传并提交新一轮投标文件。"
    remedy_en = "To replace it, upload again and submit another round."


@dataclass(eq=False)
class UploadTooLarge(TooMuch):
    """The upload, or one piece of it, is larger than is allowed."""

    code = "upload-too-large"
    rule = "E-01"
    article = f"{_ORDER_20}第二十五条"
    who = Who.CALLER
    zh = "上传大小 {size} 字节,超过上限 {limit} 字节。"
    en = "{size} bytes are more than the {limit} that are allowed."
    remedy_zh = "单次 PATCH 请分块;整个文件请不超过公告上限。"
    remedy_en = "Send smaller pieces; keep the whole within what the notice allows."

    limit: int
    size: int


@dataclass(eq=False)
class UploadQuotaReached(TooMuch):
    """The bidder's open uploads together exceed its quota."""

    code = "upload-quota"
    rule = "E-01"
    article = f"{_ORDER_20}第二十五条"
    who = Who.BIDDER
    zh = "未提交的上传合计 {used} 字节,加上本次将超过配额 {limit} 字节。"
    en = "Open uploads hold {used} bytes; this one would pass the quota of {limit}."
    remedy_zh = "请删除不用的上传任务,或等待其过期。"
    remedy_en = "Delete uploads that are not needed, or let them expire."

    limit: int
    used: int


@dataclass(eq=False)
class UploadBusy(TooMuch):
    """Too many pieces are being received at once."""

    code = "upload-busy"
    rule = "E-01"
    article = f"{_ORDER_20}第二十五条"
    who = Who.CALLER
    zh = "同时上传的数据块过多。"
    en = "Too many pieces are being received at once."
    remedy_zh = "请稍候自动重试;已确认的部分不会丢失。"
    remedy_en = "Try again in a moment; what was confirmed is kept."


@dataclass(eq=False)
class ChecksumMismatch(Defective):
    """The bytes that arrived are not those the client's checksum names."""

    code = "upload-checksum-mismatch"
    rule = "E-03"
    article = "tus 1.0 §Checksum"
    who = Who.CALLER
    zh = "本数据块的校验值不符,已丢弃。"
    en = "The checksum does not match; the piece was dropped."
    remedy_zh = "请从原偏移量重新发送该数据块。"
    remedy_en = "Send the piece again from the same offset."


@dataclass(eq=False)
class UploadMalformed(Defective):
    """The upload request is not one of tus 1.0 as offered here."""

    code = "upload-malformed"
    rule = "API-TUS"
    article = "tus 1.0"
    who = Who.CALLER
    zh = "上传请求不符合 tus 1.0:{defects}。"
    en = "The upload request is not of tus 1.0: {defects}."
    remedy_zh = "请使用 tus 1.0 客户端,并给出标段编号与对象名称。"
    remedy_en = "Use a tus 1.0 client and name the tender and the object."

    defects: list[str] = field(default_factory=list)
