/** Requests to the read API. Types come from the server's OpenAPI document. */
import type { components } from "./schema";

export type Schemas = components["schemas"];

export const PREFIX = "/api/v1";

/** An answer that is an error; `message` is the server's, made for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly line: number | null = null,
    readonly column: number | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

interface Options {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

async function problem(answer: Response): Promise<ApiError> {
  try {
    const body = (await answer.json()) as Schemas["Problem"];
    return new ApiError(answer.status, body.message, body.line ?? null, body.column ?? null);
  } catch {
    return new ApiError(answer.status, `The server answered with status ${answer.status}.`);
  }
}

/** Ask for any answer; throws `ApiError` unless it is a good one. `path` is that below `/api/v1`. */
export async function ask(path: string, { method = "GET", body, headers, signal }: Options = {}): Promise<Response> {
  const init: RequestInit = { method, credentials: "same-origin", ...(headers ? { headers } : {}) };
  if (signal) init.signal = signal;
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...headers, "Content-Type": "application/json" };
  }
  let answer: Response;
  try {
    answer = await fetch(PREFIX + path, init);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "The server does not answer. Check that it runs, then try again.");
  }
  if (!answer.ok) throw await problem(answer);
  return answer;
}

/** Ask for JSON. */
export async function askJson<T>(path: string, options: Options = {}): Promise<T> {
  return (await (await ask(path, options)).json()) as T;
}

/** Join parts of a path, each encoded. */
export function route(...parts: string[]): string {
  return `/${parts.map(encodeURIComponent).join("/")}`;
}

/** A query string of what is not undefined, with its question mark. */
export function query(values: Record<string, string | number | boolean | undefined>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}` : "";
}
