"""What the codes of findings mean, in both languages."""

from collections.abc import Mapping

UNSAFE: Mapping[str, tuple[str, str]] = {
    "cpu": ("检查耗尽处理器时限", "looking into it used up the processor time allowed"),
    "time": ("检查超过时限", "looking into it took longer than allowed"),
    "memory": ("检查耗尽内存限额", "looking into it used up the memory allowed"),
    "depth": ("嵌套过深，无法检查", "nested too deeply to be looked into"),
    "aborted": ("阅读程序中止", "the reader gave up with an abort"),
    "crashed": ("阅读程序崩溃", "the reader crashed"),
    "killed": ("检查进程被终止", "the reader was killed"),
    "wrote": ("检查进程试图写入文件", "the reader tried to write a file"),
    "failed": ("检查进程异常结束", "the reader ended abnormally"),
    "noise": ("检查进程输出异常", "the reader answered nonsense"),
}
FINDINGS: Mapping[str, tuple[str, str]] = {
    "docs-unreadable": ("投标文件包未能完整解开", "the documents could not be unpacked whole"),
    "docs-unavailable": ("平台未能取得投标文件", "the platform could not get at the documents"),
    "file-empty": ("空文件", "an empty file"),
    "file-misnamed": ("扩展名与内容不符", "the name promises another kind of file"),
    "file-not-inspected": ("超过本投标的检查时限，未检查", "not looked into: the time for this bid was over"),
    "pdf-damaged": ("PDF 结构损坏", "the PDF is damaged"),
    "pdf-unreadable": ("PDF 无法打开", "the PDF cannot be opened"),
    "pdf-encrypted": ("PDF 已加密", "the PDF is encrypted"),
    "pdf-javascript": ("PDF 含脚本", "the PDF carries JavaScript"),
    "pdf-launch": ("PDF 含启动程序动作", "the PDF would launch a program"),
    "pdf-submits": ("PDF 含提交表单动作", "the PDF would submit a form"),
    "pdf-imports": ("PDF 含导入数据动作", "the PDF would import data"),
    "pdf-embedded-file": ("PDF 含嵌入文件", "the PDF has files embedded"),
    "pdf-xfa": ("PDF 含 XFA 动态表单", "the PDF has an XFA form"),
    "pdf-media": ("PDF 含多媒体", "the PDF has rich media"),
    "pdf-page-loop": ("PDF 页面树成环", "the page tree of the PDF is a loop"),
    "pdf-too-many-pages": ("PDF 页数超限", "the PDF has too many pages"),
    "pdf-too-many-objects": ("PDF 对象数超限", "the PDF has too many objects"),
    "pdf-too-many-filters": ("PDF 数据流过滤器过多", "a stream of the PDF has too many filters"),
    "pdf-odd-filters": ("PDF 数据流过滤器异常", "a stream of the PDF has filters in an odd order"),
    "pdf-over-limit": ("PDF 超过解析限额", "the PDF exceeds a limit of its reader"),
    "pdf-stream-too-large": ("PDF 单个数据流解压后过大", "a stream of the PDF unpacks to too much"),
    "pdf-unpacks-too-large": ("PDF 解压后总量过大", "the PDF unpacks to too much"),
    "pdf-image-too-large": ("PDF 图像像素超限", "an image in the PDF has too many pixels"),
    "pdf-pages-differ": ("不同阅读程序所见页数不同", "two readers see different numbers of pages"),
    "zip-damaged": ("压缩包损坏", "the archive is damaged"),
    "zip-encrypted": ("压缩包已加密", "the archive is encrypted"),
    "zip-slip": ("压缩包内文件名指向包外", "a name in the archive leads out of it"),
    "zip-link": ("压缩包含符号链接", "the archive has a symbolic link"),
    "zip-same-names": ("压缩包含同名文件", "two files in the archive have one name"),
    "zip-overlap": ("压缩包条目相互重叠", "entries of the archive overlap"),
    "zip-nested": ("压缩包内含压缩包", "an archive inside the archive"),
    "zip-nested-unread": ("内层压缩包过大，未检查", "an inner archive is too large to be looked into"),
    "zip-too-deep": ("压缩包嵌套过深", "archives nested too deeply"),
    "zip-too-many-entries": ("压缩包条目数超限", "the archive has too many entries"),
    "zip-size-differs": ("压缩包条目实际大小与声明不符", "an entry is not as large as declared"),
    "zip-stream-too-large": ("压缩包单个条目解压后过大", "an entry of the archive unpacks to too much"),
    "zip-unpacks-too-large": ("压缩包解压后总量过大", "the archive unpacks to too much"),
    "zip-unknown-method": ("压缩方法未知", "an unknown method of compression"),
    "image-damaged": ("图像损坏", "the image is damaged"),
    "image-too-large": ("图像像素超限", "the image has too many pixels"),
    "xml-damaged": ("XML 格式错误", "the XML is not well-formed"),
    "xml-doctype": ("XML 含文档类型声明", "the XML declares a document type"),
    "xml-entity": ("XML 自定义实体", "the XML declares entities"),
    "xml-too-many-elements": ("XML 元素数超限", "the XML has too many elements"),
    **{f"file-unsafe:{reason}": (f"不安全：{zh}", f"unsafe: {en}") for reason, (zh, en) in UNSAFE.items()},
}  # fmt: skip


def words(code: str) -> tuple[str, str]:
    """A finding in Chinese and in English."""
    return FINDINGS.get(code, (code, code))
