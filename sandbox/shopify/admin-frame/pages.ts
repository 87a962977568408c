// The admin's pages (placeholder until they are drawn).
import type { Asked, Reply } from "../http.ts";
import type { World } from "../index.ts";

export function adminPages(_world: World) {
  return async (_asked: Asked): Promise<Reply | null> => null;
}
