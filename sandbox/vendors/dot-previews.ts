// A shopper's photo in, dot paintings to choose from out: MGE's preview routes.
// Source: MGE DOT guide, "Flow B: Preview => Order", read 2026-11-22.
import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import { dotSizes, dotVariants, speeds } from "./dot-catalogue.ts";
import { fieldMap } from "./dot-orders.ts";
import { pictureTrouble } from "./pictures.ts";
import { html, json, type Call, type Reply, type Route } from "./stand-in.ts";
import type { Trouble } from "./strict.ts";

/** One look at one size. Valid with every SKU of that size, until it expires. */
export interface PreviewOption {
  id: string;
  variant: string;
  size: string;
  madeAt: number;
  picture: string;
}

interface Preview {
  id: string;
  polls: number;
  size: string;
  options: PreviewOption[];
  seed: string;
  createdAt: string;
}

export interface PreviewSettings {
  url: string;
  now: () => Date;
  brandId: number;
  /** How often a GET still answers PROCESSING. */
  pollsUntilDone: number;
  expireAfterSeconds: number;
}

const looks: Record<string, string> = { source: "True to the photo", drama: "Dramatic" };
const known = new Set([
  "brand_id",
  "products",
  "comparison_count",
  "auto_enhance",
  "auto_crop",
  "preferred_size",
  "preview_options",
  "image",
]);

/** The preview routes, and what an order needs to know of the options made. */
export function createPreviews(settings: PreviewSettings) {
  const previews = new Map<string, Preview>();
  const options = new Map<string, { option: PreviewOption; seed: string }>();

  async function create(call: Call): Promise<Reply> {
    const read = await readForm(call.form ?? new FormData(), settings.brandId);
    if ("troubles" in read) return json(400, fieldMap(read.troubles));
    if (read.foreignBrand) return json(403, { detail: "You do not have permission to use this brand." });
    const id = randomUUID();
    const seed = createHash("sha256").update(id).digest("hex");
    const made = read.looks.map((variant): PreviewOption => {
      const optionId = randomUUID();
      const picture = `${settings.url}/media/previews/${optionId}.svg`;
      return { id: optionId, variant, size: read.size, madeAt: settings.now().getTime(), picture };
    });
    for (const option of made) options.set(option.id, { option, seed });
    const createdAt = settings.now().toISOString();
    previews.set(id, { id, polls: 0, size: read.size, options: made, seed, createdAt });
    return json(201, { preview_id: id, status: "PROCESSING", created_at: createdAt });
  }

  function status(preview: Preview): "PROCESSING" | "COMPLETED" {
    return preview.polls > settings.pollsUntilDone ? "COMPLETED" : "PROCESSING";
  }

  function show(call: Call): Reply {
    const preview = previews.get(call.params[0] ?? "");
    if (!preview) return json(404, { detail: "Not found." });
    preview.polls += 1;
    const done = status(preview) === "COMPLETED";
    return json(200, {
      preview_id: preview.id,
      status: status(preview),
      products: ["DOT"],
      created_at: preview.createdAt,
      // The first picture is there before the rest: a picture is no sign that the preview is complete.
      previews: preview.options.map((option, at) => ({
        product: "DOT",
        variant: option.variant,
        label: looks[option.variant],
        size: option.size,
        preview_option_id: done ? option.id : null,
        preview_url: done || at === 0 ? option.picture : null,
      })),
    });
  }

  function purchaseOptions(call: Call): Reply {
    const preview = previews.get(call.params[0] ?? "");
    if (!preview) return json(404, { detail: "Not found." });
    const rows = status(preview) === "COMPLETED" ? preview.options.flatMap(rowsOf) : [];
    return json(200, { preview_id: preview.id, purchase_options: rows });
  }

  function picture(call: Call): Reply {
    const found = options.get((call.params[0] ?? "").replace(/\.svg$/, ""));
    if (!found) return html(404, "<h1>Not Found</h1>");
    return { status: 200, text: dots(`${found.seed}${found.option.variant}`), type: "image/svg+xml" };
  }

  const routes: Route[] = [
    { method: "POST", path: "/api/v1/preview/", takes: "form", answer: create },
    { method: "GET", path: "/api/v1/preview/*/", answer: show },
    { method: "GET", path: "/api/v1/preview/*/purchase-options/", answer: purchaseOptions },
    { method: "GET", path: "/media/previews/*", aside: true, answer: picture },
  ];

  return {
    routes,
    find: (id: string): PreviewOption | undefined => options.get(id)?.option,
    expired: (option: PreviewOption): boolean =>
      settings.now().getTime() - option.madeAt > settings.expireAfterSeconds * 1000,
    reset(): void {
      previews.clear();
      options.clear();
    },
  };
}

