"""A subscription's login: the CLI's own dialogue, with the owner at the other end."""

import asyncio
import re
import secrets
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog

from roundtable_kit.errors import InvalidArgument, NotFound, Unavailable
from roundtable_runner.claude.account import credentials_file, has_login
from roundtable_runner.claude.login_command import LoginCommand, LoginLauncher
from roundtable_runner.claude.process import CliStreamBroken
from roundtable_runner.shielding import finish

_log = structlog.get_logger()

LOGIN_LIMIT = timedelta(minutes=10)
# With the ends of its process it stays well below the 30 s that a caller waits.
LOGOUT_LIMIT = timedelta(seconds=10)

_ADDRESS_SECONDS = 30.0
_ANSWER_SECONDS = 45.0
_RETRY = timedelta(seconds=10)

# What the provider shows: a code and a state. The CLI would wait on for a better one.
_CODE = re.compile(r"[^\s#]+#[^\s#]+")
_MAX_CODE_CHARACTERS = 4096
_REFUSAL = "Couldn't log in: "
_MAX_REFUSAL_CHARACTERS = 300
# The shortest part of a code that is kept out of what is told.
_SECRET_CHARACTERS = 6


@dataclass(frozen=True, slots=True)
class StartedLogin:
    """A login under way: its name, and where its owner signs in."""

    login_id: str
    url: str


class LoginDesk:
    """Leads one login at a time; a new one ends the one before.

    Args:
        launcher: Starts the CLI on the directory that keeps the login.
        limit: How long a login waits for its code.
        logout_limit: How long the provider may take to hear of a logout.
    """

    def __init__(
        self,
        launcher: LoginLauncher,
        *,
        limit: timedelta = LOGIN_LIMIT,
        logout_limit: timedelta = LOGOUT_LIMIT,
    ) -> None:
        self._launcher = launcher
        self._limit = limit
        self._logout_limit = logout_limit
        self._credentials = credentials_file(launcher.config_dir)
        self._lock = asyncio.Lock()
        self._login: _Login | None = None
        self._is_stopped = False

    async def begin(self) -> StartedLogin:
        """Begin a login.

        Raises:
            Unavailable: LOGIN_UNAVAILABLE, the CLI does not begin one.
        """
        async with self._lock:
            await self._end_login()
            try:
                command = await self._launcher.start("login")
            except OSError as error:
                raise _unavailable(error.strerror) from error
            login = self._login = _Login(command, limit=self._limit)
        # Whoever wants to end it need not wait for its address.
        try:
            if self._is_stopped:
                await login.end()
            return StartedLogin(login.login_id, await login.find_url())
        except BaseException:
            await finish(login.end())
            raise

    async def finish(self, login_id: str, code: str) -> None:
        """Hand a login its code; it has stored its credentials when this returns.

        Raises:
            NotFound: LOGIN_NOT_FOUND, it is not under way or has its code already.
            InvalidArgument: LOGIN_CODE_INCOMPLETE, it waits for the whole code;
                LOGIN_REFUSED, it is over.
        """
        login = self._login
        if login is None or login.login_id != login_id or not login.is_waiting:
            raise NotFound(
                "LOGIN_NOT_FOUND",
                "This login is not under way: it is over, or another took its place."
                " Begin again.",
            )
        code = code.strip()
        if len(code) > _MAX_CODE_CHARACTERS or not _CODE.fullmatch(code):
            raise InvalidArgument(
                "LOGIN_CODE_INCOMPLETE",
                "This is not the whole code. Copy all of it, with the # in the middle.",
            )
        await login.finish(code)
        if not has_login(self._launcher.config_dir):
            raise _refused("the Claude CLI kept no login")
        self._credentials.chmod(0o600)
        _log.info("login.finished")

    async def log_out(self) -> None:
        """End a login under way, take the stored one back and off the disk.

        Raises:
            Unavailable: LOGIN_UNAVAILABLE, its file can't be removed.
        """
        async with self._lock:
            await self._end_login()
            if not self._credentials.is_file():
                return
            try:
                code = await self._tell_provider()
            finally:
                # Whatever came of it, and also where nobody waits any longer.
                self._remove_credentials()
            _log.info("login.removed", exit_code=code)

    async def stop(self) -> None:
        """End a login that is under way, for good.

        A logout is not waited for: it ends with the call that wants it.
        """
        self._is_stopped = True
        await self._end_login()

    async def _tell_provider(self) -> int | None:
        try:
            return await self._launcher.run("logout", limit=self._logout_limit)
        except OSError as error:
            _log.warning("logout.untold", why=error.strerror)
            return None

    def _remove_credentials(self) -> None:
        try:
            self._credentials.unlink(missing_ok=True)
        except OSError as error:
            raise _unavailable(error.strerror) from error

    async def _end_login(self) -> None:
        login, self._login = self._login, None
        if login is not None:
            await login.end()


