// Requests whose answer holds a token, which is shown once and never stored. An answer can be lost
// on the way: the same request again (its Idempotency-Key is the same) is then told that it was
// done, without the token. The token that nobody received is replaced at once.

/** A new key: `{ key, token, again }`, where `again` says that a first token was lost. */
export async function createKey(api, body, requestKey) {
  const { data } = await api.createKey(body, requestKey);
  if (data.token) return shown(data, false);
  return replaceLost(api, data, { gracePeriodSeconds: 0 });
}

/** A key's new token, as `createKey` gives it. */
export async function rotateKey(api, id, body, requestKey) {
  const { data } = await api.rotateKey(id, body, requestKey);
  if (data.token) return shown(data, false);
  // The token before the lost one keeps its deadline, if it has one.
  const grace = data.rotation
    ? { gracePeriodSeconds: body.gracePeriodSeconds || 1, replace: 'newest' }
    : { gracePeriodSeconds: 0 };
  return replaceLost(api, data, grace);
}

async function replaceLost(api, key, body) {
  const { data } = await api.rotateKey(key.id, body, crypto.randomUUID());
  return shown(data, true);
}

function shown({ token, ...key }, again) {
  return { key, token, again };
}
