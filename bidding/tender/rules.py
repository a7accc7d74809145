"""What the law asks of a tender before its opening: each function refuses one wrong, or lets it pass."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from bidding.refusals import tender as no
from bidding.tender.calendar import Calendar, add_workdays, day_of, earliest, end_of, is_before
from bidding.tender.terms import (
    Category,
    CoefficientSpec,
    Committee,
    Layer,
    PriceType,
    ProjectType,
    Regime,
    ShareHolder,
    SheetField,
    Terms,
)

DISTRICT, TOWNSHIP, SELF_MANAGED = "district", "township", "self"
_PRICE_FIELD = {PriceType.TOTAL: "fen", PriceType.UP_RATE: "rate", PriceType.DOWN_RATE: "rate"}
_MINIMUM = ("min_price", "minimum", "floor_price", "最低投标限价", "最低限价")
_BASE_PRICE = ("base_price", "标底")
_KINDS = frozenset({"fen", "rate", "days", "text"})
_CAPPED = frozenset({ProjectType.CONSTRUCTION, ProjectType.EPC})
_SURVEYS = frozenset({ProjectType.SURVEY, ProjectType.DESIGN})
_SHARE = 10_000
_ONCE_SEALED = ("layers", "committee", "sheet", "price_type")
_FIXED = ("tender_id", "lot_code", "regime", "is_mandatory", "is_invited", "docs_from", "rule_set_version")
LARGE_COMMITTEE, WIDE_COMMITTEE = 5, 3


# -- days


def refuse_dates_disordered(*, instants: Sequence[tuple[str, datetime]]) -> None:
    """T-00, Tendering Law art. 24: an offer begins, ends, and only then do bids close."""
    for (earlier, first), (later, second) in pairwise(instants):
        if first >= second:
            raise no.DatesDisordered(earlier=earlier, later=later)


def refuse_sale_too_short(*, docs_from: datetime, docs_until: datetime, days: int) -> None:
    """T-01, Implementing Regulation art. 16: the documents are on offer for five days at least.

    Reading: five times 24 hours (CAL-6); the same clock time on day five is enough.
    """
    until = earliest(docs_from, days)
    if docs_until < until:
        raise no.SaleTooShort(days=days, until=until)


def refuse_sale_too_few_workdays(
    *, docs_from: datetime, docs_until: datetime, days: int, calendar: Calendar
) -> None:
    """T-01, order 87 art. 31: in government procurement the five days are working days."""
    last = add_workdays(day_of(docs_from), days, calendar)
    until = end_of(last - timedelta(days=1)) + (docs_from - end_of(day_of(docs_from) - timedelta(days=1)))
    if docs_until < until:
        raise no.SaleTooShort(days=days, until=until)


def refuse_preparation_too_short(
    *, docs_from: datetime, bid_deadline: datetime, days: int, strict: bool = False
) -> None:
    """T-02, Tendering Law art. 24: bidders have twenty days from the first issue of the documents.

    Reading: twenty times 24 hours (CAL-6); a regulator may ask for the strict one, 24:00 of day twenty.
    """
    first = earliest(docs_from, days, strict=strict)
    if bid_deadline < first:
        raise no.PreparationTooShort(days=days, deadline_from=first)


def refuse_application_too_short(*, docs_until: datetime, bid_deadline: datetime, days: int) -> None:
    """T-03, Implementing Regulation art. 17: applicants have five days after the sale has ended."""
    first = earliest(docs_until, days)
    if bid_deadline < first:
        raise no.ApplicationTooShort(days=days, deadline_from=first)


def refuse_amendment_too_late(*, affects: bool, issued_at: datetime, deadline: datetime, days: int) -> None:
    """T-04, Tendering Law art. 23: what may affect bid preparation is issued fifteen days ahead.

    *deadline* is the one that will hold. Exactly fifteen times 24 hours are enough (CAL-7).
    """
    if affects and not is_before(issued_at, deadline, days):
        raise no.AmendmentTooLate(days=days, deadline_from=earliest(issued_at, days))


def refuse_deadline_shortened(*, deadline: datetime, asked: datetime) -> None:
    """T-02, Tendering Law art. 24: a published deadline moves later, never earlier."""
    if asked < deadline:
        raise no.DeadlineShortened(deadline=deadline)


def refuse_past_deadline(*, deadline: datetime, now: datetime) -> None:
    """LIFE-2, Tendering Law art. 23: documents change before the deadline only.

    The deadline instant itself belongs to the bidders: at it nothing changes any more.
    """
    if now >= deadline:
        raise no.TenderPastDeadline(deadline=deadline)


def refuse_overdue(*, deadline: datetime, now: datetime) -> None:
    """T-07, Implementing Regulation art. 22: time that ran while all stood still is given back."""
    if deadline <= now:
        raise no.DeadlineOverdue(deadline=deadline)


def refuse_opening_apart(*, opening_time: datetime, bid_deadline: datetime) -> None:
    """T-10, Tendering Law art. 34: bids are opened at the instant of the deadline."""
    if opening_time != bid_deadline:
        raise no.OpeningApart(opening_time=opening_time, deadline=bid_deadline)


def refuse_no_opening_place(*, place: str) -> None:
    """T-10, Tendering Law art. 34: the place of the opening is fixed beforehand in the documents."""
    if not place.strip():
        raise no.NoOpeningPlace


def refuse_no_objection_window(*, seconds: int) -> None:
    """T-15, Implementing Regulation art. 44: bidders may object at the opening itself."""
    if seconds <= 0:
        raise no.NoObjectionWindow


def refuse_unknown_year(*, day: date, calendar: Calendar) -> None:
    """CAL-8, Civil Code art. 203: whether a day is a holiday is known, never assumed."""
    calendar.is_workday(day)


def is_objection_late(*, raised_at: datetime, deadline: datetime, days: int) -> bool:
    """T-06, Implementing Regulation art. 22: an objection comes ten days before the deadline.

    Exactly ten times 24 hours before is in time (CAL-7). A late one is registered, and pauses nothing.
    """
    return not is_before(raised_at, deadline, days)


# -- counts and money


def refuse_too_few_invited(*, is_invited: bool, invited: Collection[str], least: int) -> None:
    """N-04, Tendering Law art. 17: three or more are invited; one who is named twice counts once."""
    if is_invited and len(set(invited)) < least:
        raise no.TooFewInvited(least=least, invited=len(set(invited)))


def refuse_no_estimate(*, estimate_fen: int) -> None:
    """N-05, Implementing Regulation art. 26: the deposit's limit is a share of the estimate."""
    if estimate_fen <= 0:
        raise no.EstimateMissing


