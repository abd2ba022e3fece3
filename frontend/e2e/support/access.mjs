/** Who may come in: anybody (local), or who has signed in with a token. */

import { randomUUID } from "node:crypto";

const PEOPLE = { rt_ada: "ada@example.org", rt_ben: "ben@example.org" };
const COOKIE = "__Host-roundtable";
const RULES = "Path=/; Secure; HttpOnly; SameSite=Lax";

export function createAccess(auth) {
  const signedIn = new Map();

  function keyOf(request) {
    const cookies = (request.headers.cookie ?? "").split("; ");
    const own = cookies.find((each) => each.startsWith(`${COOKIE}=`));
    return own?.slice(COOKIE.length + 1);
  }

  return {
    callerOf(request) {
      if (auth === "local") {
        return { email: "owner@localhost", role: "admin", auth };
      }
      const email = signedIn.get(keyOf(request));
      return email === undefined ? null : { email, role: "member", auth };
    },
    /** The cookie to set, or null for a token that is not known. */
    signIn(token) {
      if (!(token in PEOPLE)) return null;
      const key = randomUUID();
      signedIn.set(key, PEOPLE[token]);
      return `${COOKIE}=${key}; ${RULES}`;
    },
    signOut(request) {
      signedIn.delete(keyOf(request));
      return `${COOKIE}=; Max-Age=0; ${RULES}`;
    },
    endAll() {
      signedIn.clear();
    },
  };
}
