// SPDX-License-Identifier: ISC
const escape = (text) => String(text).replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]);
const frame = (title, main) => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escape(title)} · Bench</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/assets/style.css">
</head>
<body>
<header class="top"><a class="club" href="/">Bench</a></header>
<main id="main">
${main}
</main>
<footer class="foot"><p>Bench. Times are local, in the zone Europe/London.</p></footer>
</body>
</html>
`;
module.exports = { escape, frame };
