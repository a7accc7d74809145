"""config.toml and the environment, read once at start and frozen; an unknown key stops the program here."""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class Section(BaseModel):
    """One table of config.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Site(Section):
    """Who runs the platform, and under which address the world sees it."""

    name: str = "启封 Qifeng"
    operator: str = "示例区公共资源交易中心"
    origin: str = "http://127.0.0.1:8080"
    language: Literal["zh", "en"] = "zh"

    @property
    def is_https(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def domain(self) -> str:
        """Host and port as a browser writes them; sign-in challenges are bound to it."""
        return self.origin.partition("://")[2].rstrip("/")


class Server(Section):
    """The listening socket and its patience, in seconds."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    reuse_port: bool = False
    proxies: tuple[str, ...] = ()
    shutdown_seconds: int = Field(default=10, ge=1)
    header_seconds: int = Field(default=10, ge=1)
    body_seconds: int = Field(default=30, ge=1)
    upload_idle_seconds: int = Field(default=60, ge=1)
    connections_per_address: int = Field(default=256, ge=1)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"


class DatabaseSection(Section):
    """SQLite for a township, PostgreSQL for a district."""

    url: SecretStr = SecretStr("sqlite+aiosqlite:///data/qifeng.db")
    pool_size: int = Field(default=10, ge=1)


class Storage(Section):
    """Where ciphertext is kept: a directory (`file:///…` or a path) or `s3://bucket/prefix`."""

    url: str = "data/objects"
    options: dict[str, SecretStr] = {}
    max_bid_bytes: int = Field(default=4 * 1024**3, ge=1)
    max_part_bytes: int = Field(default=32 * 1024**2, ge=1)
    upload_hours: int = Field(default=72, ge=1)


class Keys(Section):
    """The platform's own keys: one directory, encrypted under one passphrase."""

    directory: Path = Path("data/keys")
    passphrase: SecretStr | None = None


class Log(Section):
    """The transparency log: its name and the witnesses whose cosignatures are kept."""

    name: str = "log.qifeng.example"
    integrate_seconds: float = Field(default=1.0, gt=0)
    cover_seconds: float = Field(default=45.0, gt=0)
    witnesses: tuple[str, ...] = ()
    quorum: int = Field(default=0, ge=0)


class Limits(Section):
    """Requests per caller, in the notation of `limits`: "60/minute"."""

    storage: str = "async+memory://"
    reads: str = "1200/minute"
    writes: str = "240/minute"
    sign_ins: str = "20/minute"
    sockets_per_address: int = Field(default=64, ge=1)
    streams_per_socket: int = Field(default=64, ge=1)
    socket_backlog: int = Field(default=256, ge=8)


class Timestamps(Section):
    """RFC 3161: the built-in authority of a pilot, or an outside one by URL."""

    authority: Literal["built-in", "outside"] = "built-in"
    url: str = ""
    seconds: int = Field(default=5, ge=1)
    roots: tuple[Path, ...] = ()


class TrustSection(Section):
    """Certificates believed besides those of the built-in authority."""

    roots: tuple[Path, ...] = ()
    outside: tuple[Path, ...] = ()
    crls: tuple[Path, ...] = ()
    crl_required: bool = False


class Cluster(Section):
    """Several replicas: the bus that rings the doorbell for listeners at other replicas."""

    bus: SecretStr = SecretStr("")
    channel: str = "qifeng"


class ClockSection(Section):
    """How often each replica looks for what is due, in seconds."""

    tick_seconds: float = Field(default=1.0, gt=0)
    head_seconds: float = Field(default=4.0, gt=0)


class Settings(BaseSettings):
    """The whole configuration. Order: arguments, environment (QIFENG_…), secret files, config.toml."""

    model_config = SettingsConfigDict(
        env_prefix="QIFENG_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    site: Site = Site()
    server: Server = Server()
    database: DatabaseSection = DatabaseSection()
    storage: Storage = Storage()
    keys: Keys = Keys()
    log: Log = Log()
    limits: Limits = Limits()
    timestamps: Timestamps = Timestamps()
    trust: TrustSection = TrustSection()
    cluster: Cluster = Cluster()
    clock: ClockSection = ClockSection()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings
        toml = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, file_secret_settings, toml


def default_path() -> Path:
    """The documented config.toml: inside the wheel, or at the top of a checkout."""
    inside = Path(__file__).parent / "_data" / "config.toml"
    return inside if inside.is_file() else Path(__file__).parent.parent / "config.toml"


def load(path: Path | None = None, *, secrets: Path | None = None, **given: Any) -> Settings:
    """Read *path* (a missing file is an error), secret files and the environment; *given* wins.

    Raises pydantic.ValidationError for unknown keys and wrong values, FileNotFoundError.
    """
    if path is not None and not path.is_file():
        raise FileNotFoundError(path)

    class Read(Settings):
        model_config = SettingsConfigDict(toml_file=path, secrets_dir=secrets)

    return Read(**given)
