"""The database itself refuses an attempt without a valid sign-off of that digest, and content that changes under one."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION gate_attempt_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    covered boolean;
BEGIN
    SELECT s.act_id = NEW.act_id
       AND s.digest = NEW.digest
       AND a.digest = NEW.digest
       AND s.voided_at IS NULL
       AND (CASE WHEN s.standing_id IS NULL THEN s.signer_id <> a.author_id ELSE t.revoked_at IS NULL END)
      INTO covered
      FROM gate_signoff s
      JOIN gate_act a ON a.id = NEW.act_id
      LEFT JOIN gate_standingsignoff t ON t.id = s.standing_id
     WHERE s.id = NEW.sign_off_id;
    IF covered IS NOT TRUE THEN
        RAISE EXCEPTION 'No valid sign-off covers this content of act %.', NEW.act_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION gate_attempt_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.act_id, NEW.digest, NEW.sign_off_id, NEW.at)
        IS DISTINCT FROM (OLD.act_id, OLD.digest, OLD.sign_off_id, OLD.at) THEN
        RAISE EXCEPTION 'An attempt is kept as it was made.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION gate_content_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.content, NEW.digest, NEW.channel_id, NEW.author_id, NEW.kind)
        IS DISTINCT FROM (OLD.content, OLD.digest, OLD.channel_id, OLD.author_id, OLD.kind) THEN
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

CREATE FUNCTION gate_sign_off_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.voided_at IS NOT NULL AND NEW IS DISTINCT FROM OLD
        OR (NEW.act_id, NEW.digest, NEW.signer_id, NEW.standing_id, NEW.seen, NEW.at)
        IS DISTINCT FROM (OLD.act_id, OLD.digest, OLD.signer_id, OLD.standing_id, OLD.seen, OLD.at) THEN
        RAISE EXCEPTION 'A sign-off can be voided, once, and never changed.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER gate_attempt_signed BEFORE INSERT ON gate_attempt
    FOR EACH ROW EXECUTE FUNCTION gate_attempt_is_signed();
CREATE TRIGGER gate_attempt_kept BEFORE UPDATE OR DELETE ON gate_attempt
    FOR EACH ROW EXECUTE FUNCTION gate_attempt_is_kept();
CREATE TRIGGER gate_content_signed BEFORE UPDATE ON gate_act
    FOR EACH ROW EXECUTE FUNCTION gate_content_is_signed();
CREATE TRIGGER gate_sign_off_kept BEFORE UPDATE OR DELETE ON gate_signoff
    FOR EACH ROW EXECUTE FUNCTION gate_sign_off_is_kept();
"""
BACKWARD = """
DROP TRIGGER gate_sign_off_kept ON gate_signoff;
DROP TRIGGER gate_content_signed ON gate_act;
DROP TRIGGER gate_attempt_kept ON gate_attempt;
DROP TRIGGER gate_attempt_signed ON gate_attempt;
DROP FUNCTION gate_sign_off_is_kept();
DROP FUNCTION gate_content_is_signed();
DROP FUNCTION gate_attempt_is_kept();
DROP FUNCTION gate_attempt_is_signed();
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0002_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
