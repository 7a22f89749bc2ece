"""What hangs on messages and grows with them is found by its letters as they are (0026): words that a message had
before, what hung on it, evidence, notes, and what was said to and by departments."""

from django.db import migrations
from psycopg.sql import SQL, Identifier

WORDS = {
    "inbox_version": ("text",),
    "inbox_attachment": ("name",),
    "inbox_evidence": ("text", "author_name", "reason"),
    "inbox_note": ("text", "source"),
    "inbox_referral": ("note", "answer", "details_because"),
    "inbox_referralnote": ("text",),
}


def _names(table: str) -> dict[str, Identifier]:
    return {"table": Identifier(table), "index": Identifier(f"{table.removeprefix('inbox_')}_threes")}


def make(apps, schema_editor):
    for table, columns in WORDS.items():
        words = SQL(" || E'\\n' || ").join(map(Identifier, columns))
        for one in (
            "CREATE INDEX {index} ON {table} USING gin (inbox_threes({words})) WITH (gin_pending_list_limit = 512)",
            "ALTER INDEX {index} ALTER COLUMN 1 SET STATISTICS 0",
        ):
            schema_editor.execute(SQL(one).format(words=words, **_names(table)).as_string())


def drop(apps, schema_editor):
    for table in WORDS:
        schema_editor.execute(SQL("DROP INDEX {index}").format(**_names(table)).as_string())


class Migration(migrations.Migration):
    dependencies = [("inbox", "0030_reread_failed")]

    operations = [migrations.RunPython(make, drop)]
