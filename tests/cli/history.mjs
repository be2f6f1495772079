// SPDX-License-Identifier: ISC
// history.mjs: what the pages of years, months and groups of the demo club say, counted again from the facts: files for programs, the
// picture of a year, streak, newcomers, milestones, rates and regulars.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { caller, check, makeFolder, run } from './lib.mjs';

const now = '2026-11-20T18:31', later = '2026-11-21T12:00', year = '2026';
const sum = (rows, key) => rows.reduce((all, row) => all + Number(row[key]), 0);
const decode = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

/** The demo club with a few awkward facts, published at `now`: its folder, ways to call turnout and to ask the database. */
function makeDemo() {
	const folder = makeFolder(), turnout = caller(folder), db = join(folder, 'club.db');
	const call = (moment, ...words) => {
		const result = turnout([...words, '--db', db, '--now', moment]);
		if (result.code !== 0)
			throw new Error(result.err);
		return result.out;
	};
	const publish = (moment, site = 'site') => call(moment, 'publish', '--site', join(folder, site));
	call(now, 'init', '--demo', '--address', 'https://runs.example.org');
	call(now, 'group', 'add', 'Q "uote" \\ <b>& Søn');
	call(now, 'calendar', 'add', '--group', 'Q "uote" \\ <b>& Søn', '--date', '2026-03-04', '--start', '18:00', '--end', '19:00', '--title', '"a\\b"');
	publish(now);
	return { folder, call, publish,
		read: (path, site = 'site') => readFileSync(join(folder, site, 'public', path), 'utf8'),
		list: (path, site = 'site') => readdirSync(join(folder, site, 'public', path)),
		ask: (sql) => JSON.parse(execFileSync('sqlite3', ['-json', db, sql], { encoding: 'utf8', maxBuffer: 1 << 26 }) || '[]') };
}

/* Over at `now` is what ended before today: the only run of today is open. */
const over = `r.date < '${now.slice(0, 10)}'`;
const counts = 'run AS r JOIN run_count AS c ON c.run_id = r.id';

function checkFiles({ read, list, ask }) {
	const index = JSON.parse(read('api/history/index.json')).months;
	const files = list('api/history').filter((name) => name !== 'index.json').sort().reverse();
	check('api/history/index.json lists each month that has a file, the newest first',
		index.length > 10 && String(index.map(({ path }) => path)) === String(files.map((name) => `api/history/${name}`)), index.length);
	const months = index.map(({ path }) => JSON.parse(read(path)));
	const wrong = months.filter(({ totals, runs }) => runs.length !== totals.runs || sum(runs, 'cancelled') !== totals.cancelled ||
		['count', 'late', 'excused', 'absent'].some((key) => sum(runs, key) !== totals[key]));
	check('the totals of each month are the sums of its runs', wrong.length === 0, wrong.map(({ month }) => month));
	const [known] = ask(`SELECT count(*) AS runs, sum(present + late) AS count, sum(absent) AS absent FROM ${counts} WHERE ${over}`);
	const totals = months.map((month) => month.totals);
	check('all months together are all runs that are over', sum(totals, 'runs') === known.runs && sum(totals, 'count') === known.count && sum(totals, 'absent') === known.absent, known);
	const [{ people }] = ask('SELECT count(*) AS people FROM person_count AS p JOIN run AS r ON r.id = p.first_run_id WHERE ' + over);
	check('everybody came for the first time once', sum(totals, 'first_time') === people && people > 30, people);
	const awkward = months.flatMap(({ runs }) => runs).find(({ date }) => date === '2026-03-04');
	check('names with quotes, backslashes and markup arrive as they were typed', awkward?.group === 'Q "uote" \\ <b>& Søn' && awkward.title === '"a\\b"', awkward);
	check('the path of a run leads to its page', months.every(({ runs }) => runs.every(({ path }) => read(`${path}index.html`).includes('<h1>'))));

	const csv = read(`history/${year}.csv`).trim().split('\n').slice(1), json = JSON.parse(read(`history/${year}.json`)).runs;
	check('the files of a year have its planned runs too, without numbers', json.length === csv.length && json.some(({ state, present }) => state === 'scheduled' && present === null)
		&& csv.some((line) => /,scheduled,,,,,\w+$/.test(line.trim())), csv.slice(-1));
	check('and what was cancelled with its reason', json.some(({ state, reason, present }) => state === 'cancelled' && reason !== null && present === 0));
}

