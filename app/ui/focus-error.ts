// After a form was refused: puts the keyboard where the first reason stands, so that nobody has to look for it.
import { useEffect, useRef, type RefObject } from "react";

/**
 * Give the result to the element around the form. Whenever `errors` is a new answer with something in it, the first
 * input that is wrong gets the focus, else the form itself comes into view with its banner on top.
 */
export function useFocusError<Element extends HTMLElement>(
  errors: Record<string, string>,
): RefObject<Element> {
  const form = useRef<Element>(null);
  useEffect(() => {
    if (Object.keys(errors).length === 0) return;
    // A file's input is drawn by Polaris without a mark of its own; the element around it has one.
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid] input');
    if (wrong) wrong.focus();
    else form.current?.scrollIntoView({ block: "start" });
  }, [errors]);
  return form;
}

/** No errors, always the same object, so that an effect on it does not run with every drawing. */
export const noErrors: Record<string, string> = {};
