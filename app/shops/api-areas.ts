// What an API key may do: nothing, read, or everything, in each area of the API.
export const API_AREAS = ["webhooks", "events", "customers"] as const;
export type ApiArea = (typeof API_AREAS)[number];

/** `full` holds `read`. */
export type ApiAccess = "read" | "full";

/** An area that is not named is closed. */
export type ApiScopes = Readonly<Partial<Record<ApiArea, ApiAccess>>>;
