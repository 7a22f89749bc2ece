from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gate', '0026_nor_by_what_was_signed_ahead'),
    ]

    operations = [
        migrations.AddField(
            model_name='sighting',
            name='part',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='sighting',
            name='raw',
            field=models.JSONField(default=dict),
        ),
    ]
