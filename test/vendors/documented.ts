// Every endpoint the vendors' documents offer, copied from the documents by hand: the table that the calls and the
// stand-ins are held against (every-endpoint.test.ts). A documented endpoint that nobody calls fails there.

/** One endpoint of a vendor's document; `*` stands for a part of the path that varies. */
export interface Documented {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  /** Which document, and where in it. */
  document: string;
}

const rows = (document: string, text: string): Documented[] =>
  text
    .trim()
    .split("\n")
    .map((line) => {
      const [method = "", path = ""] = line.trim().split(/\s+/);
      return { method: method as Documented["method"], path, document };
    });

/** By vendor id. Read 2026-11-22. */
export const documented: Record<string, readonly Documented[]> = {
  dot: [
    ...rows(
      "MGE DOT guide, 'Choose the user experience'",
      `GET /api/v1/account/brands/
       GET /api/v1/products/types/DOT/
       GET /api/v1/products/types/DOT/variants/
       POST /api/v1/preview/
       GET /api/v1/preview/*/
       GET /api/v1/preview/*/purchase-options/`,
    ),
    ...rows(
      "MGE DOT guide, 'Choose the submission mode'",
      `POST /api/v1/orders/
       POST /api/v1/orders/validate/
       POST /api/v1/order-drafts/
       PATCH /api/v1/order-drafts/*/
       POST /api/v1/order-drafts/*/assets/
       POST /api/v1/order-drafts/*/assets/from-url/
       POST /api/v1/order-drafts/*/validate/
       POST /api/v1/order-drafts/*/submit/`,
    ),
    // Not in the guide: read back by partners of MGE, and what makes a lost submit provable.
    ...rows(
      "MGE's API as its partners use it",
      `GET /api/v1/order-drafts/*/
       GET /api/v1/orders/*/`,
    ),
  ],
  oms: rows(
    "Ideal Factory OMS API 1.0",
    `POST /api/v1/orders
     GET /api/v1/orders/*
     PUT /api/v1/orders/*
     DELETE /api/v1/orders/*
     GET /api/v1/order-items/*/print
     POST /api/v1/product-categories
     GET /api/v1/product-categories/*
     PUT /api/v1/product-categories/*
     DELETE /api/v1/product-categories/*
     POST /api/v1/products
     GET /api/v1/products/*
     PUT /api/v1/products/*
     DELETE /api/v1/products/*
     POST /api/v1/product-variants
     GET /api/v1/product-variants/*
     PUT /api/v1/product-variants/*
     DELETE /api/v1/product-variants/*
     POST /api/v1/batch-orders`,
  ),
  whcc: [
    ...rows("WHCC Editor API, 'Export Editors for Ordering'", "PUT /oas/editors/export"),
    ...rows(
      "WHCC Editor API, 'Authentication', 'Create editor', 'Products', 'Ordering', 'Webhooks'",
      `POST /auth/access-token
       POST /editors
       GET /editors/*
       POST /editors/*/edit-link
       POST /editors/*/clone
       GET /products
       GET /designs
       POST /oas/orders/create
       POST /oas/orders/*/confirm
       POST /webhooks/create
       POST /webhooks/verify
       POST /webhooks/validate`,
    ),
    ...rows(
      "WHCC Order Submit API, 'Request access token', 'Order import', 'Order submit', 'Catalog', 'Webhook registration'",
      `GET /api/AccessToken
       POST /api/OrderImport
       POST /api/OrderImport/Submit/*
       GET /api/catalog
       POST /api/callback/create
       POST /api/callback/verify`,
    ),
  ],
  dora: rows(
    "Dora API v2",
    `POST /auth/login
     GET /auth/user
     POST /auth/reset_password
     POST /auth/logout
     GET /auth/authenticate
     GET /catalog/collections
     POST /catalog/items
     POST /catalog/item
     POST /catalog/pdf
     GET /cart
     PUT /cart
     DELETE /cart
     POST /cart
     POST /directus/collections
     POST /product/items
     GET /product/item/*
     POST /product/request
     POST /contact/submit`,
  ),
  brand: rows(
    "dotcph Brand Product API",
    `POST /products
     GET /products
     GET /products/*
     DELETE /products/*
     GET /health`,
  ),
};
