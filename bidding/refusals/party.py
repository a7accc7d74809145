"""Every lawful no about parties: identifiers, organisations, people, certificates, sign-in, appointments."""

from dataclasses import dataclass

from bidding.refusals import Absent, Defective, NotEntitled, OutOfOrder, OutOfTime, Who


@dataclass(eq=False)
class USCCInvalid(Defective):
    """The unified social credit code is not one."""

    code = "uscc-invalid"
    rule = "ID-1"
    article = "GB 32100-2015"
    zh = "统一社会信用代码 {uscc} 有误:{fault_zh}。"
    en = "{uscc} is not a unified social credit code: {fault_en}."
    remedy_zh = "请按营业执照逐字核对 18 位代码(不含字母 I、O、S、V、Z)。"
    remedy_en = "Compare the 18 characters with the business licence; I, O, S, V and Z never occur."

    uscc: str
    fault_zh: str
    fault_en: str


@dataclass(eq=False)
class IDNumberInvalid(Defective):
    """The resident identity number is not one; it is never repeated back."""

    code = "id-number-invalid"
    rule = "ID-2"
    article = "GB 11643-1999"
    zh = "身份证号码有误:{fault_zh}。"
    en = "The resident identity number is wrong: {fault_en}."
    remedy_zh = "请按证件逐字核对 18 位号码。"
    remedy_en = "Compare the 18 characters with the card."

    fault_zh: str
    fault_en: str


@dataclass(eq=False)
class DealCodeInvalid(Defective):
    """The unified deal code does not check."""

    code = "deal-code-invalid"
    rule = "ID-3"
    article = "GB/T 17710-2008 (ISO 7064 MOD 37-2)"
    zh = "统一交易标识码 {deal_code} 校验未通过。"
    en = "The unified deal code {deal_code} does not check."
    remedy_zh = "请核对标识码全部字符及末位校验码。"
    remedy_en = "Compare every character, the check character at the end included."

    deal_code: str


@dataclass(eq=False)
class NameEmpty(Defective):
    """A name has nothing to read in it."""

    code = "name-empty"
    rule = "ID-4"
    article = "电子招标投标办法第二十五条"
    zh = "名称不能为空白,也不能含控制字符。"
    en = "A name cannot be blank or contain control characters."
    remedy_zh = "请填写证照上的全称。"
    remedy_en = "Give the full name as on the licence or card."


@dataclass(eq=False)
class OrganisationKnown(OutOfOrder):
    """An organisation of this code is registered."""

    code = "organisation-known"
    rule = "ID-5"
    article = "电子招标投标办法第二十五条"
    who = Who.CENTRE
    zh = "统一社会信用代码 {uscc} 已经登记。"
    en = "An organisation of the code {uscc} is registered already."
    remedy_zh = "请查询已登记的单位,并在其上维护信息。"
    remedy_en = "Look the organisation up and keep its entry."

    uscc: str


@dataclass(eq=False)
class PersonKnown(OutOfOrder):
    """A person of this ID number is registered."""

    code = "person-known"
    rule = "ID-6"
    article = "个人信息保护法第六条"
    who = Who.CENTRE
    zh = "此人已经登记。"
    en = "This person is registered already."
    remedy_zh = "请按身份证号查询此人,再添加其所属单位。"
    remedy_en = "Look the person up by ID number and add the organisation."


@dataclass(eq=False)
class OrganisationAbsent(Absent):
    """There is no such organisation."""

    code = "organisation-absent"
    rule = "ID-7"
    article = "电子招标投标办法第二十五条"
    zh = "没有登记这个单位。"
    en = "No such organisation is registered."
    remedy_zh = "请先登记单位。"
    remedy_en = "Register the organisation first."

    organisation_id: str


@dataclass(eq=False)
class PersonAbsent(Absent):
    """There is no such person."""

    code = "person-absent"
    rule = "ID-8"
    article = "电子招标投标办法第二十五条"
    zh = "没有登记此人。"
    en = "No such person is registered."
    remedy_zh = "请先登记人员。"
    remedy_en = "Register the person first."

    person_id: str


@dataclass(eq=False)
class AffiliateBids(NotEntitled):
    """The platform's operator and its affiliates do not bid on it."""

    code = "operator-affiliate"
    rule = "E-10"
    article = "电子招标投标办法第二十三条"
    who = Who.NOBODY
    zh = "{organisation}与平台运营机构存在控股或者管理关系,不得在本平台投标。"
    en = "{organisation} is tied to the platform's operator by control or management and may not bid here."
    remedy_zh = "关系已经解除的,请向交易中心提交证明并变更登记。"
    remedy_en = "If the tie has ended, hand proof to the centre and have the entry changed."

    organisation: str


