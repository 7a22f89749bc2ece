"""The practice town: a Facebook Page, an X account and a post office on this machine, with residents who write.

The networks are spoken to over HTTP in the real ones' dialects, so that the real connectors work unchanged; e-mail
comes over real SMTP. `town.start()` runs it as a process of its own, `python -m gatepost.sandbox` by hand.

| address | what |
|---|---|
| /facebook, /facebook/v26.0 | the Graph API; token and ids from /_town/state |
| /x/2/… | the X API v2 |
| / and /?as=admin, /mail | the town and its post office, for people |
| GET /_town/state | accounts with tokens, residents, rules, faults, counts |
| POST /_town/say {network, text, resident?, under?, named?} | a resident writes; answers {ref, text} |
| GET /_town/posts?network= | everything the organisation put out, with comments, pictures and what became of them |
| GET /_town/mail | e-mails kept, newest first |
| GET, POST, DELETE /_town/faults | POST {network, kind, at?, probability?, count?, seconds?}; kinds in faults.py |
| POST /_town/pace {pace}, /_town/burst {n} | messages a minute; n messages at once |
| POST /_town/rules {replies_restricted?, duplicates_refused?, x_limit?, clock_ahead?, revoked?} | the networks' rules |
| GET /_town/counts?text=&network= | how often exactly this text was taken, on one network or on all |
| POST /_town/delete_elsewhere {ref} | somebody takes a post or comment down |
| POST /_town/subscribe {url, verify_token} | Meta's webhooks to a loopback address |
| GET /_town/requests | the last requests to the networks, without contents |
"""
