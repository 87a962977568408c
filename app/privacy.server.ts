// What people may ask about their data, and what we forget without being asked. Everything here may be done twice;
// what is asked by Shopify runs in the transaction that takes the webhook.
export { exportCustomer } from "./privacy/export.server.ts";
export { redactCustomer } from "./privacy/erase.server.ts";
export { forgetShop, redactShop } from "./privacy/shop.server.ts";
export { sweepPersonalData } from "./privacy/sweep.server.ts";
