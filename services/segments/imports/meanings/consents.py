"""Yes and no in a consent column. That a cell says yes proves nothing: what it is worth, the mapping says."""

from __future__ import annotations

from services.segments.imports.meanings.words import value_key, word

YES, NO = "yes", "no"


def _known(*lines: str) -> frozenset[str]:
    """Words as they are compared, and signs as they stand."""
    return frozenset(word(one) or value_key(one) for line in lines for one in line.split(","))


YES_WORDS = _known(
    "y,yes,true,1,t,on,x,v,ok,opt in,opted in,optin,express,subscribed,subscribe,agreed,agree,granted,accepted,accept",
    "allowed,allow,consented,given,s,sim,verdadeiro,aceito,aceite,si,verdadero,acepto,aceptado,oui,vrai,accepté",
    "j,ja,wahr,einverstanden,zugestimmt,erlaubt",
    "是,同意,已同意,有,愿意,接受,允许,订阅,已订阅,真,願意,訂閱,√,✓,✔,☑,✅",
)
NO_WORDS = _known(
    "n,no,false,0,f,off,opt out,opted out,optout,refused,refuse,declined,decline,denied,deny,unsubscribed,unsubscribe",
    "revoked,withdrawn,rejected,não,falso,recusado,recusa,rechazado,rechaza,non,faux,refusé",
    "nein,falsch,abgelehnt,verweigert,widerrufen",
    "否,不,不同意,无,拒绝,已拒绝,不愿意,不接受,退订,已退订,取消订阅,未同意,假,拒絕,退訂,×,✗,✘,☒,❌",
)


def read_consent(text: str) -> str:
    """`YES` or `NO`. Raises KeyError where the word is neither."""
    known = word(text) or value_key(text)
    if known in YES_WORDS:
        return YES
    if known in NO_WORDS:
        return NO
    raise KeyError(text)
