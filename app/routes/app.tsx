// The embedded frame around every page: who asks is checked, App Bridge and Polaris are set up, the navigation is
// told to Shopify's admin.
import type { HeadersFunction, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  Link,
  Outlet,
  useLoaderData,
  useLocation,
  useNavigation,
  useRouteLoaderData,
} from "@remix-run/react";
import { NavMenu } from "@shopify/app-bridge-react";
import { AppProvider as PolarisProvider } from "@shopify/polaris";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import english from "@shopify/polaris/locales/en.json";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useEffect, useState } from "react";
import { authenticate, frame } from "../shopify.server.ts";
import { LostAnswer } from "../ui/lost-answer.tsx";
import { PageError } from "../ui/page-error.tsx";
import { PageSkeleton } from "../ui/skeleton.tsx";

// A page stays as it is after a lost answer only when the frame around it does.
export { shouldRevalidate } from "../ui/lost.ts";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: polarisStyles }];

export const meta: MetaFunction = () => [{ title: "Makerlane" }];

export async function loader({ request }: LoaderFunctionArgs) {
  await authenticate.admin(request);
  return { apiKey: frame.apiKey, appBridgeUrl: frame.appBridgeUrl ?? "" };
}

export default function Frame() {
  const { apiKey, appBridgeUrl } = useLoaderData<typeof loader>();
  const isLeaving = useIsLeaving();
  return (
    <AppProvider isEmbeddedApp apiKey={apiKey} {...(appBridgeUrl && { __APP_BRIDGE_URL: appBridgeUrl })}>
      <Navigation />
      {isLeaving && <PageSkeleton />}
      <main hidden={isLeaving}>
        <LostAnswer />
        <Outlet />
      </main>
    </AppProvider>
  );
}

function Navigation() {
  return (
    <NavMenu>
      <Link to="/app" rel="home">
        Home
      </Link>
      <Link to="/app/orders">Orders</Link>
      <Link to="/app/products">Products</Link>
      <Link to="/app/vendors">Vendors</Link>
      <Link to="/app/storefront">Storefront</Link>
      <Link to="/app/settings">Settings</Link>
    </NavMenu>
  );
}

// A quick page should not flicker: the skeleton comes only when the next page takes longer than a blink.
const blinkMs = 250;

function useIsLeaving(): boolean {
  const navigation = useNavigation();
  const location = useLocation();
  const isElsewhere = navigation.state === "loading" && navigation.location.pathname !== location.pathname;
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    if (!isElsewhere) return undefined;
    const timer = setTimeout(() => setIsSlow(true), blinkMs);
    return () => {
      clearTimeout(timer);
      setIsSlow(false);
    };
  }, [isElsewhere]);
  return isElsewhere && isSlow;
}

export function ErrorBoundary() {
  // Here the frame itself failed, so it is set up again with what there is; App Bridge only when its key is known.
  const data = useRouteLoaderData<typeof loader>("routes/app");
  if (!data)
    return (
      <PolarisProvider i18n={english}>
        <main>
          <PageError />
        </main>
      </PolarisProvider>
    );
  return (
    <AppProvider
      isEmbeddedApp
      apiKey={data.apiKey}
      {...(data.appBridgeUrl && { __APP_BRIDGE_URL: data.appBridgeUrl })}
    >
      <Navigation />
      <main>
        <PageError />
      </main>
    </AppProvider>
  );
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
