// Why a delivery was set aside or cancelled: one table from what is stored to what is said of it.
const WORDS: Readonly<Record<string, string>> = {
  expired: "It was cancelled: it could not be sent within the 30 days that its body is kept.",
  subscription_deleted: "The subscription was deleted.",
  app_uninstalled: "The app was uninstalled.",
  redacted: "It was cancelled: the customer's data was erased.",
  not_in_format: "It was set aside: its payload format cannot say this event.",
  body_removed: "It was set aside: its body was removed before it could be sent.",
  workers_died: "It was set aside: workers ended while they had it.",
  secret_unreadable:
    "It was set aside: the signing secret or the headers cannot be opened. Rotate the secret, enter the headers again, then send again.",
};

/** Every reason that is stored with a delivery. */
export const DELIVERY_REASONS: readonly string[] = Object.keys(WORDS);

/** What the log says of a stored reason. */
export const wordsOfReason = (reason: string): string => WORDS[reason] ?? reason;
