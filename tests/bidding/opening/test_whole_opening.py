"""An opening from the deadline to the published record, every act in its order."""

import json

from bidding.opening import service
from bidding.opening.record import record_of
from bidding.opening.stages import Stage
from bidding.opening.states import OpeningState
from bidding.tender.queries import get
from bidding.tender.states import TenderState
from crypto import draws
from tests.bidding.opening import makers
from tests.bidding.opening.makers import a_meeting


async def test_an_opening_runs_to_its_published_record(db, vault, tmp_path):
    meeting = await a_meeting(db, vault, tmp_path, has_coefficient=True)
    await meeting.to_the_close()
    await meeting.host(service.close)
    await meeting.host(service.publish_record)
    opening = await meeting.opening()
    assert (opening.state, opening.stage) == (OpeningState.PUBLISHED, Stage.CLOSED)
    async with db.reading() as session:
        assert (await get(session, meeting.tender_id)).state is TenderState.OPENED
        record = await record_of(session, meeting.tender_id)
    prices = [row["items"]["bid_price"] for row in record.body["rows"]]
    assert prices == list(makers.PRICES[:3])
    assert [one.answer for one in record.confirmations] == ["deemed"] * 3
    assert {one.role for one in record.signatures} == set(makers.ON_DUTY)


async def test_the_public_stream_tells_the_opening_in_order(meeting):
    await meeting.to_the_close()
    await meeting.host(service.close)
    kinds = [kind for kind in await meeting.kinds() if not kind.startswith("window.")]
    entered = "opening.stage-entered"
    assert kinds == [
        "deadline.reached", "opening.started", entered, "opening.discipline-read", entered,
        "opening.bidder-list", entered, entered, "opening.cap-announced", entered,
        *["key.bidder-released"] * 3, entered, *["key.layer-released"] * 2, *["bid.decrypted"] * 3,
        "opening.decryption-ended", entered, *["price.deemed-confirmed"] * 3, entered,
        *["bid.announced", "key.sheet-published"] * 3, entered, "price.analysed", entered, entered,
        "record.drawn", *["record.signed"] * 3, *["record.deemed-confirmed"] * 3, entered,
        "opening.files-handed-over", entered, "opening.closed",
    ]  # fmt: skip


async def test_anyone_recomputes_the_coefficient_from_the_transcript(db, vault, tmp_path):
    meeting = await a_meeting(db, vault, tmp_path, has_coefficient=True)
    await meeting.to_the_keys()
    (drawn,) = [one for one in await meeting.public() if one.kind == "draw.coefficient-drawn"]
    body = json.loads(drawn.text)["body"]
    (result,) = draws.recompute(draws.from_json(body["transcript"]))
    assert result.chosen == (body["coefficient"],)
    assert (await meeting.opening()).coefficient == body["coefficient"]
