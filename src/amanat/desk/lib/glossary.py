"""Words of the log and of states, in every language the desk speaks. A room adds its own words here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES = {
    "open": _("open"),
    "closed": _("closed"),
    "claimed": _("not yet proved"),
    "verified": _("proved official"),
    "done": _("done"),
    "dropped": _("dropped"),
    "proposed": _("proposed"),
    "agreed": _("agreed"),
    "refused": _("refused"),
    "undone": _("undone"),
}
VERBS = {
    "close": pgettext_lazy("log", "closed"),
    "reopen": _("opened again"),
    "verify": pgettext_lazy("log", "proved official"),
    "doubt": _("withdrew the proof of"),
    "finish": _("finished the handover of"),
    "drop": _("dropped the handover of"),
    "agree": _("agreed to"),
    "refuse": pgettext_lazy("log", "refused"),
    "undo": _("undid"),
    "enter": _("entered"),
    "change": _("changed"),
    "appoint": _("appointed"),
    "end": _("ended the post of"),
    "seat": _("set the panel of"),
    "inspect": _("inspected"),
    "try": _("tried to prove"),
    "begin": _("began the handover of"),
    "tick": _("ticked off in the handover of"),
    "administer": _("set the administrators of"),
    "invite": _("invited"),
    "accept": _("took up the invitation of"),
    "renew": _("set a new password for"),
    "secure": _("added a second step for"),
    "unsecure": _("removed a second step of"),
    "recover": _("made new recovery codes for"),
    "connect": _("connected a government account with"),
    "disconnect": _("took a government account from"),
    "speak": _("chose the language of"),
    "import": _("imported"),
    "export": _("exported"),
    "attach": _("attached"),
    "propose": pgettext_lazy("log", "proposed"),
    "move": _("moved"),
    "add": _("added to the handover of"),
    "leave": _("closed the sign-in of"),
}
