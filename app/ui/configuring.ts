// A product in the making, completed by its vendor while the merchant chooses: asked a moment after each change,
// and only the answer to what stands in the form now is used.
import { useFetcher } from "@remix-run/react";
import { useEffect, useState } from "react";
import type { Field } from "../vendors/fields.ts";
import type { Configured, VariantOptions } from "../vendors/vendor.ts";
import { pickedDraft, valuesInMaking, type Draft } from "./draft.ts";
import type { Mapped } from "./mapping-page.server.ts";

// Long enough that a word is typed to its end, short enough that a choice feels answered.
const pauseMs = 400;

interface Making {
  connection: { id: string; fields: readonly Field[]; hasConfigurator: boolean } | undefined;
  draft: Draft;
  /** Of the variant that the product is for. */
  options: VariantOptions;
  /** False while the form is as it was opened: what the vendor would fill in is then not taken over. */
  isTouched: boolean;
  onFill: (draft: Draft) => void;
}

/** What the form shows of it. `configured` is the last answer there was for this connection. */
export interface Configuring {
  configured: Configured | undefined;
  /** Why the vendor did not answer the last question; the form goes on as a plain one. */
  trouble: string | undefined;
  isAsking: boolean;
}

/** Asks the vendor; does nothing for a vendor without a configurator. */
export function useConfigurator({ connection, draft, options, isTouched, onFill }: Making): Configuring {
  const fetcher = useFetcher<Mapped>();
  const { submit } = fetcher;
  // Answers belong to a connection: another vendor's choices must not appear for a moment.
  const [last, setLast] = useState<{ connectionId: string; configured: Configured }>();
  const [seen, setSeen] = useState<Mapped>();
  const [settled, setSettled] = useState("");
  const fields = connection?.fields ?? [];
  const connectionId = connection?.hasConfigurator ? connection.id : undefined;
  const asked =
    connectionId === undefined ? "" : `${connectionId} ${JSON.stringify(valuesInMaking(fields, draft))}`;

  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  if (answer && answer !== seen) {
    setSeen(answer);
    if ("configured" in answer && connection && answer.configured.asked === asked) {
      setLast({ connectionId: connection.id, configured: answer.configured.made });
      const filled = isTouched ? pickedDraft(fields, draft, answer.configured.made.product) : draft;
      // What the vendor itself filled in is not asked about again.
      setSettled(`${connection.id} ${JSON.stringify(valuesInMaking(fields, filled))}`);
      if (isTouched) onFill(filled);
    }
  }

  const said = JSON.stringify(options);
  const isDue = asked !== "" && asked !== settled;
  useEffect(() => {
    if (!isDue || connectionId === undefined) return undefined;
    const timer = setTimeout(() => {
      const product = asked.slice(connectionId.length + 1);
      submit({ intent: "configure", connectionId, product, options: said }, { method: "post" });
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [asked, isDue, connectionId, said, submit]);

  return {
    configured: last && last.connectionId === connectionId ? last.configured : undefined,
    trouble:
      answer && "refused" in answer && connectionId !== undefined && fetcher.state === "idle"
        ? answer.refused
        : undefined,
    isAsking: fetcher.state !== "idle",
  };
}