@dataclass(eq=False)
class RoleBeyondKind(Defective):
    """An organisation of another kind cannot give this role."""

    code = "role-beyond-kind"
    rule = "ID-9"
    article = "招标投标法实施条例第五条"
    who = Who.CENTRE
    zh = "该单位的类别不能授予角色 {role}。"
    en = "An organisation of this kind cannot give the role {role}."
    remedy_zh = "请先核对单位类别;监督部门、交易中心与投标人不得互兼。"
    remedy_en = "Check the kinds of the organisation; supervisor, centre and bidder exclude each other."

    role: str


@dataclass(eq=False)
class KindsCollide(Defective):
    """An organisation cannot be all of these at once."""

    code = "kinds-collide"
    rule = "ID-10"
    article = "招标投标法实施条例第五条"
    who = Who.CENTRE
    zh = "单位类别 {kinds} 不能兼任:监督部门、交易中心不得同时为招标人、代理机构或投标人。"
    en = "The kinds {kinds} exclude each other: who supervises or runs the centre is no party to a tender."
    remedy_zh = "请保留其中一类。"
    remedy_en = "Keep one of them."

    kinds: str


@dataclass(eq=False)
class NotAMember(NotEntitled):
    """The person does not act for the organisation."""

    code = "not-a-member"
    rule = "ID-11"
    article = "民法典第一百六十五条"
    zh = "此人不是该单位的经办人员。"
    en = "This person does not act for the organisation."
    remedy_zh = "请先由交易中心登记其所属单位。"
    remedy_en = "Have the centre enter the membership first."

    person_id: str
    organisation_id: str


@dataclass(eq=False)
class NotYourOwn(NotEntitled):
    """A bidder speaks for itself alone."""

    code = "not-your-own"
    rule = "ID-12"
    article = "民法典第一百六十五条"
    zh = "只能委托或者解除本单位的代表。"
    en = "Only your own organisation's delegates are yours to name or to dismiss."
    remedy_zh = "请由该单位自行办理。"
    remedy_en = "The organisation itself has to do this."


@dataclass(eq=False)
class PowerOfAttorneyMissing(Defective):
    """A delegate needs a power of attorney."""

    code = "power-of-attorney-missing"
    rule = "ID-13"
    article = "民法典第一百六十五条"
    who = Who.BIDDER
    zh = "委托代理人须有授权委托书。"
    en = "A delegate needs a power of attorney."
    remedy_zh = "请上传授权委托书并提供其 SHA-256。"
    remedy_en = "Upload the power of attorney and give its SHA-256."


@dataclass(eq=False)
class RoleNotAppointable(Defective):
    """This role is not given for one tender, or not by its desk."""

    code = "role-not-appointable"
    rule = "ID-14"
    article = "电子招标投标办法第二十五条"
    zh = "角色 {role} 不能由招标人或代理机构在单个项目上授予。"
    en = "The role {role} is not the desk's to give for one tender."
    remedy_zh = "密钥层持有人与份额持有人由招标公告指定;监督与运维角色由交易中心授予。"
    remedy_en = "Key holders are named in the notice; supervisors and operations by the centre."

    role: str


@dataclass(eq=False)
class AppointmentAbsent(Absent):
    """There is no such appointment in force on this tender."""

    code = "appointment-absent"
    rule = "ID-15"
    article = "民法典第一百七十三条"
    zh = "没有这项有效的委派。"
    en = "No such appointment is in force."
    remedy_zh = "请刷新后重试。"
    remedy_en = "Refresh and try again."

    appointment_id: str


@dataclass(eq=False)
class CertificateAbsent(Absent):
    """There is no such certificate in use."""

    code = "certificate-absent"
    rule = "ID-16"
    article = "电子签名法第十三条"
    zh = "没有绑定这张证书。"
    en = "No such certificate is in use here."
    remedy_zh = "请核对证书。"
    remedy_en = "Check which certificate you mean."

    certificate: str


@dataclass(eq=False)
class CertificateKnown(OutOfOrder):
    """The certificate is bound to someone already."""

    code = "certificate-known"
    rule = "ID-17"
    article = "电子签名法第十三条"
    who = Who.CENTRE
    zh = "这张证书已经绑定。"
    en = "This certificate is bound already."
    remedy_zh = "一张证书只属于一人;请更换证书。"
    remedy_en = "A certificate belongs to one person; use another one."

    fingerprint: str


