"""Words of long messages behind those that the message's own index holds (0003), passage by passage.

A trigger keeps them, so that no way of changing or emptying a message's text leaves words behind that can be found.
Passages overlap, so that a phrase is whole in one of them.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

FORWARDS = """
CREATE FUNCTION inbox_message_passages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM inbox_passage WHERE message_id = NEW.id;
    END IF;
    INSERT INTO inbox_passage (message_id, start, words)
        SELECT NEW.id, start, to_tsvector('english'::regconfig, substr(NEW.text, start, 20000))
        FROM generate_series(19801, length(NEW.text), 19800) AS start
        WHERE length(NEW.text) > 20000;
    RETURN NULL;
END $$;
CREATE TRIGGER inbox_message_long AFTER INSERT ON inbox_message
    FOR EACH ROW WHEN (length(NEW.text) > 20000) EXECUTE FUNCTION inbox_message_passages();
CREATE TRIGGER inbox_message_long_changed AFTER UPDATE OF text ON inbox_message
    FOR EACH ROW WHEN (
        OLD.text IS DISTINCT FROM NEW.text AND (length(OLD.text) > 20000 OR length(NEW.text) > 20000)
    ) EXECUTE FUNCTION inbox_message_passages();
INSERT INTO inbox_passage (message_id, start, words)
    SELECT id, start, to_tsvector('english'::regconfig, substr(text, start, 20000))
    FROM inbox_message, generate_series(19801, length(text), 19800) AS start
    WHERE length(text) > 20000;
"""
BACKWARDS = """
DROP TRIGGER inbox_message_long_changed ON inbox_message;
DROP TRIGGER inbox_message_long ON inbox_message;
DROP FUNCTION inbox_message_passages();
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0016_danger_first")]

    operations = [
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.IntegerField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="passages", to="inbox.message"
                    ),
                ),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["words"], name="passage_words")],
            },
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
