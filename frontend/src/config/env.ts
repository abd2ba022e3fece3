/**
 * Where the gateway answers. Empty means the page's own origin, which is how the
 * gateway serves it; another origin is set at build time.
 */
export const API_ORIGIN = readOrigin(process.env.NEXT_PUBLIC_API_URL);

function readOrigin(value: string | undefined): string {
  if (value === undefined || value === "") return "";
  if (!URL.canParse(value)) {
    throw new Error(`NEXT_PUBLIC_API_URL is not a URL: ${value}`);
  }
  return value.replace(/\/+$/, "");
}
