// Whom a privacy request is about.

/** A customer of one shop, with the orders Shopify names for them. */
export interface CustomerRequest {
  shop: string;
  customer: { id?: string | undefined; email?: string | undefined; phone?: string | undefined };
  /** Shopify's order numbers as text. */
  orderIds: string[];
}

/** Whether a text of ours speaks of this customer: by one of the orders, the customer's number or the e-mail. */
export function speaksOf(text: string, { customer, orderIds }: Omit<CustomerRequest, "shop">): boolean {
  const lower = text.toLowerCase();
  // Shopify's numbers are long enough that one does not stand in another by chance; a short one proves nothing.
  const marks = [...orderIds, customer.id, customer.email?.toLowerCase(), customer.phone];
  return marks.some((mark) => mark !== undefined && mark.length >= 6 && lower.includes(mark));
}
