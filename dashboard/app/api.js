// The dashboard's API for one account. Every request names the account that the page shows, so that
// none acts on another that became active elsewhere.

const TIMEOUT_MS = 30_000;

/** Why a request failed. `status` is 0 where there was no answer. */
export class ApiError extends Error {
  constructor({ status, code, message, requestId, details = [] }) {
    super(message);
    Object.assign(this, { status, code, requestId, details });
  }

  /** Whether the same request may succeed later. */
  get passes() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** The first thing that is wrong with a member of the body, and what to call it. */
  about(member) {
    const detail = this.details.find(
      ({ field }) => field === member || field.startsWith(`${member}.`),
    );
    return detail?.message;
  }
}

/**
 * `getToken` gives a session token, with `{ skipCache: true }` a new one, or null when the session
 * has ended; `onSessionEnd` is told when that is so.
 */
export function createApi({ baseUrl, accountId, getToken, onSessionEnd }) {
  async function send(method, path, body, idempotencyKey, signal, skipCache) {
    const token = await readToken(skipCache);
    if (!token) return null;
    const headers = { Authorization: `Bearer ${token}`, 'AgentContainer-Account': accountId };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (idempotencyKey) headers['Idempotency-Key'] = idempotencyKey;
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    return fetch(`${baseUrl}${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'omit',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  }

  async function readToken(skipCache) {
    try {
      return await getToken({ skipCache });
    } catch (error) {
      // Clerk's own refusal means that there is no session; anything else is the network's.
      if (error?.status >= 400 && error.status < 500) return null;
      throw error;
    }
  }

  async function request(method, path, { body, idempotencyKey, signal } = {}) {
    let response;
    try {
      response = await send(method, path, body, idempotencyKey, signal, false);
      // A token lives a minute: one that ran out on the way is replaced once.
      if (response?.status === 401) {
        response = await send(method, path, body, idempotencyKey, signal, true);
      }
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ApiError({
        status: 0,
        code: 'unreachable',
        message: 'The service could not be reached. Check your connection.',
      });
    }
    if (!response || response.status === 401) {
      onSessionEnd();
      throw new ApiError({
        status: 401,
        code: 'unauthorized',
        message: 'Your session has ended. Sign in again to go on.',
      });
    }
    if (!response.ok) throw await readError(response);
    return {
      data: await readJson(response),
      replayed: response.headers.get('Idempotent-Replayed') === 'true',
    };
  }

  const get = async (path, signal) => (await request('GET', path, { signal })).data;
  const key = (id) => `/api-keys/${encodeURIComponent(id)}`;

  return {
    listKeys: (cursor, signal) => get(`/api-keys?${query({ limit: 100, cursor })}`, signal),
    getKey: (id, signal) => get(key(id), signal),
    listEvents: (keyId, cursor, signal) =>
      get(`/audit-events?${query({ keyId, limit: 20, cursor })}`, signal),
    /** Of a key, or with null of the account. */
    getUsage: (id, days, signal) => get(`${id ? key(id) : ''}/usage?${query({ days })}`, signal),
    updateKey: async (id, body) => (await request('PATCH', key(id), { body })).data,
    createKey: (body, idempotencyKey) => request('POST', '/api-keys', { body, idempotencyKey }),
    rotateKey: (id, body, idempotencyKey) =>
      request('POST', `${key(id)}/rotate`, { body, idempotencyKey }),
    endRotation: async (id) => (await request('DELETE', `${key(id)}/rotation`)).data,
    revokeKey: async (id, body, idempotencyKey) =>
      (await request('POST', `${key(id)}/revoke`, { body, idempotencyKey })).data,
  };
}

function query(values) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return new URLSearchParams(given).toString();
}

async function readJson(response) {
  try {
    return await response.json();
  } catch {
    throw unreadable(response);
  }
}

async function readError(response) {
  let error;
  try {
    ({ error } = await response.json());
  } catch {
    return unreadable(response);
  }
  if (typeof error?.code !== 'string') return unreadable(response);
  return new ApiError({ ...error, status: response.status, requestId: requestIdOf(response, error) });
}

function unreadable(response) {
  return new ApiError({
    status: Math.max(response.status, 500),
    code: 'unreadable',
    message: 'The service gave an answer that cannot be read.',
    requestId: requestIdOf(response),
  });
}

// The gateway's own answers have theirs under another name.
function requestIdOf(response, error) {
  const { headers } = response;
  return error?.requestId ?? headers.get('X-Request-Id') ?? headers.get('x-amzn-RequestId');
}
