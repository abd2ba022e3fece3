import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";

import { SiteHeader } from "@/components/site-header";
import { Account } from "@/features/sign-in/account";
import { SignInGate } from "@/features/sign-in/sign-in-gate";

import "@/styles/tokens.css";
import "@/styles/base.css";

export const metadata: Metadata = {
  title: "Persona Roundtable",
  description: "A panel of reviewers reads your document.",
  referrer: "no-referrer",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f1f0ec" },
    { media: "(prefers-color-scheme: dark)", color: "#131417" },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <SiteHeader>
          <Account />
        </SiteHeader>
        <div id="main">
          <SignInGate>{children}</SignInGate>
        </div>
      </body>
    </html>
  );
}
