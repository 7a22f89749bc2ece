"""The database refuses an attempt until every step of exactly that digest is there, and before its window."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION gate_attempt_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    act gate_act%ROWTYPE;
    own gate_signoff%ROWTYPE;
    asked jsonb;
    lacking integer;
BEGIN
    SELECT * INTO act FROM gate_act WHERE id = NEW.act_id;
    SELECT * INTO own FROM gate_signoff WHERE id = NEW.sign_off_id;
    IF act.digest IS DISTINCT FROM NEW.digest OR own.act_id IS DISTINCT FROM NEW.act_id
        OR own.digest IS DISTINCT FROM NEW.digest OR own.voided_at IS NOT NULL THEN
        RAISE EXCEPTION 'No valid sign-off covers this content of act %.', NEW.act_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.at < (act.content->>'not_before')::timestamptz THEN
        RAISE EXCEPTION 'Act % was not signed off for this early.', NEW.act_id USING ERRCODE = 'check_violation';
    END IF;
    IF own.standing_id IS NOT NULL THEN
        IF EXISTS (SELECT 1 FROM gate_standingsignoff t WHERE t.id = own.standing_id AND t.revoked_at IS NULL) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'No valid sign-off covers this content of act %.', NEW.act_id USING ERRCODE = 'check_violation';
    END IF;
    IF jsonb_array_length(act.steps) = 0 THEN
        RAISE EXCEPTION 'Act % has no steps to be signed off by.', NEW.act_id USING ERRCODE = 'check_violation';
    END IF;
    FOR asked IN SELECT * FROM jsonb_array_elements(act.steps) LOOP
        SELECT (asked->>'count')::integer - count(DISTINCT coalesce('p' || s.signer_id, 'o' || s.outside_id))
          INTO lacking
          FROM gate_signoff s
          LEFT JOIN gate_invitation i ON i.id = s.outside_id
         WHERE s.act_id = act.id
           AND s.digest = NEW.digest
           AND s.voided_at IS NULL
           AND s.standing_id IS NULL
           AND s.step = (asked->>'n')::integer
           AND s.signer_id IS DISTINCT FROM act.author_id
           AND (s.signer_id IS NULL OR NOT coalesce(act.context->'editors', '[]') @> to_jsonb(s.signer_id))
           AND (s.proof IS NOT NULL OR NOT (asked->>'passkey')::boolean)
           AND CASE WHEN (asked->>'outside')::boolean
               THEN i.act_id = act.id AND i.digest = NEW.digest AND i.step = s.step
                AND i.outcome = 'signed' AND i.confirmed_at IS NOT NULL
               ELSE s.signer_id IS NOT NULL END;
        IF lacking > 0 THEN
            RAISE EXCEPTION 'Step % of act % is not signed off for this content.', asked->>'n', NEW.act_id
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION gate_content_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.content, NEW.digest, NEW.channel_id, NEW.author_id, NEW.kind, NEW.post_kind)
        IS DISTINCT FROM (OLD.content, OLD.digest, OLD.channel_id, OLD.author_id, OLD.kind, OLD.post_kind)
        OR NOT NEW.steps @> OLD.steps
        OR NOT coalesce(NEW.context->'editors', '[]') @> coalesce(OLD.context->'editors', '[]') THEN
        IF EXISTS (SELECT 1 FROM gate_signoff s WHERE s.act_id = OLD.id AND s.voided_at IS NULL) THEN
            RAISE EXCEPTION 'Act % is signed off: void the sign-off before changing it.', OLD.id
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.state IN ('sending', 'sent', 'unconfirmed') THEN
            RAISE EXCEPTION 'Act % has left and cannot be changed.', OLD.id USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION gate_sign_off_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.voided_at IS NOT NULL AND NEW IS DISTINCT FROM OLD
        OR (NEW.act_id, NEW.digest, NEW.signer_id, NEW.standing_id, NEW.seen, NEW.at,
            NEW.step, NEW.role, NEW.instead_of_id, NEW.outside_id, NEW.proof)
        IS DISTINCT FROM (OLD.act_id, OLD.digest, OLD.signer_id, OLD.standing_id, OLD.seen, OLD.at,
            OLD.step, OLD.role, OLD.instead_of_id, OLD.outside_id, OLD.proof) THEN
        RAISE EXCEPTION 'A sign-off can be voided, once, and never changed.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION gate_invitation_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL AND NEW IS DISTINCT FROM OLD
        OR (NEW.act_id, NEW.digest, NEW.step, NEW.name, NEW.email, NEW.asked_by_id, NEW.at, NEW.expires_at)
        IS DISTINCT FROM (OLD.act_id, OLD.digest, OLD.step, OLD.name, OLD.email, OLD.asked_by_id, OLD.at, OLD.expires_at)
        THEN
        RAISE EXCEPTION 'An invitation is kept as it was made, and ends once.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gate_invitation_kept BEFORE UPDATE OR DELETE ON gate_invitation
    FOR EACH ROW EXECUTE FUNCTION gate_invitation_is_kept();
"""
BACKWARD = """
DROP TRIGGER gate_invitation_kept ON gate_invitation;
DROP FUNCTION gate_invitation_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0007_steps_of_sign_off")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
