// A request that nobody answers and that still arrives at the vendor, as late as the test wants.
import { SendError } from "#app/vendors/http.server.ts";
import type { World } from "#app/world.server.ts";

export interface Late {
  readonly world: World;
  /** How many requests are still on their way. */
  onTheWay(): number;
  /** Now they arrive. */
  arrive(): Promise<void>;
}

/**
 * The same world, but the first request of this method to an address that ends so is lost on its way. With `until` it
 * arrives right before the first such request that comes later, which is the worst moment for it.
 */
export function lateIn(
  world: World,
  { method, path, until }: { method: string; path: string; until?: string },
): Late {
  let mayLose = true;
  let waiting: (() => Promise<unknown>)[] = [];
  const arrive = async (): Promise<void> => {
    const now = waiting;
    waiting = [];
    for (const send of now) await send();
  };
  const http: World["http"] = async (request, fresh) => {
    const isAt = request.url.endsWith(path);
    if (mayLose && request.method === method && isAt) {
      mayLose = false;
      waiting.push(() => world.http(request, fresh));
      throw new SendError("lost", "no answer", { sent: true });
    }
    if (request.method === until && isAt) await arrive();
    return world.http(request, fresh);
  };
  return { world: { ...world, http }, onTheWay: () => waiting.length, arrive };
}
