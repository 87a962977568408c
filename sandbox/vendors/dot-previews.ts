// A shopper's photo in, dot paintings to choose from out: MGE's preview routes. The paintings are really painted.
// Source: MGE DOT guide, "Flow B: Preview => Order", read 2026-11-22.
import { randomUUID } from "node:crypto";
import sharp from "sharp";
import { z } from "zod";
import { dotSizes, dotVariants, speeds } from "./dot-catalogue.ts";
import { fieldMap } from "./dot-orders.ts";
import { looks, paint } from "./dot-painter.ts";
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
  madeAt: number;
  options: PreviewOption[];
  /** Ends when every look is painted, and says whether that worked. */
  painted: Promise<boolean>;
  outcome: "painting" | "painted" | "failed";
}

export interface PreviewSettings {
  url: string;
  now: () => Date;
  brandId: number;
  /** How often a GET still answers PROCESSING. */
  pollsUntilDone: number;
  /** How long a preview takes at least. With 0, the GET that ends the polls waits for the painter. */
  seconds: number;
  expireAfterSeconds: number;
}

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

/** Paintings kept for pages that show them; a long demo must not fill the memory. */
const mostPaintingBytes = 128 * 1024 * 1024;

/** The preview routes, and what an order needs to know of the options made. */
export function createPreviews(settings: PreviewSettings) {
  const previews = new Map<string, Preview>();
  const options = new Map<string, PreviewOption>();
  const paintings = new Map<string, Buffer>();
  let paintingBytes = 0;
  // One painting at a time: two cores are all there is, and the app under test needs one.
  let easel: Promise<unknown> = Promise.resolve();

  async function create(call: Call): Promise<Reply> {
    const read = await readForm(call.form ?? new FormData(), settings.brandId);
    if ("troubles" in read) return json(400, fieldMap(read.troubles));
    if (read.foreignBrand) return json(403, { detail: "You do not have permission to use this brand." });
    const id = randomUUID();
    const madeAt = settings.now().getTime();
    const made = read.looks.map((variant): PreviewOption => {
      const optionId = randomUUID();
      const picture = `${settings.url}/media/previews/${optionId}.webp`;
      return { id: optionId, variant, size: read.size, madeAt, picture };
    });
    for (const option of made) options.set(option.id, option);
    const painted = easel.then(() => paintAll(made, read));
    easel = painted;
    const preview: Preview = { id, polls: 0, madeAt, options: made, painted, outcome: "painting" };
    void painted.then((worked) => {
      preview.outcome = worked ? "painted" : "failed";
    });
    previews.set(id, preview);
    return json(201, { preview_id: id, status: "PROCESSING", created_at: new Date(madeAt).toISOString() });
  }

  async function paintAll(made: PreviewOption[], { photo, autoCrop }: ReadForm): Promise<boolean> {
    try {
      for (const { id, variant, size } of made) {
        const { bytes } = await paint({ photo, look: variant, size, autoCrop });
        keep(id, Buffer.from(bytes));
      }
      return true;
    } catch {
      return false; // a photo that begins well and is cut off later
    }
  }

  function keep(optionId: string, bytes: Buffer): void {
    // Reset meanwhile: nobody can ask for it any more.
    if (!options.has(optionId)) return;
    paintings.set(optionId, bytes);
    paintingBytes += bytes.length;
    for (const [oldest, kept] of paintings) {
      if (paintingBytes <= mostPaintingBytes) break;
      paintings.delete(oldest);
      paintingBytes -= kept.length;
    }
  }

  function status(preview: Preview): "PROCESSING" | "COMPLETED" | "FAILED" {
    const age = settings.now().getTime() - preview.madeAt;
    if (preview.polls <= settings.pollsUntilDone || age < settings.seconds * 1000) return "PROCESSING";
    if (preview.outcome === "painting") return "PROCESSING";
    return preview.outcome === "painted" ? "COMPLETED" : "FAILED";
  }

  async function show(call: Call): Promise<Reply> {
    const preview = previews.get(call.params[0] ?? "");
    if (!preview) return json(404, { detail: "Not found." });
    preview.polls += 1;
    // Tests poll a fixed number of times and do not sleep between.
    if (settings.seconds === 0 && preview.polls > settings.pollsUntilDone) await preview.painted;
    const state = status(preview);
    const done = state === "COMPLETED";
    const isOver = settings.now().getTime() - preview.madeAt >= settings.seconds * 1000;
    return json(200, {
      preview_id: preview.id,
      status: state,
      products: ["DOT"],
      created_at: new Date(preview.madeAt).toISOString(),
      // The first picture is there before the rest: a picture is no sign that the preview is complete.
      previews: preview.options.map((option, at) => ({
        product: "DOT",
        variant: option.variant,
        label: looks[option.variant]?.label,
        size: option.size,
        preview_option_id: done ? option.id : null,
        preview_url: done || (at === 0 && isOver && paintings.has(option.id)) ? option.picture : null,
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
    const painting = paintings.get((call.params[0] ?? "").replace(/\.webp$/, ""));
    return painting ? { status: 200, bytes: painting, type: "image/webp" } : html(404, "<h1>Not Found</h1>");
  }

  const routes: Route[] = [
    { method: "POST", path: "/api/v1/preview/", takes: "form", answer: create },
    { method: "GET", path: "/api/v1/preview/*/", answer: show },
    { method: "GET", path: "/api/v1/preview/*/purchase-options/", answer: purchaseOptions },
    { method: "GET", path: "/media/previews/*", aside: true, answer: picture },
  ];

  return {
    routes,
    find: (id: string): PreviewOption | undefined => options.get(id),
    expired: (option: PreviewOption): boolean =>
      settings.now().getTime() - option.madeAt > settings.expireAfterSeconds * 1000,
    reset(): void {
      previews.clear();
      options.clear();
      paintings.clear();
      paintingBytes = 0;
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
      label: `${looks[option.variant]?.label ?? option.variant}, ${variant.size_display}`,
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
  photo: Uint8Array;
  autoCrop: boolean;
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
  const photo = image instanceof File ? new Uint8Array(await image.arrayBuffer()) : new Uint8Array();
  const trouble =
    image instanceof File
      ? ((await pictureTrouble(image)) ?? (await decodeTrouble(photo)))
      : "No file was submitted.";
  if (trouble !== undefined) wrong("image", trouble);
  if (troubles.length > 0 || !read.success) return { troubles };
  return {
    looks: read.data.DOT.map((one) => one.variant),
    size,
    photo,
    autoCrop: asText(form, "auto_crop") !== "false",
    foreignBrand: Number(brand) !== brandId,
  };
}

// In the words of Django's image field, which looks at the picture's head only; the rest shows at the easel.
async function decodeTrouble(photo: Uint8Array): Promise<string | undefined> {
  return sharp(photo)
    .metadata()
    .then(
      () => undefined,
      () => "Upload a valid image. The file you uploaded was either not an image or a corrupted image.",
    );
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
