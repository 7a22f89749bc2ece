"""Nor does the database take a standing sign-off of somebody whom the writer of the act has let in."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION gate_signoff_not_borrowed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    act gate_act%ROWTYPE;
BEGIN
    IF NEW.signer_id IS NULL AND NEW.standing_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO act FROM gate_act WHERE id = NEW.act_id;
    IF NOT act.context ? 'expiry_of' AND EXISTS (
        SELECT 1 FROM gate_let_in_by(
            coalesce((SELECT t.signer_id FROM gate_standingsignoff t WHERE t.id = NEW.standing_id), NEW.signer_id)
        ) maker
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
        SELECT 1 FROM gate_let_in_by(NEW.signer_id) maker
         WHERE maker = act.author_id OR coalesce(act.context->'editors', '[]') @> to_jsonb(maker)
    ) THEN
        RAISE EXCEPTION 'Whoever wrote act % has let its signer in.', NEW.act_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("gate", "0025_borrowed_at_second_hand")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
