// SPDX-License-Identifier: ISC
const { escape, frame, monthHead, monthWords, shortDay, number, sum } = require('./frame.cjs');
exports.data = { pagination: { data: 'months', size: 1, alias: 'item' }, permalink: ({ item }) => `history/${item.month}/index.html` };
const row = (run) => `<tr><td class="when"><time datetime="${run.day}T${run.start}">${shortDay(run.day)}, ${run.start}</time></td><th scope="row"><a href="/runs/${run.path}/"><bdi>${escape(run.title)}</bdi></a> <span class="meta"></span></th><td class="n" data-label="came"><b>${run.came}</b></td><td class="n" data-label="late">${run.late}</td><td class="n zero" data-label="excused">0</td><td class="n zero" data-label="absent">0</td></tr>\n`;
exports.render = ({ item }) => frame(`History, ${monthWords(item.month)} · Bench`, `<p class="crumb"><a href="/history/">History</a></p>
${monthHead(item, 'history')}<table class="data stack">
<caption class="unseen">What took place in ${monthWords(item.month)} and how many came</caption>
<thead><tr><th scope="col">Date</th><th scope="col">What</th><th scope="col" class="n">Came</th><th scope="col" class="n">Late</th><th scope="col" class="n">Excused</th><th scope="col" class="n">Absent</th></tr></thead>
<tbody>
${item.runs.map(row).join('')}</tbody>
<tfoot>
<tr><td class="when"><span class="first">${monthWords(item.month)}</span></td><th scope="row">${item.runs.length} times in all</th><td class="n" data-label="came"><b>${number(sum(item.runs, 'came'))}</b></td><td class="n" data-label="late">${sum(item.runs, 'late')}</td><td class="n zero" data-label="excused">0</td><td class="n zero" data-label="absent">0</td></tr>
</tfoot>
</table>
<p class="links"><a href="/years/${item.month.slice(0, 4)}/">All of ${item.month.slice(0, 4)}</a> <a href="/history/${item.month.slice(0, 4)}.csv">${item.month.slice(0, 4)} as CSV</a> <a href="/history/${item.month.slice(0, 4)}.json">JSON</a></p>`, { history: 'true' });
