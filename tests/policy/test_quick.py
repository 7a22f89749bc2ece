"""A value made quickly is the value its class would have made, and as frozen."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from gatepost.policy.model import Evidence
from gatepost.policy.quick import quick


def test_it_is_the_same_value_and_frozen() -> None:
    made, plain = quick(Evidence)("a", "b", ("c",)), Evidence("a", "b", ("c",))
    assert type(made) is Evidence
    assert made == plain
    assert hash(made) == hash(plain)
    assert repr(made) == repr(plain)
    assert copy.deepcopy(made) == plain
    assert pickle.loads(pickle.dumps(made)) == plain
    anything: Any = made  # a type checker would refuse it before the test runs
    with pytest.raises(FrozenInstanceError):
        anything.rule = "d"


def test_fields_go_by_name_too_and_none_may_be_missing() -> None:
    assert quick(Evidence)(rule="a", clause="b", because=("c",)) == Evidence("a", "b", ("c",))
    with pytest.raises(TypeError):
        quick(Evidence)("a", "b")
