"use client";

import { useSearchParams } from "next/navigation";
import type { ReactNode } from "react";

import { paths } from "@/config/paths";

import { Intake } from "./intake";
import { Prepare } from "./prepare";

/**
 * The way in: a document first, then who shall read it. The document's id stands in
 * the address, so a reload stays where the author was.
 */
export function StartView({ children }: { children: ReactNode }) {
  const documentId = useSearchParams().get("document");
  if (documentId !== null) {
    return <Prepare key={documentId} documentId={documentId} />;
  }
  return (
    <>
      <Intake
        onRead={({ id }) => {
          window.history.pushState(null, "", paths.startWith(id));
        }}
      />
      {children}
    </>
  );
}
