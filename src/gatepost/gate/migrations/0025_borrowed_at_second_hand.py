"""The database counts those who let a signer in through accounts in between, as people.authority.let_in_by does."""

from django.db import migrations

FORWARD = """
-- Who may have come in as this person: who handed over a link that counts, and who may have come in as its maker by then.
CREATE FUNCTION gate_let_in_by(signer bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE came AS (
        SELECT l.id, l.made_by_id, l.used_at, l.expires_at
          FROM people_signinlink l
         WHERE l.person_id = signer AND l.used_at IS NOT NULL AND l.ended_at IS NULL AND NOT l.by_mail
           AND l.made_by_id <> l.person_id
         UNION
        SELECT l.id, l.made_by_id, l.used_at, l.expires_at
          FROM people_signinlink l JOIN came ON l.person_id = came.made_by_id
         WHERE l.used_at <= came.used_at AND NOT l.by_mail AND l.made_by_id <> l.person_id
           AND (l.ended_at IS NULL OR l.ended_at > came.expires_at - interval '24 hours')
    )
    SELECT DISTINCT made_by_id FROM came WHERE made_by_id <> signer
$$;
CREATE OR REPLACE FUNCTION gate_signoff_not_borrowed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    act gate_act%ROWTYPE;
BEGIN
    IF NEW.signer_id IS NULL OR NEW.standing_id IS NOT NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO act FROM gate_act WHERE id = NEW.act_id;
    IF NOT act.context ? 'expiry_of' AND EXISTS (
        SELECT 1 FROM gate_let_in_by(NEW.signer_id) maker
         WHERE maker = act.author_id OR coalesce(act.context->'editors', '[]') @> to_jsonb(maker)
    ) THEN
        RAISE EXCEPTION 'Whoever wrote act % has let its signer in.', NEW.act_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION gate_signoff_not_borrowed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    act gate_act%ROWTYPE;
BEGIN
    IF NEW.signer_id IS NULL OR NEW.standing_id IS NOT NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO act FROM gate_act WHERE id = NEW.act_id;
    IF NOT act.context ? 'expiry_of' AND EXISTS (
        SELECT 1 FROM people_signinlink l
         WHERE l.person_id = NEW.signer_id AND l.used_at IS NOT NULL AND l.ended_at IS NULL AND NOT l.by_mail
           AND l.made_by_id <> l.person_id
           AND (l.made_by_id = act.author_id
                OR coalesce(act.context->'editors', '[]') @> to_jsonb(l.made_by_id))
    ) THEN
        RAISE EXCEPTION 'Whoever wrote act % has let its signer in.', NEW.act_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
DROP FUNCTION gate_let_in_by(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0024_not_by_a_borrowed_name")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