function checkSettled({ publish, read, list, ask }) {
	const [open] = ask(`SELECT r.session, r.date, c.present + c.late AS came FROM ${counts} WHERE r.date = '${now.slice(0, 10)}'`);
	const find = () => JSON.parse(read('api/history/2026-11.json')).runs.find(({ session_id }) => session_id === open.session);
	check('a run that is open is not in the history', open.came > 0 && find() === undefined && !read('history/2026-11/index.html').includes(open.date));
	publish(later);
	check('when it is over it is, with all who came', find()?.count === open.came, find());
	publish(later, 'again');
	const differ = ['api/history/2026-11.json', `years/${year}/index.html`, 'history/index.html', 'groups/club-events/index.html', `groups/club-events/${year}/index.html`]
		.filter((path) => read(path) !== read(path, 'again'));
	check('as a full build has it', differ.length === 0 && list('api/history').length === list('api/history', 'again').length, differ);
}

/** The cells of the year's picture: date words of a link, its class, address and what it says. */
function readCells(page) {
	const tables = page.match(/<div class="heat">[\s\S]*?<ul class="legend">/)[0];
	return { days: [...tables.replace(/<thead>.*<\/thead>/g, '').matchAll(/<td>/g)].length, tables: [...tables.matchAll(/<table>/g)].length,
		links: [...tables.matchAll(/<a class="(\w+)" href="([^"]*)" title="([^:]*): [^"]*" aria-label="([^"]*)">(\w+)<\/a>/g)]
			.map(([, level, href, words, label, text]) => ({ level, href, words, label, text })) };
}

function checkPicture({ read, ask, list }) {
	const page = read(`years/${year}/index.html`), { days, tables, links } = readCells(page);
	const dates = ask(`SELECT r.date, count(*) AS runs, sum(c.present + c.late) AS came, sum(r.cancelled_at IS NOT NULL) AS off, ${over} AS is_over
		FROM ${counts} WHERE r.date LIKE '${year}%' GROUP BY r.date ORDER BY r.date`);
	check('the picture of a year is a table a quarter with a cell for each of 365 days', tables === 4 && days === 365, [tables, days]);
	check('each day with a run is a link', links.length === dates.length && links.length > 150, [links.length, dates.length]);
	const known = new Map(dates.map((row) => [`${new Date(`${row.date}T12:00Z`).toLocaleDateString('en-GB', { timeZone: 'UTC', weekday: 'short' })} ` +
		`${Number(row.date.slice(8))} ${new Date(`${row.date}T12:00Z`).toLocaleDateString('en-US', { timeZone: 'UTC', month: 'short' })}`, row]));
	const wrong = links.filter(({ words, text, level, href, label }) => {
		const row = known.get(words), target = row.runs > 1 ? `../../calendar/${row.date.slice(0, 7)}/#d${row.date}` : `../../runs/${row.date}/`;
		const expected = !row.is_over && row.off < row.runs ? ['planned', 'due'] : row.off === row.runs && row.came === 0 ? ['cancelled', 'off'] : [String(row.came), level];
		return !href.startsWith(target) || text !== expected[0] || level !== expected[1] || !label.includes(text) || (/^l/.test(level) && !label.endsWith(`level ${level[1]} of 4`));
	});
	check('to the run, or to the day of the calendar where it has several, with its count and level in words', wrong.length === 0, wrong.slice(0, 3));
	const counted = links.filter(({ level }) => /^l[1-4]$/.test(level)), most = (level) => Math.max(...counted.filter((cell) => cell.level === level).map(({ text }) => Number(text)));
	const least = (level) => Math.min(...counted.filter((cell) => cell.level === level).map(({ text }) => Number(text)));
	check('more people are never a lower level', most('l1') < least('l2') && most('l2') < least('l3') && most('l3') < least('l4'));
	const legend = [...page.match(/<ul class="legend">[\s\S]*?<\/ul>/)[0].matchAll(/<i class="l([1-4])"><\/i> (\d+)/g)].map(([, level, first]) => [level, Number(first)]);
	check('the legend says where each level begins', legend.length === 4 && legend.every(([level, first]) => first === least(`l${level}`)), legend);
	check('a year that is all to come has its picture too', list('years').filter((name) => Number(name) > Number(year)).every((name) =>
		readCells(read(`years/${name}/index.html`)).links.every(({ level }) => ['due', 'off'].includes(level))));
}

