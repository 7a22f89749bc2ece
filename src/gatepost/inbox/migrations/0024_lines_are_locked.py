"""Address and body of an on-call line may hold a key: they go into what is locked, and only the host stays in sight."""

from typing import Any

from django.conf import settings
from django.db import migrations

from gatepost.networks.handing_over import host_of
from gatepost.vault import VaultError, lock, unlock


def locked(secret: bytes, *, host: str, template: str, has_deputy: bool) -> dict[str, Any]:
    """The new columns of a line, whose `host` is still its whole address. One that has ended, or that no key of ours
    opens, can call nobody: its address and body are forgotten."""
    try:
        known = unlock(secret, settings.DATA)
    except VaultError:
        return {"host": host_of(host), "has_deputy": has_deputy, "secret": b""}
    mine = lock(known | {"url": host, "template": template}, settings.DATA)
    return {"host": host_of(host), "has_deputy": bool(known.get("deputy")), "secret": mine}


def lock_lines(apps: Any, schema_editor: Any) -> None:
    lines = apps.get_model("inbox", "CallLine").objects
    for row in lines.all():
        new = locked(bytes(row.secret), host=row.host, template=row.template, has_deputy=row.has_deputy)
        lines.filter(pk=row.pk).update(**new)


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0023_outside_clocks"),
    ]

    operations = [
        migrations.RenameField("callline", "url", "host"),
        migrations.RunPython(lock_lines, migrations.RunPython.noop),
        migrations.RemoveField("callline", "template"),
    ]
