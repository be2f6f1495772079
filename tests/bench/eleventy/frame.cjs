// SPDX-License-Identifier: ISC
const escape = (text) => String(text).replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]);
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const weekday = (day) => new Date(`${day}T00:00Z`).getUTCDay();
const monthWords = (month) => `${months[Number(month.slice(5, 7)) - 1]} ${month.slice(0, 4)}`;
const dayWords = (day) => `${days[weekday(day)]} ${Number(day.slice(8))} ${monthWords(day)}`;
const shortDay = (day) => `${days[weekday(day)].slice(0, 3)} ${Number(day.slice(8))} ${months[Number(day.slice(5, 7)) - 1].slice(0, 3)}`;
const number = (value) => value.toLocaleString('en');
const sum = (runs, name) => runs.reduce((total, run) => total + run[name], 0);

/** The pager of a month, below its name; PART is calendar or history. */
const monthHead = ({ month, before, after }, part) => `<div class="head">
<h1 class="first">${monthWords(month)}</h1>
<nav class="pager" aria-label="Months">
${before ? `<a rel="prev" href="/${part}/${before}/">${monthWords(before)}</a>\n` : ''}${after ? `<a rel="next" href="/${part}/${after}/">${monthWords(after)}</a>\n` : ''}</nav>
</div>
`;

const frame = (title, main, { calendar = 'false', history = 'false' } = {}) => `<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<title>${escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/assets/style.css">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="apple-touch-icon" href="/assets/apple-touch-icon.png">
<link rel="manifest" href="/site.webmanifest">
<link rel="alternate" type="application/atom+xml" title="Bench" href="/feed.atom">
${calendar === 'page' ? '<link rel="alternate" type="text/calendar" title="Bench" href="/calendar.ics">\n' : ''}</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top">
<a class="club" href="/"><bdi>Bench</bdi></a>
<nav aria-label="Site">
<a href="/" aria-current="false">Home</a>
<a href="/calendar/" aria-current="${calendar}">Calendar</a>
<a href="/history/" aria-current="${history}">History</a>
<a href="/groups/" aria-current="false">Groups</a>
</nav>
</header>
<main id="main" tabindex="-1">
${main}
</main>
<footer class="foot">
<p><bdi>Bench</bdi>. Times are local (Europe/London). <a href="/places/">Places</a></p>
</footer>
</body>
</html>
`;
module.exports = { escape, frame, monthHead, monthWords, dayWords, shortDay, weekday, number, sum };
