"""What a stay's status is called: in six languages, by Chinese systems, and by one letter.

Only words that mean one thing are here. «C» is confirmed in one system and cancelled in the next, «Abreise» and
«salida» are departures that come as well as those that were: such words are asked, never guessed.
"""

from __future__ import annotations

from services.segments.imports.meanings.words import word, words
from services.segments.rules.written.import_problems import RejectReason
from shared.vocabulary.stay import StayStatus

STATUSES = {
    StayStatus.BOOKED: words(
        "booked,confirmed,reserved,reservation,guaranteed,definite,due in,expected,modified,new,commit,waitlisted",
        "r,res,rsv,resv,reserve,expected arrival,booking confirmed,confirmed reservation",
        "confirmada,confirmado,reservada,reservado,reserva,garantida,garantizada",
        "confirmee,confirme,reservee,reserve,garantie",
        "bestatigt,gebucht,reserviert,garantiert,bestaetigt",
        "预订,已预订,预定,已预定,确认,已确认,确认预订,待入住,预抵,预到,保证,担保,有效,有效预订,預訂,已預訂,確認,已確認,待入住",
    ),
    StayStatus.CANCELLED: words(
        "cancelled,canceled,cancellation,cancel,xxl,cxl,cxld,xld,xl,x,void,annulled,booking cancelled",
        "cancelada,cancelado,anulada,anulado,cancelamento,cancelacion",
        "annulee,annule,annulation",
        "storniert,storno,abgesagt,annulliert",
        "取消,已取消,客人取消,退订,已退订,作废,已作废,取消预订,已撤销,退訂,已退訂",
    ),
    StayStatus.NO_SHOW: words(
        "no show,noshow,n,ns,did not arrive,never arrived",
        "nao compareceu,nao comparecencia,no presentado,no se presento,no compareció",
        "non presente,non presentee,pas venu",
        "nicht erschienen,nicht angereist,nichtanreise",
        "未到,应到未到,未到店,逾期未到,失约,未抵,預訂未到,应到未抵",
    ),
    StayStatus.CHECKED_IN: words(
        "checked in,checkedin,in house,inhouse,arrived,started,due out,i,ih,in,ci,c i,check in,checkin,stayover,walkin",
        "walk in,occupied,staying,registered,resident",
        "em casa,hospedado,hospedada,check in efetuado,check in efectuado,na casa,entrada efetuada",
        "en casa,alojado,alojada,check in realizado,entrada realizada",
        "en sejour,en maison,arrive,arrivee effectuee,check in effectue,loge",
        "eingecheckt,angereist,im haus,anwesend,eingezogen",
        "在住,已入住,入住,在店,住店,入住中,已登记,预离,在住客人,预计离店,已办理入住,已登記,在住中",
    ),
    StayStatus.CHECKED_OUT: words(
        "checked out,checkedout,departed,processed,stayed,o,co,c o,out,check out,checkout,chkout,completed,left",
        "check out efetuado,check out efectuado,saiu,saida efetuada,finalizada,concluida",
        "check out realizado,salio,salida realizada,finalizado",
        "parti,partie,depart effectue,check out effectue,sorti,sortie",
        "abgereist,ausgecheckt,ausgezogen",
        "离店,已离店,退房,已退房,结账,已结账,结帐,已结帐,结账离店,结帐离店,昨日离店,本日离店,已完成,離店,已離店,結帳,已結帳",
    ),
}
STATUS_WORDS = {one: status for status, known in STATUSES.items() for one in known}
LEFT_OUT = "left_out"
"""Said of a status whose rows are no stays: offers, blocks, lines of sums."""


def read_status(text: str) -> StayStatus:
    """Raises ValueError where the word is not known."""
    known = STATUS_WORDS.get(word(text)) or STATUS_WORDS.get(word("".join(one for one in text if not one.isdigit())))
    if known is None:
        raise ValueError(RejectReason.NO_STATUS)
    return known


def status_meant(meaning: str) -> StayStatus:
    """What somebody said it is. Raises ValueError for rows that are left out, and for no status."""
    if meaning == LEFT_OUT:
        raise ValueError(RejectReason.LEFT_OUT)
    return StayStatus(meaning)
