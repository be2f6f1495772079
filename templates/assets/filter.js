// SPDX-License-Identifier: ISC
// filter.js: finds runs in the whole history, by words, group and year. The data is the site's own history/YEAR.json; what is looked for
// stands in the address, so that it can be kept and sent. Without this script the page leads to each month and group by links.
// Its words come with the page, in data-* of the form.

const MOST = 500, PAUSE_MS = 150;

const form = document.querySelector('.find'), found = document.querySelector('#found'), newest = document.querySelector('#newest');
const status = found.querySelector('[role=status]'), body = found.querySelector('tbody'), row = found.querySelector('template');
const { root, month, zone, ...texts } = form.dataset, years = [...form.when.options].map(({ value }) => value).filter(Number);
const files = new Map();
let timer, latest = 0;

/** A name of whatever direction moves nothing beside it (Unicode's isolates). */
const isolate = (name) => `\u2068${name}\u2069`;

/** Letters without case and accents, so that "zoe" finds "Zoë". */
const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const { lang } = document.documentElement, locale = lang === 'en' ? 'en-GB' : `${lang}-u-nu-latn`;
const dateOf = (date, length, more = {}) => new Date(`${date}T12:00Z`).toLocaleDateString(locale, { timeZone: 'UTC', weekday: length, day: 'numeric', month: length, ...more });
const day = (date) => dateOf(date, 'long', { year: 'numeric' });

/** The runs of `year` that are over, the newest first, each with the text that words are looked for in. */
async function load(year) {
	const reply = await fetch(`${root}history/${year}.json`);
	if (!reply.ok)
		throw new Error(reply.status);
	const { runs } = await reply.json();
	return runs.filter(({ present }) => present !== null).reverse().map((run) =>
		({ ...run, words: fold(` ${run.title} ${run.group} ${run.place ?? ''} ${day(run.date)} ${run.date} ${run.state} ${run.reason ?? ''}`) }));
}

/** The runs of `year`, asked for once. */
function runsOf(year) {
	if (!files.has(year))
		files.set(year, load(year).catch((error) => {
			files.delete(year);
			throw error;
		}));
	return files.get(year);
}

function show(run) {
	const line = row.content.cloneNode(true), [came, late, excused, absent] = line.querySelectorAll('.n');
	const time = line.querySelector('time'), link = line.querySelector('a');
	time.dateTime = `${run.date}T${run.start}`;
	time.textContent = `${lang === 'en' ? day(run.date).replace(/^(...)\S*( \d+ ...)\S*/, '$1$2') : dateOf(run.date, 'short', { year: 'numeric' })}, ${run.start}`;
	if (run.zone !== zone)
		time.after(` ${isolate(run.zone)}`);
	link.href = root + run.path;
	link.textContent = run.title;
	line.querySelector('.meta').textContent = [run.group === run.title ? '' : run.group, run.place].filter(Boolean).map(isolate).join(', ');
	line.querySelector('.note').textContent = run.state !== 'cancelled' ? '' : run.reason ? `${texts.cancelled}: ${isolate(run.reason)}` : texts.cancelled;
	for (const [cell, number] of [[came, run.present + run.late], [late, run.late], [excused, run.excused], [absent, run.absent]]) {
		(cell.firstElementChild ?? cell).textContent = run.state === 'cancelled' ? '' : number;
		cell.classList.toggle('zero', number === 0);
	}
	return line;
}

function say(runs) {
	const came = runs.reduce((sum, { present, late }) => sum + present + late, 0);
	if (runs.length === 0)
		return texts.nothing;
	const found = texts.found.replace('{runs}', runs.length).replace('{came}', came);
	return runs.length > MOST ? texts.newest.replace('{found}', found).replace('{most}', MOST) : found;
}

async function find() {
	const asked = ++latest, entries = [...new FormData(form)].filter(([, value]) => value.trim() !== '');
	const { words = '', group = '', when = '' } = Object.fromEntries(entries);
	history.replaceState(null, '', entries.length > 0 ? `#${new URLSearchParams(entries)}` : location.pathname + location.search);
	found.hidden = entries.length === 0;
	newest.hidden = entries.length > 0;
	if (entries.length === 0)
		return;
	const from = when === '' ? `${month.slice(0, 4) - 1}${month.slice(4)}-32` : '';
	const wanted = fold(words).split(/\s+/).filter(Boolean);
	try {
		const lists = await Promise.all(years.filter((year) => when === 'all' || (when === '' ? year >= from.slice(0, 4) : year === when)).map(runsOf));
		const runs = lists.flat().filter((run) => run.date > from && (group === '' || run.group === group) &&
			wanted.every((word) => run.words.includes(` ${word}`)));
		if (asked !== latest)
			return;
		body.replaceChildren(...runs.slice(0, MOST).map(show));
		status.textContent = say(runs);
	} catch {
		body.replaceChildren();
		status.textContent = texts.failed;
	}
}

function takeAddress() {
	for (const [name, value] of new URLSearchParams(location.hash.slice(1)))
		if (form.elements[name])
			form.elements[name].value = value;
	find();
}

form.addEventListener('input', () => {
	clearTimeout(timer);
	timer = setTimeout(find, PAUSE_MS);
});
form.addEventListener('reset', () => setTimeout(find));
form.addEventListener('submit', (event) => event.preventDefault());
if (years.length > 0) {
	document.querySelector('#ways').hidden = true;
	form.hidden = false;
	takeAddress();
}
