// Cart lines with a chosen painting show it instead of the product's picture. The line says where the picture is: a
// property with a link to /uploads/, which Dawn, Horizon and their relatives render as a link.
(() => {
  if (window.dotCartThumbnails) return;
  window.dotCartThumbnails = true;
  const { alt } = document.currentScript.dataset;
  const line =
    ".cart-item, .cart-items__table-row, [data-key], [id^='CartItem'], [id^='CartDrawer-Item'], tr, li";

  const swap = () => {
    for (const link of document.querySelectorAll("a[href*='/uploads/']")) {
      const image = link.closest(line)?.querySelector("img");
      // Only our own links: signed, below the app proxy of this shop.
      if (
        !image ||
        image.dataset.dotKit === link.href ||
        !/^\/(apps|a|community|tools)\//.test(link.pathname)
      )
        continue;
      image.dataset.dotKit = link.href;
      image.removeAttribute("srcset");
      image.removeAttribute("sizes");
      image.src = link.href;
      image.alt = alt;
      image.style.objectFit = "contain";
    }
  };
  let asked = false;
  const soon = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      swap();
    });
  };
  // Carts are drawn again after every change.
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  swap();
})();
