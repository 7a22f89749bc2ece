"""A standing sign-off may cover a post that comes again, up to a day; the database compares it with what was signed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE OR REPLACE FUNCTION gate_standing_covers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    act gate_act%ROWTYPE;
    given gate_standingsignoff%ROWTYPE;
    standing bigint;
    same jsonb;
BEGIN
    SELECT s.standing_id INTO standing FROM gate_signoff s WHERE s.id = NEW.sign_off_id;
    IF standing IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO given FROM gate_standingsignoff t WHERE t.id = standing;
    SELECT * INTO act FROM gate_act WHERE id = NEW.act_id;
    IF given.content IS NOT NULL THEN
        -- A post that comes again: the same but for its moment, and signed by somebody who wrote none of it.
        same := act.content - 'not_before' - 'not_after' - 'expires_at';
        IF act.content ? 'leads_to' THEN
            same := jsonb_set(same, '{link}', '""');
        END IF;
        IF act.kind = 'publish' AND act.channel_id = given.channel_id AND same = given.content
            AND given.signer_id <> act.author_id
            AND NOT coalesce(act.context->'editors', '[]') @> to_jsonb(given.signer_id)
            AND (act.content->>'not_before')::timestamptz <= given.until
            AND extract(epoch FROM (act.content->>'expires_at')::timestamptz
                - (act.content->>'not_before')::timestamptz)::integer IS NOT DISTINCT FROM given.lasts THEN
            RETURN NEW;
        END IF;
    ELSIF given.moderation <> '' THEN
        IF act.kind = given.moderation AND act.clauses @> to_jsonb(given.clause) THEN
            RETURN NEW;
        END IF;
    ELSIF act.kind = 'reply' AND act.wording = given.wording
        AND encode(sha256(convert_to(act.content->>'text', 'UTF8')), 'hex') = given.text_digest
        AND coalesce(act.content->>'title', '') = '' AND coalesce(act.content->>'link', '') = ''
        AND jsonb_array_length(coalesce(act.content->'media', '[]')) = 0 AND NOT act.content ? 'parts' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The standing sign-off of act % was given for something else.', NEW.act_id
        USING ERRCODE = 'check_violation';
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION gate_standing_covers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    act gate_act%ROWTYPE;
    given gate_standingsignoff%ROWTYPE;
    standing bigint;
BEGIN
    SELECT s.standing_id INTO standing FROM gate_signoff s WHERE s.id = NEW.sign_off_id;
    IF standing IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO given FROM gate_standingsignoff t WHERE t.id = standing;
    SELECT * INTO act FROM gate_act WHERE id = NEW.act_id;
    IF given.moderation <> '' THEN
        IF act.kind = given.moderation AND act.clauses @> to_jsonb(given.clause) THEN
            RETURN NEW;
        END IF;
    ELSIF act.kind = 'reply' AND act.wording = given.wording
        AND encode(sha256(convert_to(act.content->>'text', 'UTF8')), 'hex') = given.text_digest
        AND coalesce(act.content->>'title', '') = '' AND coalesce(act.content->>'link', '') = ''
        AND jsonb_array_length(coalesce(act.content->'media', '[]')) = 0 AND NOT act.content ? 'parts' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The standing sign-off of act % was given for something else.', NEW.act_id
        USING ERRCODE = 'check_violation';
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0003_outside_reader'),
        ('gate', '0016_by_hand'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='standingsignoff',
            name='standing_one_thing',
        ),
        migrations.RemoveConstraint(
            model_name='standingsignoff',
            name='standing_once',
        ),
        migrations.AddField(
            model_name='standingsignoff',
            name='channel',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels.channel'),
        ),
        migrations.AddField(
            model_name='standingsignoff',
            name='content',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='standingsignoff',
            name='lasts',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='standingsignoff',
            name='role',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='standingsignoff',
            name='until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='standingsignoff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', True), models.Q(('wording', ''), ('moderation', ''), _connector='XOR')), models.Q(('channel__isnull', False), ('content__isnull', False), ('moderation', ''), ('until__isnull', False), ('wording', '')), _connector='OR'), name='standing_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='standingsignoff',
            constraint=models.UniqueConstraint(condition=models.Q(('content__isnull', True), ('revoked_at', None)), fields=('wording', 'text_digest', 'moderation', 'clause'), name='standing_once'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
