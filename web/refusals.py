"""The reasons the doors themselves say no, before any room is entered."""

from dataclasses import dataclass, field
from typing import Any

from bidding.refusals import Absent, Defective, NotEntitled, Refusal, TooMuch, Who


@dataclass(eq=False)
class FormDefect(Defective):
    """The request is not of the form that the API description promises."""

    code = "form-defect"
    rule = "API-1"
    article = "OpenAPI 3.1"
    who = Who.CALLER
    zh = "请求格式不符合接口说明。"
    en = "The request does not have the form that the API description asks for."
    remedy_zh = "请按 defects 所列字段逐项更正后重新提交。"
    remedy_en = "Correct each field listed in `defects` and send the request again."

    defects: list[dict[str, Any]] = field(default_factory=list)


@dataclass(eq=False)
class Unverified(Defective):
    """Something in the request does not verify."""

    code = "not-verified"
    rule = "API-2"
    article = "电子签名法第十三条"
    who = Who.CALLER
    zh = "提交的内容未通过验证：{detail}"
    en = "What was handed in does not verify: {detail}"
    remedy_zh = "请检查所用的密钥、证书与文件后重试。"
    remedy_en = "Check the key, the certificate and the file, then try again."

    failed: str
    detail: str


@dataclass(eq=False)
class SignInNeeded(NotEntitled):
    """Nobody is signed in (401)."""

    code = "sign-in-needed"
    rule = "API-3"
    article = "电子招标投标办法第四十条"
    who = Who.CALLER
    zh = "此操作需要先用数字证书登录。"
    en = "Sign in with your certificate first."
    remedy_zh = "请登录后重试。"
    remedy_en = "Sign in and try again."


@dataclass(eq=False)
class RoleMissing(NotEntitled):
    """The caller holds none of the roles that may do this."""

    code = "role-missing"
    rule = "API-4"
    article = "电子招标投标办法第四十条"
    who = Who.CALLER
    zh = "您在本项目中的角色不能进行此操作。"
    en = "None of your roles here may do this."
    remedy_zh = "请由具有下列角色之一的人员操作：{needed}。"
    remedy_en = "Ask someone who holds one of these roles: {needed}."

    needed: str


@dataclass(eq=False)
class StepUpNeeded(NotEntitled):
    """A legal act asks for a fresh signature by the certificate."""

    code = "step-up-needed"
    rule = "API-5"
    article = "电子签名法第十三条"
    who = Who.CALLER
    zh = "此操作具有法律效力，需要再次用证书确认。"
    en = "This is a legal act: confirm it with your certificate once more."
    remedy_zh = "请以用途 {purpose} 完成二次认证后重试。"
    remedy_en = "Complete the step-up for the purpose {purpose} and try again."

    purpose: str


@dataclass(eq=False)
class ForeignOrigin(NotEntitled):
    """An unsafe request came from a page that is not ours."""

    code = "foreign-origin"
    rule = "API-6"
    article = "GB/T 22239-2019 8.1.4"
    who = Who.CALLER
    zh = "请求来自其他网站，已拒绝。"
    en = "The request comes from another site."
    remedy_zh = "请在本平台页面内操作。"
    remedy_en = "Act from a page of this platform."


@dataclass(eq=False)
class NoSuchPage(Absent):
    """There is nothing at this address, or nothing that the caller may know of."""

    code = "not-found"
    rule = "API-7"
    article = "RFC 9110 §15.5.5"
    who = Who.CALLER
    zh = "没有这个地址，或您无权知晓。"
    en = "There is nothing here, or nothing that you may know of."
    remedy_zh = "请检查地址；如需权限请先登录。"
    remedy_en = "Check the address; sign in if it asks for a role."


@dataclass(eq=False)
class MethodNotHere(Defective):
    """The address exists, the method does not (405)."""

    code = "method-not-allowed"
    rule = "API-8"
    article = "RFC 9110 §15.5.6"
    who = Who.CALLER
    zh = "此地址不支持该请求方法。"
    en = "This address does not take that method."
    remedy_zh = "请使用下列方法之一：{allowed}。"
    remedy_en = "Use one of: {allowed}."

    allowed: str


