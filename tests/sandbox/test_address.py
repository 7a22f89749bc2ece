from gatepost.sandbox.address import seen_at


def test_the_towns_page_not_the_wire() -> None:
    assert seen_at("http://127.0.0.1:8001/facebook/v26.0", "12_34") == "http://127.0.0.1:8001/#i12_34"