def deposit_limit(*, estimate_fen: int, share: int, cap_fen: int | None) -> int:
    """The largest lawful deposit in fen; *share* in ten-thousandths, *cap_fen* None without a cap."""
    limit = estimate_fen * share // _SHARE
    return limit if cap_fen is None else min(limit, cap_fen)


def refuse_deposit_too_high(*, deposit_fen: int, limit_fen: int) -> None:
    """N-05, Implementing Regulation art. 26, order 30 art. 37: two percent, and no more than the cap."""
    if not 0 <= deposit_fen <= limit_fen:
        raise no.DepositTooHigh(deposit_fen=deposit_fen, limit_fen=limit_fen)


def refuse_no_price_cap(*, project_type: ProjectType, price_cap_fen: int | None) -> None:
    """N-07, Implementing Regulation art. 27: a maximum price is stated in the documents.

    Reading: works are tendered against one (GB 50500); elsewhere it may be absent, but not empty.
    """
    if price_cap_fen is None and project_type not in _CAPPED:
        return
    if price_cap_fen is None or price_cap_fen <= 0:
        raise no.NoPriceCap


def refuse_cap_above_estimate(*, price_cap_fen: int | None, estimate_fen: int) -> None:
    """N-07, Implementing Regulation art. 27: a maximum above the approved estimate is a slip."""
    if price_cap_fen is not None and price_cap_fen > estimate_fen:
        raise no.PriceCapAboveEstimate(price_cap_fen=price_cap_fen, estimate_fen=estimate_fen)


def refuse_minimum_price(*, sheet: Iterable[SheetField]) -> None:
    """N-07, Implementing Regulation art. 27: no minimum price may be set."""
    for item in sheet:
        if any(word in text.lower() for word in _MINIMUM for text in (item.name, item.zh, item.en)):
            raise no.MinimumPrice(name=item.name)


def refuse_base_price_decides(*, sheet: Iterable[SheetField], coefficient: CoefficientSpec | None) -> None:
    """N-08, Implementing Regulation art. 27 and 50: a base price is secret and only a reference."""
    labels = [text for item in sheet for text in (item.name, item.zh)]
    labels += [coefficient.label] if coefficient else []
    for label in labels:
        if any(word in label.lower() for word in _BASE_PRICE):
            raise no.BasePriceDecides(name=label)


def refuse_no_validity(*, days: int) -> None:
    """T-08, Implementing Regulation art. 25: the documents state how long a bid binds."""
    if days <= 0:
        raise no.ValidityMissing


# -- venue


def recommended_venue(*, estimate_fen: int, district_from: int, township_from: int) -> str:
    """Where an estimate belongs, lower bounds inclusive (domain §8.1)."""
    if estimate_fen >= district_from:
        return DISTRICT
    return TOWNSHIP if estimate_fen >= township_from else SELF_MANAGED


