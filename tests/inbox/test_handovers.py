"""A case in one piece, and handed over to a real web server: signed, tried again, guarded, kept until it is taken."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from gatepost.inbox import cases, handovers
from gatepost.inbox.bundle_html import html_of
from gatepost.inbox.bundle_pdf import pdf_of
from gatepost.inbox.bundles import FORMAT, bundle_of
from gatepost.inbox.handovers import HandOverError, NotTaken
from gatepost.inbox.models import Attachment, Case, HandOver, Receiver
from gatepost.inbox.referrals import answer, refer
from gatepost.ledger.actions import System
from gatepost.ledger.digest import canonical
from gatepost.ledger.models import Line
from gatepost.networks.handing_over import LONGEST, Never, NotYet, Taken, address_problem, deliver
from gatepost.people.authority import NotAllowed
from tests import factories

from .scene import Desk

WORKER = System("worker")
WORDS = "I want to complain: nobody came, for the third time. Ring Zażółć 😀 on 07700 900123"


class Housing(BaseHTTPRequestHandler):
    """A housing system that keeps what it is sent and answers with `status`."""

    status = 204
    got: list[tuple[dict[str, str], bytes]] = []

    def do_POST(self) -> None:  # the library's name
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).got.append((dict(self.headers), body))
        self.send_response(type(self).status)
        self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def housing() -> Iterator[str]:
    Housing.status, Housing.got = 204, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Housing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/cases"
    server.shutdown()


@pytest.fixture
def case(desk: Desk) -> Case:
    message = desk.message(WORDS)
    at = timezone.now()
    made = refer(message, "repairs", by=desk.staff, at=at, note="Call 07700 900123")
    answer(made, "Kit comes on Friday.", by=desk.staff, at=at)
    opened = cases.open_case(message, "complaint", by=desk.staff, at=at)
    return cases.take_step(opened, "acknowledged", by=desk.staff, at=timezone.now(), note="By letter to 07700 900123")


def test_a_page_holds_the_same_with_headings_and_tables(desk: Desk, case: Case) -> None:
    made = bundle_of(case, by=desk.staff, at=timezone.now())
    page = html_of(made, "f" * 64).decode()
    assert '<html lang="en-GB">' in page
    assert page.count("<h1>") == 1
    for words in ("Answer-by times", "Its course", "What was said", "With Repairs", "The record", "f" * 64):
        assert words in page
    assert '<th scope="row">' in page
    assert "900123" not in page
    whole = bundle_of(case, by=desk.staff, at=timezone.now(), details_because="To read it all")
    whole["messages"][0]["text"] = "<script>alert(1)</script>\nZażółć 😀"
    told = html_of(whole, "").decode()
    assert "<script" not in told
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>Zażółć 😀" in told
    client = Client()
    client.force_login(desk.staff)
    answer = client.post(f"/cases/{case.pk}/bundle/", {"as": "html"})
    assert answer["Content-Disposition"] == f'attachment; filename="case-{case.pk}.html"'
    assert answer["Content-Type"] == "text/html; charset=utf-8"


def test_a_bundle_holds_everything_without_details_and_is_recorded(desk: Desk, case: Case) -> None:
    made = bundle_of(case, by=desk.staff, at=timezone.now())
    text = canonical(made).decode()
    assert made["format"] == FORMAT
    assert "900123" not in text
    assert "Casey Sample" not in text
    assert made["person"] is None
    assert made["messages"][0]["text"].startswith("I want to complain")
    assert made["referrals"][0]["said"][0]["text"] == "Kit comes on Friday."
    assert made["clocks"][0]["met_at"]
    assert "case.opened" in [line["verb"] for line in made["record"]]
    line = Line.objects.get(verb="case.bundled")
    assert line.detail == {"sha256": hashlib.sha256(canonical(made)).hexdigest(), "details": False}
    whole = bundle_of(case, by=desk.staff, at=timezone.now(), details_because="The Ombudsman asks for it")
    assert "07700 900123" in canonical(whole).decode()
    assert whole["person"]["name"].startswith("Casey Sample")
    assert Line.objects.filter(verb="details.shown", detail__case=case.pk).count() == 1


def test_what_hung_on_the_messages_is_named_with_its_digest(desk: Desk, case: Case) -> None:
    Attachment.objects.create(
        message=case.message,
        place=0,
        name="damp 07700 900123.png",
        mime="image/png",
        size=12345,
        sha256="e" * 64,
        at=timezone.now(),
    )
    Attachment.objects.create(message=case.message, place=1, at=timezone.now(), size=2, says="It is a program.")
    made = bundle_of(case, by=desk.staff, at=timezone.now())
    first, second = made["messages"][0]["attachments"]
    assert (first["mime"], first["sha256"], second["not_kept"]) == ("image/png", "e" * 64, "It is a program.")
    assert "900123" not in canonical(made).decode()
    page = html_of(made, "").decode()
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf_of(made, "f" * 64))).pages).replace("\n", "")
    for told in (page, text):
        assert "12,345 bytes" in told
        assert "e" * 64 in told
        assert "It is a program." in told
    whole = bundle_of(case, by=desk.staff, at=timezone.now(), details_because="The Ombudsman asks for it")
    assert whole["messages"][0]["attachments"][0]["name"] == "damp 07700 900123.png"


def test_the_pdf_can_be_read_and_names_the_digest_of_the_data(desk: Desk, case: Case) -> None:
    made = bundle_of(case, by=desk.staff, at=timezone.now(), details_because="To read it all")
    made["messages"] = made["messages"] * 60  # several pages
    sha256 = hashlib.sha256(canonical(made)).hexdigest()
    read = PdfReader(io.BytesIO(pdf_of(made, sha256)))
    text = "\n".join(page.extract_text() for page in read.pages)
    assert len(read.pages) > 1
    assert f"Complaint: case {case.pk}" in text
    assert "Zażółć" in text
    assert "[U+1F600]" in text  # the fonts have no sign for it
    assert sha256 in text.replace("\n", "")
    assert "Housing Ombudsman" in text


def test_it_is_signed_delivered_once_and_then_kept_no_longer(desk: Desk, case: Case, housing: str) -> None:
    receiver, secret = handovers.connect_receiver(
        title="Housing", url=housing, by=desk.officer, at=timezone.now(), allow_private=True
    )
    assert secret.encode() not in bytes(receiver.secret)
    made = handovers.hand_over(case, receiver, by=desk.staff, at=timezone.now())
    with pytest.raises(HandOverError, match="on its way"):
        handovers.hand_over(case, receiver, by=desk.staff, at=timezone.now())
    handovers.send(made, by=WORKER, at=timezone.now())
    handovers.send(HandOver.objects.get(pk=made.pk), by=WORKER, at=timezone.now())  # a job that comes again
    made.refresh_from_db()
    assert (made.state, made.body, made.tries) == ("sent", "", 1)
    ((headers, body),) = Housing.got
    seconds = headers["X-Gatepost-Signature"].split(",")[0].removeprefix("t=")
    expected = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Gatepost-Signature"] == f"t={seconds},v1={expected}"
    assert headers["X-Gatepost-Delivery"] == f"{made.pk}-{made.sha256[:16]}"
    assert hashlib.sha256(body).hexdigest() == made.sha256
    assert json.loads(body)["case"]["id"] == case.pk
    assert b"900123" not in body


def test_what_is_not_taken_is_tried_again_and_what_is_refused_says_so(desk: Desk, case: Case, housing: str) -> None:
    receiver, _ = handovers.connect_receiver(
        title="CRM", url=housing, by=desk.officer, at=timezone.now(), allow_private=True, details=True
    )
    made = handovers.hand_over(case, receiver, by=desk.staff, at=timezone.now())
    Housing.status = 503
    with pytest.raises(NotTaken):
        handovers.send(made, by=WORKER, at=timezone.now())
    assert (made.state, made.tries) == ("failed", 1)
    assert "900123" in made.body  # it is given details
    Housing.status = 302
    handovers.send(made, by=WORKER, at=timezone.now())
    assert made.state == "refused"
    assert "status 302" in made.says
    handovers.again(made, by=desk.staff, at=timezone.now())
    Housing.status = 200
    handovers.send(made, by=WORKER, at=timezone.now())
    assert made.state == "sent"
    with pytest.raises(HandOverError, match="no longer kept"):
        handovers.again(made, by=desk.staff, at=timezone.now())
    deliveries = {headers["X-Gatepost-Delivery"] for headers, _ in Housing.got}
    assert len(deliveries) == 1


def test_trying_again_takes_the_leave_to_write_and_a_connected_system(desk: Desk, case: Case, housing: str) -> None:
    at, stranger = timezone.now(), factories.staff(by=desk.officer)
    receiver, _ = handovers.connect_receiver(title="CRM", url=housing, by=desk.officer, at=at, allow_private=True)
    made = handovers.hand_over(case, receiver, by=desk.staff, at=at)
    Housing.status = 404
    handovers.send(made, by=WORKER, at=at)
    assert made.state == "refused"
    with pytest.raises(NotAllowed):
        handovers.again(made, by=stranger, at=at)
    client = Client()
    client.force_login(stranger)
    assert client.post(f"/cases/hand-over/{made.pk}/again/").status_code in (403, 422)
    handovers.end_receiver(receiver, by=desk.officer, at=at)
    with pytest.raises(HandOverError, match="no longer connected"):
        handovers.again(made, by=desk.staff, at=at)
    made.refresh_from_db()
    assert made.state == "refused"


def test_nothing_is_sent_of_what_is_no_longer_kept(desk: Desk, case: Case, housing: str) -> None:
    at = timezone.now()
    receiver, _ = handovers.connect_receiver(title="CRM", url=housing, by=desk.officer, at=at, allow_private=True)
    made = handovers.hand_over(case, receiver, by=desk.staff, at=at)
    HandOver.objects.update(body="")
    made.refresh_from_db()
    handovers.send(made, by=WORKER, at=at)
    assert (made.state, Housing.got) == ("refused", [])
    assert "no longer kept" in made.says


def test_a_private_address_is_refused_unless_it_is_meant(desk: Desk, case: Case, housing: str) -> None:
    receiver, _ = handovers.connect_receiver(
        title="Trap", url=housing.replace("http:", "https:"), by=desk.officer, at=timezone.now()
    )
    made = handovers.hand_over(case, receiver, by=desk.staff, at=timezone.now())
    handovers.send(made, by=WORKER, at=timezone.now())
    assert made.state == "refused"
    assert "this machine itself" in made.says
    assert Housing.got == []


def test_who_connects_and_what_is_refused(desk: Desk, case: Case) -> None:
    at = timezone.now()
    with pytest.raises(NotAllowed):
        handovers.connect_receiver(title="X", url="https://x.example", by=desk.staff, at=at)
    for title, url, says in [
        (" ", "https://x.example", "a name"),
        ("X", "http://x.example", "https://"),
        ("X", "x", "not a web address"),
        ("X", "https://a:b@x.example", "Leave name and password"),
        ("X", "https://x.example/" + "y" * 400, "400"),
    ]:
        with pytest.raises(HandOverError, match=says):
            handovers.connect_receiver(title=title, url=url, by=desk.officer, at=at)
    receiver, _ = handovers.connect_receiver(title="X", url="https://x.example", by=desk.officer, at=at)
    made = handovers.hand_over(case, receiver, by=desk.staff, at=at)
    handovers.end_receiver(receiver, by=desk.officer, at=at)
    row = HandOver.objects.select_related("receiver").get(pk=made.pk)
    handovers.send(row, by=WORKER, at=at)
    assert (row.state, row.body) == ("refused", "")
    with pytest.raises(HandOverError, match="no longer connected"):
        handovers.hand_over(case, receiver, by=desk.staff, at=at)
    assert handovers.receivers() == []
    assert bytes(Receiver.objects.get().secret) == b""


def test_a_receiver_whose_secret_cannot_be_opened_says_so(desk: Desk, case: Case) -> None:
    receiver, _ = handovers.connect_receiver(title="X", url="https://x.example", by=desk.officer, at=timezone.now())
    made = handovers.hand_over(case, receiver, by=desk.staff, at=timezone.now())
    Receiver.objects.update(secret=b"spoilt")
    row = HandOver.objects.select_related("receiver").get(pk=made.pk)
    handovers.send(row, by=WORKER, at=timezone.now())
    assert row.state == "refused"
    assert "credentials.key" in row.says


def test_the_wire_by_itself(housing: str) -> None:
    given = {"secret": "s", "delivery": "1", "seconds": 1, "allow_private": True}
    assert deliver(housing, b"{}", **given) == Taken()  # type: ignore[arg-type]  # one set of arguments for all
    assert isinstance(deliver("http://127.0.0.1:9/", b"{}", **given), NotYet)  # type: ignore[arg-type]  # as above
    assert isinstance(deliver(housing, b"x" * (LONGEST + 1), **given), Never)  # type: ignore[arg-type]  # as above
    assert isinstance(deliver("ftp://x", b"{}", **given), Never)  # type: ignore[arg-type]  # as above
    assert address_problem("https://[::1", allow_private=True)


def test_on_the_screens(desk: Desk, case: Case, housing: str) -> None:
    boss, client = Client(), Client()
    boss.force_login(desk.officer)
    client.force_login(desk.staff)
    assert "Connect it" not in client.get("/cases/systems/").content.decode()
    assert client.post("/cases/systems/", {"title": "X", "url": "https://x.example"}).status_code == 422
    assert boss.post("/cases/systems/", {"title": "X", "url": "nowhere"}).status_code == 422
    shown = boss.post("/cases/systems/", {"title": "Housing", "url": housing, "allow_private": "on"})
    assert b'id="secret"' in shown.content
    assert b'id="secret"' not in boss.get("/cases/systems/").content
    receiver = Receiver.objects.get()
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "Housing</option>" in page
    assert client.post(f"/cases/{case.pk}/hand-over/", {"receiver": "x"}).status_code == 422
    assert client.post(f"/cases/{case.pk}/hand-over/", {"receiver": receiver.pk}).status_code == 303
    made = HandOver.objects.get()
    assert client.post(f"/cases/hand-over/{made.pk}/again/").status_code == 422
    for kind, begins in (("pdf", b"%PDF-"), ("json", b"{")):
        answer = client.post(f"/cases/{case.pk}/bundle/", {"as": kind})
        assert answer.content.startswith(begins)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="case-{case.pk}.{kind}"'
    assert boss.post("/cases/systems/", {"do": "end", "receiver": receiver.pk}).status_code == 303
    stranger = Client()
    assert stranger.post(f"/cases/{case.pk}/bundle/", {"as": "pdf"}).status_code == 302
    assert Line.objects.filter(verb="case.bundled", at__gte=timezone.now() - timedelta(minutes=5)).count() == 3
