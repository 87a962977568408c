// The storefront: which products shoppers can preview, how the block gets into the theme, and the rules for photos.
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Page } from "@shopify/polaris";
import { TitleBar } from "@shopify/app-bridge-react";
import { authenticate, frame } from "../shopify.server.ts";
import { useToast } from "../ui/app-bridge.ts";
import { noErrors } from "../ui/focus-error.ts";
import { Section } from "../ui/section.tsx";
import { StorefrontForm } from "../ui/storefront-form.tsx";
import { readStorefrontPage } from "../ui/storefront-page.server.ts";
import { StorefrontProducts } from "../ui/storefront-products.tsx";
import { saveStorefront } from "../ui/storefront-settings.server.ts";
import { StorefrontTheme } from "../ui/storefront-theme.tsx";
import { readStorefrontView } from "../ui/storefront.ts";

export { clientAction, shouldRevalidate } from "../ui/lost.ts";
export { PageError as ErrorBoundary } from "../ui/page-error.tsx";

export const meta: MetaFunction = () => [{ title: "Storefront · Makerlane" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const asked = new URL(request.url).searchParams;
  const page = Number(asked.get("page") ?? "1");
  return await readStorefrontPage({
    shop: session.shop,
    apiKey: frame.apiKey,
    view: readStorefrontView(asked.get("view")),
    search: asked.get("search") ?? "",
    page: Number.isInteger(page) && page > 0 && page < 100_000 ? page : 1,
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const { session } = await authenticate.admin(request);
  return await saveStorefront(session.shop, await request.formData());
}

export default function StorefrontRoute() {
  const page = useLoaderData<typeof loader>();
  // Kept here and not in the form: the form starts anew once its values are stored, and would forget to say so.
  const saving = useFetcher<typeof action>();
  const answer = saving.state === "idle" ? saving.data : undefined;
  const errors = answer && "errors" in answer ? answer.errors : noErrors;
  useToast(saving.data, answer && "done" in answer ? answer.done : undefined);
  return (
    <Page title="Storefront" subtitle="Shoppers see their photo as a painting before they buy.">
      <TitleBar title="Storefront" />
      <BlockStack gap={{ xs: "600", md: "800" }}>
        <StorefrontTheme page={page} />
        <Section
          title="Products"
          description="Every variant that a vendor with previews makes. A block is known to work once it was seen in your shop."
        >
          <StorefrontProducts page={page} />
        </Section>
        <Section
          title="Photos and previews"
          description="These hold for photos and previews from now on. A shopper can delete a photo at any time before it is ordered."
        >
          <BlockStack gap="400">
            {errors !== noErrors && (
              <Banner tone="critical" title="Not saved">
                Some fields are not right. The reason is beside each of them.
              </Banner>
            )}
            <StorefrontForm
              key={JSON.stringify(page.settings)}
              page={page}
              errors={errors}
              saving={saving.state !== "idle"}
              onSave={(values) => saving.submit(values, { method: "post" })}
            />
          </BlockStack>
        </Section>
      </BlockStack>
    </Page>
  );
}
