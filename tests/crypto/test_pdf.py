import re
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from shutil import which

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from crypto.certificates import Credential, Profile, Revocation, Subject, crl, issue
from crypto.errors import DocumentInvalid, TimestampInvalid
from crypto.pdf import Level, Stamp, sign_pdf, validate_pdf
from crypto.timestamps import request
from crypto.tsa import TimestampAuthority
from tests.crypto.certificates.makers import NOON, SECOND, House

FONT = Path(__file__).parents[2] / "web" / "paper" / "fonts" / "NotoSansSC-Regular.ttf"
SIGNED = NOON + timedelta(hours=1)
CENTRE = Subject(name="示例公共资源交易中心")


class Office:
    """A house with a platform certificate, a time-stamping authority and current lists."""

    def __init__(self):
        self.house = House()
        self.signer = self.house.leaf(Profile.PLATFORM, CENTRE)
        self.authority = TimestampAuthority(
            self.house.leaf(Profile.TSA, Subject(name="示例时间戳"), days=360)
        )
        self.trust = self.house.trust(*self.lists())
        self.asked = 0

    def lists(self, *revoked, now=NOON):
        due = now + timedelta(days=7)
        house = self.house
        return [crl(ca, revoked, now=now, next_update=due) for ca in (house.issuing, house.root)]

    def sign(self, pdf, level=Level.B_LTA, *, now=SIGNED, **more):
        def tsa(request):
            self.asked += 1
            return self.authority.stamp(request, now=now, serial=self.asked)

        order = {"signer": self.signer, "tsa": tsa, "trust": self.trust}
        order["certificates"] = [self.house.issuing.certificate]
        return sign_pdf(pdf, **order | more, now=now, level=level)

    def judge(self, pdf, *, at=SIGNED + timedelta(hours=1), trust=None):
        certificates = [self.house.issuing.certificate]
        return validate_pdf(pdf, trust=trust or self.trust, at=at, certificates=certificates)


@pytest.fixture(scope="module")
def office():
    return Office()


@pytest.fixture(scope="module")
def record():
    page = BytesIO()
    canvas = Canvas(page, invariant=1)
    canvas.drawString(72, 700, "opening record")
    canvas.showPage()
    canvas.save()
    return page.getvalue()


@pytest.fixture(scope="module")
def signed(office, record):
    return office.sign(record)


@pytest.mark.parametrize("level", list(Level))
def test_every_level_is_made_and_recognised(office, record, level):
    (judgement,) = office.judge(office.sign(record, level))
    assert (judgement.level, judgement.field) == (level, "Signature1")
    assert judgement.signer_name == "示例公共资源交易中心"
    assert judgement.signer.profile is Profile.PLATFORM
    if level is not Level.B_B:
        assert judgement.signed_at == SIGNED


def test_the_original_stays_as_it_was_at_the_front(record, signed):
    assert signed.startswith(record)


def test_an_rsa_signer_is_understood(office, record):
    key = rsa.generate_private_key(65537, 2048)
    certificate = issue(office.house.issuing, Profile.PLATFORM, CENTRE, key.public_key(), now=NOON)
    signer = Credential(certificate, key, (office.house.issuing.certificate,))
    assert office.judge(office.sign(record, signer=signer))[0].level is Level.B_LTA


def test_a_flipped_byte_in_what_was_signed_is_noticed(office, record, signed):
    for place in range(0, len(record), 97):
        with pytest.raises(DocumentInvalid):
            office.judge(flip(signed, place))


def test_a_flipped_byte_in_the_signature_is_noticed(office, signed):
    for start in (match.end() for match in re.finditer(rb"/Contents <", signed)):
        digit = signed[start + 400 : start + 401]
        forged = signed[: start + 400] + (b"0" if digit != b"0" else b"1") + signed[start + 401 :]
        with pytest.raises(DocumentInvalid):
            office.judge(forged)


def test_a_page_added_after_signing_is_noticed(office, signed):
    writer = PdfWriter(BytesIO(signed), incremental=True)
    writer.add_blank_page(100, 100)
    grown = BytesIO()
    writer.write(grown)
    with pytest.raises(DocumentInvalid, match="added"):
        office.judge(grown.getvalue())


def test_a_record_confirmed_by_another_party_carries_both_signatures(office, signed):
    other = office.house.leaf(Profile.BIDDER)
    twice = office.sign(signed, signer=other, field="Bidder1", now=SIGNED + timedelta(minutes=1))
    first, second = office.judge(twice)
    assert [one.field for one in (first, second)] == ["Signature1", "Bidder1"]
    assert second.signer_name == "示例甲建设有限公司"
    assert second.signed_at == SIGNED + timedelta(minutes=1)


def test_a_field_can_be_signed_only_once(office, signed):
    with pytest.raises(DocumentInvalid, match="cannot be signed"):
        office.sign(signed)


