"""Settings from KEYTRAIL_* variables and `.env`; loaded by entry points, never at import."""

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from keytrail.errors import BadSettings
from keytrail.setting_types import EmbedOrigins, Endpoint, Networks, Origins, Proxies, Temperatures, WebOrigin, Words
from keytrail.sign_in_settings import SignInSettings, check_sign_in
from keytrail.validation import sentence

PREFIX = "KEYTRAIL_"
# Read by the test suite, not by the server.
_NOT_OURS = ("KEYTRAIL_TEST_", "KEYTRAIL_FIELD_DATA", "KEYTRAIL_BENCH_")


class Settings(SignInSettings):
    """Everything that differs between installations."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8-sig", extra="forbid", frozen=True
    )

    data_dir: Path = Field(Path("data"), description="Folder for the SQLite database, secrets and demo data.")
    database_url: str | None = Field(
        None,
        description="SQLAlchemy URL, for example postgresql+psycopg://user@host/keytrail. "
        "Default: an SQLite file in the data folder.",
    )
    secret_key: SecretStr | None = Field(
        None,
        min_length=32,
        description="Root of all signatures and pseudonyms, at least 32 characters. "
        "Default: generated into the data folder. Set it if several machines serve one database.",
    )
    public_url: WebOrigin = Field(
        "http://127.0.0.1:8000", description="The origin under which workers and users reach this server."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    allowed_hosts: Words = Field(
        (),
        description="Further host names under which this server answers (space-separated), in addition to the public "
        "URL's and localhost; * for any.",
    )
    metrics_port: int | None = Field(
        None, ge=1, le=65535, description="Port on which Prometheus is answered. Without it nothing is served there."
    )
    metrics_host: str = Field(
        "127.0.0.1", description="Address of the metrics port. The metrics name nobody, but are not for the public."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="How the log is written: a line of text an event, or a line of JSON."
    )
    workers: int = Field(1, ge=1, le=64, description="Web processes of 'keytrail serve' (PostgreSQL only, above 1).")
    background: Literal["inside", "worker"] = Field(
        "inside",
        description="Who analyses, trains, estimates, sends messages and does the periodic jobs: the server itself, or "
        "'keytrail worker' (PostgreSQL only).",
    )
    compare_minutes: int = Field(
        15,
        ge=0,
        description="How often running studies are compared with their platform, if that is connected. 0: only when "
        "somebody asks.",
    )
    trusted_proxies: Proxies = Field(
        ("127.0.0.1", "::1"),
        description="Addresses or networks of proxies whose X-Forwarded-* headers count (space-separated).",
    )
    database_connections: int = Field(
        16, ge=2, le=500, description="How many requests may use the database at once, half of them workers'."
    )
    max_batch_bytes: int = Field(256_000, ge=10_000, description="Largest batch of events.")
    max_text_bytes: int = Field(4_000_000, ge=100_000, description="Largest form or text from a worker's page.")
    max_form_bytes: int = Field(100_000, ge=10_000, description="Largest form from a client that is not signed in.")
    max_upload_bytes: int = Field(25_000_000, ge=100_000, description="Largest form or file from signed-in users.")
    request_seconds: int = Field(
        30, ge=1, description="How long a request may take to arrive; each 500 bytes of body add a second."
    )
    stall_seconds: int = Field(60, ge=1, description="A download is ended if the client reads nothing for so long.")
    stop_seconds: int = Field(10, ge=1, description="How long a stopping server waits for requests in progress.")
    frame_ancestors: Origins = Field((), description="Further origins that may frame a task (space-separated).")
    submit_origins: Origins = Field((), description="Further origins that a task may submit to (space-separated).")
    embed_origins: EmbedOrigins = Field(
        (),
        description="Origins whose pages may embed the recorder (space-separated). Without any, none may. `null` "
        "stands for pages in sandboxed frames, which have no origin.",
    )
    sessions_per_address: int = Field(
        600,
        ge=1,
        description="Writing sessions that one network address may begin within an hour. A whole laboratory or campus "
        "may share one address.",
    )
    open_sessions_per_study: int = Field(
        5000, ge=1, description="Writing sessions of one study that may be open at the same time."
    )
    page_loads_per_session: int = Field(
        500, ge=1, description="How often the task may be loaded within one writing session."
    )
    session_hours: int = Field(12, ge=1, le=24 * 30, description="How long a sign-in to the dashboard lasts.")
    password_link_hours: int = Field(4, ge=1, le=24 * 7, description="How long a link to set a new password works.")
    key_timing_days: int | None = Field(
        None,
        ge=1,
        description="Days after which the times of a log are rounded to seconds. Default: they are kept.",
    )
    log_text_days: int | None = Field(
        None,
        ge=0,
        description="Days after a session's end after which the text in the log of decided work is masked. Default: it "
        "is kept.",
    )
    platform_id_days: int | None = Field(
        None,
        ge=1,
        description="Days after a worker's last session, decision and payment after which the platform's ids of the "
        "worker are deleted. Default: they are kept.",
    )
    page_load_events: int = Field(
        100_000, ge=10_000, le=1_000_000, description="Maximum number of events stored of one page load."
    )
    page_load_characters: int = Field(
        500_000, ge=50_000, le=5_000_000, description="Maximum number of inserted characters stored of one page load."
    )
    session_events: int = Field(
        200_000, ge=10_000, le=2_000_000, description="Maximum number of events stored of one writing session."
    )
    session_characters: int = Field(
        1_000_000,
        ge=50_000,
        le=10_000_000,
        description="Maximum number of inserted characters stored of one writing session.",
    )
    analysis_memory_mb: int = Field(
        512,
        ge=0,
        description="Memory that the analysis process may use in addition to the program itself. "
        "0: analyse in the server's own process, without limits.",
    )
    analysis_seconds: int = Field(60, ge=5, description="Processor time that one analysis may take.")

    mturk_endpoint: Endpoint = Field(
        None,
        description="The requester API to publish on: https://mturk-requester.us-east-1.amazonaws.com, "
        "https://mturk-requester-sandbox.us-east-1.amazonaws.com, or 'keytrail sandbox'. Nothing is sent without it.",
    )
    mturk_credentials_file: Path | None = Field(
        None, description="A credentials file as AWS writes it. Default: where AWS's own tools look."
    )
    prolific_url: WebOrigin = Field("https://api.prolific.com", description="Prolific's API.")
    prolific_jwks_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="Address of Prolific's public keys for secure study links. "
        "Default: /.well-known/study/jwks.json at Prolific's API.",
    )
    prolific_token: SecretStr | None = Field(
        None, min_length=1, description="A token for Prolific's API. Nothing is sent to Prolific without it."
    )
    prolific_workspace: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9]{1,64}$",
        description="The id of the workspace at Prolific whose participant groups and messages are used. Default: the "
        "account's only one.",
    )
    prolific_webhook_secret: SecretStr | None = Field(
        None,
        min_length=8,
        description="The secret that Prolific signs its messages with. Default: what 'keytrail prolific subscribe' "
        "stored in the data folder; without either, no message is taken.",
    )

    connect_url: WebOrigin = Field("https://connect-api.cloudresearch.com", description="CloudResearch Connect's API.")
    connect_key: SecretStr | None = Field(
        None,
        min_length=1,
        description="A key for Connect's API, from its support. Nothing is sent to Connect without it.",
    )

    smtp_host: str | None = Field(
        None, min_length=1, description="The mail server. No mail is sent without it and KEYTRAIL_MAIL_FROM."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="The mail server's port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection to the mail server is encrypted: starttls, tls, or none."
    )
    smtp_user: str | None = Field(None, min_length=1, description="The account at the mail server, if it asks for one.")
    smtp_password: SecretStr | None = Field(None, min_length=1, description="The account's password.")
    mail_from: str | None = Field(
        None,
        pattern=r"^[^@\s<>]+@[^@\s<>]+$",
        description="The address that mail comes from, such as keytrail@lab.org.",
    )
    webhook_networks: Networks = Field(
        (),
        description="Private networks that webhooks may reach (space-separated), such as 10.0.0.0/8. Without any, they "
        "reach public addresses only.",
    )

    llm_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="Address of an OpenAI-compatible endpoint, up to the part before /chat/completions.",
    )
    llm_key: SecretStr | None = Field(None, min_length=1, description="The endpoint's key, sent as a bearer token.")
    llm_models: Words = Field((), description="Models for reference texts (space-separated).")
    llm_temperatures: Temperatures = Field((0.7, 1.0), description="Temperatures to use (space-separated).")

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the database."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'keytrail.sqlite3').absolute()}"

    @property
    def sends_mail(self) -> bool:
        """Whether a mail server is configured."""
        return self.smtp_host is not None and self.mail_from is not None

    @property
    def prolific_keys(self) -> str:
        """The address of Prolific's public keys."""
        return self.prolific_jwks_url or f"{self.prolific_url}/.well-known/study/jwks.json"

    @property
    def secure(self) -> bool:
        """Whether the public URL uses https (cookies are then marked Secure)."""
        return self.public_url.startswith("https://")


def load_settings(**overrides: Any) -> Settings:
    """Load settings from the environment, `.env` and `overrides` (the command line; wins over both).

    Raises BadSettings with one message per setting that says what to change.
    """
    unknown = [name for name in os.environ if name.startswith(PREFIX) and not _known(name)]
    if unknown:
        known = ", ".join(sorted(PREFIX + name.upper() for name in Settings.model_fields))
        raise BadSettings(
            f"Unknown setting {', '.join(sorted(unknown))}. Remove it from the environment or correct it; "
            f"the settings are {known}."
        )
    try:
        found = Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise BadSettings(" ".join(_sentence(problem) for problem in error.errors())) from None
    check_sign_in(found, found.trusted_proxies)
    return found


def _known(name: str) -> bool:
    return name.removeprefix(PREFIX).lower() in Settings.model_fields or name.startswith(_NOT_OURS)


def _sentence(problem: Any) -> str:
    name = str(problem["loc"][0])
    name = name.upper() if name.lower().startswith(PREFIX.lower()) else PREFIX + name.upper()
    if problem["type"] == "extra_forbidden":
        return f"Unknown setting {name} in .env: remove it or correct its name."
    return f"{name} cannot be used. {sentence(problem)}"
