"""Open a party's mail address at the last moment, so that it never lies about in the outbox."""

from __future__ import annotations

from dataclasses import dataclass, replace

from notifications.channels.channel import Channel, Receipt, refused
from workflows.models import CaseParty
from workflows.services.desk import Desk
from workflows.storage.databases import Sessions
from workflows.storage.outbox_store import Effect
from workflows.storage.reading import read_session


@dataclass(frozen=True, kw_only=True)
class PartyMailChannel:
    """Sends mails through another channel, looking up ``to_party`` in the vault first."""

    inner: Channel
    sessions: Sessions
    desk: Desk

    def send(self, effect: Effect) -> Receipt:
        """Send the mail. Raises OutsideServiceFailed, permanent when there is no address."""
        party_id = effect.payload.get("to_party")
        if not party_id:
            return self.inner.send(effect)
        payload = {**effect.payload, "to": self._address(str(party_id))}
        return self.inner.send(replace(effect, payload=payload))

    def _address(self, party_id: str) -> str:
        with read_session(self.sessions) as session:
            party = session.get(CaseParty, party_id)
            if party is None or party.email is None:
                raise refused("error.mail_address_refused", cause="no address")
            return self.desk.vault.open(session, owner_id=party.id, value=party.email)