function rowsOf(option: PreviewOption) {
  return dotVariants
    .filter((variant) => variant.size === option.size)
    .map((variant) => ({
      preview_option_id: option.id,
      order_line: { sku: variant.code, quantity: 1, preview_option_id: option.id },
      unit_price: variant.unit_price,
      currency: "EUR",
      product: "DOT",
      label: `${looks[option.variant] ?? option.variant}, ${variant.size_display}`,
      description: `${variant.frame_display}, ${variant.color.toLowerCase()}`,
      preview_url: option.picture,
      mockup_url: option.picture,
      frame: { code: variant.frame, label: variant.frame_display },
      production_speed: { code: variant.manufacturing, label: speeds[variant.manufacturing] },
    }));
}

interface ReadForm {
  looks: string[];
  size: string;
  foreignBrand: boolean;
}

const lookListSchema = z.strictObject({
  DOT: z.array(z.strictObject({ variant: z.enum(Object.keys(looks)) })).min(1),
});

/** `products` may be the guide's JSON list or a repeated field: partners were seen to send the latter. */
async function readForm(form: FormData, brandId: number): Promise<ReadForm | { troubles: Trouble[] }> {
  const troubles: Trouble[] = [];
  const wrong = (field: string, text: string): void =>
    void troubles.push({ path: [field], kind: "wrong", text });
  for (const name of form.keys()) if (!known.has(name)) wrong(name, "Unknown field.");

  const brand = form.get("brand_id");
  if (typeof brand !== "string") wrong("brand_id", "This field is required.");
  else if (!/^\d+$/.test(brand)) wrong("brand_id", "A valid integer is required.");

  const products = form.getAll("products");
  if (products.length === 0) wrong("products", "This field is required.");
  else if (!products.every((one) => one === "DOT") && JSON.stringify(parsed(products[0])) !== '["DOT"]') {
    wrong("products", 'Use ["DOT"].');
  }
  for (const flag of ["auto_enhance", "auto_crop"]) {
    if (!["true", "false", null].includes(asText(form, flag))) wrong(flag, "Must be a valid boolean.");
  }
  if (!/^[1-9]$/.test(asText(form, "comparison_count") ?? "1"))
    wrong("comparison_count", "A valid integer is required.");
  const size = asText(form, "preferred_size") ?? "40X50";
  if (!dotSizes.includes(size)) wrong("preferred_size", `"${size}" is not a valid choice.`);

  const asked = asText(form, "preview_options");
  const read = lookListSchema.safeParse(asked === null ? { DOT: [{ variant: "source" }] } : parsed(asked));
  if (!read.success) wrong("preview_options", z.prettifyError(read.error));

  const image = form.get("image");
  const trouble = image instanceof File ? await pictureTrouble(image) : "No file was submitted.";
  if (trouble !== undefined) wrong("image", trouble);
  if (troubles.length > 0 || !read.success) return { troubles };
  return { looks: read.data.DOT.map((one) => one.variant), size, foreignBrand: Number(brand) !== brandId };
}

function asText(form: FormData, name: string): string | null {
  const value = form.get(name);
  return typeof value === "string" ? value : value === null ? null : "(file)";
}

function parsed(text: FormDataEntryValue | undefined): unknown {
  try {
    return typeof text === "string" ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

/** A small field of dots in the colours of a seed: stands for the painting until there is a painter. */
function dots(seed: string): string {
  const bytes = createHash("sha512").update(seed).digest();
  const palette = [0, 1, 2, 3, 4].map((at) => `hsl(${(bytes[at] ?? 0) * 1.41} 65% ${30 + at * 13}%)`);
  const circles = Array.from({ length: 20 * 25 }, (_, at) => {
    const [x, y] = [at % 20, Math.floor(at / 20)];
    const tone = Math.abs(Math.sin((x - 10) / 4 + (bytes[5] ?? 0)) + Math.cos((y - 12) / 5)) * 2.4;
    return `<circle cx="${x * 10 + 5}" cy="${y * 10 + 5}" r="4.2" fill="${palette[Math.floor(tone)] ?? "#222"}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 250" width="400" height="500"><rect width="200" height="250" fill="#f6f1e7"/>${circles.join("")}</svg>`;
}
