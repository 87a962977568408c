// The shop's own pages (placeholder until they are drawn).
import { notFound, type Asked, type Reply } from "../http.ts";
import type { World } from "../index.ts";
import type { ShopHandle } from "../shop.ts";

export function storefront(_world: World) {
  return async (_asked: Asked, _shop: ShopHandle): Promise<Reply> => notFound("There is no such page.");
}
