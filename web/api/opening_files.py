"""The files of opened bids: handing them over once they were looked into, and reading what was found."""

from bidding.opening import queries, service
from bidding.party.roles import Role
from web.call import Call
from web.endpoint import endpoint
from web.inspection.bids import inspect_all
from web.opening_calls import perform
from web.views.inspections import FileFindings, findings
from web.views.openings import Acts

HOST = frozenset({Role.AGENCY_HOST})
ON_DUTY = frozenset(
    {
        Role.PROCURING_ENTITY, Role.AGENCY_HOST, Role.RECORDER, Role.OPENING_WITNESS, Role.SUPERVISOR,
    }
)  # fmt: skip


@endpoint(
    "POST",
    "/api/tenders/{tender_id}/opening/files",
    act="opening.files-handed-over",
    roles=HOST,
    returns=Acts,
    tag="opening",
    summary="数据上传评标",
    summary_en="Hand the bids to the evaluation, once their files were looked into",
)
async def hand_over_files(call: Call) -> Acts:
    await inspect_all(call.app, call.path["tender_id"], is_last=True)
    return await perform(call, service.hand_over_files)


@endpoint(
    "GET",
    "/api/tenders/{tender_id}/opening/files",
    act="opening.files-read",
    roles=ON_DUTY,
    returns=FileFindings,
    tag="opening",
    summary="投标文件安全检查结果",
    summary_en="What was found in the files of the opened bids",
)
async def read_file_findings(call: Call) -> FileFindings:
    async with call.reading() as session:
        return findings(await queries.inspected_bids(session, call.path["tender_id"]))