@dataclass(eq=False)
class WrongMedia(Defective):
    """The body is not of the media type that is expected (415)."""

    code = "wrong-media-type"
    rule = "API-9"
    article = "RFC 9110 §15.5.16"
    who = Who.CALLER
    zh = "请求体的类型应为 {expected}。"
    en = "The body must be {expected}."
    remedy_zh = "请设置 Content-Type: {expected}。"
    remedy_en = "Set Content-Type: {expected}."

    expected: str = "application/json"


@dataclass(eq=False)
class BodyTooLarge(TooMuch):
    """The body is larger than this address takes (413)."""

    code = "body-too-large"
    rule = "API-10"
    article = "RFC 9110 §15.5.14"
    who = Who.CALLER
    zh = "请求体超过此接口的上限 {limit} 字节。"
    en = "The body is larger than the {limit} bytes that this address takes."
    remedy_zh = "文件请使用断点续传接口(tus)上传。"
    remedy_en = "Upload files through the resumable upload (tus)."

    limit: int


@dataclass(eq=False)
class TooOften(TooMuch):
    """More requests than one caller may send (429)."""

    code = "too-often"
    rule = "API-11"
    article = "RFC 6585 §4"
    who = Who.CALLER
    zh = "请求过于频繁。"
    en = "Too many requests."
    remedy_zh = "请 {retry_after} 秒后重试；已经提交的内容不受影响。"
    remedy_en = "Try again in {retry_after} seconds; nothing already handed in is affected."

    retry_after: int


@dataclass(eq=False)
class TooSlow(TooMuch):
    """The body did not arrive in time (408)."""

    code = "too-slow"
    rule = "API-12"
    article = "RFC 9110 §15.5.9"
    who = Who.CALLER
    zh = "请求体未在 {seconds} 秒内传完。"
    en = "The body did not arrive within {seconds} seconds."
    remedy_zh = "请检查网络后重试；大文件请使用断点续传。"
    remedy_en = "Check the network and try again; use the resumable upload for large files."

    seconds: int


@dataclass(eq=False)
class Unexpected(Refusal):
    """A fault of the platform; the caller learns its request id and nothing else (500)."""

    code = "internal-fault"
    rule = "API-13"
    article = "RFC 9110 §15.6.1"
    who = Who.CENTRE
    zh = "平台内部错误，操作未生效。"
    en = "A fault of the platform; nothing was changed."
    remedy_zh = "请稍后重试；如再次出现，请向中心提供请求编号。"
    remedy_en = "Try again later; if it happens again, tell the centre the request id."


@dataclass(eq=False)
class FontsAbsent(Refusal):
    """The fonts that documents are printed with are not installed (503)."""

    code = "fonts-absent"
    rule = "API-14"
    article = "RFC 9110 §15.6.4"
    who = Who.CENTRE
    zh = "本机未安装打印文件所需的中文字体，暂时无法生成 PDF；记录本身不受影响。"
    en = "The fonts that documents are printed with are not installed here; the records themselves are safe."
    remedy_zh = "请中心在服务器上运行 {command} 获取字体后重试。"
    remedy_en = "The centre runs `{command}` on the server, which fetches them; then try again."

    command: str = "python3 run.py serve"


@dataclass(eq=False)
class PaperUnsigned(Refusal):
    """A document was printed but could not be signed or time-stamped just now (503)."""

    code = "paper-unsigned"
    rule = "API-15"
    article = "电子签名法第十三条"
    who = Who.CENTRE
    zh = "文件暂时无法完成电子签名或加盖时间戳；记录本身不受影响。"
    en = "The document could not be signed or time-stamped just now; the records themselves are safe."
    remedy_zh = "请稍后再试；如持续出现，请中心检查平台证书、吊销列表与时间戳服务。"
    remedy_en = "Try again later; if it goes on, the centre checks its certificate, lists and time stamps."