def refuse_venue_too_low(*, venue: str, is_mandatory: bool, estimate_fen: int, required_from: int) -> None:
    """VENUE-1, O16 art. 5 and the district's rule: from the line on, the district centre is a must."""
    if venue != DISTRICT and (is_mandatory or estimate_fen >= required_from):
        raise no.VenueTooLow(estimate_fen=estimate_fen, venue=venue)


def refuse_venue_unexplained(*, venue: str, recommended: str, estimate_fen: int) -> None:
    """VENUE-2, the district's rule: below the line one may go elsewhere, and says why.

    Going higher than recommended needs no reason.
    """
    rank = (SELF_MANAGED, TOWNSHIP, DISTRICT)
    if venue not in rank or rank.index(venue) < rank.index(recommended):
        raise no.VenueUnexplained(estimate_fen=estimate_fen, recommended=recommended, venue=venue)


def refuse_regime_too_small(*, regime: Regime, estimate_fen: int, required_from: int) -> None:
    """VENUE-3, O16 art. 5: at the line and above nothing is a small local tender."""
    if regime is Regime.LOCAL_SMALL and estimate_fen >= required_from:
        raise no.RegimeTooSmall(estimate_fen=estimate_fen)


def refuse_mandatory_doubtful(*, is_mandatory: bool, estimate_fen: int, required_from: int) -> None:
    """VENUE-4, O16 art. 5: whether tendering is mandatory is asked again at the line."""
    if not is_mandatory and estimate_fen >= required_from:
        raise no.MandatoryDoubtful(estimate_fen=estimate_fen)


# -- sheet and draw


def refuse_sheet_malformed(*, sheet: Iterable[SheetField]) -> None:
    """SHEET-2, Tendering Law art. 36: each item of the sheet has one name and a known kind."""
    seen: set[str] = set()
    for item in sheet:
        if item.name in seen or item.kind not in _KINDS or not item.name.isidentifier() or not item.zh:
            raise no.SheetMalformed(name=item.name)
        seen.add(item.name)


def refuse_sheet_without_price(
    *, sheet: Iterable[SheetField], price_type: PriceType, project_type: ProjectType
) -> None:
    """SHEET-1, Tendering Law art. 36: the price is read out; a prequalification has none."""
    name = "bid_price" if price_type is PriceType.TOTAL else "rate"
    asked = {(item.name, item.kind) for item in sheet if item.required}
    if project_type is not ProjectType.PREQUALIFICATION and (name, _PRICE_FIELD[price_type]) not in asked:
        raise no.SheetWithoutPrice(needed=name)


def refuse_coefficient_malformed(*, coefficient: CoefficientSpec | None) -> None:
    """DRAW-1, Implementing Regulation art. 49: what is drawn, and from what, stands in the documents."""
    if coefficient is None:
        return
    values = [_positive(text) for text in coefficient.candidates]
    distinct = {value for value in values if value is not None}
    if len(distinct) < max(2, len(values)) or not coefficient.label.strip():
        raise no.CoefficientMalformed(label=coefficient.label)


