from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0022_one_call_to_a_phone"),
    ]

    operations = [
        migrations.AddField(
            model_name="outsidereading",
            name="clocks",
            field=models.JSONField(default=list),
        ),
    ]
