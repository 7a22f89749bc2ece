"""The database refuses what goes up ahead of a post as it refuses the post: without every step of exactly that digest.
Only the beginning of the window does not count."""

from importlib import import_module

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
    IF TG_TABLE_NAME = 'gate_attempt' AND NEW.at < (act.content->>'not_before')::timestamptz THEN
        RAISE EXCEPTION 'Act % was not signed off for this early.', NEW.act_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.at > (act.content->>'not_after')::timestamptz OR NEW.at >= (act.content->>'expires_at')::timestamptz THEN
        RAISE EXCEPTION 'Act % was not signed off for this late.', NEW.act_id USING ERRCODE = 'check_violation';
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

CREATE TRIGGER gate_unseen_signed BEFORE INSERT ON gate_unseen
    FOR EACH ROW EXECUTE FUNCTION gate_attempt_is_signed();
"""
BACKWARD = "DROP TRIGGER gate_unseen_signed ON gate_unseen;" + import_module("gatepost.gate.migrations.0014_guard_the_end").FORWARD


class Migration(migrations.Migration):
    dependencies = [("gate", "0019_unseen")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
