// What requests with a key end in, in the order in which the API and the page give them.

/** `title` says what is counted so. */
export const OUTCOMES = [
  { id: 'accepted', label: 'Accepted', title: 'The key was good. Answers such as 400 or 404 are among them.' },
  { id: 'forbidden', label: 'Forbidden', title: '403: a scope or an address that the key does not allow.' },
  { id: 'rateLimited', label: 'Rate limited', title: '429: more requests than the key’s limit allows.' },
  { id: 'failed', label: 'Failed', title: '5xx: a fault of the service, not of the caller.' },
  { id: 'refused', label: 'Refused', title: '401: a secret of this key that does not work any more.' },
];

/** Why a secret was refused, the worst first. */
export const REFUSALS = ['revoked', 'disabled', 'expired'];
