"""The database refuses to change what waits to be taken down, and to take down what a change is on its way to, or what
is not out under that number any more. The row of what is out is locked, so that two who come at once come one by one."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION gate_attempt_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    act gate_act%ROWTYPE;
    item uuid;
BEGIN
    SELECT * INTO act FROM gate_act WHERE id = NEW.act_id;
    IF act.kind NOT IN ('edit', 'delete') OR act.subject !~ '^act:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        RETURN NEW;
    END IF;
    item := substr(act.subject, 5)::uuid;
    PERFORM 1 FROM gate_published WHERE act_id = item FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NEW;
    END IF;
    IF act.kind = 'edit' THEN
        IF EXISTS (SELECT 1 FROM gate_act d WHERE d.subject = act.subject AND d.kind = 'delete'
                   AND d.state IN ('to_sign_off', 'signed_off', 'sending', 'unconfirmed', 'missed')) THEN
            RAISE EXCEPTION 'Act % changes what waits to be taken down.', NEW.act_id USING ERRCODE = 'check_violation';
        END IF;
    ELSIF EXISTS (SELECT 1 FROM gate_act e WHERE e.subject = act.subject AND e.kind = 'edit'
                  AND e.state IN ('sending', 'unconfirmed')) THEN
        RAISE EXCEPTION 'Act % takes down what a change is on its way to.', NEW.act_id USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT act.content->>'target'
        UNION SELECT p->>'target' FROM jsonb_array_elements(coalesce(act.content->'parts', '[]')) p
        EXCEPT SELECT ref FROM gate_published WHERE act_id = item
        EXCEPT SELECT ref FROM gate_publishedpart WHERE item_id = item
    ) THEN
        RAISE EXCEPTION 'Act % is about what is no longer out under its number.', NEW.act_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gate_attempt_order BEFORE INSERT ON gate_attempt
    FOR EACH ROW EXECUTE FUNCTION gate_attempt_in_order();
"""
BACKWARD = """
DROP TRIGGER gate_attempt_order ON gate_attempt;
DROP FUNCTION gate_attempt_in_order();
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0021_overdue")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
