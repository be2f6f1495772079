// SPDX-License-Identifier: ISC
const { escape, frame } = require('./frame.cjs');
exports.data = { pagination: { data: 'runs', size: 1, alias: 'run' }, permalink: ({ run }) => `${run.month}/${run.slug}/index.html` };
exports.render = ({ run }) => frame(run.title, `<h1>${escape(run.title)}</h1>
<p class="lead">${run.day}, ${run.start}</p>
<p class="big"><b>${run.came}</b> came</p>
<table>
<thead><tr><th>Name</th><th>Time</th><th>Status</th></tr></thead>
<tbody>
${run.people.map((row) => `<tr><td>${row.map(escape).join('</td><td>')}</td></tr>\n`).join('')}</tbody>
</table>
<p><a href="../">All runs of the month</a></p>`);
