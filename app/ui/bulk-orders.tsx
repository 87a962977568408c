// What can be done with the chosen rows of the orders page: a vendor's tools, and the files vendors made as one ZIP.
import { useNavigate } from "@remix-run/react";
import { useState } from "react";
import { fetchFile } from "./download.ts";
import type { OrdersPage } from "./orders-page.server.ts";
import { withChosen } from "./tools.ts";

/** As Polaris's table takes them. */
export interface BulkAction {
  content: string;
  disabled?: boolean;
  onAction: () => void;
}

/** The actions, and why the last one was not done. */
export function useBulkActions(page: Pick<OrdersPage, "rows" | "tools" | "hasFiles">, chosen: string[]) {
  const navigate = useNavigate();
  const [isSaving, setIsSaving] = useState(false);
  const [refused, setRefused] = useState("");
  const rows = page.rows.filter(({ id }) => chosen.includes(id));
  const parts = rows.flatMap(({ parts }) => parts.filter(({ hasFiles }) => hasFiles)).map(({ id }) => id);
  const save = async (): Promise<void> => {
    setRefused("");
    if (parts.length === 0) {
      setRefused("No vendor makes files for the chosen orders, or none of them was sent yet.");
      return;
    }
    setIsSaving(true);
    const post = new FormData();
    for (const id of parts) post.append("ids", id);
    const answer = await fetchFile("/app/files/zip", { name: "print-files.zip", post });
    if ("refused" in answer) setRefused(answer.refused);
    setIsSaving(false);
  };
  const files: BulkAction[] = page.hasFiles
    ? [
        {
          content: isSaving ? "Collecting the files…" : "Download print files (ZIP)",
          disabled: isSaving,
          onAction: () => void save(),
        },
      ]
    : [];
  const tools = page.tools.map(({ label, to }): BulkAction => ({
    content: label,
    onAction: () => navigate(withChosen(to, chosen)),
  }));
  return { files, tools, isSaving, refused, dismiss: () => setRefused("") };
}
