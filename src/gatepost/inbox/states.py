from gatepost.lifecycle import Machine

MESSAGE = Machine(
    "message",
    words={
        "new": "With us",
        "answering": "Answer on its way",
        "answered": "Answered",
        "referred": "Referred",
        "done": "Done",
    },
    table={
        "reply_submitted": (["new", "referred", "answering", "answered"], "answering"),
        "answered": (["new", "answering", "referred"], "answered"),
        "reply_failed": (["answering"], "new"),
        "referred": (["new", "answered"], "referred"),
        "closed": (["new", "answering", "answered", "referred"], "done"),
        "reopened": (["done", "answered", "referred"], "new"),
        # When closing or opening it is undone.
        "unclosed_answering": (["done"], "answering"),
        "unclosed_answered": (["done"], "answered"),
        "unclosed_referred": (["done"], "referred"),
        "unopened_answered": (["new"], "answered"),
    },
)
REFERRAL = Machine(
    "referral",
    words={
        "queued": "To send",
        "sent": "Sent",
        "failed": "E-mail failed",
        "asked": "Asks us",
        "handed_back": "Handed back",
        "answered": "Answered",
    },
    table={
        "sent": (["queued", "failed"], "sent"),
        "failed": (["queued", "failed"], "failed"),
        "asked": (["queued", "sent", "failed", "asked"], "asked"),
        "told": (["asked"], "sent"),
        "handed_back": (["queued", "sent", "failed", "asked"], "handed_back"),
        "answered": (["queued", "sent", "failed", "asked"], "answered"),
        "reopened": (["answered", "handed_back"], "sent"),
    },
)
OPEN_REFERRALS = ("queued", "sent", "failed", "asked")  # those still with a department
CASE = Machine(
    "case",
    words={"open": "Open", "closed": "Closed"},
    table={
        "closed": (["open"], "closed"),
        "reopened": (["closed"], "open"),
    },
)
HANDOVER = Machine(
    "handover",
    words={"queued": "To send", "failed": "Not taken yet", "sent": "Sent", "refused": "Refused"},
    table={
        "sent": (["queued", "failed"], "sent"),
        "failed": (["queued", "failed"], "failed"),
        "refused": (["queued", "failed"], "refused"),
        "again": (["refused"], "queued"),
    },
)
PERSON_REQUEST = Machine(
    "person_request",
    words={"open": "Open", "exported": "Handed over", "erased": "Erased", "closed": "Closed"},
    table={
        "exported": (["open", "exported"], "exported"),
        "erased": (["open", "exported"], "erased"),
        "closed": (["open", "exported"], "closed"),
    },
)
APPEAL = Machine(
    "appeal",
    words={"open": "To be looked at", "kept": "Decision kept", "overturned": "Decision changed"},
    table={
        "kept": (["open"], "kept"),
        "overturned": (["open"], "overturned"),
    },
)
