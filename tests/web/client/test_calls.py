"""Calling the platform: signing in, confirming acts, and saying no to questions that nobody meant."""

import json

import pytest
from aiohttp import web

from crypto.certificates import Credential
from crypto.challenge import issue_challenge
from tests.bidding.party.conftest import authority  # noqa: F401 -- a fixture
from tests.conftest import NOON
from tests.web.holders import CENTRE, enrol, platform, served
from web.client import Client, ClientError, Refused, Unreachable, load_credential


@pytest.fixture
async def world(db, authority, aiohttp_server):  # noqa: F811 -- the fixture
    app = platform(db, authority)
    party = await enrol(app, CENTRE)
    credential = Credential(party.x509, party.key, authority.chain())
    server = await aiohttp_server(served(app))
    origin = str(server.make_url("/")).rstrip("/")
    object.__setattr__(app.settings.site, "origin", origin)
    return origin, credential


async def test_a_certificate_opens_a_session_which_ends_when_it_is_signed_out(world):
    origin, credential = world
    async with Client(origin, credential=credential) as client:
        signed_in = await client.sign_in()
        assert client.token == signed_in["token"]
        assert (await client.get("/api/session"))["name"] == "示例李四"
        await client.sign_out()
        with pytest.raises(Refused) as caught:
            await client.get("/api/session")
        assert (caught.value.status, caught.value.code) == (401, "sign-in-needed")
        assert caught.value.cause("zh") == "此操作需要先用数字证书登录。"


async def test_an_act_that_needs_confirming_is_confirmed_once_and_then_done(world):
    origin, credential = world
    async with Client(origin, credential=credential) as client:
        await client.sign_in()
        with pytest.raises(Refused) as caught:
            await client.post("/api/certificates/none/revoke", {"reason": "superseded"})
        assert caught.value.code == "certificate-absent"  # past the step-up
        client.credential = None
        await client.post("/api/session/step-up/challenge", {"act": "certificate.issued"})
        with pytest.raises(Refused) as caught:
            await client.post("/api/certificates", _issue())
        assert caught.value.code == "step-up-needed"


def _issue():
    return {"organisation_id": "o", "person_id": "p", "profile": "staff", "request": "x"}


@pytest.mark.parametrize(
    ("domain", "purpose"),
    [("evil.example", "login"), (None, "step-up:bid.submitted"), (None, "confirm:" + "ab" * 32)],
)
async def test_a_question_for_another_place_or_purpose_is_never_signed(
    world, aiohttp_server, domain, purpose
):
    _, credential = world
    answered = []

    async def ask(request):
        asked = issue_challenge(domain or request.host, purpose, now=NOON)
        told = {"message": asked.message().decode(), "nonce": asked.nonce, "purpose": "login"}
        return web.json_response(told, status=201)

    async def take(request):
        answered.append(await request.json())
        return web.json_response({}, status=201)

    app = web.Application()
    app.router.add_post("/api/session/challenge", ask)
    app.router.add_post("/api/session", take)
    server = await aiohttp_server(app)
    async with Client(str(server.make_url("/")), credential=credential) as client:
        with pytest.raises(ClientError, match="asked to sign"):
            await client.sign_in()
    assert answered == []


@pytest.mark.parametrize("message", ["transfer everything", "{}", '{"purpose":"login"}'])
async def test_a_text_that_is_no_question_is_never_signed(world, aiohttp_server, message):
    async def ask(_request):
        return web.json_response({"message": message, "nonce": "0" * 32}, status=201)

    app = web.Application()
    app.router.add_post("/api/session/challenge", ask)
    server = await aiohttp_server(app)
    async with Client(str(server.make_url("/")), credential=world[1]) as client:
        with pytest.raises(ClientError, match="something else"):
            await client.sign_in()


async def test_an_answer_that_is_no_problem_json_is_still_a_refusal(aiohttp_server):
    async def break_down(_request):
        return web.Response(status=502, text="<h1>bad gateway</h1>", headers={"Retry-After": "7"})

    app = web.Application()
    app.router.add_get("/x", break_down)
    server = await aiohttp_server(app)
    async with Client(str(server.make_url("/"))) as client:
        with pytest.raises(Refused) as caught:
            await client.get("/x")
    assert (caught.value.status, caught.value.code, caught.value.retry_after) == (502, "http-502", 7)


async def test_a_platform_that_is_not_there_is_unreachable(unused_tcp_port):
    async with Client(f"http://127.0.0.1:{unused_tcp_port}") as client:
        with pytest.raises(Unreachable):
            await client.get("/api/time")


@pytest.mark.parametrize(
    ("url", "domain"),
    [("https://a.example", "a.example"), ("https://a.example:443/", "a.example"),
     ("http://a.example:8080", "a.example:8080"),
     ("http://[::1]:8080", "[::1]:8080"), ("https://a.example:80", "a.example:80")],
)  # fmt: skip
def test_the_domain_is_the_host_with_a_port_only_where_it_is_not_the_schemes_own(url, domain):
    assert Client(url).domain == domain


def test_a_certificate_is_read_from_pkcs12_and_from_pem(world_credential, tmp_path):
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

    credential = world_credential
    (tmp_path / "a.p12").write_bytes(credential.to_pkcs12("示例口令-x"))
    pem = credential.key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption("示例口令-x".encode())
    )
    for one in (*credential.chain, credential.certificate):  # in any order
        pem += one.public_bytes(Encoding.PEM)
    (tmp_path / "a.pem").write_bytes(pem)
    for name in ("a.p12", "a.pem"):
        found = load_credential(tmp_path / name, "示例口令-x")
        assert (found.certificate, found.chain) == (credential.certificate, credential.chain)
        with pytest.raises(Exception, match="passphrase"):
            load_credential(tmp_path / name, "falsch")


@pytest.fixture
def world_credential(authority):  # noqa: F811 -- the fixture
    from crypto.certificates import Profile, Subject

    return authority.enrol(Profile.BIDDER, Subject(name="示例甲"), now=NOON)


async def test_a_download_appears_whole_or_not_at_all(aiohttp_server, tmp_path):
    async def send(request):
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"x" * 500)
        if "whole" in request.query:
            await response.write(b"x" * 500)
        else:
            request.transport.abort()
        return response

    app = web.Application()
    app.router.add_get("/file", send)
    server = await aiohttp_server(app)
    heard = []
    async with Client(str(server.make_url("/"))) as client:
        with pytest.raises(Unreachable):
            await client.download("/file", tmp_path / "f")
        assert not (tmp_path / "f").exists()
        await client.download("/file", tmp_path / "f", on_progress=lambda *one: heard.append(one), whole=True)
    assert (tmp_path / "f").read_bytes() == b"x" * 1000
    assert heard[-1] == (1000, 1000)
    assert json.dumps(heard)
