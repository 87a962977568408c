// The home page and the product page: picture, variant picker, and what each product asks of the shopper.
import { escape, type Reply } from "../http.ts";
import type { Store } from "../store.ts";
import type { ProductRecord } from "../types.ts";
import { page, price } from "./look.ts";

/** The catalogue. */
export function homePage(store: Store, inCart: number): Reply {
  const cards = [...store.products.values()]
    .filter((product) => product.status === "active")
    .map((product) => {
      const from = Math.min(...product.variants.map((variant) => variant.priceMinor));
      const several = product.variants.some((variant) => variant.priceMinor !== from);
      return `<a class="card" href="/products/${escape(product.handle)}">
<img src="/cdn/products/${escape(product.handle)}.svg" alt="" width="600" height="600" loading="lazy">
<div class="in"><span class="vendor">${escape(product.vendor)}</span><strong>${escape(product.title)}</strong>
<span>${several ? "From " : ""}${price(from, store.currency)}</span></div></a>`;
    });
  const body = `<h1>Made for one person</h1>
<p class="lead">Painting kits from a photo, prints of a place, rings and albums: each is made when it is ordered, by the people who do it best.</p>
<div class="grid">${cards.join("")}</div>`;
  return page(store, { title: "Home", body, inCart });
}

/** One product, with what it asks of the shopper. */
export function productPage(
  store: Store,
  product: ProductRecord,
  asked: { inCart: number; variantId: string | null; samplePhoto: string },
): Reply {
  const chosen = product.variants.find((one) => one.id === asked.variantId) ?? product.variants[0];
  const body = `<div class="two">
<div class="pic"><img src="/cdn/products/${escape(product.handle)}.svg" alt="${escape(product.title)}" width="600" height="600"></div>
<div>
<span class="vendor">${escape(product.vendor)}</span>
<h1>${escape(product.title)}</h1>
<p class="price" data-price>${price(chosen?.priceMinor ?? 0, store.currency)}</p>
<form method="post" action="/cart/add" id="product-form" data-type="add-to-cart-form">
<input type="hidden" name="id" value="${escape(chosen?.id)}">
${product.options.map((option, n) => picker(option, n, chosen?.options[n] ?? "")).join("")}
${fields[product.form](asked.samplePhoto)}
<div class="field"><label class="name" for="quantity">Quantity</label><input id="quantity" type="number" name="quantity" value="1" min="1" max="99"></div>
<button class="wide" type="submit" name="add">Add to cart</button>
</form>
<div class="lead" style="margin-top:24px">${product.bodyHtml}</div>
</div></div>`;
  const variants = product.variants.map(({ id, options, priceMinor }) => ({
    id,
    options,
    price: price(priceMinor, store.currency),
  }));
  // "<" would end the script element early.
  const data = JSON.stringify(variants).replaceAll("<", "\\u003c");
  const script = `const variants = ${data};\n${pickerScript}\n${product.form === "customiser" ? customiserScript(store) : ""}`;
  return page(store, { title: product.title, body, inCart: asked.inCart, script });
}

function picker(option: ProductRecord["options"][number], n: number, chosen: string): string {
  const pills = option.values.map(
    (value) =>
      `<label><input type="radio" name="option-${n}" value="${escape(value)}" data-option="${n}"${value === chosen ? " checked" : ""}><span>${escape(value)}</span></label>`,
  );
  return `<fieldset><legend>${escape(option.name)}</legend><div class="pills">${pills.join("")}</div></fieldset>`;
}

const pickerScript = `
const form = document.getElementById("product-form");
form.addEventListener("change", (event) => {
  if (!event.target.dataset?.option) return;
  const wanted = [...form.querySelectorAll("[data-option]:checked")].map((input) => input.value);
  const variant = variants.find((one) => one.options.every((value, n) => value === wanted[n]));
  if (!variant) return;
  const id = form.elements.namedItem("id");
  id.value = variant.id;
  id.dispatchEvent(new Event("change", { bubbles: true }));
  document.querySelector("[data-price]").textContent = variant.price;
});`;

/** What each kind of product asks. Names that begin with "_" are hidden from the shopper's cart, as in themes. */
const fields: Record<ProductRecord["form"], (samplePhoto: string) => string> = {
  none: () => "",
  photo: (samplePhoto) => `<div class="field"><label class="name" for="photo">Link to your photo</label>
<input id="photo" type="url" name="properties[_dot_asset_url]" placeholder="https://…" value="${escape(samplePhoto)}">
<p class="hint">A picture that anyone with the link can open.</p></div>`,
  customiser: () => `<div class="customiser field"><div data-preview></div><div>
<div class="field"><label class="name" for="town">Town</label><input id="town" type="text" name="properties[Town]" value="Portland" maxlength="30"></div>
<div><label class="name" for="words">Words below it</label><input id="words" type="text" name="properties[Words]" value="Where it began" maxlength="40"></div></div></div>
<input type="hidden" name="properties[_template_config]"><input type="hidden" name="properties[_thumbnail]"><input type="hidden" name="properties[_design_version_id]" value="v1">`,
  ring: () => `<div class="row"><div class="field"><label class="name" for="finish">Finish</label>
<select id="finish" name="properties[Finish]"><option>Polished</option><option>Brushed</option><option>Hammered</option></select></div>
<div class="field"><label class="name" for="engraving">Engraving</label><input id="engraving" type="text" name="properties[Engraving]" maxlength="24" placeholder="None"></div></div>`,
  album: () => `<div class="field"><label class="name" for="editor">Project from the album editor</label>
<input id="editor" type="text" name="properties[_editor_id]" value="demoAlbum" maxlength="30">
<p class="hint">The editor would put this here by itself.</p></div>`,
};

/** Draws what the shopper typed, and leaves design and picture in hidden properties as customisers do. */
function customiserScript(store: Store): string {
  return `
const town = document.getElementById("town"), words = document.getElementById("words");
const put = (name, value) => { form.elements.namedItem("properties[" + name + "]").value = value; };
const draw = async () => {
  const query = new URLSearchParams({ town: town.value, words: words.value });
  put("_template_config", encodeURIComponent(JSON.stringify({ template: "map", town: town.value, words: words.value })));
  put("_thumbnail", "https://${store.domain}/cdn/customised.svg?" + query);
  document.querySelector("[data-preview]").innerHTML = await (await fetch("/cdn/customised.svg?" + query)).text();
};
town.addEventListener("input", draw); words.addEventListener("input", draw); draw();`;
}
