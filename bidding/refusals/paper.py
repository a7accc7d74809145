"""Why a document is not handed out."""

from dataclasses import dataclass

from bidding.refusals import Absent, OutOfTime, Who


@dataclass(eq=False)
class RecordUnpublished(OutOfTime):
    """The record is not public yet."""

    code = "record-unpublished"
    rule = "E-18"
    article = "电子招标投标办法第三十二条"
    who = Who.HOST
    zh = "开标记录尚未公布。"
    en = "The opening record has not been published yet."
    remedy_zh = "请在开标会结束并公布记录后查阅；投标人和在场工作人员请登录后查阅。"
    remedy_en = "Read it when the opening has ended; bidders and those on duty sign in to read it now."


@dataclass(eq=False)
class PaperAbsent(Absent):
    """There is no such document."""

    code = "paper-absent"
    rule = "K-03"
    article = "招标投标法第三十六条"
    who = Who.CALLER
    zh = "没有这份文件。"
    en = "There is no such document."
    remedy_zh = "请从开标记录列表中选择。"
    remedy_en = "Choose from the list of records."

    paper: str
    version: int = 0
