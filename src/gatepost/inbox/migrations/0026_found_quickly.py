"""What is found by its letters, people by their names, and the newest with the gravest first, along indexes.

`inbox_threes` gives every three letters that stand side by side, in capitals, and every three figures between which no
other figure stands, each as one number. Its index finds candidates: the threes of what is looked for are among those of
every text that holds it. `words` of a contact is kept by the database and asked for by no SELECT of Django's, like that
of a message (0003).
"""

import django.db.models.functions.text
from django.db import migrations, models

FORWARDS = r"""
CREATE FUNCTION inbox_threes(said text) RETURNS bigint[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    found bigint[] := '{}';
    letter text;
    code bigint;
    letters int := 0;
    figures int := 0;
    one bigint;
    two bigint;
    first bigint;
    second bigint;
BEGIN
    FOREACH letter IN ARRAY string_to_array(upper(said), NULL) LOOP
        code := ascii(letter);
        letters := letters + 1;
        IF letters > 2 THEN
            found := found || ((one << 42) | (two << 21) | code);
        END IF;
        one := two;
        two := code;
        IF code BETWEEN 48 AND 57 THEN
            figures := figures + 1;
            IF figures > 2 THEN
                found := found || ((first << 42) | (second << 21) | code);
            END IF;
            first := second;
            second := code;
        END IF;
    END LOOP;
    RETURN found;
END $$;
CREATE INDEX message_threes ON inbox_message
    USING gin (inbox_threes(text || E'\n' || done_because)) WITH (gin_pending_list_limit = 512);
ALTER INDEX message_threes ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX message_words SET (gin_pending_list_limit = 512);
DROP INDEX contact_words;
ALTER TABLE inbox_contact ADD COLUMN words tsvector
    GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, name || ' ' || handle)) STORED;
ALTER TABLE inbox_contact ALTER COLUMN words SET STATISTICS 1000;
CREATE INDEX contact_words ON inbox_contact USING gin (words);
"""
BACKWARDS = """
ALTER TABLE inbox_contact DROP COLUMN words;
CREATE INDEX contact_words ON inbox_contact USING gin (to_tsvector('simple'::regconfig, name || ' ' || handle));
ALTER INDEX message_words RESET (gin_pending_list_limit);
DROP INDEX message_threes;
DROP FUNCTION inbox_threes(text);
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0025_private_replies")]

    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(django.db.models.functions.text.Upper("external_id"), name="contact_external_id"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(django.db.models.functions.text.Upper("handle"), name="contact_handle"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                django.db.models.functions.text.Lower(
                    models.Func(
                        models.F("handle"),
                        models.Value("@"),
                        function="ltrim",
                        output_field=models.TextField(),
                    )
                ),
                name="contact_bare_handle",
            ),
        ),
        migrations.RemoveIndex(model_name="message", name="message_danger"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["-danger", "-received_at", "-id"], name="message_gravest"),
        ),
    ]
