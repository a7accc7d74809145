"""Documents taken, questions, clarifications and objections: the talk before the deadline, without names."""

from bidding.party.roles import Role
from bidding.tender import queries
from bidding.tender.service import changes, objections, questions
from web.api.notices import visible
from web.call import Call
from web.endpoint import endpoint
from web.forms.tenders import PublishClarification, Say
from web.views.tenders import (
    ClarificationView,
    ObjectionList,
    ObjectionView,
    QuestionList,
    QuestionView,
    TakerList,
    TakingList,
    TakingView,
    clarification_view,
    objection_view,
    question_view,
    taker_list,
    taking_view,
)

BIDDER = frozenset({Role.BIDDER})
HOSTS = frozenset({Role.PROCURING_ENTITY, Role.AGENCY_HOST})
WATCHERS = HOSTS | {Role.SUPERVISOR, Role.OPENING_WITNESS, Role.CENTRE_OPS}


@endpoint("POST", "/api/tenders/{tender_id}/takings", act="documents.taken", roles=BIDDER,
          returns=TakingView, status=201, tag="document", summary="获取招标文件",
          summary_en="Take the bidding documents; nobody has to approve it")  # fmt: skip
async def take_documents(call: Call) -> TakingView:
    async with call.acting() as unit:
        return taking_view(await questions.take_documents(unit, call.path["tender_id"], actor=call.actor))


@endpoint("GET", "/api/my/takings", act="documents.read", roles=BIDDER, returns=TakingList, tag="document",
          summary="我获取过的招标文件", summary_en="The documents my organisation took")  # fmt: skip
async def list_my_takings(call: Call) -> TakingList:
    async with call.reading() as session:
        rows = await queries.takings_of(session, call.actor.organisation_id)
    return TakingList(takings=[taking_view(row) for row in rows])


@endpoint("GET", "/api/tenders/{tender_id}/takers", act="takers.read", roles=WATCHERS, returns=TakerList,
          tag="document", summary="文件获取与阅知记录（截止后）",
          summary_en="Who took the documents and read the clarifications; after the deadline")  # fmt: skip
async def list_takers(call: Call) -> TakerList:
    async with call.reading() as session:
        tender = await queries.get(session, call.path["tender_id"])
        takers = await queries.takers(session, tender)
        receipts = await queries.receipts(session, tender)
    return taker_list(takers, receipts)


@endpoint("POST", "/api/tenders/{tender_id}/questions", act="question.asked", roles=BIDDER, body=Say,
          returns=QuestionView, status=201, tag="question", summary="提问",
          summary_en="Ask; the desk gets the text and not the author")  # fmt: skip
async def ask_question(call: Call, body: Say) -> QuestionView:
    async with call.acting() as unit:
        tender_id = call.path["tender_id"]
        return question_view(await questions.ask(unit, tender_id, body.text, actor=call.actor))


@endpoint("GET", "/api/tenders/{tender_id}/questions", act="question.read",
          roles=BIDDER | HOSTS | {Role.SUPERVISOR}, returns=QuestionList, tag="question",
          summary="提问列表", summary_en="All questions for the desk, one's own for a bidder")  # fmt: skip
async def list_questions(call: Call) -> QuestionList:
    async with call.reading() as session:
        rows = await queries.questions(session, call.path["tender_id"], bidder_id=_own(call))
    return QuestionList(questions=[question_view(row) for row in rows])


def _own(call: Call) -> str | None:
    at_desk = call.actor.tender_roles & (HOSTS | {Role.SUPERVISOR})
    return None if at_desk else call.actor.organisation_id


@endpoint("POST", "/api/tenders/{tender_id}/clarifications", act="clarification.published", roles=HOSTS,
          body=PublishClarification, returns=ClarificationView, status=201, step_up=True, tag="question",
          summary="发布澄清", summary_en="Publish an answer to everyone")  # fmt: skip
async def publish_clarification(call: Call, body: PublishClarification) -> ClarificationView:
    async with call.acting() as unit:
        return clarification_view(await changes.clarify(unit, body.order(call.path["tender_id"])))


@endpoint("POST", "/api/tenders/{tender_id}/clarifications/{clarification_id}/receipt",
          act="clarification.read", roles=BIDDER, returns=ClarificationView, tag="question",
          summary="阅知回执", summary_en="Leave the receipt that I read it")  # fmt: skip
async def read_clarification(call: Call) -> ClarificationView:
    tender_id, name = call.path["tender_id"], call.path["clarification_id"]
    async with call.acting() as unit:
        row = await questions.read_clarification(unit, tender_id, name, actor=call.actor)
        return clarification_view(row, {row.id})


@endpoint("POST", "/api/tenders/{tender_id}/document-objections", act="document-objection.raised",
          roles=BIDDER, body=Say, returns=ObjectionView, status=201, step_up=True, tag="question",
          summary="对招标文件提出异议", summary_en="Object to the bidding documents")  # fmt: skip
async def object_to_documents(call: Call, body: Say) -> ObjectionView:
    async with call.acting() as unit:
        tender_id = call.path["tender_id"]
        row = await objections.object_to_documents(unit, tender_id, body.text, actor=call.actor)
        return objection_view(row)


@endpoint("GET", "/api/tenders/{tender_id}/document-objections", act="document-objection.read",
          roles={Role.PUBLIC}, returns=ObjectionList, tag="question", summary="招标文件异议",
          summary_en="Answered objections; all for the desk, one's own for a bidder")  # fmt: skip
async def list_document_objections(call: Call) -> ObjectionList:
    async with call.reading() as session:
        tender = await visible(call, session)
        rows = await queries.objections(session, tender.id)
    own = _own(call)
    shown = [one for one in rows if own is None or one.answer is not None or (own and one.bidder_id == own)]
    return ObjectionList(objections=[objection_view(row) for row in shown])


@endpoint("POST", "/api/tenders/{tender_id}/document-objections/{objection_id}/answer",
          act="document-objection.answered", roles=HOSTS, body=Say, returns=ObjectionView, step_up=True,
          tag="question", summary="答复异议", summary_en="Answer an objection in public")  # fmt: skip
async def answer_document_objection(call: Call, body: Say) -> ObjectionView:
    tender_id, name = call.path["tender_id"], call.path["objection_id"]
    async with call.acting() as unit:
        return objection_view(await objections.answer_objection(unit, tender_id, name, body.text))
