/** The page's own addresses. Ids travel in the query: the export is static. */
export const paths = {
  start: "/",
  startWith: (documentId: string) =>
    `/?document=${encodeURIComponent(documentId)}`,
  run: (runId: string) => `/runs/?id=${encodeURIComponent(runId)}`,
};
