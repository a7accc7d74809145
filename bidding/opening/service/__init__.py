"""The verbs of the opening: each locks, refuses, records one act, and never commits.

Every verb takes the tender's row first, alone but for signing in. The clock calls `due` and `perform`;
`open_all` opens the bids when the last layer is off.
"""

from bidding.opening.service.deadline import open_sign_in, reach_deadline, sign_in
from bidding.opening.service.draws import (
    BeaconEntry,
    close_commits,
    commit_draw,
    enter_beacon,
    reveal_draw,
    specify_draw,
)
from bidding.opening.service.due import Due, DueKind, due, perform
from bidding.opening.service.few import confirm_few, propose_few
from bidding.opening.service.keys import KeyRelease, ShareRelease, post_share, release
from bidding.opening.service.layers import LayerOrder, give_up_layers, release_layer
from bidding.opening.service.objections import answer_objection, raise_objection, state_no_objection
from bidding.opening.service.outcomes import attribute_fault, refuse_acceptance, report_incident, revoke
from bidding.opening.service.pauses import alarm_host, pause, resume, terminate
from bidding.opening.service.prices import (
    analyse_prices,
    announce_all,
    announce_next,
    confirm_price,
    dispute_price,
)
from bidding.opening.service.record import (
    close,
    confirm_record,
    dispute_record,
    draw_record,
    hand_over_files,
    publish_record,
    sign_record,
)
from bidding.opening.service.roll import announce_cap, check_identity, publish_list, state_deposits
from bidding.opening.service.steps import advance, read_discipline, start
from bidding.opening.service.unsealing import Workshop, open_all
from bidding.opening.service.windows import close_early, expire, extend

__all__ = [
    "BeaconEntry",
    "Due",
    "DueKind",
    "KeyRelease",
    "LayerOrder",
    "ShareRelease",
    "Workshop",
    "advance",
    "alarm_host",
    "analyse_prices",
    "announce_all",
    "announce_cap",
    "announce_next",
    "answer_objection",
    "attribute_fault",
    "check_identity",
    "close",
    "close_commits",
    "close_early",
    "commit_draw",
    "confirm_few",
    "confirm_price",
    "confirm_record",
    "dispute_price",
    "dispute_record",
    "draw_record",
    "due",
    "enter_beacon",
    "expire",
    "extend",
    "give_up_layers",
    "hand_over_files",
    "open_all",
    "open_sign_in",
    "pause",
    "perform",
    "post_share",
    "propose_few",
    "publish_list",
    "publish_record",
    "raise_objection",
    "reach_deadline",
    "read_discipline",
    "refuse_acceptance",
    "release",
    "release_layer",
    "report_incident",
    "resume",
    "reveal_draw",
    "revoke",
    "sign_in",
    "sign_record",
    "specify_draw",
    "start",
    "state_deposits",
    "state_no_objection",
    "terminate",
]
