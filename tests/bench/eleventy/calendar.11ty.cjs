// SPDX-License-Identifier: ISC
const { escape, frame, monthHead, monthWords, shortDay, weekday, number, sum } = require('./frame.cjs');
exports.data = { pagination: { data: 'months', size: 1, alias: 'item' }, permalink: ({ item }) => `calendar/${item.month}/index.html` };
const slot = (run) => `<a class="slot past" href="/runs/${run.path}/"><span class="at">${run.start}</span> <b><bdi>${escape(run.title)}</bdi></b> <span class="said"><b>${run.came}</b> came</span></a>\n`;
const cell = ([day, runs], i) => `${i > 0 && weekday(day) === 1 ? '<tr>\n' : ''}<td id="d${day}"><time class="day" datetime="${day}"><span class="wd">${shortDay(day).slice(0, 3)} </span>${Number(day.slice(8))}</time>
${runs.map(slot).join('')}`;
exports.render = ({ item }) => {
	const days = new Map();
	for (const run of [...item.runs].reverse())
		days.set(run.day, [...days.get(run.day) ?? [], run]);
	const before = (weekday(`${item.month}-01`) + 6) % 7, after = (before + days.size) % 7;
	return frame(`${monthWords(item.month)} · Bench`, `${monthHead(item, 'calendar')}<ul class="split">
<li><b>${days.size}</b> days with a run</li>
<li><b>0</b> without</li>
<li><b>${number(sum(item.runs, 'came'))}</b> came</li>
</ul>
<table class="month">
<caption class="unseen">Every date in ${monthWords(item.month)} with its times and counts</caption>
<thead><tr><th scope="col">Mon</th><th scope="col">Tue</th><th scope="col">Wed</th><th scope="col">Thu</th><th scope="col">Fri</th><th scope="col">Sat</th><th scope="col">Sun</th></tr></thead>
<tbody>
<tr>${before > 0 ? `<td class="out" colspan="${before}">` : ''}
${[...days].map(cell).join('')}${after > 0 ? `<td class="out" colspan="${7 - after}">\n` : ''}</tbody>
</table>
<p class="links"><a href="/calendar.ics">Subscribe to the calendar</a> <a href="/years/${item.month.slice(0, 4)}/">All of ${item.month.slice(0, 4)}</a></p>`, { calendar: 'page' });
};