function checkYear({ read, list, ask }) {
	const page = read(`years/${year}/index.html`), week = (date) => Math.floor((Date.parse(`${date}T00:00Z`) / 86400000 + 3) / 7);
	const dates = ask(`SELECT DISTINCT r.date FROM ${counts} WHERE r.date LIKE '${year}%' AND ${over} AND c.present + c.late > 0 ORDER BY r.date`).map(({ date }) => date);
	let best = [];
	for (let from = 0, i = 1; i <= dates.length; i++)
		if (i === dates.length || week(dates[i]) - week(dates[i - 1]) > 1) {
			if (best.length === 0 || week(dates[i - 1]) - week(dates[from]) > week(best[1]) - week(best[0]))
				best = [dates[from], dates[i - 1]];
			from = i;
		}
	const words = (date) => new Date(`${date}T12:00Z`).toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long' });
	check('the longest streak is of the weeks somebody came', page.includes(`Longest streak: ${week(best[1]) - week(best[0]) + 1} weeks in a row with somebody there, ` +
		`from ${words(best[0])} to ${words(best[1])}.`), best);
	const monthName = (date) => new Date(`${date}T12:00Z`).toLocaleDateString('en-GB', { timeZone: 'UTC', month: 'long' });
	const spans = list('years').map((name) => [...read(`years/${name}/index.html`).match(/<h2>By month<\/h2>[\s\S]*?<\/table>/)[0]
		.matchAll(/<span class="first">(?:<a [^>]*>)?([A-Z]\w+)/g)].map(([, month]) => month)).map((months) => [months[0], months.at(-1)].join());
	check('the table of a year goes from its first month with a run to its last', String(spans) === String(ask(`SELECT min(date) AS first, max(date) AS last FROM run
		GROUP BY substr(date, 1, 4) ORDER BY 1`).map(({ first, last }) => [monthName(first), monthName(last)].join())), spans);
	const newcomers = [...page.matchAll(/data-label="new">(\d+)</g)].map(([, number]) => Number(number));
	const [{ people }] = ask(`SELECT count(*) AS people FROM person_count AS p JOIN run AS r ON r.id = p.first_run_id WHERE r.date LIKE '${year}%' AND ${over}`);
	check('newcomers by month add up', newcomers.reduce((a, b) => a + b) === people && page.includes(`<b>${people}</b> came for the first time`), [newcomers, people]);
	const milestones = ask(`SELECT m.number, count(*) AS people FROM milestone AS m JOIN run AS r ON r.id = m.run_id JOIN person AS p ON p.id = m.person_id
		WHERE r.date LIKE '${year}%' AND ${over} AND p.visibility IS NOT 'hidden' GROUP BY m.number ORDER BY m.number DESC`);
	check('milestones are those of people who may be seen', milestones.length > 2 &&
		String([...page.matchAll(/Came (\d+) times: (\d+)</g)].map(([, number, count]) => [number, count])) === String(milestones.map(({ number, people: count }) => [number, count])), milestones);
	check('and the page says that others are not counted there', page.includes('Only people who may be shown are counted here.'));
}

