"""Words of names, side by side with who is called so. A trigger keeps them, so that no way of changing or emptying a
name leaves words behind that can be found."""

import django.db.models.deletion
from django.db import migrations, models

FORWARDS = """
CREATE FUNCTION inbox_contact_name_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM inbox_nameword WHERE contact_id = NEW.id;
    END IF;
    INSERT INTO inbox_nameword (word, contact_id)
        SELECT unnest(tsvector_to_array(to_tsvector('simple'::regconfig, NEW.name || ' ' || NEW.handle))), NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER inbox_contact_named AFTER INSERT ON inbox_contact
    FOR EACH ROW EXECUTE FUNCTION inbox_contact_name_words();
CREATE TRIGGER inbox_contact_renamed AFTER UPDATE OF name, handle ON inbox_contact
    FOR EACH ROW WHEN ((OLD.name, OLD.handle) IS DISTINCT FROM (NEW.name, NEW.handle))
    EXECUTE FUNCTION inbox_contact_name_words();
INSERT INTO inbox_nameword (word, contact_id)
    SELECT unnest(tsvector_to_array(words)), id FROM inbox_contact;
"""
BACKWARDS = """
DROP TRIGGER inbox_contact_renamed ON inbox_contact;
DROP TRIGGER inbox_contact_named ON inbox_contact;
DROP FUNCTION inbox_contact_name_words();
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0027_reached")]

    operations = [
        migrations.CreateModel(
            name="NameWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.TextField()),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="name_words", to="inbox.contact"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("word", "contact"), name="name_word_once")],
            },
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
