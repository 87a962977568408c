// Any other address. Without this route Remix draws a page of its own, and writes the whole address to the console,
// outside the log and with whatever token stands in it.
export function loader(): Response {
  return new Response("There is no such page here.\n", { status: 404 });
}

export const action = loader;
