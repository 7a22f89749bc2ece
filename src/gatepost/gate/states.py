from gatepost.lifecycle import Machine

ACT = Machine(
    "act",
    words={
        "to_sign_off": "To sign off",
        "signed_off": "Signed off",
        "sending": "Sending",
        "sent": "Sent",
        "unconfirmed": "Unconfirmed",
        "missed": "Missed its time",
        "refused": "Refused",
        "declined": "Declined",
        "withdrawn": "Withdrawn",
        "expired": "Not signed in time",
    },
    table={
        "signed_off": (["to_sign_off"], "signed_off"),
        "step_signed": (["to_sign_off"], "to_sign_off"),
        "declined": (["to_sign_off"], "declined"),
        "expired": (["to_sign_off"], "expired"),
        "amended": (["to_sign_off", "signed_off", "missed", "refused", "declined", "expired"], "to_sign_off"),
        "voided": (["signed_off"], "to_sign_off"),
        "claimed": (["signed_off"], "sending"),
        "given_back": (["sending"], "signed_off"),
        "delayed": (["sending"], "signed_off"),
        "sent": (["sending", "unconfirmed", "signed_off"], "sent"),
        "part_sent": (["sending", "unconfirmed", "signed_off"], "signed_off"),  # the next part of it is due
        "cut": (["to_sign_off", "signed_off", "sending", "unconfirmed", "missed"], "sent"),  # the rest stays behind
        "refused": (["sending", "signed_off", "unconfirmed"], "refused"),
        "lost_sight": (["sending"], "unconfirmed"),
        "not_there": (["unconfirmed"], "signed_off"),
        "missed": (["signed_off"], "missed"),
        "sent_late": (["missed"], "signed_off"),
        "kept_back": (["signed_off"], "signed_off"),  # by a hold that has ended, until somebody has looked at it
        "kept": (["signed_off"], "signed_off"),
        "sent_back": (["signed_off"], "declined"),
        "withdrawn": (["to_sign_off", "signed_off", "missed", "refused", "declined", "expired"], "withdrawn"),
    },
)
OPEN = ("to_sign_off", "signed_off", "sending", "unconfirmed", "missed")
