// What is handed on of a webhook in the inbox.

/** A webhook being taken: its row and its parsed body. */
export interface InboxEvent {
  event: EventRow;
  body: unknown;
}

/** The row of a webhook. `body` is sealed. */
export interface EventRow {
  id: string;
  shop: string;
  topic: string;
  webhookId: string;
  triggeredAt: string | null;
  body: Buffer;
  tries: number;
}
