"""Receipts on paper, for the bidder who holds them."""

from functools import partial

from aiohttp import web

from bidding.bid.queries import own_bid
from bidding.party.roles import Role
from web.call import Call
from web.endpoint import endpoint


@endpoint("GET", "/api/bids/{bid_id}/receipt", act="bid.read", roles=frozenset({Role.BIDDER}),
          media="application/pdf", tag="bid", summary="投标回执（PDF，已签名）",
          summary_en="The receipt of one of my bids as a signed PDF")  # fmt: skip
async def print_receipt(call: Call) -> web.Response:
    from web.paper.press import pressed
    from web.paper.receipt import receipt_of, receipt_pdf

    async with call.reading() as session:
        bid = await own_bid(session, call.path["bid_id"], call.actor.organisation_id)
        data = await receipt_of(session, bid)
    pdf = await pressed(call.app, partial(receipt_pdf, data), reason=f"receipt {data.statement_sha256}")
    name = f'attachment; filename="receipt-{data.statement_sha256[:16]}.pdf"'
    headers = {"Cache-Control": "no-store", "Content-Disposition": name}
    return web.Response(body=pdf, content_type="application/pdf", headers=headers)
