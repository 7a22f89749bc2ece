from gatepost.lifecycle import Machine

CHANNEL = Machine(
    "channel",
    words={
        "proposed": "To sign off",
        "live": "Live",
        "paused": "Paused",
        "closed": "Closed",
    },
    table={
        "signed_off": (["proposed"], "live"),
        "paused": (["live"], "paused"),
        "resumed": (["paused"], "live"),
        "closed": (["proposed", "live", "paused"], "closed"),
    },
)
