"""When an attempt begins: until then nothing has left for certain. Those under way now count as begun."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gate", "0005_act_ref")]

    operations = [
        migrations.AddField("attempt", "begun_at", models.DateTimeField(null=True)),
        migrations.RunSQL("UPDATE gate_attempt SET begun_at = at WHERE outcome = ''", migrations.RunSQL.noop),
        migrations.AddField("beat", "swept_at", models.DateTimeField(null=True)),
    ]
