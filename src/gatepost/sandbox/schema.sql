CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (
    network TEXT PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, handle TEXT NOT NULL, token TEXT NOT NULL,
    app_id TEXT NOT NULL, app_secret TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS residents (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, handle TEXT NOT NULL, voice TEXT NOT NULL,
    facebook_id TEXT NOT NULL UNIQUE, x_id TEXT NOT NULL UNIQUE
);
-- author is '' for the organisation; parent is what is answered; root is the post the whole thread stands under.
CREATE TABLE IF NOT EXISTS items (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    ref TEXT NOT NULL UNIQUE, network TEXT NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL,
    link TEXT NOT NULL DEFAULT '', parent TEXT NOT NULL DEFAULT '', root TEXT NOT NULL DEFAULT '',
    created INTEGER NOT NULL, hidden INTEGER NOT NULL DEFAULT 0, removed TEXT NOT NULL DEFAULT '',
    published INTEGER NOT NULL DEFAULT 1, theme TEXT NOT NULL DEFAULT '', labels TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS items_by_root ON items (root, n);
CREATE INDEX IF NOT EXISTS items_by_parent ON items (parent, n);
CREATE INDEX IF NOT EXISTS items_by_author ON items (network, author, n);
CREATE INDEX IF NOT EXISTS items_by_text ON items (text) WHERE author = '';
CREATE TABLE IF NOT EXISTS media (
    id TEXT PRIMARY KEY, network TEXT NOT NULL, mime TEXT NOT NULL, data BLOB NOT NULL, alt TEXT NOT NULL DEFAULT '',
    caption TEXT NOT NULL DEFAULT '', width INTEGER NOT NULL DEFAULT 0, height INTEGER NOT NULL DEFAULT 0,
    item TEXT NOT NULL DEFAULT '', place INTEGER NOT NULL DEFAULT 0, finished INTEGER NOT NULL DEFAULT 1,
    created INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS media_by_item ON media (item, place);
CREATE TABLE IF NOT EXISTS media_parts (
    media TEXT NOT NULL, segment INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (media, segment)
);
CREATE TABLE IF NOT EXISTS requests (
    n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, network TEXT NOT NULL, method TEXT NOT NULL,
    path TEXT NOT NULL, status INTEGER NOT NULL, fault TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS mail (
    n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, sender TEXT NOT NULL, recipients TEXT NOT NULL,
    subject TEXT NOT NULL, text TEXT NOT NULL, headers TEXT NOT NULL, raw BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS faults (
    n INTEGER PRIMARY KEY AUTOINCREMENT, network TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL,
    probability REAL NOT NULL, left INTEGER, seconds REAL NOT NULL, drawn INTEGER NOT NULL DEFAULT 0
);
-- private messages with the Facebook Page; comment is what one of ours answers privately
CREATE TABLE IF NOT EXISTS letters (
    n INTEGER PRIMARY KEY AUTOINCREMENT, mid TEXT NOT NULL UNIQUE, person TEXT NOT NULL, ours INTEGER NOT NULL,
    text TEXT NOT NULL, created INTEGER NOT NULL, comment TEXT NOT NULL DEFAULT '', delivered INTEGER NOT NULL DEFAULT 0,
    read INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS letters_by_person ON letters (person, n);
CREATE INDEX IF NOT EXISTS letters_by_comment ON letters (comment) WHERE comment <> '';
-- whom the organisation has blocked (Facebook) or muted (X), by the network's id of them
CREATE TABLE IF NOT EXISTS kept_out (network TEXT NOT NULL, person TEXT NOT NULL, PRIMARY KEY (network, person));
CREATE TABLE IF NOT EXISTS subscriptions (url TEXT PRIMARY KEY, verify_token TEXT NOT NULL, fields TEXT NOT NULL);