def test_a_signature_for_the_long_term_outlives_its_signer(office, record):
    later = SIGNED + timedelta(days=40)  # the signer's certificate has 30 days, the authority's 360
    assert office.judge(office.sign(record), at=later, trust=office.house.trust())[0].level is Level.B_LTA
    with pytest.raises(DocumentInvalid):
        office.judge(office.sign(record, Level.B_B), at=later)


def test_the_lists_inside_the_document_are_enough_where_lists_are_required(office, record, signed):
    strict = office.house.trust(crl_required=True)
    assert office.judge(signed, trust=strict)[0].level is Level.B_LTA
    with pytest.raises(DocumentInvalid):
        office.judge(office.sign(record, Level.B_T), trust=strict)


def test_a_stranger_is_not_trusted(office, signed):
    with pytest.raises(DocumentInvalid):
        office.judge(signed, trust=House().trust())


def test_a_signer_revoked_before_signing_is_refused_and_one_revoked_later_stands(office, record):
    signer = office.house.leaf(Profile.PLATFORM, CENTRE)
    pdf = office.sign(record, signer=signer)
    serial = signer.certificate.serial_number
    for at, holds in ((SIGNED - SECOND, False), (SIGNED + SECOND, True)):
        lists = office.lists(Revocation(serial, at, x509.ReasonFlags.key_compromise), now=SIGNED + SECOND)
        trust = office.house.trust(*lists)
        if holds:
            assert office.judge(pdf, trust=trust)[0].signed_at == SIGNED
        else:
            with pytest.raises(DocumentInvalid):
                office.judge(pdf, trust=trust)


def test_a_revoked_signer_cannot_sign_for_the_long_term(office, record):
    signer = office.house.leaf(Profile.PLATFORM, CENTRE)
    trust = office.house.trust(*office.lists(Revocation(signer.certificate.serial_number, NOON)))
    with pytest.raises(DocumentInvalid, match="cannot be signed"):
        office.sign(record, signer=signer, trust=trust)


@pytest.mark.parametrize("missing", [{"tsa": None}, {"trust": None}])
def test_what_a_level_needs_must_be_given(office, record, missing):
    with pytest.raises(DocumentInvalid, match="needs"):
        office.sign(record, **missing)


def test_an_authority_that_answers_something_else_spoils_the_signature(office, record):
    def tsa(_request):
        return office.authority.stamp(request(b"\0" * 32), now=SIGNED, serial=1)

    with pytest.raises(TimestampInvalid):
        office.sign(record, tsa=tsa)


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7", b"\0" * 5000])
def test_nonsense_is_neither_signed_nor_judged(office, pdf):
    with pytest.raises(DocumentInvalid):
        office.sign(pdf)
    with pytest.raises(DocumentInvalid):
        office.judge(pdf)


def test_a_document_without_a_signature_is_none(office, record):
    with pytest.raises(DocumentInvalid, match="no signature"):
        office.judge(record)


def chinese_stamp():
    lines = ("示例公共资源交易中心", "2026-03-02 13:00 100%")
    return Stamp(lines=lines, box=(300, 60, 520, 120), font=FONT)


@pytest.mark.skipif(not FONT.exists(), reason="the Chinese fonts are not unpacked in web/paper/fonts")
def test_the_stamp_shows_chinese_that_can_be_searched(office, record):
    pdf = office.sign(record, stamp=chinese_stamp())
    office.judge(pdf)
    widgets = [note.get_object() for note in PdfReader(BytesIO(pdf)).pages[-1]["/Annots"]]
    (widget,) = [one for one in widgets if one["/T"] == "Signature1"]
    assert [float(edge) for edge in widget["/Rect"]] == [300, 60, 520, 120]
    assert "示例公共资源交易中心" in text_of(pdf)
    assert "100%" in text_of(pdf)


def text_of(pdf):
    if which("pdftotext") is None:
        pytest.skip("poppler's pdftotext is not installed")
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


@pytest.mark.skipif(which("pdfsig") is None, reason="poppler's pdfsig is not installed")
def test_poppler_agrees(record, signed, tmp_path):
    (tmp_path / "good.pdf").write_bytes(signed)
    (tmp_path / "bad.pdf").write_bytes(flip(signed, record.index(b"endstream") - 8))
    assert "Signature Validation: Signature is Valid." in pdfsig(tmp_path / "good.pdf")
    assert "Signature Validation: Digest Mismatch." in pdfsig(tmp_path / "bad.pdf")


def pdfsig(path):
    done = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False)
    return done.stdout.split("Signature #2")[0]


def test_nothing_of_pyhanko_is_loaded_before_it_is_needed():
    program = "import sys, crypto.pdf; print('pyhanko' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def flip(data, place):
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
