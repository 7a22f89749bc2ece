from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0004_audiences"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="credentials_end",
            field=models.DateField(null=True),
        ),
    ]
