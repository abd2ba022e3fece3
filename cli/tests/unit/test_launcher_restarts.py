"""How often a service that dies is started again."""

from datetime import timedelta

from roundtable_cli.launcher.restarts import RestartPolicy, Restarts


def test_wait_doubles_up_to_the_limit() -> None:
    """Five deaths in a minute are forgiven with growing waits, the sixth is not."""
    restarts = Restarts(RestartPolicy())

    delays = [restarts.delay_after_death(float(second)) for second in range(6)]

    seconds = [delay.total_seconds() if delay else None for delay in delays]
    assert seconds == [0.5, 1, 2, 4, 8, None]


def test_old_deaths_are_forgotten() -> None:
    """A service that dies once a minute is always started again, without a wait."""
    policy = RestartPolicy(limit=1, first_delay=timedelta(seconds=1))
    restarts = Restarts(policy)

    delays = [restarts.delay_after_death(minute * 60.0) for minute in range(10)]

    assert delays == [timedelta(seconds=1)] * 10
