"""Everything done by the clock: each room's share, called by `amanat worker` every minute.

A share is safe to run twice, at once and half-way: it finds what is due, and the door lets each thing happen once.
"""

from amanat.desk.circulars.timed import run as circulars_run
from amanat.desk.permits.timed import run as permits_run
from amanat.desk.publishing.timed import run as publishing_runs
from amanat.desk.publishing.timed import soon as publishing_sends
from amanat.desk.registry.timed import mail as registry_mails
from amanat.desk.registry.timed import run as registry_runs

TIMED = (registry_runs, permits_run, circulars_run, publishing_runs, registry_mails)
"""Every room's share: (now) → nothing. A new room adds its function here, before the mails."""
SOON = (publishing_sends,)
"""What cannot wait for the next minute: called whenever the queue is empty, so it has to ask little."""
