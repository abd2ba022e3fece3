"""The tools that tell who can be asked."""

from roundtable_cli.mcp.arguments import ListPanelsArguments, ListPersonasArguments
from roundtable_cli.mcp.gateway_calls import get_page
from roundtable_cli.mcp.results import PanelPage, PersonaPage, read_as
from roundtable_cli.mcp.tool import Answer, Call, Tool
from roundtable_cli.printable import one_line

_PAGE_SIZE = 50


async def _list_personas(call: Call, asked: ListPersonasArguments) -> Answer:
    content = await get_page(
        call.client,
        "personas",
        query=asked.query,
        pack=asked.pack,
        page_size=_PAGE_SIZE,
        page_token=asked.page_token,
    )
    page = read_as(PersonaPage, content)
    lines = [
        one_line(f"{entry.id}: {entry.name}, {entry.role} (pack {entry.pack})")
        for entry in page.personas
    ]
    return Answer(page, _listed("personas", lines, page.next_page_token))


async def _list_panels(call: Call, asked: ListPanelsArguments) -> Answer:
    content = await get_page(
        call.client, "panels", page_size=_PAGE_SIZE, page_token=asked.page_token
    )
    page = read_as(PanelPage, content)
    lines = [
        one_line(
            f"{entry.id}: {entry.name}: "
            + ", ".join(seat.persona_id for seat in entry.seats)
        )
        for entry in page.panels
    ]
    return Answer(page, _listed("panels", lines, page.next_page_token))


def _listed(what: str, lines: list[str], next_page_token: str | None) -> str:
    if not lines:
        return f"There are no such {what}."
    if next_page_token is not None:
        lines = [*lines, f"There are more: page_token {next_page_token}"]
    return "\n".join(lines)


LIST_PERSONAS = Tool(
    name="list_personas",
    title="List personas",
    description="Lists the personas who can review a document: id, name, role, pack "
    "and what they look at. review_document takes their ids as persona_ids.",
    arguments=ListPersonasArguments,
    result=PersonaPage,
    is_read_only=True,
    do=_list_personas,
)

LIST_PANELS = Tool(
    name="list_panels",
    title="List panels",
    description="Lists the panels, each a named set of personas. review_document takes "
    "a panel's id as panel_id.",
    arguments=ListPanelsArguments,
    result=PanelPage,
    is_read_only=True,
    do=_list_panels,
)
