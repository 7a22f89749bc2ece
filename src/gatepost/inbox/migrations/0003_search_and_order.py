"""An index for looking for words, and one in the order of the list.

`words` is kept by the database and asked for by no SELECT of Django's: it is no field of the model (inbox/search.py
uses it). Its statistics are finer than the default, without which the planner reads the whole index for a common word
or the whole table for a rare one. At most LOOKED_AT code points are taken, for a tsvector may hold no more than 1 MB.
"""

from django.db import migrations, models
from django.db.models import F, Q

LOOKED_AT = 20_000

FORWARDS = f"""
ALTER TABLE inbox_message ADD COLUMN words tsvector
    GENERATED ALWAYS AS (to_tsvector('english'::regconfig, left(text, {LOOKED_AT}))) STORED;
ALTER TABLE inbox_message ALTER COLUMN words SET STATISTICS 1000;
CREATE INDEX message_words ON inbox_message USING gin (words);
CREATE INDEX contact_words ON inbox_contact USING gin (to_tsvector('simple'::regconfig, name || ' ' || handle));
"""
BACKWARDS = """
DROP INDEX contact_words;
DROP INDEX message_words;
ALTER TABLE inbox_message DROP COLUMN words;
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_initial")]

    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                F("urgent").desc(),
                F("due_at").asc(nulls_last=True),
                F("id").desc(),
                name="message_with_us",
                condition=Q(state__in=("new", "answering")),
            ),
        ),
    ]