function checkGroup({ call, publish, read, list, ask }) {
	const page = read('groups/tuesday-social/index.html');
	const last = `SELECT r.id FROM ${counts} JOIN "group" AS g ON g.id = r.group_id WHERE g.slug = 'tuesday-social' AND ${over} AND c.present + c.late > 0
		ORDER BY r.date DESC LIMIT 12`;
	const regulars = ask(`SELECT p.name, p.initials, p.nickname, p.visibility FROM attendance AS a JOIN person AS p ON p.id = a.person_id
		WHERE a.run_id IN (${last}) AND a.status IN ('present', 'late') GROUP BY p.id HAVING count(*) >= 6`);
	const seen = regulars.filter(({ visibility }) => visibility !== 'hidden')
		.map((each) => ({ initials: each.initials, nickname: each.nickname ?? each.initials })[each.visibility] ?? each.name);
	const listed = (text) => [...(text.match(/<h2>Regulars<\/h2>[\s\S]*?<\/section>/)?.[0] ?? '').matchAll(/<li>(?:<a [^>]*>)?<bdi>([^<]*)/g)].map(([, name]) => decode(name));
	check('regulars came to at least half of the last twelve', page.includes(`${regulars.length} came to at least 6 of the last 12`) && seen.length > 5 &&
		String(listed(page).sort()) === String(seen.sort()), [listed(page), seen]);
	check('in the order of the alphabet, not of rank', String(listed(page)) === String(listed(page).sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))), listed(page));
	const [month] = ask(`SELECT count(*) AS times, sum(c.present + c.late) AS came, sum(c.present + c.late + c.excused + c.absent) AS expected
		FROM ${counts} JOIN "group" AS g ON g.id = r.group_id WHERE g.slug = 'beginners' AND r.date LIKE '2026-10%' AND c.present + c.late > 0`);
	const row = read('groups/beginners/index.html').match(/history\/2026-10\/">[^<]*<\/a><\/th>(.*)<\/tr>/)[1].replace(/<\/?bdi>/g, '').replace(/<[^>]*>/g, ' ').trim().split(/ {2,}/);
	check('the rate of a fixed list is the share that came', String(row) === String([month.times, month.came, (month.came / month.times).toFixed(1),
		`${Math.round(100 * month.came / month.expected)}%`]), [row, month]);
	const years = list('groups/tuesday-social').filter((name) => /^\d+$/.test(name));
	const rows = years.flatMap((name) => [...read(`groups/tuesday-social/${name}/index.html`).matchAll(/<tr><td class="when"><time/g)]).length;
	const [{ runs }] = ask(`SELECT count(*) AS runs FROM run AS r JOIN "group" AS g ON g.id = r.group_id WHERE g.slug = 'tuesday-social' AND ${over}`);
	check('the pages of its years have all of a group\'s history', years.length === 2 && rows === runs, [years, rows, runs]);
	call(now, 'set', 'visibility', 'hidden');
	publish(now);
	const chosen = regulars.filter(({ visibility }) => visibility !== null && visibility !== 'hidden').length;
	const hidden = read('groups/tuesday-social/index.html');
	check('where names are not shown the number of regulars stays', hidden.includes(`${regulars.length} came to at least 6 of the last 12`) &&
		listed(hidden).length === chosen, listed(hidden));
}

/* A club without a run has a history all the same. */
function checkEmpty() {
	const folder = makeFolder(), turnout = caller(folder), site = join(folder, 'site', 'public');
	turnout(['init', '--name', 'Empty', '--zone', 'UTC']);
	const result = turnout(['publish', '--site', join(folder, 'site')]);
	check('an empty club has an empty history for people and for programs', result.code === 0 && !existsSync(join(site, 'years')) &&
		JSON.parse(readFileSync(join(site, 'api/history/index.json'), 'utf8')).months.length === 0 &&
		readFileSync(join(site, 'history/index.html'), 'utf8').includes('Nothing has taken place yet'), result.err);
}

await run(async () => {
	const demo = makeDemo();
	checkFiles(demo);
	checkPicture(demo);
	checkYear(demo);
	checkGroup(demo);
	checkSettled(demo);
	checkEmpty();
});
