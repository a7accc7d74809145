"""From notice to refund: who takes part, what is asked, what is offered, and how it is opened.

party/ knows people, organisations and roles; tender/ the notice, its documents and its life up to the
opening; bid/ the sealed envelopes; opening/ the online hall; deposit/ the facts about bid deposits.
Each sub-room uses the same five names when it needs them: states, rules, service, tables, queries.
acts/ holds everything that can happen here, refusals/ every lawful reason to say no.
"""
