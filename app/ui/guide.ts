// The setup guide: what a new merchant does, in order, and which of it is done. Each answer comes from the data,
// so a step never claims what is not so.

/** What the data says. */
export interface SetupFacts {
  connections: number;
  mappings: number;
  /** Orders of which at least one part went, or will go, to a vendor. */
  routed: number;
  /** Parts that a vendor has. */
  sent: number;
}

/** One step. `to` is the page where it is done. */
export interface SetupStep {
  id: "connect" | "choose" | "order" | "sent";
  title: string;
  text: string;
  done: boolean;
  action?: { label: string; to: string } | undefined;
}

/** The steps with what is done. */
export function setupSteps(facts: SetupFacts): SetupStep[] {
  return [
    {
      id: "connect",
      title: "Connect a vendor",
      text: "Enter the login that your vendor gave you. It is tried at once, so you know that it works.",
      done: facts.connections > 0,
      action: { label: "Connect a vendor", to: "/app/vendors" },
    },
    {
      id: "choose",
      title: "Choose what your products are",
      text: "For every variant, choose which product of the vendor is made when it is sold.",
      done: facts.mappings > 0,
      action: { label: "Choose products", to: "/app/products" },
    },
    {
      id: "order",
      title: "Place a test order",
      text: "Order one of these products in your shop. Orders that Shopify marks as tests only go to connections with a test account; any other paid order is made.",
      done: facts.routed > 0,
      action: { label: "See orders", to: "/app/orders" },
    },
    {
      id: "sent",
      title: "See your first order go through",
      text:
        facts.sent > 0
          ? "A vendor has your first order. You can dismiss this guide."
          : "It shows here when the vendor has it. Until then the order's page says what it waits for.",
      done: facts.sent > 0,
      ...(facts.sent === 0 && { action: { label: "See where it stands", to: "/app/orders" } }),
    },
  ];
}