@dataclass(eq=False)
class CertificateNamesAnother(Defective):
    """The certificate names another organisation or person."""

    code = "certificate-names-another"
    rule = "ID-18"
    article = "电子签名法第十三条"
    who = Who.CENTRE
    zh = "证书主体与所绑定的单位或人员不一致。"
    en = "The certificate names another organisation or person."
    remedy_zh = "请使用证书主体本人的账户,或重新申领证书。"
    remedy_en = "Bind it to whom it names, or have a new one issued."

    named: str


@dataclass(eq=False)
class CertificateUntrusted(NotEntitled):
    """The certificate is not trusted here at this instant."""

    code = "certificate-untrusted"
    rule = "ID-19"
    article = "电子签名法第十三条、第十六条"
    zh = "证书未被信任:{detail}。"
    en = "The certificate is not trusted: {detail}."
    remedy_zh = "请使用本平台承认的电子认证机构签发、在有效期内的证书。"
    remedy_en = "Use a certificate in force, issued by an authority this platform accepts."

    detail: str


@dataclass(eq=False)
class CertificateIsRevoked(NotEntitled):
    """The certificate was revoked."""

    code = "certificate-revoked"
    rule = "ID-20"
    article = "电子签名法第二十三条"
    zh = "证书已被吊销。"
    en = "The certificate was revoked."
    remedy_zh = "请重新申领证书。"
    remedy_en = "Have a new certificate issued."


@dataclass(eq=False)
class CertificateNotEnrolled(NotEntitled):
    """The certificate is trusted, but nobody here has enrolled with it."""

    code = "certificate-not-enrolled"
    rule = "ID-21"
    article = "电子招标投标办法第二十五条"
    zh = "证书有效,但尚未在本平台登记。"
    en = "The certificate is good, but it is not enrolled on this platform."
    remedy_zh = "请由交易中心将证书绑定到单位与人员。"
    remedy_en = "Have the centre bind it to an organisation and a person."


@dataclass(eq=False)
class RequestUnproven(Defective):
    """The certificate request is not signed by the key that it names."""

    code = "request-unproven"
    rule = "ID-22"
    article = "RFC 2986 §4.2"
    zh = "证书申请(PKCS #10)无法读取,或未由其公钥对应的私钥签名。"
    en = "The certificate request cannot be read, or is not signed by the key it names."
    remedy_zh = "请用 ECDSA P-256 或不短于 2048 位的 RSA 密钥重新生成申请。"
    remedy_en = "Make the request again with an ECDSA P-256 key or an RSA key of 2048 bits or more."


@dataclass(eq=False)
class NoAuthorityHere(Absent):
    """This platform has no authority of its own."""

    code = "no-authority-here"
    rule = "ID-23"
    article = "电子签名法第十八条"
    who = Who.CENTRE
    zh = "本平台未设自有认证机构,证书由外部电子认证机构签发。"
    en = "This platform has no authority of its own; certificates come from outside authorities."
    remedy_zh = "请绑定外部机构签发的证书。"
    remedy_en = "Bind a certificate that an outside authority issued."


@dataclass(eq=False)
class ChallengeUnknown(NotEntitled):
    """The question was not asked of you, or it was answered already."""

    code = "challenge-unknown"
    rule = "ID-24"
    article = "GB/T 15843.3"
    zh = "该认证问题不存在、已使用或不属于本次会话。"
    en = "No such question is open here: unknown, answered already, or asked in another session."
    remedy_zh = "请重新获取认证问题。"
    remedy_en = "Ask for a new challenge."


@dataclass(eq=False)
class ChallengeLapsed(OutOfTime):
    """The answer came after the question had lapsed."""

    code = "challenge-lapsed"
    rule = "ID-25"
    article = "GB/T 15843.3"
    zh = "认证问题已过期。"
    en = "The challenge has lapsed."
    remedy_zh = "请重新获取认证问题,并在 120 秒内签名。"
    remedy_en = "Ask for a new challenge and sign it within 120 seconds."


@dataclass(eq=False)
class AnswerInvalid(NotEntitled):
    """The signature does not answer the question."""

    code = "answer-invalid"
    rule = "ID-26"
    article = "电子签名法第十三条"
    zh = "签名与认证问题或证书不符。"
    en = "The signature does not answer the challenge with this certificate's key."
    remedy_zh = "请用证书对应的私钥,对收到的认证问题原文逐字节签名。"
    remedy_en = "Sign the message byte for byte as it was received, with the certificate's own key."


@dataclass(eq=False)
class SessionAbsent(Absent):
    """There is no such session of yours."""

    code = "session-absent"
    rule = "ID-27"
    article = "GB/T 22239-2019 8.1.4.1"
    zh = "没有这个会话。"
    en = "You have no such session."
    remedy_zh = "请刷新会话列表。"
    remedy_en = "Refresh the list of sessions."

    session_id: str
