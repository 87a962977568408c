// A form that its page posts itself. After a refusal the keyboard is where the first reason is.
import type { ReactNode } from "react";
import { useFocusError } from "./focus-error.ts";

interface PageFormProps {
  /** A new object for each answer; `noErrors` while there is none. */
  errors: Record<string, string>;
  onSubmit: () => void;
  children: ReactNode;
}

/** The form around its fields and its button. */
export function PageForm({ errors, onSubmit, children }: PageFormProps) {
  const form = useFocusError<HTMLFormElement>(errors);
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
