/** The document, personas and panels that the fixture server knows. */

const PARAGRAPHS = [
  ["Northlight Vault", "Northlight Vault"],
  [
    "Northlight Vault is the most secure document store ever built. Your contracts, board papers and customer files live in one place that nobody but you can open. 🔐 Trusted by thousands of teams, it is ready for your hardest audit.",
    "Northlight Vault",
  ],
  ["Why teams switch", "Why teams switch"],
  [
    "Setting up takes minutes. Invite your colleagues, drag your folders in, and Vault encrypts every byte with military-grade encryption. There is no server to patch and no agent to install, so your IT staff will hardly notice that it is there.",
    "Why teams switch",
  ],
  [
    "We process everything in data centres within the European Union. Support engineers may look into stored files when a case requires it. All access is logged for 30 days.",
    "Why teams switch",
  ],
  ["What it costs", "What it costs"],
  [
    "Plans start at €9 per seat and month. Larger teams get a discount. Storage is unlimited under fair use, and you can leave whenever you like: we delete your data within a reasonable time.",
    "What it costs",
  ],
  [
    "Vault integrates with the tools you already use, including SSO, and is fully compliant with all relevant regulations. Our SOC 2 report will follow in due course.",
    "What it costs",
  ],
  [
    "Contact us to learn more. 🚀 Early customers get the first 90 days free, and migration is on us for the first 60 days.",
    "What it costs",
  ],
];

export const TEXT = PARAGRAPHS.map(([text]) => text).join("\n\n");

/** A heading's own one is that of the section before, as the gateway has it. */
function headingOf([text, heading], index) {
  return text === heading ? (PARAGRAPHS[index - 1]?.[1] ?? null) : heading;
}

/** Offsets count code points, as the gateway's do. */
function length(text) {
  return Array.from(text).length;
}

export function paragraphsOf(text, headings = []) {
  let start = 0;
  return text.split("\n\n").map((part, index) => {
    const paragraph = {
      id: `P${index + 1}`,
      start,
      end: start + length(part),
      text: part,
      page: null,
      heading: headings[index] ?? null,
    };
    start = paragraph.end + 2;
    return paragraph;
  });
}

export function documentOf(id, title, text, filename = "pasted.md") {
  return {
    id,
    title,
    filename,
    media_type: "text/markdown",
    size_bytes: Buffer.byteLength(text),
    sha256: "0".repeat(64),
    page_count: null,
    word_count: text.split(/\s+/).filter(Boolean).length,
    paragraph_count: text.split("\n\n").length,
    warnings: [
      {
        code: "HIDDEN_TEXT",
        detail: "One line of hidden text was found; the panel sees it too.",
      },
    ],
    revision: 1,
    revision_of: null,
    create_time: "2026-11-23T07:00:00Z",
  };
}

export const SAMPLE = {
  document: documentOf("doc-sample", "Northlight Vault: launch page", TEXT),
  text: TEXT,
  paragraphs: paragraphsOf(
    TEXT,
    PARAGRAPHS.map(headingOf),
  ),
};

function persona(id, name, role, summary, owns, questions) {
  return {
    id,
    version: 1,
    name,
    role,
    pack: "security-buyers",
    summary,
    background: "",
    priorities: [],
    pet_peeves: [],
    objections: [],
    convinced_by: "",
    voice: "",
    influences: "",
    authority: "",
    owns,
    ignores: [],
    questions,
    method: "attack",
    strictness: 4,
    built_in: true,
    etag: "1",
  };
}

export const PERSONAS = [
  persona(
    "ciso",
    "Mara Lindqvist",
    "Chief information security officer",
    "Signs for the risk. Wants proof before promise.",
    ["evidence", "security"],
    [
      "Which claim could I not defend to my board?",
      "Who can read our data besides us?",
      "What happens on the worst day?",
    ],
  ),
  persona(
    "compliance",
    "Teodor Vasile",
    "Compliance officer",
    "Reads for what is promised, and for what is left out.",
    ["data_protection", "consistency"],
    [
      "Which regulation is meant, by name?",
      "Where does the data go, and for how long?",
      "Do two sentences contradict each other?",
    ],
  ),
  persona(
    "it-admin",
    "Priya Raman",
    "IT administrator",
    "Has to run it on Monday morning.",
    ["clarity", "operability"],
    [
      "What do I have to do, step by step?",
      "What breaks when it is down?",
      "Which words hide work?",
    ],
  ),
  persona(
    "cio",
    "Jonas Feld",
    "Chief information officer",
    "Pays for it, and has to explain why.",
    ["audience_fit", "cost"],
    [
      "What does it cost in year two?",
      "Why this and not what we have?",
      "What is the next step?",
    ],
  ),
  persona(
    "auditor",
    "Ines Okafor",
    "IT auditor",
    "Trusts records, not adjectives.",
    ["evidence", "completeness"],
    [
      "Where is the record of it?",
      "Is the period stated?",
      "Who attests to it?",
    ],
  ),
];

function panel(id, name, ids) {
  return {
    id,
    name,
    seats: ids.map((persona_id) => ({ persona_id, model: null })),
    discussion_rounds: 1,
    control: true,
    built_in: true,
    etag: "1",
  };
}

export const PANELS = [
  panel(
    "security-buyers",
    "Security buyers",
    PERSONAS.map(({ id }) => id),
  ),
  panel("plain-readers", "Plain readers", ["it-admin", "cio"]),
];
