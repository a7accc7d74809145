"""The whole law on one draft: everything that is wrong with it, at once, before anyone publishes it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bidding.refusals import Refusal
from bidding.refusals.tender import RuleSetUnknown
from bidding.tender import rules
from bidding.tender.calendar import Calendar, day_of
from bidding.tender.ruleset import RULE_SETS, RuleSet
from bidding.tender.terms import ProjectType, Regime, Terms


class Severity(StrEnum):
    """Whether a finding stops the publication or is logged with it."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong, with its rule and its remedy in both languages."""

    code: str
    rule: str
    article: str
    severity: Severity
    texts: dict[str, dict[str, str]]
    refusal: Refusal = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What a draft is judged by besides itself."""

    now: datetime
    calendar: Calendar
    proven_at: Mapping[str, datetime] = field(default_factory=dict)
    issued_at: datetime | None = None  # when documents were first on offer, once they were


Check = tuple[Severity, Callable[[], None]]
B, W = Severity.BLOCK, Severity.WARN


def report(terms: Terms, given: Circumstances) -> list[Finding]:
    """Every finding on *terms*: those that block first, in the order of the law."""
    try:
        rule_set = rule_set_of(terms)
    except RuleSetUnknown as unknown:
        return [_finding(B, unknown)]
    found = [finding for check in _checks(terms, rule_set, given) if (finding := _tried(*check))]
    return sorted(found, key=lambda one: one.severity is W)


def rule_set_of(terms: Terms) -> RuleSet:
    """The numbers that bind these terms. Raises RuleSetUnknown."""
    try:
        return RULE_SETS[terms.rule_set_version]
    except KeyError:
        raise RuleSetUnknown(version=terms.rule_set_version) from None


def binds(terms: Terms) -> bool:
    """Whether the statutory counts of days bind: only on mandatory tenders (domain §0.3)."""
    return terms.is_mandatory and terms.regime in {Regime.ZTB, Regime.GP}


def issue_of(terms: Terms, given: Circumstances) -> datetime:
    """When documents are first on offer: not before the notice itself is out."""
    return given.issued_at or max(terms.docs_from, given.now)


def _tried(severity: Severity, check: Callable[[], None]) -> Finding | None:
    try:
        check()
    except Refusal as refusal:
        return _finding(severity, refusal)
    return None


def _finding(severity: Severity, refusal: Refusal) -> Finding:
    return Finding(
        code=refusal.code, rule=refusal.rule, article=refusal.article, severity=severity,
        texts=refusal.texts(), refusal=refusal,
    )  # fmt: skip


def _checks(terms: Terms, rule_set: RuleSet, given: Circumstances) -> Iterator[Check]:
    yield from _days(terms, rule_set, given)
    yield from _money(terms, rule_set)
    yield from _venue(terms, rule_set)
    yield from _sheet(terms)
    yield from _keys(terms, rule_set, given)


def _days(terms: Terms, rule_set: RuleSet, given: Circumstances) -> Iterator[Check]:
    bound, start = (B if binds(terms) else W), issue_of(terms, given)
    offer = [("docs_from", start), ("docs_until", terms.docs_until)]
    order = [("now", given.now), ("bid_deadline", terms.bid_deadline)]
    yield bound, lambda: rules.refuse_dates_disordered(instants=offer)
    yield B, lambda: rules.refuse_dates_disordered(instants=order)
    yield bound, lambda: _refuse_sale(terms, rule_set, start, given.calendar)
    yield bound, lambda: _refuse_preparation(terms, rule_set, start)
    yield (
        B,
        lambda: rules.refuse_opening_apart(opening_time=terms.opening_time, bid_deadline=terms.bid_deadline),
    )
    yield B, lambda: rules.refuse_no_opening_place(place=terms.place)
    yield B, lambda: rules.refuse_no_objection_window(seconds=terms.windows.objection)
    yield B, lambda: rules.refuse_no_validity(days=terms.bid_validity_days)
    yield bound, lambda: rules.refuse_no_documents(names=[str(one["name"]) for one in terms.documents])
    yield W, lambda: rules.refuse_unknown_year(day=day_of(terms.bid_deadline), calendar=given.calendar)


def _refuse_sale(terms: Terms, rule_set: RuleSet, start: datetime, calendar: Calendar) -> None:
    span: dict[str, Any] = {"docs_from": start, "docs_until": terms.docs_until, "days": rule_set.sale_days}
    if terms.regime is Regime.GP:
        rules.refuse_sale_too_few_workdays(**span, calendar=calendar)
    else:
        rules.refuse_sale_too_short(**span)


def _refuse_preparation(terms: Terms, rule_set: RuleSet, start: datetime) -> None:
    if terms.project_type is ProjectType.PREQUALIFICATION:
        days = rule_set.application_days
        rules.refuse_application_too_short(
            docs_until=terms.docs_until, bid_deadline=terms.bid_deadline, days=days
        )
    else:
        days = rule_set.preparation_days
        rules.refuse_preparation_too_short(docs_from=start, bid_deadline=terms.bid_deadline, days=days)


def _money(terms: Terms, rule_set: RuleSet) -> Iterator[Check]:
    bound = B if binds(terms) else W
    yield B, lambda: rules.refuse_no_estimate(estimate_fen=terms.estimate_fen)
    yield (
        B,
        lambda: rules.refuse_too_few_invited(
            is_invited=terms.is_invited, invited=terms.invited, least=rule_set.least_invited
        ),
    )
    yield (
        B,
        lambda: rules.refuse_deposit_too_high(
            deposit_fen=terms.deposit_fen, limit_fen=deposit_limit_of(terms)
        ),
    )
    yield (
        bound,
        lambda: rules.refuse_no_price_cap(project_type=terms.project_type, price_cap_fen=terms.price_cap_fen),
    )
    yield (
        W,
        lambda: rules.refuse_cap_above_estimate(
            price_cap_fen=terms.price_cap_fen, estimate_fen=terms.estimate_fen
        ),
    )


def deposit_limit_of(terms: Terms) -> int:
    """The largest deposit in fen that these terms may ask for."""
    rule_set = rule_set_of(terms)
    cap = rules.deposit_cap_of(
        regime=terms.regime, project_type=terms.project_type,
        cap_fen=rule_set.deposit_cap_fen, survey_cap_fen=rule_set.survey_deposit_cap_fen,
    )  # fmt: skip
    return rules.deposit_limit(estimate_fen=terms.estimate_fen, share=rule_set.deposit_share, cap_fen=cap)


def venue_of(terms: Terms) -> str:
    """The venue recommended for these terms."""
    lines = rule_set_of(terms).venue[terms.category]
    if terms.is_mandatory:
        return rules.DISTRICT
    return rules.recommended_venue(
        estimate_fen=terms.estimate_fen,
        district_from=lines.district_recommended,
        township_from=lines.township_recommended,
    )


def _venue(terms: Terms, rule_set: RuleSet) -> Iterator[Check]:
    line = rule_set.venue[terms.category].district_required
    amount: dict[str, Any] = {"estimate_fen": terms.estimate_fen, "required_from": line}
    too_low = (
        B,
        lambda: rules.refuse_venue_too_low(venue=terms.venue, is_mandatory=terms.is_mandatory, **amount),
    )
    yield too_low
    yield B, lambda: rules.refuse_regime_too_small(regime=terms.regime, **amount)
    yield W, lambda: rules.refuse_mandatory_doubtful(is_mandatory=terms.is_mandatory, **amount)
    if _tried(*too_low) is None:
        yield (
            W,
            lambda: rules.refuse_venue_unexplained(
                venue=terms.venue, recommended=venue_of(terms), estimate_fen=terms.estimate_fen
            ),
        )


def _sheet(terms: Terms) -> Iterator[Check]:
    yield B, lambda: rules.refuse_sheet_malformed(sheet=terms.sheet)
    yield (
        B,
        lambda: rules.refuse_sheet_without_price(
            sheet=terms.sheet, price_type=terms.price_type, project_type=terms.project_type
        ),
    )
    yield B, lambda: rules.refuse_minimum_price(sheet=terms.sheet)
    yield B, lambda: rules.refuse_base_price_decides(sheet=terms.sheet, coefficient=terms.coefficient)
    yield B, lambda: rules.refuse_coefficient_malformed(coefficient=terms.coefficient)


def _keys(terms: Terms, rule_set: RuleSet, given: Circumstances) -> Iterator[Check]:
    members = terms.committee.members if terms.committee else ()
    proofs: dict[str, Any] = {"proven_at": given.proven_at, "now": given.now, "days": rule_set.liveness_days}
    yield B, lambda: rules.refuse_no_layer(layers=terms.layers)
    yield W, lambda: rules.refuse_single_layer(layers=terms.layers)
    yield B, lambda: rules.refuse_layer_malformed(layers=terms.layers)
    yield B, lambda: rules.refuse_committee_malformed(committee=terms.committee, layers=terms.layers)
    yield W, lambda: rules.refuse_committee_narrow(members=members)
    yield (
        B,
        lambda: rules.refuse_key_unproven(holders=rules.holders_of(terms), **proofs),
    )
