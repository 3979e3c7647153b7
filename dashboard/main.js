// Starts the page. It imports nothing itself, so that it can still speak if the rest is missing.
const app = document.getElementById('app');
const { notice } = window.agentContainer ?? {};

if (notice) {
  say(notice);
} else {
  import('./app/app.js')
    .then(({ start }) => start(app, window.agentContainer))
    .catch((error) => {
      console.error(error);
      say('The page could not be loaded. Check your connection, then load it again.');
    });
}

function say(text) {
  const note = document.createElement('p');
  note.className = 'boot';
  note.setAttribute('role', 'alert');
  note.textContent = text;
  app.replaceChildren(note);
}
