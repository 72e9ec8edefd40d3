// Draws the description of the API. A file of its own, since the pages allow no script inside them.
const place = document.getElementById("api-docs");

SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  validatorUrl: null, // the default asks another host whether the description is right
});
