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
      const { href, pathname } = link;
      const image = link.closest(line)?.querySelector("img");
      // Only our own links: signed, below the app proxy of this shop.
      if (!image || image.dataset.dotKit === href || !/^\/(apps|a|community|tools)\//.test(pathname))
        continue;
      image.dataset.dotKit = href;
      const painting = new Image();
      // A link that is too old shows nothing: then the product's picture stays.
      painting.onload = () => {
        if (image.dataset.dotKit !== href) return;
        image.removeAttribute("srcset");
        image.removeAttribute("sizes");
        image.src = href;
        image.alt = alt;
        image.style.objectFit = "contain";
      };
      painting.src = href;
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
  // Carts are drawn again after every change; a morph such as Horizon's puts the old picture back into the same element.
  new MutationObserver(soon).observe(document.body, {
    childList: true,
    subtree: true,
    attributeFilter: ["src", "srcset"],
  });
  swap();
})();
