"""Where a person's words are erased from evidence, why it was kept may be emptied with them: people write names there."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION inbox_evidence_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- One change is let through: erasing a person's words by law. Who kept it, when, its clause and its digest stay.
    IF TG_OP = 'UPDATE' AND NEW.text = '' AND NEW.author_name = '' AND NEW.author_ref = '' AND NEW.raw = '{}'::jsonb
       AND NEW.picture = '' AND NEW.reason IN (OLD.reason, '')
       AND (NEW.id, NEW.message_id, NEW.act_id, NEW.posted_at, NEW.sha256, NEW.clause, NEW.by_id, NEW.at)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.message_id, OLD.act_id, OLD.posted_at, OLD.sha256, OLD.clause, OLD.by_id, OLD.at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Evidence is append-only: % is refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION inbox_evidence_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.text = '' AND NEW.author_name = '' AND NEW.author_ref = '' AND NEW.raw = '{}'::jsonb
       AND NEW.picture = ''
       AND (NEW.id, NEW.message_id, NEW.act_id, NEW.posted_at, NEW.sha256, NEW.reason, NEW.clause, NEW.by_id, NEW.at)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.message_id, OLD.act_id, OLD.posted_at, OLD.sha256, OLD.reason, OLD.clause, OLD.by_id, OLD.at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Evidence is append-only: % is refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0013_intake_attachments")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
