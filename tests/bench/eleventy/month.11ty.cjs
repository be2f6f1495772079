// SPDX-License-Identifier: ISC
const { escape, frame } = require('./frame.cjs');
exports.data = { pagination: { data: 'months', size: 1, alias: 'item' }, permalink: ({ item }) => `${item.month}/index.html` };
exports.render = ({ item }) => frame(item.month, `<h1>${item.month}</h1>
<table>
<thead><tr><th>Run</th><th>Date</th><th>Start</th><th>Came</th></tr></thead>
<tbody>
${item.runs.map((run) => `<tr><td><a href="/${item.month}/${run.slug}/">${escape(run.title)}</a></td><td>${run.day}</td><td>${run.start}</td><td>${run.came}</td></tr>\n`).join('')}</tbody>
</table>`);
