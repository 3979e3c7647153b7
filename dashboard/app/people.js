// Names of those who made keys or changed them. The API knows ids; Clerk knows the members.
import { createStore } from './store.js';

const PAGE = 100;

/** A store of `{ names }` by user id, and `load` for an organization's members. */
export function createPeople(person) {
  const store = createStore({ names: { [person.userId]: 'you' } });

  async function load(organization) {
    if (!organization) return;
    try {
      for (let page = 1, left = 1; left > 0; page += 1) {
        const found = await organization.getMemberships({ initialPage: page, pageSize: PAGE });
        left = found.total_count - page * PAGE;
        const names = Object.fromEntries(
          found.data.map(({ publicUserData: user }) => [user.userId, nameOf(user)]),
        );
        store.set({ names: { ...names, ...store.get().names } });
      }
    } catch {
      // Whoever may not list members sees ids.
    }
  }

  return { ...store, load };
}

/** A person's name, or what identifies them. */
export function nameOf({ firstName, lastName, identifier }) {
  return [firstName, lastName].filter(Boolean).join(' ') || identifier;
}
