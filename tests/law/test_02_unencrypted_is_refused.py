"""Hard stop 2: an unencrypted bid, a plain ZIP among them, is refused and nothing of it is kept."""

import hashlib
import io
import json
import zipfile
from base64 import b64encode

import pytest

from bidding.acts import bidder_stream
from bidding.bid.vault import LocalVault
from bidding.refusals.bid import BidIllFormed
from crypto import jcs
from crypto.cms import sign_detached
from crypto.ledger import since
from tests.bidding.bid import makers
from tests.conftest import NOON
from tests.web.bidders import OCTETS, TUS, platform, served, who


def plain_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("投标文件.txt", "报价 1,234,567.80 元")
    return out.getvalue()


PLAIN = {
    "zip": plain_zip(),
    "pdf": b"%PDF-1.7\n1 0 obj\n",
    "text": "报价".encode(),
    "gzip": b"\x1f\x8b\x08\x00",
}


@pytest.mark.parametrize("content", PLAIN.values(), ids=PLAIN)
async def test_a_plain_file_is_refused_on_arrival_with_its_ground(db, tmp_path, aiohttp_client, content):
    vault = LocalVault(tmp_path / "objects")
    tender_id, bidder = await makers.a_tender(db), await makers.a_bidder(db)
    app = platform(db, vault)
    client, me = await aiohttp_client(served(app)), who(app, bidder)
    name = b64encode(b"docs.age").decode()
    begin = {**TUS, **me, "Upload-Length": str(len(content)), "Upload-Metadata": f"name {name}"}
    place = (await client.post(f"/api/tenders/{tender_id}/uploads", headers=begin)).headers["Location"]
    answer = await client.patch(place, data=content, headers={**OCTETS, **me, "Upload-Offset": "0"})
    told = await answer.json()
    assert (answer.status, told["code"], told["rule"]) == (422, "bid-unencrypted", "E-02")
    assert "加密" in told["zh"]["cause"]
    assert [key for key, _ in vault.keys(".")] == []
    async with db.reading() as session:
        entries = await since(session, bidder_stream(tender_id, bidder.actor.organisation_id), 0)
    assert [json.loads(one.text)["body"]["code"] for one in entries] == ["bid-unencrypted"]
    vault.close()


async def test_a_well_signed_statement_about_a_file_that_is_no_envelope_is_refused(db, tmp_path):
    """Even where the first bytes pretend: the signed statement names the bytes, and they are no age file."""
    vault = LocalVault(tmp_path / "objects")
    tender_id, bidder = await makers.a_tender(db), await makers.a_bidder(db)
    folder = await makers.sealed_folder(db, tmp_path, tender_id, bidder)
    fake = b"age-encryption.org/" + plain_zip()
    statement = json.loads((folder / "statement.json").read_bytes())
    (docs,) = (one for one in statement["objects"] if one["object"] == "docs")
    docs["size"], docs["sha256"] = len(fake), hashlib.sha256(fake).hexdigest()
    raw = jcs.canonical(statement)
    mine = bidder.credential
    signed = sign_detached(raw, mine.certificate, mine.key, mine.chain)
    changed = {"docs.age": fake, "statement.json": raw, "statement.p7s": signed}
    order = await makers.order_of(db, vault, tender_id, bidder, folder, changed=changed)
    with pytest.raises(BidIllFormed):
        await makers.submit(db, vault, order, bidder, moment=NOON)
    vault.close()
