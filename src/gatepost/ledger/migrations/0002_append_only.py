"""The database refuses any change of the record and tells listeners of each new line."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The record is append-only: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION ledger_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('gatepost', json_build_object('id', NEW.id, 'verb', NEW.verb, 'subject', NEW.subject)::text);
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_line_kept BEFORE UPDATE OR DELETE ON ledger_line FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_line_whole BEFORE TRUNCATE ON ledger_line FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_seal_kept BEFORE UPDATE OR DELETE ON ledger_seal FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_seal_whole BEFORE TRUNCATE ON ledger_seal FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_line_told AFTER INSERT ON ledger_line FOR EACH ROW EXECUTE FUNCTION ledger_tell();
"""
BACKWARD = """
DROP TRIGGER ledger_line_told ON ledger_line;
DROP TRIGGER ledger_seal_whole ON ledger_seal;
DROP TRIGGER ledger_seal_kept ON ledger_seal;
DROP TRIGGER ledger_line_whole ON ledger_line;
DROP TRIGGER ledger_line_kept ON ledger_line;
DROP FUNCTION ledger_tell();
DROP FUNCTION ledger_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
