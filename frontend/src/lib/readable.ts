/** The kinds of document that can be read, in words and as file name endings. */
export const READABLE_WORDS = "Markdown, plain text, PDF, Word, PowerPoint or HTML";
export const READABLE_ENDINGS = ".md,.markdown,.txt,.pdf,.docx,.pptx,.html,.htm";
