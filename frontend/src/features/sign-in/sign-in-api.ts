import { isUnknownCaller, send, written } from "@/lib/api/client";
import type { Me } from "@/lib/api/types";

export type SignInOutcome =
  | { status: "signed_in"; me: Me }
  /** The gateway does not know the token, or no longer. */
  | { status: "not_accepted" }
  /** The token is good, but the browser did not keep the cookie made from it. */
  | { status: "not_kept" };

/**
 * Signs in with a personal access token.
 *
 * @throws ApiError when the gateway could not say whether the token is good.
 */
export async function signIn(token: string): Promise<SignInOutcome> {
  try {
    await send<unknown>("/sign-in", written({ token }));
  } catch (error) {
    if (isUnknownCaller(error)) return { status: "not_accepted" };
    throw error;
  }
  const me = await whoAmI();
  return me === null ? { status: "not_kept" } : { status: "signed_in", me };
}

/** Who the gateway takes the caller for; null if it does not know. */
export async function whoAmI(): Promise<Me | null> {
  try {
    return await send<Me>("/me");
  } catch (error) {
    if (isUnknownCaller(error)) return null;
    throw error;
  }
}

/** Signs out; one whose sign-in has ended already is signed out. */
export async function signOut(): Promise<void> {
  try {
    await send<unknown>("/sign-out", written(null));
  } catch (error) {
    if (!isUnknownCaller(error)) throw error;
  }
}
