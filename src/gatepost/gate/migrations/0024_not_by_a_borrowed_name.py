"""The database refuses a signature in the name of somebody whom the writer of the act has let in by a link of theirs."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION gate_signoff_not_borrowed() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER gate_signoff_own_name BEFORE INSERT ON gate_signoff
    FOR EACH ROW EXECUTE FUNCTION gate_signoff_not_borrowed();
"""
BACKWARD = """
DROP TRIGGER gate_signoff_own_name ON gate_signoff;
DROP FUNCTION gate_signoff_not_borrowed();
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0023_waits_for_files"), ("people", "0003_who_made_a_link")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
