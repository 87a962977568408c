// The main product section in three structures. What differs is what an app block can trip over: how many cart forms
// there are, where the block stands, and what the theme's script replaces while the shopper chooses.
import { escape } from "../../http.ts";
import {
  head,
  media,
  optionFields,
  paymentButton,
  variantData,
  type Shown,
  type ThemeName,
} from "./parts.ts";

/** The section's inside, as the Section Rendering API gives it. */
export const sections: Record<ThemeName, (shown: Shown) => string> = { dawn, horizon, vintage };

// The instalments' form comes first and has no button; the block stands outside the form; the id input starts
// disabled and the script enables it.
function dawn(shown: Shown): string {
  const { product, variant, section, kit } = shown;
  const url = `/products/${escape(product.handle)}`;
  const form = `product-form-${section}`;
  return `<product-info id="MainProduct-${section}" data-section="${section}" data-product-id="${escape(product.id)}" data-url="${url}">
<div class="two">${media(shown)}<div class="product__info-container">
${head(shown)}
<form method="post" action="/cart/add" id="product-form-installment-${section}" class="installment"><input type="hidden" name="id" value="${escape(variant.id)}"><p class="hint">Four payments without interest.</p></form>
<variant-selects id="variant-selects-${section}" data-section="${section}">${optionFields(shown, form)}${variantData(shown)}</variant-selects>
${kit}
<product-form data-section-id="${section}"><p class="trouble" role="alert"></p>
<form method="post" action="/cart/add" id="${form}" class="form" novalidate data-type="add-to-cart-form">
<input type="hidden" name="form_type" value="product"><input type="hidden" name="utf8" value="✓">
<input type="hidden" name="id" value="${escape(variant.id)}" disabled class="product-variant-id">
<div class="field"><label class="name" for="quantity-${section}">Quantity</label><input id="quantity-${section}" type="number" name="quantity" value="1" min="1" max="99"></div>
<button class="wide product-form__submit" type="submit" name="add">Add to cart</button>
<div style="margin-top:12px">${paymentButton}</div>
</form></product-form>
<div class="lead" style="margin-top:24px">${product.bodyHtml}</div>
</div></div></product-info>`;
}

// The picker is a form of its own without an action; the product form's component is reached through a listener on
// the document, and the details are what the quick-add window of a phone leaves out.
function horizon(shown: Shown): string {
  const { product, variant, section, kit } = shown;
  return `<div class="product-information two" data-section-id="${section}">${media(shown)}<div>
<div class="product-details">${head(shown)}
<variant-picker data-section-id="${section}" data-product-url="/products/${escape(product.handle)}"><form class="variant-picker__form">${optionFields(shown)}${variantData(shown)}</form></variant-picker>
${kit}</div>
<product-form-component data-section-id="${section}" data-product-id="${escape(product.id)}" on:submit="/handleSubmit">
<p class="trouble" role="alert"></p>
<form method="post" action="/cart/add" id="BuyButtons-ProductForm-${section}" class="shopify-product-form" novalidate data-type="add-to-cart-form">
<input type="hidden" name="form_type" value="product"><input type="hidden" name="utf8" value="✓">
<input type="hidden" name="id" ref="variantId" value="${escape(variant.id)}">
<div class="field"><label class="name" for="quantity-${section}">Quantity</label><input id="quantity-${section}" type="number" name="quantity" value="1" min="1" max="99"></div>
<add-to-cart-component ref="addToCartButtonContainer"><button class="wide" type="submit" name="add" ref="addToCartButton">Add to cart</button></add-to-cart-component>
<div class="accelerated-checkout-block" style="margin-top:12px"><shopify-accelerated-checkout></shopify-accelerated-checkout></div>
</form></product-form-component>
<div class="lead" style="margin-top:24px">${product.bodyHtml}</div></div></div>`;
}

// Sections of the old architecture take no app blocks: the block's markup is where a merchant pasted it. The form
// posts itself, or by jQuery's serialize() with ?ajax as many of these themes do.
function vintage(shown: Shown): string {
  const { product, variant, section, kit } = shown;
  const options = product.variants.map(
    ({ id, title }) =>
      `<option value="${escape(id)}"${id === variant.id ? " selected" : ""}>${escape(title)}</option>`,
  );
  return `<div class="product-single two" data-section-id="${section}">${media(shown)}<div>
${head(shown)}${kit}
<form action="/cart/add" method="post" enctype="multipart/form-data" id="AddToCartForm--${section}" class="product-single__form">
<div class="field"><label class="name" for="productSelect-${section}">Version</label><select name="id" id="productSelect-${section}">${options.join("")}</select></div>
<div class="field"><label class="name" for="quantity-${section}">Quantity</label><input id="quantity-${section}" type="number" name="quantity" value="1" min="1" max="99"></div>
<button class="wide" type="submit" name="add"><span>Add to cart</span></button>
<div style="margin-top:12px">${paymentButton}</div>
<p class="trouble" role="alert"></p>${variantData(shown)}
</form>
<div class="lead" style="margin-top:24px">${product.bodyHtml}</div></div></div>`;
}
