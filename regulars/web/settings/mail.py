"""Mail to somebody who is invited."""

import logging

from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from regulars.kit.mails import mail_goes_out
from regulars.shops.models import Invitation

log = logging.getLogger("regulars.web")


def send_invitation(invitation: Invitation, link: str, *, inviter: str) -> bool:
    """Send the link, in the shop's language; False when no mail went out.

    At once and not in a job: a job would have to store the token, which is kept nowhere.
    """
    if not mail_goes_out():
        return False
    with translation.override(invitation.shop.language):
        subject = _("Join {shop} on Regulars").format(shop=invitation.shop.name)
        text = _(
            "{inviter} invites you to work in {shop} as {role}.\n\n"
            "Open this link to join. It works once, within a week:\n{link}\n\n"
            "Did you not expect this? Then do nothing."
        ).format(inviter=inviter, shop=invitation.shop.name, role=invitation.get_role_display(), link=link)
    try:
        return bool(send_mail(subject, text, None, [invitation.email]))
    except OSError:  # smtplib's and the network's faults
        log.warning("The mail to somebody invited could not be sent.", exc_info=True)
        return False
