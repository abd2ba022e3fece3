import Link from "next/link";

import { paths } from "@/config/paths";

export default function NotFound() {
  return (
    <main className="message-page">
      <h1>There is no page at this address.</h1>
      <p>
        The link may be old. <Link href={paths.start}>Start a review</Link> or
        pick one of your runs there.
      </p>
    </main>
  );
}
