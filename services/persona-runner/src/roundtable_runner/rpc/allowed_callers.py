"""Who may call the runner: every method of its services, and the services allowed.

The store is in none of them. A new method needs its line here before the runner starts.
"""

from roundtable_kit.callers import CallerTable

_GATEWAY = frozenset({"gateway"})

ALLOWED_CALLERS: CallerTable = {
    "/roundtable.runner.v1.TurnService/StartTurn": _GATEWAY,
    "/roundtable.runner.v1.TurnService/AttachTurn": _GATEWAY,
    "/roundtable.runner.v1.TurnService/CancelTurn": _GATEWAY,
    "/roundtable.runner.v1.RunnerService/GetRunner": _GATEWAY,
    "/roundtable.runner.v1.AccountService/StartLogin": _GATEWAY,
    "/roundtable.runner.v1.AccountService/FinishLogin": _GATEWAY,
    "/roundtable.runner.v1.AccountService/LogOut": _GATEWAY,
    "/roundtable.runner.v1.AccountService/TestAccount": _GATEWAY,
}
