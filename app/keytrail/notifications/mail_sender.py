"""Send a mail through the mail server."""

import smtplib
import ssl
from contextlib import closing
from email.message import EmailMessage
from typing import Final

from keytrail.notifications.failures import DeliveryFailed
from keytrail.settings import Settings

_TIMEOUT_S: Final = 20


def send_mail(message: EmailMessage, settings: Settings) -> str:
    """Send one message and describe the outcome. Raises DeliveryFailed, for good without a mail server."""
    if settings.smtp_host is None or settings.mail_from is None:
        raise DeliveryFailed("This server sends no mail (KEYTRAIL_SMTP_HOST, KEYTRAIL_MAIL_FROM).", for_good=True)
    message["From"] = settings.mail_from
    try:
        with closing(_connected(settings)) as server:
            if settings.smtp_user is not None and settings.smtp_password is not None:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(message)
            server.quit()
    except smtplib.SMTPRecipientsRefused as error:
        raise DeliveryFailed("The mail server refused the address.", for_good=True) from error
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryFailed(f"The mail server did not accept it: {type(error).__name__}.") from error
    return "accepted by the mail server"


def _connected(settings: Settings) -> smtplib.SMTP:
    host = settings.smtp_host or ""
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, settings.smtp_port, timeout=_TIMEOUT_S, context=ssl.create_default_context())
    server = smtplib.SMTP(host, settings.smtp_port, timeout=_TIMEOUT_S)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server
