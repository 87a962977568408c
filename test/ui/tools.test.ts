// A vendor's tools: where they are, what was chosen for them, and what of their answers a page may show.
import { expect, test } from "vitest";
import { nameIn, sizeText } from "#app/ui/download.ts";
import { safeLink, safePicture } from "#app/ui/links.ts";
import { readLimited } from "#app/ui/posted.server.ts";
import {
  inGroups,
  maxChosen,
  offeredTools,
  readChosen,
  toolAddress,
  withChosen,
  type ToolView,
} from "#app/ui/tools.ts";

const aTool = (id: string, takes?: "orders" | "products"): ToolView => ({
  id,
  label: `Tool ${id}`,
  help: "",
  group: takes ?? "Account",
  takes,
});

test("what was chosen on a list arrives on the tool's page, and nothing that is no id", () => {
  const to = toolAddress({ vendor: "oms", connection: "c-1", tool: "batches" });
  const query = new URL(withChosen(to, ["12", "5f0e"]), "https://app.example.com").searchParams;

  expect(query.get("connection")).toBe("c-1");
  expect(readChosen(query.get("ids"))).toEqual(["12", "5f0e"]);
  expect(readChosen("12,12,../x,<b>,")).toEqual(["12"]);
  expect(readChosen(null)).toEqual([]);
});

test("more than a page of choices is cut, so that the address stays short", () => {
  const many = Array.from({ length: 80 }, (_, index) => String(index));

  const chosen = new URL(withChosen("/tool?connection=1", many), "https://app.example.com");

  expect(readChosen(chosen.searchParams.get("ids"))).toHaveLength(maxChosen);
});

test("a list offers the tools that take its rows, named by connection", () => {
  const connections = [
    { id: "1", vendor: "oms", label: "OMS Berlin", tools: [aTool("a", "orders"), aTool("b")] },
    { id: "2", vendor: "oms", label: "OMS Kyiv", tools: [aTool("a", "orders"), aTool("c", "products")] },
  ];

  expect(offeredTools(connections, "orders")).toEqual([
    { label: "Tool a (OMS Berlin)", to: "/app/vendors/oms/tools/a?connection=1" },
    { label: "Tool a (OMS Kyiv)", to: "/app/vendors/oms/tools/a?connection=2" },
  ]);
});

test("tools stand under their headings in the vendor's order", () => {
  const groups = inGroups([aTool("a"), aTool("b", "orders"), aTool("c")]);

  expect(groups.map(({ group, tools }) => [group, tools.map(({ id }) => id)])).toEqual([
    ["Account", ["a", "c"]],
    ["orders", ["b"]],
  ]);
});

test("only web addresses become links and pictures", () => {
  expect(safeLink("https://v.example.com/a?b=c")).toBe("https://v.example.com/a?b=c");
  for (const bad of ["javascript:alert(1)", "data:text/html,x", "//v.example.com", "https://", "", null])
    expect(safeLink(bad)).toBeUndefined();
  expect(safePicture("data:image/png;base64,iVBORw0KGgo=")).toBe("data:image/png;base64,iVBORw0KGgo=");
  expect(safePicture("data:image/svg+xml;base64,PHN2Zz4=")).toBeUndefined();
});

test("a file keeps the name its vendor gave it, in any script", () => {
  expect(nameIn(`attachment; filename="M-1001.pdf"; filename*=UTF-8''M-1001%20%C5%81.pdf`)).toBe(
    "M-1001 Ł.pdf",
  );
  expect(nameIn('attachment; filename="a.zip"')).toBe("a.zip");
  expect(nameIn("attachment; filename*=UTF-8''%E0%A4%A")).toBeUndefined();
  expect(nameIn(null)).toBeUndefined();
  expect([sizeText(12), sizeText(15_400), sizeText(5 * 1024 * 1024)]).toEqual(["12 bytes", "15 KB", "5 MB"]);
});

test("a form that is too large is refused while it arrives, whatever its length says", async () => {
  const form = new FormData();
  form.set("photo", new File([new Uint8Array(5000)], "a.png"));
  const whole = new Request("https://app.example.com", { method: "POST", body: form });
  const same = whole.clone();
  const claimed = new Request("https://app.example.com", {
    method: "POST",
    body: "x",
    headers: { "content-length": "999999" },
  });

  expect((await readLimited(whole, 10_000))?.get("photo")).toBeInstanceOf(File);
  expect(await readLimited(same, 4000)).toBeUndefined();
  expect(await readLimited(claimed, 10)).toBeUndefined();
});
