"""The numbered steps of a bundle's verification, in their order (docs/protocols/5-verify.md)."""

from crypto.verify import (
    s0_bundle,
    s1_log,
    s2_notice,
    s3_deadline,
    s4_statements,
    s5_order,
    s6_keys,
    s7_contents,
    s8_prices,
    s9_draws,
    s10_records,
    s11_receipts,
)
from crypto.verify.case import Case
from crypto.verify.finding import Step

STEPS: tuple[Step[Case], ...] = (
    Step("T", "信任的来源", "Where trust comes from", s0_bundle.check_trust),
    Step("S0", "归档包完整", "The bundle is whole", s0_bundle.check),
    Step("S1", "日志只增不改,各条目均在其中", "One log that only grew holds every entry", s1_log.check),
    Step("S2", "公告与密钥持有人先于投标确定", "Terms and holders stood before any bid", s2_notice.check),
    Step("S3", "截标锁定全部投标,无迟到、无遗漏", "Every bid bound, none late, none lost", s3_deadline.check),
    Step("S4", "投标声明与密文如当时所签", "Bids are those that were signed", s4_statements.check),
    Step("S5", "各层密钥最后公布", "The layers came off last", s5_order.check),
    Step("S6", "公布的密钥即封标所用", "Released keys are those that bids were sealed to", s6_keys.check),
    Step("S7", "以公布的密钥重新解密", "Opened bids open again", s7_contents.check),
    Step("S8", "唱标内容、密文与开标记录一致", "Sheets, announcements and record agree", s8_prices.check),
    Step("S9", "抽取结果可重算", "Draws come to the same again", s9_draws.check),
    Step("S10", "签名文件长期有效且已入日志", "Signed documents are valid and logged", s10_records.check),
    Step("S11", "回执与日志相符", "Receipts agree with the log", s11_receipts.check),
)  # fmt: skip
