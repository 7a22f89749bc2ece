"""The actions of the policy by name; actions.py holds the table of all."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel

from gatepost.calls import policy
from gatepost.calls import policy_asked as asked
from gatepost.calls.asked import Asked, Nothing

# name -> (what is asked, what is done, what is told, in a sentence)
POLICY: dict[str, tuple[type[Asked], Callable[..., BaseModel], type[BaseModel], str]] = {
    "policy.test": (asked.PolicyNamed, policy.policy_test, asked.TestOut, "Run a policy's own examples"),
    "policy.lint": (asked.PolicyNamed, policy.policy_lint, asked.LintOut, "What is doubtful in a policy"),
    "policy.diff": (asked.PolicyDiff, policy.policy_diff, asked.DiffOut, "What differs between two policies, in words"),
    "policy.history": (Nothing, policy.policy_history, asked.HistoryOut, "Which policy was in force when"),
    "policy.download": (asked.PolicyDownload, policy.policy_download, asked.DownloadOut, "A policy pack as a zip"),
    "policy.withdraw": (asked.PolicyWithdraw, policy.policy_withdraw, asked.HistoryOut, "Call off what is planned"),
    "policy.roll_back": (asked.PolicyRollBack, policy.policy_roll_back, asked.AdoptedOut, "Go back to a version"),
    "policy.import": (asked.PolicyImportFile, policy.policy_import, asked.ImportOut, "Read a written policy"),
    "import.get": (asked.ImportNamed, policy.import_get, asked.ImportOut, "What was found in a written policy"),
    "import.accept": (asked.ImportAccept, policy.import_accept, asked.DraftOut, "Make a draft of what was found"),
    "drafts.list": (Nothing, policy.policy_drafts, asked.DraftsOut, "Drafts of the policy"),
    "draft.begin": (asked.DraftBegin, policy.draft_begin, asked.DraftOut, "Begin a draft of the policy"),
    "draft.bring_in": (asked.DraftBringIn, policy.draft_bring_in, asked.DraftOut, "Make a draft of a zip"),
    "draft.get": (asked.DraftNamed, policy.draft_get, asked.DraftOut, "One draft"),
    "draft.to_do": (asked.DraftNamed, policy.draft_to_do, asked.ToDoOut, "What is left to be done by hand in a draft"),
    "draft.save": (asked.DraftSave, policy.draft_save, asked.DraftOut, "Save one change of a draft"),
    "draft.undo": (asked.DraftAt, policy.draft_undo, asked.DraftOut, "Take back the latest change of a draft"),
    "draft.put_away": (asked.DraftAt, policy.draft_put_away, asked.DraftOut, "End work on a draft"),
    "draft.try": (asked.DraftTry, policy.draft_try, asked.TrialOut, "Run a draft over the last month"),
    "trial.get": (asked.TrialNamed, policy.trial_get, asked.TrialOut, "What a draft would have done otherwise"),
    "trial.keep": (asked.TrialNamed, policy.trial_keep, asked.DraftOut, "Save what was tried"),
    "draft.adopt": (asked.DraftAdopt, policy.draft_adopt, asked.AdoptedOut, "Put a draft in force"),
    "shadow.start": (asked.ShadowStart, policy.shadow_start, asked.ShadowOut, "Try a draft beside the policy"),
    "shadow.stop": (Nothing, policy.shadow_stop, asked.ShadowOut, "End the trial beside the policy"),
    "shadow.get": (Nothing, policy.shadow_get, asked.ShadowOut, "What the draft beside the policy would have done"),
}
