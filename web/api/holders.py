"""Who holds the keys of a tender, and the ceremony that shows that the keys work."""

from bidding.party.roles import Role
from bidding.tender import queries
from bidding.tender.queries import terms_of
from bidding.tender.service import holders
from web.call import Call
from web.endpoint import endpoint
from web.forms.tenders import AnswerLiveness, GiveKey, NameHolders
from web.views.tenders import HolderStates, LivenessView, holder_states, liveness_view

HOSTS = frozenset({Role.PROCURING_ENTITY, Role.AGENCY_HOST})
KEEPERS = frozenset({Role.LAYER_HOLDER, Role.SHARE_HOLDER})


@endpoint("PUT", "/api/tenders/{tender_id}/holders", act="tender.holders-named", roles=HOSTS,
          body=NameHolders, returns=HolderStates, tag="key", summary="指定密钥保管人",
          summary_en="Name the layer holders and the committee")  # fmt: skip
async def name_holders(call: Call, body: NameHolders) -> HolderStates:
    async with call.acting() as unit:
        tender = await holders.name_holders(unit, call.path["tender_id"], body.order())
        return holder_states(terms_of(tender), await queries.proofs(unit.session, tender.id))


@endpoint("GET", "/api/tenders/{tender_id}/holders", act="tender.holders-read",
          roles=HOSTS | KEEPERS | {Role.SUPERVISOR}, returns=HolderStates, tag="key",
          summary="密钥保管人与活性", summary_en="The holders and their last proofs")  # fmt: skip
async def list_holders(call: Call) -> HolderStates:
    async with call.reading() as session:
        tender = await queries.get(session, call.path["tender_id"])
        return holder_states(terms_of(tender), await queries.proofs(session, tender.id))


@endpoint("PUT", "/api/tenders/{tender_id}/key", act="tender.holder-key-given", roles=KEEPERS, body=GiveKey,
          returns=HolderStates, step_up=True, tag="key", summary="登记公钥",
          summary_en="Hand in the recipient that bids will be sealed to")  # fmt: skip
async def give_key(call: Call, body: GiveKey) -> HolderStates:
    async with call.acting() as unit:
        tender = await holders.give_key(unit, call.path["tender_id"], body.recipient, actor=call.actor)
        return holder_states(terms_of(tender), await queries.proofs(unit.session, tender.id))


@endpoint("POST", "/api/tenders/{tender_id}/liveness", act="tender.liveness-asked", roles=KEEPERS,
          returns=LivenessView, status=201, tag="key", summary="发起密钥活性验证",
          summary_en="Get a small age file that only my key opens")  # fmt: skip
async def ask_liveness(call: Call) -> LivenessView:
    async with call.acting() as unit:
        return liveness_view(await holders.ask_liveness(unit, call.path["tender_id"], actor=call.actor))


@endpoint("POST", "/api/tenders/{tender_id}/liveness/{proof_id}", act="tender.liveness-proven",
          roles=KEEPERS, body=AnswerLiveness, returns=LivenessView, tag="key", summary="提交活性验证",
          summary_en="Answer with what was in the file")  # fmt: skip
async def prove_liveness(call: Call, body: AnswerLiveness) -> LivenessView:
    tender_id, proof_id = call.path["tender_id"], call.path["proof_id"]
    async with call.acting() as unit:
        proof = await holders.prove_liveness(unit, tender_id, proof_id, body.nonce, actor=call.actor)
        return liveness_view(proof)
