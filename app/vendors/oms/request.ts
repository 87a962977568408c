// How every request to the OMS is addressed and signed.
import type { Asking, VendorRequest } from "../vendor.ts";
import type { Settings } from "./settings.ts";

/** Who speaks: an account's settings and its harmless conversation. */
export interface Talk {
  settings: Settings;
  asking: Asking;
}

/** A request by its path below /api/v1. */
export type ApiRequest = Omit<VendorRequest, "url" | "headers"> & { path: string };

/** The request with its whole address and the token ("Authorization: Bearer", OMS REST API, read 2026-11-22). */
export function request(settings: Settings, { path, ...rest }: ApiRequest): VendorRequest {
  return {
    ...rest,
    url: `${apiRoot(settings.baseUrl)}${path}`,
    headers: { authorization: `Bearer ${settings.token}` },
  };
}

/** "https://oms.example.com/" and "https://oms.example.com/api/v1" both mean the same API. */
export function apiRoot(baseUrl: string): string {
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, "").replace(/\/api\/v1$/, "");
  return `${url.origin}${path}/api/v1`;
}
