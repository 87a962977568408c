// The behaviour of a vintage theme: the form posts itself and the browser goes to the cart. With ?ajax in the address
// it is sent as jQuery's serialize() would: the fields read one by one, no FormData, and so no formdata event.
(() => {
  const { theme } = window;
  const isAjax = new URLSearchParams(location.search).has("ajax");

  const serialize = (form) =>
    [...form.elements]
      .filter(({ name, disabled, type }) => name && !disabled && type !== "submit" && type !== "button")
      .map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join("&");

  const bind = (within) => {
    const form = within.querySelector(".product-single__form");
    form?.addEventListener("submit", async (event) => {
      if (!isAjax) return;
      event.preventDefault();
      const answer = await fetch("/cart/add.js", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: serialize(form),
      });
      const told = await answer.json();
      form.querySelector(".trouble").textContent = told.status ? told.description : "";
      if (answer.ok) await theme.cartChanged();
    });
    form?.elements.namedItem("id").addEventListener("change", ({ target }) => {
      const variants = JSON.parse(form.querySelector("[data-variants]").textContent);
      within.querySelector("[data-price]").textContent = variants.find(({ id }) => id === target.value).price;
    });
  };
  bind(document);

  theme.renderSection = async () => {
    const old = document.querySelector("#shopify-section-main");
    const found = await theme.read(theme.address(location.pathname, { section_id: "main" }));
    old.innerHTML = found.querySelector("#shopify-section-main").innerHTML;
    theme.runScripts(old);
    bind(old);
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-quick-add]");
    if (!button) return;
    const found = await theme.read(button.dataset.quickAdd);
    const dialog = document.getElementById("quick-add");
    const inside = dialog.querySelector("[data-inside]");
    inside.innerHTML = found.querySelector(".product-single").outerHTML;
    theme.runScripts(inside);
    bind(inside);
    dialog.showModal();
  });
})();