def _positive(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and value > 0 else None


# -- keys


def refuse_no_layer(*, layers: Sequence[Layer]) -> None:
    """KEY-1, order 20 art. 26 and 30: a bid is sealed to someone besides its bidder."""
    if not layers:
        raise no.NoLayer


def refuse_single_layer(*, layers: Sequence[Layer]) -> None:
    """KEY-2, order 20 art. 26: two holders of different organisations are recommended."""
    if len({layer.organisation_id for layer in layers}) < 2:  # noqa: PLR2004 -- the rule's own number
        raise no.SingleLayer


def refuse_layer_malformed(*, layers: Sequence[Layer]) -> None:
    """KEY-3, order 20 art. 30: layers are numbered 1 to n, each with its own person and key."""
    keys, people = Counter(one.recipient for one in layers), Counter(one.person_id for one in layers)
    for order, layer in enumerate(layers, 1):
        if (
            layer.order != order
            or not layer.recipient
            or keys[layer.recipient] > 1
            or people[layer.person_id] > 1
        ):
            raise no.LayerMalformed(order=layer.order)


def refuse_threshold_too_low(*, m: int, n: int) -> None:
    """KEY-4, order 20 art. 31: no minority of the committee can open a bid; m is (n+1)/2 or more."""
    least = n // 2 + 1
    if not least <= m <= n:
        raise no.ThresholdTooLow(m=m, n=n, least=least)


def refuse_share_holder_malformed(*, members: Sequence[ShareHolder]) -> None:
    """KEY-4, order 20 art. 31: share holders are numbered 1 to n, each with its own person and key."""
    keys, people = Counter(one.recipient for one in members), Counter(one.person_id for one in members)
    for number, one in enumerate(members, 1):
        if one.number != number or not one.recipient or keys[one.recipient] > 1 or people[one.person_id] > 1:
            raise no.ShareHolderMalformed(number=one.number)


def refuse_holds_both(*, layers: Sequence[Layer], members: Sequence[ShareHolder]) -> None:
    """KEY-5, order 20 art. 31: who holds a layer holds no share, in person or by key."""
    people, keys = {one.person_id for one in layers}, {one.recipient for one in layers if one.recipient}
    for member in members:
        if member.person_id in people or member.recipient in keys:
            raise no.HoldsBoth(name=member.name)


def refuse_committee_narrow(*, members: Sequence[ShareHolder]) -> None:
    """KEY-7, order 20 art. 31: from five members on, three organisations are recommended."""
    organisations = {member.organisation_id for member in members}
    if len(members) >= LARGE_COMMITTEE and len(organisations) < WIDE_COMMITTEE:
        raise no.CommitteeNarrow(n=len(members), organisations=len(organisations))


def refuse_key_unproven(
    *,
    holders: Sequence[Layer | ShareHolder],
    proven_at: Mapping[str, datetime],
    now: datetime,
    days: int,
) -> None:
    """KEY-6, order 20 art. 30: each holder showed within *days* that its key works (by recipient)."""
    oldest = now - timedelta(days=days)
    lapsed = [one.name for one in holders if (at := proven_at.get(one.recipient)) is None or at < oldest]
    if lapsed:
        raise no.KeyUnproven(names="、".join(lapsed), days=days)


def holders_of(terms: Terms) -> list[Layer | ShareHolder]:
    """Everyone who holds a key of the tender: layers first, then the committee."""
    return [*terms.layers, *(terms.committee.members if terms.committee else ())]


def refuse_committee_malformed(*, committee: Committee | None, layers: Sequence[Layer]) -> None:
    """KEY-4 and KEY-5 together, for a tender that has a committee at all."""
    if committee is None:
        return
    refuse_share_holder_malformed(members=committee.members)
    refuse_threshold_too_low(m=committee.m, n=len(committee.members))
    refuse_holds_both(layers=layers, members=committee.members)


# -- documents and changes


def refuse_no_documents(*, names: Collection[str]) -> None:
    """T-01, Implementing Regulation art. 16: something is on offer when documents are on offer."""
    if not names:
        raise no.NoDocuments


def refuse_terms_fixed(*, before: Terms, after: Terms) -> None:
    """T-23, Implementing Regulation art. 15: an amended tender is still the same tender."""
    for item in fields(Terms):
        if item.name in _FIXED and getattr(before, item.name) != getattr(after, item.name):
            raise no.TermsFixed(name=item.name)


def refuse_silent_reseal(*, before: Terms, after: Terms, requires_resubmission: bool) -> None:
    """T-04, Tendering Law art. 23: bids that no longer fit are asked for again, never dropped silently."""
    changed = any(getattr(before, name) != getattr(after, name) for name in _ONCE_SEALED)
    if changed and not requires_resubmission:
        raise no.SilentReseal


def refuse_documents_not_offered(*, docs_from: datetime, until: datetime, now: datetime) -> None:
    """T-01, E-11: from the first instant of the offer to the deadline nobody asks who takes them.

    Reading: data messages cost nothing to hand out, so the offer is kept up until the deadline.
    """
    if not docs_from <= now <= until:
        raise no.DocumentsNotOffered(docs_from=docs_from)


def refuse_questions_closed(*, questions_until: datetime, now: datetime) -> None:
    """T-05, order 20 art. 22: questions come until the instant the notice names, inclusive."""
    if now > questions_until:
        raise no.QuestionsClosed(questions_until=questions_until)


def refuse_no_document_no(*, by_supervisor: bool, document_no: str) -> None:
    """LIFE-5, Implementing Regulation art. 62: an order of the supervisor is a document with a number."""
    if by_supervisor and not document_no.strip():
        raise no.DocumentNoMissing


def deposit_cap_of(
    *, regime: Regime, project_type: ProjectType, cap_fen: int, survey_cap_fen: int
) -> int | None:
    """The absolute cap on a deposit in fen: none in government procurement (ZCFTL art. 33)."""
    if regime is Regime.GP:
        return None
    return survey_cap_fen if project_type in _SURVEYS else cap_fen


def category_of(project_type: ProjectType) -> Category:
    """Under which procurement category a type falls, when a draft does not say."""
    if project_type in _CAPPED:
        return Category.WORKS
    if project_type in {ProjectType.GOODS, ProjectType.ELEVATOR}:
        return Category.GOODS
    return Category.SERVICES