class _Login:
    """One dialogue, attended from its start to its end by a task of its own."""

    def __init__(self, command: LoginCommand, *, limit: timedelta) -> None:
        self.login_id = secrets.token_urlsafe(16)
        self._command = command
        self._url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._said: deque[str] = deque(maxlen=20)
        self._has_code = False
        self._task = asyncio.create_task(self._attend(limit), name="claude-login")

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for its code."""
        return not self._has_code and not self._task.done()

    async def find_url(self) -> str:
        """Return where to sign in. Raises Unavailable with LOGIN_UNAVAILABLE."""
        either: set[asyncio.Future[Any]] = {self._url, self._task}
        await asyncio.wait(
            either, timeout=_ADDRESS_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        if self._task.cancelled():
            raise _unavailable("it was ended before it showed an address")
        if not self._url.done():
            raise _unavailable("it shows no address to sign in at")
        return self._url.result()

    async def finish(self, code: str) -> None:
        """Return when it is logged in. Raises InvalidArgument with LOGIN_REFUSED."""
        self._has_code = True
        await self._command.answer(code)
        await asyncio.wait({self._task}, timeout=_ANSWER_SECONDS)
        if not self._task.done():
            await finish(self.end())
            raise _refused("no answer came in time")
        if self._task.cancelled():
            raise _refused("it was ended by another login")
        if self._task.result() != 0:
            raise _refused(self._refusal(code))

    async def end(self) -> None:
        """End it; its process is gone when this returns."""
        self._task.cancel()
        await asyncio.wait({self._task})
        # Where the task had not begun, it has not ended it either.
        await self._command.kill()

    async def _attend(self, limit: timedelta) -> int | None:
        try:
            async with asyncio.timeout(limit.total_seconds()):
                async for line in self._command.lines():
                    self._hear(line)
                return await self._command.wait()
        except (TimeoutError, CliStreamBroken):
            return None
        finally:
            await self._command.kill()

    def _hear(self, line: str) -> None:
        # Some builds print it on a line of its own, others behind words.
        address = line.rpartition(" ")[2]
        if not self._url.done() and _is_address(address):
            self._url.set_result(address)
        else:
            self._said.append(line)

    def _refusal(self, code: str) -> str:
        """Return the CLI's own words, unless they repeat the code."""
        # Behind the prompt for the code, which ends in no line's end.
        told = [line.partition(_REFUSAL)[2] for line in self._said]
        words = next(filter(None, reversed(told)), "")
        secret = [part for part in code.split("#") if len(part) >= _SECRET_CHARACTERS]
        if not words.isprintable() or any(part in words for part in secret):
            words = ""
        return words[:_MAX_REFUSAL_CHARACTERS] or "the Claude CLI does not say why"


def _is_address(word: str) -> bool:
    try:
        parts = urlsplit(word)
        host = parts.hostname
    except ValueError:
        return False
    is_plain = word.isascii() and word.isprintable() and "@" not in word
    return is_plain and parts.scheme == "https" and bool(host)


def _refused(why: str) -> InvalidArgument:
    why = why.rstrip(".")
    return InvalidArgument("LOGIN_REFUSED", f"The login failed: {why}. Begin again.")


def _unavailable(why: str | None) -> Unavailable:
    return Unavailable(
        "LOGIN_UNAVAILABLE",
        f"The Claude CLI's login does not work on this runner: {why}.",
        retry_after=_RETRY,
    )
