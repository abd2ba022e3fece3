"""Who may call the store: every method of its services, and the services allowed.

The runner is in none of them. A new method needs its line here before the store starts.
"""

from roundtable_kit.callers import CallerTable

_GATEWAY = frozenset({"gateway"})

ALLOWED_CALLERS: CallerTable = {
    "/roundtable.store.v1.DocumentService/CreateDocument": _GATEWAY,
    "/roundtable.store.v1.DocumentService/GetDocument": _GATEWAY,
    "/roundtable.store.v1.DocumentService/ListDocuments": _GATEWAY,
    "/roundtable.store.v1.DocumentService/ReadDocumentText": _GATEWAY,
    "/roundtable.store.v1.DocumentService/ReadDocumentContent": _GATEWAY,
    "/roundtable.store.v1.DocumentService/DeleteDocument": _GATEWAY,
    "/roundtable.store.v1.RunService/CreateRun": _GATEWAY,
    "/roundtable.store.v1.RunService/GetRun": _GATEWAY,
    "/roundtable.store.v1.RunService/ListRuns": _GATEWAY,
    "/roundtable.store.v1.RunService/DeleteRun": _GATEWAY,
    "/roundtable.store.v1.RunService/CancelRun": _GATEWAY,
    "/roundtable.store.v1.RunService/RetryRun": _GATEWAY,
    "/roundtable.store.v1.RunService/SetDisposition": _GATEWAY,
    "/roundtable.store.v1.RunService/AskQuestion": _GATEWAY,
    "/roundtable.store.v1.RunService/ListEvents": _GATEWAY,
    "/roundtable.store.v1.RunService/WatchEvents": _GATEWAY,
    "/roundtable.store.v1.ConductorService/ClaimRun": _GATEWAY,
    "/roundtable.store.v1.ConductorService/RenewLease": _GATEWAY,
    "/roundtable.store.v1.ConductorService/ReleaseLease": _GATEWAY,
    "/roundtable.store.v1.ConductorService/AppendEvents": _GATEWAY,
    "/roundtable.store.v1.ConductorService/RecordAccount": _GATEWAY,
    "/roundtable.store.v1.ConductorService/GetInstallation": _GATEWAY,
    "/roundtable.store.v1.ConductorService/GetDayUsage": _GATEWAY,
    "/roundtable.store.v1.ConductorService/ListRejections": _GATEWAY,
    "/roundtable.store.v1.TokenService/CreateToken": _GATEWAY,
    "/roundtable.store.v1.TokenService/ListTokens": _GATEWAY,
    "/roundtable.store.v1.TokenService/DeleteToken": _GATEWAY,
    "/roundtable.store.v1.TokenService/AuthenticateToken": _GATEWAY,
    "/roundtable.store.v1.TokenService/CreateSession": _GATEWAY,
    "/roundtable.store.v1.TokenService/EndSession": _GATEWAY,
    "/roundtable.store.v1.PersonaService/CreatePersonas": _GATEWAY,
    "/roundtable.store.v1.PersonaService/GetPersona": _GATEWAY,
    "/roundtable.store.v1.PersonaService/BatchGetPersonas": _GATEWAY,
    "/roundtable.store.v1.PersonaService/ListPersonas": _GATEWAY,
    "/roundtable.store.v1.PersonaService/UpdatePersona": _GATEWAY,
    "/roundtable.store.v1.PersonaService/ArchivePersona": _GATEWAY,
    "/roundtable.store.v1.PanelService/CreatePanel": _GATEWAY,
    "/roundtable.store.v1.PanelService/GetPanel": _GATEWAY,
    "/roundtable.store.v1.PanelService/ListPanels": _GATEWAY,
    "/roundtable.store.v1.PanelService/UpdatePanel": _GATEWAY,
    "/roundtable.store.v1.PanelService/DeletePanel": _GATEWAY,
}
