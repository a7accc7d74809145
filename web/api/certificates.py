"""Certificates in use: issue, bind, revoke, and the public revocation list."""

from datetime import timedelta

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from bidding.party import queries
from bidding.party.roles import Role
from bidding.party.service import certificates
from bidding.party.service.certificates import NewCertificate
from bidding.refusals.party import NoAuthorityHere
from crypto.certificates import Authority, crl
from web.app import App
from web.call import Call
from web.endpoint import endpoint
from web.forms.parties import BindCertificate, CertificateQuery, IssueCertificate, RevokeCertificate
from web.forms.sessions import certificate_of
from web.views.parties import CertificatePage, CertificateView, certificate_page, certificate_view

CENTRE = frozenset({Role.CENTRE_OPS})
_DUE = timedelta(days=7)


@endpoint("POST", "/api/certificates", act="certificate.issued", roles=CENTRE, body=IssueCertificate,
          returns=CertificateView, status=201, step_up=True, tag="certificate", summary="签发证书",
          summary_en="Issue a certificate for a PKCS #10 request")  # fmt: skip
async def issue_certificate(call: Call, body: IssueCertificate) -> CertificateView:
    order = NewCertificate(**(dict(body) | {"request": body.request.encode()}))
    async with call.acting() as unit:
        row = await certificates.issue_certificate(
            unit, order, authority=_authority(call.app), atrest=call.app.atrest
        )
    return certificate_view(row)


@endpoint("POST", "/api/certificates/bind", act="certificate.bound", roles=CENTRE, body=BindCertificate,
          returns=CertificateView, status=201, step_up=True, tag="certificate", summary="绑定外部证书",
          summary_en="Put an outside authority's certificate to use")  # fmt: skip
async def bind_certificate(call: Call, body: BindCertificate) -> CertificateView:
    async with call.acting() as unit:
        row = await certificates.bind_certificate(
            unit,
            certificate_of(body.certificate),
            [certificate_of(one) for one in body.chain],
            organisation_id=body.organisation_id,
            person_id=body.person_id,
            trust=call.app.trust,
        )
    return certificate_view(row)


@endpoint("GET", "/api/certificates", act="certificates.read", roles=CENTRE, query=CertificateQuery,
          returns=CertificatePage, tag="certificate", summary="查询证书",
          summary_en="Find certificates")  # fmt: skip
async def list_certificates(call: Call) -> CertificatePage:
    async with call.reading() as session:
        rows = await queries.certificates(session, **dict(call.query))
    return certificate_page(rows, limit=call.query.limit)


@endpoint("GET", "/api/certificates/{certificate_id}", act="certificate.read", roles=CENTRE,
          returns=CertificateView, tag="certificate", summary="证书信息",
          summary_en="One certificate")  # fmt: skip
async def read_certificate(call: Call) -> CertificateView:
    async with call.reading() as session:
        return certificate_view(await queries.certificate(session, call.path["certificate_id"]))


@endpoint("POST", "/api/certificates/{certificate_id}/revoke", act="certificate.revoked", roles=CENTRE,
          body=RevokeCertificate, returns=CertificateView, step_up=True, tag="certificate",
          summary="吊销证书", summary_en="Revoke a certificate and end its sessions")  # fmt: skip
async def revoke_certificate(call: Call, body: RevokeCertificate) -> CertificateView:
    async with call.acting() as unit:
        row = await certificates.revoke_certificate(
            unit,
            call.path["certificate_id"],
            reason=x509.ReasonFlags(body.reason),
            authority=call.app.authority,
        )
    call.app.refresh_trust(now=row.revoked_at or row.bound_at)
    return certificate_view(row)


@endpoint("GET", "/api/crl", act="crl.read", roles={Role.PUBLIC}, media="application/pkix-crl",
          tag="certificate", summary="证书吊销列表",
          summary_en="The revocation list of the built-in authority (RFC 5280, DER)")  # fmt: skip
async def read_crl(call: Call) -> web.Response:
    issuing = _authority(call.app).issuing
    async with call.reading() as session:
        now, revoked = await call.app.clock(session), await queries.revocations(session)
    made = crl(issuing, revoked, now=now, next_update=now + _DUE)
    headers = {"Cache-Control": "public, max-age=60"}
    der = made.public_bytes(Encoding.DER)
    return web.Response(body=der, content_type="application/pkix-crl", headers=headers)


def _authority(app: App) -> Authority:
    if app.authority is None:
        raise NoAuthorityHere
    return app.authority
