"""Whether the sign-offs of an act, and its author's approval, have force at a moment.

Asked when the act is claimed, and again before the first byte leaves.
"""

from __future__ import annotations

from collections.abc import Sequence

from gatepost.gate import series
from gatepost.gate.approval import asked_of, by_its_writers, chain_of, is_complete, kinds_of, same, steps_of, wrote
from gatepost.gate.models import Act, SignOff
from gatepost.gate.powers import Powers
from gatepost.people.models import Deputy
from gatepost.policy.pack import Pack


def without_force(act: Act, signed: Sequence[SignOff], *, pack: Pack, powers: Powers) -> str | None:
    """Why this act may not leave now although it was signed off, for want of a sign-off or an approval; None when
    nothing is wanting. The sign-offs come with signer, instead_of, outside and standing."""
    if not signed or any(one.digest != act.digest for one in signed):
        return "No valid sign-off covers it"
    standing = next((one for one in signed if one.standing is not None), None)
    because = (
        _standing(standing, act, pack=pack, powers=powers)
        if standing
        else _steps(act, signed, pack=pack, powers=powers)
    )
    if because:
        return because
    if not powers.write(act.author, act.channel):
        return f"{act.author.name} is no longer approved for {act.channel.name}"
    return None


def _standing(signed: SignOff, act: Act, *, pack: Pack, powers: Powers) -> str | None:
    standing = signed.standing
    if standing is None or standing.revoked_at is not None:
        return "Its standing sign-off was revoked"
    if standing.content is not None:
        if because := series.without_force(standing, act, pack=pack, powers=powers):
            return because
    elif not powers.sign_off(standing.signer):
        return f"{standing.signer.name} may no longer sign off"
    elif by_its_writers(powers.let_in_by(standing.signer), act):
        return f"Whoever wrote it has let {standing.signer.name} in by a link"
    moment = act.due_at or powers.at
    if not chain_of(act, pack=pack, moment=moment, at=powers.at, crisis_on=powers.crisis_on).standing:
        return "The policy asks for a sign-off of its own now"
    return None


def _steps(act: Act, signed: Sequence[SignOff], *, pack: Pack, powers: Powers) -> str | None:
    moment = act.due_at or powers.at
    _, steps = asked_of(act, pack=pack, moment=moment, at=powers.at, crisis_on=powers.crisis_on)
    if not same(steps, steps_of(act)):
        return "The policy asks for other sign-offs now"
    if not is_complete(act, signed):
        return "Not every sign-off it needs is there"
    asked = {step.n: step for step in steps}
    for one in signed:
        step = asked.get(one.step)
        if step is not None and step.passkey and one.proof is None:
            return "A step that takes a passkey was signed without one"
        if step is not None and step.roles and one.role and one.role not in step.roles:
            return f"{one.name} signed a step of another role"
        if one.signer is not None and wrote(one.signer, act):
            return "Its author signed it"
        if not _still_may(one, act, powers):
            return f"{one.name} may no longer sign off"
    return None


def _still_may(signed: SignOff, act: Act, powers: Powers) -> bool:
    """A sign-off lasts as long as its signer holds the role it was given in. A deputy's lasts beyond the end that was
    agreed for the deputy, but not when that was ended early, nor when the other person has lost the role."""
    if signed.outside is not None:
        return signed.outside.outcome == "signed" and signed.outside.digest == act.digest
    signer = signed.signer
    if signer is None or not signer.is_active:
        return False
    holder = signed.instead_of or signer
    if signed.instead_of is not None:
        terms = Deputy.objects.filter(deputy=signer, person=holder, starts__lte=signed.at, until__gt=signed.at)
        kinds = kinds_of(act)
        if not any(row.ended_at is None and row.covers(act.channel_id, kinds) for row in terms):
            return False
    held = [right for right in powers.rights(holder, act.channel_id, kinds_of(act)) if right.instead_of is None]
    if not signed.role:  # given before roles were kept with a sign-off
        return any(right.signs_off for right in held)
    return any(right.role == signed.role for right in held)
