// Any vendor's fields become a form, and what the form posts is what the merchant meant.
import { expect, test } from "vitest";
import {
  draftOf,
  hasFiles,
  maskedSecrets,
  pickedDraft,
  postedDraft,
  postedForm,
  sameDraft,
  valuesInMaking,
} from "#app/ui/draft.ts";
import { defineFields, maskValues, readForm } from "#app/vendors/fields.ts";

const fields = defineFields([
  { key: "baseUrl", kind: "url", label: "Address", default: "https://api.example.com" },
  { key: "apiKey", kind: "secret", label: "API key" },
  { key: "limit", kind: "number", label: "Limit", required: false },
  { key: "notes", kind: "toggle", label: "Send notes", default: true },
  {
    key: "speed",
    kind: "choice",
    label: "Speed",
    choices: [{ value: "fast", label: "Fast" }],
    required: false,
  },
  {
    key: "codes",
    kind: "list",
    label: "Codes",
    required: false,
    fields: [
      { key: "name", kind: "text", label: "Name" },
      { key: "express", kind: "toggle", label: "Express", default: false },
    ],
  },
]);

const stored = {
  baseUrl: "https://eu.example.com",
  apiKey: "a-very-long-secret-key",
  limit: 12.5,
  notes: false,
  speed: "fast",
  codes: [{ name: "Standard", express: true }],
};

function post(draft: ReturnType<typeof draftOf>): FormData {
  const form = new FormData();
  for (const [name, value] of postedDraft(fields, draft)) form.append(name, value);
  return form;
}

test("an empty form starts with the vendor's defaults", () => {
  expect(draftOf(fields, {})).toEqual({
    baseUrl: "https://api.example.com",
    apiKey: "",
    limit: "",
    notes: true,
    speed: "",
    codes: [],
  });
});

test("saving a form that nobody touched changes nothing, the secret included", () => {
  const shown = maskValues(fields, stored);

  const result = readForm(fields, post(draftOf(fields, shown)), stored);

  expect(result).toEqual({ values: stored });
});

test("a stored secret never stands in the form, only its first characters as a hint", () => {
  const shown = maskValues(fields, stored);

  expect(draftOf(fields, shown)["apiKey"]).toBe("");
  expect(maskedSecrets(fields, shown)).toEqual({ apiKey: "a-very…•••" });
  expect(maskedSecrets(fields, {})).toEqual({ apiKey: "" });
});

test("a change is seen, also inside a list", () => {
  const before = draftOf(fields, stored);
  const after = { ...before, codes: [{ name: "Standard", express: false }] };

  expect(sameDraft(before, draftOf(fields, stored))).toBe(true);
  expect(sameDraft(before, after)).toBe(false);
});

test("an added row with nothing in it is refused beside its own field", () => {
  const draft = { ...draftOf(fields, stored), codes: [{ name: "", express: false }] };

  expect(readForm(fields, post(draft), stored)).toEqual({ errors: { "codes.0.name": "Name is missing." } });
});

test("choosing from the vendor's list fills in what the list says and keeps the rest", () => {
  const before = { ...draftOf(fields, {}), speed: "fast" };

  const after = pickedDraft(fields, before, { limit: 3, codes: [{ name: "A" }], unknown: "x" });

  expect(after).toEqual({ ...before, limit: "3", codes: [{ name: "A", express: false }] });
});

const withFile = defineFields([
  { key: "title", kind: "text", label: "Title" },
  { key: "photo", kind: "file", label: "Photo", accept: "image/png", maxBytes: 1000 },
]);

test("a chosen file is posted with its name, beside the texts", async () => {
  const photo = new File([new Uint8Array([1, 2, 3])], "cat.png", { type: "image/png" });
  const draft = { ...draftOf(withFile, {}), title: "Cat", photo };

  const form = postedForm(withFile, draft);

  const posted = form.get("photo");
  expect(form.get("title")).toBe("Cat");
  expect(posted instanceof File && [posted.name, posted.size]).toEqual(["cat.png", 3]);
  expect([hasFiles(withFile, draft), hasFiles(withFile, draftOf(withFile, {}))]).toEqual([true, false]);
});

test("a form that is being filled in is read without complaint: numbers as numbers, what is empty left out", () => {
  const draft = { ...draftOf(fields, {}), limit: "12,5", codes: [{ name: " A ", express: true }, {}] };

  expect(valuesInMaking(fields, draft)).toEqual({
    baseUrl: "https://api.example.com",
    limit: 12.5,
    notes: true,
    codes: [{ name: "A", express: true }, {}],
  });
  expect(valuesInMaking(fields, { limit: "many" })).toMatchObject({ limit: "many" });
});
