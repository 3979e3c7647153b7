// Shows the public document with Redoc. It imports nothing before it can speak.
const place = document.getElementById('reference');
const { notice } = window.agentContainer ?? {};

if (notice) {
  say(notice);
} else {
  const options = { disableTelemetry: true, hideSchemaPattern: true };
  import('../vendor/redoc/redoc.standalone.js')
    .then(({ init }) => init('./openapi.yaml', options, place))
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
  place.replaceChildren(note);
}
