"""Judging PAdES signatures with pyHanko's AdES engine (ETSI EN 319 102-1), and their signers with ours."""

import asyncio
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel
from pyhanko.sign.validation.ades import (
    AdESBasicValidationResult,
    ades_basic_validation,
    ades_lta_validation,
    ades_with_time_validation,
)
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureStatus
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from crypto.certificates import Holder, TrustStore, load_certificate
from crypto.errors import CertificateInvalid, DocumentInvalid
from crypto.pdf.judgement import Level, PdfJudgement
from crypto.pdf.material import certificates_of, crls_of

_COVERED = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
_HARMLESS = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)


def judge(
    pdf: bytes, trust: TrustStore, at: datetime, certificates: tuple[x509.Certificate, ...]
) -> tuple[PdfJudgement, ...]:
    """A judgement per signature. Raises DocumentInvalid."""
    try:
        reader = PdfFileReader(BytesIO(pdf))
        signatures = reader.embedded_regular_signatures
        if not signatures:
            raise DocumentInvalid("the document carries no signature")
        spec = _spec(reader, trust, certificates)
        return tuple(_judge_one(one, spec, trust, at) for one in signatures)
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DocumentInvalid(f"not a signed PDF: {error}") from error


def _judge_one(
    signature: EmbeddedPdfSignature, spec: PdfSignatureValidationSpec, trust: TrustStore, at: datetime
) -> PdfJudgement:
    _refuse_extended(signature, spec)
    level = _level(signature)
    timing = ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=True)
    result = asyncio.run(_validate(signature, level, spec, timing))
    _refuse_failed(result)
    signed_at = getattr(result, "best_signature_time", at)
    return PdfJudgement(
        field=signature.field_name,
        level=level,
        signer=_holder(signature, trust, signed_at),
        signed_at=signed_at,
    )


async def _validate(
    signature: EmbeddedPdfSignature,
    level: Level,
    spec: PdfSignatureValidationSpec,
    timing: ValidationTimingInfo,
) -> AdESBasicValidationResult[SignatureStatus]:
    """By the process of EN 319 102-1 that fits: §5.6 for B-LTA, §5.5 with a time stamp, else §5.3."""
    if level is Level.B_LTA:
        return await ades_lta_validation(signature, spec, timing)
    process: Any = ades_basic_validation if level is Level.B_B else ades_with_time_validation
    result: AdESBasicValidationResult[SignatureStatus] = await process(
        signature.signed_data,
        spec.signature_validation_spec,
        timing_info=timing,
        raw_digest=signature.compute_digest(),
    )
    return result


def _refuse_extended(signature: EmbeddedPdfSignature, spec: PdfSignatureValidationSpec) -> None:
    """Later revisions may bring time stamps, validation data and further signatures, and nothing else."""
    signature.compute_integrity_info(spec.diff_policy)
    found: Any = signature.diff_result
    if found is not None and getattr(found, "modification_level", None) not in _HARMLESS:
        raise DocumentInvalid("something was added to the document after it was signed")
    if signature.coverage not in _COVERED:
        raise DocumentInvalid("the signature does not cover the document it stands in")


def _refuse_failed(result: AdESBasicValidationResult[SignatureStatus]) -> None:
    status = result.api_status
    if status is not None and not (status.intact and status.valid):
        raise DocumentInvalid("the document was altered after it was signed")
    if result.ades_subindic is not AdESPassed.OK or status is None:
        raise DocumentInvalid(f"{result.ades_subindic}: {result.failure_msg or 'it does not hold'}")


def _level(signature: EmbeddedPdfSignature) -> Level:
    """What the signature claims to be; whether that holds is found out next."""
    if next(extract_tst_data_iter(signature.signer_info, signed=False), None) is None:
        return Level.B_B
    if "/DSS" not in signature.reader.root:
        return Level.B_T
    archived = signature.reader.embedded_timestamp_signatures
    later = any(one.signed_revision > signature.signed_revision for one in archived)
    return Level.B_LTA if later else Level.B_LT


def _holder(signature: EmbeddedPdfSignature, trust: TrustStore, at: datetime) -> Holder:
    """The AdES engine knows nothing of our profiles, so the signer is judged once more by our store."""
    own = load_certificate(signature.signer_cert.dump())
    others = [load_certificate(one.dump()) for one in _brought_along(signature)]
    lists = [x509.load_der_x509_crl(one.dump()) for one in _security_store(signature.reader)[1]]
    informed = replace(trust, crls=(*trust.crls, *lists))
    try:
        return informed.judge(own, others, at=at)
    except CertificateInvalid as error:
        raise DocumentInvalid(f"the signer is not trusted: {error}") from None


def _brought_along(signature: EmbeddedPdfSignature) -> list[asn1_x509.Certificate]:
    return [*signature.other_embedded_certs, *_security_store(signature.reader)[0]]


def _security_store(
    reader: PdfFileReader,
) -> tuple[list[asn1_x509.Certificate], list[asn1_crl.CertificateList]]:
    """The certificates and revocation lists in the document (ISO 32000-2 §12.8.4.3)."""
    if "/DSS" not in reader.root:
        return [], []
    store = DocumentSecurityStore.read_dss(reader)
    crls = [asn1_crl.CertificateList.load(one.get_object().data) for one in store.crls]
    return list(store.load_certs()), crls


def _spec(
    reader: PdfFileReader, trust: TrustStore, certificates: tuple[x509.Certificate, ...]
) -> PdfSignatureValidationSpec:
    inside, lists = _security_store(reader)
    knowledge = LocalKnowledge(
        known_certs=[*certificates_of(certificates), *inside],
        known_crls=[CRLContainer(one) for one in [*crls_of(trust), *lists]],
    )
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=_policy(trust),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
            local_knowledge=knowledge,
            key_usage_settings=KeyUsageConstraints(key_usage={"digital_signature"}),
        )
    )


def _policy(trust: TrustStore) -> CertValidationPolicySpec:
    mode = "require" if trust.crl_required else "soft-fail"
    return CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(certificates_of(trust.anchors())),
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy(mode)),
    )
