// A posted form with files, read up to a size: what is larger is cut off while it arrives, so that nobody fills the
// memory of the process.

/** The form, or undefined when the body has more than `maxBytes`. */
export async function readLimited(request: Request, maxBytes: number): Promise<FormData | undefined> {
  const told = Number(request.headers.get("content-length") ?? "0");
  if (told > maxBytes) return undefined;
  if (!request.body) return new FormData();
  let size = 0;
  let isTooLarge = false;
  const limited = request.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        size += chunk.byteLength;
        if (size <= maxBytes) return controller.enqueue(chunk);
        isTooLarge = true;
        controller.error(new Error("the form is too large"));
      },
    }),
  );
  const type = request.headers.get("content-type") ?? "";
  try {
    return await new Response(limited, { headers: { "content-type": type } }).formData();
  } catch (error) {
    if (isTooLarge) return undefined;
    throw error;
  }
}
