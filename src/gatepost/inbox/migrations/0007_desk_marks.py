"""What messages are found by, for those that were here before the column."""

from django.db import migrations

FORWARDS = """
UPDATE inbox_message AS message SET marks = found.marks
FROM (
    SELECT decision.id AS decision,
           ARRAY(
               SELECT mark FROM (
                   SELECT left('is:' || label, 80) AS mark FROM jsonb_array_elements_text(decision.decided) AS label
                   UNION SELECT left('clause:' || clause, 80) FROM jsonb_array_elements_text(decision.clauses) AS clause
               ) AS every ORDER BY mark
           )::varchar(80)[] AS marks
    FROM rulebook_keptdecision AS decision
) AS found WHERE found.decision = message.decision_id;
UPDATE inbox_message AS message
SET marks = ARRAY(
    SELECT mark FROM unnest(message.marks) AS mark WHERE mark <> ALL (said.isnt)
    UNION SELECT unnest(said.holds)
)::varchar(80)[]
FROM (
    SELECT message_id,
           coalesce(array_agg('is:' || label) FILTER (WHERE holds), '{}') AS holds,
           coalesce(array_agg('is:' || label) FILTER (WHERE NOT holds), '{}') AS isnt
    FROM inbox_correction GROUP BY message_id
) AS said WHERE said.message_id = message.id;
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0006_desk")]

    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]
