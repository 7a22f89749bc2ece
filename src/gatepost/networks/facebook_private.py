"""Messages of a Facebook Page to one person: one private reply to a public comment, and answers in Messenger.

A message's ref is "t_PERSON:MESSAGE": the person by the number Facebook gives them for this Page, and the message's own
id. Source: developers.facebook.com, Messenger Platform, Private Replies and Send API, and the Graph API's references of
Comment (can_reply_privately, private_reply_conversation) and of a Page's conversations, read November 2026.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .client import Reply
from .facebook_finding import BAD_REF, REF
from .fields import dig, ident, kept, moment, objects, settled, text
from .matching import CLOCK_SKEW
from .protocol import Answer, Found, NotThere, Outgoing, Receipt, Refused, Unknown
from .reaching import ref_of

ANSWERED = "Facebook says that this was answered privately, and does not show how. Look in the Page's inbox."
_WORDS_ALONE = "A private message from here holds words alone. Leave the pictures out."
NEWEST = 50  # messages of a conversation that a lookup reads
TOLD = {
    10900: "Facebook says that this was answered privately already, perhaps by a colleague in the Page's own inbox. It "
    "takes one private message for a comment.",
    10901: "Facebook takes a private message for seven days after a comment. That time is over.",
    10902: "Facebook takes no private message for this.",
    10903: "Facebook does not let this Page write to this person.",
    551: "This person cannot be written to at present, says Facebook.",
}
"""What the errors of private messages mean. They are answers to this message alone, whatever the Page may else."""


@dataclass(frozen=True, slots=True)
class Private:
    """`write` gives a reply or the answer it means, `get` reads from the Graph and raises ReadFailed."""

    page: str
    write: Callable[..., Reply | Answer]
    get: Callable[[str, Mapping[str, str]], Reply]
    secrets: tuple[str, ...]

    def reply(self, act: Outgoing) -> Answer:
        """The one private message that Facebook takes for a comment, or for a visitor's post."""
        if not REF.fullmatch(act.in_reply_to):
            return Refused(BAD_REF.format(act.in_reply_to[:60]))
        kind = "post_id" if act.in_reply_to.startswith(f"{self.page}_") else "comment_id"
        return self._send(act, {kind: act.in_reply_to}, {})

    def answer(self, act: Outgoing, person: str) -> Answer:
        """An answer to a private message, within the time Facebook gives for it."""
        return self._send(act, {"id": person}, {"messaging_type": "RESPONSE"})

    def _send(self, act: Outgoing, recipient: Mapping[str, str], more: Mapping[str, str]) -> Answer:
        if act.media:
            return Refused(_WORDS_ALONE)
        body = {"recipient": dict(recipient), "message": {"text": _words(act)}, **more}
        reply = self.write("POST", f"/{self.page}/messages", body=body)
        if isinstance(reply, Refused) and (says := TOLD.get(int(reply.code) if reply.code.isdigit() else 0)):
            return Refused(says, reply.code)
        if not isinstance(reply, Reply):
            return reply
        message = text(reply.body, "message_id")
        ref = ref_of(ident(reply.body, "recipient_id") or recipient.get("id", ""), message)
        if not message or len(ref) > 280:
            return Unknown("Facebook answered without an id, so it is not known whether it was taken.")
        return Receipt(ref, raw=kept(reply.body, self.secrets))

    def find_reply(self, act: Outgoing) -> Found:
        """Whether the private message for this comment is there. Raises ReadFailed."""
        if not REF.fullmatch(act.in_reply_to):
            return Refused(BAD_REF.format(act.in_reply_to[:60]))
        asked = "from{id},can_reply_privately,private_reply_conversation"
        body = self.get(f"/{act.in_reply_to}", {"fields": asked}).body
        if not text(body, "private_reply_conversation", "id"):
            # Only a comment that can still be answered privately certainly was not.
            sure = dig(body, "can_reply_privately") is True
            return NotThere() if sure else Unknown("Facebook does not say whether this was answered privately.")
        person = ident(body, "from", "id")
        found = self.find_answer(act, person) if person else Unknown("Facebook does not say who wrote the comment.")
        # It was answered privately, by us or in the Page's inbox. What a list does not show yet may still be there.
        return Unknown(ANSWERED) if isinstance(found, NotThere) else found

    def find_answer(self, act: Outgoing, person: str) -> Found:
        """Whether an answer stands in the person's conversation. Raises ReadFailed."""
        asked = {"platform": "MESSENGER", "user_id": person, "fields": _CONVERSATION}
        body = self.get(f"/{self.page}/conversations", asked).body
        if not isinstance(dig(body, "data"), list):
            return Unknown("Facebook answered the search with something that is no list.")
        conversations = objects(body, "data")
        if not conversations:  # they wrote first, so there is one
            return Unknown("Facebook does not show the conversation. Look in the Page's inbox.")
        return self._in(conversations[0], act, person)

    def _in(self, conversation: Mapping[str, Any], act: Outgoing, person: str) -> Found:
        if not isinstance(dig(conversation, "messages", "data"), list):
            return Unknown("Facebook does not show the messages of this conversation.")
        said = objects(conversation, "messages", "data")
        for one in said:
            ref = ref_of(person, text(one, "id"))
            mine = ident(one, "from", "id") == self.page and settled(text(one, "message")) == settled(_words(act))
            early = act.since is not None and moment(one, "created_time") < act.since - CLOCK_SKEW
            if mine and not early and ref not in act.taken:
                return Receipt(ref, raw=kept(one, self.secrets))
        if len(said) >= NEWEST:
            return Unknown("Too much was said since to be sure that it is not there. Look in the Page's inbox.")
        return NotThere()


_CONVERSATION = f"messages.limit({NEWEST}){{id,message,from,created_time}}"


def _words(act: Outgoing) -> str:
    return f"{act.text}\n\n{act.link}" if act.link and act.link not in act.text else act.text
